/**
 * Conflicts of interest between those who sit on a panel and those who present there: named by the office or the panelist, or written in their
 * own words and not settled yet. Only reads.
 */
import type { SchoolScope } from '../database.js';
import { listPeopleWithConflicts } from '../people/people-records.js';
import { byId, type Person } from '../people/person.js';
import { studentsOf } from './group.js';
import type { Slot } from './slot.js';

/** `declared`: it is known that they must not score this student; `unsettled`: they wrote of somebody, and nobody has said whom they mean. */
export const conflictStates = ['declared', 'unsettled'] as const;
export type ConflictState = (typeof conflictStates)[number];

/** The rule that stays with the slot beside the reason for which somebody was seated anyway. */
export const seatedWithConflict = 'seated-with-conflict';

/** Null where nothing is known against it. */
export function conflictOf(
  { attendance }: Pick<Partial<Person>, 'attendance'>,
  studentIds: readonly string[],
): ConflictState | null {
  if (attendance?.conflictIds?.some((id) => studentIds.includes(id))) return 'declared';
  return attendance?.conflictWords ? 'unsettled' : null;
}

/** By the id of the seat; seats without a conflict are missing. */
export async function findSeatConflicts(
  scope: SchoolScope,
  slots: readonly Slot[],
  seats: readonly { id: string; slotId: string; personId: string }[],
): Promise<Map<string, ConflictState>> {
  const found = new Map<string, ConflictState>();
  if (seats.length === 0) return found;
  const people = byId(await listPeopleWithConflicts(scope, [...new Set(seats.map((seat) => seat.personId))]));
  if (people.size === 0) return found;
  const known = byId(slots);
  for (const { id, slotId, personId } of seats) {
    const [person, slot] = [people.get(personId), known.get(slotId)];
    const state = person && slot ? conflictOf(person, studentsOf([slot])) : null;
    if (state) found.set(id, state);
  }
  return found;
}
