/** On which day of the school access of a panel ends, over both changes of daylight saving. */
import { expect, it } from '@jest/globals';
import { panelAccessEnd } from '../../server/exhibitions/portfolios/panel-access.js';

it.each([
  { zone: 'America/New_York', last: '2026-10-25T20:00:00Z', days: 14, end: '2026-11-09T04:59:59.999Z' },
  { zone: 'America/New_York', last: '2027-03-01T03:30:00Z', days: 14, end: '2027-03-15T03:59:59.999Z' },
  { zone: 'Asia/Kolkata', last: '2026-12-31T20:00:00Z', days: 1, end: '2027-01-02T18:29:59.999Z' },
  { zone: 'UTC', last: '2026-11-17T10:00:00Z', days: 0, end: '2026-11-17T10:00:00.000Z' },
])('$days days after $last in $zone end with a day of the school', ({ zone, last, days: count, end }) => {
  expect(panelAccessEnd(new Date(last), count, zone).toISOString()).toBe(end);
});
