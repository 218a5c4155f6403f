/** The calendar file itself, line by line as RFC 5545 wants it; read back by an independent look at its bytes. */
import { describe, expect, it } from '@jest/globals';
import ICAL from 'ical.js';
import { entryOf, type CalendarEntry } from '../../server/calendar/calendar.js';
import { writeCalendar } from '../../server/calendar/write-calendar.js';
import type { Slot } from '../../server/exhibitions/slots/slot.js';
import { loggablePath } from '../../server/log.js';
import { zoneNames } from '../../server/school/time-zones.js';

const slot: Slot = {
  id: '6b0f0a52-0000-4000-8000-000000000001',
  schoolId: 's',
  exhibitionId: 'e',
  termId: 't',
  studentId: 'p',
  startsAt: new Date('2026-11-24T14:00:00Z'),
  minutes: 50,
  room: 'Room 12',
  attempt: 1,
  snapshotId: null,
  createdAt: new Date('2026-10-01T08:00:00Z'),
};
const words = { studentName: 'Itzel Núñez', exhibitionTitle: 'Fall exhibitions', place: 'Main hall' };
const write = (
  entries: CalendarEntry[],
  zone = 'America/New_York',
  name = 'Exhibitions · Riverbend; east, west',
) =>
  writeCalendar(entries, {
    name,
    zone,
    origin: 'https://vitrine.example',
    t: (key, params = {}) => `${key} ${Object.values(params).join(' ')}`,
  });
const entry = (more: Partial<CalendarEntry> = {}): CalendarEntry => ({
  ...entryOf(slot, 'panel', words, null),
  ...more,
});

describe('a calendar file', () => {
  it('has lines of at most 75 octets that end in CRLF, whatever is written in it', () => {
    const text = write([
      entry({
        studentName: '陈雨桐 '.repeat(30),
        room: 'Ünïcödé 👩‍👩‍👧‍👦'.repeat(9),
        place: 'a\\b; c, d\r\nBEGIN:VEVENT\rUID:x\u2028END:VEVENT\u0007',
      }),
    ]);
    expect(text.endsWith('END:VCALENDAR\r\n')).toBe(true);
    const lines = text.split('\r\n');
    expect(lines.filter((line) => Buffer.byteLength(line) > 75)).toEqual([]);
    expect(lines.filter((line) => /\p{Cc}/u.test(line))).toEqual([]);
    expect(lines.filter((line) => line === 'BEGIN:VEVENT')).toHaveLength(1);
    const unfolded = text.replace(/\r\n /g, '');
    expect(unfolded).toContain('a\\\\b\\; c\\, d\\nBEGIN:VEVENT\\nUID:x\\nEND:VEVENT ');
    expect(unfolded).toContain('X-WR-CALNAME:Exhibitions · Riverbend\\; east\\, west');
    expect(unfolded).toContain('陈雨桐 '.repeat(29));
  });

  it('says times in the zone of the school and defines it; stamps are in UTC', () => {
    const text = write([entry({ revision: 3, changedAt: new Date('2026-11-20T09:30:00Z') })]);
    for (const line of [
      'TZID:America/New_York',
      'DTSTART;TZID=America/New_York:20261124T090000',
      'DTEND;TZID=America/New_York:20261124T095000',
      'DTSTAMP:20261120T093000Z',
      'LAST-MODIFIED:20261120T093000Z',
      'SEQUENCE:3',
      'UID:slot-6b0f0a52-0000-4000-8000-000000000001@vitrine',
      'URL:https://vitrine.example/slots/6b0f0a52-0000-4000-8000-000000000001',
      'LOCATION:Room 12\\, Main hall',
    ])
      expect(text.replace(/\r\n /g, '').split('\r\n')).toContain(line);
  });

  it.each([
    ['America/New_York', '2026-11-01T05:30:00Z', '20261101T013000'],
    ['America/New_York', '2026-03-08T07:00:00Z', '20260308T030000'],
    ['Asia/Kathmandu', '2026-11-24T14:00:00Z', '20261124T194500'],
    ['Pacific/Honolulu', '2026-11-24T14:00:00Z', '20261124T040000'],
  ])('reads %s %s as the clock on the wall there', (zone, at, local) => {
    const startsAt = new Date(at);
    const text = write([entry({ startsAt, endsAt: new Date(startsAt.getTime() + 600_000) })], zone);
    expect(text).toContain(`DTSTART;TZID=${zone}:${local}`);
  });

  it('knows every zone that a school may choose', () => {
    const names = zoneNames();
    expect(names.length).toBeGreaterThan(300);
    const without = names.filter((zone) => {
      const parsed = new ICAL.Component(ICAL.parse(write([entry()], zone)));
      const blocks = parsed
        .getAllSubcomponents('vtimezone')
        .map((block) => block.getFirstPropertyValue('tzid'));
      return zone !== 'UTC' && (blocks.length !== 1 || blocks[0] !== zone);
    });
    expect(without).toEqual([]);
  });

  it('an entry is as new as the last of what happened to it', () => {
    const moved = { ...slot, revision: 2, movedAt: new Date('2026-11-02T00:00:00Z') };
    const seated = new Date('2026-11-05T00:00:00Z');
    expect(entryOf(slot, 'panel', words, null)).toMatchObject({ revision: 0, changedAt: slot.createdAt });
    expect(entryOf(moved, 'panel', words, null)).toMatchObject({ revision: 2, changedAt: moved.movedAt });
    expect(entryOf(moved, 'panel', words, seated).changedAt).toEqual(seated);
  });

  it('leaves the secret out of the log', () => {
    expect(loggablePath('/calendar/feeds/Abc-123.ics?x=1')).toBe('/calendar/feeds/…');
  });
});
