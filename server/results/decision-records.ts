/**
 * Decisions of panels. Written once and never changed. Personal data: who decided what about a named student, and why.
 */
import { schoolCollection, type SchoolScope } from '../db/database.js';
import type { Decision } from './decision.js';
import { aboutThem, madeLinkOf, tracesIn } from '../person-traces.js';

const text = { type: String, required: true, immutable: true } as const;

const decisions = schoolCollection<Decision>(
  'paneldecisions',
  {
    slotId: text,
    studentId: text,
    criterionId: text,
    kind: text,
    levelId: text,
    reason: text,
    turn: { type: Number, required: true, immutable: true },
    at: { type: Date, required: true, immutable: true },
    decidedBy: text,
    decidedByName: text,
    decidedAs: text,
    sealedAs: { type: Object, default: undefined },
    passwordLink: { type: Object, default: undefined, immutable: true },
  },
  { indexes: [{ keys: { schoolId: 1, slotId: 1, turn: 1 }, unique: true }] },
);
export const panelDecisionsDeclaration = decisions.declaration;

/** In the order in which they were made. */
export const listDecisions = (scope: SchoolScope, slotId: string) =>
  decisions.in(scope).find({ slotId }, { sort: { turn: 1 } });
/** On which rows of these presentations somebody has decided. */
export const listDecisionsOfSlots = (scope: SchoolScope, slotIds: readonly string[]) =>
  decisions.in(scope).find({ slotId: { $in: slotIds } }, { fields: ['slotId', 'criterionId', 'turn'] });
export const appendDecision = (scope: SchoolScope, decision: Decision) =>
  decisions.in(scope).insert(decision);

/** In the order of their ids, those after `after`: for whoever walks over all of them. */
export const listDecisionsAfter = (scope: SchoolScope, after: string, limit: number) =>
  decisions.in(scope).find({ id: { $gt: after } }, { sort: { id: 1 }, limit });
/** Which of these are there. */
export const listDecisionIds = async (scope: SchoolScope, ids: readonly string[]): Promise<string[]> =>
  (await decisions.in(scope).find({ id: { $in: ids } }, { fields: ['id'] })).map(({ id }) => id);

export const removeDecisionsAbout = tracesIn(decisions, (person) =>
  person.keepIssued ? null : aboutThem(person),
);
export const saveDeciderUnnamed = tracesIn(decisions, ({ ids, mark }) => ({
  decidedBy: { $in: ids },
  decidedByName: { $ne: mark },
}));
export const saveDecisionMakerUnnamed = tracesIn(decisions, madeLinkOf);
