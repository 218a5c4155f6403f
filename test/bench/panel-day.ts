/**
 * An exhibition day at its fullest: 200 panelists, each a change a second, against one instance and two; and, both as fast as they go,
 * the app's operations beside a bare express + mongoose insert on the same database. Prints two markdown tables.
 * `npm run bench panel-day [-- --seconds 120]`
 */
import os from 'node:os';
import { parseArgs } from 'node:util';
import { readConfig } from '../../server/config.js';
import { openContext } from '../../server/context.js';
import { openEmbeddedMongod } from '../../server/embedded-mongod.js';
import type { Ran, Run } from './panel-day/messages.js';
import { startClients, startProgram, type Program } from './panel-day/programs.js';
import { makeTheDay } from './panel-day/the-day.js';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '120' }, clients: { type: 'string', default: '200' } },
});
const seconds = Number(values.seconds);
const fullSeconds = Math.max(3, Math.round(seconds / 6));
const panelists = Number(values.clients);
const rounds = 3;
const everyMilliseconds = 500;

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

try {
  const first = await anInstance();
  running.push(first);
  const context = await openContext(readConfig(environment));
  const submits = Math.ceil((2 * seconds + (rounds + 2) * fullSeconds) * (1000 / everyMilliseconds));
  const day = await makeTheDay(context, first.url, { panelists, parts: rounds + 4, submits }).finally(() =>
    context.close(),
  );
  const parts = day.parts.values();
  const submitsLeft = [...day.submits];
  const ofApp = (pace: Run['pace'], length: number, urls: string[]): Run => ({
    pace,
    seconds: length,
    urls,
    target: 'operations',
    seats: parts.next().value!,
    criteria: day.criteria,
    board: {
      exhibitionId: day.exhibitionId,
      cookie: day.coordinator,
      submits: submitsLeft.splice(0, Math.ceil(length * (1000 / everyMilliseconds))),
      everyMilliseconds,
    },
  });
  const ofBare = (url: string, length: number): Run => ({
    pace: 'full',
    seconds: length,
    urls: [url],
    target: 'insert',
    seats: day.parts[0]!,
    criteria: day.criteria,
  });
  const bare = await startProgram('bench/panel-day/bare.js', {
    BARE_URI: mongod.uri.replace('/vitrine?', '/bare?'),
  });
  running.push(bare);
  const warmUp = Math.min(6, fullSeconds);
  await clients.run(ofBare(bare.url, warmUp));
  await clients.run(ofApp('full', warmUp, [first.url]));

  console.log(`${panelists} panelists, ${os.availableParallelism()} cores, Node ${process.version}\n`);
  head('rate', 'instances', 'operations/s', 'p50', 'p99', 'errors', 'board lag p50', 'board lag p99');
  const tell = (rate: string, instances: number, ran: Ran) => {
    const lag = ran.lag!;
    const missed = lag.missed > 0 ? ` (${lag.missed} of ${lag.count + lag.missed} never came)` : '';
    row(
      rate,
      instances,
      ran.perSecond.toFixed(0),
      ms(ran.p50),
      ms(ran.p99),
      ran.errors,
      ms(lag.p50),
      ms(lag.p99) + missed,
    );
    if (ran.firstError) console.log(`\nFirst error: ${ran.firstError}\n`);
  };
  tell(`${panelists} a second, ${seconds} s`, 1, await clients.run(ofApp('paced', seconds, [first.url])));
  const compared: [Ran, Ran][] = [];
  for (let round = 0; round < rounds; round += 1) {
    const inserts = await clients.run(ofBare(bare.url, fullSeconds));
    compared.push([inserts, await clients.run(ofApp('full', fullSeconds, [first.url]))]);
  }
  const second = await anInstance();
  running.push(second);
  const both = [first.url, second.url];
  tell(`${panelists} a second, ${seconds} s`, 2, await clients.run(ofApp('paced', seconds, both)));
  tell(`full load, ${fullSeconds} s`, 1, compared.at(-1)![1]);
  tell(`full load, ${fullSeconds} s`, 2, await clients.run(ofApp('full', fullSeconds, both)));

  console.log('');
  head('round', 'bare insert/s', 'app operations/s', 'app : bare', 'bare p50', 'app p50', 'errors');
  for (const [at, [inserts, ours]] of compared.entries()) {
    const share = `${((ours.perSecond / inserts.perSecond) * 100).toFixed(0)} %`;
    row(
      at + 1,
      inserts.perSecond.toFixed(0),
      ours.perSecond.toFixed(0),
      share,
      ms(inserts.p50),
      ms(ours.p50),
      inserts.errors + ours.errors,
    );
  }
} finally {
  await clients.stop();
  for (const program of running) await program.stop();
  await mongod.stop();
}
