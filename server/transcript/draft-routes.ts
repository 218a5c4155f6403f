/**
 * What a student's transcript would say if it were issued now: to be proofread. It has no number, and every
 * page says DRAFT.
 */
import { z } from 'zod';
import { appendDownload } from '../audit/append-counted.js';
import { ConflictWithPage, NotFound, Unavailable } from '../errors.js';
import { contentDisposition } from '../http/content-disposition.js';
import { routes, sent, type Call } from '../http/route.js';
import { findPerson } from '../people/people-records.js';
import { checkNotSealed, type Person } from '../people/person.js';
import { isEnrolledIn } from '../people/read-enrollments.js';
import { PrinterBusy, PrintTimedOut } from '../rendering/printer.js';
import type { Term } from '../school/school.js';
import { findSchool, getTerm } from '../school/school-records.js';
import { asCannotPrint, CannotPrint, lettersProblem } from './cannot-print.js';
import { gatherFacts } from './gather-facts.js';
import type { TranscriptSnapshot } from './snapshot.js';
import { listTermsWithRecords } from './term-records.js';
import { transcriptPrint } from './transcript-html.js';
import { standardTemplate } from './transcripts-job.js';

export const draftRoutes = routes('transcript');

/** Seconds after which somebody who was turned away by a busy printer tries again. */
const RETRY_SECONDS = 10;

draftRoutes.get(
  '/terms/:id/students/:studentId/draft.pdf',
  {
    summary: 'What a transcript would say today, as a PDF without a number and with DRAFT on every page',
    who: ['registrar', 'admin'],
    params: z.object({ id: z.string().max(64), studentId: z.string().max(64) }),
    answerType: 'application/pdf',
  },
  async (call) => {
    const term = await getTerm(call.scope, call.params.id);
    const student = await findPerson(call.scope, call.params.studentId);
    checkNotSealed(student);
    if (!student?.roles.includes('student')) throw new NotFound();
    const written = await listTermsWithRecords(call.scope, student.id);
    if (!(await isEnrolledIn(call.scope, term.id, student, written))) throw new NotFound();
    const pdf = await printDraft(call, term, student);
    const subject = { kind: 'person', id: student.id };
    await appendDownload(call.scope, call.context.clock, call.actor, 'transcript.draft', subject, {
      termId: term.id,
    });
    const name = `${call.t('transcript.draft.mark')} ${student.displayName}.pdf`;
    call.response.set({
      'Content-Type': 'application/pdf',
      'Content-Disposition': contentDisposition('inline', name),
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    });
    call.response.end(pdf);
    return sent;
  },
);

/** A draft has no number that could be said to be unused. */
const draftProblems: Partial<Record<string, string>> = {
  'transcript.problem.letters': 'transcript.draft.letters',
  'transcript.problem.printed-wrong': 'transcript.draft.printed-wrong',
};

/** Says of whom, and leads back to the list of the term. */
function refusal(term: Term, student: Person, { key, params }: CannotPrint): ConflictWithPage {
  const names = { student: student.displayName, term: term.name };
  return new ConflictWithPage(
    draftProblems[key] ?? key,
    { ...params, ...names },
    'cannot-print',
    { href: `/terms/${term.id}/transcripts`, label: 'transcript.draft.back', params: { term: term.name } },
    { student: { id: student.id, displayName: student.displayName }, termId: term.id },
  );
}

/** @throws ConflictWithPage `cannot-print` with what must be changed */
async function printDraft(
  { context, scope, t, actor }: Pick<Call, 'context' | 'scope' | 't' | 'actor'>,
  term: Term,
  student: Person,
): Promise<Uint8Array> {
  const school = (await findSchool(scope, scope.schoolId))!;
  const facts = (await gatherFacts(context, scope, school, term, [student])).get(student.id)!;
  const snapshot: TranscriptSnapshot = {
    ...facts,
    ...{ number: t('transcript.draft.mark'), code: '', verifyUrl: '' },
    issued: { at: context.clock.now().toISOString(), by: actor.name },
  };
  const look = { template: standardTemplate, pageSize: school.policies.pageSize, isDraft: true };
  try {
    const problem = await lettersProblem(context, facts, null);
    if (problem) throw problem;
    const print = await transcriptPrint(context, snapshot, look);
    return await context.printer.print({ ...print, owner: scope.schoolId }).catch(asCannotPrint);
  } catch (error) {
    if (error instanceof CannotPrint) throw refusal(term, student, error);
    if (error instanceof PrinterBusy || error instanceof PrintTimedOut)
      throw new Unavailable(RETRY_SECONDS, { cause: error });
    throw error;
  }
}
