/**
 * Keeps what was decided for a timetable. Refuses hours and make-ups that contradict themselves or the
 * school's rules; changes no slot.
 */
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, type SchoolScope } from '../db/database.js';
import { Conflict, InvalidInput } from '../errors.js';
import { mayManageExhibitions, mayPlan, type Exhibition } from '../exhibitions/exhibition.js';
import { getExhibition } from '../exhibitions/exhibition-records.js';
import { refuseUnseen, seenOf } from '../exhibitions/refuse-stale.js';
import { newId } from '../ids.js';
import { clearHours } from '../people/clear-hours.js';
import { listAdvisories, listPeopleByIds } from '../people/people-records.js';
import { requirePermission } from '../people/person.js';
import { advisoryLock, sharedBy, takeLocks } from '../db/record-locks.js';
import { panelConflictRules } from '../school/school.js';
import { findSchool } from '../school/school-records.js';
import { resolveGroups, type DecidedSchedule, type GroupsInput } from './resolve-groups.js';
import { checkSchedule, listeningOf, togetherOf, usedChoices, type Schedule } from './schedule.js';
import { findSchedule, saveSchedule, saveScheduleChange } from './schedule-records.js';
import { checkPlanner } from '../exhibitions/planners/planners.js';

export type ScheduleInput = Omit<
  Schedule,
  'id' | 'schoolId' | 'exhibitionId' | 'updatedAt' | 'together' | 'acceptedIds'
> &
  GroupsInput;

/**
 * What somebody has seen of the settings before they change them, and which guest was accepted last:
 * accepting guests is no change of what a planner is deciding meanwhile, and does not refuse it.
 */
export function seenOfSchedule(schedule: Schedule): string {
  const digest = seenOfDecided(schedule);
  const last = schedule.acceptedIds?.at(-1);
  return last === undefined ? digest : `${digest}.${last}`;
}

const seenOfDecided = ({ acceptedIds = [], ...schedule }: Schedule): string => {
  const used = usedChoices(schedule);
  return seenOf({
    ...used,
    panelistIds: used.panelistIds.filter((id) => !acceptedIds.includes(id)),
    ...[schedule.rooms, schedule.days, schedule.slotMinutes, schedule.breakMinutes, schedule.panel],
    listening: listeningOf(schedule),
    maxPanels: schedule.maxPanels ?? null,
    together: togetherOf({ ...schedule, siblingsTogether: false }, []),
    siblingsTogether: schedule.siblingsTogether ?? false,
  });
};

/**
 * Who was accepted after the settings were read; they stay chosen, as nobody has decided otherwise.
 * @param seen of `seenOfSchedule`
 * @returns null where the settings were kept since
 */
function acceptedSince(schedule: Schedule, seen: string): string[] | null {
  const [digest, last] = seen.split('.', 2);
  const accepted = schedule.acceptedIds ?? [];
  if (digest !== seenOfDecided(schedule)) return null;
  if (last === undefined) return accepted;
  return accepted.includes(last) ? accepted.slice(accepted.indexOf(last) + 1) : null;
}

/** @throws Conflict for a gallery, whose visitors come as they like, and for an exhibition that is closed */
export function checkPlannable(exhibition: Pick<Exhibition, 'format' | 'phase'>): void {
  if (exhibition.format === 'gallery') throw new Conflict('schedule.problem.gallery');
  if (!mayPlan(exhibition)) throw new Conflict('exhibition.problem.closed');
}

/**
 * @param seen the settings as their sender has seen them; left out or '' where nothing was decided yet
 * @throws InvalidInput beside the field; Conflict where nothing is planned any more, `stale` when somebody
 *   has decided otherwise since; StateMissing
 */
export async function keepSchedule(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  exhibitionId: string,
  sent: ScheduleInput,
  seen: string | undefined,
): Promise<Schedule> {
  requirePermission(mayManageExhibitions(actor));
  const school = await findSchool(scope, scope.schoolId);
  const zone = school?.timeZone ?? 'UTC';
  const kept = (await findSchedule(scope, exhibitionId))?.days;
  const input = { ...sent, days: clearHours(sent.days, { clock, zone, before: kept, field: 'days' }) };
  checkSchedule(input, panelConflictRules(school), zone);
  const decided = await resolveGroups(scope, input, zone, exhibitionId);
  return inTransaction(scope, async (inside) => {
    const exhibition = await getExhibition(inside, exhibitionId);
    checkPlanner(actor, exhibition);
    checkPlannable(exhibition);
    // An advisory that is deleted at the same moment is not chosen.
    const { advisoryIds } = usedChoices({ ...decided }).presenting;
    await takeLocks(
      inside,
      advisoryIds.map((id) => sharedBy(advisoryLock(id), exhibitionId)),
    );
    await checkKnown(inside, decided);
    await appendAudit(inside, clock, actor, 'schedule.keep', { kind: 'exhibition', id: exhibitionId });
    const before = await findSchedule(inside, exhibitionId);
    const since = before && seen !== undefined ? acceptedSince(before, seen) : [];
    if (before && (seen === undefined || since === null))
      await refuseUnseen(inside, { seen, now: seenOfSchedule(before), field: 'seen' }, [
        { kind: 'exhibition', id: exhibitionId, isAbout: (act) => /^schedule\.keep$/.test(act) },
      ]);
    const change = {
      ...{ ...decided, acceptedIds: [], updatedAt: clock.now() },
      ...(decided.listening === 'chosen'
        ? { panelistIds: [...new Set([...decided.panelistIds, ...(since ?? [])])] }
        : {}),
    };
    if (before) return (await saveScheduleChange(inside, exhibitionId, change))!;
    return saveSchedule(inside, { id: newId(), schoolId: scope.schoolId, exhibitionId, ...change });
  });
}

async function checkKnown(
  scope: SchoolScope,
  { presenting, panelistIds, listening }: DecidedSchedule,
): Promise<void> {
  const unknown = (field: string) =>
    new InvalidInput([{ field, message: 'schedule.problem.not-of-this-school' }]);
  const people = await listPeopleByIds(scope, [...presenting.studentIds, ...panelistIds]);
  const advisories = await listAdvisories(scope);
  const known = new Set(people.map((person) => person.id));
  const led = new Set(advisories.map((advisory) => advisory.id));
  if (presenting.kind === 'advisories' && presenting.advisoryIds.length === 0)
    throw new InvalidInput([{ field: 'advisoryIds', message: 'schedule.problem.nobody-presents' }]);
  if (presenting.kind === 'chosen' && presenting.studentIds.length === 0)
    throw new InvalidInput([{ field: 'studentIds', message: 'schedule.problem.nobody-presents' }]);
  if (listening === 'chosen' && panelistIds.length === 0)
    throw new InvalidInput([{ field: 'panelistIds', message: 'schedule.problem.nobody-listens' }]);
  if (presenting.advisoryIds.some((id) => !led.has(id))) throw unknown('advisoryIds');
  if (presenting.studentIds.some((id) => !known.has(id))) throw unknown('studentIds');
  if (panelistIds.some((id) => !known.has(id))) throw unknown('panelistIds');
}
