/** The school's day around an instant. */
import { DateTime } from 'luxon';

/** Midnight to midnight in the zone, whatever the clocks do that day. */
export function dayAround(now: Date, timeZone: string): { from: Date; until: Date } {
  const start = DateTime.fromJSDate(now, { zone: timeZone }).startOf('day');
  return { from: start.toJSDate(), until: start.plus({ days: 1 }).toJSDate() };
}
