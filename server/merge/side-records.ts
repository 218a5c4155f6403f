/**
 * What the rules of a merge look at of one person, read in the transaction of the merge as well. Writes
 * nothing. Personal data: ids of people, presentations and panels.
 */
import type { SchoolScope } from '../db/database.js';
import type { Person } from '../people/person.js';
import type { SideFacts } from './obstacles.js';
import { collectionOf, inSession } from './stored.js';

/** One question of a collection, by fields that an index holds. */
async function find<T>(
  scope: SchoolScope,
  collection: string,
  filter: object,
  fields: readonly string[],
): Promise<(T & { id: string })[]> {
  const found = await collectionOf(scope, collection)
    .find({ schoolId: scope.schoolId, ...filter } as never, {
      ...inSession(scope),
      projection: Object.fromEntries(fields.map((field) => [field, 1])),
    })
    .toArray();
  return found.map(({ _id, ...rest }) => ({ id: _id, ...rest }) as unknown as T & { id: string });
}

type Facts = SideFacts;
export async function findSide(scope: SchoolScope, person: Person): Promise<SideFacts> {
  const { id } = person;
  const slots = await find<Facts['slots'][number]>(scope, 'slots', { studentId: id }, [
    'exhibitionId',
    'attempt',
    'partOf',
  ]);
  const seats = await find<Facts['seats'][number]>(scope, 'seats', { personId: id }, [
    'slotId',
    'exhibitionId',
  ]);
  const visitFields = ['slotId', 'exhibitionId', 'studentId', 'personId'];
  const visits = [
    ...(await find<Facts['visits'][number]>(scope, 'visits', { studentId: id }, visitFields)),
    ...(await find<Facts['visits'][number]>(scope, 'visits', { personId: id }, visitFields)),
  ];
  const rehearsals = await find<{ studentId: string; seats: { personId: string }[] }>(
    scope,
    'rehearsals',
    { $or: [{ studentId: id }, { 'seats.personId': id }] },
    ['studentId', 'seats.personId'],
  );
  const choices = await find<{ exhibitionId: string }>(scope, 'attemptchoices', { studentId: id }, [
    'exhibitionId',
  ]);
  const transcripts = await find<Facts['transcripts'][number]>(
    scope,
    'transcripts',
    { studentId: id, state: { $in: ['issued', 'preparing'] } },
    ['termId', 'termName', 'state'],
  );
  return {
    id,
    isStudent: person.roles.includes('student'),
    guardianIds: person.guardianIds,
    slots,
    seats,
    visits,
    rehearsals: rehearsals.map((each) => ({
      id: each.id,
      studentId: each.studentId,
      personIds: each.seats.map(({ personId }) => personId),
    })),
    choiceExhibitionIds: choices.map(({ exhibitionId }) => exhibitionId),
    transcripts,
  };
}

/**
 * Whether a job that is not over names one of these people, or brings people in: what it was asked to do
 * would miss its mark.
 */
export async function isJobOpenFor(scope: SchoolScope, personIds: readonly string[]): Promise<boolean> {
  const open = await find<{ kind: string; state: string; payload: object }>(
    scope,
    'jobs',
    { state: { $in: ['waiting', 'running'] } },
    ['kind', 'state', 'payload'],
  );
  return open.some(({ kind, state, payload }) => {
    // An import that waits looks at the people who are there when it begins.
    if (kind === 'roster') return state === 'running';
    const text = JSON.stringify(payload);
    return personIds.some((id) => text.includes(JSON.stringify(id)));
  });
}

/** Presentations whose results are not published: of these panels something may still change. */
export async function listOpenPresentations(
  scope: SchoolScope,
  sides: readonly SideFacts[],
): Promise<string[]> {
  const ids = new Set(
    sides.flatMap(({ slots, seats }) => [
      ...slots.map((slot) => slot.partOf ?? slot.id),
      ...seats.map(({ slotId }) => slotId),
    ]),
  );
  const published = await find(scope, 'results', { _id: { $in: [...ids] } }, ['_id']);
  for (const { id } of published) ids.delete(id);
  return [...ids];
}

/** Bytes of the files of a student, as they are counted. */
export async function sumBytes(scope: SchoolScope, studentId: string): Promise<number> {
  const { schoolId } = scope;
  const [sum] = await collectionOf(scope, 'artifactversions')
    .aggregate<{ bytes: number }>(
      [
        { $match: { schoolId, studentId, kind: 'file' } },
        { $group: { _id: null, bytes: { $sum: '$file.bytes' } } },
      ],
      inSession(scope),
    )
    .toArray();
  return sum?.bytes ?? 0;
}
