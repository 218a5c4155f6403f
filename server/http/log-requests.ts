/** One log line per request: method, path without secrets, status, milliseconds. */
import { pinoHttp } from 'pino-http';
import type { RequestHandler } from 'express';
import { loggablePath, type Log } from '../log.js';

export function logRequests(log: Log): RequestHandler {
  return pinoHttp({
    logger: log,
    serializers: {
      req: (request: { method: string; url: string }) => ({
        method: request.method,
        path: loggablePath(request.url),
      }),
      res: (response: { statusCode: number }) => ({ status: response.statusCode }),
    },
    customLogLevel: (_request, response, error) => (error || response.statusCode >= 500 ? 'error' : 'debug'),
    quietReqLogger: true,
  }) as unknown as RequestHandler;
}
