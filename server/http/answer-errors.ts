/** What goes wrong while a request is answered, in our words, and as the answer. */
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import multer from 'multer';
import { StorageFailure } from '../../storage/storage.js';
import { TooDeep } from '../clean-text.js';
import type { Context } from '../context.js';
import { isDatabaseOutage } from '../db/outage.js';
import { isDiskFull } from '../disk-space.js';
import { AppError, InvalidInput, NotFound, TooLarge, Unavailable } from '../errors.js';
import { loggablePath } from '../log.js';
import { writeError } from './answer.js';
import { visitOf } from './call.js';
import { refusedOf, setRefused } from './refused-form.js';
import { isSentForm, openedOf, sentFormOf } from './sent-form.js';

/** How busboy, below multer, names a multipart body that is cut off or is none. */
const brokenForm =
  /^(Unexpected end of (form|file)|Malformed (part header|content type)|Multipart: Boundary)/;

/** After which time somebody who met an outage should try again. */
const retrySeconds = 5;

/** A disk or a bucket that does not answer, also as the reason of another error; a file that is missing is none. */
const isStorageOutage = (error: unknown): boolean =>
  error instanceof Error && (error instanceof StorageFailure || isStorageOutage(error.cause));

/** What express, its parsers and multer throw, in our words; null for a fault of ours. */
export function asAppError(error: unknown): AppError | null {
  if (error instanceof AppError) return error;
  if (isDiskFull(error))
    return new AppError(507, 'disk-full', 'common.problem.disk-full', {}, { cause: error });
  if (error instanceof multer.MulterError) {
    if (error.code === 'LIMIT_FILE_SIZE') return new TooLarge('common.problem.file-too-large');
    return new InvalidInput([{ field: error.field ?? '', message: 'common.problem.unexpected-file' }]);
  }
  if (error instanceof TooDeep || (error instanceof Error && brokenForm.test(error.message)))
    return new AppError(400, 'bad-request', 'common.problem.bad-request');
  if (isDatabaseOutage(error) || isStorageOutage(error))
    return new Unavailable(retrySeconds, { cause: error });
  const status = (error as { status?: unknown } | null)?.status;
  if (status === 413) return new TooLarge('common.problem.body-too-large');
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new AppError(status, 'bad-request', 'common.problem.bad-request');
  }
  return null;
}

/** Anything that went wrong in a way that nobody foresaw. */
export const fault = () => new AppError(500, 'fault', 'common.problem.fault');

/** Last in the chain: nothing matched. */
export const nothingHere: RequestHandler = (_request, _response, next) => next(new NotFound());

/**
 * A form that was refused before any route: it came from another site, as far as its headers say. It can be
 * read, never sent again.
 */
async function noteSent(
  request: Request,
  response: Response,
  context: Context,
  problem: AppError,
): Promise<void> {
  if (!isSentForm(request) || refusedOf(response) || openedOf(response)) return;
  const { fields, typed } = await sentFormOf(request, response, context);
  if (typed) setRefused(response, { problem, action: request.originalUrl, fields, opened: null });
}

export function answerErrors(context: Context): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  return async (error: unknown, request, response, _next) => {
    const problem = asAppError(error);
    const about = { path: loggablePath(request.originalUrl), method: request.method };
    if (!problem) context.log.error({ err: error, ...about }, 'fault');
    // Many meet the same outage: its reason is enough.
    else if (problem instanceof Unavailable)
      context.log.error({ reason: String(problem.cause), ...about }, 'database or storage does not answer');
    try {
      if (problem?.status === 403 && !response.headersSent)
        await noteSent(request, response, context, problem);
      writeError(request, response, context, problem ?? fault());
    } catch (fault) {
      context.log.error({ err: fault }, 'the error page itself failed');
      if (!response.headersSent)
        response
          .status(500)
          .type('text')
          .send(context.texts.t(visitOf(response).locale, 'common.problem.fault'));
    }
  };
}
