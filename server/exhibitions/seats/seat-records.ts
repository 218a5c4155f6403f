/**
 * Seats and their passes. Personal data: names of panelists and guests, whom they heard; pass codes only as
 * keyed hashes.
 */
import { schoolCollection, type Database, type Page, type SchoolScope } from '../../db/database.js';
import type { GroupMember } from '../groups/group.js';
import { passState, type Pass } from '../passes/pass.js';
import type { Admission } from '../counting/counted-seats.js';
import { isOpenTo, type SheetRestart, type Seat } from './seat.js';
import { notErasedYet } from '../groups/group.js';
import { tracesIn } from '../../person-traces.js';

const isText = { $type: 'string' };
const seats = schoolCollection<Seat>(
  'seats',
  {
    slotId: { type: String, required: true, immutable: true },
    exhibitionId: { type: String, required: true, immutable: true },
    studentId: { type: String, required: true, immutable: true },
    members: { type: [Object], default: undefined },
    personId: { type: String, required: true, immutable: true },
    name: { type: String, required: true },
    role: { type: String, required: true },
    chair: { type: Boolean, required: true },
    pass: { type: Object, default: null },
    roomPassId: { type: String, default: null },
    takenBy: { type: String, default: null },
    hands: { type: [String], default: undefined },
    anew: { type: [Object], default: undefined },
    endedAt: { type: Date, default: null },
    setAsideAt: { type: Date, default: null },
    admission: { type: Object, default: null },
    presenterErasedAt: { type: Date, default: undefined },
    arrivedAt: { type: Date, default: undefined },
    notHereAt: { type: Date, default: undefined },
    seenAt: { type: Date, default: undefined },
    conflictAcceptedAt: { type: Date, default: undefined },
    acceptedConflicts: { type: [String], default: undefined },
    createdAt: { type: Date, required: true, immutable: true },
    createdBy: { type: String, required: true, immutable: true },
  },
  {
    indexes: [
      { keys: { schoolId: 1, slotId: 1, personId: 1 }, unique: true },
      { keys: { schoolId: 1, slotId: 1, chair: 1 }, unique: true, partialFilterExpression: { chair: true } },
      { keys: { schoolId: 1, exhibitionId: 1 } },
      { keys: { schoolId: 1, personId: 1, createdAt: -1, _id: 1 } },
      { keys: { schoolId: 1, studentId: 1 } },
      // The few whose sheets do not count.
      {
        keys: { schoolId: 1, exhibitionId: 1, setAsideAt: 1 },
        partialFilterExpression: { setAsideAt: { $type: 'date' } },
      },
      {
        keys: { schoolId: 1, exhibitionId: 1, 'admission.askedAt': 1 },
        partialFilterExpression: { 'admission.askedAt': { $type: 'date' } },
      },
      {
        keys: { 'pass.secretHash': 1 },
        unique: true,
        partialFilterExpression: { 'pass.secretHash': isText },
      },
      {
        keys: { 'pass.codeHash': 1 },
        unique: true,
        partialFilterExpression: { 'pass.codeHash': isText },
      },
    ],
  },
);
export const seatsDeclaration = seats.declaration;

const withPass = { 'pass.secretHash': isText };

/** In the order in which they were set. */
const asSet = { createdAt: 1, id: 1 } as const;

export const findSeat = (scope: SchoolScope, id: string) => seats.in(scope).findOne({ id });
export const getSeat = (scope: SchoolScope, id: string) => seats.in(scope).get(id);
export const listSeatsOfSlot = (scope: SchoolScope, slotId: string) =>
  seats.in(scope).find({ slotId }, { sort: asSet });
export const listSeatsOfSlots = (scope: SchoolScope, slotIds: readonly string[]) =>
  seats.in(scope).find({ slotId: { $in: slotIds } }, { sort: asSet });
/** Whose sheets an exhibition waits for; phones stay where they are. */
export const listSeatsOfExhibition = (scope: SchoolScope, exhibitionId: string) =>
  seats.in(scope).find(
    { exhibitionId },
    {
      fields: [
        'slotId',
        'personId',
        'name',
        'role',
        'chair',
        'endedAt',
        'roomPassId',
        'pass.revokedAt',
        'setAsideAt',
        'admission',
      ],
    },
  );
/** What a board shows of the seats of these slots; passes and phones stay where they are. */
export const listShownSeats = (scope: SchoolScope, slotIds: readonly string[]) =>
  seats.in(scope).find(
    { slotId: { $in: slotIds } },
    {
      sort: asSet,
      fields: ['slotId', 'personId', 'name', 'role', 'chair', 'endedAt', 'setAsideAt', 'admission'],
    },
  );
/** Who sits at these slots. */
export const listSeated = (scope: SchoolScope, slotIds: readonly string[]) =>
  seats.in(scope).find({ slotId: { $in: slotIds } }, { fields: ['slotId', 'personId'] });
/** Where this person sits on the panels of an exhibition. */
export const listSlotIdsOfPanelist = async (scope: SchoolScope, exhibitionId: string, personId: string) =>
  (await seats.in(scope).find({ personId, exhibitionId, endedAt: null }, { fields: ['slotId'] })).map(
    ({ slotId }) => slotId,
  );
export const countSeatsOfExhibition = (scope: SchoolScope, exhibitionId: string) =>
  seats.in(scope).count({ exhibitionId });
/** Seats of an exhibition whose sheets count nowhere: set aside, or of guests whom nobody has admitted yet. */
export async function listUncountedSeats(scope: SchoolScope, exhibitionId: string): Promise<Seat[]> {
  const [aside, asked] = await Promise.all([
    seats.in(scope).find({ exhibitionId, setAsideAt: { $type: 'date' } }),
    seats.in(scope).find({ exhibitionId, 'admission.askedAt': { $type: 'date' } }),
  ]);
  const waiting = asked.filter((seat) => !seat.setAsideAt && seat.admission?.admittedAt === null);
  return [...aside, ...waiting];
}
/** Seats of guests whom nobody has admitted, and whose sheet is not set aside. */
export const listSeatsToAdmit = (scope: SchoolScope, exhibitionIds: readonly string[]): Promise<Seat[]> =>
  seats.in(scope).find(
    {
      exhibitionId: { $in: exhibitionIds },
      'admission.askedAt': { $type: 'date' },
      'admission.admittedAt': null,
      setAsideAt: null,
    },
    { sort: asSet },
  );
/** Where this person sits in an exhibition. */
export const listSeatsOfPersonAt = (scope: SchoolScope, exhibitionId: string, personId: string) =>
  seats.in(scope).find({ personId, exhibitionId }, { sort: asSet });
/** Newest first. */
export const listSeatsOfPerson = (
  scope: SchoolScope,
  personId: string,
  page: number,
  perPage: number,
  exceptExhibitionIds: readonly string[] = [],
): Promise<Page<Seat>> =>
  seats
    .in(scope)
    .page(
      { personId, endedAt: null, exhibitionId: { $nin: exceptExhibitionIds } },
      { sort: { createdAt: -1 }, page, perPage },
    );
/** A person's seats as family on the panels of one student. */
export const listFamilySeats = (scope: SchoolScope, studentId: string, personId: string) =>
  seats
    .in(scope)
    .find(
      { personId, role: 'family', $or: [{ studentId }, { 'members.studentId': studentId }] },
      { sort: asSet },
    );
export const listSeatsByIds = (scope: SchoolScope, ids: readonly string[]) =>
  seats.in(scope).find({ id: { $in: ids } }, { sort: asSet });

/** Who holds this pass? Asked before any school is known: the hash is the only thing that is. */
export const findSeatByPass = (db: Database, face: 'secret' | 'code', hash: string) =>
  // That it is a text says what the index holds; without that MongoDB would not use it and read all seats there are.
  seats.acrossSchools(db).findOne({ [`pass.${face}Hash`]: { $eq: hash, ...isText } });

export const saveSeat = (scope: SchoolScope, seat: Seat) => seats.in(scope).insert(seat);
export const saveSeats = (scope: SchoolScope, list: Seat[]) => seats.in(scope).insertMany(list);
/** Who presents in the group has changed. */
export async function saveSeatMembers(
  scope: SchoolScope,
  slotId: string,
  members: GroupMember[],
): Promise<void> {
  await seats.in(scope).updateMany({ slotId }, { $set: { members } });
}
/** The chair has gone to somebody else. */
export const removeChair = (scope: SchoolScope, slotId: string) =>
  seats.in(scope).updateMany({ slotId, chair: true }, { $set: { chair: false } });
/** A new pass replaces the old one, which no longer opens anything. */
export const savePass = (scope: SchoolScope, id: string, pass: Pass) =>
  seats.in(scope).findOneAndUpdate({ id }, { $set: { pass } });
/** Somebody expected has come by the sign of the room. Null when the seat does not wait any more. */
export const saveSeatTaken = (
  scope: SchoolScope,
  id: string,
  taken: Required<Pick<Seat, 'pass' | 'roomPassId' | 'takenBy' | 'admission'>>,
) => seats.in(scope).findOneAndUpdate({ id, pass: null, hands: { $exists: false } }, { $set: taken });
export const savePassExpiry = (scope: SchoolScope, id: string, expiresAt: Date) =>
  seats
    .in(scope)
    .updateOne({ id, ...withPass, 'pass.revokedAt': null }, { $set: { 'pass.expiresAt': expiresAt } });
/** Null when there was no pass, or it was revoked before. */
export const savePassRevoked = (scope: SchoolScope, id: string, at: Date) =>
  seats
    .in(scope)
    .findOneAndUpdate({ id, ...withPass, 'pass.revokedAt': null }, { $set: { 'pass.revokedAt': at } });
export const savePassUsed = (scope: SchoolScope, id: string, at: Date) =>
  seats.in(scope).updateOne({ id, ...withPass, 'pass.usedAt': null }, { $set: { 'pass.usedAt': at } });
/** Each time, so that a link which was tried at home is seen again on the day. */
export const savePassSeen = (scope: SchoolScope, id: string, at: Date) =>
  seats.in(scope).updateOne({ id, ...withPass }, { $set: { seenAt: at } });
/** What the check-in desk says of somebody, on all their seats of the day. */
export const saveArrived = (
  scope: SchoolScope,
  ids: readonly string[],
  said: { arrivedAt: Date | null; notHereAt: Date | null },
) => seats.in(scope).updateMany({ id: { $in: ids } }, { $set: said });
export const saveSeatEnded = (scope: SchoolScope, id: string, at: Date) =>
  seats.in(scope).updateOne({ id }, { $set: { endedAt: at, chair: false } });
/** Its sheet is set aside from then on; null: it counts again. */
export const saveSeatSetAside = (scope: SchoolScope, id: string, at: Date | null) =>
  seats.in(scope).updateOne({ id }, { $set: { setAsideAt: at } });
export const saveSeatsAdmitted = (scope: SchoolScope, ids: readonly string[], admission: Admission) =>
  seats.in(scope).updateMany({ id: { $in: ids } }, { $set: { admission } });
/** A planner has given a reason for which they sit there in spite of what these name (`conflictKeys`). */
export const saveConflictAccepted = (scope: SchoolScope, id: string, keys: readonly string[], at: Date) =>
  seats.in(scope).updateOne({ id }, { $set: { conflictAcceptedAt: at, acceptedConflicts: [...keys] } });
export const removeSeat = (scope: SchoolScope, id: string) => seats.in(scope).remove({ id });
export const removeSeatsOfSlot = (scope: SchoolScope, slotId: string) => seats.in(scope).remove({ slotId });
/**
 * The first change comes to this seat's sheet: from here on it belongs to this phone, or to an account
 * (null). Inside the transaction that writes the sheet, so that neither the seat is gone nor another phone on
 * it when that holds. The seat after it; null when there is no such seat any more.
 */
export async function claimSeat(scope: SchoolScope, id: string, hand: string | null): Promise<Seat | null> {
  const begun = await seats
    .in(scope)
    .findOneAndUpdate({ id, hands: { $exists: false } }, { $set: { hands: hand === null ? [] : [hand] } });
  return begun ?? seats.in(scope).findOne({ id });
}
/** One more phone of the same guest. */
export const saveHand = (scope: SchoolScope, id: string, hand: string) =>
  seats.in(scope).updateOne({ id }, { $addToSet: { hands: hand } });
/** The sheet begins anew on this phone; those before it open it no longer. */
export const saveHandAnew = (scope: SchoolScope, id: string, hand: string, anew: SheetRestart) =>
  seats.in(scope).updateOne({ id }, { $set: { hands: [hand] }, $push: { anew } });
/** Of these seats of a guest, those whose pass still opens the door, and that belong to this phone or to nobody yet. */
export async function findLiveSeats(
  scope: SchoolScope,
  personId: string,
  seatIds: readonly string[],
  hand: string,
  now: Date,
): Promise<string[]> {
  const found = await seats.in(scope).findEach(seatIds);
  return found
    .filter((seat) => seat.personId === personId)
    .filter((seat) => !seat.endedAt && passState(seat.pass, now) === 'valid' && isOpenTo(seat, hand))
    .map((seat) => seat.id);
}

/** Seats at what they presented alone. */
export const saveSeatPresenterErased = tracesIn(seats, ({ presented }) => ({
  slotId: { $in: presented.flatMap((each) => (each.together ? [] : [each.slotId])) },
  presenterErasedAt: null,
}));
/** Seats at what they presented with others. */
export const saveSeatMemberErased = tracesIn(seats, (person) => ({
  slotId: { $in: person.presented.flatMap((each) => (each.together ? [each.presentationId] : [])) },
  members: notErasedYet(person),
}));
/** Without a submitted sheet there is no voice: the seat goes. */
export const removeSeatsOf = tracesIn(seats, ({ id, sealedSeatIds }) => ({
  $and: [{ personId: id }, { id: { $nin: sealedSeatIds } }],
}));
export const saveSeatsUnnamed = tracesIn(seats, ({ id, sealedSeatIds, mark }) => ({
  $and: [{ personId: id, name: { $ne: mark } }, { id: { $in: sealedSeatIds } }],
}));
export const saveAdmitterUnnamed = tracesIn(seats, ({ ids, mark }) => ({
  'admission.askedAt': { $type: 'date' },
  'admission.by': { $in: ids },
  'admission.byName': { $ne: mark },
}));
export const savePassRenewerUnnamed = tracesIn(seats, ({ ids, mark }) => ({
  'pass.renewedBy.personId': { $in: ids },
  'pass.renewedBy.name': { $ne: mark },
}));
