/**
 * Whether pages stay fast when the installation grows: a small one and a large one of the same shape beside
 * each other, with one big school in the large one. Prints markdown tables. `npm run bench scale [-- --small
 * 900 --large 90000 --schools 271 --big 3000 --terms 3 --rounds 30 --seconds 6 --no-check]`
 */
import { spawnSync } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createAccount } from '../../server/access/sign-in.js';
import { readConfig } from '../../server/config.js';
import { openContext } from '../../server/context.js';
import { openEmbeddedMongod } from '../../server/local/embedded-mongod.js';
import { newId } from '../../server/ids.js';
import { projectRoot } from '../../server/project-root.js';
import { saveNetwork } from '../../server/school/school-records.js';
import { processorMsOf } from './panel-day/processor.js';
import { startProgram, type Program } from './panel-day/programs.js';
import { makeSchool, type MadeSchool } from './scale/make-school.js';
import { percentile, signIn, timeOf, timesBeside, type Reader } from './scale/measure.js';

const { values } = parseArgs({
  options: {
    small: { type: 'string', default: '900' },
    large: { type: 'string', default: '90000' },
    schools: { type: 'string', default: '271' },
    big: { type: 'string', default: '3000' },
    terms: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '30' },
    seconds: { type: 'string', default: '6' },
    'no-check': { type: 'boolean', default: false },
  },
});
const terms = Number(values.terms);
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
const password = 'a password for measurements';

const dataDir = process.env.BENCH_DATA_DIR!;
const mongod = await openEmbeddedMongod({ dataDir, binary: process.env.BENCH_MONGOD!, mode: 'tool' });
const environmentOf = (database: string): Record<string, string> => ({
  DATA_DIR: path.join(dataDir, database),
  MONGODB_URI: mongod.uri.replace('/vitrine?', `/${database}?`),
  MONGOD_BINARY: '',
  HOST: '127.0.0.1',
  PORT: '0',
  SECRET_KEY: 'a-secret-for-measurements-0123456789abcdef',
  PUPPETEER_EXECUTABLE_PATH: process.env.BENCH_CHROMIUM ?? '',
  NODE_ENV: 'production',
  LOG_LEVEL: 'error',
});

const running: Program[] = [];
let databasePid = 0;

const ms = (value: number) => value.toFixed(0);
const row = (...cells: (string | number)[]) => console.log(`| ${cells.join(' | ')} |`);
function head(...cells: string[]): void {
  row(...cells);
  row(...cells.map(() => '---'));
}

interface Installation {
  /** The big school first where there is one, then one of the others. */
  schools: MadeSchool[];
  staff: string;
}

/** @param sizes students of each school; people of the first two can sign in */
async function make(database: string, sizes: readonly number[]): Promise<Installation> {
  const began = performance.now();
  const context = await openContext(readConfig(environmentOf(database)));
  try {
    const networkId = newId();
    databasePid = Number((await context.db.connection.db!.admin().command({ serverStatus: 1 })).pid);
    await saveNetwork(context.db, { id: networkId, slug: 'rivers', name: 'Rivers' });
    const staff = `staff@${database}.example`;
    await createAccount({ db: context.db }, context.clock, {
      ...{ email: staff, personId: newId(), schoolId: null, networkId, name: 'Noor Aziz', password },
    });
    const schools: MadeSchool[] = [];
    for (const [at, students] of sizes.entries()) {
      const name = `School ${at + 1}`;
      const size = { name, slug: `${database}-${at + 1}`, networkId, students, terms };
      const made = await makeSchool(context, { ...size, password: at < 2 ? password : null });
      if (at < 2) schools.push(made);
    }
    const { objects, storageSize } = await context.db.connection.db!.stats();
    const took = ((performance.now() - began) / 60_000).toFixed(1);
    console.log(
      `${database}: ${sizes.length} schools, ${sizes.reduce((sum, each) => sum + each, 0)} students, ` +
        `${Number(objects)} documents, ${(Number(storageSize) / 1e9).toFixed(2)} GB, made in ${took} minutes`,
    );
    return { schools, staff };
  } finally {
    await context.close();
  }
}

function check(database: string): void {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(projectRoot, '.build/server/cli/check-records.js'), '--no-files'],
    { env: { ...process.env, ...environmentOf(database) }, encoding: 'utf8', maxBuffer: 1e8 },
  );
  console.log(`check-records of ${database}: ${stdout.trim().split('\n').at(-1)}`);
  if (status !== 0) throw new Error(`check-records: ${stderr.slice(0, 2000)}`);
}

type Role = keyof MadeSchool['accounts'];
const pages: [role: Role, name: string, path: (made: MadeSchool) => string][] = [
  ['student', 'home', () => '/'],
  ['guardian', 'home', () => '/'],
  ['advisor', 'home', () => '/'],
  ['registrar', 'home', () => '/'],
  ['student', 'own page', ({ accounts }) => `/students/${accounts.student.person.id}`],
  ['student', 'wall', ({ accounts }) => `/students/${accounts.student.person.id}/artifacts`],
  ['advisor', "a student's page", ({ accounts }) => `/students/${accounts.student.person.id}`],
  ['registrar', 'students', () => '/students'],
  ['registrar', 'students by name', () => '/students?search=castillo'],
  ['registrar', 'people', () => '/people'],
  ['registrar', 'pre-flight', ({ current }) => `/terms/${current.id}/transcripts`],
  ['registrar', 'transcripts', () => '/transcripts'],
  ['registrar', 'exhibitions', () => '/exhibitions'],
  ['registrar', "today's board", ({ exhibition }) => `/exhibitions/${exhibition.id}`],
];

interface Place {
  made: MadeSchool;
  readers: Map<Role, Reader>;
  /** Of the app and of the database. */
  pids: readonly number[];
}

async function placeOf({ url: origin, pid }: Program, made: MadeSchool): Promise<Place> {
  const readers = new Map<Role, Reader>();
  for (const role of ['student', 'guardian', 'advisor', 'registrar'] as const)
    readers.set(role, await signIn(origin, made.accounts[role].email, password));
  return { made, readers, pids: [pid, databasePid] };
}

/** Milliseconds of the processor for one page, which do not depend on who else works on this machine. */
async function processorOf(pids: readonly number[], ask: () => Promise<unknown>): Promise<string> {
  const times = 20;
  const before = pids.map(processorMsOf);
  for (let count = 0; count < times; count += 1) await ask();
  return pids
    .map(processorMsOf)
    .map((after, at) => (after === null ? '?' : ((after - before[at]!) / times).toFixed(1)))
    .join(' + ');
}

async function comparePages(places: readonly Place[]): Promise<void> {
  head(
    ...['role', 'page', 'small p50', 'p95', 'large p50', 'p95', 'big school p50', 'p95'],
    ...['processor, small: app + database', 'processor, big school'],
  );
  for (const [role, name, path] of pages) {
    const times = places.map((): number[] => []);
    for (let round = -3; round < rounds; round += 1) {
      for (const [at, { made, readers }] of places.entries()) {
        const took = await timeOf(readers.get(role)!, path(made));
        if (round >= 0) times[at]!.push(took);
      }
    }
    const shown = times.flatMap((each) => [ms(percentile(each, 0.5)), ms(percentile(each, 0.95))]);
    const used: string[] = [];
    for (const { made, readers, pids } of [places[0]!, places.at(-1)!])
      used.push(await processorOf(pids, () => timeOf(readers.get(role)!, path(made))));
    row(role, name, ...shown, ...used);
  }
}

async function compareStaff(origins: readonly string[], made: readonly Installation[]): Promise<void> {
  const readers = await Promise.all(origins.map((origin, at) => signIn(origin, made[at]!.staff, password)));
  const times = readers.map((): number[] => []);
  for (let round = -3; round < rounds; round += 1)
    for (const [at, reader] of readers.entries()) {
      const took = await timeOf(reader, '/');
      if (round >= 0) times[at]!.push(took);
    }
  const shown = times.flatMap((each) => [ms(percentile(each, 0.5)), ms(percentile(each, 0.95))]);
  row('network', 'home', ...shown, '', '', '', '');
}

async function neighbours(other: Place, big: Place): Promise<void> {
  const student = other.readers.get('student')!;
  head('in the big school', "other school's home p50", 'p99', 'the reloaded page p50', 'p95');
  const alone = await timesBeside(student, '/', seconds, null);
  row('nobody', ms(percentile(alone.own, 0.5)), ms(percentile(alone.own, 0.99)), '', '');
  for (const [role, name, path] of pages) {
    const { own, others } = await timesBeside(student, '/', seconds, {
      reader: big.readers.get(role)!,
      page: path(big.made),
    });
    row(
      ...[`${role} reloads ${name}`, ms(percentile(own, 0.5)), ms(percentile(own, 0.99))],
      ...[ms(percentile(others, 0.5)), ms(percentile(others, 0.95))],
    );
  }
}

try {
  const { large, big, schools } = {
    large: Number(values.large),
    big: Number(values.big),
    schools: Number(values.schools),
  };
  const others = Math.round((large - big) / (schools - 1));
  const smallSizes = Array.from({ length: 3 }, () => Math.round(Number(values.small) / 3));
  const small = await make('small', smallSizes);
  const grown = await make('large', [big, ...Array.from({ length: schools - 1 }, () => others)]);
  if (!values['no-check']) ['small', 'large'].forEach(check);
  const origins: string[] = [];
  for (const database of ['small', 'large']) {
    const program = await startProgram('server/main.js', environmentOf(database));
    running.push(program);
    origins.push(program.url);
  }
  const places = [
    await placeOf(running[0]!, small.schools[1]!),
    await placeOf(running[1]!, grown.schools[1]!),
    await placeOf(running[1]!, grown.schools[0]!),
  ];
  console.log(`\n${os.availableParallelism()} cores, Node ${process.version}; milliseconds\n`);
  await comparePages(places);
  await compareStaff(origins, [small, grown]);
  console.log('');
  await neighbours(places[1]!, places[2]!);
} finally {
  for (const program of running) await program.stop();
  await mongod.stop();
}
