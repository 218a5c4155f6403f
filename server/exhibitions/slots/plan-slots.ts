/** Adds and removes slots. Refuses double bookings; two planners at once are put in a row by the timetable's lock. */
import type { Actor } from '../../access/actor.js';
import { appendAudit } from '../../audit/append-audit.js';
import type { Clock } from '../../clock.js';
import type { SchoolScope } from '../../db/database.js';
import { Conflict, InvalidInput, type FieldProblem } from '../../errors.js';
import { newId } from '../../ids.js';
import { listPeopleByIds } from '../../people/people-records.js';
import { requirePermission } from '../../people/person.js';
import { panelLock, timetableLock, withLocks } from '../../db/record-locks.js';
import { mayManageExhibitions, mayPlan, type Exhibition } from '../exhibition.js';
import { groupProblem, MAX_MEMBERS, membersOf, newMemberSlot } from '../groups/group.js';
import { getExhibition, saveReasonsAdded } from '../exhibition-records.js';
import { pinSnapshots } from '../move-exhibition.js';
import { checkClashes, occupancyOf } from './occupancies.js';
import { mayRemoveSlot, type Clash, type Slot } from './slot.js';
import {
  getPresentation,
  listMemberSlotsOfExhibition,
  removeMemberSlots,
  removeSlot,
  saveSlots,
} from './slot-records.js';
import { requireSlotSeen } from './change-slot.js';
import { checkActsFor } from '../planners/planners.js';
import type { ExhibitionPorts } from '../exhibition-ports.js';
import { listSeatFacts, slotRemoved } from '../seats/seat-facts.js';

export interface PlanSlotNeeds extends ExhibitionPorts {
  clock: Clock;
}

export interface SlotInput {
  studentId: string;
  /** Who presents together with them, and what the group calls itself. */
  withIds?: readonly string[] | undefined;
  groupTitle?: string | undefined;
  startsAt: Date;
  room: string;
  /** Left out: the exhibition's length. */
  minutes?: number | undefined;
  /** Left out: 1. */
  attempt?: number | undefined;
  /** The exhibition of the first attempt, where it is another one. */
  attemptOf?: string | null | undefined;
}

const clashField: Record<Clash['kind'], string> = {
  room: 'room',
  student: 'studentId',
  panelist: 'startsAt',
};

/**
 * All of them or none. Answers the presentations, a group's once.
 * @param several whether field problems are told as `slots.2.room` instead of `room`
 * @throws Conflict when the exhibition is closed; InvalidInput for unknown students, double bookings and
 *   attempts that exist
 */
export async function addSlots(
  needs: PlanSlotNeeds,
  scope: SchoolScope,
  actor: Actor,
  exhibitionId: string,
  inputs: readonly SlotInput[],
  several = true,
): Promise<Slot[]> {
  requirePermission(mayManageExhibitions(actor));
  const field = (at: number, name: string) => (several ? `slots.${at}.${name}` : name);
  return withLocks(scope, [timetableLock], async (inside) => {
    const exhibition = await getExhibition(inside, exhibitionId);
    if (!mayPlan(exhibition)) throw new Conflict('exhibition.problem.closed');
    const planned = inputs.map((input) => newPresentation(exhibition, input, needs.clock.now()));
    const slots = planned.map(([first]) => first!);
    await checkActsFor(inside, actor, exhibition, slots);
    const everybody = planned.flatMap((members, at) => members.map((slot) => ({ slot, at })));
    checkGroups(exhibition, slots, field);
    await checkStudents(inside, exhibition, everybody, field);
    await appendAudit(
      inside,
      needs.clock,
      actor,
      'slot.add',
      { kind: 'exhibition', id: exhibitionId },
      { slotIds: slots.map((slot) => slot.id) },
    );
    const wanted = slots.map((slot) => occupancyOf(slot, exhibition.format, []));
    await checkClashes(inside, wanted, (at, clash) => field(at, clashField[clash.kind]));
    await saveSlots(inside, planned.flat());
    await pinSnapshots(inside, planned.flat(), exhibition.phase);
    return slots;
  });
}

/** The slot of the one who presents; of a group all members' slots, its presentation first. */
function newPresentation(exhibition: Exhibition, input: SlotInput, now: Date): Slot[] {
  const first = newSlot(exhibition, input, now);
  if (!input.withIds?.length) return [first];
  const others = input.withIds.map((studentId) => newMemberSlot(first, studentId, now));
  const members = [first, ...others].map(({ id, studentId }) => ({ slotId: id, studentId, absent: false }));
  return [{ ...first, group: { title: input.groupTitle ?? '', members } }, ...others];
}

/** @throws InvalidInput for a group at a gallery, one that is too large, and somebody named twice in it */
function checkGroups(
  exhibition: Exhibition,
  slots: readonly Slot[],
  field: (at: number, name: string) => string,
): void {
  const problems = slots.flatMap(({ group }, at): FieldProblem[] => {
    const message = group && groupProblem(exhibition, group.members);
    return message ? [{ field: field(at, 'studentId'), message, params: { count: MAX_MEMBERS } }] : [];
  });
  if (problems.length > 0) throw new InvalidInput(problems);
}

function newSlot(exhibition: Exhibition, input: SlotInput, now: Date): Slot {
  return {
    id: newId(),
    schoolId: exhibition.schoolId,
    exhibitionId: exhibition.id,
    termId: exhibition.termId,
    studentId: input.studentId,
    startsAt: input.startsAt,
    minutes: input.minutes ?? exhibition.slotMinutes,
    room: input.room,
    attempt: input.attempt ?? 1,
    attemptOf: input.attemptOf ?? null,
    snapshotId: null,
    createdAt: now,
  };
}

/**
 * @param slots of every student, with the place of their presentation among those that were asked for
 * @throws InvalidInput for people who are no students here, have left, or have this attempt already
 */
export async function checkStudents(
  scope: SchoolScope,
  exhibition: Exhibition,
  slots: readonly { slot: Slot; at: number }[],
  field: (at: number, name: string) => string,
): Promise<void> {
  const [people, planned] = await Promise.all([
    listPeopleByIds(
      scope,
      slots.map(({ slot }) => slot.studentId),
    ),
    listMemberSlotsOfExhibition(scope, exhibition.id),
  ]);
  const students = new Map(
    people.filter((person) => person.roles.includes('student')).map((person) => [person.id, person]),
  );
  const attempts = new Map<string, Set<number>>();
  const attemptsOf = (studentId: string): Set<number> => {
    const known = attempts.get(studentId) ?? new Set();
    attempts.set(studentId, known);
    return known;
  };
  for (const { studentId, attempt } of planned) attemptsOf(studentId).add(attempt);
  const problems = slots.flatMap(({ slot, at }): FieldProblem[] => {
    const student = students.get(slot.studentId);
    if (!student) return [{ field: field(at, 'studentId'), message: 'exhibition.problem.no-such-student' }];
    if (!student.active)
      return [{ field: field(at, 'studentId'), message: 'exhibition.problem.student-left' }];
    const before = attemptsOf(slot.studentId);
    if (!before.has(slot.attempt)) {
      before.add(slot.attempt);
      return [];
    }
    const params = { name: student.displayName, attempt: slot.attempt, next: Math.max(...before) + 1 };
    return [{ field: field(at, 'attempt'), message: 'exhibition.problem.attempt-exists', params }];
  });
  if (problems.length > 0) throw new InvalidInput(problems);
}

/**
 * Takes a presentation out, of a group with all its members.
 * @param seen its revision, as its sender has seen it
 * @throws Conflict when it is closed or a sheet was begun: what was acknowledged is never lost; `stale` when
 *   somebody has moved it since, or changed who presents there; StateMissing
 */
export async function takeSlotOut(
  needs: PlanSlotNeeds,
  scope: SchoolScope,
  actor: Actor,
  slotId: string,
  seen: number | undefined,
): Promise<Slot> {
  requirePermission(mayManageExhibitions(actor));
  const { id } = await getPresentation(scope, slotId);
  return withLocks(scope, [timetableLock, panelLock(id)], async (inside) => {
    const slot = await getPresentation(inside, slotId);
    const exhibition = await getExhibition(inside, slot.exhibitionId);
    await checkActsFor(inside, actor, exhibition, [slot]);
    await requireSlotSeen(inside, slot, seen);
    const seats = await listSeatFacts(needs, inside, [id]);
    const visits = (await needs.countVisits(inside, [id])).get(id) ?? 0;
    const begun = seats.filter((seat) => seat.sheet !== 'not-started').length + visits;
    if (!mayRemoveSlot(exhibition.phase, begun)) {
      throw new Conflict(begun > 0 ? 'exhibition.problem.slot-has-sheets' : 'exhibition.problem.closed');
    }
    await slotRemoved(needs, inside, id);
    await removeSlot(inside, id);
    // The audit record says that there are reasons: the exhibition keeps them.
    if (slot.moveReasons?.length)
      await saveReasonsAdded(
        inside,
        exhibition.id,
        slot.moveReasons.map((each) => ({ ...each, slotId: id })),
      );
    if (slot.group) await removeMemberSlots(inside, id);
    await appendAudit(
      inside,
      needs.clock,
      actor,
      'slot.remove',
      { kind: 'slot', id },
      {
        exhibitionId: slot.exhibitionId,
        studentId: slot.studentId,
        ...(slot.group ? { group: membersOf(slot).map(({ studentId }) => studentId) } : {}),
        seats: seats.length,
      },
    );
    return slot;
  });
}
