/** Issued transcripts: the list, one by one as page, PDF and frozen data, and revoking one. */
import { z } from 'zod';
import { runsSchool } from '../access/actor.js';
import { appendDownload } from '../audit/append-counted.js';
import { NotFound } from '../errors.js';
import { pagerOf } from '../http/pager.js';
import { flag, idParams, listOf, pageQuery, prose } from '../http/read-input.js';
import { done, page, routes, sent, type Call } from '../http/route.js';
import { sendStoredFile } from '../http/send-stored-file.js';
import { findPerson } from '../people/people-records.js';
import { checkNotSealed, requirePermission } from '../people/person.js';
import { listTerms } from '../school/school-records.js';
import { checkSnapshot } from './check-snapshot.js';
import { findOutOfDate } from './out-of-date.js';
import { revokeTranscript } from './revoke-transcript.js';
import { fileName, mayReadTranscript, wasIssued, type IssuedTranscript } from './transcript.js';
import { transcriptAnswer, transcriptSummary } from './transcript-answer.js';
import { findTranscript, listTranscriptsPage } from './transcript-records.js';

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
    const outOfDate = await findOutOfDate(call.scope, found.items);
    return page(
      'transcript/transcripts',
      {
        ...found,
        items: found.items.map((each) => shown(call, transcriptSummary(each, true, outOfDate.get(each.id)))),
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

/** The transcript, for somebody who may read it; one that is still in preparation exists for nobody. */
async function readable(
  call: Pick<Call, 'scope' | 'actor' | 'context'>,
  id: string,
): Promise<IssuedTranscript> {
  const transcript = await findTranscript(call.scope, id);
  if (!transcript || !wasIssued(transcript)) throw new NotFound();
  const student = await findPerson(call.scope, transcript.studentId);
  checkNotSealed(student);
  requirePermission(runsSchool(call.actor) || (student !== null && mayReadTranscript(call.actor, student)));
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
  const outOfDate = (await findOutOfDate(call.scope, [transcript])).get(transcript.id);
  return page(
    'transcript/transcript',
    {
      ...shown(call, transcriptSummary(transcript, staff, outOfDate)),
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
    return done(`/transcripts/${transcript.id}`, transcriptSummary(transcript, true, undefined), {
      notice: 'transcript.notice.revoked',
    });
  },
);
