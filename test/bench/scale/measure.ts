/** Asks for pages and notes how long each took. */
import { fork } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from '../../../server/project-root.js';

/** Somebody who has signed in. */
export interface Reader {
  origin: string;
  cookie: string;
}

export async function signIn(origin: string, email: string, password: string): Promise<Reader> {
  const reply = await fetch(`${origin}/sign-in`, {
    method: 'POST',
    headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
    body: JSON.stringify({ email, password }),
    redirect: 'manual',
  });
  if (reply.status !== 200) throw new Error(`${email}: ${reply.status} ${await reply.text()}`);
  const cookies = reply.headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0]);
  return { origin, cookie: cookies.join('; ') };
}

/** Milliseconds until the whole page is there. */
export async function timeOf({ origin, cookie }: Reader, page: string): Promise<number> {
  const began = performance.now();
  const reply = await fetch(origin + page, {
    headers: { Accept: 'text/html', Cookie: cookie },
    redirect: 'manual',
  });
  await reply.arrayBuffer();
  if (reply.status !== 200) throw new Error(`${page}: ${reply.status}`);
  return performance.now() - began;
}

/** The value below which `share` of them lie. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

const everyMilliseconds = 40;

/**
 * Somebody opens a page 25 times a second, each time counted from when it was due, while somebody else
 * reloads another one.
 */
export async function timesBeside(
  reader: Reader,
  page: string,
  seconds: number,
  other: { reader: Reader; page: string } | null,
): Promise<{ own: number[]; others: number[] }> {
  const child = other
    ? fork(path.join(projectRoot, '.build/bench/scale/reloader.js'), { execArgv: [] })
    : null;
  child?.send({ url: other!.reader.origin + other!.page, cookie: other!.reader.cookie });
  await sleep(500);
  const times = await timesUntil(reader, page, sleep(seconds * 1000));
  const others = child
    ? await new Promise<number[]>((resolve) => {
        child.once('message', (taken) => resolve(taken as number[]));
        child.send('end');
      })
    : [];
  return { own: times, others };
}

/** Somebody opens a page 25 times a second until something has ended, each time counted from when it was due. */
export async function timesUntil(reader: Reader, page: string, end: Promise<unknown>): Promise<number[]> {
  let going = true;
  void end.finally(() => (going = false)).catch(() => undefined);
  const times: Promise<number>[] = [];
  const began = performance.now();
  for (let count = 0; going; count += 1) {
    const due = began + count * everyMilliseconds;
    const wait = due - performance.now();
    if (wait > 0) await sleep(wait);
    times.push(timeOf(reader, page).then((took) => took + Math.max(0, -wait)));
  }
  await end;
  return Promise.all(times);
}
