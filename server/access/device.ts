/**
 * How a browser is known again, whoever uses it: a random word with our signature in a cookie of its own.
 * Failed attempts are counted by device, so that one person who guesses stops no neighbor behind the same
 * address. Says nothing about who somebody is, and proves nothing.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Request, Response } from 'express';
import { subnetOf } from './subnet.js';

const cookieName = 'vitrine-device';
const year = 365 * 24 * 60 * 60 * 1000;
const cookie = /(?:^|; ?)vitrine-device=([\w-]{22})\.([\w-]{43})(?:;|$)/;

export interface Caller {
  /** The device that the caller's cookie proves; null when there is none yet. */
  device: string | null;
  /** The device from the next request on; `none` where no cookie was given. */
  nextDevice: string;
  subnet: string;
}

/** Finds the device of a request. @param key 32 bytes of this installation */
export function readCaller(request: Request, key: Buffer): Caller {
  const device = readDevice(request.headers.cookie ?? '', key);
  return { device, nextDevice: device ?? 'none', subnet: subnetOf(request.ip ?? '') };
}

/**
 * Finds the device of a request; one that is new gets its cookie with this answer. @param key 32 bytes of
 * this installation
 */
export function callerOf(request: Request, response: Response, key: Buffer): Caller {
  const known = readCaller(request, key);
  if (known.device !== null) return known;
  const made = ((response.locals as { newDevice?: string }).newDevice ??=
    randomBytes(16).toString('base64url'));
  if (!response.headersSent) {
    response.cookie(cookieName, `${made}.${sign(made, key)}`, {
      httpOnly: true,
      sameSite: 'lax',
      secure: request.session?.cookie.secure === true,
      maxAge: year,
    });
  }
  return { ...known, nextDevice: made };
}

function readDevice(header: string, key: Buffer): string | null {
  const [, device, signature] = cookie.exec(header) ?? [];
  if (!device || !signature) return null;
  return timingSafeEqual(Buffer.from(sign(device, key)), Buffer.from(signature)) ? device : null;
}

const sign = (device: string, key: Buffer): string =>
  createHmac('sha256', key).update(`device:${device}`).digest('base64url');
