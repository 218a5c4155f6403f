/**
 * A board that 500 people have open while ten things a second happen on it: 180 who plan and 320 who read.
 * How late does each planner see the card of a sheet that was acknowledged, and what does the server use of a
 * core? `npm run bench live-board [-- --seconds 30]`
 */
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { readConfig } from '../../server/config.js';
import { openContext } from '../../server/context.js';
import { openEmbeddedMongod } from '../../server/local/embedded-mongod.js';
import { percentile } from './panel-day/messages.js';
import { openLine } from './panel-day/line.js';
import { processorMsOf } from './panel-day/processor.js';
import { startProgram, type Program } from './panel-day/programs.js';
import { makeTheDay } from './panel-day/the-day.js';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '30' } } });
const seconds = Math.min(120, Number(values.seconds));
const [planners, readers, perSecond] = [180, 320, 10];
/** A session may have eight at most. */
const streamsOfSession = 5;

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

/** When cards of each slot came to a line. */
type Heard = Map<string, number[]>;

function listen(url: string, cookie: string, heard: Heard | null): Promise<http.ClientRequest> {
  return new Promise((resolve, reject) => {
    const headers = { accept: 'text/event-stream', cookie };
    const request = http.get(url, { headers, agent: false }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${url} answers ${response.statusCode}`));
      let rest = '';
      response.setEncoding('utf8');
      response.on('error', () => undefined);
      response.on('data', (text: string) => {
        const events = (rest + text).split('\n\n');
        rest = events.pop()!;
        for (const event of events) {
          if (event.includes('event: whole')) resolve(request);
          if (!heard || !event.includes('event: cards')) continue;
          const now = performance.now();
          const { cards } = JSON.parse(/^data: (.*)$/m.exec(event)![1]!) as { cards: { slotId: string }[] };
          for (const { slotId } of cards) heard.set(slotId, [...(heard.get(slotId) ?? []), now]);
        }
      });
    });
    request.on('error', reject);
  });
}

let program: Program | null = null;
try {
  program = await startProgram('server/main.js', environment);
  const context = await openContext(readConfig(environment));
  const submits = seconds * perSecond;
  const day = await makeTheDay(context, program.url, {
    panelists: Math.ceil(readers / streamsOfSession),
    parts: 1,
    submits,
  }).finally(() => context.close());
  const url = `${program.url}/exhibitions/${day.exhibitionId}/events?show=board`;
  const heard = Array.from({ length: planners }, (): Heard => new Map());
  const lines: http.ClientRequest[] = [];
  let planner = day.coordinator;
  for (const [at, each] of heard.entries()) {
    if (at > 0 && at % streamsOfSession === 0) planner = await day.anotherCoordinator();
    lines.push(await listen(url, planner, each));
  }
  const readerCookies = day.parts[0]!.map(({ cookie }) => cookie);
  for (let at = 0; at < readers; at += 1)
    lines.push(await listen(url, readerCookies[at % readerCookies.length]!, null));

  const line = await openLine(program.url);
  const acknowledged = new Map<string, { sent: number; at: number }>();
  let failures = 0;
  const before = processorMsOf(program.pid);
  const began = performance.now();
  for (const [at, { seatId, slotId, cookie }] of day.submits.entries()) {
    const next = began + ((at + 1) * 1000) / perSecond;
    const row = day.criteria[0]!;
    const operations = [
      { id: randomUUID(), kind: 'set-level', criterionId: row.id, levelId: row.levelIds[0]! },
    ];
    const sent = performance.now();
    // The first change of a sheet is told to those who plan, as its going in is.
    const answer = await line.post(`/seats/${seatId}/sheet/operations`, cookie, { operations });
    if (answer.status === 200) acknowledged.set(slotId, { sent, at: performance.now() });
    else failures += 1;
    await sleep(Math.max(0, next - performance.now()));
  }
  const took = performance.now() - began;
  await sleep(3000);
  const after = processorMsOf(program.pid);
  line.close();
  lines.forEach((each) => each.destroy());
  const lags = heard.flatMap((each) =>
    [...acknowledged].map(([slotId, { sent, at }]) => {
      // A card may have come before for another reason.
      const came = each.get(slotId)?.find((time) => time > sent);
      return Math.max(0, (came ?? Number.POSITIVE_INFINITY) - at);
    }),
  );
  const missed = lags.filter((lag) => !Number.isFinite(lag)).length;
  const told = lags.filter((lag) => Number.isFinite(lag));
  const core = before !== null && after !== null ? `${(((after - before) / took) * 100).toFixed(0)} %` : '?';
  console.log(
    `${planners + readers} listeners, ${os.availableParallelism()} cores, Node ${process.version}\n`,
  );
  console.log('| events/s | lag p50 | lag p99 | slowest | missed | failed | server, of a core |');
  console.log('| --- | --- | --- | --- | --- | --- | --- |');
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  const rate = (acknowledged.size / took) * 1000;
  console.log(
    `| ${rate.toFixed(1)} | ${ms(percentile(told, 0.5))} | ${ms(percentile(told, 0.99))} | ${ms(percentile(told, 1))} | ${missed} | ${failures} | ${core} |`,
  );
} finally {
  await program?.stop();
  await mongod.stop();
}
