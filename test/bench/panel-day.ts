/**
 * An exhibition day at its fullest: 200 panelists, each a change a second, against one instance and two; and,
 * both as fast as they go, the app's operations beside a bare express + mongoose insert on the same database;
 * and the bell, when 40 submit at once. Prints markdown tables. `npm run bench panel-day [-- --seconds 120]
 * [--bell]`, the latter for the bell alone.
 */
import os from 'node:os';
import { parseArgs } from 'node:util';
import { readConfig } from '../../server/config.js';
import { openContext } from '../../server/context.js';
import { openEmbeddedMongod } from '../../server/local/embedded-mongod.js';
import { submitAtOnce, submitWithoutPause, type Submitted } from './panel-day/bell.js';
import { percentile, type Ran, type Run } from './panel-day/messages.js';
import { processorMsOfAll } from './panel-day/processor.js';
import { startClients, startProgram, type Program } from './panel-day/programs.js';
import { makeTheDay } from './panel-day/the-day.js';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '120' },
    clients: { type: 'string', default: '200' },
    bell: { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
const fullSeconds = Math.max(3, Math.round(seconds / 6));
const panelists = Number(values.clients);
const rounds = 3;
const warmUpSeconds = 5;
const shortWarmUpSeconds = 2;
const everyMilliseconds = 500;
/** Parts of the day that the bell uses up: one for rounds of submits at once, three for writers without a pause. */
const bellParts = 4;
const atOnce = 40;

const dataDir = process.env.BENCH_DATA_DIR!;
const mongod = await openEmbeddedMongod({ dataDir, binary: process.env.BENCH_MONGOD!, mode: 'tool' });
const environment = {
  DATA_DIR: dataDir,
  MONGODB_URI: mongod.uri,
  MONGOD_BINARY: '',
  HOST: '127.0.0.1',
  PORT: '0',
  SECRET_KEY: 'a-secret-for-measurements-0123456789abcdef',
  PUPPETEER_EXECUTABLE_PATH: process.env.BENCH_CHROMIUM ?? '',
  NODE_ENV: 'production',
};
const anInstance = () => startProgram('server/main.js', environment);
const running: Program[] = [];
const clients = startClients();

const ms = (value: number) => `${value.toFixed(1)} ms`;
const row = (...cells: (string | number)[]) => console.log(`| ${cells.join(' | ')} |`);
function head(...cells: string[]): void {
  row(...cells);
  row(...cells.map(() => '---'));
}

/** What a run came to, with the processor's milliseconds per operation of program, database and clients. */
type Measured = Ran & { processor: string };

try {
  const first = await anInstance();
  running.push(first);
  const context = await openContext(readConfig(environment));
  const { pid } = await context.db.connection.db!.admin().command({ serverStatus: 1 });
  const databasePid = Number(pid);
  const runSeconds = 2 * (seconds + warmUpSeconds) + (rounds + 3) * (fullSeconds + shortWarmUpSeconds);
  const submits = values.bell ? 1 : Math.ceil(runSeconds * (1000 / everyMilliseconds));
  const count = (values.bell ? 0 : rounds + 5) + bellParts;
  const day = await makeTheDay(context, first.url, { panelists, parts: count, submits }).finally(() =>
    context.close(),
  );
  const parts = day.parts.values();
  const submitsLeft = [...day.submits];
  const warmUpOf = (pace: Run['pace']) => (pace === 'paced' ? warmUpSeconds : shortWarmUpSeconds);

  async function measure(run: Run, programs: Program[]): Promise<Measured> {
    const read = () => [processorMsOfAll(programs.map((each) => each.pid)), processorMsOfAll([databasePid])];
    const before = read();
    const ran = await clients.run(run);
    const used = read().map((after, at) => (after === null ? null : after - before[at]!));
    const each = [...used, ran.processorMs].map((total) =>
      total === null ? '?' : (total / ran.all).toFixed(2),
    );
    return { ...ran, processor: each.join(' + ') };
  }
  const ofApp = (pace: Run['pace'], length: number, programs: Program[]): Promise<Measured> =>
    measure(
      {
        pace,
        seconds: length,
        warmUpSeconds: warmUpOf(pace),
        urls: programs.map((each) => each.url),
        target: 'operations',
        seats: parts.next().value!,
        criteria: day.criteria,
        board: {
          exhibitionId: day.exhibitionId,
          cookie: day.coordinator,
          submits: submitsLeft.splice(0, Math.ceil((length + warmUpOf(pace)) * (1000 / everyMilliseconds))),
          everyMilliseconds,
        },
      },
      programs,
    );
  const startSecond = async () => {
    const second = await anInstance();
    running.push(second);
    return second;
  };

  /** The paced and the full load, beside the bare insert. Answers the second instance, started on the way. */
  async function measureLoad(): Promise<Program> {
    const ofBare = (length: number): Promise<Measured> =>
      measure(
        {
          pace: 'full',
          seconds: length,
          warmUpSeconds: shortWarmUpSeconds,
          urls: [bare.url],
          target: 'insert',
          seats: day.parts[0]!,
          criteria: day.criteria,
        },
        [bare],
      );
    const bare = await startProgram('bench/panel-day/bare.js', {
      BARE_URI: mongod.uri.replace('/vitrine?', '/bare?'),
    });
    running.push(bare);
    const warmUp = Math.min(6, fullSeconds);
    await ofBare(warmUp);
    await ofApp('full', warmUp, [first]);

    console.log(`${panelists} panelists, ${os.availableParallelism()} cores, Node ${process.version}\n`);
    head(
      ...['rate', 'instances', 'operations/s', 'p50', 'p99', 'first change p99', 'errors'],
      ...['board lag p50', 'board lag p99', 'processor ms/operation: app + database + clients'],
    );
    const tell = (rate: string, instances: number, ran: Measured) => {
      const lag = ran.lag!;
      const missed = lag.missed > 0 ? ` (${lag.missed} of ${lag.count + lag.missed} never came)` : '';
      row(
        ...[
          rate,
          instances,
          ran.perSecond.toFixed(0),
          ms(ran.p50),
          ms(ran.p99),
          ms(ran.firstP99),
          ran.errors,
        ],
        ...[ms(lag.p50), ms(lag.p99) + missed, ran.processor],
      );
      if (ran.firstError) console.log(`\nFirst error: ${ran.firstError}\n`);
    };
    tell(`${panelists} a second, ${seconds} s`, 1, await ofApp('paced', seconds, [first]));
    const compared: [Measured, Measured][] = [];
    for (let round = 0; round < rounds; round += 1) {
      const inserts = await ofBare(fullSeconds);
      compared.push([inserts, await ofApp('full', fullSeconds, [first])]);
    }
    const second = await startSecond();
    const both = [first, second];
    await ofApp('full', warmUp, [second]);
    tell(`${panelists} a second, ${seconds} s`, 2, await ofApp('paced', seconds, both));
    tell(`full load, ${fullSeconds} s`, 1, compared.at(-1)![1]);
    tell(`full load, ${fullSeconds} s`, 2, await ofApp('full', fullSeconds, both));

    console.log('');
    head(
      ...['round', 'bare insert/s', 'app operations/s', 'app : bare', 'bare p50', 'app p50', 'errors'],
      ...['processor ms: bare + database + clients', 'app + database + clients'],
    );
    for (const [at, [inserts, ours]] of compared.entries()) {
      const share = `${((ours.perSecond / inserts.perSecond) * 100).toFixed(0)} %`;
      row(
        ...[at + 1, inserts.perSecond.toFixed(0), ours.perSecond.toFixed(0), share, ms(inserts.p50)],
        ...[ms(ours.p50), inserts.errors + ours.errors, inserts.processor, ours.processor],
      );
    }
    return second;
  }

  async function measureBell(programs: Program[]): Promise<void> {
    const urls = programs.map((each) => each.url);
    const [together, ...turns] = day.parts.slice(-bellParts);
    const tell = (what: string, { taken, problems }: Submitted) => {
      const times = [0.5, 0.99, 1].map((share) => ms(percentile(taken, share)));
      row(what, programs.length, taken.length, ...times, problems.length);
      if (problems[0]) console.log(`\nFirst problem: ${problems[0]}\n`);
    };
    console.log('');
    head('the bell', 'instances', 'submits', 'p50', 'p99', 'slowest', 'errors');
    for (let from = 0; from + atOnce <= together!.length; from += atOnce)
      tell(`${atOnce} at once`, await submitAtOnce(urls, together!.slice(from, from + atOnce), day.criteria));
    const inTurn = await submitWithoutPause(urls, turns.flat(), day.criteria, atOnce);
    tell(`${atOnce} writers, one sheet after another`, inTurn);
  }

  const second = values.bell ? await startSecond() : await measureLoad();
  await measureBell([first, second]);
} finally {
  await clients.stop();
  for (const program of running) await program.stop();
  await mongod.stop();
}
