/**
 * Counts and moves what belongs to a person, in whatever collection it is: the one place that may change
 * these fields, which are fixed for everybody else. A record whose hash covers a field keeps what it was
 * frozen with in `sealedAs`. Personal data: ids of people.
 */
import type { SchoolScope } from '../db/database.js';
import type { AnyFilter } from '../db/filter.js';
import { references, type MovedKind, type Reference } from './references.js';
import { collectionOf, inSession, type StoredRecord } from './stored.js';

/** Where the person presents and where they sit: by these the records of panels are found. */
interface Places {
  /** Their own slots and the presentations that these are part of. */
  slotIds: string[];
  seatedSlotIds: string[];
}

async function findPlaces(scope: SchoolScope, personId: string): Promise<Places> {
  const { schoolId } = scope;
  const slots = await collectionOf(scope, 'slots')
    .find({ schoolId, studentId: personId }, { ...inSession(scope), projection: { partOf: 1 } })
    .toArray();
  const seats = await collectionOf(scope, 'seats')
    .find({ schoolId, personId }, { ...inSession(scope), projection: { slotId: 1 } })
    .toArray();
  const parts = slots.flatMap(({ partOf }) => (typeof partOf === 'string' ? [partOf] : []));
  return {
    slotIds: [...new Set([...slots.map(({ _id }) => _id), ...parts])],
    seatedSlotIds: [...new Set(seats.map(({ slotId }) => String(slotId)))],
  };
}

function filterOf(
  { schoolId }: SchoolScope,
  reference: Reference,
  personId: string,
  places: Places,
): AnyFilter {
  const { field, within, school = 'schoolId' } = reference;
  const among: AnyFilter =
    within === 'seated'
      ? { slotId: { $in: places.seatedSlotIds } }
      : within
        ? { [within]: { $in: places.slotIds } }
        : {};
  return { [school]: schoolId, [field]: personId, ...among };
}

/** How many records of each kind name this person; kinds without any are left out. */
export async function countReferences(
  scope: SchoolScope,
  personId: string,
): Promise<Partial<Record<MovedKind, number>>> {
  const places = await findPlaces(scope, personId);
  const counts: Partial<Record<MovedKind, number>> = {};
  for (const reference of references) {
    const { kind, collection } = reference;
    if (!kind) continue;
    const count = await collectionOf(scope, collection).countDocuments(
      filterOf(scope, reference, personId, places),
      inSession(scope),
    );
    if (count > 0) counts[kind] = (counts[kind] ?? 0) + count;
  }
  return counts;
}

/**
 * Everything that names `from` names `into` from now on. How many records of each kind were changed.
 * @param narrativesApart ids of narratives that stay as they are, with their signed versions
 */
export async function saveReferencesMoved(
  scope: SchoolScope,
  from: string,
  into: string,
  narrativesApart: readonly string[] = [],
): Promise<Partial<Record<MovedKind, number>>> {
  const places = await findPlaces(scope, from);
  const stays: Readonly<Record<string, AnyFilter>> =
    narrativesApart.length > 0
      ? {
          narratives: { _id: { $nin: narrativesApart } },
          narrativeversions: { narrativeId: { $nin: narrativesApart } },
        }
      : {};
  const moved: Partial<Record<MovedKind, number>> = {};
  for (const reference of references) {
    const count = await moveOne(scope, reference, {
      from,
      into,
      places,
      but: stays[reference.collection] ?? {},
    });
    if (reference.kind && count > 0) moved[reference.kind] = (moved[reference.kind] ?? 0) + count;
  }
  return moved;
}

async function moveOne(
  scope: SchoolScope,
  reference: Reference,
  { from, into, places, but }: { from: string; into: string; places: Places; but: AnyFilter },
): Promise<number> {
  const { collection: name, field, shape, sealed } = reference;
  const collection = collectionOf(scope, name);
  const filter: object = { ...filterOf(scope, reference, from, places), ...but };
  const session = inSession(scope);
  if (shape === 'list') {
    const { matchedCount } = await collection.updateMany(
      filter,
      { $addToSet: { [field]: into } } as never,
      session,
    );
    await collection.updateMany(filter, { $pull: { [field]: from } } as never, session);
    return matchedCount;
  }
  if (shape === 'parts') {
    const [, path, part] = /^(.+)\.([^.]+)$/.exec(field)!;
    const change = { $set: { [`${path}.$[each].${part}`]: into } };
    const options = { ...session, arrayFilters: [{ [`each.${part}`]: from }] };
    return (await collection.updateMany(filter, change, options)).matchedCount;
  }
  let count = 0;
  if (sealed) {
    // The first id under which it was frozen is the one that counts.
    const change = { sealedAs: { $mergeObjects: [{ [field]: `$${field}` }, '$sealedAs'] }, [field]: into };
    count += (await collection.updateMany({ ...filter, ...sealed }, [{ $set: change }], session))
      .matchedCount;
  }
  return count + (await collection.updateMany(filter, { $set: { [field]: into } }, session)).matchedCount;
}

/** Timetables that were proposed and not adopted, with somebody's id in them. */
export async function saveProposalsMoved(scope: SchoolScope, from: string, into: string): Promise<void> {
  const proposals = collectionOf(scope, 'scheduleproposals');
  const found = proposals.find(
    { schoolId: scope.schoolId, state: 'ready' },
    { ...inSession(scope), projection: { slots: 1, broken: 1, reasons: 1 } },
  );
  for await (const { _id, ...parts } of found) {
    const text = JSON.stringify(parts);
    if (!text.includes(JSON.stringify(from))) continue;
    const $set = JSON.parse(text.replaceAll(JSON.stringify(from), JSON.stringify(into))) as StoredRecord;
    await proposals.updateOne({ _id }, { $set }, inSession(scope));
  }
}

/** Whether something that was written for the old id waits: outside of what is frozen of a merge. */
export async function saveUnmoved(scope: SchoolScope, mergedId: string, unmoved: boolean): Promise<void> {
  await collectionOf(scope, 'mergedpeople').updateOne(
    { _id: mergedId, schoolId: scope.schoolId },
    unmoved ? { $set: { unmoved: true } } : { $unset: { unmoved: '' } },
    inSession(scope),
  );
}
