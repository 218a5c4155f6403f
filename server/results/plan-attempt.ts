/**
 * Plans the next attempt of a student: a slot of its own, before the same panel if wanted. The attempt before
 * stays as it is.
 */
import type { Actor } from '../access/actor.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import { Conflict, InvalidInput } from '../errors.js';
import { getExhibition, findExhibition, listExhibitions } from '../exhibitions/exhibition-records.js';
import { mayManageExhibitions, mayPlan, type Exhibition } from '../exhibitions/exhibition.js';
import { dayOf } from '../exhibitions/day-and-time.js';
import { findSchool } from '../school/school-records.js';
import type { Slot } from '../exhibitions/slots/slot.js';
import { getSlot, listSlotsOfStudent } from '../exhibitions/slots/slot-records.js';
import { requirePermission } from '../people/person.js';
import { timetableLock, withLocks } from '../db/record-locks.js';
import { chainOf, firstExhibitionOf } from './attempts.js';
import type { ExhibitionPorts } from '../exhibitions/exhibition-ports.js';
import { moveExhibition } from '../exhibitions/move-exhibition.js';
import { seatSamePanel } from '../exhibitions/seats/seat-same-panel.js';
import { addSlots } from '../exhibitions/slots/plan-slots.js';
import { checkActsFor, checkPlanner } from '../exhibitions/planners/planners.js';
import { findResult } from './result-records.js';

export interface AskedAttempt {
  /** Left out: the first one that is still to come. */
  exhibitionId?: string | undefined;
  startsAt: Date;
  room: string;
  minutes?: number | undefined;
  samePanel: boolean;
  /** Why those of the panel who must not score the student may sit there anyway; '' where none was given. */
  conflictReason: string;
  /** Kept in the audit record when a closed exhibition has to be opened again. */
  reopenReason: string;
}

/** Every attempt at the same thing, planned or past, the first one first. */
export async function listAttemptSlots(scope: SchoolScope, slot: Slot): Promise<Slot[]> {
  const slots = await listSlotsOfStudent(scope, slot.studentId);
  return slots
    .filter((each) => chainOf(each) === chainOf(slot))
    .sort((a, b) => a.attempt - b.attempt || a.startsAt.getTime() - b.startsAt.getTime());
}

/**
 * Where the next attempt can be: here, closed or not, and wherever else the same rubric is used and planning goes on.
 */
export async function listPlaces(scope: SchoolScope, here: Exhibition): Promise<Exhibition[]> {
  const { items } = await listExhibitions(scope, { phases: ['draft', 'open', 'scoring'] }, 1, 100);
  return [here, ...items.filter((each) => each.id !== here.id && each.rubric.slug === here.rubric.slug)];
}

/** The first of them that begins after today; null where none does, and a person has to choose. */
export function firstToCome(places: readonly Exhibition[], now: Date, timeZone: string): Exhibition | null {
  const today = dayOf(now, timeZone);
  return (
    places
      .filter(({ startsAt }) => dayOf(startsAt, timeZone) > today)
      .sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime())[0] ?? null
  );
}

/**
 * @throws Forbidden for those who do not plan, and for another closed exhibition of which they are no planner
 * @throws Conflict when a later attempt is there already, and while the published result of this one does not
 *   say "not yet"
 * @throws InvalidInput for another rubric's exhibition, for double bookings, and where none was named and
 *   none is still to come
 */
export async function planAttempt(
  needs: ExhibitionPorts & { clock: Clock; passKey: Buffer },
  scope: SchoolScope,
  actor: Actor,
  slotId: string,
  asked: AskedAttempt,
): Promise<{ slot: Slot; seated: number }> {
  requirePermission(mayManageExhibitions(actor));
  return withLocks(scope, [timetableLock], async (inside) => {
    const before = await getSlot(inside, slotId);
    const last = (await listAttemptSlots(inside, before)).at(-1)!;
    if (last.id !== before.id) throw new Conflict('results.problem.attempt-planned');
    if (asked.startsAt <= before.startsAt)
      throw new InvalidInput([{ field: 'startsAt', message: 'results.problem.attempt-earlier' }]);
    const here = await getExhibition(inside, before.exhibitionId);
    await checkActsFor(inside, actor, here, [before]);
    if ((await findResult(inside, before.id))?.attainment?.outcome !== 'not-yet')
      throw new Conflict('results.problem.attempt-not-due', {}, 'not-due');
    const place = asked.exhibitionId
      ? await findExhibition(inside, asked.exhibitionId)
      : firstToCome(
          await listPlaces(inside, here),
          needs.clock.now(),
          (await findSchool(inside, inside.schoolId))?.timeZone ?? 'UTC',
        );
    if (!place && !asked.exhibitionId)
      throw new InvalidInput([{ field: 'exhibitionId', message: 'results.problem.attempt-which' }]);
    if (!place || place.rubric.slug !== here.rubric.slug)
      throw new InvalidInput([{ field: 'exhibitionId', message: 'results.problem.attempt-place' }]);
    // Their own student's attempt opens the day of the attempt before again; any other day is its planners' to open.
    if (!mayPlan(place) && place.id !== here.id) checkPlanner(actor, place);
    if (!mayPlan(place))
      await moveExhibition(
        { ...needs, forAttempt: true },
        inside,
        actor,
        place.id,
        'reopen',
        asked.reopenReason,
      );
    const first = firstExhibitionOf(before);
    const { startsAt, room, minutes } = asked;
    const attempt = {
      ...{ studentId: before.studentId, startsAt, room, minutes, attempt: before.attempt + 1 },
      attemptOf: first === place.id ? null : first,
    };
    const [slot] = await addSlots(needs, inside, actor, place.id, [attempt], false);
    const seated = asked.samePanel
      ? await seatSamePanel(needs, inside, actor, before.id, slot!, asked.conflictReason)
      : 0;
    return { slot: slot!, seated };
  });
}
