/**
 * The phones of 200 panelists, in a process of its own: each keeps one connection and sends what the score sheet's page sends, one
 * change after another, and knows the revision that it was answered. Late answers count from the moment the change was due.
 */
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { post } from './post.js';
import { submitInTurn, watchBoards } from './board.js';
import { percentile, type Criterion, type Ran, type Run } from './messages.js';

/** The n-th change of a phone: mostly levels, now and then a few words. */
function changeOf(criteria: Criterion[], count: number): object {
  const row = criteria[count % criteria.length]!;
  return count % 4 === 3
    ? { kind: 'set-comment', criterionId: row.id, comment: `What was said of this row, note ${count}.` }
    : { kind: 'set-level', criterionId: row.id, levelId: row.levelIds[count % row.levelIds.length]! };
}

async function runClients(run: Run): Promise<Ran> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: Infinity });
  const taken: number[] = [];
  const failures: string[] = [];
  const board = run.board ? await watchBoards(run.urls, run.board) : null;
  const started = performance.now();
  const until = started + run.seconds * 1000;
  const submitting = run.board && board ? submitInTurn(agent, run, run.board, board, until) : null;

  async function phone({ seatId, cookie }: Run['seats'][number], at: number): Promise<void> {
    const origin = run.urls[at % run.urls.length]!;
    const url = run.target === 'insert' ? `${origin}/insert` : `${origin}/seats/${seatId}/sheet/operations`;
    const device = randomUUID();
    let seen = 0;
    for (let count = 0; ; count += 1) {
      const due = started + count * 1000 + (at * 1000) / run.seats.length;
      if (run.pace === 'paced' && due > performance.now()) await sleep(due - performance.now());
      const from = run.pace === 'paced' ? due : performance.now();
      if (from >= until) return;
      const operation = { id: randomUUID(), device, seen, sequence: count, ...changeOf(run.criteria, count) };
      try {
        const { status, body } = await post(agent, url, cookie, { seatId, operations: [operation] });
        if (status !== 200) failures.push(`${status} ${body.slice(0, 300)}`);
        else {
          seen = (JSON.parse(body) as { revision?: number }).revision ?? 0;
          taken.push(performance.now() - from);
        }
      } catch (error) {
        failures.push(String(error));
      }
    }
  }

  await Promise.all(run.seats.map(phone));
  const seconds = (performance.now() - started) / 1000;
  failures.push(...((await submitting) ?? []));
  const lag = board ? await board.close() : null;
  agent.destroy();
  return {
    operations: taken.length,
    perSecond: taken.length / seconds,
    errors: failures.length,
    p50: percentile(taken, 0.5),
    p99: percentile(taken, 0.99),
    lag,
    firstError: failures[0] ?? null,
  };
}

process.on('message', (run: Run) => {
  runClients(run).then(
    (ran) => process.send!(ran),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
