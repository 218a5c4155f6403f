/**
 * How a guest's phone is known again: a random word in a cookie of its own, which outlives the session. A
 * door pass opens the door; what was begun on a seat is shown only to the phone it was begun on. Compared by
 * its SHA-256, never stored itself.
 */
import type { Request, Response } from 'express';
import { hashSecret, newSecret } from './secrets.js';

/**
 * Over https with `__Host-`, so that no neighbor of this host can set it; phones from before bring the plain
 * one for a while.
 */
const cookieName = (secure: boolean): string => (secure ? '__Host-vitrine-hand' : 'vitrine-hand');
const month = 30 * 24 * 60 * 60 * 1000;

/** The hash of the word that this phone brings, or null. */
export function readDeviceKey(request: Request): string | null {
  const cookies = request.headers.cookie ?? '';
  const word =
    /(?:^|;\s*)__Host-vitrine-hand=([\w-]{32})(?:;|$)/.exec(cookies)?.[1] ??
    /(?:^|;\s*)vitrine-hand=([\w-]{32})(?:;|$)/.exec(cookies)?.[1];
  return word ? hashSecret(word) : (request.session.guest?.hand ?? null);
}

/** Gives this phone a new word; what it could open by the old one it opens no longer. */
export function issueDeviceKey(request: Request, response: Response): string {
  const word = newSecret();
  const secure = request.session.cookie.secure === true;
  response.cookie(cookieName(secure), word, {
    httpOnly: true,
    sameSite: 'lax',
    secure,
    maxAge: month,
  });
  return hashSecret(word);
}

/** Signed out: the next one to use this phone proves nothing by it. */
export const clearDeviceKey = (response: Response): void => {
  response.clearCookie(cookieName(true), { secure: true });
  response.clearCookie(cookieName(false));
};
