/** The refusal for somebody whose access to a presentation has ended by itself: it says when, and whom to ask. */
import { DateTime } from 'luxon';
import { Forbidden } from '../errors.js';
import type { Call } from './route.js';

export function accessEnded(
  { timeZone, locale }: Pick<Call, 'timeZone' | 'locale'>,
  endedAt: Date,
): Forbidden {
  const date = DateTime.fromJSDate(endedAt, { zone: timeZone })
    .setLocale(locale)
    .toLocaleString(DateTime.DATE_FULL);
  return new Forbidden('common.problem.access-ended', { date });
}
