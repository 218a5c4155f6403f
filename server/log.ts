/** Structured log lines (pino). Never writes cookies, tokens, pass codes, e-mail addresses or names. */
import { pino, type Logger } from 'pino';

export type Log = Logger;

export function openLog(level: string): Log {
  return pino({
    level,
    redact: {
      paths: [
        'req.headers.cookie',
        'req.headers.authorization',
        'res.headers["set-cookie"]',
        '*.password',
        '*.email',
        '*.token',
        '*.code',
      ],
      censor: '[hidden]',
    },
  });
}

/**
 * Routes whose next part is a secret; like the routes themselves they mean the same in capitals, and with
 * slashes too many.
 */
const secretPlaces =
  /^(\/+(?:pass|sign-up|my-sign-up|verify|set-password|join|account\/+email|calendar\/+feeds)\/+)[^/]+/i;

/**
 * The path of an address as it may stand in a log: what only the holder of a link or a code may know is cut
 * out, and the query is dropped.
 * @param url path with optional query, e.g. `/pass/K3M9QX?x=1`
 */
export function loggablePath(url: string): string {
  const path = url.split('?')[0] ?? '';
  return path.replace(secretPlaces, '$1…');
}
