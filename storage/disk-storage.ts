/**
 * Storage in a folder of this machine: `<folder>/<owner>/<sha256>`. A file grows in `.incoming/` (same file
 * system), is fsynced, renamed to its place, and the folders are fsynced, so that half a file is never seen,
 * not even after a power cut.
 */
import { randomUUID } from 'node:crypto';
import {
  link,
  mkdir,
  open,
  opendir,
  readdir,
  rename,
  rm,
  stat,
  type FileHandle,
  unlink,
} from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { checkedBy, failingAsStorage } from './checked-stream.js';
import {
  FileMissing,
  StorageFailure,
  type ByteRange,
  type FileMeta,
  type ListedFile,
  type Storage,
  type StoredFile,
  type SweepsUnfinished,
} from './storage.js';
import { isStorageKey, parseStorageKey } from './storage-key.js';

/** Longer than any upload takes: what is older in `.incoming/` was left by a process that died. */
const LEFT_BEHIND_MS = 24 * 60 * 60 * 1000;

/**
 * Opens (and makes, when needed) the folder, and clears away what dead processes left half-written.
 * @throws StorageFailure when the folder cannot be made or written to
 */
export async function openDiskStorage(folder: string): Promise<Storage> {
  const incoming = path.join(folder, '.incoming');
  try {
    await mkdir(incoming, { recursive: true, mode: 0o700 });
    await syncFolder(folder);
    await removeLeftBehind(incoming, new Date(Date.now() - LEFT_BEHIND_MS));
  } catch (cause) {
    throw new StorageFailure(`the storage folder ${folder} cannot be used`, { cause });
  }
  return new DiskStorage(folder, incoming);
}

class DiskStorage implements Storage, SweepsUnfinished {
  constructor(
    private readonly folder: string,
    private readonly incoming: string,
  ) {}

  async write(key: string, body: Readable, { place }: FileMeta): Promise<void> {
    const temporary = path.join(this.incoming, randomUUID());
    // A body that is destroyed before it was read may still fail to open.
    body.on('error', () => undefined);
    try {
      const { owner, sha256 } = parseStorageKey(key);
      if (place !== undefined && (await takeOver(place, temporary))) body.destroy();
      else await writeAndSync(temporary, body, sha256);
      await this.makeOwnerFolder(owner);
      await rename(temporary, this.pathOf(key));
      // Of two names of one file, rename leaves both.
      await rm(temporary, { force: true });
      await syncFolder(path.join(this.folder, owner));
    } catch (cause) {
      body.destroy();
      await rm(temporary, { force: true }).catch(() => undefined);
      throw asFailure(`writing ${key} failed`, cause);
    }
  }

  async read(key: string, range?: ByteRange): Promise<Readable> {
    const file = await this.openFile(key);
    try {
      const { size } = await file.stat();
      if (range && (range.start < 0 || range.start >= size || range.end < range.start)) {
        throw new StorageFailure(`bytes ${range.start} to ${range.end} lie outside ${key} (${size} bytes)`);
      }
      return failingAsStorage(
        file.createReadStream(range ? { start: range.start, end: range.end } : {}),
        key,
      );
    } catch (cause) {
      await file.close();
      throw asFailure(`reading ${key} failed`, cause);
    }
  }

  async stat(key: string): Promise<StoredFile> {
    const place = this.pathOf(key);
    try {
      const found = await stat(place);
      if (!found.isFile()) throw new StorageFailure(`${key} is no file`);
      return { bytes: found.size };
    } catch (cause) {
      throw asMissingOrFailure(key, `looking up ${key} failed`, cause);
    }
  }

  async remove(key: string): Promise<void> {
    const place = this.pathOf(key);
    try {
      await unlink(place);
      await syncFolder(path.dirname(place));
    } catch (cause) {
      if (!isAbsent(cause)) throw asFailure(`removing ${key} failed`, cause);
    }
  }

  async sweepUnfinished(before: Date): Promise<number> {
    try {
      return await removeLeftBehind(this.incoming, before);
    } catch (cause) {
      throw asFailure('clearing away unfinished uploads failed', cause);
    }
  }

  async *list(): AsyncIterable<ListedFile> {
    try {
      for await (const { name: owner } of await opendir(this.folder)) {
        if (!isStorageKey(`${owner}/${'0'.repeat(64)}`)) continue;
        for await (const { name } of await opendir(path.join(this.folder, owner))) {
          const key = `${owner}/${name}`;
          // A file may go between the list and the look.
          const found = isStorageKey(key) && (await stat(this.pathOf(key)).catch(absentAsNull));
          if (found && found.isFile()) yield { key, bytes: found.size, writtenAt: found.mtime };
        }
      }
    } catch (cause) {
      throw asFailure('listing the stored files failed', cause);
    }
  }

  async link(key: string): Promise<null> {
    parseStorageKey(key);
    return null;
  }

  private pathOf(key: string): string {
    const { owner, sha256 } = parseStorageKey(key);
    return path.join(this.folder, owner, sha256);
  }

  private async openFile(key: string): Promise<FileHandle> {
    const place = this.pathOf(key);
    try {
      return await open(place, 'r');
    } catch (cause) {
      throw asMissingOrFailure(key, `reading ${key} failed`, cause);
    }
  }

  private async makeOwnerFolder(owner: string): Promise<void> {
    const made = await mkdir(path.join(this.folder, owner), { recursive: true, mode: 0o700 });
    if (made !== undefined) await syncFolder(this.folder);
  }
}

/** `wx`: a temporary name is never shared; the data are on the disk, not just in its cache, before this returns. */
async function writeAndSync(place: string, body: Readable, sha256: string): Promise<void> {
  const file = await open(place, 'wx', 0o600);
  try {
    await pipeline(body, checkedBy(sha256), async (pieces: AsyncIterable<Buffer>) => {
      for await (const piece of pieces) await writeWhole(file, piece);
    });
    await file.sync();
  } finally {
    await file.close();
  }
}

async function writeWhole(file: FileHandle, piece: Buffer): Promise<void> {
  for (let done = 0; done < piece.length;) {
    done += (await file.write(piece, done, piece.length - done)).bytesWritten;
  }
}

/** Gives the file a second name. @returns false where that cannot be, e.g. on another file system */
async function takeOver(place: string, name: string): Promise<boolean> {
  try {
    await link(place, name);
  } catch (cause) {
    if (cannotLink.has((cause as NodeJS.ErrnoException).code ?? '')) return false;
    throw cause;
  }
  await syncFile(name);
  return true;
}

/** Two file systems, or one that has no second names for a file. */
const cannotLink = new Set(['EXDEV', 'EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK']);

const syncFolder = (folder: string): Promise<void> => syncFile(folder);

async function syncFile(place: string): Promise<void> {
  const handle = await open(place, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function removeLeftBehind(incoming: string, before: Date): Promise<number> {
  let removed = 0;
  for (const name of await readdir(incoming)) {
    const place = path.join(incoming, name);
    const found = await stat(place).catch(() => undefined);
    if (!found || found.mtimeMs >= before.getTime()) continue;
    await rm(place, { force: true });
    removed += 1;
  }
  return removed;
}

function isAbsent(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

function absentAsNull(error: unknown): null {
  if (isAbsent(error)) return null;
  throw error;
}

function asMissingOrFailure(key: string, message: string, cause: unknown): Error {
  return isAbsent(cause) ? new FileMissing(key, { cause }) : asFailure(message, cause);
}

function asFailure(message: string, cause: unknown): StorageFailure {
  return cause instanceof StorageFailure ? cause : new StorageFailure(message, { cause });
}
