/**
 * What the board asks the server: whether a slot may go somewhere, and to put it there. Words come from the
 * server, in the reader's language.
 */
import type { BoardPlace } from './place.js';

export type Verdict =
  | { kind: 'free'; says: string }
  | { kind: 'broken'; says: string; problems: string[] }
  /** A rule would be broken that somebody may accept who says why. */
  | { kind: 'warned'; says: string; problems: string[] }
  /** The slot is no longer what this page shows, or may not be moved at all. */
  | { kind: 'refused'; says: string }
  | { kind: 'offline' };

interface Problem {
  error?: { message: string; fields?: { field: string; message: string }[] };
}

interface Told {
  allowed: boolean;
  says: string;
  problems: { message: string }[];
  warnings: { message: string }[];
}

interface Move {
  id: string;
  minutes: number;
  revision: number;
}

const bodyOf = (move: Move, at: BoardPlace, reason = '') =>
  JSON.stringify({
    startsAt: new Date(at.startsAt).toISOString(),
    minutes: move.minutes,
    room: at.room,
    revision: move.revision,
    ...(reason === '' ? {} : { reason }),
  });

const send = (method: string, path: string, body: string, signal: AbortSignal | null) =>
  fetch(path, {
    method,
    body,
    signal,
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
  });

/** @throws AbortError when `signal` ends it */
export async function askMove(move: Move, at: BoardPlace, signal: AbortSignal): Promise<Verdict> {
  try {
    const answer = await send('POST', `/slots/${move.id}/move-check`, bodyOf(move, at), signal);
    if (!answer.ok) return { kind: 'refused', says: await saidBy(answer) };
    const told = (await answer.json()) as Told;
    const warnings = told.warnings.map(({ message }) => message);
    if (told.allowed && warnings.length > 0) return { kind: 'warned', says: told.says, problems: warnings };
    return told.allowed
      ? { kind: 'free', says: told.says }
      : { kind: 'broken', says: told.says, problems: told.problems.map(({ message }) => message) };
  } catch (error) {
    if (signal.aborted) throw error;
    return { kind: 'offline' };
  }
}

/** The slot's new revision, or why it was not moved. */
export async function putMove(
  move: Move,
  at: BoardPlace,
  reason: string,
): Promise<{ revision: number } | Verdict> {
  try {
    const answer = await send('PUT', `/slots/${move.id}`, bodyOf(move, at, reason), null);
    if (answer.ok) return { revision: ((await answer.json()) as { revision: number }).revision };
    const says = await saidBy(answer);
    return answer.status === 422 ? { kind: 'broken', says, problems: [says] } : { kind: 'refused', says };
  } catch {
    return { kind: 'offline' };
  }
}

/** Both slots change places, or why they do not; `asksWhy` where a reason lets them. */
export async function putSwap(
  move: Move,
  other: Pick<Move, 'id' | 'revision'>,
  reason: string,
): Promise<{ done: true } | { done: false; asksWhy: boolean; says: string | null }> {
  const { id, revision } = move;
  const body = { withSlotId: other.id, withRevision: other.revision, revision, reason };
  try {
    const answer = await send('POST', `/slots/${id}/swap`, JSON.stringify(body), null);
    if (answer.ok) return { done: true };
    const { error } = (await answer.json().catch(() => ({}))) as Problem;
    const asksWhy = error?.fields?.some(({ field }) => field === 'reason') ?? false;
    const fields = error?.fields?.map(({ message }) => message).join(' ');
    return { done: false, asksWhy, says: fields || (error?.message ?? '') };
  } catch {
    return { done: false, asksWhy: false, says: null };
  }
}

async function saidBy(answer: Response): Promise<string> {
  const { error } = (await answer.json().catch(() => ({}))) as Problem;
  const fields = error?.fields?.map(({ message }) => message).join(' ');
  return fields || error?.message || `${answer.status} ${answer.statusText}`;
}
