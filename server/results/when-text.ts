/** A moment in a sentence, in the school's time zone: the time alone where it is today, else with its day. */
import { DateTime } from 'luxon';
import type { Call } from '../http/route.js';

export function whenText(
  { timeZone, locale, context }: Pick<Call, 'timeZone' | 'locale' | 'context'>,
  at: Date,
): string {
  const zone = { zone: timeZone };
  const moment = DateTime.fromJSDate(at, zone).setLocale(locale);
  const today = moment.hasSame(DateTime.fromJSDate(context.clock.now(), zone), 'day');
  return moment.toLocaleString(today ? DateTime.TIME_SIMPLE : DateTime.DATETIME_MED);
}
