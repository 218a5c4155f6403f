/**
 * Locks between actions of one school. Two transactions that hold the same lock cannot both commit: MongoDB
 * makes the later one start again, and it then sees what the earlier one has done. An action takes a lock
 * when its rule depends on records that it does not write itself ("nobody has submitted yet", "the room is
 * free"). Within one process such actions queue instead of colliding.
 */
import { createHash } from 'node:crypto';
import { inTransaction, isDuplicate, schoolCollection, type Database, type SchoolScope } from './database.js';

/** The driver starts a transaction again whose error carries this label. */
interface DatabaseError {
  addErrorLabel?(label: string): void;
}

interface RecordLock {
  id: string;
  schoolId: string;
  turn: number;
  at: Date;
}

const locks = schoolCollection<RecordLock>(
  'recordlocks',
  { turn: { type: Number, required: true }, at: Date },
  // A lock is needed for the length of a transaction: a day later it is gone, and is made again when it is taken.
  { indexes: [{ keys: { at: 1 }, expireAfterSeconds: 86_400 }] },
);

export const recordLocksDeclaration = locks.declaration;

export interface Lock {
  name: string;
  /** Into how many parts a lock is divided that many may hold together. */
  parts: number;
  /** Held together with others, except with those of the same word; left out: alone. */
  sharedBy?: string;
}

/** Who is where and when: slots, their times and rooms, and who sits on which panel. */
export const timetableLock: Lock = { name: 'timetable', parts: 16 };
/**
 * What one presentation's panel has scored, decided and published. @param presentationId of a group the first
 * member's slot
 */
export const panelLock = (presentationId: string): Lock => ({ name: `panel ${presentationId}`, parts: 8 });
/** The phase of an exhibition. */
export const exhibitionLock = (exhibitionId: string): Lock => ({
  name: `exhibition ${exhibitionId}`,
  parts: 16,
});
/** A term or an advisory: whoever deletes it holds it alone, whoever makes something in it shares it. */
export const termLock = (termId: string): Lock => ({ name: `term ${termId}`, parts: 16 });
export const advisoryLock = (advisoryId: string): Lock => ({ name: `advisory ${advisoryId}`, parts: 16 });
/** Which attempt of a student counts. */
export const attemptsLock = (studentId: string): Lock => ({ name: `attempts ${studentId}`, parts: 1 });
/** Which works a student has, and the bytes of their files. @param studentId or whoever else owns the files */
export const worksLock = (studentId: string): Lock => ({ name: `works ${studentId}`, parts: 1 });
/** The sign of one room: who comes in by it. */
export const roomPassLock = (roomPassId: string): Lock => ({ name: `room-pass ${roomPassId}`, parts: 1 });

/** By which names documents call people: a new name holds it alone, and whoever issues a document shares it. */
export const namesLock: Lock = { name: 'names', parts: 16 };

/** Which records of people are there: one merge at a time in a school. */
export const mergeLock: Lock = { name: 'merge', parts: 1 };

/** The same lock, held together with others who name another word. */
export const sharedBy = (lock: Lock, word: string): Lock => ({ ...lock, sharedBy: word });

/**
 * Runs `work` in a transaction that holds the locks. It may run again, so it touches nothing but the database.
 * A scope that is in a transaction already takes them there.
 */
export async function withLocks<R>(
  scope: SchoolScope,
  wanted: readonly Lock[],
  work: (inside: SchoolScope) => Promise<R>,
): Promise<R> {
  if (scope.session) {
    await takeLocks(scope, wanted);
    return work(scope);
  }
  const ids = wanted.flatMap((lock) => idsOf(scope, lock));
  return queued(scope, ids, () =>
    inTransaction(scope, async (inside) => {
      await takeLocks(inside, wanted);
      return work(inside);
    }),
  );
}

/** Inside a transaction, where the lock's name is known only there. */
export async function takeLocks(inside: SchoolScope, wanted: readonly Lock[]): Promise<void> {
  if (!inside.session) throw new Error('A lock is held by a transaction');
  const ids = [...new Set(wanted.flatMap((lock) => idsOf(inside, lock)))];
  if (ids.length === 0) return;
  const update = { $inc: { turn: 1 }, $currentDate: { at: true } };
  const collection = locks.in(inside);
  try {
    await collection.updateEach(ids.map((id) => ({ filter: { id }, update, upsert: true })));
  } catch (error) {
    // The first two holders of a lock at the same moment: the one whose lock is there already starts again.
    if (isDuplicate(error)) (error as DatabaseError).addErrorLabel?.('TransientTransactionError');
    throw error;
  }
}

function idsOf({ schoolId }: SchoolScope, { name, parts, sharedBy: word }: Lock): string[] {
  if (word !== undefined) {
    const part = createHash('sha256').update(word).digest().readUInt32BE(0) % parts;
    return [`${schoolId} ${name} ${part}`];
  }
  return Array.from({ length: parts }, (_none, part) => `${schoolId} ${name} ${part}`);
}

const queues = new WeakMap<Database, Map<string, Promise<void>>>();

/**
 * One after the other for each id, in the order of asking. All ids are asked for at once, so nobody waits in a circle.
 */
async function queued<R>({ db }: SchoolScope, keys: readonly string[], work: () => Promise<R>): Promise<R> {
  const queue = queues.get(db) ?? new Map<string, Promise<void>>();
  queues.set(db, queue);
  const before = keys.flatMap((key) => queue.get(key) ?? []);
  let leave = (): void => undefined;
  const mine = new Promise<void>((resolve) => {
    leave = resolve;
  });
  for (const key of keys) queue.set(key, mine);
  await Promise.all(before);
  try {
    return await work();
  } finally {
    leave();
    for (const key of keys) if (queue.get(key) === mine) queue.delete(key);
  }
}
