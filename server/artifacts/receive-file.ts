/**
 * Takes uploaded files in one streaming pass: counted against the cap, hashed, looked at by content, written to a temporary
 * file. Nothing reaches storage before the whole request has arrived and was accepted, and the temporary files are gone when
 * the answer is out, also when the phone lost the network half-way.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, RequestHandler, Response } from 'express';
import multer from 'multer';
import type { Storage } from '../../storage/storage.js';
import { storageKey } from '../../storage/storage-key.js';
import { AppError } from '../errors.js';
import type { StoredWork } from './artifact.js';
import { cleanFileName } from './file-name.js';
import { pictureSize } from './measure-picture.js';
import { HEAD_BYTES, typeOfContent } from './file-type.js';

/** A file that has arrived completely and waits to be kept. */
export interface ReceivedFile {
  name: string;
  bytes: number;
  sha256: string;
  type: string;
  /** Temporary place; gone once the request is answered. */
  place: string;
}

export interface ReceiveSettings {
  /** Folder for temporary files. */
  folder: string;
  maxBytes: number;
  maxFiles: number;
  fieldNames: readonly string[];
}

const LEFT_BEHIND_MS = 24 * 60 * 60 * 1000;
const swept = new Set<string>();

/** Reads a multipart request; afterwards `receivedFiles(request)` has the files and `request.body` the fields. */
export function receiveFiles({ folder, maxBytes, maxFiles, fieldNames }: ReceiveSettings): RequestHandler {
  return (request: Request, response: Response, next) => {
    const ownFolder = path.join(folder, randomUUID());
    response.once('close', () => void rm(ownFolder, { recursive: true, force: true }));
    const read = multer({
      storage: temporaryFiles(ownFolder),
      defParamCharset: 'utf8',
      limits: {
        fileSize: maxBytes,
        files: maxFiles,
        fields: 50,
        fieldSize: 1024 * 1024,
        parts: maxFiles + 60,
      },
    }).fields(fieldNames.map((name) => ({ name })));
    sweepOnce(folder)
      .then(() => mkdir(ownFolder, { recursive: true, mode: 0o700 }))
      .then(() => void read(request, response, (error?: unknown) => next(asBroken(request, error))), next);
  };
}

/** Somebody who walked out of the network's reach is no fault of ours. */
const asBroken = (request: Request, error: unknown): unknown =>
  error && !request.complete && !(error instanceof multer.MulterError)
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

/** Writes the bytes of a received file under this key. */
export const storeFile = (
  storage: Storage,
  key: string,
  { place, type, bytes }: ReceivedFile,
): Promise<void> => storage.write(key, createReadStream(place), { type, bytes });

/** Puts a received file into storage, under whose it is and what it contains. */
export async function keepFile(storage: Storage, owner: string, file: ReceivedFile): Promise<StoredWork> {
  const { name, bytes, sha256, type, place } = file;
  const key = storageKey(owner, sha256);
  await storeFile(storage, key, file);
  const size = await pictureSize(place, type);
  return { key, name, bytes, sha256, type, ...(size ? { size } : {}) };
}

function temporaryFiles(folder: string): multer.StorageEngine {
  return {
    _handleFile(request, file, done) {
      const place = path.join(folder, randomUUID());
      // A request that breaks off never ends its file; without this the file would stay open.
      const broken = () => {
        if (!request.complete) file.stream.destroy(new Error('the upload broke off'));
      };
      request.once('close', broken);
      receive(file.stream, place)
        .then((found) => {
          const received: ReceivedFile = { ...found, place, name: cleanFileName(file.originalname) };
          done(null, { received } as Partial<Express.Multer.File>);
        }, done)
        .finally(() => request.off('close', broken));
    },
    _removeFile(_request, file, done) {
      const { received } = file as Partial<{ received: ReceivedFile }>;
      if (!received) return done(null);
      rm(received.place, { force: true }).then(() => done(null), done);
    },
  };
}

async function receive(source: Readable, place: string): Promise<Omit<ReceivedFile, 'place' | 'name'>> {
  const hash = createHash('sha256');
  const head: Buffer[] = [];
  let bytes = 0;
  const look = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      if (bytes < HEAD_BYTES) head.push(chunk.subarray(0, HEAD_BYTES - bytes));
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  await pipeline(source, look, createWriteStream(place, { flags: 'wx', mode: 0o600 }));
  return { bytes, sha256: hash.digest('hex'), type: await typeOfContent(Buffer.concat(head)) };
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
