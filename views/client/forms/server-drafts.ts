/** Drafts on the server: kept for their writer, as long as the writer is signed in. */
import type { Copy } from './device-copies.js';
import { settings } from './settings.js';

export type ServerAnswer =
  { savedAt: Date; elsewhere: boolean } | 'signed-out' | 'too-large' | 'no-connection';

/** Bytes. Browsers let a page that is being left send no more than 64 KiB, in all its requests together. */
const MAX_WHILE_LEAVING = 60_000;
/** How long anybody waits for an answer. */
const patience = 15_000;

let lastContact = Date.now();
/** Milliseconds since the server last said that the writer is signed in. */
export const sinceContact = (): number => Date.now() - lastContact;

/** @param leaving the page may be gone before the answer comes */
export async function saveOnServer(copy: Copy, leaving = false): Promise<ServerAnswer> {
  const answer = await send(copy, leaving);
  // What went wrong once is asked for before a form is sent.
  const isAtHome = typeof answer === 'object' ? !answer.elsewhere : answer === 'too-large';
  lastContact = isAtHome ? Date.now() : 0;
  return answer;
}

async function send(copy: Copy, leaving: boolean): Promise<ServerAnswer> {
  const { action, form, page, fields, began } = copy;
  const text = JSON.stringify({ action, form, page, fields, began, writer: settings?.writer });
  const body = new TextEncoder().encode(text);
  try {
    const answer = await fetch('/drafts', {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body,
      keepalive: leaving && body.byteLength < MAX_WHILE_LEAVING,
      signal: AbortSignal.timeout(patience),
    });
    if (answer.ok) {
      const { savedAt, elsewhere } = (await answer.json()) as { savedAt: string; elsewhere: boolean };
      return { savedAt: new Date(savedAt), elsewhere };
    }
    if (answer.status === 401 || answer.status === 403) return 'signed-out';
    return answer.status === 413 || answer.status === 422 ? 'too-large' : 'no-connection';
  } catch {
    return 'no-connection';
  }
}

/** @returns whether the server has no draft of the form any more */
export async function discardOnServer({ action, form }: Pick<Copy, 'action' | 'form'>): Promise<boolean> {
  try {
    const answer = await fetch('/drafts/discard', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify({ action, form, next: '/' }),
      signal: AbortSignal.timeout(patience),
    });
    return answer.ok;
  } catch {
    return false;
  }
}

/**
 * Whether the form could be sent now: `other-school` where its writer has switched since. Whoever waits too
 * long is not held up.
 */
export async function askWhetherSignedIn(): Promise<'yes' | 'other-school' | 'signed-out' | 'no-connection'> {
  try {
    const answer = await fetch('/drafts/state', {
      headers: { Accept: 'application/json', 'X-Page-Writer': settings?.writer ?? '' },
      signal: AbortSignal.timeout(patience),
    });
    if (answer.status === 401) return 'signed-out';
    if (answer.ok && ((await answer.json()) as { elsewhere: boolean }).elsewhere) return 'other-school';
    lastContact = Date.now();
    return 'yes';
  } catch (error) {
    return error instanceof DOMException && error.name === 'TimeoutError' ? 'yes' : 'no-connection';
  }
}
