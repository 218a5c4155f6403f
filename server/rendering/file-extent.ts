/**
 * Finds out how long a stored file is: the pages of a PDF, the seconds of a recording. A stranger's file is
 * read in a thread with limits for time, memory and bytes, which asks for the few parts that it needs; a file
 * on which it fails has no known length, and that is all.
 */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Storage } from '../../storage/storage.js';
import { projectRoot } from '../project-root.js';

/** Empty: it has none, or none that could be found. */
export interface FileExtent {
  pages?: number;
  /** To a hundredth. */
  seconds?: number;
}

interface MeasuredFile {
  key: string;
  /** Media type, found by content. */
  type: string;
  bytes: number;
}

export interface ExtentReader {
  /**
   * @returns null when the file took too long this time and is tried again
   * @throws StorageFailure or FileMissing when the bytes cannot be read; then nothing is known about the file
   */
  read(file: MeasuredFile): Promise<FileExtent | null>;
  close(): Promise<void>;
}

/** Orders and replies name their file by a number: what a file that is done still asks for is not answered. */
export type ExtentOrder = { file: number } & (
  { kind: 'pdf' | 'recording'; bytes: number } | { part: Uint8Array }
);
export type ExtentReply = { file: number } & ({ from: number; until: number } | { extent: FileExtent });

const TIME_MS = 8000;
/** On a busy machine a good file may take too long once; one that does so again and again is left alone. */
const MAX_TRIES = 3;
const MEMORY_MB = 192;
/** A file under a key never changes, so what was found is remembered for so many. */
const MAX_REMEMBERED = 20_000;
/** Of one file; what is needed of a usual one is a small part of it. */
const MAX_READ_BYTES = 96 * 1024 * 1024;

/** The built file: a thread cannot read TypeScript by itself, and tests are run after a build too. */
const workerFile = path.join(projectRoot, '.build/server/rendering/file-extent-worker.js');

const kindOf = (type: string): 'pdf' | 'recording' | null =>
  type === 'application/pdf' ? 'pdf' : /^(audio|video)\//.test(type) ? 'recording' : null;

/** Whether files of this type have a length. */
export const hasExtent = (type: string): boolean => kindOf(type) !== null;

/** @param timeMs that one file may take */
export function createExtentReader(storage: Pick<Storage, 'read'>, timeMs = TIME_MS): ExtentReader {
  let worker: Worker | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  let last = 0;
  const remembered = new Map<string, FileExtent>();
  const tries = new Map<string, number>();
  const remember = (key: string, extent: FileExtent): FileExtent => {
    const [oldest] = remembered.keys();
    if (remembered.size >= MAX_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
    remembered.set(key, extent);
    return extent;
  };

  function start(): Worker {
    const fresh = new Worker(workerFile, {
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB, maxYoungGenerationSizeMb: 32 },
    });
    // Between two files nobody else listens, and an error without a listener ends the program.
    fresh.on('error', () => undefined);
    fresh.on('exit', () => {
      if (worker === fresh) worker = undefined;
    });
    return fresh;
  }

  function end(): Promise<unknown> {
    const ending = worker;
    worker = undefined;
    return ending ? ending.terminate() : Promise.resolve();
  }

  /** Null: it took too long, too much memory or too many bytes. */
  function measure({ key, bytes }: MeasuredFile, kind: 'pdf' | 'recording'): Promise<FileExtent | null> {
    last += 1;
    const file = last;
    const thread = (worker ??= start());
    return new Promise((resolve, reject) => {
      let left = MAX_READ_BYTES;
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        thread.off('error', giveUp).off('exit', giveUp).off('message', hear);
        thread.unref();
        act();
      };
      const giveUp = (): void =>
        settle(() => {
          void end();
          resolve(null);
        });
      const timer = setTimeout(giveUp, timeMs);
      const hear = (reply: ExtentReply): void => {
        if (reply.file !== file) return;
        if ('extent' in reply) {
          settle(() => resolve(reply.extent));
          return;
        }
        left -= reply.until - reply.from;
        if (left < 0) {
          giveUp();
          return;
        }
        readPart(storage, key, reply.from, reply.until).then(
          (part) => thread.postMessage({ file, part } satisfies ExtentOrder),
          (error: unknown) =>
            settle(() => {
              void end();
              reject(error);
            }),
        );
      };
      thread.on('error', giveUp).on('exit', giveUp).on('message', hear);
      thread.ref();
      thread.postMessage({ file, kind, bytes } satisfies ExtentOrder);
    });
  }

  async function find(file: MeasuredFile, kind: 'pdf' | 'recording'): Promise<FileExtent | null> {
    const found = await measure(file, kind);
    if (found) return remember(file.key, found);
    const tried = (tries.get(file.key) ?? 0) + 1;
    tries.delete(file.key);
    if (tried >= MAX_TRIES) return remember(file.key, {});
    if (tries.size < MAX_REMEMBERED) tries.set(file.key, tried);
    return null;
  }

  return {
    read(file) {
      const kind = kindOf(file.type);
      if (kind === null || file.bytes === 0) return Promise.resolve({});
      const known = remembered.get(file.key);
      if (known) return Promise.resolve(known);
      const answer = turn.then(() => remembered.get(file.key) ?? find(file, kind));
      turn = answer.catch(() => undefined);
      return answer;
    },
    async close() {
      await end();
    },
  };
}

/** @param until the byte after the last one */
async function readPart(
  storage: Pick<Storage, 'read'>,
  key: string,
  from: number,
  until: number,
): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  for await (const piece of await storage.read(key, { start: from, end: until - 1 }))
    pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}
