/**
 * The roster import: choose a file, see the differences, bring it in. The work is a background job; what ends
 * at once is answered at once.
 */
import { setTimeout as rest } from 'node:timers/promises';
import multer from 'multer';
import { z } from 'zod';
import { limitAttempts } from '../access/limit-attempts.js';
import { Conflict, InvalidInput, NotFound } from '../errors.js';
import { formReader } from '../http/form-reader.js';
import { flag, idParams, pageQuery, several } from '../http/read-input.js';
import { done, page, routes, type Call, type PageAnswer } from '../http/route.js';
import { isOver, type Job } from '../jobs/job.js';
import { findJob } from '../jobs/job-records.js';
import { rosterImportPage } from './roster-import-page.js';
import { rosterImportAnswer, readRosterImport } from './roster-import-view.js';
import type { DuplicateAnswers } from './roster-import.js';
import { findLastPreview, requestImport } from './request-import.js';
import { csvColumns } from './csv-columns.js';

export const importRoutes = routes('people');

const runners = ['registrar', 'admin'] as const;
/** By one person. */
const previewsPerHour = 100;
const MAX_ROSTER_MEGABYTES = 15;
/** Milliseconds for which the answer waits for the job: most files are done by then. */
const PATIENCE = 2500;
const LOOK_AGAIN = 60;

const receive = formReader({
  storage: multer.memoryStorage(),
  defParamCharset: 'utf8',
  limits: { fileSize: MAX_ROSTER_MEGABYTES * 1024 * 1024, files: 1, fields: 2000, fieldSize: 10_000 },
}).single('roster');

const importPage = (call: Pick<Call, 't'>): PageAnswer =>
  page(
    'people/import',
    { maximumMegabytes: MAX_ROSTER_MEGABYTES, columns: Object.keys(csvColumns).join(', ') },
    {
      title: call.t('people.import.title'),
      crumbs: [{ href: '/people', label: call.t('people.people.title') }],
    },
  );

importRoutes.get('/people/import', { summary: 'The form for a roster', who: runners }, async (call) =>
  importPage(call),
);

importRoutes.post(
  '/people/import',
  {
    summary:
      'Bring in a roster: OneRoster 1.2 zip or one CSV (`roster`); `dryRun` only shows the differences. 200 with the outcome when it takes moments, otherwise 202 with `jobId`: follow /jobs/{jobId}, then read /people/imports/{jobId}',
    who: runners,
    token: 'people:import',
    files: () => receive,
    fileFields: { roster: { takes: 'A OneRoster 1.2 zip or one CSV file' } },
    body: z.object({
      dryRun: flag,
      /** `same:` or `two:` and the `key` of one of `duplicates`; of the others nothing is decided. */
      duplicates: several(z.string().max(1200)),
      /** The id of a file that an earlier preview kept. */
      kept: z.string().max(64).optional(),
      /** `key` of those of `unnamed` whose tie ends; all others stay guardians. */
      endTies: several(z.string().max(140)),
      /** `rowKey` of those of `moved` whose school is asked for a handover; the others come in as other people. */
      ask: several(z.string().max(500)),
      /** `option:key` for those of `questions` that somebody answers. */
      answers: several(z.string().max(1200)),
      /** How many leave by `all absent`, where that is asked: `manyAbsent` of the preview. */
      leaving: z.coerce.number().int().min(0).optional(),
    }),
    answer: z.union([rosterImportAnswer, z.object({ jobId: z.string() })]),
    limit: { name: 'people-import', failures: 120, seconds: 900 },
    again: async (call) => (await previewAgain(call)) ?? importPage(call),
  },
  async (call) => {
    const { scope, context, actor, body } = call;
    const { file } = call.request;
    if (body.dryRun) await limitPreviews(call);
    const job = await requestImport(context, scope, actor, {
      file: file ? { name: file.originalname.slice(-200), content: file.buffer } : null,
      kept: body.kept ?? null,
      dryRun: body.dryRun,
      endTies: body.endTies,
      ask: body.ask,
      answers: answersOf(body.duplicates),
      said: body.answers,
      leaving: body.leaving ?? null,
    });
    const ended = await endOf(call, job);
    if (!ended) return done(`/jobs/${job.id}`, { jobId: job.id }, { status: 202 });
    checkOutcome(ended);
    const view = await readRosterImport(call, ended, { page: 1, perPage: 200 });
    const { created, updated, unchanged, errors, missing, names } = view;
    if (body.dryRun || errors.length + names.length + missing > 0)
      return done(`/people/imports/${job.id}`, view);
    return done('/people', view, {
      notice: 'people.import.done',
      noticeParams: { created, updated, unchanged },
    });
  },
);

importRoutes.get(
  '/people/imports/:id',
  {
    summary: 'What a roster would change, or has changed; the rows by page',
    who: runners,
    params: idParams,
    query: pageQuery,
    answer: rosterImportAnswer,
  },
  async (call) => {
    const job = await findJob(call.scope, call.params.id);
    if (!job) throw new NotFound('people.import.problem.outcome-gone');
    if (!isOver(job)) throw new Conflict('people.import.problem.not-ended');
    checkOutcome(job);
    return rosterImportPage(call, await readRosterImport(call, job, call.query));
  },
);

/** A preview leaves no trace in the school, so a program could ask of one address after the other. @throws TooMany */
const limitPreviews = ({ context, actor }: Pick<Call, 'context' | 'actor'>): Promise<void> =>
  limitAttempts(
    context.db,
    { what: 'roster-preview', whom: actor.personId, most: previewsPerHour, seconds: 3600 },
    context.clock.now(),
  );

/** A form sends one for each pair, empty where nothing was decided. */
function answersOf(given: readonly string[]): DuplicateAnswers {
  const of = (word: string): string[] =>
    given.filter((each) => each.startsWith(`${word}:`)).map((each) => each.slice(word.length + 1));
  return { same: of('same'), two: of('two') };
}

/** The preview from which an import was sent that was refused: what was answered there is put into it again. */
async function previewAgain(call: Call<unknown, unknown, unknown>): Promise<PageAnswer | null> {
  const sent = z.object({ kept: z.string().max(64) }).safeParse(call.body);
  const id = sent.success && (await findLastPreview(call.scope, sent.data.kept, call.actor.personId));
  const job = id ? await findJob(call.scope, id) : null;
  return job && rosterImportPage(call, await readRosterImport(call, job, { page: 1, perPage: 50 }));
}

/** The job as it ended, or null when it takes longer than an answer should. */
async function endOf(call: Pick<Call, 'scope' | 'context'>, job: Job): Promise<Job | null> {
  const until = performance.now() + PATIENCE;
  while (performance.now() < until) {
    const now = await findJob(call.scope, job.id);
    if (now && isOver(now)) return now;
    await rest(LOOK_AGAIN);
  }
  return null;
}

/** @throws InvalidInput with what is wrong with the file as a whole; Conflict when it is our fault */
function checkOutcome(job: Job): void {
  if (job.state !== 'failed') return;
  const own = job.problems.filter(({ message }) => message.startsWith('people.'));
  if (own.length === 0) throw new Conflict('jobs.problem.failed');
  throw new InvalidInput(
    own.map(({ message, params }) => ({
      field: message === 'people.import.problem.leaving' ? 'leaving' : 'roster',
      message,
      ...(params ? { params } : {}),
    })),
  );
}
