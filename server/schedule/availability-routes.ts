/** Signing up over HTTP: panelists and families say when they can come, how often, in which languages, and whom they must not hear. */
import { z } from 'zod';
import { InvalidInput, type FieldProblem } from '../errors.js';
import { listPlannedIds } from '../exhibition/planned-exhibitions.js';
import { several } from '../http/read-input.js';
import { done, routes, type RoomRoutes } from '../http/route.js';
import { attendanceFields } from '../people/attendance.js';
import type { declareAttendance } from '../people/declare-attendance.js';
import { linesOf } from '../people/hours.js';
import { listAllStudents, listPeopleByIds } from '../people/people-records.js';
import { permit } from '../people/person.js';
import { findPerson } from '../people/people-records.js';
import {
  availabilityAnswer,
  availabilityPage,
  mayNameStudents,
  offeredHours,
  whenKinds,
  type AnyCall,
} from './availability-page.js';

const everybody = ['student', 'guardian', 'panelist', 'guest', 'advisor', 'registrar', 'admin'] as const;
const { speaks, interprets, hours, most } = attendanceFields;

/** @param ports the act of the people's own feature */
export function makeAvailabilityRoutes(ports: { declareAttendance: typeof declareAttendance }): RoomRoutes {
  const availabilityRoutes = routes('schedule');

  availabilityRoutes.get(
    '/availability',
    {
      summary: 'When I can come, how often, and in which languages',
      who: everybody,
      answer: availabilityAnswer,
    },
    (call) => {
      permit(call.actor.seatIds === null);
      return availabilityPage(call as unknown as AnyCall);
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
        /** Names of students, one per line. */
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
      answer: availabilityAnswer,
      alsoPost: true,
      again: (call) => availabilityPage(call as unknown as AnyCall),
    },
    async (call) => {
      const any = call as unknown as AnyCall;
      const { scope, actor, body, context } = call;
      permit(actor.seatIds === null);
      const offered = new Set((await offeredHours(any)).map(({ value }) => value));
      const lines = [...new Set([...body.days.filter((each) => offered.has(each)), ...(body.hours ?? [])])];
      // Choosing no hours is not the same as always.
      if (body.when === 'these' && lines.length === 0)
        throw new InvalidInput([{ field: 'days', message: 'schedule.availability.problem.no-hours' }]);
      const isAway = body.when === 'never';
      const awayFrom = isAway ? await listPlannedIds(scope) : [];
      if (isAway && awayFrom.length === 0)
        throw new InvalidInput([{ field: 'when', message: 'schedule.availability.problem.nothing-planned' }]);
      const said = {
        awayFrom,
        // Whoever cannot come this time keeps the hours and the number of panels for the next.
        ...(isAway
          ? lines.length > 0
            ? { hours: lines }
            : {}
          : { hours: body.when === 'these' ? lines : [], most: body.most ?? null }),
        ...(body.speaks ? { speaks: body.speaks } : {}),
        ...(body.interprets ? { interprets: body.interprets } : {}),
        ...(mayNameStudents(actor) ? { conflictIds: await namedStudents(any, body.conflicts) } : {}),
      };
      await ports.declareAttendance(context, scope, actor, said);
      const answer = await availabilityPage(any);
      return done('/availability', answer.view, { notice: 'schedule.availability.saved' });
    },
  );
  return availabilityRoutes;
}

const nameKey = (name: string): string => name.trim().replace(/\s+/g, ' ').toLocaleLowerCase('en');

/** @throws InvalidInput on `conflicts` for a name that no student or several have */
async function namedStudents({ scope, actor }: AnyCall, names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return [];
  const [students, self] = await Promise.all([listAllStudents(scope), findPerson(scope, actor.personId)]);
  // Somebody who has left since stays declared.
  const before = await listPeopleByIds(scope, self?.attendance?.conflictIds ?? []);
  const problems: FieldProblem[] = [];
  const ids = names.flatMap((typed) => {
    const kept = before.find(({ displayName }) => nameKey(displayName) === nameKey(typed));
    if (kept) return [kept.id];
    const found = students.filter(
      ({ displayName, active }) => active && nameKey(displayName) === nameKey(typed),
    );
    if (found.length === 1) return [found[0]!.id];
    const message = `schedule.problem.together-${found.length === 0 ? 'nobody' : 'several-names'}`;
    problems.push({ field: 'conflicts', message, params: { name: typed.slice(0, 60) } });
    return [];
  });
  if (problems.length > 0) throw new InvalidInput(problems);
  return [...new Set(ids)];
}
