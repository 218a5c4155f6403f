/**
 * Visits to stands. Personal data: names of visitors, what they wrote to named students, and how they scored
 * them. Scores are as confidential as score sheets: whoever reads those of others asks `takesVisits` first.
 */
import { schoolCollection, type Filter, type Page, type SchoolScope } from '../db/database.js';
import type { Comment, Hiding, Visit } from './visit.js';
import { tracesIn } from '../person-traces.js';

const always = { type: String, required: true, immutable: true } as const;

export const visits = schoolCollection<Visit>(
  'visits',
  {
    exhibitionId: always,
    slotId: always,
    studentId: always,
    personId: always,
    name: always,
    role: always,
    rubric: { type: Object, required: true, immutable: true },
    feedback: { type: [Object], required: true },
    feedbackAt: { type: Date, default: null },
    score: { type: Object, required: true },
    scoreAt: { type: Date, default: null },
    leftAt: { type: Date, default: null },
    journal: { type: [Object], required: true },
    revision: { type: Number, required: true },
    hidden: { type: Object, default: null },
    earlierHidings: { type: [Object], default: undefined },
    review: { type: String, default: undefined },
    bySign: { type: Boolean, default: undefined, immutable: true },
    device: { type: String, default: undefined, immutable: true },
    late: { type: Object, default: undefined },
    sealedAs: { type: Object, default: undefined },
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
      { keys: { schoolId: 1, exhibitionId: 1, leftAt: 1 } },
      {
        keys: { schoolId: 1, 'late.state': 1, 'late.at': 1 },
        partialFilterExpression: { 'late.state': 'waiting' },
      },
    ],
  },
);
export const visitsDeclaration = visits.declaration;

const left = { leftAt: { $ne: null } };
const held = { review: 'held', hidden: null };
const shown = { review: { $ne: 'held' }, hidden: null };

export const getVisit = (scope: SchoolScope, id: string) => visits.in(scope).get(id);
export const findVisitOf = (scope: SchoolScope, slotId: string, personId: string) =>
  visits.in(scope).findOne({ slotId, personId });
/** Newest first. */
export const findLastVisitOf = (scope: SchoolScope, personId: string) =>
  visits.in(scope).findOne({ personId }, { sort: { openedAt: -1, id: 1 } });
/** Those in which something was left, newest first. */
export const listVisitsOfSlot = (scope: SchoolScope, slotId: string, page: number, perPage: number) =>
  visits.in(scope).page({ slotId, ...left }, { sort: { leftAt: -1 }, page, perPage });
/** What the student reads: without what was set aside or waits for review. */
export const listShownVisitsOfSlot = (scope: SchoolScope, slotId: string, page: number, perPage: number) =>
  visits.in(scope).page({ slotId, ...left, ...shown }, { sort: { leftAt: -1 }, page, perPage });
/** All in which something was left, oldest first, without their journals: for a result. */
export const listAllVisitsOfSlot = (scope: SchoolScope, slotId: string): Promise<Omit<Visit, 'journal'>[]> =>
  visits.in(scope).find(
    { slotId, ...left },
    {
      sort: { leftAt: 1, id: 1 },
      fields: [
        'schoolId',
        'exhibitionId',
        'slotId',
        'studentId',
        'personId',
        'name',
        'role',
        'rubric',
        'feedback',
        'feedbackAt',
        'score',
        'scoreAt',
        'leftAt',
        'revision',
        'hidden',
        'review',
        'openedAt',
        'until',
      ],
    },
  );
/** What the student does not read: set aside, or not approved yet. */
export async function listHiddenVisitIds(scope: SchoolScope, slotId: string): Promise<string[]> {
  const found = await visits
    .in(scope)
    .find({ slotId, $or: [{ hidden: { $ne: null } }, { review: 'held' }] }, { fields: ['slotId'] });
  return found.map((visit) => visit.id);
}
/** Comments at a stand that nobody has looked at yet. */
export const countHeldVisits = (scope: SchoolScope, slotId: string) =>
  visits.in(scope).count({ slotId, ...left, ...held });
/**
 * Another visit at this stand, from the same device, in which something was left. @param alsoWaiting or waits
 * for the office
 */
export const findVisitOfDevice = (
  scope: SchoolScope,
  { id, slotId, device }: Pick<Visit, 'id' | 'slotId' | 'device'>,
  alsoWaiting: boolean,
) => {
  const other = { slotId, device, id: { $ne: id } };
  const filter = alsoWaiting ? { ...other, $or: [left, { 'late.state': 'waiting' }] } : { ...other, ...left };
  return visits.in(scope).findOne(filter, { fields: ['slotId'] }) as Promise<Pick<Visit, 'id'> | null>;
};
export const reviewStates = ['waiting', 'shown', 'hidden', 'all'] as const;
/** Which comments of a gallery are looked at. */
export interface CommentFilter {
  exhibitionId: string;
  state: (typeof reviewStates)[number];
  slotId?: string | undefined;
  device?: string | undefined;
  /** Of when something was first left; `to` is not included. */
  from?: Date | undefined;
  to?: Date | undefined;
  /** Stands that this reader does not read now. */
  exceptSlotIds: readonly string[];
}
const ofState = { waiting: held, shown, hidden: { hidden: { $ne: null } }, all: {} };

function queryOf({
  exhibitionId,
  state,
  slotId,
  device,
  from,
  to,
  exceptSlotIds,
}: CommentFilter): Filter<Visit> {
  const time = { ...(from ? { $gte: from } : {}), ...(to ? { $lt: to } : {}) };
  return {
    exhibitionId,
    ...ofState[state],
    ...(device ? { device } : {}),
    slotId: { ...(slotId ? { $eq: slotId } : {}), $nin: exceptSlotIds },
    leftAt: from || to ? time : { $ne: null },
  };
}
/** The oldest first: whoever waits longest is looked at first. Without journals. */
export const listComments = (scope: SchoolScope, filter: CommentFilter, page: number, perPage: number) =>
  visits.in(scope).page(queryOf(filter), {
    sort: { leftAt: 1 },
    page,
    perPage,
    fields: [
      'slotId',
      'studentId',
      'name',
      'role',
      'feedback',
      'score',
      'leftAt',
      'revision',
      'hidden',
      'earlierHidings',
      'review',
      'bySign',
      'device',
    ],
  }) as Promise<Page<Comment>>;
/** At most `most` of them. */
export const listCommentIds = async (scope: SchoolScope, filter: CommentFilter, most: number) =>
  (
    await visits.in(scope).find(queryOf(filter), { sort: { leftAt: 1 }, limit: most, fields: ['slotId'] })
  ).map(({ id }) => id);
export const countComments = (scope: SchoolScope, filter: CommentFilter) =>
  visits.in(scope).count(queryOf(filter));
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

/** The levels that visitors gave at these stands, as voices. */
export async function listVisitScores(scope: SchoolScope, slotIds: readonly string[]) {
  const found = await visits
    .in(scope)
    .find({ slotId: { $in: slotIds }, scoreAt: { $ne: null } }, { fields: ['slotId', 'score.marks'] });
  return found.map(({ id, slotId, score }) => ({ seatId: id, slotId, responses: score?.marks ?? {} }));
}

export const saveVisit = (scope: SchoolScope, visit: Visit) => visits.in(scope).insert(visit);
/**
 * One atomic write: what was left, its journal entry and the replay check. Null when the visit changed in the
 * meantime, or this was taken before.
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
/** Null when it is set aside already. */
export const saveHidden = (scope: SchoolScope, id: string, hidden: Hiding) =>
  visits.in(scope).findOneAndUpdate({ id, hidden: null }, { $set: { hidden } });
/** The reason stays in the record. Null when it is not set aside like that any more. */
export const saveShown = (scope: SchoolScope, id: string, hidden: Hiding) =>
  visits
    .in(scope)
    .findOneAndUpdate(
      { id, 'hidden.at': hidden.at, 'hidden.by': hidden.by },
      { $set: { hidden: null }, $push: { earlierHidings: hidden } },
    );
/** Approves what was read: null when it was changed since, or does not wait. */
export const saveApproved = (
  scope: SchoolScope,
  exhibitionId: string,
  { id, revision, exceptSlotIds }: { id: string; revision: number; exceptSlotIds: readonly string[] },
) =>
  visits
    .in(scope)
    .findOneAndUpdate(
      { id, exhibitionId, revision, slotId: { $nin: exceptSlotIds }, ...held },
      { $set: { review: 'approved' } },
    );
/** The stand is on another day: so is the way back to it. */
export const saveVisitsUntil = (scope: SchoolScope, slotId: string, until: Date) =>
  visits.in(scope).updateMany({ slotId }, { $set: { until } });

/** In the order of their ids, those after `after`: for whoever walks over all of them. */
export const listVisitsAfter = (scope: SchoolScope, after: string, limit: number) =>
  visits.in(scope).find({ ...left, id: { $gt: after } }, { sort: { id: 1 }, limit });
/** Which of these are there. */
export const listVisitIds = async (scope: SchoolScope, ids: readonly string[]): Promise<string[]> =>
  (await visits.in(scope).find({ ...left, id: { $in: ids } }, { fields: ['id'] })).map(({ id }) => id);

/** At stands of others, only with words: nothing is left. */
export const removeVisitsBy = tracesIn(visits, ({ id }) => ({ personId: id, scoreAt: null }));
/** At stands of others, with a score: it counts for the student. */
export const saveVisitsUnnamed = tracesIn(visits, ({ id, mark }) => ({
  personId: id,
  scoreAt: { $ne: null },
  name: { $ne: mark },
}));
export const removeVisitsAt = tracesIn(visits, ({ id, keepIssued }) => ({
  studentId: id,
  ...(keepIssued ? { leftAt: null } : {}),
}));
/** What arrived late at the stand of this person. */
export const saveLateAtForgotten = tracesIn(visits, ({ id }) => ({
  studentId: id,
  'late.at': { $exists: true },
}));
export const countKeptVisitsAt = tracesIn(visits, ({ id, keepIssued }) =>
  keepIssued ? { studentId: id, ...left } : null,
);
/** Set aside at any time: the reason may name somebody, and whoever typed it is named. */
export const saveHidingsUnnamed = tracesIn(visits, () => ({
  $or: [{ hidden: { $ne: null } }, { 'earlierHidings.0': { $exists: true } }],
}));
