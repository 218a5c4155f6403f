/** What families and guests wrote about students they must not hear, for the office to say who is meant. */
import { z } from 'zod';
import { runsSchool } from '../access/actor.js';
import { idParams } from '../http/read-input.js';
import { done, page, routes, type PageAnswer, type AnyCall } from '../http/route.js';
import { MAX_CONFLICT_WORDS } from '../people/attendance.js';
import { linesOf } from '../people/hours.js';
import { listAllPeople, listAllStudents } from '../people/people-records.js';
import { requirePermission, type Person } from '../people/person.js';
import { confirmConflicts } from '../people/confirm-conflicts.js';
import { declaredStudents } from './declared-students.js';

const office = ['registrar', 'admin'] as const;

/** Whether somebody has written whom they must not hear, and nobody has said yet who is meant. */
export const awaitsSettling = ({ attendance, active }: Pick<Person, 'attendance' | 'active'>): boolean =>
  active && Boolean(attendance?.conflictWords);

async function settlePage({ scope, actor, t }: AnyCall): Promise<PageAnswer> {
  requirePermission(actor.seatIds === null && runsSchool(actor));
  const people = (await listAllPeople(scope))
    .filter(awaitsSettling)
    .map(({ id, displayName, attendance }) => ({
      id,
      name: displayName,
      words: attendance!.conflictWords!,
    }));
  return page(
    'schedule/settle',
    { people },
    {
      title: t('schedule.availability.settle.title'),
      crumbs: [{ href: '/exhibitions', label: t('exhibition.list.title') }],
    },
  );
}

export const settleRoutes = routes('schedule');
settleRoutes.get(
  '/availability/conflicts',
  {
    summary: 'What people wrote about students they must not hear, where nobody has said yet who is meant',
    who: office,
    answer: z.object({
      people: z.array(z.object({ id: z.string(), name: z.string(), words: z.string() })),
    }),
  },
  (call) => settlePage(call),
);
settleRoutes.post(
  '/availability/conflicts/:id',
  {
    summary: 'Say which students somebody means; what they wrote is deleted with that',
    who: office,
    params: idParams,
    body: z.object({
      /** Names or numbers of students, one per line. */
      students: z.preprocess(
        (value) => (Array.isArray(value) ? value.join('\n') : value),
        z.string().max(4000).default('').transform(linesOf),
      ),
      /** What was read, so that nothing is deleted unread; without it nothing is. */
      words: z
        .string()
        .max(MAX_CONFLICT_WORDS * 2)
        .default('')
        .transform((typed) => typed.replaceAll('\r\n', '\n')),
    }),
    answer: z.object({ id: z.string(), conflictIds: z.array(z.string()) }),
    again: (call) => settlePage(call),
  },
  async (call) => {
    const { scope, actor, params, body, context } = call;
    const students = body.students.length > 0 ? await listAllStudents(scope) : [];
    const studentIds = declaredStudents([], { conflicts: body.students }, students, {
      field: 'students',
      isOffice: true,
    });
    const said = { studentIds, words: body.words };
    const person = await confirmConflicts(context, scope, actor, params.id, said);
    const conflictIds = person.attendance?.conflictIds ?? [];
    return done(
      '/availability/conflicts',
      { id: person.id, conflictIds },
      { notice: 'schedule.availability.settle.saved', noticeParams: { name: person.displayName } },
    );
  },
);
