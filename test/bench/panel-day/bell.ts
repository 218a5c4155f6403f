/**
 * The bell rings: every panelist of the hall submits at the same moment, over connections that are open
 * already, as phones keep them. The sheets are filled before; only the submission is measured.
 */
import { randomUUID } from 'node:crypto';
import { openLine, type Line } from './line.js';
import type { Criterion, SeatOf } from './messages.js';

export interface Submitted {
  /** Milliseconds from sending to the answer, of every submission. */
  taken: number[];
  /** What was refused, in the words of the answer. */
  problems: string[];
}

const linesTo = async (urls: string[], count: number): Promise<Line[]> => {
  const lines: Line[] = [];
  for (let at = 0; at < count; at += 1) lines.push(await openLine(urls[at % urls.length]!));
  return lines;
};

async function fill(line: Line, { seatId, cookie }: SeatOf, criteria: Criterion[]): Promise<void> {
  const operations = criteria.map((row, at) => ({
    id: randomUUID(),
    kind: 'set-level',
    criterionId: row.id,
    levelId: row.levelIds[at % row.levelIds.length]!,
  }));
  const answer = await line.post(`/seats/${seatId}/sheet/operations`, cookie, { operations });
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.body.slice(0, 300)}`);
}

async function submit(line: Line, { seatId, cookie }: SeatOf, into: Submitted): Promise<void> {
  const began = performance.now();
  const { status, body } = await line.post(`/seats/${seatId}/sheet/submit`, cookie, {});
  into.taken.push(performance.now() - began);
  if (status !== 200) into.problems.push(`${status} ${body.slice(0, 300)}`);
}

/** All of these sheets at once, dealt out over the instances. */
export async function submitAtOnce(
  urls: string[],
  seats: SeatOf[],
  criteria: Criterion[],
): Promise<Submitted> {
  const submitted: Submitted = { taken: [], problems: [] };
  const lines = await linesTo(urls, seats.length);
  for (const [at, seat] of seats.entries()) await fill(lines[at]!, seat, criteria);
  await Promise.all(seats.map((seat, at) => submit(lines[at]!, seat, submitted)));
  for (const line of lines) line.close();
  return submitted;
}

/** So many writers of one school, each submitting one sheet after the other until all are in. */
export async function submitWithoutPause(
  urls: string[],
  seats: SeatOf[],
  criteria: Criterion[],
  writers: number,
): Promise<Submitted> {
  const submitted: Submitted = { taken: [], problems: [] };
  const lines = await linesTo(urls, writers);
  for (const [at, seat] of seats.entries()) await fill(lines[at % writers]!, seat, criteria);
  const left = seats.values();
  await Promise.all(
    lines.map(async (line) => {
      for (const seat of left) await submit(line, seat, submitted);
      line.close();
    }),
  );
  return submitted;
}
