/**
 * Who is in a group that presents together: somebody comes in, goes, or does not come on the day. Members
 * come and go only while nobody has written a sheet; who is absent may be said until something is published
 * about them.
 */
import type { Actor } from '../../access/actor.js';
import { appendAudit } from '../../audit/append-audit.js';
import type { Clock } from '../../clock.js';
import type { SchoolScope } from '../../db/database.js';
import { Conflict, InvalidInput, NotFound } from '../../errors.js';
import { requirePermission } from '../../people/person.js';
import { panelLock, timetableLock, withLocks } from '../../db/record-locks.js';
import { mayManageExhibitions, mayPlan, type Exhibition } from '../exhibition.js';
import { getExhibition } from '../exhibition-records.js';
import { groupProblem, MAX_MEMBERS, membersOf, newMemberSlot, type GroupMember } from './group.js';
import { pinSnapshots } from '../move-exhibition.js';
import { checkClashes, occupancyOf } from '../slots/occupancies.js';
import { findSeatConflicts } from '../seats/seat-conflicts.js';
import { checkStudents } from '../slots/plan-slots.js';
import { revisionOf, type Slot } from '../slots/slot.js';
import { getPresentation, removeSlot, saveGroup, saveSlotAbsent, saveSlots } from '../slots/slot-records.js';
import { checkActsFor } from '../planners/planners.js';
import type { ExhibitionPorts } from '../exhibition-ports.js';
import { saveSeatMembers } from '../seats/seat-records.js';
import { type SeatFact, listSeatFacts } from '../seats/seat-facts.js';

export interface GroupNeeds extends ExhibitionPorts {
  clock: Clock;
}

interface Changed {
  members: GroupMember[];
  detail: Record<string, unknown>;
}

/**
 * One more student presents there; alone so far, the two become a group.
 * @throws Conflict when the exhibition is closed or a sheet was begun
 * @throws InvalidInput on `studentId` for somebody who cannot present there
 */
export const addMember = (
  needs: GroupNeeds,
  scope: SchoolScope,
  actor: Actor,
  id: string,
  studentId: string,
) =>
  changeGroup(needs, scope, actor, id, 'group.add', async (inside, slot, exhibition) => {
    const seats = await refuseBegun(needs, inside, slot);
    const fresh = newMemberSlot(slot, studentId, needs.clock.now());
    const members = [...membersOf(slot), { slotId: fresh.id, studentId, absent: false }];
    const problem = groupProblem(exhibition, members);
    if (problem)
      throw new InvalidInput([{ field: 'studentId', message: problem, params: { count: MAX_MEMBERS } }]);
    await checkStudents(inside, exhibition, [{ slot: fresh, at: 0 }], (_at, field) =>
      field === 'attempt' ? 'studentId' : field,
    );
    const wanted = { ...occupancyOf(slot, exhibition.format, []), room: '', studentIds: [studentId] };
    await checkClashes(inside, [wanted], () => 'studentId');
    if (seats.some((seat) => seat.personId === studentId))
      throw new InvalidInput([{ field: 'studentId', message: 'exhibition.problem.member-on-panel' }]);
    const conflicts = await findSeatConflicts(inside, [{ ...slot, studentId, group: null }], seats);
    const against = seats.find((seat) => conflicts.get(seat.id)?.state === 'declared');
    if (against)
      throw new InvalidInput([
        { field: 'studentId', message: 'exhibition.problem.member-conflict', params: { name: against.name } },
      ]);
    await saveSlots(inside, [fresh]);
    await pinSnapshots(inside, [fresh], exhibition.phase);
    return { members, detail: { studentId } };
  });

/**
 * Somebody was named by mistake. The first member's slot is the presentation, so they stay, or do not come.
 * @throws Conflict when a sheet was begun, for the first member, and when nobody else would be left
 */
export const removeMember = (
  needs: GroupNeeds,
  scope: SchoolScope,
  actor: Actor,
  id: string,
  studentId: string,
) =>
  changeGroup(needs, scope, actor, id, 'group.remove', async (inside, slot) => {
    await refuseBegun(needs, inside, slot);
    const member = memberOf(slot, studentId);
    if (member.slotId === slot.id) throw new Conflict('exhibition.problem.first-member');
    const members = membersOf(slot).filter((each) => each !== member);
    refuseEmpty(members);
    await removeSlot(inside, member.slotId);
    return { members, detail: { studentId } };
  });

/**
 * Whether somebody came. What was scored of somebody who is said to be absent afterwards stays on the sheets
 * and counts for nobody.
 * @throws Conflict when something is published about them, and when nobody of a group would be left
 */
export async function setAbsent(
  needs: GroupNeeds,
  scope: SchoolScope,
  actor: Actor,
  id: string,
  studentId: string,
  absent: boolean,
): Promise<Slot> {
  const { group } = await getPresentation(scope, id);
  return group
    ? setMemberAbsent(needs, scope, actor, id, studentId, absent)
    : setPresenterAbsent(needs, scope, actor, id, studentId, absent);
}

/** Whoever presents alone. */
async function setPresenterAbsent(
  needs: GroupNeeds,
  scope: SchoolScope,
  actor: Actor,
  id: string,
  studentId: string,
  absent: boolean,
): Promise<Slot> {
  requirePermission(mayManageExhibitions(actor));
  return withLocks(scope, [timetableLock, panelLock(id)], async (inside) => {
    const slot = await getPresentation(inside, id);
    await checkActsFor(inside, actor, await getExhibition(inside, slot.exhibitionId), [slot]);
    if (slot.group) throw new Conflict('common.problem.stale');
    if (slot.studentId !== studentId) throw new NotFound();
    if (await needs.isPublished(inside, [slot.id])) throw new Conflict('exhibition.problem.member-published');
    await saveSlotAbsent(inside, slot.id, absent);
    const subject = { kind: 'slot', id: slot.id };
    await appendAudit(inside, needs.clock, actor, 'slot.absent', subject, { studentId, absent });
    return { ...slot, absent };
  });
}

const setMemberAbsent = (
  needs: GroupNeeds,
  scope: SchoolScope,
  actor: Actor,
  id: string,
  studentId: string,
  absent: boolean,
) =>
  changeGroup(needs, scope, actor, id, 'group.absent', async (inside, slot) => {
    const member = memberOf(slot, studentId);
    if (await needs.isPublished(inside, [member.slotId]))
      throw new Conflict('exhibition.problem.member-published');
    const members = membersOf(slot).map((each) => (each === member ? { ...each, absent } : each));
    refuseEmpty(members);
    return { members, detail: { studentId, absent } };
  });

async function changeGroup(
  needs: GroupNeeds,
  scope: SchoolScope,
  actor: Actor,
  id: string,
  what: string,
  work: (inside: SchoolScope, slot: Slot, exhibition: Exhibition) => Promise<Changed>,
): Promise<Slot> {
  requirePermission(mayManageExhibitions(actor));
  const presentation = await getPresentation(scope, id);
  return withLocks(scope, [timetableLock, panelLock(presentation.id)], async (inside) => {
    const slot = await getPresentation(inside, id);
    const exhibition = await getExhibition(inside, slot.exhibitionId);
    await checkActsFor(inside, actor, exhibition, [slot]);
    if (what !== 'group.absent' && !mayPlan(exhibition)) throw new Conflict('exhibition.problem.closed');
    const { members, detail } = await work(inside, slot, exhibition);
    const after = {
      ...slot,
      revision: revisionOf(slot) + 1,
      group: { title: slot.group?.title ?? '', members },
    };
    await saveGroup(inside, slot.id, after.group);
    await saveSeatMembers(inside, after.id, membersOf(after));
    await appendAudit(inside, needs.clock, actor, what, { kind: 'slot', id: slot.id }, detail);
    return after;
  });
}

function memberOf(slot: Slot, studentId: string): GroupMember {
  const member = slot.group?.members.find((each) => each.studentId === studentId);
  if (!member) throw new NotFound();
  return member;
}

function refuseEmpty(members: readonly GroupMember[]): void {
  if (members.every(({ absent }) => absent)) throw new Conflict('exhibition.problem.nobody-left');
}

/** The seats of the panel. */
async function refuseBegun(needs: GroupNeeds, scope: SchoolScope, slot: Slot): Promise<SeatFact[]> {
  const seats = await listSeatFacts(needs, scope, [slot.id]);
  if (seats.some((seat) => seat.sheet !== 'not-started'))
    throw new Conflict('exhibition.problem.group-scored');
  return seats;
}
