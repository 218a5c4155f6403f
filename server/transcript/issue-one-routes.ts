/**
 * Issues a transcript of any term about one student, also about somebody who has left. The document itself is
 * made by a background job.
 */
import { z } from 'zod';
import { NotFound } from '../errors.js';
import { idParams } from '../http/read-input.js';
import { done, page, routes, type Call } from '../http/route.js';
import { findStudent } from '../people/people-records.js';
import { checkNotErased } from '../people/person.js';
import { listEnrollmentsOfStudent } from '../people/enrollment-records.js';
import { findSchool, getTerm, listTerms } from '../school/school-records.js';
import { requestTranscripts } from './request-transcripts.js';

export const issueOneRoutes = routes('transcript');

const runners = ['registrar', 'admin'] as const;
const option = z.object({ value: z.string(), label: z.string() });

async function studentOf({ scope }: Pick<Call, 'scope'>, id: string) {
  const student = await findStudent(scope, id);
  if (!student) throw new NotFound();
  checkNotErased(student);
  return student;
}

async function issuePage(call: Pick<Call, 'scope' | 't'>, id: string) {
  const student = await studentOf(call, id);
  const [terms, recorded, school] = await Promise.all([
    listTerms(call.scope),
    listEnrollmentsOfStudent(call.scope, id),
    findSchool(call.scope, call.scope.schoolId),
  ]);
  const newest = [...terms].sort((a, b) => b.startsOn.localeCompare(a.startsOn));
  const known = new Set(recorded.map(({ termId }) => termId));
  const last = newest.find((term) => known.has(term.id));
  return page(
    'transcript/issue-one',
    {
      student: { id, displayName: student.displayName, active: student.active },
      terms: newest.map((term) => ({ value: term.id, label: term.name })),
      termId: (student.active ? school?.currentTermId : last?.id) ?? last?.id ?? newest[0]?.id ?? null,
    },
    {
      title: call.t('transcript.issue-one.title', { name: student.displayName }),
      crumbs: [{ href: `/people/${id}`, label: student.displayName }],
    },
  );
}

issueOneRoutes.get(
  '/students/:id/issue-transcript',
  {
    summary: 'The form for a transcript of one student, who may have left',
    who: runners,
    params: idParams,
    answer: z.object({
      student: z.object({ id: z.string(), displayName: z.string(), active: z.boolean() }),
      terms: z.array(option),
      termId: z.string().nullable().describe('The term that is proposed.'),
    }),
  },
  async (call) => issuePage(call, call.params.id),
);

issueOneRoutes.post(
  '/students/:id/issue-transcript',
  {
    summary: 'Issue a transcript of one student, who may have left, as a background job',
    who: runners,
    params: idParams,
    body: z.object({ termId: z.string().min(1).max(64) }),
    status: 202,
    answer: z.object({ jobId: z.string() }),
    again: async (call) => issuePage(call, call.params.id),
  },
  async (call) => {
    const { scope, context, actor, body } = call;
    const student = await studentOf(call, call.params.id);
    const term = await getTerm(scope, body.termId);
    const wanted = { term, studentIds: [student.id], again: false, requestKey: null };
    const job = await requestTranscripts(context, scope, actor, wanted);
    return done(`/jobs/${job.id}`, { jobId: job.id }, { status: 202 });
  },
);
