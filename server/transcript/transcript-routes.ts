/** The registrar's desk: what is missing, issuing a term's transcripts, the issued ones, one by one or all as a zip. */
import { z } from 'zod';
import { runsSchool } from '../access/actor.js';
import { appendDownload } from '../audit/append-counted.js';
import { NotFound } from '../errors.js';
import { contentDisposition } from '../http/content-disposition.js';
import { pagerOf } from '../http/pager.js';
import { flag, idParams, listOf, pageQuery, several, prose } from '../http/read-input.js';
import { done, page, routes, sent, type Call } from '../http/route.js';
import { sendStoredFile } from '../http/send-stored-file.js';
import { findPerson, listSealedStudentIds } from '../people/people-records.js';
import { checkNotSealed, permit } from '../people/person.js';
import { pageEnrolled } from '../people/read-enrollments.js';
import { findTerm, getTerm, listTerms } from '../school/school-records.js';
import { checkSnapshot } from './check-snapshot.js';
import { countPreflight, listComplete, preflight } from './preflight.js';
import { requestTranscripts } from './request-transcripts.js';
import { revokeTranscript } from './revoke-transcript.js';
import { fileName, mayReadTranscript, wasIssued, type IssuedTranscript } from './transcript.js';
import { preflightAnswer, preflightView, transcriptAnswer, transcriptSummary } from './transcript-answer.js';
import { findTranscript, listIssuedOfTerm, listTranscriptsPage } from './transcript-records.js';
import { zipOf } from './zip-transcripts.js';

export const transcriptRoutes = routes('transcript');

const runners = ['registrar', 'admin'] as const;
const readers = ['student', 'guardian', 'advisor', ...runners] as const;

transcriptRoutes.get(
  '/transcripts',
  {
    summary: 'Issued transcripts, newest first',
    who: runners,
    query: pageQuery,
    answer: listOf(transcriptAnswer),
  },
  async (call) => {
    const [found, terms] = await Promise.all([
      listTranscriptsPage(call.scope, call.query.page, call.query.perPage),
      listTerms(call.scope),
    ]);
    return page(
      'transcript/transcripts',
      {
        ...found,
        items: found.items.map((each) => shown(call, transcriptSummary(each, true))),
        terms: [...terms].reverse().map(({ id, name }) => ({ id, name })),
        pager: pagerOf(found, '/transcripts'),
      },
      { title: call.t('transcript.list.title') },
    );
  },
);

const stateKind = {
  preparing: null,
  issued: 'ok',
  superseded: null,
  revoked: 'stop',
  withdrawn: 'stop',
} as const;
const shown = (call: Pick<Call, 't'>, summary: z.output<typeof transcriptAnswer>) => ({
  ...summary,
  stateWords: call.t(`transcript.state.${summary.state}`),
  stateKind: stateKind[summary.state],
});

async function termPage(
  call: Pick<Call, 'scope' | 't'>,
  termId: string,
  at: { page: number; perPage: number },
) {
  const [term, students, counts] = await Promise.all([
    getTerm(call.scope, termId),
    pageEnrolled(call.scope, termId, at.page, at.perPage),
    countPreflight(call.scope, termId),
  ]);
  const lines = await preflight(call.scope, term.id, students.items);
  const found = {
    ...students,
    items: lines.map((line) => ({
      ...preflightView(line),
      missingWords: line.missing.map((gap) => call.t(`transcript.gap.${gap}`)).join(', '),
      draftWords: line.drafts > 0 ? call.t('transcript.preflight.drafts', { count: line.drafts }) : null,
    })),
  };
  const { total } = students;
  const { complete, issued } = counts;
  const incomplete = total - complete;
  return page(
    'transcript/term',
    {
      ...found,
      term: { id: term.id, name: term.name },
      counts: { complete, issued },
      pager: pagerOf(found, `/terms/${term.id}/transcripts`),
      issueAll: call.t('transcript.issue.all', { count: total }),
      issueComplete:
        complete > 0 && incomplete > 0 ? call.t('transcript.issue.complete', { count: complete }) : null,
      incomplete: incomplete > 0 ? call.t('transcript.issue.incomplete', { count: incomplete }) : null,
      lede: call.t('transcript.preflight.lede', {
        count: total,
        complete,
        issued,
      }),
    },
    {
      title: call.t('transcript.preflight.title', { term: term.name }),
      crumbs: [{ href: '/transcripts', label: call.t('transcript.list.title') }],
    },
  );
}

transcriptRoutes.get(
  '/terms/:id/transcripts',
  {
    summary: 'Before issuing: what is missing per student of the term',
    who: runners,
    params: idParams,
    query: pageQuery,
    answer: listOf(preflightAnswer),
  },
  async (call) => termPage(call, call.params.id, call.query),
);

const issueBody = z.object({
  /** Everybody enrolled in the term when left out. */
  studentIds: several(z.string().max(64)).optional(),
  all: flag,
  /** Those to whom nothing is missing. */
  complete: flag,
  /** Also where nothing has changed since the last one. */
  again: flag,
  requestKey: z.string().max(100).optional(),
});

transcriptRoutes.post(
  '/terms/:id/transcripts',
  {
    summary: 'Issue transcripts of the term as a background job; for all students or those named',
    who: runners,
    params: idParams,
    body: issueBody,
    status: 202,
    answer: z.object({ jobId: z.string() }),
    again: async (call) => termPage(call, call.params.id, { page: 1, perPage: 50 }),
  },
  async (call) => {
    const term = await findTerm(call.scope, call.params.id);
    if (!term) throw new NotFound();
    const { all, complete, again, requestKey } = call.body;
    const studentIds = complete ? await listComplete(call.scope, term.id) : call.body.studentIds;
    // A form without a tick sends no field at all, and means nobody; a program that leaves the field out means everybody.
    const named = all || (studentIds === undefined && call.wantsJson) ? null : (studentIds ?? []);
    const job = await requestTranscripts(call.context, call.scope, call.actor, {
      term,
      studentIds: named,
      again,
      requestKey: requestKey ?? call.request.get('idempotency-key')?.slice(0, 100) ?? null,
    });
    return done(`/jobs/${job.id}`, { jobId: job.id }, { status: 202 });
  },
);

transcriptRoutes.get(
  '/terms/:id/transcripts.zip',
  {
    summary: 'All valid transcripts of the term',
    who: runners,
    params: idParams,
    answerType: 'application/zip',
  },
  async (call) => {
    const term = await getTerm(call.scope, call.params.id);
    const sealed = await listSealedStudentIds(call.scope);
    const issued = ((await listIssuedOfTerm(call.scope, term.id)) as IssuedTranscript[]).filter(
      ({ studentId }) => !sealed.has(studentId),
    );
    if (issued.length === 0) throw new NotFound('transcript.problem.none-issued');
    const subject = { kind: 'term', id: term.id };
    const detail = { format: 'zip', count: issued.length };
    const { scope, context, actor } = call;
    await appendDownload(scope, context.clock, actor, 'transcript.download', subject, detail);
    call.response.set({
      'Content-Type': 'application/zip',
      'Content-Disposition': contentDisposition(
        'attachment',
        `${call.t('transcript.preflight.title', { term: term.name })}.zip`,
      ),
      'X-Content-Type-Options': 'nosniff',
    });
    await zipOf(call.context.storage, issued, call.response);
    return sent;
  },
);

/** The transcript, for somebody who may read it; one that is still in preparation exists for nobody. */
async function readable(
  call: Pick<Call, 'scope' | 'actor' | 'context'>,
  id: string,
): Promise<IssuedTranscript> {
  const transcript = await findTranscript(call.scope, id);
  if (!transcript || !wasIssued(transcript)) throw new NotFound();
  const student = await findPerson(call.scope, transcript.studentId);
  checkNotSealed(student);
  permit(runsSchool(call.actor) || (student !== null && mayReadTranscript(call.actor, student)));
  checkSnapshot(call.context.log, transcript);
  return transcript;
}

const recordDownload = (
  { scope, context, actor }: Pick<Call, 'scope' | 'actor' | 'context'>,
  id: string,
  format: 'pdf' | 'json',
): Promise<void> =>
  appendDownload(scope, context.clock, actor, 'transcript.download', { kind: 'transcript', id }, { format });

transcriptRoutes.get(
  '/transcripts/:id.pdf',
  {
    summary: 'The PDF of a transcript',
    who: readers,
    params: idParams,
    query: z.object({ download: flag }),
    answerType: 'application/pdf',
  },
  async (call) => {
    const transcript = await readable(call, call.params.id);
    await recordDownload(call, transcript.id, 'pdf');
    return sendStoredFile(
      call,
      call.context.storage,
      { ...transcript.pdf, name: fileName(transcript), type: 'application/pdf' },
      { download: call.query.download },
    );
  },
);

async function transcriptPage(call: Pick<Call, 'scope' | 'actor' | 't' | 'context'>, id: string) {
  const transcript = await readable(call, id);
  const staff = runsSchool(call.actor);
  return page(
    'transcript/transcript',
    {
      ...shown(call, transcriptSummary(transcript, staff)),
      mayRevoke: staff && transcript.state !== 'revoked',
    },
    {
      title: call.t('transcript.page.title', { number: transcript.number }),
      crumbs: [{ href: `/students/${transcript.studentId}`, label: transcript.studentName }],
    },
  );
}

transcriptRoutes.get(
  '/transcripts/:id',
  { summary: 'One issued transcript', who: readers, params: idParams, answer: transcriptAnswer },
  async (call) => transcriptPage(call, call.params.id),
);

transcriptRoutes.get(
  '/transcripts/:id/snapshot',
  {
    summary: 'The frozen data that the PDF was made from, as canonical JSON',
    who: readers,
    params: idParams,
    answerType: 'application/json',
  },
  async (call) => {
    const transcript = await readable(call, call.params.id);
    await recordDownload(call, transcript.id, 'json');
    call.response.type('application/json').send(transcript.snapshot);
    return sent;
  },
);

transcriptRoutes.post(
  '/transcripts/:id/revoke',
  {
    summary: 'Revoke a transcript, with a reason',
    who: runners,
    params: idParams,
    body: z.object({ reason: prose(500) }),
    answer: transcriptAnswer,
    again: async (call) => transcriptPage(call, call.params.id),
  },
  async (call) => {
    const transcript = await revokeTranscript(call.context, call.scope, call.actor, {
      id: call.params.id,
      ...call.body,
    });
    return done(`/transcripts/${transcript.id}`, transcriptSummary(transcript, true), {
      notice: 'transcript.notice.revoked',
    });
  },
);
