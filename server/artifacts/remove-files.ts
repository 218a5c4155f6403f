/**
 * Removes the bytes of works that are gone. What is to be removed is on record with the act itself, so
 * nothing is forgotten when a process dies or the storage fails: it is tried again with every sweep. Never
 * removes bytes that a record still names.
 */
import type { Storage } from '../../storage/storage.js';
import { parseStorageKey } from '../../storage/storage-key.js';
import type { Database, SchoolScope, SharedScope } from '../db/database.js';
import type { Log } from '../log.js';
import { withLocks, worksLock } from '../db/record-locks.js';
import {
  countRemovalsOfOwner,
  listFileRemovals,
  listRemovalsOf,
  listRemovalsOfOwner,
  removeFileRemoval,
  saveFileRemovals,
  saveRemovalFailed,
  type FileRemoval,
} from './file-removal-records.js';

/** Of these keys those that any record names, also those of transcripts. */
export type FindNamedKeys = (scope: SharedScope, keys: readonly string[]) => Promise<ReadonlySet<string>>;

/** What the removal of files asks of erasing, which knows every record that names one. */
export interface FileRemovalPorts {
  findNamedKeys: FindNamedKeys;
}

export interface FileRemovalNeeds extends FileRemovalPorts {
  storage: Storage;
  db: Database;
  log: Pick<Log, 'info' | 'warn'>;
}

/**
 * Removes one file unless a record names it. Holds the lock of the owner's works: an upload of the same bytes
 * either has its record by then, or finds them gone and writes them again.
 */
export async function removeUnnamedFile(
  { storage, db, findNamedKeys }: Pick<FileRemovalNeeds, 'storage' | 'db' | 'findNamedKeys'>,
  schoolId: string,
  key: string,
  after: (inside: SharedScope) => Promise<unknown> = async () => undefined,
): Promise<boolean> {
  return withLocks({ db, schoolId }, [worksLock(parseStorageKey(key).owner)], async (inside) => {
    const isNamed = (await findNamedKeys(inside, [key])).has(key);
    if (!isNamed) await storage.remove(key);
    await after(inside);
    return !isNamed;
  });
}

export type RemoveUnnamedFile = typeof removeUnnamedFile;

async function removeEach(needs: FileRemovalNeeds, removals: readonly FileRemoval[]): Promise<number> {
  let failed = 0;
  for (const { id, schoolId, key } of removals) {
    try {
      await removeUnnamedFile(needs, schoolId, key, (inside) => removeFileRemoval(inside, id));
    } catch (error) {
      failed += 1;
      needs.log.warn({ err: error, key }, 'a removed file is still in storage; it is tried again');
      await saveRemovalFailed({ db: needs.db }, id);
    }
  }
  return failed;
}

/** Right after the act. @returns how many are still in storage */
export const removeFilesNow = async (needs: FileRemovalNeeds, keys: readonly string[]): Promise<number> =>
  keys.length === 0 ? 0 : removeEach(needs, await listRemovalsOf({ db: needs.db }, keys));

/** Everything that waits. @returns how many are still in storage */
export async function removeWaitingFiles(needs: FileRemovalNeeds): Promise<number> {
  let failed = 0;
  for (let after = ''; ;) {
    const waiting = await listFileRemovals({ db: needs.db }, after, 100);
    failed += await removeEach(needs, waiting);
    const last = waiting.at(-1);
    if (!last) return failed;
    after = last.id;
  }
}

/** Right after an erasure: everything that waits of one owner. @returns how many are still in storage */
export async function removeFilesOfOwner(needs: FileRemovalNeeds, owner: string): Promise<number> {
  for (;;) {
    const waiting = await listRemovalsOfOwner({ db: needs.db }, owner, 100);
    if (waiting.length === 0) return 0;
    if ((await removeEach(needs, waiting)) > 0) return countRemovalsOfOwner({ db: needs.db }, owner);
  }
}

/** Files that no record names any more are to be removed. Inside a transaction. */
export const noteFilesToRemove = (inside: SchoolScope, keys: readonly string[], at: Date): Promise<void> =>
  saveFileRemovals(inside, inside.schoolId, keys, at);
