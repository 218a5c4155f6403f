/**
 * Which attempt counts, where somebody chose. Written once and never changed. Personal data: why an attempt
 * of a named student counts.
 */
import { schoolCollection, type SchoolScope } from '../db/database.js';
import type { AttemptChoice } from './attempts.js';
import { tracesIn } from '../person-traces.js';

const always = { required: true, immutable: true } as const;

const choices = schoolCollection<AttemptChoice>(
  'attemptchoices',
  {
    studentId: { type: String, ...always },
    exhibitionId: { type: String, ...always },
    slotId: { type: String, default: null, immutable: true },
    reason: { type: String, ...always },
    turn: { type: Number, ...always },
    at: { type: Date, ...always },
    chosenBy: { type: String, ...always },
    sealedAs: { type: Object, default: undefined },
    chosenByName: { type: String, ...always },
  },
  { indexes: [{ keys: { schoolId: 1, studentId: 1, exhibitionId: 1, turn: 1 }, unique: true }] },
);
export const attemptChoicesDeclaration = choices.declaration;

/** In the order in which they were made. */
export const listAttemptChoices = (scope: SchoolScope, studentIds: readonly string[]) =>
  choices.in(scope).find({ studentId: { $in: studentIds } }, { sort: { turn: 1 } });
export const appendAttemptChoice = (scope: SchoolScope, choice: AttemptChoice) =>
  choices.in(scope).insert(choice);

/** In the order of their ids, those after `after`: for whoever walks over all of them. */
export const listAttemptChoicesAfter = (scope: SchoolScope, after: string, limit: number) =>
  choices.in(scope).find({ id: { $gt: after } }, { sort: { id: 1 }, limit });
/** Which of these are there. */
export const listAttemptChoiceIds = async (scope: SchoolScope, ids: readonly string[]): Promise<string[]> =>
  (await choices.in(scope).find({ id: { $in: ids } }, { fields: ['id'] })).map(({ id }) => id);

export const removeAttemptChoicesOf = tracesIn(choices, ({ id, keepIssued }) =>
  keepIssued ? null : { studentId: id },
);
export const saveChooserUnnamed = tracesIn(choices, ({ ids, mark }) => ({
  chosenBy: { $in: ids },
  chosenByName: { $ne: mark },
}));
