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
 * The path of an address as it may stand in a log: pass, verification, set-password and calendar codes are cut out and the query is dropped.
 * @param url path with optional query, e.g. `/pass/K3M9QX?x=1`
 */
export function loggablePath(url: string): string {
  const path = url.split('?')[0] ?? '';
  return path.replace(/^\/(pass|verify|set-password|calendar\/feeds)\/[^/]+/, '/$1/…');
}
