/**
 * What a school decides before a timetable can be proposed: rooms, hours, the make-up of a panel, who
 * presents, who may listen.
 */
import { InvalidInput } from '../errors.js';
import { isAtClockChange, momentsOf, readHours } from '../people/hours.js';
import type { ConflictRules } from '../school/school.js';
import { minuteMs, type PanelMakeUp, type SchedulingProblem, type TimeSpan } from './problem.js';

export const presentingKinds = ['all', 'advisories', 'chosen'] as const;
export type PresentingKind = (typeof presentingKinds)[number];

export const listeningKinds = ['all', 'chosen'] as const;
export type ListeningKind = (typeof listeningKinds)[number];

/** Choosing nobody is not choosing everybody: only what was kept before there was a choice is read that way. */
export const listeningOf = ({ listening, panelistIds }: Pick<Schedule, 'listening' | 'panelistIds'>) =>
  listening ?? (panelistIds.length === 0 ? 'all' : 'chosen');

/** What was chosen of who presents and who listens; what was ticked beside it long ago counts for nothing. */
export const usedChoices = (schedule: Pick<Schedule, 'presenting' | 'listening' | 'panelistIds'>) => ({
  presenting: {
    kind: schedule.presenting.kind,
    advisoryIds: schedule.presenting.kind === 'advisories' ? schedule.presenting.advisoryIds : [],
    studentIds: schedule.presenting.kind === 'chosen' ? schedule.presenting.studentIds : [],
  },
  panelistIds: listeningOf(schedule) === 'chosen' ? schedule.panelistIds : [],
});

/** Whether somebody may be taken to fill up a panel. */
export function isChosen(schedule: Schedule | null): (personId: string) => boolean {
  if (!schedule || listeningOf(schedule) === 'all') return () => true;
  const chosen = new Set(schedule.panelistIds);
  return (personId) => chosen.has(personId);
}

/** The groups of students who should present one right after another. */
export function togetherOf(
  { together = [], siblingsTogether = false }: Pick<Schedule, 'together' | 'siblingsTogether'>,
  presenters: readonly { id: string; siblingIds: readonly string[] }[],
): string[][] {
  const numbers = [...new Set(together.map(({ group }) => group))];
  const groups = numbers.map((number) =>
    together.filter(({ group }) => group === number).map(({ studentId }) => studentId),
  );
  if (!siblingsTogether) return groups;
  const presents = new Set(presenters.map(({ id }) => id));
  const families = presenters.flatMap(({ id, siblingIds }) => {
    const family = [id, ...siblingIds.filter((each) => presents.has(each))].sort();
    return family.length > 1 && family[0] === id ? [family] : [];
  });
  return [...groups, ...families];
}

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
  /** Who fills up panels. Left out by timetables of long ago: `all` where nobody was chosen. */
  listening?: ListeningKind | undefined;
  /** Those chosen for `chosen`. Own advisors, family and mentors sit there whoever is chosen. */
  panelistIds: string[];
  /**
   * Those of them who were added by accepting their sign-ups since the settings were kept last, in that
   * order. Left out: nobody.
   */
  acceptedIds?: string[] | undefined;
  /** On how many panels anybody sits at most; left out or null: on any number. */
  maxPanels?: number | null | undefined;
  /** Who should present one right after another: each with the number of their group. */
  together?: { studentId: string; group: number }[] | undefined;
  /** The same for students who have a guardian in common. */
  siblingsTogether?: boolean | undefined;
  updatedAt: Date;
}

const MAX_TIMES = 400;
const MAX_ROOMS = 60;

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
export function stretchesOf({ days }: Pick<Schedule, 'days'>, zone: string): TimeSpan[] {
  const read = days.flatMap((line) => readHours(line) ?? []);
  const dates = [...new Set(read.map((each) => each.date!))];
  const inOrder = momentsOf(read, dates, zone).sort((a, b) => a.from - b.from);
  const merged: TimeSpan[] = [];
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
  const unclear = schedule.days.find((line) => isAtClockChange(readHours(line)!, zone));
  if (unclear !== undefined) throw wrong('days', 'clock-change', { line: unclear.slice(0, 60) });
  const times = timesOf(schedule, zone).length;
  if (times === 0) throw wrong('days', 'no-time', { minutes: schedule.slotMinutes });
  if (times > MAX_TIMES) throw wrong('days', 'too-many-times', { maximum: MAX_TIMES });
  if (schedule.rooms.length === 0) throw wrong('rooms', 'no-room');
  if (schedule.rooms.length > MAX_ROOMS) throw wrong('rooms', 'too-many-rooms', { maximum: MAX_ROOMS });
  const { panel } = schedule;
  const pairs = [
    ['advisor', panel.advisor, conflicts.advisor],
    ['family', panel.family, conflicts.relative],
    ['mentor', panel.mentor, conflicts.mentor],
  ] as const;
  for (const [field, presence, rule] of pairs)
    if (presence !== 'no' && rule === 'forbid') throw wrong(field, 'school-forbids');
  // A wish may stay unfulfilled.
  const asks = pairs.some(
    ([, presence, rule]) => (presence !== 'no' && presence !== 'wish') || rule === 'demand',
  );
  if (!asks && panel.teachers + panel.peers + panel.guests === 0) throw wrong('teachers', 'nobody-sits');
}
