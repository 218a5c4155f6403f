/**
 * The browser's own store for scoring: what waits, what is being typed, and the sheets as the server last
 * answered them.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { FieldAnswer, QueuedChange } from './changes.js';

export interface Pending {
  id: string;
  /** person/seat */
  owner: string;
  /** Grows with every change that is made on this device. */
  sequence: number;
  device: string;
  seen: number;
  after: string[];
  change: QueuedChange;
}

export interface SheetDraft {
  key: string;
  owner: string;
  field: string;
  value: string;
  /** Revision that the page showed when the typing began. */
  seen: number;
}

export interface Kept {
  owner: string;
  answer?: FieldAnswer;
  submit?: boolean;
  /** Random id of this browser, the beginning of the id of each page that it opens. */
  browser?: string;
}

interface Schema extends DBSchema {
  changes: { key: string; value: Pending; indexes: { owner: string } };
  drafts: { key: string; value: SheetDraft; indexes: { owner: string } };
  sheets: { key: string; value: Kept };
}

export type Store = IDBPDatabase<Schema>;

export const openStore = (): Promise<Store> =>
  openDB<Schema>('vitrine-scores', 1, {
    upgrade(db) {
      db.createObjectStore('changes', { keyPath: 'id' }).createIndex('owner', 'owner');
      db.createObjectStore('drafts', { keyPath: 'key' }).createIndex('owner', 'owner');
      db.createObjectStore('sheets', { keyPath: 'owner' });
    },
  });

/** Changes what is kept of one sheet in one step, so that two pages never undo each other's. */
export async function changeKept(store: Store, owner: string, change: Partial<Kept>): Promise<void> {
  const transaction = store.transaction('sheets', 'readwrite');
  await transaction.store.put({ ...(await transaction.store.get(owner)), ...change, owner });
  await transaction.done;
}

/** Forgets what stands in sheets, of one seat or of all; what has not reached the server yet stays. */
export async function forgetAnswers(store: Store, seat?: string): Promise<void> {
  const transaction = store.transaction('sheets', 'readwrite');
  const sheets = await transaction.store.getAll();
  const meant = sheets.filter(({ owner }) => seat === undefined || owner.endsWith(`/${seat}`));
  for (const kept of meant) {
    delete kept.answer;
    await transaction.store.put(kept);
  }
  await transaction.done;
}
