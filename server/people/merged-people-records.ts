/**
 * People who were merged into another, and pairs that somebody looked at and found to be two. Personal data:
 * ids, reasons, and the names that those merged had.
 */
import { schoolCollection, type Database, type Filter, type SchoolScope } from '../db/database.js';
import { tracesIn } from '../person-traces.js';
import { currentIdOf, type MergedPerson } from './merged-person.js';

const fixed = { required: true, immutable: true } as const;
const merged = schoolCollection<MergedPerson>(
  'mergedpeople',
  {
    into: { type: String, ...fixed },
    at: { type: Date, ...fixed },
    by: { type: String, ...fixed },
    byName: { type: String, ...fixed },
    reason: { type: String, ...fixed },
    fields: { type: [String], ...fixed },
    moved: { type: Object, ...fixed },
    joined: { type: [Object], ...fixed },
    sourcedId: { type: String, default: null, immutable: true },
    names: { type: [String], default: undefined },
    unmoved: { type: Boolean, default: undefined },
  },
  {
    indexes: [
      // In this order check-records walks over all of them.
      { keys: { schoolId: 1, _id: 1 } },
      { keys: { schoolId: 1, into: 1, at: 1 } },
      { keys: { schoolId: 1, sourcedId: 1 } },
      { keys: { at: 1 } },
      // The few after which something could not be moved.
      { keys: { unmoved: 1 }, partialFilterExpression: { unmoved: true } },
    ],
  },
);
export const mergedPeopleDeclaration = merged.declaration;

/** Two people who look alike and are two: nobody is asked again. */
interface DistinctPair {
  /** `pairIdOf` the two. */
  id: string;
  schoolId: string;
  personIds: string[];
  at: Date;
  by: string;
}
const distinct = schoolCollection<DistinctPair>(
  'distinctpeople',
  {
    personIds: { type: [String], ...fixed },
    at: { type: Date, ...fixed },
    by: { type: String, ...fixed },
  },
  { indexes: [{ keys: { schoolId: 1, personIds: 1 } }] },
);
export const distinctPeopleDeclaration = distinct.declaration;

/** The same for both orders. */
export const pairIdOf = (a: string, b: string): string => [a, b].sort().join(' ');

/** Who was merged into this person, the first one first. */
export const listMergedInto = (scope: SchoolScope, id: string) =>
  merged.in(scope).find({ into: id }, { sort: { at: 1 } });
export const listMergedByNumbers = (scope: SchoolScope, sourcedIds: readonly string[]) =>
  merged
    .in(scope)
    .find({ sourcedId: { $in: sourcedIds } }, { fields: ['id', 'into', 'sourcedId'] }) as Promise<
    Pick<MergedPerson, 'id' | 'into' | 'sourcedId'>[]
  >;
/** In the order of their ids, those after `after`: for whoever walks over all of them. */
export const listMergedAfter = (scope: SchoolScope, after: string, limit: number) =>
  merged.in(scope).find({ id: { $gt: after } }, { sort: { id: 1 }, limit });
/**
 * Since this moment, and those after which something could not be moved: for whoever looks for records that came late.
 */
const looksLate = (at: Date): Filter<MergedPerson> => ({ $or: [{ at: { $gte: at } }, { unmoved: true }] });
export const listMergedSince = (scope: SchoolScope, at: Date) =>
  merged.in(scope).find(looksLate(at), { fields: ['id', 'into', 'by', 'unmoved'] }) as Promise<
    Pick<MergedPerson, 'id' | 'into' | 'by' | 'unmoved'>[]
  >;
/** The schools in which there are such. */
export const listSchoolsMergedSince = async (db: Database, at: Date): Promise<string[]> =>
  (
    await merged
      .acrossSchools(db)
      .aggregate<{ _id: string }>([
        { $match: looksLate(at) as Record<string, unknown> },
        { $group: { _id: '$schoolId' } },
      ])
  ).map(({ _id }) => _id);
/** Which of these are there. */
export const listMergedIds = async (scope: SchoolScope, ids: readonly string[]): Promise<string[]> =>
  (await merged.in(scope).find({ id: { $in: ids } }, { fields: ['id'] })).map(({ id }) => id);

/** Of these ids those of people who were merged, and whom they mean now. Asks once where none was. */
export async function findCurrentIds(
  scope: SchoolScope,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const known = new Map<string, MergedPerson>();
  for (let wanted = [...new Set(ids)]; wanted.length > 0;) {
    const found = await merged.in(scope).find({ id: { $in: wanted } });
    for (const each of found) known.set(each.id, each);
    wanted = found.map(({ into }) => into).filter((id) => !known.has(id));
  }
  return new Map(ids.flatMap((id) => (known.has(id) ? [[id, currentIdOf(id, known)] as const] : [])));
}

export const saveMergedPerson = (scope: SchoolScope, person: MergedPerson) => merged.in(scope).insert(person);

/** Merges that this person made, and those into them that still have a number or names. */
export const saveMergeUnnamed = tracesIn(merged, ({ ids, mark }) => ({
  $or: [
    { by: { $in: ids }, byName: { $ne: mark } },
    { into: { $in: ids }, sourcedId: { $ne: null } },
    { into: { $in: ids }, 'names.0': { $exists: true } },
  ],
}));

/** Every pair of the school that is known to be two: few. */
export const listDistinctPairs = async (scope: SchoolScope): Promise<Set<string>> =>
  new Set((await distinct.in(scope).find({}, { fields: ['id'] })).map(({ id }) => id));
export const saveDistinctPair = (
  scope: SchoolScope,
  [a, b]: readonly [string, string],
  made: Pick<DistinctPair, 'at' | 'by'>,
) =>
  distinct
    .in(scope)
    .updateOne(
      { id: pairIdOf(a, b) },
      { $setOnInsert: { personIds: [a, b].sort(), ...made } },
      { upsert: true },
    );
/** One of them is gone. */
export const removeDistinctPairsOf = (scope: SchoolScope, id: string) =>
  distinct.in(scope).remove({ personIds: id });
