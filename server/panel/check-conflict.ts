/** Nobody is seated unasked before a student whom they must not score: a planner gives a reason, at the sign of a room nobody can. */
import { Conflict, InvalidInput } from '../errors.js';
import { studentsOf } from '../exhibition/group.js';
import { conflictOf, type ConflictState } from '../exhibition/seat-conflicts.js';
import type { Slot } from '../exhibition/slot.js';
import type { Sitter } from './check-seat.js';

/**
 * @param reason why they may sit there anyway; '' where none was given
 * @returns the conflict that was accepted with the reason, null where there is none
 * @throws InvalidInput beside the field and on `conflictReason`
 */
export function checkConflict(
  slot: Slot,
  person: Sitter,
  { field, reason }: { field: string; reason: string },
): ConflictState | null {
  const state = conflictOf(person, studentsOf([slot]));
  if (!state || reason !== '') return state;
  throw new InvalidInput([
    { field, message: `panel.problem.conflict-${state}`, params: { name: person.displayName } },
    { field: 'conflictReason', message: 'panel.problem.conflict-reason' },
  ]);
}

/**
 * Of a guest who comes in by a sign: nobody stands between them and the sheet. Words that nobody has settled yet say nothing about this
 * student, and are shown on the board.
 * @throws Conflict `conflict-of-interest`
 */
export function refuseConflictAtSign(slot: Slot, person: Sitter): void {
  if (conflictOf(person, studentsOf([slot])) === 'declared') throw conflictAtSign();
}

export const conflictAtSign = () =>
  new Conflict('panel.problem.conflict-at-sign', {}, 'conflict-of-interest');
