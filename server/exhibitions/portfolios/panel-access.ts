/**
 * Until when those who sat on a panel or visited a stand read what was shown to them: so many days, as the
 * school decides, after the presentation or the closing, whichever is later. It counts for each presentation
 * by itself: one more in an old exhibition opens no other. Who plans, the office, the student's advisors and
 * family read on.
 */
import { DateTime } from 'luxon';
import type { SchoolScope } from '../../db/database.js';
import { findSchool } from '../../school/school-records.js';
import { panelAccessDaysOf } from '../../school/school.js';
import type { Exhibition } from '../exhibition.js';
import { endOf, type Slot } from '../slots/slot.js';

type Shown = Pick<Exhibition, 'id' | 'phase' | 'closedAt'>;
type Presented = Pick<Slot, 'id' | 'exhibitionId' | 'startsAt' | 'minutes'>;

/**
 * An exhibition that nobody closed takes late sheets for so long after a presentation; then reading ends all the same.
 */
const MIN_DAYS_UNCLOSED = 30;

/**
 * @param last when the presentation ended or the exhibition was closed, whichever is later
 * @param days 0: at that moment; else at the end of the day so many days later, in `zone`
 */
export const panelAccessEnd = (last: Date, days: number, zone: string): Date =>
  days === 0 ? last : DateTime.fromJSDate(last, { zone }).plus({ days }).endOf('day').toJSDate();

/**
 * Of these slots those to which panel and visitors have no access any more, by id, each with the moment at
 * which it ended.
 */
export async function findEndedPanels(
  scope: SchoolScope,
  slots: readonly Presented[],
  exhibitions: readonly Shown[],
  now: Date,
): Promise<Map<string, Date>> {
  const places = new Map(exhibitions.map((each) => [each.id, each]));
  const over = slots.flatMap((slot) => {
    const place = places.get(slot.exhibitionId);
    return place && mayHaveEnded(slot, place, now) ? [{ slot, place }] : [];
  });
  if (over.length === 0) return new Map();
  const school = await findSchool(scope, scope.schoolId);
  const [days, zone] = [panelAccessDaysOf(school), school?.timeZone ?? 'UTC'];
  const ends = over.map(({ slot, place }) => [slot.id, endFor(endOf(slot), place, days, zone)] as const);
  return new Map(ends.filter(([, end]) => end < now));
}

/** When access to this one ended; null while it lasts. */
export const findPanelEnd = async (
  scope: SchoolScope,
  slot: Presented,
  exhibition: Shown,
  now: Date,
): Promise<Date | null> => (await findEndedPanels(scope, [slot], [exhibition], now)).get(slot.id) ?? null;

/** Without asking anything else: most presentations that a page shows are planned or under way. */
const mayHaveEnded = (slot: Presented, { phase }: Shown, now: Date): boolean =>
  phase !== 'draft' && endOf(slot) < now;

/** A closing counts from itself, if access had not ended before it: what has ended does not begin again. */
function endFor(ended: Date, { phase, closedAt }: Shown, days: number, zone: string): Date {
  const unclosed = panelAccessEnd(ended, Math.max(days, MIN_DAYS_UNCLOSED), zone);
  if (phase !== 'closed') return unclosed;
  if (!closedAt || closedAt <= ended) return panelAccessEnd(ended, days, zone);
  return closedAt > unclosed ? unclosed : panelAccessEnd(closedAt, days, zone);
}
