/**
 * Finds out what a pass opens, and lets its guest in. Looking changes nothing (mail scanners look at every address);
 * only the exchange does. Typed codes are short, so whoever guesses is stopped after a few; addresses need no such limit.
 */
import { saveAttemptBack } from '../access/attempts-records.js';
import { limitAttempts } from '../access/limit-attempts.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, type Database } from '../database.js';
import { AppError, NotFound } from '../errors.js';
import { passHash, passState, readCode } from './pass.js';
import type { StandDoor, StandKey } from './doors.js';
import type { Seat } from './seat.js';
import type { RoomPass } from './room-pass.js';
import { findRoomByPass } from './room-pass-records.js';
import { findSeatByPass, savePassUsed } from './seat-records.js';

export interface PassNeeds {
  db: Database;
  stands: Pick<StandDoor, 'find'>;
  clock: Clock;
  passKey: Buffer;
}

const quarter = 15 * 60;
/** Wrong codes in a quarter of an hour: from one address of the network, and in all. */
export const wrongCodesPerAddress = 12;
export const wrongCodesInAll = 600;

const looksLikeSecret = (text: string): boolean => /^[\w-]{32}$/.test(text);

/** What a pass opens: one seat, or a room or a stand on one day, where its guest is yet to be named. */
export type Opened =
  { kind: 'seat'; seat: Seat } | { kind: 'room'; room: RoomPass } | { kind: 'stand'; stand: StandKey };

/**
 * What is behind the words that were scanned or typed.
 * @param address of the caller; wrong codes are counted by it
 * @throws NotFound `panel.pass.unknown`; TooMany after too many wrong codes, also for right ones; 410 when it opens nothing any more
 */
export async function findPass(needs: PassNeeds, text: string, address: string): Promise<Opened> {
  const opened = looksLikeSecret(text)
    ? await findBehind(needs, 'secret', text)
    : await findByCode(needs, text, address);
  if (!opened) throw new NotFound('panel.pass.unknown');
  const state = passState(passOf(opened), needs.clock.now());
  if (state === 'expired' || state === 'revoked') throw passClosed(state);
  return opened;
}

const passOf = (opened: Opened) =>
  opened.kind === 'seat' ? opened.seat.pass : opened.kind === 'room' ? opened.room.pass : opened.stand.pass;

async function findBehind(needs: PassNeeds, face: 'secret' | 'code', value: string): Promise<Opened | null> {
  const hash = passHash(needs.passKey, face, value);
  const seat = await findSeatByPass(needs.db, face, hash);
  if (seat) return { kind: 'seat', seat };
  const room = await findRoomByPass(needs.db, face, hash);
  if (room) return { kind: 'room', room };
  const stand = await needs.stands.find(needs.db, face, hash);
  return stand ? { kind: 'stand', stand } : null;
}

/** Counted before it is looked up and given back when right, so that many guesses at once gain nothing. */
async function findByCode(needs: PassNeeds, text: string, address: string): Promise<Opened | null> {
  const now = needs.clock.now();
  const limits = [
    { whom: address, most: wrongCodesPerAddress },
    { whom: 'everywhere', most: wrongCodesInAll },
  ];
  for (const limit of limits)
    await limitAttempts(needs.db, { what: 'pass-code', ...limit, seconds: quarter }, now);
  const code = readCode(text);
  const opened = code ? await findBehind(needs, 'code', code) : null;
  if (opened) for (const { whom } of limits) await saveAttemptBack(needs.db, 'pass-code', whom, quarter, now);
  return opened;
}

/** 410: it was a pass, but opens nothing any more. */
export const passClosed = (state: 'expired' | 'revoked'): AppError =>
  new AppError(410, `pass-${state}`, `panel.pass.${state}`);

/** The guest of this seat comes in. */
export async function usePass(needs: PassNeeds, seat: Seat): Promise<void> {
  if (seat.pass?.usedAt) return;
  await inTransaction({ db: needs.db, schoolId: seat.schoolId }, async (inside) => {
    if ((await savePassUsed(inside, seat.id, needs.clock.now())) === 0) return;
    await appendAudit(inside, needs.clock, { personId: seat.personId, via: 'pass' }, 'pass.use', {
      kind: 'seat',
      id: seat.id,
    });
  });
}
