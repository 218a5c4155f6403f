/**
 * Finds stored files that no record names, left when a transaction failed after the bytes were written, and
 * removes them once they are a day old: younger ones may belong to an upload in progress. Never removes a
 * file that a record names.
 */
import type { Storage } from '../../storage/storage.js';
import { parseStorageKey } from '../../storage/storage-key.js';
import type { RemoveUnnamedFile } from '../artifacts/remove-files.js';
import type { Clock } from '../clock.js';
import type { Database } from '../db/database.js';
import type { Log } from '../log.js';
import { findSchoolIdOf } from '../people/people-across-schools-records.js';
import { findNamedKeys } from './named-files.js';

export interface FileSweepNeeds {
  storage: Storage;
  db: Database;
  clock: Clock;
  log: Pick<Log, 'info' | 'warn'>;
  removeUnnamedFile: RemoveUnnamedFile;
}

export interface FileSweep {
  /** Files that were looked at. */
  files: number;
  /** Of those, written too short a time ago to be judged. */
  young: number;
  /** Of those, that no record names, and their bytes. */
  unnamed: number;
  unnamedBytes: number;
  removed: number;
  /** Could not be removed; the next sweep tries again. */
  failed: number;
}

const SWEPT_AFTER_HOURS = 24;
const batchSize = 500;

/** @param dryRun count only @throws StorageFailure when the files cannot be listed */
export async function sweepFiles(needs: FileSweepNeeds, dryRun: boolean): Promise<FileSweep> {
  const before = needs.clock.now().getTime() - SWEPT_AFTER_HOURS * 60 * 60 * 1000;
  const sweep: FileSweep = { files: 0, young: 0, unnamed: 0, unnamedBytes: 0, removed: 0, failed: 0 };
  let batch: { key: string; bytes: number }[] = [];
  const judge = async (): Promise<void> => {
    const named = await findNamedKeys(
      { db: needs.db },
      batch.map(({ key }) => key),
    );
    for (const { key, bytes } of batch) {
      if (named.has(key)) continue;
      sweep.unnamed += 1;
      sweep.unnamedBytes += bytes;
      if (!dryRun) await remove(needs, key, sweep);
    }
    batch = [];
  };
  for await (const { key, bytes, writtenAt } of needs.storage.list()) {
    sweep.files += 1;
    if (writtenAt.getTime() >= before) sweep.young += 1;
    else batch.push({ key, bytes });
    if (batch.length >= batchSize) await judge();
  }
  await judge();
  return sweep;
}

async function remove(needs: FileSweepNeeds, key: string, sweep: FileSweep): Promise<void> {
  const { storage, db } = needs;
  try {
    // Nobody can bring in a work for somebody who does not exist.
    const schoolId = (await findSchoolIdOf({ db }, parseStorageKey(key).owner)) ?? 'nobody';
    if (await needs.removeUnnamedFile({ storage, db, findNamedKeys }, schoolId, key)) sweep.removed += 1;
  } catch (error) {
    sweep.failed += 1;
    needs.log.warn({ err: error, key }, 'a file that no record names could not be removed');
  }
}
