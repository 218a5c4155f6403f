/**
 * Whom a planner may set on a panel: the school's people in groups, those nearest to the student first, and
 * whoever was searched for.
 */
import type { AnyCall } from '../../http/route.js';
import { findPeople, type FoundPerson } from '../planners/find-people.js';
import { listAdvisoriesOfStudents, listNamesAndRoles } from '../../people/people-records.js';
import type { SlotPageFacts } from './panel-pages.js';
import { valuesOf, type TypedFields } from '../../forms/typed-fields.js';
import { namedRoles, seatRoles, usualRole, type SeatRole } from './seat.js';

/** Of a school with more students, fellow students are found by name. */
export const MAX_PEERS_LISTED = 300;
const nearest: readonly SeatRole[] = ['advisor', 'family', 'teacher', 'mentor', 'guest', 'peer'];

/** @param typed forms in which somebody may be chosen whom the page would not list */
export async function seatingView(
  call: AnyCall,
  { slot, people, students, seats }: SlotPageFacts,
  typed: readonly TypedFields[] = [],
) {
  const { scope, t } = call;
  const { find } = (call.query ?? {}) as { find?: unknown };
  const search = typeof find === 'string' ? find : '';
  const [everybody, advisories, found] = await Promise.all([
    listNamesAndRoles(scope),
    listAdvisoriesOfStudents(scope, students),
    findPeople(scope, search),
  ]);
  const leaders = advisories.flatMap(({ advisorIds }) => advisorIds);
  const guardianIds = students.flatMap((student) => student.guardianIds);
  const seated = new Set(seats.map((seat) => seat.personId));
  const isFree = (id: string): boolean => !people.has(id) && !seated.has(id);
  const byRole = new Map<SeatRole, FoundPerson[]>(nearest.map((role) => [role, []]));
  for (const person of everybody)
    if (isFree(person.id))
      byRole.get(usualRole(person, { guardianIds }, leaders.includes(person.id)))?.push({
        value: person.id,
        label: person.displayName,
        help: person.organisation ?? '',
      });
  const peers = byRole.get('peer')!;
  if (peers.length > MAX_PEERS_LISTED) byRole.set('peer', []);
  const listed = new Set([...byRole.values()].flat().map(({ value }) => value));
  const chosen = new Set(typed.flatMap((fields) => valuesOf(fields, 'personId')));
  const unlisted = peers.filter(
    ({ value }) => chosen.has(value) && !listed.has(value) && !found.some((each) => each.value === value),
  );
  const foundFree = [...found.filter(({ value }) => isFree(value)), ...unlisted];
  return {
    chairNow: seats.find((seat) => seat.chair)?.id ?? '',
    groups: [
      { label: t('panel.seating.found'), options: foundFree, open: true },
      ...nearest.map((role) => ({
        label: t(`panel.seating.group-${role}`),
        options: byRole.get(role)!,
        open: false,
      })),
    ].filter(({ options }) => options.length > 0),
    search,
    foundNobody: search !== '' && !found.some(({ value }) => isFree(value)),
    peopleHref: `/exhibitions/${slot.exhibitionId}/people`,
    roles: seatRoles.map((role) => ({ value: role, label: t(`common.role.${role}`) })),
    namedRoles: namedRoles.map((role) => ({ value: role, label: t(`common.role.${role}`) })),
  };
}
