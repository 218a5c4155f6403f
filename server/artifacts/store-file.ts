/**
 * Puts files that have arrived into storage: where that is a disk of this machine, the file that was received
 * becomes the stored one, written and hashed once.
 */
import { createReadStream } from 'node:fs';
import type { Storage } from '../../storage/storage.js';
import { storageKey } from '../../storage/storage-key.js';
import type { StoredWork } from './artifact.js';
import { isDamagedFile } from './damaged-file.js';
import { pictureSize } from './measure-picture.js';

/** A file that has arrived completely and waits to be kept. */
export interface ReceivedFile {
  name: string;
  bytes: number;
  sha256: string;
  type: string;
  /** Temporary place; gone once the request is answered. */
  place: string;
  /** Why it was not taken. Nothing of it is kept; the other files of the request are as good as without it. */
  refused?: 'too-large' | 'too-many';
}

/** The bytes of a received file, which were hashed as they came, lie in storage under this key. */
export const storeFile = (
  storage: Storage,
  key: string,
  { place, type, bytes }: ReceivedFile,
): Promise<void> => storage.write(key, createReadStream(place), { type, bytes, place });

/** Puts a received file into storage, under whose it is and what it contains. */
export async function keepFile(storage: Storage, owner: string, file: ReceivedFile): Promise<StoredWork> {
  const { name, bytes, sha256, type, place } = file;
  const key = storageKey(owner, sha256);
  await storeFile(storage, key, file);
  const [size, damaged] = await Promise.all([pictureSize(place, type), isDamagedFile(place, type, bytes)]);
  return {
    ...{ key, name, bytes, sha256, type },
    ...(size ? { size } : {}),
    ...(damaged ? { damaged } : {}),
  };
}
