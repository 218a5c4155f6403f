/**
 * The coordinator's board on every instance, and the sheets that go in while it listens: how late does it hear of them?
 */
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { openLine } from './line.js';
import { percentile, type Ran, type Run } from './messages.js';

type BoardOf = NonNullable<Run['board']>;

export interface Boards {
  /** The sheet of this slot was acknowledged as submitted just now. */
  submitted(slotId: string): void;
  /** Waits a moment for what is still under way. */
  close(): Promise<NonNullable<Ran['lag']>>;
}

/** Listens on every instance; connected when this resolves. */
export async function watchBoards(urls: string[], { exhibitionId, cookie }: BoardOf): Promise<Boards> {
  const heard = urls.map(() => new Map<string, number>());
  const acknowledged = new Map<string, number>();
  const lines = await Promise.all(
    urls.map((url, at) => listen(`${url}/exhibitions/${exhibitionId}/events`, cookie, heard[at]!)),
  );
  return {
    submitted: (slotId) => void acknowledged.set(slotId, performance.now()),
    async close() {
      const complete = () => heard.every((each) => [...acknowledged.keys()].every((id) => each.has(id)));
      for (let waited = 0; waited < 100 && !complete(); waited += 1) await sleep(100);
      lines.forEach((line) => line.destroy());
      const lags: number[] = [];
      let missed = 0;
      for (const [slotId, at] of acknowledged) {
        for (const each of heard) {
          const when = each.get(slotId);
          if (when === undefined) missed += 1;
          // An event may overtake the answer.
          else lags.push(Math.max(0, when - at));
        }
      }
      return { count: lags.length, missed, p50: percentile(lags, 0.5), p99: percentile(lags, 0.99) };
    },
  };
}

function listen(url: string, cookie: string, heard: Map<string, number>): Promise<http.ClientRequest> {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { headers: { accept: 'text/event-stream', cookie } }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${url} answers ${response.statusCode}`));
      let rest = '';
      response.setEncoding('utf8');
      response.on('error', () => undefined);
      response.on('data', (text: string) => {
        const now = performance.now();
        const events = (rest + text).split('\n\n');
        rest = events.pop()!;
        for (const event of events) {
          if (event.includes('event: whole')) resolve(request);
          const data = /^data: (.*)$/m.exec(event)?.[1];
          const told = data ? (JSON.parse(data) as { state?: string; slotId?: string }) : {};
          if (told.state === 'submitted' && told.slotId && !heard.has(told.slotId))
            heard.set(told.slotId, now);
        }
      });
    });
    request.on('error', reject);
  });
}

/** Fills and submits one sheet after another until time is up. Answers what went wrong. */
export async function submitInTurn(
  run: Run,
  { submits, everyMilliseconds }: BoardOf,
  boards: Boards,
  until: number,
): Promise<string[]> {
  const problems: string[] = [];
  const lines = await Promise.all(run.urls.map(openLine));
  for (const [at, { seatId, slotId, cookie }] of submits.entries()) {
    const next = performance.now() + everyMilliseconds;
    if (next > until) break;
    const line = lines[at % lines.length]!;
    const operations = run.criteria.map((row) => ({
      id: randomUUID(),
      kind: 'set-level',
      criterionId: row.id,
      levelId: row.levelIds[at % row.levelIds.length]!,
    }));
    for (const [place, body] of [
      ['operations', { operations }],
      ['submit', {}],
    ] as const) {
      const answer = await line.post(`/seats/${seatId}/sheet/${place}`, cookie, body);
      if (answer.status !== 200) problems.push(`${place}: ${answer.status} ${answer.body.slice(0, 300)}`);
      else if (place === 'submit') boards.submitted(slotId);
    }
    await sleep(Math.max(0, next - performance.now()));
  }
  for (const line of lines) line.close();
  return problems;
}
