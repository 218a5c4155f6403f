/**
 * Whether somebody may sit on the panel of a slot, without putting them there: also asked where a person
 * chooses among several. Only reads.
 */
import type { SchoolScope } from '../../db/database.js';
import { Conflict, InvalidInput } from '../../errors.js';
import { mayPlan, type Exhibition } from '../exhibition.js';
import { memberSlotsOf, studentsOf } from '../groups/group.js';
import { findPresenters } from '../slots/name-presenters.js';
import { checkClashes, occupancyOf } from '../slots/occupancies.js';
import type { Slot } from '../slots/slot.js';
import { listAdvisoriesOfStudents } from '../../people/people-records.js';
import type { Person } from '../../people/person.js';
import { checkConflict } from './check-conflict.js';
import { isAboutErased, mayReadSheets, presentedAt, seatProblem, type Seat, type SeatRole } from './seat.js';
import { listSeatsOfSlot } from './seat-records.js';
import type { ExhibitionPorts } from '../exhibition-ports.js';

export type Sitter = Pick<Person, 'id' | 'displayName' | 'roles' | 'active'> &
  Pick<Partial<Person>, 'attendance'>;

const problem = (field: string, message: string) => new InvalidInput([{ field, message }]);

/** @throws Conflict where nobody is put on the panel any more */
export function checkTakesPeople(exhibition: Exhibition, slot: Slot): void {
  if (!mayPlan(exhibition)) throw new Conflict('exhibition.problem.closed');
  if (isAboutErased(presentedAt(slot))) throw new Conflict('panel.problem.presenter-erased');
  if (slot.absent) throw new Conflict('panel.problem.presenter-absent', {}, 'absent');
}

/**
 * All of it for somebody whom the school knows. @throws InvalidInput on `personId`, or Conflict: why they may
 * not sit there
 */
export async function checkSeat(
  needs: ExhibitionPorts,
  scope: SchoolScope,
  exhibition: Exhibition,
  slot: Slot,
  person: Sitter,
  role: SeatRole,
): Promise<void> {
  checkTakesPeople(exhibition, slot);
  const wrong = seatProblem(person, role, studentsOf([slot]));
  if (wrong) throw problem('personId', wrong);
  checkConflict(slot, person, { field: 'personId', reason: '' });
  await checkFree(needs, scope, exhibition, slot, person, 'personId', false);
}

/**
 * @throws InvalidInput on the field, or Conflict, for somebody who sits there, is elsewhere, or has read what
 *   others wrote
 */
export async function checkFree(
  needs: ExhibitionPorts,
  scope: SchoolScope,
  exhibition: Exhibition,
  slot: Slot,
  person: Sitter,
  field: string,
  isNamesake: boolean,
): Promise<void> {
  const seated = await listSeatsOfSlot(scope, slot.id);
  if (await needs.isPublished(scope, memberSlotsOf(slot))) throw new Conflict('panel.problem.published');
  await checkUnread(needs, scope, slot, seated, person, field);
  if (seated.some((seat) => seat.personId === person.id)) throw problem(field, 'panel.problem.sits-here');
  // A guest typed in twice is mostly a double tap; a namesake gets an initial more.
  if (
    field === 'name' &&
    !isNamesake &&
    seated.some((seat) => seat.name.toLowerCase() === person.displayName.toLowerCase())
  ) {
    throw problem(field, 'panel.problem.name-sits-here');
  }
  // Only the newcomer is asked about: whoever sits here already was checked when they were set.
  const wanted = {
    ...occupancyOf(slot, exhibition.format, [{ personId: person.id }]),
    room: '',
    studentIds: [],
  };
  await checkClashes(scope, [wanted], () => field);
}

/** The seal: whoever may have read a sheet of this panel from outside writes none on it any more. */
async function checkUnread(
  needs: ExhibitionPorts,
  scope: SchoolScope,
  slot: Slot,
  seated: readonly Seat[],
  person: Sitter,
  field: string,
): Promise<void> {
  const states = await needs.listSheetStates(
    scope,
    seated.map((seat) => seat.id),
  );
  if (![...states.values()].includes('submitted')) return;
  const students = await findPresenters(scope, [slot]);
  const advisories = await listAdvisoriesOfStudents(scope, [...students.values()]);
  if (
    mayReadSheets(
      person,
      advisories.flatMap(({ advisorIds }) => advisorIds),
    )
  )
    throw problem(field, 'panel.problem.may-read-sheets');
}
