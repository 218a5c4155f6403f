/**
 * Revisions of sealed scores. Written once and never changed. Personal data: what named panelists think of
 * named students, and why.
 */
import { schoolCollection, type SchoolScope } from '../db/database.js';
import type { Revision } from './revision.js';
import { aboutThem, madeLinkOf, tracesIn } from '../person-traces.js';

const text = { type: String, required: true, immutable: true } as const;
const answer = { type: Object, required: true, immutable: true } as const;

const revisions = schoolCollection<Revision>(
  'scorerevisions',
  {
    slotId: text,
    seatId: text,
    studentId: text,
    panelistId: text,
    criterionId: text,
    operationId: text,
    turn: { type: Number, required: true, immutable: true },
    before: answer,
    after: answer,
    reason: text,
    at: { type: Date, required: true, immutable: true },
    sealedAs: { type: Object, default: undefined },
    passwordLink: { type: Object, default: undefined, immutable: true },
  },
  { indexes: [{ keys: { schoolId: 1, slotId: 1, turn: 1 }, unique: true }] },
);
export const scoreRevisionsDeclaration = revisions.declaration;

export const findRevision = (scope: SchoolScope, id: string) => revisions.in(scope).findOne({ id });
/** In the order in which they were made. */
export const listRevisions = (scope: SchoolScope, slotId: string) =>
  revisions.in(scope).find({ slotId }, { sort: { turn: 1 } });
/** Which levels of these presentations were revised. */
export const listRevisionsOfSlots = (scope: SchoolScope, slotIds: readonly string[]) =>
  revisions
    .in(scope)
    .find({ slotId: { $in: slotIds } }, { fields: ['slotId', 'seatId', 'criterionId', 'turn', 'after'] });
export const appendRevision = (scope: SchoolScope, revision: Revision) =>
  revisions.in(scope).insert(revision);

/** In the order of their ids, those after `after`: for whoever walks over all of them. */
export const listRevisionsAfter = (scope: SchoolScope, after: string, limit: number) =>
  revisions.in(scope).find({ id: { $gt: after } }, { sort: { id: 1 }, limit });
/** Which of these are there. */
export const listRevisionIds = async (scope: SchoolScope, ids: readonly string[]): Promise<string[]> =>
  (await revisions.in(scope).find({ id: { $in: ids } }, { fields: ['id'] })).map(({ id }) => id);

export const removeRevisionsAbout = tracesIn(revisions, (person) =>
  person.keepIssued ? null : aboutThem(person),
);
export const saveRevisionMakerUnnamed = tracesIn(revisions, madeLinkOf);
