/**
 * The phones of 200 panelists, in a process of its own: each keeps one connection and sends what the score
 * sheet's page sends, one change after another, and knows the revision that it was answered. Paced, each
 * sends at its own moment of the second, drawn by lot once: nobody in a hall taps in step with anybody else.
 * A change that is due while the one before it is still on its way counts from the moment it was due.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { submitInTurn, watchBoards } from './board.js';
import { openLine, type Line } from './line.js';
import { percentile, type Criterion, type Ran, type Run } from './messages.js';

/** The n-th change of a phone: mostly levels, now and then a few words. */
function changeOf(criteria: Criterion[], count: number): object {
  const row = criteria[count % criteria.length]!;
  return count % 4 === 3
    ? { kind: 'set-comment', criterionId: row.id, comment: `What was said of this row, note ${count}.` }
    : { kind: 'set-level', criterionId: row.id, levelId: row.levelIds[count % row.levelIds.length]! };
}

async function runClients(run: Run): Promise<Ran> {
  const first: number[] = [];
  const taken: number[] = [];
  const failures: string[] = [];
  const processorBefore = process.cpuUsage();
  const board = run.board ? await watchBoards(run.urls, run.board) : null;
  // One after another: a crowd that rings at the same instant would measure how long the system's waiting line is.
  const lines: Line[] = [];
  for (const at of run.seats.keys()) lines.push(await openLine(run.urls[at % run.urls.length]!));
  const started = performance.now();
  const counted = started + run.warmUpSeconds * 1000;
  const until = counted + run.seconds * 1000;
  const submitting = run.board && board ? submitInTurn(run, run.board, board, until) : null;
  let all = 0;

  async function phone({ seatId, cookie }: Run['seats'][number], at: number): Promise<void> {
    const line = lines[at]!;
    const path = run.target === 'insert' ? '/insert' : `/seats/${seatId}/sheet/operations`;
    const device = randomUUID();
    const phase = Math.random() * 1000;
    let seen = 0;
    for (let count = 0; ; count += 1) {
      const due = started + phase + count * 1000;
      if (run.pace === 'paced' && due >= until) break;
      const waits = run.pace === 'paced' && due > performance.now();
      if (waits) await sleep(due - performance.now());
      const from = run.pace === 'full' || waits ? performance.now() : due;
      if (from >= until) break;
      const operation = { id: randomUUID(), device, seen, sequence: count, ...changeOf(run.criteria, count) };
      all += 1;
      try {
        const { status, body } = await line.post(path, cookie, { seatId, operations: [operation] });
        if (status !== 200) failures.push(`${status} ${body.slice(0, 300)}`);
        else {
          const tookMs = performance.now() - from;
          seen = (JSON.parse(body) as { revision?: number }).revision ?? 0;
          if (count === 0) first.push(tookMs);
          if (from >= counted) taken.push(tookMs);
        }
      } catch (error) {
        failures.push(String(error));
      }
    }
    line.close();
  }

  await Promise.all(run.seats.map(phone));
  const seconds = (performance.now() - counted) / 1000;
  failures.push(...((await submitting) ?? []));
  const lag = board ? await board.close() : null;
  const processor = process.cpuUsage(processorBefore);
  return {
    all,
    operations: taken.length,
    perSecond: taken.length / seconds,
    errors: failures.length,
    p50: percentile(taken, 0.5),
    p99: percentile(taken, 0.99),
    firstP99: percentile(first, 0.99),
    lag,
    processorMs: (processor.user + processor.system) / 1000,
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
