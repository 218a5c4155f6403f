/**
 * Entries as a calendar file (RFC 5545) in the time zone of the school. The same entries always make the same
 * bytes, so that a subscriber who has them already is told so. Escaping and folding are the library's.
 */
import ICAL from 'ical.js';
import { DateTime } from 'luxon';
import { tzlib_get_ical_block, tzlib_get_timezones } from 'timezones-ical-library';
import { cleanText } from '../clean-text.js';
import type { MessageParams } from '../errors.js';
import { uidOf, type CalendarEntry } from './calendar.js';

export interface Written {
  /** Of the calendar, as programs show it in their list. */
  name: string;
  /** IANA zone of the school. */
  zone: string;
  /** Where people reach this installation. */
  origin: string;
  t(key: string, params?: MessageParams): string;
}

/** Every so often a program asks again; a room that runs late is known within the hour. */
const refreshSeconds = 15 * 60;

const known = new Set(tzlib_get_timezones());

// A line has 75 octets at most, the blank at the beginning of a folded one included.
ICAL.foldLength = 74;

export function writeCalendar(entries: readonly CalendarEntry[], { name, zone, origin, t }: Written): string {
  const calendar = new ICAL.Component('vcalendar');
  calendar.addPropertyWithValue('version', '2.0');
  calendar.addPropertyWithValue('prodid', '-//Vitrine//Exhibitions//EN');
  calendar.addPropertyWithValue('calscale', 'GREGORIAN');
  for (const property of ['name', 'x-wr-calname'])
    calendar.addPropertyWithValue(property, plain(name).replace(/[\\;,]/g, '\\$&'));
  calendar.addPropertyWithValue('x-wr-timezone', zone);
  const refresh = new ICAL.Property('refresh-interval', calendar);
  refresh.resetType('duration');
  refresh.setValue(ICAL.Duration.fromSeconds(refreshSeconds));
  calendar.addProperty(refresh);
  calendar.addPropertyWithValue('x-published-ttl', `PT${refreshSeconds / 60}M`);
  const timeZone = zoneBlock(zone);
  if (timeZone) calendar.addSubcomponent(timeZone);
  for (const entry of entries) calendar.addSubcomponent(eventOf(entry, timeZone ? zone : null, origin, t));
  return `${calendar.toString()}\r\n`;
}

function eventOf(entry: CalendarEntry, zone: string | null, origin: string, t: Written['t']): ICAL.Component {
  const event = new ICAL.Component('vevent');
  const href = `${origin}/slots/${entry.slotId}`;
  const text = (property: string, value: string) => event.addPropertyWithValue(property, plain(value));
  const moment = (property: string, at: Date) => {
    const local = DateTime.fromJSDate(at, { zone: zone ?? 'utc' }).toFormat("yyyy-MM-dd'T'HH:mm:ss");
    const time = ICAL.Time.fromDateTimeString(zone ? local : `${local}Z`);
    const added = event.addPropertyWithValue(property, time);
    if (zone) added.setParameter('tzid', zone);
  };
  event.addPropertyWithValue('uid', uidOf(entry.slotId));
  event.addPropertyWithValue('dtstamp', ICAL.Time.fromJSDate(entry.changedAt, true));
  event.addPropertyWithValue('last-modified', ICAL.Time.fromJSDate(entry.changedAt, true));
  event.addPropertyWithValue('sequence', entry.revision);
  moment('dtstart', entry.startsAt);
  moment('dtend', entry.endsAt);
  const params = { name: entry.studentName, exhibition: entry.exhibitionTitle };
  text('summary', t(`calendar.summary.${entry.as}`, params));
  text('location', entry.place ? `${entry.room}, ${entry.place}` : entry.room);
  const again = entry.attempt > 1 ? `${t('calendar.attempt', { attempt: entry.attempt })}\n` : '';
  text('description', `${again}${entry.exhibitionTitle}\n${href}`);
  text('url', href);
  text('status', 'CONFIRMED');
  text('transp', entry.as === 'day' ? 'TRANSPARENT' : 'OPAQUE');
  return event;
}

/** One kind of line break and no other control characters: nothing that somebody typed can begin a line of its own. */
const plain = (text: string): string =>
  // eslint-disable-next-line no-control-regex
  cleanText(text.replace(lineEnds, '\n').replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, ' ')).replace(
    turning,
    '',
  );

const lineEnds = /\r\n?|[\u0085\u2028\u2029]/g;

/** A summary is shown among others: marks that turn the direction of writing would turn its neighbors. */
const turning = /[\u202a-\u202e\u2066-\u2069]/g;

/** What the zone's clocks do; null for a zone that the library does not know, whose times are then written in UTC. */
function zoneBlock(zone: string): ICAL.Component | null {
  if (!known.has(zone)) return null;
  const [block] = tzlib_get_ical_block(zone);
  const parsed = ICAL.parse(`BEGIN:VCALENDAR\r\n${block}\r\nEND:VCALENDAR`) as [
    string,
    unknown[],
    unknown[][],
  ];
  const component = new ICAL.Component(parsed[2][0] as never);
  // A link's block comes under the name of its zone; entries refer to it by the school's.
  component.updatePropertyWithValue('tzid', zone);
  return component;
}
