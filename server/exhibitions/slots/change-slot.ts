/**
 * Moves a slot, of a group all members', to another time, length or room, and says beforehand what would
 * stand in the way. Refuses double bookings, and a move by somebody who has not seen the last one; two
 * planners at once are put in a row by the timetable's lock.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Actor } from '../../access/actor.js';
import { appendAudit } from '../../audit/append-audit.js';
import type { Clock } from '../../clock.js';
import type { SchoolScope } from '../../db/database.js';
import { Conflict, InvalidInput, StateMissing, type FieldProblem } from '../../errors.js';
import { requirePermission } from '../../people/person.js';
import { timetableLock, withLocks } from '../../db/record-locks.js';
import { findSchool } from '../../school/school-records.js';
import { timeText } from '../day-and-time.js';
import { mayManageExhibitions } from '../exhibition.js';
import { memberSlotsOf } from '../groups/group.js';
import { getExhibition } from '../exhibition-records.js';
import { namePresenters } from './name-presenters.js';
import { findClashes, occupancyOf } from './occupancies.js';
import { endOf, mayChangeSlot, revisionOf, type Clash, type Slot } from './slot.js';
import { getPresentation, saveSlotMove } from './slot-records.js';
import { checkActsFor } from '../planners/planners.js';
import { staleBecause, type SeenThing } from '../refuse-stale.js';
import type { ExhibitionPorts, BrokenRuleFact } from '../exhibition-ports.js';
import { listSeatFacts, slotMoved } from '../seats/seat-facts.js';

export type SlotPlace = Pick<Slot, 'startsAt' | 'minutes' | 'room'>;

export interface MoveSlotNeeds extends ExhibitionPorts {
  clock: Clock;
}

export interface MoveCheck {
  slot: Slot;
  /** What stands in the way; empty when the slot may go there. */
  problems: FieldProblem[];
  /** Rules that the move would break besides: it may be made all the same by somebody who says why. */
  warnings: BrokenRuleFact[];
}

/** The field of the form beside which a clash is told. */
const fieldOf = (_at: number, clash: Clash): string => (clash.kind === 'room' ? 'room' : 'startsAt');

/**
 * What would be wrong with the slot there. Writes nothing.
 * @param seen the revision that the planner sees; left out: whatever it is
 * @throws Conflict when the exhibition is closed, the presentation was held or is published, or somebody has
 *   moved the slot since
 */
export async function checkMove(
  needs: MoveSlotNeeds,
  scope: SchoolScope,
  actor: Actor,
  id: string,
  place: SlotPlace,
  seen?: number,
): Promise<MoveCheck> {
  requirePermission(mayManageExhibitions(actor));
  const slot = await getPresentation(scope, id);
  const exhibition = await getExhibition(scope, slot.exhibitionId);
  await checkActsFor(scope, actor, exhibition, [slot]);
  if (!mayChangeSlot(exhibition.phase)) throw new Conflict('exhibition.problem.closed');
  await refuseStale(scope, slot, seen);
  const seats = await listSeatFacts(needs, scope, [slot.id]);
  const isHeld = endOf(slot) <= needs.clock.now() && seats.some(({ sheet }) => sheet !== 'not-started');
  if (isHeld) throw new Conflict('exhibition.problem.slot-held', {}, 'slot-held');
  await refusePublishedSlots(needs, scope, slot);
  const wanted = occupancyOf({ ...slot, ...place }, exhibition.format, seats);
  const [problems, warnings] = await Promise.all([
    findClashes(scope, [wanted], fieldOf),
    needs.listRulesBrokenBy(scope, exhibition, [{ id: slot.id, ...place }]),
  ]);
  return { slot, problems, warnings };
}

export interface MoveWords {
  /** The revision that the planner has seen. */
  seen?: number | undefined;
  /** Why a rule may be broken; stays with the slot, and the audit record says that there is one. */
  reason?: string;
}

/**
 * @throws Conflict when the exhibition is closed or somebody has moved the slot since; StateMissing where it
 *   is not said what was seen
 * @throws InvalidInput for double bookings, and on `reason` for rules that are broken without one
 */
export async function changeSlot(
  needs: MoveSlotNeeds,
  scope: SchoolScope,
  actor: Actor,
  id: string,
  place: SlotPlace,
  { seen, reason = '' }: MoveWords = {},
): Promise<Slot> {
  requirePermission(mayManageExhibitions(actor));
  return withLocks(scope, [timetableLock], async (inside) => {
    const there = await getPresentation(inside, id);
    await checkActsFor(inside, actor, await getExhibition(inside, there.exhibitionId), [there]);
    await requireSlotSeen(inside, there, seen);
    // Sent back as it is: nothing moves, so nothing is in the way either.
    if (isDeepStrictEqual(placeOf(there), placeOf(place))) return there;
    const { slot: before, problems, warnings } = await checkMove(needs, inside, actor, id, place, seen);
    if (problems.length > 0) throw new InvalidInput(problems);
    if (warnings.length > 0 && reason === '') throw new InvalidInput(reasonsNeeded(warnings));
    const now = needs.clock.now();
    const rules = warnings.map(({ rule }) => rule);
    const accepted = rules.length > 0 ? { accepted: rules, withReason: true } : {};
    const told = rules.length > 0 ? { at: now, by: actor.personId, rules, reason } : null;
    await appendAudit(
      inside,
      needs.clock,
      actor,
      'slot.change',
      { kind: 'slot', id: before.id },
      { from: placeOf(before), to: placeOf(place), ...accepted },
    );
    const reasons = told ? [...(before.moveReasons ?? []), told] : undefined;
    const after = (await saveSlotMove(inside, before.id, place, now, reasons))!;
    await slotMoved(needs, inside, after, now);
    return after;
  });
}

const reasonsNeeded = (warnings: readonly BrokenRuleFact[]): FieldProblem[] => [
  ...warnings.map(({ message, params }) => ({ field: 'reason', message, params })),
  { field: 'reason', message: 'exhibition.problem.reason-for-rules' },
];

const placeOf = ({ startsAt, minutes, room }: SlotPlace): SlotPlace => ({ startsAt, minutes, room });

/** @throws Conflict: when and where it took place stands in the result */
export async function refusePublishedSlots(
  ports: Pick<ExhibitionPorts, 'isPublished'>,
  scope: SchoolScope,
  slot: Slot,
): Promise<void> {
  if (await ports.isPublished(scope, memberSlotsOf(slot)))
    throw new Conflict('exhibition.problem.slot-published', {}, 'published');
}

/** Ids of the presentations of which a result is published. */
export async function listPublished(
  ports: Pick<ExhibitionPorts, 'isPublished'>,
  scope: SchoolScope,
  slots: readonly Slot[],
): Promise<Set<string>> {
  if (!(await ports.isPublished(scope, slots.flatMap(memberSlotsOf)))) return new Set();
  const published = await Promise.all(slots.map((slot) => ports.isPublished(scope, memberSlotsOf(slot))));
  return new Set(slots.filter((_slot, at) => published[at]).map(({ id }) => id));
}

/** What is written down when a slot comes to another time, room or length, or others present there. */
export const slotChangesSeen = (slot: Slot): SeenThing[] => [
  { kind: 'slot', id: slot.id, isAbout: (act) => /^(slot\.(change|swap)|group\.)/.test(act) },
  {
    ...{ kind: 'exhibition', id: slot.exhibitionId },
    isAbout: (act, { slotIds }) =>
      act === 'room.late' && Array.isArray(slotIds) && (slotIds as unknown[]).includes(slot.id),
  },
];

/** @throws Conflict `stale` when somebody has moved the slot since it was seen, or changed who presents there */
export async function refuseStale(scope: SchoolScope, slot: Slot, seen: number | undefined): Promise<void> {
  if (seen === undefined || seen === revisionOf(slot)) return;
  const [name, school] = await Promise.all([namePresenters(scope, slot), findSchool(scope, scope.schoolId)]);
  const at = timeText(slot.startsAt, school?.timeZone ?? 'UTC', school?.locale ?? 'en');
  throw await staleBecause(scope, slotChangesSeen(slot), {
    ...{ by: 'exhibition.problem.slot-changed-by', unnamed: 'exhibition.problem.slot-moved' },
    params: { name, room: slot.room, at },
  });
}

/** The same for an act that must say what was seen. @throws StateMissing where it does not */
export async function requireSlotSeen(
  scope: SchoolScope,
  slot: Slot,
  seen: number | undefined,
): Promise<void> {
  if (seen === undefined) throw new StateMissing('common.problem.state-missing', { field: 'revision' });
  await refuseStale(scope, slot, seen);
}
