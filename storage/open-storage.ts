/** Opens the storage that the settings name. The settings are read from the environment elsewhere, never here. */
import { openDiskStorage } from './disk-storage.js';
import { openS3Storage, type S3Settings } from './s3-storage.js';
import type { Storage } from './storage.js';

export type StorageSettings = { kind: 'disk'; folder: string } | ({ kind: 's3' } & S3Settings);

/** @throws StorageFailure when the folder or the bucket cannot be used */
export function openStorage(settings: StorageSettings): Promise<Storage> {
  return settings.kind === 'disk' ? openDiskStorage(settings.folder) : openS3Storage(settings);
}
