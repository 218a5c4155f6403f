/**
 * Takes uploaded files in one streaming pass: counted against the cap, hashed, looked at by content, written
 * to a temporary file. Nothing reaches storage before the whole request has arrived and was accepted, and the
 * temporary files are gone when the answer is out, also when the phone lost the network half-way.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, RequestHandler, Response } from 'express';
import multer from 'multer';
import { AppError } from '../errors.js';
import { formReader } from '../http/form-reader.js';
import { cleanFileName } from './file-name.js';
import { HEAD_BYTES, typeOfContent } from './file-type.js';
import type { ReceivedFile } from './store-file.js';

export interface ReceiveSettings {
  /** Folder for temporary files. */
  folder: string;
  /** Of one file. */
  maxBytes: number;
  /** In one request; those after them are read to their end and refused. */
  maxFiles: number;
  fieldNames: readonly string[];
}

const LEFT_BEHIND_MS = 24 * 60 * 60 * 1000;
const swept = new Set<string>();
/** So many files are told apart; with more the request is refused as a whole. */
const MAX_NAMED_FILES = 200;
/**
 * What is refused is read all the same, so that the files after it arrive: so many times the largest file,
 * then it is enough.
 */
const MAX_REFUSED_SHARE = 4;

/** Reads a multipart request; afterwards `receivedFiles(request)` has the files and `request.body` the fields. */
export function receiveFiles({ folder, maxBytes, maxFiles, fieldNames }: ReceiveSettings): RequestHandler {
  return (request: Request, response: Response, next) => {
    const ownFolder = path.join(folder, randomUUID());
    // Small files are written at the same time, and each hears of a request that breaks off.
    request.setMaxListeners(MAX_NAMED_FILES + 20);
    response.once('close', () => void rm(ownFolder, { recursive: true, force: true }));
    const read = formReader({
      storage: temporaryFiles(ownFolder, { maxBytes, maxFiles }),
      defParamCharset: 'utf8',
      limits: {
        files: MAX_NAMED_FILES,
        fields: 50,
        fieldSize: 1024 * 1024,
        parts: MAX_NAMED_FILES + 60,
      },
    }).fields(fieldNames.map((name) => ({ name })));
    sweepOnce(folder)
      .then(() => mkdir(ownFolder, { recursive: true, mode: 0o700 }))
      .then(() => void read(request, response, (error?: unknown) => next(asBroken(request, error))), next);
  };
}

/** Somebody who walked out of the network's reach is no fault of ours. */
const asBroken = (request: Request, error: unknown): unknown =>
  error && !request.complete && !(error instanceof multer.MulterError || error instanceof AppError)
    ? new AppError(400, 'upload-broke-off', 'artifacts.problem.broke-off', {}, { cause: error })
    : error;

/** In the order in which they were chosen. */
export function receivedFiles(request: Request): ReceivedFile[] {
  const byField = (request.files ?? {}) as Record<
    string,
    (Express.Multer.File & { received: ReceivedFile })[]
  >;
  return Object.values(byField).flatMap((files) => files.map((file) => file.received));
}

function temporaryFiles(
  folder: string,
  { maxBytes, maxFiles }: Pick<ReceiveSettings, 'maxBytes' | 'maxFiles'>,
): multer.StorageEngine {
  let count = 0;
  let unreadBytes = maxBytes * MAX_REFUSED_SHARE;
  const skip = (bytes: number): void => {
    unreadBytes -= bytes;
    if (unreadBytes < 0) throw new multer.MulterError('LIMIT_FILE_SIZE');
  };
  return {
    _handleFile(request, file, done) {
      const place = path.join(folder, randomUUID());
      // A request that breaks off never ends its file; without this the file would stay open.
      const broken = () => {
        if (!request.complete) file.stream.destroy(new Error('the upload broke off'));
      };
      request.once('close', broken);
      count += 1;
      const limit = count > maxFiles ? 0 : maxBytes;
      receive(file.stream, place, limit, skip)
        .then(async ({ isWhole, ...found }) => {
          const name = cleanFileName(file.originalname);
          const received: ReceivedFile = { ...found, place, name };
          if (!isWhole) {
            await rm(place, { force: true });
            received.refused = limit === 0 ? 'too-many' : 'too-large';
          }
          done(null, { received } as Partial<Express.Multer.File>);
        })
        .catch(done)
        .finally(() => request.off('close', broken));
    },
    _removeFile(_request, file, done) {
      const { received } = file as Partial<{ received: ReceivedFile }>;
      if (!received) {
        done(null);
        return;
      }
      rm(received.place, { force: true }).then(() => done(null), done);
    },
  };
}

interface Taken extends Omit<ReceivedFile, 'place' | 'name' | 'refused'> {
  /** False: it went on after `limit`, and what was written is of no use. */
  isWhole: boolean;
}

/**
 * @param limit bytes from which on nothing more is written
 * @param skip is told of the bytes after that, and throws when it is enough
 */
async function receive(
  source: Readable,
  place: string,
  limit: number,
  skip: (bytes: number) => void,
): Promise<Taken> {
  const hash = createHash('sha256');
  const head: Buffer[] = [];
  let bytes = 0;
  let isWhole = limit > 0;
  const look = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (!isWhole || bytes + chunk.length > limit) {
        isWhole = false;
        try {
          skip(chunk.length);
          done();
        } catch (error) {
          done(error as Error);
        }
        return;
      }
      hash.update(chunk);
      if (bytes < HEAD_BYTES) head.push(chunk.subarray(0, HEAD_BYTES - bytes));
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  await pipeline(source, look, createWriteStream(place, { flags: 'wx', mode: 0o600 }));
  const type = await typeOfContent(Buffer.concat(head));
  return { bytes, sha256: hash.digest('hex'), type, isWhole };
}

/** Once per run of the program: what a killed process left behind. */
async function sweepOnce(folder: string): Promise<void> {
  if (swept.has(folder)) return;
  swept.add(folder);
  await sweepReceived(folder, new Date(Date.now() - LEFT_BEHIND_MS));
}

/** Removes what was received before this moment and never kept, and says how many. */
export async function sweepReceived(folder: string, before: Date): Promise<number> {
  let removed = 0;
  for (const name of await readdir(folder).catch(() => [])) {
    const place = path.join(folder, name);
    const found = await stat(place).catch(() => null);
    if (!found || found.mtimeMs >= before.getTime()) continue;
    await rm(place, { recursive: true, force: true });
    removed += 1;
  }
  return removed;
}
