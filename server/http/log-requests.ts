/**
 * One log line per request: method, path without secrets, status, milliseconds. Costs nothing where no line is wanted.
 */
import type { RequestHandler } from 'express';
import { loggablePath, type Log } from '../log.js';

export function logRequests(log: Log): RequestHandler {
  return (request, response, next) => {
    const began = performance.now();
    const { method, url } = request;
    response.once('close', () => {
      const level = response.statusCode >= 500 ? 'error' : 'debug';
      if (!log.isLevelEnabled(level)) return;
      log[level](
        {
          req: { method, path: loggablePath(url) },
          res: { status: response.statusCode },
          responseTime: Math.round(performance.now() - began),
        },
        response.writableFinished ? 'request completed' : 'request aborted',
      );
    });
    next();
  };
}
