/** How much room the disk of the data folder has, and how a full disk shows itself. Refuses nothing by itself. */
import { statfs } from 'node:fs/promises';
import path from 'node:path';

/** Bytes that this process may still write where `folder` is. */
export async function freeBytes(folder: string): Promise<number> {
  for (let place = path.resolve(folder); ; place = path.dirname(place)) {
    try {
      const { bavail, bsize } = await statfs(place);
      return bavail * bsize;
    } catch (error) {
      // It will be made where its parent is.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || place === path.dirname(place)) throw error;
    }
  }
}

const MIB = 1024 * 1024;
/** With less, files from outside are refused, so that the database and what people type still have room. */
export const MIN_FREE_FOR_UPLOADS = 256 * MIB;
/** With less, the embedded database cannot start or would not live long. */
const MIN_FREE_TO_START = 64 * MIB;

/** Node's codes, MongoDB's OutOfDiskSpace, and what S3 servers answer. */
const fullCodes: readonly unknown[] = [
  'ENOSPC',
  'EDQUOT',
  14031,
  'OutOfDiskSpace',
  'QuotaExceeded',
  'InsufficientStorage',
  'XMinioStorageFull',
];

/** True when `error`, or what caused it, says that a disk, a quota of the system or a bucket is full. */
export function isDiskFull(error: unknown): boolean {
  for (let [each, depth] = [error, 0]; typeof each === 'object' && each !== null && depth < 10; depth += 1) {
    const { code, codeName, name, cause } = each as Record<string, unknown>;
    if ([code, codeName, name].some((word) => fullCodes.includes(word))) return true;
    each = cause;
  }
  return false;
}

/** The server does not start on a disk that is full: it would lose what people write. */
export class DiskFull extends Error {
  constructor(
    readonly folder: string,
    readonly freeMegabytes: number,
  ) {
    super(
      `The disk that holds ${folder} is full: ${freeMegabytes} MB are free, and at least ${MIN_FREE_TO_START / MIB} MB are needed.\n` +
        'Make room there, or set DATA_DIR to a folder on a larger disk, then start again. Nothing was changed.',
    );
    this.name = 'DiskFull';
  }
}

/** @throws DiskFull */
export async function checkRoomToStart(
  folder: string,
  free: (folder: string) => Promise<number>,
): Promise<void> {
  const bytes = await free(folder);
  if (bytes < MIN_FREE_TO_START) throw new DiskFull(folder, Math.floor(bytes / MIB));
}
