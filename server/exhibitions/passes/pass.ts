/**
 * A door pass: how a guest without an account reaches the one seat that is theirs. It has two faces, a secret of
 * 192 bits inside an address and six characters for typing; both are shown once and stored only as keyed hashes.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { newSecret } from '../../access/secrets.js';

export interface Pass {
  secretHash: string;
  codeHash: string;
  createdAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
  /** First use. */
  usedAt: Date | null;
  /** Who made it, when it took the place of an earlier one. */
  renewedBy?: { personId: string; name: string };
}

/** Digits and letters that cannot be taken for one another: no I, L, O, U. */
export const codeAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const codeLength = 6;

const hour = 3_600_000;
/** After the presentation the guest still has time to finish the sheet at home. */
const hoursAfterSlot = 48;
/** A pass that is renewed after all that still opens the door for a while. */
const hoursAtLeast = 12;

/** What the guest gets in the hand, once. */
export interface PassFaces {
  secret: string;
  code: string;
}

/** 256 divides by 32, so every character is equally likely. */
const newCode = (): string =>
  [...randomBytes(codeLength)].map((byte) => codeAlphabet[byte % codeAlphabet.length]).join('');

/** @param slotEnds when the presentation of the seat is over */
export const newPass = (key: Buffer, now: Date, slotEnds: Date) =>
  newPassUntil(key, now, expiryOf(now, slotEnds));

/** @param key 32 bytes of this installation: six characters alone could be tried out from a stolen database */
export function newPassUntil(key: Buffer, now: Date, expiresAt: Date): { faces: PassFaces; pass: Pass } {
  const faces = { secret: newSecret(), code: newCode() };
  return {
    faces,
    pass: {
      secretHash: passHash(key, 'secret', faces.secret),
      codeHash: passHash(key, 'code', faces.code),
      createdAt: now,
      expiresAt,
      revokedAt: null,
      usedAt: null,
    },
  };
}

export function expiryOf(now: Date, slotEnds: Date): Date {
  return new Date(Math.max(slotEnds.getTime() + hoursAfterSlot * hour, now.getTime() + hoursAtLeast * hour));
}

/** HMAC-SHA-256, hex. The two faces are hashed apart, so that neither can be offered as the other. */
export function passHash(key: Buffer, face: 'secret' | 'code', value: string): string {
  return createHmac('sha256', key).update(`${face}:${value}`).digest('hex');
}

/**
 * With it a guest goes on on another phone: six characters that only the phone which holds the sheet is shown.
 * Follows from the seat and that phone, so it is stored nowhere.
 */
export function returnCode(key: Buffer, seatId: string, hand: string): string {
  const bytes = createHmac('sha256', key).update(`return:${seatId}:${hand}`).digest();
  return [...bytes.subarray(0, codeLength)].map((byte) => codeAlphabet[byte % codeAlphabet.length]).join('');
}

/**
 * What somebody typed, as a code: spaces, dashes and case do not matter, O is 0, I and L are 1, U is V.
 * Null when it cannot be a code at all.
 */
export function readCode(typed: string): string | null {
  const code = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1')
    .replace(/U/g, 'V');
  return code.length === codeLength && [...code].every((each) => codeAlphabet.includes(each)) ? code : null;
}

/** `K3M9QX` → `K3M 9QX`, easier to read out. */
export const spacedCode = (code: string): string => `${code.slice(0, 3)} ${code.slice(3)}`;

export const passStates = ['none', 'valid', 'expired', 'revoked'] as const;
export type PassState = (typeof passStates)[number];

export function passState(pass: Pass | null, now: Date): PassState {
  if (!pass) return 'none';
  if (pass.revokedAt) return 'revoked';
  return pass.expiresAt <= now ? 'expired' : 'valid';
}
