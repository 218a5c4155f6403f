/**
 * Until when those who sat on a panel or visited a stand read what was shown to them: so many days, as the school decides, after the
 * exhibition's last day or its closing, whichever is later. Who plans, the office, the student's advisors and family read on.
 */
import { DateTime } from 'luxon';
import type { SchoolScope } from '../database.js';
import { findSchool } from '../school/school-records.js';
import { panelAccessDaysOf } from '../school/school.js';
import type { Exhibition } from './exhibition.js';
import { findLastEnd } from './slot-records.js';

type Shown = Pick<Exhibition, 'id' | 'phase' | 'startsAt' | 'closedAt' | 'lastEndsAt'>;

/** An exhibition that nobody closed takes late sheets for so long after its last day; then reading ends all the same. */
export const MIN_DAYS_UNCLOSED = 30;

const DAY = 86_400_000;

/**
 * @param last when the last presentation ended or the exhibition was closed, whichever is later
 * @param days 0: at that moment; else at the end of the day so many days later, in `zone`
 */
export const panelAccessEnd = (last: Date, days: number, zone: string): Date =>
  days === 0 ? last : DateTime.fromJSDate(last, { zone }).plus({ days }).endOf('day').toJSDate();

/** Of these exhibitions those to which panel and visitors have no access any more, each with the moment at which it ended. */
export async function findEndedPanels(
  scope: SchoolScope,
  exhibitions: readonly Shown[],
  now: Date,
): Promise<Map<string, Date>> {
  const over = exhibitions.filter((each) => mayHaveEnded(each, now));
  if (over.length === 0) return new Map();
  const school = await findSchool(scope, scope.schoolId);
  const days = panelAccessDaysOf(school);
  const ends = await Promise.all(
    over.map(async (each): Promise<[string, Date]> => {
      const isClosed = each.phase === 'closed';
      const last = await lastOf(scope, each, isClosed);
      const kept = isClosed ? days : Math.max(days, MIN_DAYS_UNCLOSED);
      return [each.id, panelAccessEnd(last, kept, school?.timeZone ?? 'UTC')];
    }),
  );
  return new Map(ends.filter(([, end]) => end < now));
}

/** When access to this one ended; null while it lasts. */
export const findPanelEnd = async (scope: SchoolScope, exhibition: Shown, now: Date): Promise<Date | null> =>
  (await findEndedPanels(scope, [exhibition], now)).get(exhibition.id) ?? null;

/** Without asking anything else: most exhibitions that a page shows are planned or under way. */
function mayHaveEnded({ phase, startsAt, closedAt }: Shown, now: Date): boolean {
  if (phase === 'draft') return false;
  if (phase === 'closed') return !closedAt || closedAt < now;
  return startsAt.getTime() + MIN_DAYS_UNCLOSED * DAY < now.getTime();
}

async function lastOf(scope: SchoolScope, exhibition: Shown, isClosed: boolean): Promise<Date> {
  const { closedAt, lastEndsAt } = exhibition;
  const ended = (isClosed ? lastEndsAt : null) ?? (await findLastEnd(scope, exhibition.id));
  const last = ended ?? exhibition.startsAt;
  return isClosed && closedAt && closedAt > last ? closedAt : last;
}
