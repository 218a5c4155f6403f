/**
 * Finds out what a pass opens, and lets its guest in. Looking changes nothing (mail scanners look at every address);
 * only the exchange does. Typed codes are short, so whoever guesses is stopped after a few; addresses need no such limit.
 */
import { appendAttempt, saveAttemptBack } from '../access/attempts-records.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, type Database } from '../database.js';
import { AppError, NotFound, TooMany } from '../errors.js';
import { passHash, passState, readCode, type PassState } from './pass.js';
import type { Seat } from './seat.js';
import { findSeatByPass, savePassUsed } from './seat-records.js';

export interface PassNeeds {
  db: Database;
  clock: Clock;
  passKey: Buffer;
}

const quarter = 15 * 60;
/** Wrong codes in a quarter of an hour: from one address of the network, and in all. */
export const wrongCodesPerAddress = 12;
export const wrongCodesInAll = 600;

const looksLikeSecret = (text: string): boolean => /^[\w-]{32}$/.test(text);

/**
 * The seat behind what was scanned or typed.
 * @param address of the caller; wrong codes are counted by it
 * @throws NotFound `panel.pass.unknown`; TooMany after too many wrong codes, also for right ones
 */
export async function findPass(
  needs: PassNeeds,
  text: string,
  address: string,
): Promise<{ seat: Seat; state: PassState }> {
  const now = needs.clock.now();
  const seat = looksLikeSecret(text)
    ? await findSeatByPass(needs.db, 'secret', passHash(needs.passKey, 'secret', text))
    : await findByCode(needs, text, address);
  if (!seat) throw new NotFound('panel.pass.unknown');
  return { seat, state: passState(seat.pass, now) };
}

/** Counted before it is looked up and given back when right, so that many guesses at once gain nothing. */
async function findByCode(needs: PassNeeds, text: string, address: string): Promise<Seat | null> {
  const now = needs.clock.now();
  const limits = [
    { whom: address, most: wrongCodesPerAddress },
    { whom: 'everywhere', most: wrongCodesInAll },
  ];
  for (const { whom, most } of limits) {
    if ((await appendAttempt(needs.db, 'pass-code', whom, quarter, now)) > most) throw new TooMany(quarter);
  }
  const code = readCode(text);
  const seat = code ? await findSeatByPass(needs.db, 'code', passHash(needs.passKey, 'code', code)) : null;
  if (seat) for (const { whom } of limits) await saveAttemptBack(needs.db, 'pass-code', whom, quarter, now);
  return seat;
}

/** 410: it was a pass, but opens nothing any more. */
export const passClosed = (state: 'expired' | 'revoked'): AppError =>
  new AppError(410, `pass-${state}`, `panel.pass.${state}`);

/**
 * The guest comes in.
 * @throws as findPass, and 410 for a pass that has expired or was revoked
 */
export async function usePass(needs: PassNeeds, text: string, address: string): Promise<Seat> {
  const { seat, state } = await findPass(needs, text, address);
  if (state === 'expired' || state === 'revoked') throw passClosed(state);
  if (!seat.pass?.usedAt) {
    await inTransaction({ db: needs.db, schoolId: seat.schoolId }, async (inside) => {
      if ((await savePassUsed(inside, seat.id, needs.clock.now())) === 0) return;
      await appendAudit(inside, needs.clock, { personId: seat.personId, via: 'pass' }, 'pass.use', {
        kind: 'seat',
        id: seat.id,
      });
    });
  }
  return seat;
}
