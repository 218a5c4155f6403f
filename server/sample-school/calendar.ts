/** The sample school's year: three terms around the day on which it is loaded, and the hours of its exhibitions. */
import { DateTime } from 'luxon';
import type { SampleMoment } from './read-content.js';

/**
 * Where Riverbend lies: in the first of these where it is about noon, so that today's exhibition is under way
 * at a decent hour.
 */
const timeZones = [
  'America/New_York',
  'America/Los_Angeles',
  'Pacific/Honolulu',
  'Pacific/Auckland',
  'Asia/Tokyo',
  'Asia/Kolkata',
  'Africa/Johannesburg',
  'Europe/London',
  'America/Sao_Paulo',
] as const;
const aboutNoon = { from: 10.75, until: 14.75 };

interface SampleTerm {
  name: string;
  slug: string;
  startsOn: string;
  endsOn: string;
}

export interface Calendar {
  now: Date;
  timeZone: string;
  terms: Record<SampleMoment, SampleTerm>;
  /** A moment at the school: days before (negative) or after today, and the time of the day. */
  at(days: number, hour?: number, minute?: number): Date;
  /** The n-th school day at least so many days ago or ahead, at this time. */
  schoolDay(days: number, index: number, hour: number, minute: number): Date;
  /** Minutes from now, on the full ten minutes. */
  soon(minutes: number): Date;
  /** Days from today to the last day of a term. */
  lastDay: Record<SampleMoment, number>;
}

const seasons = ['Winter', 'Spring', 'Summer', 'Fall'] as const;
const bounds: Record<SampleMoment, [number, number]> = {
  earlier: [-238, -149],
  latest: [-147, -58],
  now: [-56, 34],
};

/** The zones lie at most four hours apart, so that there always is one. */
function zoneAbout(now: Date): string {
  return timeZones.find((zone) => {
    const there = DateTime.fromJSDate(now, { zone });
    const hour = there.hour + there.minute / 60;
    return hour >= aboutNoon.from && hour < aboutNoon.until;
  })!;
}

export function calendarOf(now: Date): Calendar {
  const timeZone = zoneAbout(now);
  const today = DateTime.fromJSDate(now, { zone: timeZone }).startOf('day');
  const termOf = ([from, to]: [number, number]): SampleTerm => {
    const middle = today.plus({ days: Math.round((from + to) / 2) });
    const season = seasons[Math.floor((middle.month % 12) / 3)]!;
    const name = `${season} ${middle.year}`;
    return {
      name,
      slug: name.toLowerCase().replace(' ', '-'),
      startsOn: today.plus({ days: from }).toISODate()!,
      endsOn: today.plus({ days: to }).toISODate()!,
    };
  };
  const at = (days: number, hour = 12, minute = 0) => today.plus({ days }).set({ hour, minute }).toJSDate();
  return {
    now,
    timeZone,
    terms: { earlier: termOf(bounds.earlier), latest: termOf(bounds.latest), now: termOf(bounds.now) },
    at,
    schoolDay(days, index, hour, minute) {
      let day = today.plus({ days });
      for (let left = index; ; day = day.plus({ days: 1 })) {
        if (day.weekday > 5) continue;
        if (left === 0) return day.set({ hour, minute }).toJSDate();
        left -= 1;
      }
    },
    soon: (minutes) => new Date(Math.floor(now.getTime() / 600_000) * 600_000 + minutes * 60_000),
    lastDay: { earlier: bounds.earlier[1], latest: bounds.latest[1], now: bounds.now[1] },
  };
}
