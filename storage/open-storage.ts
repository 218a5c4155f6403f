/** Opens the storage that the settings name. The settings are read from the environment elsewhere, never here. */
import path from 'node:path';
import { openDiskAnchors, type AnchorFiles } from './anchor-files.js';
import { openDiskStorage } from './disk-storage.js';
import type { S3Settings } from './s3-storage.js';
import type { Storage } from './storage.js';

export type StorageSettings = { kind: 'disk'; folder: string } | ({ kind: 's3' } & S3Settings);

/** @throws StorageFailure when the folder or the bucket cannot be used */
export async function openStorage(settings: StorageSettings): Promise<Storage> {
  if (settings.kind === 'disk') return openDiskStorage(settings.folder);
  // Only who keeps files in a bucket waits for the client to load.
  const { openS3Storage } = await import('./s3-storage.js');
  return openS3Storage(settings);
}

/** Where the anchors of the audit chains are kept: beside the files, in the data folder or the bucket. */
export async function openAnchorFiles(settings: StorageSettings): Promise<AnchorFiles> {
  if (settings.kind === 'disk') return openDiskAnchors(path.join(path.dirname(settings.folder), 'anchors'));
  const { openS3Anchors } = await import('./s3-storage.js');
  return openS3Anchors(settings);
}
