/**
 * Records of which a person has one per term, or one at all: what both have becomes one, and nothing that was
 * written is lost. Inside the transaction of the merge, before the rest moves. Personal data: what students
 * and advisors wrote.
 */
import type { SchoolScope } from '../db/database.js';
import type { EarlierPart } from '../handover/earlier-record.js';
import type { Enrollment } from '../people/enrollment.js';
import type { Joined } from '../people/merged-person.js';
import type { LearningPlan } from '../plan/learning-plan.js';
import { joinedNarrative, joinedPlan, keptEnrollment, type StoredNarrative } from './join.js';
import { sumBytes } from './side-records.js';
import { collectionOf, inSession } from './stored.js';

/** Of both people, by what must be one: `[of into, of from]`. */
async function pairsOf<T>(
  scope: SchoolScope,
  collection: string,
  [into, from]: readonly [string, string],
  keyOf: (one: T) => string,
): Promise<[T, T][]> {
  const found = (await collectionOf(scope, collection)
    .find({ schoolId: scope.schoolId, studentId: { $in: [into, from] } } as never, inSession(scope))
    .toArray()) as unknown as (T & { studentId: string })[];
  const own = new Map(found.filter((one) => one.studentId === into).map((one) => [keyOf(one), one]));
  return found
    .filter((one) => one.studentId === from)
    .flatMap((one): [T, T][] => {
      const mine = own.get(keyOf(one));
      return mine ? [[mine, one]] : [];
    });
}

type Ids = readonly [into: string, from: string];
type StoredPlan = LearningPlan & { _id: string };
type StoredEnrollment = Enrollment & { _id: string };

export const findPlanPairs = (scope: SchoolScope, ids: Ids) =>
  pairsOf<StoredPlan>(scope, 'learningplans', ids, ({ termId }) => termId);
export const findNarrativePairs = (scope: SchoolScope, ids: Ids) =>
  pairsOf<StoredNarrative>(scope, 'narratives', ids, ({ termId, voice }) => `${termId} ${voice}`);
const findEnrollmentPairs = (scope: SchoolScope, ids: Ids) =>
  pairsOf<StoredEnrollment>(scope, 'enrollments', ids, ({ termId }) => termId);

/**
 * Of each, what both have and of which there can be one becomes one.
 * @param isLate it was written after the merge
 * @returns `apart`: ids of narratives that stay with the old id, see `saveNarrativesJoined`
 */
export async function saveJoined(
  scope: SchoolScope,
  ids: Ids,
  { currentTermId, isLate }: { currentTermId: string | null; isLate: boolean },
): Promise<{ joined: Joined[]; apart: string[]; removedParts: string[] }> {
  await savePlansJoined(scope, ids);
  await saveEnrollmentsJoined(scope, ids, currentTermId);
  const { joined, apart } = await saveNarrativesJoined(scope, ids, isLate);
  const removedParts = await saveEarlierPartsJoined(scope, ids);
  await saveFeedsJoined(scope, ids);
  // Late works were counted already: for this id where there is a count of it, else for the person who stays.
  await saveStorageJoined(scope, ids, isLate ? 0 : await sumBytes(scope, ids[1]));
  return { joined, apart, removedParts };
}

async function savePlansJoined(scope: SchoolScope, ids: Ids): Promise<void> {
  const plans = collectionOf(scope, 'learningplans');
  for (const [into, from] of await findPlanPairs(scope, ids)) {
    await plans.deleteOne({ _id: from._id }, inSession(scope));
    await plans.updateOne(
      { _id: into._id },
      { $set: joinedPlan(into, from), $inc: { revision: 1 } } as never,
      inSession(scope),
    );
  }
}

/** @param currentTermId what this term says is said by the person who stays */
async function saveEnrollmentsJoined(
  scope: SchoolScope,
  ids: Ids,
  currentTermId: string | null,
): Promise<void> {
  for (const [into, from] of await findEnrollmentPairs(scope, ids)) {
    const kept = keptEnrollment(into, from, currentTermId);
    const gone = kept === into ? from : into;
    await collectionOf(scope, 'enrollments').deleteOne({ _id: gone._id }, inSession(scope));
  }
}

/**
 * Of two narratives the one that was signed last counts; the versions of the other are part of it.
 * @returns `apart`: those of the old id that were signed after the merge, where the person who stays has a
 *   signed one as well. The record of the merge never changes, and only it can say to which narrative a
 *   signed version belonged before.
 */
async function saveNarrativesJoined(
  scope: SchoolScope,
  ids: Ids,
  isLate: boolean,
): Promise<{ joined: Joined[]; apart: string[] }> {
  const narratives = collectionOf(scope, 'narratives');
  const versions = collectionOf(scope, 'narrativeversions');
  const { schoolId } = scope;
  const lastSigned = async ({ _id }: StoredNarrative): Promise<Date | null> => {
    const last = await versions.findOne(
      { schoolId, narrativeId: _id },
      { ...inSession(scope), sort: { number: -1 }, projection: { signedAt: 1 } },
    );
    return (last?.['signedAt'] as Date | undefined) ?? null;
  };
  const joined: Joined[] = [];
  const apart: string[] = [];
  for (const [into, from] of await findNarrativePairs(scope, ids)) {
    if (isLate && into.latestVersion > 0 && from.latestVersion > 0) {
      apart.push(from._id);
      continue;
    }
    const found = joinedNarrative(
      { ...into, lastSignedAt: await lastSigned(into) },
      { ...from, lastSignedAt: await lastSigned(from) },
    );
    const { change } = found;
    // After the merge a signed version stays with its narrative.
    const isSwapped = isLate && found.other.latestVersion > 0;
    const [base, other] = isSwapped ? [found.other, found.base] : [found.base, found.other];
    const offset = base.latestVersion;
    const sealedAs = { $mergeObjects: [{ narrativeId: '$narrativeId', number: '$number' }, '$sealedAs'] };
    await versions.updateMany(
      { schoolId, narrativeId: other._id },
      [{ $set: { sealedAs, narrativeId: base._id, number: { $add: ['$number', offset] } } }],
      inSession(scope),
    );
    await narratives.deleteOne({ _id: other._id }, inSession(scope));
    // Its student is set with all the others; the one that is gone is out of the way by now.
    await narratives.updateOne({ _id: base._id }, { $set: change }, inSession(scope));
    joined.push({ from: other._id, to: base._id, offset });
  }
  return { joined, apart };
}

type StoredPart = Pick<EarlierPart, 'kind' | 'sourceId' | 'file' | 'takenDown'> & { _id: string };
/**
 * Copies of one record of an earlier school that both were given: one of them stays, and if one was taken
 * down, that one.
 * @returns ids of those that are gone, for the entry of the merge
 */
async function saveEarlierPartsJoined(scope: SchoolScope, ids: Ids): Promise<string[]> {
  const pairs = await pairsOf<StoredPart>(
    scope,
    'earlierparts',
    ids,
    ({ kind, sourceId }) => `${kind} ${sourceId}`,
  );
  const worth = ({ takenDown, file }: StoredPart): number => (takenDown ? 2 : file ? 1 : 0);
  const gone = pairs.map(([into, from]) => (worth(from) > worth(into) ? into._id : from._id));
  if (gone.length > 0)
    await collectionOf(scope, 'earlierparts').deleteMany(
      { _id: { $in: gone }, schoolId: scope.schoolId },
      inSession(scope),
    );
  return gone;
}

/**
 * The calendar's address of the person who stays goes on; the other one ends, as whoever has it may not be
 * who signs in.
 */
async function saveFeedsJoined(scope: SchoolScope, [, from]: Ids): Promise<void> {
  const feeds = collectionOf(scope, 'calendarfeeds');
  await feeds.deleteMany({ schoolId: scope.schoolId, personId: from }, inSession(scope));
}

/** How many bytes the person who stays has by now; somebody who was never counted is counted when it is next asked. */
async function saveStorageJoined(scope: SchoolScope, [into, from]: Ids, bytesOfFrom: number): Promise<void> {
  const uses = collectionOf(scope, 'storageuses');
  const { schoolId } = scope;
  const own = (await uses.findOne({ _id: from, schoolId }, inSession(scope))) as { bytes?: number } | null;
  await uses.updateOne(
    { _id: into, schoolId },
    { $inc: { bytes: own?.bytes ?? bytesOfFrom } } as never,
    inSession(scope),
  );
  await uses.deleteOne({ _id: from, schoolId }, inSession(scope));
}
