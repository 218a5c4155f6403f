/**
 * Wi-Fi at its worst, before an app: requests and answers get lost, come late, or come twice, as chance will
 * have it. The chance is a seeded one. The app behind may move to another address; nobody in front notices.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const fates = ['passed', 'delayed', 'request lost', 'answer lost', 'doubled', 'doubled late'] as const;
type Fate = (typeof fates)[number];

export interface FaultyNetwork {
  url: string;
  /** What happened to how many requests so far. */
  counts: Record<Fate, number>;
  /** The app has another address from now on. */
  moveTo(target: string): void;
  /** True: everything passes. */
  calm(isCalm: boolean): void;
  close(): Promise<void>;
}

/** Numbers from 0 to below 1 that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

interface Passed {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}

export async function faultyNetwork(target: string, chance: () => number): Promise<FaultyNetwork> {
  let far = new URL(target);
  let isCalm = false;
  const counts = Object.fromEntries(fates.map((fate) => [fate, 0])) as Record<Fate, number>;
  const late = new Set<Promise<unknown>>();

  function pass(request: http.IncomingMessage, body: Buffer): Promise<Passed> {
    return new Promise((resolve, reject) => {
      const onwards = http.request(
        {
          host: far.hostname,
          port: far.port,
          method: request.method,
          path: request.url,
          headers: request.headers,
          agent: false,
        },
        (answer) => {
          const parts: Buffer[] = [];
          answer.on('data', (part: Buffer) => parts.push(part));
          answer.on('error', reject);
          answer.on('end', () =>
            resolve({
              status: answer.statusCode ?? 502,
              headers: answer.headers,
              body: Buffer.concat(parts),
            }),
          );
        },
      );
      onwards.on('error', reject);
      onwards.end(body);
    });
  }

  function fateOf(number: number): Fate {
    if (isCalm || number < 0.5) return 'passed';
    if (number < 0.6) return 'delayed';
    if (number < 0.7) return 'request lost';
    if (number < 0.82) return 'answer lost';
    return number < 0.92 ? 'doubled' : 'doubled late';
  }

  async function carry(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    const fate = fateOf(chance());
    const wait = Math.round(chance() * 150);
    counts[fate] += 1;
    if (fate === 'request lost') return void request.socket.destroy();
    if (fate === 'delayed') await sleep(wait);
    const again = () => pass(request, body).catch(() => undefined);
    if (fate === 'doubled') void again();
    const answer = await pass(request, body);
    if (fate === 'doubled late') {
      const repeated = sleep(wait).then(again);
      late.add(repeated);
      void repeated.finally(() => late.delete(repeated));
    }
    if (fate === 'answer lost') return void request.socket.destroy();
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }

  const server = http.createServer((request, response) => {
    // The app is gone or breaks off: so does the line.
    carry(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts,
    moveTo: (next) => void (far = new URL(next)),
    calm: (value) => void (isCalm = value),
    async close() {
      await Promise.all(late);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
