/** Slots. Personal data: which student presents when and where. */
import { schoolCollection, type SchoolScope } from '../../db/database.js';
import { notErasedYet, presentationIdOf, type Group } from '../groups/group.js';
import type { RoomClock } from '../clock/room-clock.js';
import { endOf, MAX_SLOT_MINUTES, type PortfolioChoice, type Slot } from './slot.js';
import { tracesIn } from '../../person-traces.js';

const slots = schoolCollection<Slot>(
  'slots',
  {
    exhibitionId: { type: String, required: true, immutable: true },
    termId: { type: String, required: true },
    studentId: { type: String, required: true, immutable: true },
    group: { type: Object, default: null },
    partOf: { type: String, default: null, immutable: true },
    startsAt: { type: Date, required: true },
    minutes: { type: Number, required: true },
    room: { type: String, required: true },
    attempt: { type: Number, required: true, immutable: true },
    attemptOf: { type: String, default: null, immutable: true },
    snapshotId: { type: String, default: null },
    portfolioChoices: { type: [Object], default: undefined },
    revision: { type: Number, default: 0 },
    movedAt: { type: Date, default: null },
    moveReasons: { type: [Object], default: undefined },
    presenterErasedAt: { type: Date, default: undefined },
    absent: { type: Boolean, default: undefined },
    clock: { type: Object, default: null },
    prioritized: { type: Boolean, default: undefined },
    createdAt: { type: Date, required: true, immutable: true },
  },
  {
    indexes: [
      { keys: { schoolId: 1, exhibitionId: 1, studentId: 1, attempt: 1 }, unique: true },
      { keys: { schoolId: 1, exhibitionId: 1, startsAt: 1 } },
      { keys: { schoolId: 1, studentId: 1, startsAt: -1 } },
      { keys: { schoolId: 1, startsAt: 1 } },
      // The few that were moved against a rule.
      {
        keys: { schoolId: 1, _id: 1, 'moveReasons.at': 1 },
        partialFilterExpression: { 'moveReasons.at': { $exists: true } },
      },
      { keys: { schoolId: 1, studentId: 1, attempt: 1 }, partialFilterExpression: { attempt: { $gt: 1 } } },
      { keys: { schoolId: 1, termId: 1, startsAt: 1 } },
      { keys: { schoolId: 1, partOf: 1 }, partialFilterExpression: { partOf: { $type: 'string' } } },
      {
        keys: { schoolId: 1, exhibitionId: 1, partOf: 1 },
        partialFilterExpression: { partOf: { $type: 'string' } },
      },
    ],
  },
);
export const slotsDeclaration = slots.declaration;

const byTime = { startsAt: 1, room: 1 } as const;
/** What began before that is over by then. */
const lastStartBefore = (at: Date): Date => new Date(at.getTime() - MAX_SLOT_MINUTES * 60_000);

export const findSlot = (scope: SchoolScope, id: string) => slots.in(scope).findOne({ id });
export const getSlot = (scope: SchoolScope, id: string) => slots.in(scope).get(id);
/** The presentation that this slot is, or is part of. */
export async function getPresentation(scope: SchoolScope, id: string): Promise<Slot> {
  const slot = await slots.in(scope).get(id);
  return slot.partOf ? slots.in(scope).get(slot.partOf) : slot;
}
/** The presentations, a group's once, by time, then room. */
export const listSlotsOfExhibition = (
  scope: SchoolScope,
  exhibitionId: string,
  part: { skip?: number; limit?: number } = {},
) => slots.in(scope).find({ exhibitionId, partOf: null }, { sort: { ...byTime, id: 1 }, ...part });
/** Every slot, of a group each member's, without clock and history. */
export const listAllSlotsOfExhibition = (scope: SchoolScope, exhibitionId: string) =>
  slots.in(scope).find(
    { exhibitionId },
    {
      sort: { startsAt: 1 },
      fields: [
        'exhibitionId',
        'studentId',
        'group',
        'partOf',
        'startsAt',
        'minutes',
        'room',
        'attempt',
        'absent',
      ],
    },
  );
/** Of these presentations and those of these students, alone or in a group, the ones that belong to the exhibition. */
export async function listSlotsConcerning(
  scope: SchoolScope,
  exhibitionId: string,
  of: { slotIds: readonly string[]; studentIds: readonly string[] },
): Promise<Slot[]> {
  const own = await slots
    .in(scope)
    .find({ exhibitionId, studentId: { $in: of.studentIds } }, { fields: ['partOf'] });
  const ids = [...new Set([...of.slotIds, ...own.map(presentationIdOf)])];
  return slots.in(scope).find({ id: { $in: ids }, exhibitionId, partOf: null }, { sort: byTime });
}
/** Presentations to which nobody came: whoever presents alone is absent, or everybody of a group. */
export const listSlotIdsWithoutPresenter = async (
  scope: SchoolScope,
  exhibitionId: string,
): Promise<string[]> =>
  (
    await slots.in(scope).find(
      {
        ...{ exhibitionId, partOf: null },
        $or: [
          { absent: true },
          {
            'group.members.0': { $exists: true },
            'group.members': { $not: { $elemMatch: { absent: { $ne: true } } } },
          },
        ],
      },
      { fields: ['exhibitionId'] },
    )
  ).map(({ id }) => id);
/** The slot of every student, each member of a group included. */
export const listMemberSlotsOfExhibition = (scope: SchoolScope, exhibitionId: string) =>
  slots.in(scope).find({ exhibitionId }, { sort: byTime });
/** Everybody who has a slot in this exhibition, some of them several times. */
export const listPresentingStudentIds = async (scope: SchoolScope, exhibitionId: string) =>
  (await slots.in(scope).find({ exhibitionId }, { fields: ['studentId'] })).map(({ studentId }) => studentId);
/** Every presentation of a student, oldest first; of one term when given. */
export const listSlotsOfStudent = (scope: SchoolScope, studentId: string, termId?: string) =>
  slots.in(scope).find({ studentId, ...(termId ? { termId } : {}) }, { sort: byTime });
/** Those of a student that can be under way at this moment or later, oldest first. */
export const listSlotsOfStudentSince = (scope: SchoolScope, studentId: string, at: Date) =>
  slots.in(scope).find({ studentId, startsAt: { $gt: lastStartBefore(at) } }, { sort: byTime });
export const listSlotsOfStudents = (scope: SchoolScope, studentIds: readonly string[]) =>
  slots.in(scope).find({ studentId: { $in: studentIds } }, { sort: byTime });
/**
 * Theirs in this exhibition, of a group each member's; found by exhibition, so what they presented in other
 * years is not read.
 */
export const listSlotsOfStudentsAt = (
  scope: SchoolScope,
  exhibitionId: string,
  studentIds: readonly string[],
) => slots.in(scope).find({ exhibitionId, studentId: { $in: studentIds } }, { sort: byTime });
/** Second and later attempts of these students, in any order. */
export const listLaterAttempts = (scope: SchoolScope, studentIds: readonly string[]) =>
  slots.in(scope).find({ studentId: { $in: studentIds }, attempt: { $gt: 1 } });
export const listSlotsByIds = (scope: SchoolScope, ids: readonly string[]) =>
  slots.in(scope).find({ id: { $in: ids } }, { sort: byTime });
export const countSlotsOfExhibition = async (scope: SchoolScope, exhibitionId: string): Promise<number> =>
  (await countSlotsOfExhibitions(scope, [exhibitionId])).get(exhibitionId) ?? 0;

/** Number of slots by exhibition id; exhibitions without a slot are missing. */
export async function countSlotsOfExhibitions(
  scope: SchoolScope,
  exhibitionIds: readonly string[],
): Promise<Map<string, number>> {
  const countedBy = (narrowed: object) =>
    slots
      .in(scope)
      .aggregate<{ _id: string; count: number }>([
        { $match: { exhibitionId: { $in: exhibitionIds }, ...narrowed } },
        { $group: { _id: '$exhibitionId', count: { $sum: 1 } } },
      ]);
  // Which slots are part of no other no index can tell by itself; how many there are and how many are part of
  // one, it can.
  const [all, parts] = await Promise.all([countedBy({}), countedBy({ partOf: { $type: 'string' } })]);
  const counts = new Map(all.map((row) => [row._id, row.count]));
  for (const { _id, count } of parts) counts.set(_id, (counts.get(_id) ?? 0) - count);
  return counts;
}

/**
 * All presentations of the school that are under way at some moment between the two, whatever exhibition they
 * belong to.
 * @param exceptExhibitionId whose presentations are left out
 */
export async function listSlotsBetween(
  scope: SchoolScope,
  from: Date,
  until: Date,
  exceptExhibitionId: string | null = null,
): Promise<Slot[]> {
  const others = exceptExhibitionId === null ? {} : { exhibitionId: { $ne: exceptExhibitionId } };
  const near = await slots
    .in(scope)
    .find(
      { startsAt: { $gt: lastStartBefore(from), $lt: until }, partOf: null, ...others },
      { sort: byTime },
    );
  return near.filter((slot) => endOf(slot) > from);
}

/**
 * The same, but no more than `limit`, the earliest first; of those that are under way at `from` already the
 * ones begun last.
 */
export async function listFirstSlotsBetween(
  scope: SchoolScope,
  from: Date,
  until: Date,
  limit: number,
): Promise<Slot[]> {
  const [begun, coming] = await Promise.all([
    slots
      .in(scope)
      .find(
        { startsAt: { $gt: lastStartBefore(from), $lte: from }, partOf: null },
        { sort: { startsAt: -1 }, limit },
      ),
    slots
      .in(scope)
      .find({ startsAt: { $gt: from, $lt: until }, partOf: null }, { sort: { startsAt: 1 }, limit }),
  ]);
  const underWay = begun.filter((slot) => endOf(slot) > from).reverse();
  return [...underWay, ...coming].slice(0, limit);
}

export const saveSlots = (scope: SchoolScope, list: Slot[]) => slots.in(scope).insertMany(list);
export const saveSlotSnapshot = (scope: SchoolScope, id: string, snapshotId: string) =>
  slots.in(scope).updateOne({ id }, { $set: { snapshotId } });
/** The panel looks at this version from now on, or stays with the one that it has. */
export const savePortfolioChoice = (scope: SchoolScope, id: string, choice: PortfolioChoice) =>
  slots.in(scope).updateOne(
    { id },
    {
      $push: { portfolioChoices: choice },
      ...(choice.shown ? { $set: { snapshotId: choice.snapshotId } } : {}),
    },
  );
/**
 * Another time, length or room, for every member of a group: the revision rises, so that calendars and other
 * planners notice.
 */
export async function saveSlotMove(
  scope: SchoolScope,
  id: string,
  move: Partial<Pick<Slot, 'startsAt' | 'minutes' | 'room'>>,
  movedAt: Date,
  moveReasons?: Slot['moveReasons'],
): Promise<Slot | null> {
  const change = { $set: { ...move, movedAt }, $inc: { revision: 1 } };
  const own = moveReasons ? { ...change, $set: { ...change.$set, moveReasons } } : change;
  const after = await slots.in(scope).findOneAndUpdate({ id }, own);
  if (after?.group) await slots.in(scope).updateMany({ partOf: id }, change);
  return after;
}
/** One more reason for which a rule was set aside there; time and room stay, so the revision does. */
export const saveSlotReason = (
  scope: SchoolScope,
  id: string,
  reason: NonNullable<Slot['moveReasons']>[number],
) => slots.in(scope).updateOne({ id }, { $push: { moveReasons: reason } });
export const saveSlotPrioritized = (scope: SchoolScope, id: string, prioritized: boolean) =>
  slots.in(scope).updateOne({ id }, { $set: { prioritized } });
/** Who presents there: the revision rises, as with a move. */
export const saveGroup = (scope: SchoolScope, id: string, group: Group) =>
  slots.in(scope).updateOne({ id }, { $set: { group, absent: false }, $inc: { revision: 1 } });
/** Whether somebody who presents alone came. */
export const saveSlotAbsent = (scope: SchoolScope, id: string, absent: boolean) =>
  slots.in(scope).updateOne({ id }, { $set: { absent } });
/** Null when the clock no longer stands where it was seen. */
export const saveSlotClock = (
  scope: SchoolScope,
  id: string,
  seen: RoomClock['phase'] | null,
  clock: RoomClock | null,
) =>
  slots
    .in(scope)
    .findOneAndUpdate(seen === null ? { id, clock: null } : { id, 'clock.phase': seen }, { $set: { clock } });
/** When the exhibition of a draft moves to another term, its slots go along. */
export const saveSlotsTerm = (scope: SchoolScope, exhibitionId: string, termId: string) =>
  slots.in(scope).updateMany({ exhibitionId }, { $set: { termId } });
export const removeSlot = (scope: SchoolScope, id: string) => slots.in(scope).remove({ id });
export const removeMemberSlots = (scope: SchoolScope, id: string) => slots.in(scope).remove({ partOf: id });

/** Presentations stay, with their time and room: they name students by id alone. */
export const saveSnapshotUnpinned = tracesIn(slots, ({ id, keepIssued }) =>
  keepIssued ? null : { studentId: id, snapshotId: { $ne: null } },
);
/** What they present alone. */
export const savePresenterErased = tracesIn(slots, ({ presented }) => ({
  $and: [
    { id: { $in: presented.flatMap((each) => (each.together ? [] : [each.slotId])) } },
    { presenterErasedAt: null },
  ],
}));
/** Groups in which they present: the panel says nothing about them any more. */
export const saveMemberErased = tracesIn(slots, (person) => ({
  $and: [
    { id: { $in: person.presented.flatMap((each) => (each.together ? [each.presentationId] : [])) } },
    { 'group.members': notErasedYet(person) },
  ],
}));
export const saveGroupTitleUnnamed = tracesIn(slots, ({ presented }) => ({
  $and: [
    { id: { $in: presented.filter(({ together }) => together).map(({ presentationId }) => presentationId) } },
    { 'group.title': { $nin: [null, ''] } },
  ],
}));
/** Moves whose reason may name somebody. */
export const saveSlotReasonsUnnamed = tracesIn(slots, () => ({ 'moveReasons.at': { $exists: true } }));

/** Presentations that begin after this moment, by time: the first ones, and how many there are. */
export const listUpcomingSlots = (scope: SchoolScope, after: Date) =>
  slots
    .in(scope)
    .find(
      { startsAt: { $gt: after }, partOf: null },
      { sort: { startsAt: 1 }, fields: ['startsAt', 'room', 'exhibitionId'] },
    );
