/**
 * Rehearsals. Personal data: what peers said to a named student; read by these people, its comments by the
 * student's advisors, and removed when the student wishes.
 */
import { schoolCollection, type SchoolScope } from '../db/database.js';
import type { RoomClock } from '../exhibitions/clock/room-clock.js';
import type { Rehearsal, RehearsalSeat } from './rehearsal.js';
import { tracesIn } from '../person-traces.js';

const always = { type: String, required: true, immutable: true } as const;

const rehearsals = schoolCollection<Rehearsal>(
  'rehearsals',
  {
    studentId: always,
    studentName: always,
    title: always,
    rubric: { type: Object, required: true, immutable: true },
    snapshotId: { type: String, default: null, immutable: true },
    minutes: { type: Number, required: true, immutable: true },
    clock: { type: Object, default: null },
    seats: { type: [Object], required: true },
    advisorsRead: { type: Boolean, default: undefined, immutable: true },
    createdAt: { type: Date, required: true, immutable: true },
    createdBy: always,
  },
  {
    indexes: [
      { keys: { schoolId: 1, studentId: 1, createdAt: -1 } },
      { keys: { schoolId: 1, 'seats.personId': 1, createdAt: -1 } },
      { keys: { schoolId: 1, snapshotId: 1 } },
    ],
  },
);
export const rehearsalsDeclaration = rehearsals.declaration;

const newest = { createdAt: -1 } as const;

export const getRehearsal = (scope: SchoolScope, id: string) => rehearsals.in(scope).get(id);
/** Where somebody presents or was asked to come, newest first. @param except students of whom none is listed */
export const listRehearsalsOf = (
  scope: SchoolScope,
  personId: string,
  page: number,
  perPage: number,
  except: readonly string[] = [],
) =>
  rehearsals.in(scope).page(
    {
      $or: [{ studentId: personId }, { 'seats.personId': personId }],
      ...(except.length > 0 ? { studentId: { $nin: except } } : {}),
    },
    { sort: newest, page, perPage },
  );
/** Of a student, those whose comments the advisors may read, newest first. */
export const listRehearsalsForAdvisors = (
  scope: SchoolScope,
  studentId: string,
  page: number,
  perPage: number,
) => rehearsals.in(scope).page({ studentId, advisorsRead: true }, { sort: newest, page, perPage });
/** Rehearsals at which this person was asked to look at one of these snapshots. */
export const listRehearsalsShowing = (scope: SchoolScope, snapshotIds: readonly string[], personId: string) =>
  rehearsals.in(scope).find({ snapshotId: { $in: snapshotIds }, 'seats.personId': personId });

export const saveRehearsal = (scope: SchoolScope, rehearsal: Rehearsal) =>
  rehearsals.in(scope).insert(rehearsal);
/** A sheet as it was sent; null when it is in already. */
export const saveRehearsalSheet = (scope: SchoolScope, id: string, seat: RehearsalSeat) =>
  rehearsals
    .in(scope)
    .findOneAndUpdate(
      { id, seats: { $elemMatch: { id: seat.id, submittedAt: null } } },
      { $set: { 'seats.$': seat } },
    );
/** Null when the clock no longer stands where it was seen. */
export const saveRehearsalClock = (
  scope: SchoolScope,
  id: string,
  seen: RoomClock['phase'] | null,
  clock: RoomClock | null,
) =>
  rehearsals
    .in(scope)
    .findOneAndUpdate(seen === null ? { id, clock: null } : { id, 'clock.phase': seen }, { $set: { clock } });
export const removeRehearsal = (scope: SchoolScope, id: string) => rehearsals.in(scope).remove({ id });

export const removeRehearsalsOf = tracesIn(rehearsals, ({ id }) => ({ studentId: id }));
export const saveListenerRemoved = tracesIn(rehearsals, ({ id }) => ({
  studentId: { $ne: id },
  'seats.personId': id,
}));
