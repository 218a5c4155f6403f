/**
 * Conflicts of interest between those who sit on a panel and those who present there: named by the office or
 * the panelist, or written in their own words and not settled yet. Only reads.
 */
import type { SchoolScope } from '../../db/database.js';
import { listPeopleWithConflicts } from '../../people/people-records.js';
import { byId, type Person } from '../../people/person.js';
import { studentsOf } from '../groups/group.js';
import { seenOf } from '../refuse-stale.js';
import type { Slot } from '../slots/slot.js';

/**
 * `declared`: it is known that they must not score this student; `unsettled`: they wrote of somebody, and
 * nobody has said whom they mean.
 */
export const conflictStates = ['declared', 'unsettled'] as const;
export type ConflictState = (typeof conflictStates)[number];

/** The rule that stays with the slot beside the reason for which somebody was seated anyway. */
export const seatedWithConflict = 'seated-with-conflict';

/**
 * What is known against it, one by one, as an acceptance names it: ids of students, and a digest of the words
 * that are not settled. What is recorded later has another name, so that no acceptance covers it.
 */
export const conflictKeys = (
  { attendance }: Pick<Partial<Person>, 'attendance'>,
  studentIds: readonly string[],
): string[] => [
  ...(attendance?.conflictIds ?? []).filter((id) => studentIds.includes(id)),
  ...(attendance?.conflictWords ? [`words:${seenOf(attendance.conflictWords)}`] : []),
];

/**
 * Null where nothing is known against it.
 * @param accepted names (`conflictKeys`) of what a planner has accepted with a reason
 */
export function conflictOf(
  person: Pick<Partial<Person>, 'attendance'>,
  studentIds: readonly string[],
  accepted: readonly string[] = [],
): ConflictState | null {
  const open = conflictKeys(person, studentIds).filter((key) => !accepted.includes(key));
  if (open.length === 0) return null;
  return open.some((key) => studentIds.includes(key)) ? 'declared' : 'unsettled';
}

/** A conflict of somebody who sits on a panel. */
export interface SeatConflict {
  state: ConflictState;
  /** What of it nobody has accepted for this seat; null where all of it is accepted. */
  open: ConflictState | null;
  /** All of it by name. */
  keys: string[];
}

/** By the id of the seat; seats without a conflict are missing. */
export async function findSeatConflicts(
  scope: SchoolScope,
  slots: readonly Slot[],
  seats: readonly { id: string; slotId: string; personId: string; acceptedConflicts?: string[] }[],
): Promise<Map<string, SeatConflict>> {
  const found = new Map<string, SeatConflict>();
  if (seats.length === 0) return found;
  const people = byId(await listPeopleWithConflicts(scope, [...new Set(seats.map((seat) => seat.personId))]));
  if (people.size === 0) return found;
  const known = byId(slots);
  for (const { id, slotId, personId, acceptedConflicts } of seats) {
    const [person, slot] = [people.get(personId), known.get(slotId)];
    if (!person || !slot) continue;
    const students = studentsOf([slot]);
    const state = conflictOf(person, students);
    const open = conflictOf(person, students, acceptedConflicts);
    if (state) found.set(id, { state, open, keys: conflictKeys(person, students) });
  }
  return found;
}
