/**
 * What the heavy work of one school does to everybody else: a student of another school opens the home page
 * 25 times a second while nobody works, while a roster of 30,000 is previewed and brought in, and while 400
 * transcripts are printed, at the priority of pages and at a lower one. Prints a markdown table. `npm run
 * bench neighbors [-- --people 30000 --transcripts 400]`
 */
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { readConfig } from '../../server/config.js';
import { openContext } from '../../server/context.js';
import { openEmbeddedMongod } from '../../server/local/embedded-mongod.js';
import { newId } from '../../server/ids.js';
import { saveSampleLoad } from '../../server/school/sample-load-records.js';
import { saveNetwork } from '../../server/school/school-records.js';
import { startProgram } from './panel-day/programs.js';
import { makeSchool, type MadeSchool } from './scale/make-school.js';
import { percentile, signIn, timesUntil, type Reader } from './scale/measure.js';

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '30000' },
    transcripts: { type: 'string', default: '400' },
  },
});
const people = Number(values.people);
const transcripts = Number(values.transcripts);
const password = 'a password for measurements';
const aloneSeconds = 20;

const dataDir = process.env.BENCH_DATA_DIR!;
const mongod = await openEmbeddedMongod({ dataDir, binary: process.env.BENCH_MONGOD!, mode: 'tool' });
const environmentWith = (more: Record<string, string> = {}): Record<string, string> => ({
  DATA_DIR: dataDir,
  MONGODB_URI: mongod.uri,
  MONGOD_BINARY: '',
  HOST: '127.0.0.1',
  PORT: '0',
  SECRET_KEY: 'a-secret-for-measurements-0123456789abcdef',
  PUPPETEER_EXECUTABLE_PATH: process.env.BENCH_CHROMIUM ?? '',
  NODE_ENV: 'production',
  LOG_LEVEL: 'error',
  ...more,
});

/** The school that works, and the one beside it. */
async function makeSchools(): Promise<{ busy: MadeSchool; other: MadeSchool }> {
  const context = await openContext(readConfig(environmentWith()));
  try {
    const networkId = newId();
    await saveNetwork(context.db, { id: networkId, slug: 'rivers', name: 'Rivers' });
    const make = (name: string, slug: string, students: number) =>
      makeSchool(context, { name, slug, networkId, students, terms: 1, password });
    // The server is known by its loopback address, with which only a sample school issues.
    await saveSampleLoad(context.db, { id: 'busy', state: 'done', pid: 0, startedAt: context.clock.now() });
    return { busy: await make('Busy School', 'busy', transcripts), other: await make('Other', 'other', 300) };
  } finally {
    await context.close();
  }
}

const rosterOf = (count: number): string => {
  const rows = Array.from({ length: count }, (_, at) => {
    const grade = 9 + (at % 4);
    return `Given${at % 997} ${at},Family${at % 1009},N${100_000 + at},${grade},student`;
  });
  return ['first name,last name,student number,grade,role', ...rows].join('\n');
};

async function ask(reader: Reader, method: string, path: string, body?: FormData | object): Promise<unknown> {
  const isForm = body instanceof FormData;
  const reply = await fetch(reader.origin + path, {
    method,
    headers: {
      Accept: 'application/json',
      Cookie: reader.cookie,
      ...(body && !isForm ? { 'Content-Type': 'application/json' } : {}),
    },
    ...(body ? { body: isForm ? body : JSON.stringify(body) } : {}),
  });
  if (reply.status >= 400) throw new Error(`${path}: ${reply.status} ${(await reply.text()).slice(0, 500)}`);
  return reply.json();
}

/** Waits for a background job. Answers its state. */
async function endOf(reader: Reader, started: unknown): Promise<string> {
  const { jobId } = started as { jobId?: string };
  if (!jobId) return 'done';
  for (;;) {
    const { state } = (await ask(reader, 'GET', `/jobs/${jobId}`)) as { state: string };
    if (state !== 'waiting' && state !== 'running') return state;
    await sleep(500);
  }
}

async function bringIn(registrar: Reader, csv: string, dryRun: boolean): Promise<string> {
  const form = new FormData();
  if (dryRun) form.append('dryRun', 'true');
  form.append('roster', new Blob([csv]), 'roster.csv');
  return endOf(registrar, await ask(registrar, 'POST', '/people/import', form));
}

const row = (...cells: (string | number)[]) => console.log(`| ${cells.join(' | ')} |`);
const ms = (value: number) => `${value.toFixed(0)} ms`;

/** Measures the other school's home page until the work has ended. */
async function measure(what: string, reader: Reader, work: () => Promise<string>): Promise<void> {
  const began = performance.now();
  let state = '';
  const working = work().then((ended) => {
    state = ended;
  });
  const times = await timesUntil(reader, '/', working);
  const took = `${((performance.now() - began) / 1000).toFixed(0)} s`;
  row(what, state, took, ...[0.5, 0.95, 0.99].map((share) => ms(percentile(times, share))), times.length);
}

const nobody = async () => {
  await sleep(aloneSeconds * 1000);
  return '';
};

try {
  const { busy, other } = await makeSchools();
  console.log(`${os.availableParallelism()} cores, Node ${process.version}\n`);
  row('meanwhile in another school', 'ended', 'took', 'home p50', 'p95', 'p99', 'pages');
  row(...Array.from({ length: 7 }, () => '---'));
  const csv = rosterOf(people);
  const runs: [nice: string, works: [string, (registrar: Reader) => Promise<string>][]][] = [
    ['0', [[`${transcripts} transcripts, priority of pages`, print]]],
    [
      '10',
      [
        [`${transcripts} transcripts, lower priority`, print],
        [`roster of ${people}, preview`, (registrar) => bringIn(registrar, csv, true)],
        [`roster of ${people}, brought in`, (registrar) => bringIn(registrar, csv, false)],
      ],
    ],
  ];
  async function print(registrar: Reader): Promise<string> {
    return endOf(
      registrar,
      await ask(registrar, 'POST', `/terms/${busy.current.id}/transcripts`, { again: true }),
    );
  }
  for (const [nice, works] of runs) {
    const program = await startProgram('server/main.js', environmentWith({ PRINTER_NICE: nice }));
    try {
      const registrar = await signIn(program.url, busy.accounts.registrar.email, password);
      const student = await signIn(program.url, other.accounts.student.email, password);
      await measure('nothing', student, nobody);
      for (const [what, work] of works) await measure(what, student, () => work(registrar));
    } finally {
      await program.stop();
    }
  }
} finally {
  await mongod.stop();
}
