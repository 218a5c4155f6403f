/** Published results. Written once and never changed. Personal data: scores and comments of named panelists on named students. */
import { schoolCollection, type SchoolScope } from '../database.js';
import type { Result } from './result.js';

const always = { required: true, immutable: true } as const;

const results = schoolCollection<Result>(
  'results',
  {
    studentId: { type: String, ...always },
    exhibitionId: { type: String, ...always },
    termId: { type: String, ...always },
    rubric: { type: Object, ...always },
    tally: { type: Object, ...always },
    sheets: { type: [Object], ...always } as never,
    revisions: { type: [Object], default: undefined, immutable: true } as never,
    decisions: { type: [Object], default: undefined, immutable: true } as never,
    attainment: { type: Object, default: undefined, immutable: true },
    visits: { type: [Object], default: undefined, immutable: true } as never,
    slot: { type: Object, ...always },
    voices: { type: String, ...always },
    publishedAt: { type: Date, ...always },
    publishedBy: { type: String, ...always },
    hash: { type: String, ...always },
  },
  {
    indexes: [
      { keys: { schoolId: 1, studentId: 1, publishedAt: -1 } },
      { keys: { schoolId: 1, exhibitionId: 1 } },
      { keys: { schoolId: 1, termId: 1, studentId: 1 } },
      {
        keys: { schoolId: 1, 'attainment.outcome': 1, termId: 1, publishedAt: 1 },
        partialFilterExpression: { 'attainment.outcome': 'not-yet' },
      },
    ],
  },
);
export const resultsDeclaration = results.declaration;

export const findResult = (scope: SchoolScope, slotId: string) => results.in(scope).findOne({ id: slotId });
/** Oldest first, over all terms: a student's growth. */
export const listResultsOfStudent = (scope: SchoolScope, studentId: string) =>
  results.in(scope).find({ studentId }, { sort: { 'slot.startsAt': 1, id: 1 } });
export const listResultsOfStudents = (scope: SchoolScope, studentIds: readonly string[]) =>
  results.in(scope).find({ studentId: { $in: studentIds } }, { sort: { 'slot.startsAt': 1, id: 1 } });

/** In the order of their ids, those after `after`: for whoever walks over all of them. */
export const listResultsAfter = (scope: SchoolScope, after: string, limit: number) =>
  results.in(scope).find({ id: { $gt: after } }, { sort: { id: 1 }, limit });

/** Results of these terms that say "not yet", the longest waiting first; of some students when given. */
export const listNotYet = (
  scope: SchoolScope,
  termIds: readonly string[],
  studentIds: readonly string[] | null,
) =>
  results.in(scope).find(
    {
      'attainment.outcome': 'not-yet',
      termId: { $in: termIds },
      ...(studentIds ? { studentId: { $in: studentIds } } : {}),
    },
    { sort: { publishedAt: 1 }, limit: 300 },
  );

/** Which of these slots are published. */
export async function listPublishedSlotIds(
  scope: SchoolScope,
  slotIds: readonly string[],
): Promise<Set<string>> {
  const found = await results.in(scope).find({ id: { $in: slotIds } }, { fields: ['id'] });
  return new Set(found.map((result) => result.id));
}

export const saveResult = (scope: SchoolScope, result: Result) => results.in(scope).insert(result);
/** Many at once, for loaders. */
export const saveResults = (scope: SchoolScope, list: Result[]) => results.in(scope).insertMany(list);
