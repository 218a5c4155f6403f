/**
 * Nobody is seated unasked before a student whom they must not score, and nobody scores one, whichever way
 * they come in and whenever that became known: a planner gives a reason, at a door nobody can.
 */
import type { SchoolScope } from '../../db/database.js';
import { Conflict, InvalidInput, type FieldProblem } from '../../errors.js';
import { studentsOf } from '../groups/group.js';
import { conflictKeys, conflictOf, type ConflictState } from './seat-conflicts.js';
import type { Slot } from '../slots/slot.js';
import { listPeopleWithConflicts } from '../../people/people-records.js';
import type { Sitter } from './check-seat.js';
import type { Seat } from './seat.js';

/**
 * @param reason why they may sit there anyway; '' where none was given
 * @returns the conflict that was accepted with the reason, and its names (`conflictKeys`); null where there is none
 * @throws InvalidInput beside the field and on `conflictReason`
 */
export function checkConflict(
  slot: Slot,
  person: Sitter,
  { field, reason }: { field: string; reason: string },
): { state: ConflictState; keys: string[] } | null {
  const state = conflictOf(person, studentsOf([slot]));
  if (!state) return null;
  if (reason !== '') return { state, keys: conflictKeys(person, studentsOf([slot])) };
  throw new InvalidInput([...conflictProblems(slot, person, { field, reason }), conflictReasonMissing]);
}

export const conflictReasonMissing: FieldProblem = {
  field: 'conflictReason',
  message: 'panel.problem.conflict-reason',
};

/** What is said of this person beside the field; empty where nothing is, or a reason was given. */
export function conflictProblems(
  slot: Slot,
  person: Sitter,
  { field, reason }: { field: string; reason: string },
): FieldProblem[] {
  const state = conflictOf(person, studentsOf([slot]));
  if (!state || reason !== '') return [];
  return [{ field, message: `panel.problem.conflict-${state}`, params: { name: person.displayName } }];
}

/**
 * Of a guest who comes in by a sign: nobody stands between them and the sheet. Words that nobody has settled
 * yet say nothing about this student, and are shown on the board.
 * @throws Conflict `conflict-of-interest`
 */
export function refuseConflictAtSign(slot: Slot, person: Sitter): void {
  if (conflictOf(person, studentsOf([slot])) === 'declared') throw conflictAtSign();
}

/**
 * Whether this seat opens nothing to its person until a planner has accepted why they sit there: by an
 * account, a pass or a sign. Words that nobody has settled stop nobody.
 */
export async function isStoppedByConflict(
  scope: SchoolScope,
  seat: Pick<Seat, 'personId' | 'studentId' | 'members' | 'acceptedConflicts'>,
): Promise<boolean> {
  const [person] = await listPeopleWithConflicts(scope, [seat.personId]);
  const students = seat.members?.map(({ studentId }) => studentId) ?? [seat.studentId];
  return person !== undefined && conflictOf(person, students, seat.acceptedConflicts) === 'declared';
}

export const conflictAtSign = () =>
  new Conflict('panel.pass.conflict-of-interest', {}, 'conflict-of-interest');
