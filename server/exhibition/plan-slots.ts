/** Adds and removes slots. Refuses double bookings; two planners at once are put in a row by the audit chain. */
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, type SchoolScope } from '../database.js';
import { Conflict, InvalidInput, type FieldProblem } from '../errors.js';
import { newId } from '../ids.js';
import { listPeopleByIds } from '../people/people-records.js';
import { permit } from '../people/person.js';
import { mayManageExhibitions, mayPlan, type Exhibition } from './exhibition.js';
import { getExhibition } from './exhibition-records.js';
import { pinSnapshots } from './move-exhibition.js';
import { checkClashes, occupancyOf } from './occupancies.js';
import type { PanelDoor } from './panel-door.js';
import { mayRemoveSlot, type Clash, type Slot } from './slot.js';
import { getSlot, listSlotsOfExhibition, removeSlot, saveSlots } from './slot-records.js';

export interface PlanSlotNeeds {
  clock: Clock;
  panel: PanelDoor;
}

export interface SlotInput {
  studentId: string;
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
 * All of them or none.
 * @param several whether field problems are told as `slots.2.room` instead of `room`
 * @throws Conflict when the exhibition is closed; InvalidInput for unknown students, double bookings and attempts that exist
 */
export async function addSlots(
  needs: PlanSlotNeeds,
  scope: SchoolScope,
  actor: Actor,
  exhibitionId: string,
  inputs: readonly SlotInput[],
  several = true,
): Promise<Slot[]> {
  permit(mayManageExhibitions(actor));
  const field = (at: number, name: string) => (several ? `slots.${at}.${name}` : name);
  return inTransaction(scope, async (inside) => {
    const exhibition = await getExhibition(inside, exhibitionId);
    if (!mayPlan(exhibition)) throw new Conflict('exhibition.problem.closed');
    const slots = inputs.map((input) => newSlot(exhibition, input, needs.clock.now()));
    await checkStudents(inside, exhibition, slots, field);
    // The number of the audit entry is the turn: of two planners at once the later one starts again and sees the earlier's slots.
    await appendAudit(
      inside,
      needs.clock,
      actor,
      'slot.add',
      { kind: 'exhibition', id: exhibitionId },
      { slotIds: slots.map((slot) => slot.id) },
    );
    const wanted = slots.map((slot) => occupancyOf(slot, exhibition.format, []));
    await checkClashes(needs.panel, inside, wanted, (at, clash) => field(at, clashField[clash.kind]));
    await saveSlots(inside, slots);
    await pinSnapshots(inside, slots, exhibition.phase);
    return slots;
  });
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

async function checkStudents(
  scope: SchoolScope,
  exhibition: Exhibition,
  slots: readonly Slot[],
  field: (at: number, name: string) => string,
): Promise<void> {
  const [people, planned] = await Promise.all([
    listPeopleByIds(
      scope,
      slots.map((slot) => slot.studentId),
    ),
    listSlotsOfExhibition(scope, exhibition.id),
  ]);
  const students = new Map(
    people.filter((person) => person.roles.includes('student')).map((person) => [person.id, person]),
  );
  const problems = slots.flatMap((slot, at): FieldProblem[] => {
    const student = students.get(slot.studentId);
    if (!student) return [{ field: field(at, 'studentId'), message: 'exhibition.problem.no-such-student' }];
    if (!student.active)
      return [{ field: field(at, 'studentId'), message: 'exhibition.problem.student-left' }];
    const before = [...planned, ...slots.slice(0, at)].filter((other) => other.studentId === slot.studentId);
    if (before.some((other) => other.attempt === slot.attempt)) {
      const params = {
        name: student.displayName,
        attempt: slot.attempt,
        next: Math.max(...before.map((other) => other.attempt)) + 1,
      };
      return [{ field: field(at, 'attempt'), message: 'exhibition.problem.attempt-exists', params }];
    }
    return [];
  });
  if (problems.length > 0) throw new InvalidInput(problems);
}

/** @throws Conflict when it is closed or a sheet was begun: what was acknowledged is never lost */
export async function takeSlotOut(
  needs: PlanSlotNeeds,
  scope: SchoolScope,
  actor: Actor,
  id: string,
): Promise<Slot> {
  permit(mayManageExhibitions(actor));
  return inTransaction(scope, async (inside) => {
    const slot = await getSlot(inside, id);
    const exhibition = await getExhibition(inside, slot.exhibitionId);
    const seats = await needs.panel.listSeatFacts(inside, [id]);
    const visits = (await needs.panel.countVisits(inside, [id])).get(id) ?? 0;
    const begun = seats.filter((seat) => seat.sheet !== 'not-started').length + visits;
    if (!mayRemoveSlot(exhibition.phase, begun)) {
      throw new Conflict(begun > 0 ? 'exhibition.problem.slot-has-sheets' : 'exhibition.problem.closed');
    }
    await needs.panel.slotRemoved(inside, id);
    await removeSlot(inside, id);
    await appendAudit(
      inside,
      needs.clock,
      actor,
      'slot.remove',
      { kind: 'slot', id },
      {
        exhibitionId: slot.exhibitionId,
        studentId: slot.studentId,
        seats: seats.length,
      },
    );
    return slot;
  });
}
