/** What a school decides before a timetable can be proposed: rooms, hours, the make-up of a panel, who presents, who may listen. */
import { InvalidInput } from '../errors.js';
import { momentsOf, readHours } from '../people/hours.js';
import type { ConflictRules } from '../school/school.js';
import { minuteMs, type PanelMakeUp, type SchedulingProblem, type Span } from './problem.js';

export const presentingKinds = ['all', 'advisories', 'chosen'] as const;
export type PresentingKind = (typeof presentingKinds)[number];

export interface Schedule {
  /** The exhibition's own. */
  id: string;
  schoolId: string;
  exhibitionId: string;
  rooms: { name: string; stepFree: boolean }[];
  /** Lines of `hours.ts`, each with a date: `2026-11-24 09:00-12:00`. */
  days: string[];
  slotMinutes: number;
  breakMinutes: number;
  panel: PanelMakeUp;
  presenting: { kind: PresentingKind; advisoryIds: string[]; studentIds: string[] };
  /** Who may sit on panels; empty: everybody of the school who can. */
  panelistIds: string[];
  updatedAt: Date;
}

export const timesMaximum = 400;
export const roomsMaximum = 60;

/** The times of day in each stretch of hours, in order. */
export function timesOf(
  schedule: Pick<Schedule, 'days' | 'slotMinutes' | 'breakMinutes'>,
  zone: string,
): SchedulingProblem['times'] {
  const { slotMinutes, breakMinutes } = schedule;
  return stretchesOf(schedule, zone).flatMap(({ from, until }) => {
    const count = Math.floor(
      ((until - from) / minuteMs + breakMinutes) / Math.max(1, slotMinutes + breakMinutes),
    );
    return Array.from({ length: Math.max(0, count) }, (_each, at) => ({
      startsAt: from + at * (slotMinutes + breakMinutes) * minuteMs,
      minutes: slotMinutes,
    }));
  });
}

/** Stretches that touch or overlap are one. */
function stretchesOf({ days }: Pick<Schedule, 'days'>, zone: string): Span[] {
  const read = days.map((line) => readHours(line)!);
  const dates = [...new Set(read.map((each) => each.date!))];
  const inOrder = momentsOf(read, dates, zone).sort((a, b) => a.from - b.from);
  const merged: Span[] = [];
  for (const span of inOrder) {
    const last = merged.at(-1);
    if (last && span.from <= last.until) last.until = Math.max(last.until, span.until);
    else merged.push({ ...span });
  }
  return merged;
}

/** @throws InvalidInput beside the field that cannot be kept */
export function checkSchedule(
  schedule: Pick<Schedule, 'days' | 'slotMinutes' | 'breakMinutes' | 'rooms' | 'panel'>,
  conflicts: ConflictRules,
  zone: string,
): void {
  const wrong = (field: string, message: string, params = {}) =>
    new InvalidInput([{ field, message: `schedule.problem.${message}`, params }]);
  const bad = schedule.days.find((line) => !readHours(line)?.date);
  if (bad !== undefined) throw wrong('days', 'not-a-stretch', { line: bad.slice(0, 60) });
  const times = timesOf(schedule, zone).length;
  if (times === 0) throw wrong('days', 'no-time', { minutes: schedule.slotMinutes });
  if (times > timesMaximum) throw wrong('days', 'too-many-times', { maximum: timesMaximum });
  if (schedule.rooms.length === 0) throw wrong('rooms', 'no-room');
  if (schedule.rooms.length > roomsMaximum) throw wrong('rooms', 'too-many-rooms', { maximum: roomsMaximum });
  const { panel } = schedule;
  const pairs = [
    ['advisor', panel.advisor, conflicts.advisor],
    ['family', panel.family, conflicts.relative],
    ['mentor', panel.mentor, conflicts.mentor],
  ] as const;
  for (const [field, presence, rule] of pairs)
    if (presence !== 'no' && rule === 'forbid') throw wrong(field, 'school-forbids');
  const asks = pairs.some(([, presence, rule]) => presence !== 'no' || rule === 'demand');
  if (!asks && panel.teachers + panel.peers + panel.guests === 0) throw wrong('teachers', 'nobody-sits');
}
