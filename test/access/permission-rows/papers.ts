/** Narratives, jobs, transcripts and their verification. */
import { newId } from '../../../server/ids.js';
import { newJob } from '../../../server/jobs/job.js';
import { saveJob } from '../../../server/jobs/job-records.js';
import { getNarrative } from '../../../server/narratives/narrative-records.js';
import { dotPng } from '../../harness/builders/artifacts.js';
import { actorOf } from '../../harness/builders/transcript.js';
import { issuedTranscript } from '../../harness/builders/world-papers.js';
import { ownRunners, readers, runners } from './groups.js';
import type { Anew, Rows } from './row.js';

let drafts = 0;
/** Words that were never signed, over the newest draft. */
const newWords: Anew = async ({ home, ids }) => {
  const { revision } = await getNarrative(home.scope, ids['narrative']!);
  return { body: { markdown: `Other words ${(drafts += 1)}.`, revision } };
};

/** A job that somebody asked for and that nobody has taken up. */
/** No worker knows its kind, so it waits until it is cancelled. */
const waitingJob: Anew = async ({ app, home, people }) => {
  const asked = { kind: 'unattended', key: newId(), payload: {}, total: 1 };
  const registrar = actorOf(people.registrar);
  const job = await saveJob(home.scope, newJob(home.scope, app.context.clock, registrar, asked));
  return { ids: { waitingJob: job.id } };
};

function someFile(): FormData {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(dotPng)]), 'transcript.pdf');
  return form;
}

export const paperRows: Rows = [
  { route: 'GET /students/:id/narratives', of: { id: 'student' }, expect: readers, otherwise: 'no' },
  {
    route: 'POST /students/:id/narratives',
    of: { id: 'student' },
    expect: { student: 'ok', advisor: 'ok', visitor: 'in' },
    otherwise: 'no',
    body: { markdown: 'Words.' },
  },
  {
    route: 'GET /students/:id/narratives/new',
    of: { id: 'student' },
    expect: { student: 'ok', advisor: 'ok', visitor: 'in' },
    otherwise: 'no',
  },
  { route: 'GET /narratives/:id', of: { id: 'narrative' }, expect: readers, otherwise: 'no' },
  ...['PUT', 'POST'].map((method) => ({
    route: `${method} /narratives/:id`,
    of: { id: 'narrative' },
    expect: { advisor: 'ok', visitor: 'in' } as const,
    otherwise: 'no' as const,
    anew: newWords,
  })),
  {
    route: 'POST /narratives/:id/sign',
    of: { id: 'narrative' },
    expect: { advisor: 'ok', visitor: 'in' },
    otherwise: 'no',
    anew: newWords,
  },
  {
    route: 'GET /narratives/:id/preview',
    of: { id: 'narrative' },
    expect: { advisor: 'ok', visitor: 'in' },
    otherwise: 'no',
  },
  {
    route: 'GET /narratives/:id/versions/:number',
    of: { id: 'narrative', number: '1' },
    expect: readers,
    otherwise: 'no',
  },
  {
    route: 'GET /jobs',
    expect: { admin: 'ok', strangeAdmin: 'ok', visitor: 'in' },
    otherwise: 'no',
  },
  { route: 'GET /jobs/:id', of: { id: 'job' }, expect: ownRunners, otherwise: 'no' },
  {
    route: 'POST /jobs/:id/cancel',
    of: { id: 'waitingJob' },
    expect: ownRunners,
    otherwise: 'no',
    anew: waitingJob,
  },
  {
    route: 'GET /transcripts',
    expect: runners,
    otherwise: 'no',
  },
  {
    route: 'GET /terms/:id/transcripts',
    of: { id: 'term' },
    expect: ownRunners,
    otherwise: 'no',
  },
  {
    route: 'POST /terms/:id/transcripts',
    of: { id: 'term' },
    expect: ownRunners,
    otherwise: 'no',
  },
  {
    route: 'GET /students/:id/issue-transcript',
    of: { id: 'student' },
    expect: ownRunners,
    otherwise: 'no',
  },
  {
    route: 'POST /students/:id/issue-transcript',
    of: { id: 'student' },
    anew: ({ ids }) => ({ body: { termId: ids['term'] } }),
    expect: ownRunners,
    otherwise: 'no',
  },
  {
    route: 'GET /terms/:id/transcripts.zip',
    of: { id: 'term' },
    expect: ownRunners,
    otherwise: 'no',
  },
  {
    route: 'GET /terms/:id/students/:studentId/draft.pdf',
    of: { id: 'term', studentId: 'student' },
    expect: ownRunners,
    otherwise: 'no',
  },
  { route: 'GET /transcripts/:id.pdf', of: { id: 'transcript' }, expect: readers, otherwise: 'no' },
  { route: 'GET /transcripts/:id', of: { id: 'transcript' }, expect: readers, otherwise: 'no' },
  { route: 'GET /transcripts/:id/snapshot', of: { id: 'transcript' }, expect: readers, otherwise: 'no' },
  {
    route: 'POST /transcripts/:id/revoke',
    of: { id: 'transcript' },
    expect: ownRunners,
    otherwise: 'no',
    anew: async ({ app, home, people }) => ({
      ids: { transcript: (await issuedTranscript(app, home, people)).id },
    }),
    body: { reason: 'A wrong date.' },
  },
  { route: 'GET /verify', expect: {}, otherwise: 'ok' },
  {
    route: 'POST /verify',
    expect: {},
    otherwise: 'ok',
    anew: ({ ids }) => ({ body: { code: ids['code'] } }),
  },
  { route: 'GET /verify/:code', of: { code: 'code' }, expect: {}, otherwise: 'ok' },
  {
    route: 'POST /verify/:code',
    of: { code: 'code' },
    expect: {},
    otherwise: 'ok',
    anew: () => ({ body: someFile() }),
  },
];
