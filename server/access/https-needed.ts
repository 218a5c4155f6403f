/**
 * The session cookie of an https address travels over https only. When a request does not look like https,
 * because it came past the proxy or the proxy does not say so, signing in cannot work; the page says why
 * instead of failing without a word.
 */
import type { Request } from 'express';
import type { Config } from '../config.js';
import { InvalidInput } from '../errors.js';
import type { Log } from '../log.js';
import { usesHttps } from './session.js';

const logged = new WeakSet<Log>();

/** The address to use instead, or null when all is well. Logged once, for whoever runs the server. */
export function httpsNeeded(
  request: Request,
  { config, log }: { config: Pick<Config, 'publicUrl'>; log: Log },
): string | null {
  if (!usesHttps(config) || request.secure) return null;
  if (!logged.has(log)) {
    logged.add(log);
    const { 'x-forwarded-proto': forwarded = null } = request.headers;
    log.warn(
      { publicUrl: config.publicUrl, forwarded },
      'a request did not come over https: nobody can sign in this way. The proxy must send X-Forwarded-Proto: https, and TRUST_PROXY must count it',
    );
  }
  return config.publicUrl;
}

/** @throws InvalidInput that names the address where signing in works */
export function requireHttps(
  request: Request,
  context: { config: Pick<Config, 'publicUrl'>; log: Log },
): void {
  const address = httpsNeeded(request, context);
  if (address)
    throw new InvalidInput([{ field: '', message: 'access.problem.https-needed', params: { address } }]);
}
