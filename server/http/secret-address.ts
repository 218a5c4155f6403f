import type { Response } from 'express';

/** Who has the address may use it: it is not kept by caches, sent on as a referrer, or found by searching. */
export function protectSecretAddress(response: Response): void {
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Cache-Control', 'private, no-store');
  response.setHeader('X-Robots-Tag', 'noindex');
}
