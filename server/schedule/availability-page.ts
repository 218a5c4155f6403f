/**
 * The page on which panelists and families say when they can come: the hours of what is planned, and hours of
 * their own. Also its JSON.
 */
import { z } from 'zod';
import { hasRole } from '../access/actor.js';
import { listPlanned, listPlannedIds } from '../exhibitions/planned-exhibitions.js';
import { page, type PageAnswer, type AnyCall } from '../http/route.js';
import { attendanceOf, type Attendance } from '../people/attendance.js';
import { momentsOf, readHours } from '../people/hours.js';
import { hoursWords } from '../people/hours-words.js';
import { findPerson, listAdvisories, listPeopleByIds } from '../people/people-records.js';
import { byId } from '../people/person.js';
import type { Actor } from '../access/actor.js';
import { findSchedule } from './schedule-records.js';

export const whenKinds = ['always', 'these', 'never'] as const;

export const availabilityAnswer = z.object({
  when: z.enum(whenKinds),
  offered: z.array(
    z.object({
      value: z.string(),
      exhibitionTitle: z.string(),
      startsAt: z.string(),
      endsAt: z.string(),
      chosen: z.boolean(),
    }),
  ),
  hours: z.array(z.string()).describe('Hours beside those that are offered.'),
  most: z.number().nullable(),
  speaks: z.array(z.string()),
  interprets: z.array(z.string()),
  conflicts: z.array(z.string()).describe('Students whom they must not hear, by name; told to staff alone.'),
  conflictIds: z.array(z.string()).describe('The same by id, in the same order.'),
  conflictWords: z
    .string()
    .describe(
      'What families and guests wrote about whom they must not hear, until the staff has seen to it.',
    ),
});

/**
 * Staff know the students; families and guests write in words that the staff settle, so that nobody can ask
 * here who is at the school.
 */
export const mayNameStudents = (actor: Actor): boolean =>
  ['advisor', 'panelist', 'registrar', 'admin'].some((role) => hasRole(actor, role as 'advisor'));

/** The hours of everything that is planned and not over, earliest first. */
export async function offeredHours({ scope, context, timeZone }: AnyCall) {
  const now = context.clock.now();
  const planned = await listPlanned(scope);
  const found = await Promise.all(
    planned.map(async ({ id, title }) => {
      const schedule = await findSchedule(scope, id);
      return (schedule?.days ?? []).flatMap((value) => {
        const read = readHours(value);
        const [span] = read?.date ? momentsOf([read], [read.date], timeZone) : [];
        return span && span.until > now.getTime()
          ? [{ value, exhibitionId: id, exhibitionTitle: title, ...span }]
          : [];
      });
    }),
  );
  return found.flat().sort((a, b) => a.from - b.from);
}

/** Hours of two exhibitions at the same time are one choice. */
const once = <T extends { value: string }>(all: readonly T[]): T[] =>
  all.filter((each, at) => all.findIndex(({ value }) => value === each.value) === at);

/**
 * Exhibitions whose hours were all seen and not chosen. Dates that were chosen say nothing about other dates
 * by themselves: without this, who chose the hours of one exhibition alone would be planned for the other
 * one, too.
 */
export function notChosen(
  lines: readonly string[],
  offered: readonly { value: string; exhibitionId: string }[],
): string[] {
  const read = lines.flatMap((line) => readHours(line) ?? []);
  const dates = new Set(read.map(({ date }) => date));
  // Every week is a time of each of them.
  if (dates.has(null) || !offered.some(({ value }) => lines.includes(value))) return [];
  const of = (id: string) => offered.filter(({ exhibitionId }) => exhibitionId === id);
  return [...new Set(offered.map(({ exhibitionId }) => exhibitionId))].filter(
    (id) => !of(id).some(({ value }) => dates.has(readHours(value)?.date ?? '')),
  );
}

/** Not this time: they come to nothing that is planned now. What is planned later asks again. */
const isAwayFromAll = ({ most, awayFrom = [] }: Attendance, planned: readonly string[]): boolean =>
  most === 0 || (planned.length > 0 && planned.every((id) => awayFrom.includes(id)));

export async function availabilityPage(call: AnyCall): Promise<PageAnswer> {
  const { scope, actor, t } = call;
  const [person, offered, planned] = await Promise.all([
    findPerson(scope, actor.personId),
    offeredHours(call),
    listPlannedIds(scope),
  ]);
  const said = attendanceOf(person?.attendance, {});
  const named = mayNameStudents(actor) ? await listPeopleByIds(scope, said.conflictIds) : [];
  const advisories = byId(named.length > 0 ? await listAdvisories(scope) : []);
  const known = new Set(offered.map(({ value }) => value));
  const view: z.output<typeof availabilityAnswer> = {
    when: isAwayFromAll(said, planned) ? 'never' : said.hours.length > 0 ? 'these' : 'always',
    offered: once(offered).map(({ value, exhibitionTitle, from, until }) => ({
      value,
      exhibitionTitle,
      startsAt: new Date(from).toISOString(),
      endsAt: new Date(until).toISOString(),
      chosen: said.hours.includes(value),
    })),
    hours: said.hours.filter((line) => !known.has(line)),
    most: said.most === 0 ? null : said.most,
    speaks: said.speaks,
    interprets: said.interprets,
    conflicts: named.map(({ displayName }) => displayName),
    conflictIds: named.map(({ id }) => id),
    conflictWords: said.conflictWords ?? '',
  };
  const title = t('schedule.availability.title');
  if (call.wantsJson) return page('schedule/availability', view, { title });
  return page(
    'schedule/availability',
    {
      ...view,
      whenOptions: whenKinds.map((value) => ({ value, label: t(`schedule.availability.when-${value}`) })),
      chosen: view.offered.filter((each) => each.chosen).map(({ value }) => value),
      form: {
        hours: view.hours
          .map((line) => hoursWords(line, { ...{ locale: call.locale, t }, withYear: true }))
          .join('\n'),
        most: view.most ?? '',
        speaks: view.speaks.join(', '),
        interprets: view.interprets.join(', '),
        conflicts: '',
        conflictWords: view.conflictWords,
      },
      namesStudents: mayNameStudents(actor),
      // Two students of one name are two boxes.
      known: named.map(({ id: value, displayName: label, advisoryId }) => ({
        value,
        label,
        help: advisoryId ? (advisories.get(advisoryId)?.name ?? '') : '',
      })),
    },
    { title },
  );
}
