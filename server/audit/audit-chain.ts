/**
 * Moves entries from where they wait into the chain of their school: contiguous numbers, each with the hash
 * of the one before. Runs beside the actions and holds no lock: the unique number lets one of several
 * instances through, the others look again. Whatever a killed process leaves behind is taken up by the next
 * look, since nothing is removed before it is in the chain.
 */
import { isDuplicate, type Database, type SchoolScope } from '../db/database.js';
import type { Log } from '../log.js';
import { chainEntry, isPendingGenuine, signHead, type AuditEntry, type AuditKeys } from './audit-entry.js';
import {
  findLastEntry,
  listChainedIds,
  listPending,
  listSchoolsWithPending,
  removePending,
  saveEntries,
  saveHead,
} from './chain-records.js';

export interface AuditChain {
  readonly keys: AuditKeys;
  /** An entry of this school waits; returns at once. */
  wake(schoolId: string): void;
  /**
   * Resolves when everything that was recorded before has its place, whichever process recorded it. @param
   * schoolId left out: of every school
   */
  settle(schoolId?: string): Promise<void>;
  /** Chains what waits, then stops. */
  close(): Promise<void>;
}

export interface AuditChainNeeds {
  db: Database;
  keys: AuditKeys;
  log: Pick<Log, 'warn' | 'error'>;
  /** Called after a school's chain has grown. */
  grown?: (schoolId: string) => void;
  /** How often to look for what another process has left, in milliseconds. */
  sweepEvery?: number;
}

const chains = new WeakMap<Database, AuditChain>();
const atOnce = 200;
/** A moment in which entries gather: chaining forty costs hardly more than chaining one. */
const gatherMilliseconds = 15;

/** The chain of an open database. @throws Error when nobody has opened it */
export function auditChainOf(db: Database): AuditChain {
  const chain = chains.get(db);
  if (!chain) throw new Error('The audit chain of this database is not open: openAuditChain comes first');
  return chain;
}

/** Opened once per database and process, by `context.ts`. */
export function openAuditChain({ db, keys, log, grown, sweepEvery = 5000 }: AuditChainNeeds): AuditChain {
  const waiting = new Set<string>();
  let running: Promise<void> | null = null;
  let closed = false;
  let failures = 0;

  const scopeOf = (schoolId: string): SchoolScope => ({ db, schoolId });

  async function work(): Promise<void> {
    await pause(gatherMilliseconds);
    for (const schoolId of waiting) {
      waiting.delete(schoolId);
      try {
        await chainAll(scopeOf(schoolId));
        failures = 0;
      } catch (error) {
        if (!closed) log.error({ err: error, schoolId }, 'audit entries could not be chained; they wait');
        waiting.add(schoolId);
        failures += 1;
        if (closed) return;
        await pause(Math.min(5000, 100 * 2 ** failures));
      }
    }
  }

  async function chainAll(scope: SchoolScope): Promise<void> {
    for (;;) {
      const done = await chainBatch(scope);
      if (done === 'raced') await pause(5 + Math.random() * 25);
      else if (done === 0) return;
      else grown?.(scope.schoolId);
    }
  }

  /** How many entries were dealt with, or that another instance was faster. */
  async function chainBatch(scope: SchoolScope): Promise<number | 'raced'> {
    const batch = await listPending(scope, atOnce);
    const genuine = batch.filter((entry) => isPendingGenuine(keys, entry));
    if (genuine.length < batch.length)
      log.warn({ schoolId: scope.schoolId }, 'audit entries that nobody signed wait and are not chained');
    if (genuine.length === 0) return 0;
    const ids = genuine.map(({ id }) => id);
    const [known, last] = await Promise.all([listChainedIds(scope, ids), findLastEntry(scope)]);
    const fresh: AuditEntry[] = [];
    for (const entry of genuine)
      if (!known.has(entry.id)) fresh.push(chainEntry(keys, entry, fresh.at(-1) ?? last));
    try {
      if (fresh.length > 0) await saveEntries(scope, fresh);
    } catch (error) {
      if (isDuplicate(error)) return 'raced';
      throw error;
    }
    await removePending(scope, ids);
    const head = fresh.at(-1) ?? last;
    if (head) await saveHead(scope, signHead(keys, head)).catch(ignoreDuplicate);
    return ids.length;
  }

  function start(): void {
    if (running || closed) return;
    running = work().finally(() => {
      running = null;
      if (waiting.size > 0) start();
    });
  }

  function wake(schoolId: string): void {
    waiting.add(schoolId);
    start();
  }

  async function look(): Promise<void> {
    for (const schoolId of await listSchoolsWithPending(db)) wake(schoolId);
  }

  const sweep = setInterval(() => {
    look().catch((error: unknown) => {
      if (!closed) log.warn({ err: error }, 'audit entries that wait could not be looked for');
    });
  }, sweepEvery);
  sweep.unref();

  async function settle(schoolId?: string): Promise<void> {
    while (running) await running;
    const schools = schoolId === undefined ? await listSchoolsWithPending(db) : [schoolId];
    for (const each of schools) await chainAll(scopeOf(each));
  }

  const chain: AuditChain = {
    keys,
    wake,
    settle,
    async close() {
      clearInterval(sweep);
      // What waits is chained now or, when the database does not answer, by whoever looks next.
      let patience: NodeJS.Timeout | undefined;
      const tooLong = new Promise<void>((resolve) => {
        patience = setTimeout(resolve, 3000);
      });
      await Promise.race([settle().catch(() => undefined), tooLong]);
      clearTimeout(patience);
      closed = true;
      chains.delete(db);
    },
  };
  chains.set(db, chain);
  void look().catch(() => undefined);
  return chain;
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });

function ignoreDuplicate(error: unknown): void {
  if (!isDuplicate(error)) throw error;
}
