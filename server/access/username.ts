/**
 * Names to sign in with for people who have no e-mail: unique over the installation like addresses, and never
 * mistaken for one. Stored where the address of an account is; an address takes its place as soon as there is
 * one.
 */
import { randomInt } from 'node:crypto';

export const usernameShape = /^[a-z0-9](?:[a-z0-9._-]{1,38})[a-z0-9]$/;

/** Whether somebody signs in with a name instead of an address. */
export const isUsername = (signInName: string): boolean => !signInName.includes('@');

/** `José Ruiz` → `jose.ruiz42`; the digits keep two of one name apart. Names in other scripts become `student42731`. */
export function suggestUsername(name: string, digits = 2): string {
  const words = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  const base = [words[0], words.length > 1 ? words.at(-1) : undefined].filter(Boolean).join('.').slice(0, 30);
  const number = (count: number): string => Array.from({ length: count }, () => randomInt(2, 10)).join('');
  return base.length < 2 ? `student${number(digits + 3)}` : `${base}${number(digits)}`;
}
