/**
 * How much is kept of what one person types: a number of drafts and a number of bytes. What was sent without
 * a sign-in makes room first.
 */
import { MAX_DRAFTS, MAX_PERSON_BYTES } from './form-draft.js';
import type { DraftLine } from './form-draft-records.js';

/** Of a draft from before they were counted: few are longer. */
const USUAL_BYTES = 20_000;
/** Of those that were sent without a sign-in. */
const MAX_REFUSED = 30;

interface Room {
  drafts: number;
  bytes: number;
}
const wholeRoom: Room = { drafts: MAX_DRAFTS, bytes: MAX_PERSON_BYTES };

const without = ({ drafts, bytes }: Room, draft: Pick<DraftLine, 'bytes'>): Room => ({
  drafts: drafts - 1,
  bytes: bytes - (draft.bytes ?? USUAL_BYTES),
});

/**
 * Whether a draft that was sent without a sign-in has room beside those that were not: it takes the place of
 * none of them.
 */
export function hasRoomBeside(others: readonly DraftLine[], bytes: number): boolean {
  const left = others.filter(({ refused }) => !refused).reduce(without, wholeRoom);
  return left.drafts >= 1 && left.bytes >= bytes;
}

/** Those that have no room any more. @param drafts the newest first */
export function draftsBeyond(drafts: readonly DraftLine[]): DraftLine[] {
  const own = drafts.filter(({ refused }) => !refused);
  const sent = drafts.filter(({ refused }) => refused);
  const beyond = sent.slice(MAX_REFUSED);
  let left = wholeRoom;
  for (const draft of [...own, ...sent.slice(0, MAX_REFUSED)]) {
    const next = without(left, draft);
    if (next.drafts < 0 || next.bytes < 0) beyond.push(draft);
    else left = next;
  }
  return beyond;
}
