/**
 * Streams a stored file to a browser. Students upload anything, so nothing may run in the app's name: the
 * type is the one found by content, sniffing is off, and only pictures (not SVG), sound, film and PDF are
 * shown instead of saved.
 */
import { pipeline } from 'node:stream/promises';
import { FileMissing, type Storage } from '../../storage/storage.js';
import { NotFound } from '../errors.js';
import { readRange } from './byte-range.js';
import { contentDisposition } from './content-disposition.js';
import { sent, type Answer, type Call } from './route.js';

export interface SendableFile {
  key: string;
  name: string;
  bytes: number;
  sha256: string;
  type: string;
}

/** Whether a browser may show it in place. SVG can carry script, so it is saved like everything else. */
export const showsInline = (type: string): boolean =>
  (/^(image|audio|video)\//.test(type) && !/svg/i.test(type)) || type === 'application/pdf';

/**
 * Chromium's PDF viewer does not start in a sandbox; a PDF carries no script into the page, so all else is
 * forbidden instead.
 */
const policyFor = (type: string): string =>
  type === 'application/pdf'
    ? "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    : "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox";

/**
 * Answers with the whole file, the range asked for (206), 304 when the caller has it already, or 416. Rights
 * are checked before.
 * @param options.download save it even if it could be shown
 * @throws NotFound when storage has no such file
 */
export async function sendStoredFile(
  { request, response }: Pick<Call, 'request' | 'response'>,
  storage: Storage,
  file: SendableFile,
  options: { download?: boolean } = {},
): Promise<Answer> {
  const etag = `"${file.sha256}"`;
  const known = holds(request.headers['if-none-match'], etag);
  const ifRange = request.headers['if-range'];
  const range = ifRange && ifRange !== etag ? null : readRange(request.headers.range, file.bytes);
  const silent = known || range === 'unsatisfiable' || request.method === 'HEAD';
  const bytes = silent ? null : await openFile(storage, file.key, range);
  response.set({
    'Content-Security-Policy': policyFor(file.type),
    'X-Content-Type-Options': 'nosniff',
    'Accept-Ranges': 'bytes',
    // Rights can be withdrawn: the browser may keep a copy, and must ask each time whether it still stands.
    'Cache-Control': 'private, no-cache',
    ETag: etag,
  });
  if (known) {
    response.status(304).end();
    return sent;
  }
  if (range === 'unsatisfiable') {
    response.status(416).set('Content-Range', `bytes */${file.bytes}`).end();
    return sent;
  }
  const inline = showsInline(file.type) && !options.download;
  response.set({
    'Content-Type': /^text\/(plain|csv|markdown)$/.test(file.type)
      ? `${file.type}; charset=utf-8`
      : file.type,
    'Content-Disposition': contentDisposition(inline ? 'inline' : 'attachment', file.name),
    'Content-Length': String(range ? range.end - range.start + 1 : file.bytes),
  });
  if (range) {
    response.status(206).set('Content-Range', `bytes ${range.start}-${range.end}/${file.bytes}`);
  }
  if (!bytes) {
    response.end();
    return sent;
  }
  // Somebody who scrolls on closes the connection: that is no fault.
  await pipeline(bytes, response).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
  return sent;
}

async function openFile(storage: Storage, key: string, range: ReturnType<typeof readRange>) {
  try {
    return await storage.read(key, typeof range === 'object' && range ? range : undefined);
  } catch (error) {
    if (error instanceof FileMissing) throw new NotFound('common.problem.not-found');
    throw error;
  }
}

const holds = (header: string | undefined, etag: string): boolean =>
  header !== undefined &&
  (header.trim() === '*' || header.split(',').some((each) => each.trim().replace(/^W\//, '') === etag));
