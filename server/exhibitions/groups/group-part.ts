/**
 * The members of a group on the page of their presentation: who they are, who did not come, where each one's result is.
 */
import type { AnyCall } from '../../http/route.js';
import type { Actor } from '../../access/actor.js';
import { runsSchool } from '../../access/actor.js';
import { mayPlan } from '../exhibition.js';
import { findPeople } from '../planners/find-people.js';
import { membersOf } from './group.js';
import { listPresentingStudentIds } from '../slots/slot-records.js';
import { listStudentNames } from '../../people/people-records.js';
import { isAdvisorOf, isGuardianOf, isOwn, mayReadStudent } from '../../people/person.js';
import { valuesOf, type TypedFields } from '../../forms/typed-fields.js';
import type { SlotPageFacts } from '../seats/panel-pages.js';
import { MAX_PEERS_LISTED } from '../seats/seating-choices.js';

/** The slot whose result this reader means: their own or their child's, else the first member's who has come. */
export function ownMember(
  actor: Actor,
  { slot, students }: Pick<SlotPageFacts, 'slot' | 'students'>,
): string {
  const own = students.find((student) => isOwn(actor, student) || isGuardianOf(actor, student));
  const coming = membersOf(slot).filter(({ absent }) => !absent);
  return (coming.find(({ studentId }) => studentId === own?.id) ?? coming[0])?.slotId ?? slot.id;
}

export interface GroupPart {
  title: string;
  members: {
    slotId: string;
    studentId: string;
    name: string;
    absent: boolean;
    /** Their own page, for those who may read it. */
    href: string | null;
    resultHref: string | null;
    mayRemove: boolean;
  }[];
}

/**
 * Null where somebody presents alone.
 * @param sheets of the panel: once one was begun nobody goes any more
 */
export function groupPart(
  { actor }: AnyCall,
  { slot, people, mine }: SlotPageFacts,
  sheets: readonly { sheet: string }[],
): GroupPart | null {
  if (!slot.group) return null;
  const onPanel = mine !== undefined;
  const scored = sheets.some(({ sheet }) => sheet === 'submitted');
  const begun = sheets.some(({ sheet }) => sheet !== 'not-started');
  return {
    title: slot.group.title,
    members: slot.group.members.map(({ slotId, studentId, absent }) => {
      const student = people.get(studentId);
      const reads = student !== undefined && mayReadStudent(actor, student);
      const judges = onPanel || runsSchool(actor) || (student !== undefined && isAdvisorOf(actor, student));
      return {
        slotId,
        studentId,
        name: student?.displayName ?? '',
        absent,
        href: reads ? `/students/${studentId}` : null,
        resultHref: scored && judges && !absent ? `/slots/${slotId}/result` : null,
        mayRemove: !begun && slotId !== slot.id,
      };
    }),
  };
}

/**
 * Who may still come into the group, or present together with whoever presents alone; null where nobody may.
 * @param typed forms in which somebody may be chosen whom the page would not list
 */
export async function joiningView(
  call: AnyCall,
  { slot, exhibition, seats }: SlotPageFacts,
  typed: readonly TypedFields[] = [],
) {
  if (exhibition.format === 'gallery' || !mayPlan(exhibition)) return null;
  const { scope, t } = call;
  const { findStudent } = (call.query ?? {}) as { findStudent?: unknown };
  const search = typeof findStudent === 'string' ? findStudent : '';
  const [planned, students, found] = await Promise.all([
    listPresentingStudentIds(scope, exhibition.id),
    listStudentNames(scope),
    findPeople(scope, search, { students: true }),
  ]);
  const taken = new Set([...planned, slot.studentId, ...seats.map(({ personId }) => personId)]);
  const free = students.filter(({ id }) => !taken.has(id));
  const foundFree = found.filter(({ value }) => !taken.has(value));
  const isFound = new Set(foundFree.map(({ value }) => value));
  const others = free
    .filter(({ id }) => !isFound.has(id))
    .map(({ id, displayName }) => ({ value: id, label: displayName, help: '' }));
  const isListed = free.length <= MAX_PEERS_LISTED;
  const chosen = new Set(typed.flatMap((fields) => valuesOf(fields, 'studentId')));
  const unlisted = isListed ? [] : others.filter(({ value }) => chosen.has(value));
  return {
    search,
    foundNobody: search !== '' && foundFree.length === 0,
    peopleHref: `/exhibitions/${exhibition.id}/people`,
    groups: [
      { label: t('panel.seating.found'), options: [...foundFree, ...unlisted], open: true },
      { label: t('panel.seating.group-peer'), options: isListed ? others : [], open: false },
    ].filter(({ options }) => options.length > 0),
  };
}
