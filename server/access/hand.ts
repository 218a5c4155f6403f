/**
 * How a guest's phone is known again: a random word in a cookie of its own, which outlives the session. A door pass opens
 * the door; what was begun on a seat is shown only to the phone it was begun on. Compared by its SHA-256, never stored itself.
 */
import type { Request, Response } from 'express';
import { hashSecret, newSecret } from './secrets.js';

const cookieName = 'vitrine-hand';
const month = 30 * 24 * 60 * 60 * 1000;

/** The hash of the word that this phone brings, or null. */
export function handOf(request: Request): string | null {
  const word = /(?:^|;\s*)vitrine-hand=([\w-]{32})(?:;|$)/.exec(request.headers.cookie ?? '')?.[1];
  return word ? hashSecret(word) : (request.session.guest?.hand ?? null);
}

/** Gives this phone a new word; what it could open by the old one it opens no longer. */
export function newHand(request: Request, response: Response): string {
  const word = newSecret();
  response.cookie(cookieName, word, {
    httpOnly: true,
    sameSite: 'lax',
    secure: request.session.cookie.secure === true,
    maxAge: month,
  });
  return hashSecret(word);
}

/** Signed out: the next one to use this phone proves nothing by it. */
export const dropHand = (response: Response): void => {
  response.clearCookie(cookieName);
};
