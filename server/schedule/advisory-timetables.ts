/**
 * Timetables in which the students of an advisory present. They follow when everybody is moved to another
 * one, and are named where they keep one from being deleted.
 */
import type { Actor } from '../access/actor.js';
import { appendAudits } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import { mayPlan, type Exhibition } from '../exhibitions/exhibition.js';
import { listExhibitionsByIds } from '../exhibitions/exhibition-records.js';
import { listSchedulesOfAdvisory, saveAdvisoryReplaced } from './schedule-records.js';

type Planned = Pick<Exhibition, 'id' | 'title'>;

/** Exhibitions that are not closed and whose timetable is made for this advisory, the first one first. */
export async function listAdvisoryTimetables(scope: SchoolScope, advisoryId: string): Promise<Planned[]> {
  const schedules = await listSchedulesOfAdvisory(scope, advisoryId);
  const exhibitions = await listExhibitionsByIds(
    scope,
    schedules.map(({ exhibitionId }) => exhibitionId),
  );
  return exhibitions.filter(mayPlan).map(({ id, title }) => ({ id, title }));
}

/**
 * Everybody of `from` was moved to `to`: they go on presenting, with whoever is in `to` besides. Part of the
 * transaction that moves them.
 * @returns the exhibitions whose timetable is another one now
 */
export async function moveInTimetables(
  { clock }: { clock: Clock },
  inside: SchoolScope,
  actor: Pick<Actor, 'personId' | 'via'>,
  { from, to }: { from: string; to: string },
): Promise<Planned[]> {
  const planned = await listAdvisoryTimetables(inside, from);
  if (planned.length === 0) return [];
  const ids = planned.map(({ id }) => id);
  const schedules = (await listSchedulesOfAdvisory(inside, from)).filter((each) =>
    ids.includes(each.exhibitionId),
  );
  await saveAdvisoryReplaced(inside, schedules, { from, to }, clock.now());
  const detail = { advisory: { from, to } };
  const subjects = ids.map((id) => ({ subject: { kind: 'exhibition', id }, detail }));
  await appendAudits(inside, clock, actor, 'schedule.keep', subjects);
  return planned;
}
