/** Passwords and tokens: made here, compared here, stored only as hashes. */
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { openGate } from './gate.js';

/** argon2id, OWASP's parameters: 19 MiB, two passes, one lane. */
const passwordCost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const hashPassword = (password: string): Promise<string> => hash(password, passwordCost);

let decoy: Promise<string> | null = null;

/**
 * Two at a time: each takes 19 MiB and a thread of the pool in which files and host names are looked up, too.
 * A school that signs in at nine o'clock waits some seconds; a flood from elsewhere waits longer.
 */
const verifying = openGate({ width: 2, waiting: 1000, milliseconds: 20_000 });

/**
 * False for a wrong password and for an account without one; takes equally long in both cases.
 * @param caller who has turns while many wait, e.g. a part of the network
 * @throws TooMany when too many wait
 */
export async function passwordMatches(
  passwordHash: string | null,
  password: string,
  caller = '',
): Promise<boolean> {
  decoy ??= hashPassword(randomBytes(16).toString('hex'));
  const expected = passwordHash ?? (await decoy);
  const matches = await verifying.run('password', caller, () => verify(expected, password));
  return passwordHash !== null && matches;
}

/** A new random secret of 192 bits in base64url, for tokens and one-time links. */
export const newSecret = (): string => randomBytes(24).toString('base64url');

/** SHA-256 hex: enough for secrets with 128 bits or more. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Without signs that look alike: no I, L, O, U, 0, 1. */
const readable = '23456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A new random code to read from a screen and type, of 58 bits: `K7QF-2M9X-8PRA`. */
export const newReadableCode = (letters = 12): string =>
  grouped(Array.from({ length: letters }, () => readable[randomInt(readable.length)]).join(''));
const grouped = (code: string): string => code.replace(/(.{4})(?=.)/g, '$1-');

/** The secret of a one-time link on paper, of 97 bits: it waits a week, and guesses are counted. */
export const newLetterCode = (): string => newReadableCode(20);
/** As the secret of a letter is written, however it was typed. */
export const letterCodeOf = (typed: string): string => grouped(normalizeCode(typed));

/** As it is compared: however it was typed. */
export const normalizeCode = (code: string): string => code.toUpperCase().replace(/[^A-Z0-9]/g, '');
