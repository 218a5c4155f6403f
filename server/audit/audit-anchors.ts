/**
 * Anchors: signed lines, outside of the database, that say how long the chain of a school was and how its
 * last entry hashed. Whoever takes entries out of the database, or writes the chain anew, cannot make it
 * agree with them. One line a day and school is kept, and the last one follows the chain by a minute at most.
 */
import { z } from 'zod';
import type { AnchorFiles } from '../../storage/anchor-files.js';
import type { Clock } from '../clock.js';
import type { Database } from '../db/database.js';
import type { Log } from '../log.js';
import { sameText, signed, type AuditKeys } from './audit-entry.js';
import { findLastEntry, saveAnchorTurn } from './chain-records.js';

const lineSchema = z.object({
  schoolId: z.string(),
  at: z.string(),
  number: z.number().int().positive(),
  hash: z.string(),
  keyId: z.string(),
  signature: z.string(),
});
export type Anchor = z.output<typeof lineSchema>;

const contentOf = ({ schoolId, at, number, hash }: Anchor) => ({ anchor: { schoolId, at, number, hash } });

export function isAnchorGenuine(keys: AuditKeys, anchor: Anchor): boolean {
  const known = keys.byId(anchor.keyId);
  return known !== undefined && sameText(signed(known.key, contentOf(anchor)), anchor.signature);
}

/** Lines of a file; null stands for a line that is none. */
export const readAnchorLines = (text: string): (Anchor | null)[] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      try {
        return lineSchema.parse(JSON.parse(line));
      } catch {
        return null;
      }
    });

export const anchorText = (anchors: readonly (Anchor | null)[]): string =>
  anchors.map((anchor) => `${JSON.stringify(anchor)}\n`).join('');

/** Every anchor of a school, the oldest month first. */
export async function listAnchors(files: AnchorFiles, schoolId: string): Promise<(Anchor | null)[]> {
  const found: (Anchor | null)[] = [];
  for (const month of await files.list(schoolId))
    found.push(...readAnchorLines((await files.read(schoolId, month)) ?? ''));
  return found;
}

export interface AuditAnchors {
  /** The chain of this school has grown. */
  note(schoolId: string): void;
  /** Writes what is due at once. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

interface AnchorNeeds {
  db: Database;
  keys: AuditKeys;
  files: AnchorFiles;
  clock: Clock;
  log: Pick<Log, 'error'>;
}

const secondsBetween = 60;
const lookEveryMilliseconds = 10_000;

export function openAuditAnchors({ db, keys, files, clock, log }: AnchorNeeds): AuditAnchors {
  const due = new Set<string>();
  let writing: Promise<void> = Promise.resolve();

  async function write(schoolId: string): Promise<void> {
    const last = await findLastEntry({ db, schoolId });
    if (!last) return;
    const at = clock.now().toISOString();
    const unsigned = { schoolId, at, number: last.number, hash: last.hash, keyId: keys.current.id };
    const anchor = { ...unsigned, signature: '' };
    anchor.signature = signed(keys.current.key, contentOf(anchor));
    const month = at.slice(0, 7);
    const lines = readAnchorLines((await files.read(schoolId, month)) ?? '');
    const before = lines.at(-1);
    // The day's line moves on with the chain; one that says more than the chain does now is evidence and stays.
    if (before && before.at.slice(0, 10) === at.slice(0, 10) && before.number <= anchor.number) lines.pop();
    await files.write(schoolId, month, anchorText([...lines, anchor]));
  }

  /** @param all also those that were anchored a moment ago, by whichever instance */
  async function look(all: boolean): Promise<void> {
    for (const schoolId of due) {
      try {
        const until = new Date(clock.now().getTime() - secondsBetween * 1000);
        const turn = await saveAnchorTurn(db, schoolId, clock.now(), until);
        if (!turn && !all) continue;
        due.delete(schoolId);
        await write(schoolId);
      } catch (error) {
        due.add(schoolId);
        log.error({ err: error, schoolId }, 'the audit chain could not be anchored');
        return;
      }
    }
  }

  const start = (all: boolean): Promise<void> => (writing = writing.then(() => look(all)));
  const timer = setInterval(() => {
    if (due.size > 0) void start(false);
  }, lookEveryMilliseconds);
  timer.unref();
  return {
    note: (schoolId) => void due.add(schoolId),
    flush: () => start(true),
    async close() {
      clearInterval(timer);
      await start(true);
    },
  };
}
