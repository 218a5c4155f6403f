/**
 * Visits to stands. Personal data: names of visitors, what they wrote to named students, and how they scored them. Scores are as
 * confidential as score sheets: whoever reads those of others asks `takesVisits` first.
 */
import { schoolCollection, type SchoolScope } from '../database.js';
import type { Visit } from './visit.js';

const always = { type: String, required: true, immutable: true } as const;

const visits = schoolCollection<Visit>(
  'visits',
  {
    exhibitionId: always,
    slotId: always,
    studentId: always,
    personId: always,
    name: always,
    role: always,
    rubric: { type: Object, required: true, immutable: true },
    feedback: { type: [Object], required: true } as never,
    feedbackAt: { type: Date, default: null },
    score: { type: Object, required: true },
    scoreAt: { type: Date, default: null },
    leftAt: { type: Date, default: null },
    journal: { type: [Object], required: true } as never,
    revision: { type: Number, required: true },
    hidden: { type: Object, default: null },
    openedAt: { type: Date, required: true, immutable: true },
    until: { type: Date, required: true },
  },
  {
    indexes: [
      // In this order check-records walks over all of them.
      { keys: { schoolId: 1, _id: 1 } },
      { keys: { schoolId: 1, slotId: 1, personId: 1 }, unique: true },
      { keys: { schoolId: 1, slotId: 1, leftAt: -1 } },
      { keys: { schoolId: 1, personId: 1, openedAt: -1 } },
      { keys: { schoolId: 1, studentId: 1 } },
    ],
  },
);
export const visitsDeclaration = visits.declaration;

const left = { leftAt: { $ne: null } };

export const getVisit = (scope: SchoolScope, id: string) => visits.in(scope).get(id);
export const findVisitOf = (scope: SchoolScope, slotId: string, personId: string) =>
  visits.in(scope).findOne({ slotId, personId });
/** Newest first. */
export const findLastVisitOf = (scope: SchoolScope, personId: string) =>
  visits.in(scope).findOne({ personId }, { sort: { openedAt: -1, id: 1 } });
/** Those in which something was left, newest first. */
export const listVisitsOfSlot = (scope: SchoolScope, slotId: string, page: number, perPage: number) =>
  visits.in(scope).page({ slotId, ...left }, { sort: { leftAt: -1 }, page, perPage });
/** What the student reads: without what was set aside. */
export const listShownVisitsOfSlot = (scope: SchoolScope, slotId: string, page: number, perPage: number) =>
  visits.in(scope).page({ slotId, ...left, hidden: null }, { sort: { leftAt: -1 }, page, perPage });
/** All in which something was left, oldest first, without their journals: for a result. */
export const listAllVisitsOfSlot = (scope: SchoolScope, slotId: string): Promise<Omit<Visit, 'journal'>[]> =>
  visits.in(scope).find(
    { slotId, ...left },
    {
      sort: { leftAt: 1, id: 1 },
      fields: [
        ...['schoolId', 'exhibitionId', 'slotId', 'studentId', 'personId', 'name', 'role', 'rubric'],
        ...[
          'feedback',
          'feedbackAt',
          'score',
          'scoreAt',
          'leftAt',
          'revision',
          'hidden',
          'openedAt',
          'until',
        ],
      ],
    },
  );
export async function listHiddenVisitIds(scope: SchoolScope, slotId: string): Promise<string[]> {
  const found = await visits.in(scope).find({ slotId, hidden: { $ne: null } }, { fields: ['slotId'] });
  return found.map((visit) => visit.id);
}
/** Newest first, also those in which nothing was left yet. */
export const listVisitsOfPerson = (scope: SchoolScope, personId: string, page: number, perPage: number) =>
  visits.in(scope).page({ personId }, { sort: { openedAt: -1 }, page, perPage });
export const listVisitsByIds = (scope: SchoolScope, ids: readonly string[]) =>
  visits.in(scope).find({ id: { $in: ids } }, { sort: { openedAt: -1, id: 1 } });
/** This person's visits at these stands. */
export const listVisitsOfPersonAt = (scope: SchoolScope, personId: string, slotIds: readonly string[]) =>
  visits
    .in(scope)
    .find({ personId, slotId: { $in: slotIds } }, { fields: ['slotId', 'personId'] }) as Promise<
    Pick<Visit, 'id' | 'slotId' | 'personId'>[]
  >;
/** Which of these visits a guest may still come back to. */
export async function findLiveVisits(
  scope: SchoolScope,
  personId: string,
  ids: readonly string[],
  now: Date,
): Promise<string[]> {
  const found = await visits
    .in(scope)
    .find({ id: { $in: ids }, personId, until: { $gt: now } }, { fields: ['personId'] });
  return found.map((visit) => visit.id);
}
/** Visits in which something was left, by slot; slots without any are missing. */
export async function countVisits(
  scope: SchoolScope,
  slotIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await visits
    .in(scope)
    .aggregate<{ _id: string; count: number }>([
      { $match: { slotId: { $in: slotIds }, ...left } },
      { $group: { _id: '$slotId', count: { $sum: 1 } } },
    ]);
  return new Map(rows.map((row) => [row._id, row.count]));
}
/** Of these slots those with a score of a visitor. */
export async function listScoredSlots(scope: SchoolScope, slotIds: readonly string[]): Promise<Set<string>> {
  const found = await visits
    .in(scope)
    .find({ slotId: { $in: slotIds }, scoreAt: { $ne: null } }, { fields: ['slotId'] });
  return new Set(found.map((visit) => visit.slotId));
}

export const saveVisit = (scope: SchoolScope, visit: Visit) => visits.in(scope).insert(visit);
/**
 * One atomic write: what was left, its journal entry and the replay check. Null when the visit changed in the meantime, or this
 * was taken before.
 */
export const appendLeft = (
  scope: SchoolScope,
  visit: Pick<Visit, 'id' | 'revision'>,
  entry: Visit['journal'][number],
  fields: Partial<Visit>,
) =>
  visits
    .in(scope)
    .findOneAndUpdate(
      { id: visit.id, revision: visit.revision, 'journal.operationId': { $ne: entry.operationId } },
      { $set: fields, $inc: { revision: 1 }, $push: { journal: entry } },
    );
/** Null when it stands like that already. */
export const saveHidden = (scope: SchoolScope, id: string, hidden: Visit['hidden']) =>
  visits.in(scope).findOneAndUpdate({ id, hidden: hidden ? null : { $ne: null } }, { $set: { hidden } });
/** The stand is on another day: so is the way back to it. */
export const saveVisitsUntil = (scope: SchoolScope, slotId: string, until: Date) =>
  visits.in(scope).updateMany({ slotId }, { $set: { until } });

/** In the order of their ids, those after `after`: for whoever walks over all of them. */
export const listVisitsAfter = (scope: SchoolScope, after: string, limit: number) =>
  visits.in(scope).find({ ...left, id: { $gt: after } }, { sort: { id: 1 }, limit });
/** Which of these are there. */
export const listVisitIds = async (scope: SchoolScope, ids: readonly string[]): Promise<string[]> =>
  (await visits.in(scope).find({ ...left, id: { $in: ids } }, { fields: ['id'] })).map(({ id }) => id);
