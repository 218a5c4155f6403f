/**
 * Reads multipart bodies with one bound on all their text fields together. By itself multer bounds each field
 * alone: 200 fields of a megabyte would be 200 megabytes of memory.
 */
import type { Writable } from 'node:stream';
import type { Request } from 'express';
import multer from 'multer';
import { TooLarge, type AppError } from '../errors.js';

/** Of the names and texts of all fields of one request, as of a body that is no upload. */
export const MAX_FIELD_BYTES = 2 * 1024 * 1024;

interface ReaderOptions extends multer.Options {
  /** Looks at each field in its order; an error ends the reading. */
  checkField?: (name: string, value: string) => AppError | null;
}

type ParsedForm = Writable & {
  prependListener(event: 'field', hear: (name: string | undefined, value: string) => void): unknown;
};

/** multer, which refuses with TooLarge what has more than MAX_FIELD_BYTES beside its files. */
export function formReader({ checkField, ...options }: ReaderOptions): multer.Multer {
  const streamHandler = (request: Request, form: ParsedForm): void => {
    let left = MAX_FIELD_BYTES;
    const refuse = (error: AppError): void => {
      request.unpipe(form);
      form.emit('error', error);
    };
    form.prependListener('field', (name = '', value) => {
      left -= Buffer.byteLength(name) + Buffer.byteLength(value);
      const problem = left < 0 ? new TooLarge('common.problem.body-too-large') : checkField?.(name, value);
      if (problem) refuse(problem);
    });
    request.pipe(form);
  };
  return multer({ ...options, streamHandler } as multer.Options);
}
