/**
 * Signing up over HTTP: panelists and families say when they can come, how often, in which languages, and
 * whom they must not hear.
 */
import { z } from 'zod';
import { runsSchool } from '../access/actor.js';
import { InvalidInput } from '../errors.js';
import { listPlannedIds } from '../exhibitions/planned-exhibitions.js';
import { several } from '../http/read-input.js';
import { done, routes, type AnyCall } from '../http/route.js';
import { attendanceFields, MAX_CONFLICT_WORDS } from '../people/attendance.js';
import { clearHours } from '../people/clear-hours.js';
import { declareAttendance } from '../people/declare-attendance.js';
import { linesOf } from '../people/hours.js';
import { listAllStudents, listPeopleByIds } from '../people/people-records.js';
import { byId, requirePermission } from '../people/person.js';
import { findPerson } from '../people/people-records.js';
import { declaredStudents } from './declared-students.js';
import {
  availabilityAnswer,
  availabilityPage,
  mayNameStudents,
  notChosen,
  offeredHours,
  whenKinds,
} from './availability-page.js';

const everybody = ['student', 'guardian', 'panelist', 'guest', 'advisor', 'registrar', 'admin'] as const;
/** Names that one form adds. */
const MAX_NAMED = 20;

const { speaks, interprets, hours, most } = attendanceFields;

export const availabilityRoutes = routes('schedule');

availabilityRoutes.get(
  '/availability',
  {
    summary: 'When I can come, how often, and in which languages',
    who: everybody,
    answer: availabilityAnswer,
  },
  (call) => {
    requirePermission(call.actor.seatIds === null);
    return availabilityPage(call);
  },
);

availabilityRoutes.put(
  '/availability',
  {
    summary:
      'Say when I can come: {when: these} with some of the hours that are offered ({days}) or others ({hours})',
    who: everybody,
    body: z.object({
      when: z.enum(whenKinds).default('these'),
      /** Values of `offered`. */
      days: several(z.string().max(60)),
      ...{ hours, most, speaks, interprets },
      /** Of those who were declared before, who stays; left out: those whom `conflicts` names. */
      conflictIds: z.preprocess(
        (value) => (value === undefined ? undefined : Array.isArray(value) ? value : [value]),
        z.array(z.string().max(64)).max(200).optional(),
      ),
      /** Of families and guests. */
      conflictWords: z.string().max(MAX_CONFLICT_WORDS).optional(),
      /** Names of students, one per line; from the office also their numbers. */
      conflicts: z.preprocess(
        (value) => (Array.isArray(value) ? value.join('\n') : value),
        z.string().max(4000).default('').transform(linesOf),
      ),
    }),
    fromAnswer: ({ offered, ...given }) => ({
      ...(Array.isArray(offered)
        ? {
            days: (offered as { value: string; chosen: boolean }[]).flatMap((each) =>
              each.chosen ? [each.value] : [],
            ),
          }
        : {}),
      ...given,
    }),
    // Each answer tells of some names whether a student has them.
    limit: { name: 'availability', times: 60, seconds: 3600 },
    answer: availabilityAnswer,
    alsoPost: true,
    again: (call) => availabilityPage(call),
  },
  async (call) => {
    const any = call;
    const { scope, actor, body, context } = call;
    requirePermission(actor.seatIds === null);
    const before = (await findPerson(scope, actor.personId))?.attendance?.hours;
    const others = clearHours(body.hours, { clock: context.clock, zone: call.timeZone, before }) ?? [];
    const asked = await offeredHours(any);
    const offered = new Set(asked.map(({ value }) => value));
    const lines = [...new Set([...body.days.filter((each) => offered.has(each)), ...others])];
    // Choosing no hours is not the same as always.
    if (body.when === 'these' && lines.length === 0)
      throw new InvalidInput([{ field: 'days', message: 'schedule.availability.problem.no-hours' }]);
    const isAway = body.when === 'never';
    const awayFrom = isAway
      ? await listPlannedIds(scope)
      : body.when === 'these'
        ? notChosen(lines, asked)
        : [];
    if (isAway && awayFrom.length === 0)
      throw new InvalidInput([{ field: 'when', message: 'schedule.availability.problem.nothing-planned' }]);
    const said = {
      awayFrom,
      // This page asks about everything that is planned, not about the one exhibition of a link.
      comesTo: null,
      // Whoever cannot come this time keeps the hours and the number of panels for the next.
      ...(isAway
        ? lines.length > 0
          ? { hours: lines }
          : {}
        : { hours: body.when === 'these' ? lines : [], most: body.most ?? null }),
      ...(body.speaks ? { speaks: body.speaks } : {}),
      ...(body.interprets ? { interprets: body.interprets } : {}),
      ...(mayNameStudents(actor)
        ? { conflictIds: await declared(any, body) }
        : body.conflictWords === undefined
          ? {}
          : { conflictWords: body.conflictWords.trim() }),
    };
    await declareAttendance(context, scope, actor, said);
    const answer = await availabilityPage(any);
    return done('/availability', answer.view, { notice: 'schedule.availability.saved' });
  },
);

/** @throws InvalidInput on `conflicts` for a name that no student or several have */
async function declared(
  { scope, actor }: AnyCall,
  said: { conflictIds?: string[] | undefined; conflicts: readonly string[] },
): Promise<string[]> {
  const self = await findPerson(scope, actor.personId);
  // Somebody who has left since stays declared.
  const ids = self?.attendance?.conflictIds ?? [];
  const known = byId(await listPeopleByIds(scope, ids));
  const before = ids.flatMap((id) => known.get(id) ?? []);
  // Those of before come back with the form.
  if (said.conflicts.length > before.length + MAX_NAMED)
    throw new InvalidInput([{ field: 'conflicts', message: 'schedule.availability.problem.too-many-names' }]);
  const students = said.conflicts.length > 0 ? await listAllStudents(scope) : [];
  return declaredStudents(before, said, students, { isOffice: runsSchool(actor) });
}
