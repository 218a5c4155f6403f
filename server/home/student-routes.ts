/** `/students/:id`: one student over time. It is here because it reads every feature. */
import { z } from 'zod';
import { NotFound } from '../errors.js';
import { idParams } from '../http/read-input.js';
import { page, routes } from '../http/route.js';
import { findStudent } from '../people/people-records.js';
import { studentAnswer } from '../people/people-view.js';
import { mayListAllStudents, mayReadStudent, requirePermission, mayRunSignIn } from '../people/person.js';
import { studentPage } from './student-page.js';

export const studentRoutes = routes('home');

const line = z.looseObject({ href: z.string() });

studentRoutes.get(
  '/students/:id',
  {
    summary: 'A student over time: growth, work, exhibitions, narratives, transcripts',
    who: ['student', 'guardian', 'advisor', 'registrar', 'admin'],
    params: idParams,
    answer: z.object({
      student: studentAnswer,
      growth: z.array(
        z.object({ title: z.string(), charts: z.array(z.object({ title: z.string(), words: z.string() })) }),
      ),
      works: z.object({ total: z.number(), items: z.array(line) }).nullable(),
      exhibitions: z.array(line),
      narratives: z.object({ items: z.array(line) }),
      transcripts: z.array(line),
      moves: z
        .array(z.object({ words: z.string(), at: z.string(), href: z.string().nullable() }))
        .describe('Handovers from or to another school.'),
      earlier: z
        .array(
          z.object({
            ...{ school: z.string(), copiedAt: z.string() },
            groups: z.array(z.object({ kind: z.string(), items: z.array(line) })),
            transcripts: z.array(line),
          }),
        )
        .describe('Records from earlier schools, by school.'),
    }),
  },
  async (call) => {
    const student = await findStudent(call.scope, call.params.id);
    if (!student) throw new NotFound();
    requirePermission(mayReadStudent(call.actor, student));
    const inList = mayListAllStudents(call.actor) || call.actor.advisoryIds.length > 0;
    const signInHref =
      mayRunSignIn(call.actor, student) && student.active ? `/people/${student.id}/sign-in` : null;
    return page(
      'home/student',
      { ...(await studentPage(call, student)), signInHref },
      {
        title: student.displayName,
        crumbs: inList ? [{ href: '/students', label: call.t('people.students.title') }] : [],
      },
    );
  },
);
