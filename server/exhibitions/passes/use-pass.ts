/**
 * Finds out what a pass opens, and lets its guest in. Looking changes nothing (mail scanners look at every
 * address); only the exchange does. Typed codes are short, so whoever guesses is slowed down and stopped
 * after a few; the addresses of QR codes need no limit.
 */
import type { Caller } from '../../access/device.js';
import { guardAttempts, sourcesOf } from '../../access/limit-attempts.js';
import { appendAudit } from '../../audit/append-audit.js';
import type { Clock } from '../../clock.js';
import { inTransaction, type Database } from '../../db/database.js';
import { AppError, NotFound } from '../../errors.js';
import { passHash, passState, readCode } from './pass.js';
import type { Seat } from '../seats/seat.js';
import type { RoomPass } from './room-pass.js';
import { findRoomByPass } from './room-pass-records.js';
import { findSchool } from '../../school/school-records.js';
import { findSeatByPass, savePassSeen, savePassUsed } from '../seats/seat-records.js';
import type { StandKey } from '../exhibition-ports.js';
import type { ExhibitionPorts } from '../exhibition-ports.js';

export interface PassNeeds {
  db: Database;
  standPasses: Pick<ExhibitionPorts['standPasses'], 'find'>;
  clock: Clock;
  passKey: Buffer;
}

const quarter = 15 * 60;
/** Wrong codes of one device in a quarter of an hour. A building behind one address may have many times as many. */
export const wrongCodesPerDevice = 12;

const looksLikeSecret = (text: string): boolean => /^[\w-]{32}$/.test(text);

/** What a pass opens: one seat, or a room or a stand on one day, where its guest is yet to be named. */
export type Opened =
  { kind: 'seat'; holder: Seat } | { kind: 'room'; holder: RoomPass } | { kind: 'stand'; holder: StandKey };

/**
 * What is behind the words that were scanned or typed.
 * @param caller by whom wrong codes are counted
 * @throws NotFound `panel.pass.unknown`; TooMany instead of it after too many wrong codes; 410 when it opens
 *   nothing any more
 */
export async function findPass(needs: PassNeeds, text: string, caller: Caller): Promise<Opened> {
  const opened = looksLikeSecret(text)
    ? known(await findBehind(needs, 'secret', text))
    : await findByCode(needs, text, caller);
  const state = passState(opened.holder.pass, needs.clock.now());
  if (state === 'expired' || state === 'revoked') throw passClosed(state);
  if ((await findSchool(needs.db, opened.holder.schoolId))?.closedAt)
    throw new AppError(410, 'school-closed', 'panel.pass.school-closed');
  return opened;
}

async function findBehind(needs: PassNeeds, face: 'secret' | 'code', value: string): Promise<Opened | null> {
  const hash = passHash(needs.passKey, face, value);
  const seat = await findSeatByPass(needs.db, face, hash);
  if (seat) return { kind: 'seat', holder: seat };
  const room = await findRoomByPass(needs.db, face, hash);
  if (room) return { kind: 'room', holder: room };
  const stand = await needs.standPasses.find(needs.db, face, hash);
  return stand ? { kind: 'stand', holder: stand } : null;
}

/** @throws NotFound */
function known(opened: Opened | null): Opened {
  if (!opened) throw new NotFound('panel.pass.unknown');
  return opened;
}

/** A right code opens, whoever typed wrong ones before; wrong ones of one part of the network share a narrow lane. */
async function findByCode(needs: PassNeeds, text: string, caller: Caller): Promise<Opened> {
  const guard = {
    what: 'pass-code',
    seconds: quarter,
    sources: sourcesOf(caller, '', wrongCodesPerDevice),
    lane: caller.subnet,
    caller: caller.device ?? 'new',
    message: 'panel.pass.too-many',
  };
  return guardAttempts({ db: needs.db, now: needs.clock.now() }, guard, async () => {
    const code = readCode(text);
    return known(code ? await findBehind(needs, 'code', code) : null);
  });
}

/** 410: it was a pass, but opens nothing any more. */
export const passClosed = (state: 'expired' | 'revoked'): AppError =>
  new AppError(410, `pass-${state}`, `panel.pass.${state}`);

/** The guest of this seat comes in. */
export async function usePass(needs: PassNeeds, seat: Seat): Promise<void> {
  await savePassSeen({ db: needs.db, schoolId: seat.schoolId }, seat.id, needs.clock.now());
  if (seat.pass?.usedAt) return;
  await inTransaction({ db: needs.db, schoolId: seat.schoolId }, async (inside) => {
    if ((await savePassUsed(inside, seat.id, needs.clock.now())) === 0) return;
    await appendAudit(inside, needs.clock, { personId: seat.personId, via: 'pass' }, 'pass.use', {
      kind: 'seat',
      id: seat.id,
    });
  });
}
