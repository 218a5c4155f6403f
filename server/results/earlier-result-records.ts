/**
 * What a published result said before it was corrected. Written once and never changed. Personal data: as in results.
 */
import { schoolCollection, type SchoolScope } from '../db/database.js';
import { tracesIn } from '../person-traces.js';
import { namesIn, resultFields } from './result-records.js';
import { versionOf, type Result } from './result.js';

/** The version as it was, under an id of its own: `<id of the slot> <number>`. */
export type EarlierResult = Result & { slotId: string };

const earlier = schoolCollection<EarlierResult>(
  'earlierresults',
  { slotId: { type: String, required: true, immutable: true }, ...resultFields },
  {
    indexes: [
      // In this order check-records walks over all of them.
      { keys: { schoolId: 1, _id: 1 } },
      {
        keys: { schoolId: 1, _id: 1, unnamedHash: 1 },
        partialFilterExpression: { unnamedHash: { $exists: true } },
      },
      { keys: { schoolId: 1, slotId: 1 } },
      { keys: { schoolId: 1, studentId: 1 } },
    ],
  },
);
export const earlierResultsDeclaration = earlier.declaration;

const numberedId = (slotId: string, version: number): string => `${slotId} ${version}`;

/** The result as it was frozen, under the slot's id. */
export const asResult = ({ slotId, ...version }: EarlierResult): Result => ({ ...version, id: slotId });

export const saveEarlierResult = (scope: SchoolScope, result: Result) =>
  earlier.in(scope).insert({ ...result, slotId: result.id, id: numberedId(result.id, versionOf(result)) });

export async function findEarlierResult(
  scope: SchoolScope,
  slotId: string,
  version: number,
): Promise<Result | null> {
  const found = await earlier.in(scope).findOne({ id: numberedId(slotId, version) });
  return found && asResult(found);
}

/** The earlier versions of one result, the first one first, without what they say. */
export const listEarlierVersions = async (
  scope: SchoolScope,
  slotId: string,
): Promise<Pick<Result, 'publishedAt' | 'correction' | 'hash'>[]> =>
  (await earlier.in(scope).find({ slotId }, { fields: ['publishedAt', 'correction', 'hash'] })).sort(
    (a, b) => versionOf(a) - versionOf(b),
  );

/** In the order of their ids, those after `after`: for whoever walks over all of them. */
export const listEarlierResultsAfter = (scope: SchoolScope, after: string, limit: number) =>
  earlier.in(scope).find({ id: { $gt: after } }, { sort: { id: 1 }, limit });
/** Those from which the name of an erased person was taken out. */
export const listUnnamedEarlierAfter = (scope: SchoolScope, after: string, limit: number) =>
  earlier.in(scope).find({ id: { $gt: after }, unnamedHash: { $exists: true } }, { sort: { id: 1 }, limit });
/** Which versions of these slots are kept here. */
export const listEarlierOfSlots = (
  scope: SchoolScope,
  slotIds: readonly string[],
): Promise<Pick<EarlierResult, 'slotId' | 'correction' | 'unnamedHash'>[]> =>
  earlier.in(scope).find({ slotId: { $in: slotIds } }, { fields: ['slotId', 'correction', 'unnamedHash'] });

export const removeEarlierResultsOf = tracesIn(earlier, ({ id, keepIssued }) =>
  keepIssued ? null : { studentId: id },
);
export const saveEarlierUnnamed = tracesIn<EarlierResult>(earlier, (person) => namesIn(person));
