/**
 * Walks over everything of a school that may never change and says what no longer is what it was: the audit
 * chain with its anchors, every frozen record, the state of transcripts, and the bytes of every stored file.
 * Changes nothing; memory stays flat.
 */
import { createHash } from 'node:crypto';
import type { Anchor } from '../audit/audit-anchors.js';
import { auditChainOf } from '../audit/audit-chain.js';
import { listEntriesFreezing, listEntriesOn } from '../audit/chain-records.js';
import { frozenKinds, type FrozenKind } from '../audit/frozen-record.js';
import type { SchoolScope } from '../db/database.js';
import { FileMissing, type Storage } from '../../storage/storage.js';
import { checkChain } from './check-chain.js';
import { checkTranscripts } from './check-transcripts.js';
import { openMergeCheck, type MergeCheck } from './check-merges.js';
import { claimsOf } from './frozen-claims.js';
import { frozenWalks } from './frozen-kinds.js';
import type { FrozenProblem, FrozenWalk } from './frozen-walk.js';

export const checkedKinds = ['audit entry', 'anchor', ...frozenKinds, 'file'] as const;
export type Kind = (typeof checkedKinds)[number];

export interface RecordProblem {
  kind: Kind;
  /** Id of the record, number of the audit entry, or storage key of the file. */
  id: string;
  problem: string;
}

export interface SchoolCheck {
  checked: Record<Kind, number>;
  problems: RecordProblem[];
}

export interface CheckNeeds {
  storage: Storage;
  /** Whether to read the bytes of every file as well, which takes as long as copying them. */
  files: boolean;
  /** Where the chain was said to end, outside of the database; left out: nobody has looked. */
  anchors?: readonly (Anchor | null)[];
  /** A school begins with an entry; a network or the installation may have none yet. */
  mayBeEmpty?: boolean;
  /** Told after every few hundred records. */
  progress?: (checked: number) => void;
}

const batch = 200;
const rememberedFiles = 10_000;
/** More findings than anybody reads; the rest is counted only. */
const MAX_PROBLEMS = 10_000;

export async function checkSchool(
  { storage, files, anchors, mayBeEmpty = false, progress = () => undefined }: CheckNeeds,
  scope: SchoolScope,
): Promise<SchoolCheck> {
  const { keys, settle } = auditChainOf(scope.db);
  await settle(scope.schoolId);
  const checked = Object.fromEntries(checkedKinds.map((kind) => [kind, 0])) as Record<Kind, number>;
  const problems: RecordProblem[] = [];
  const say = (kind: Kind, id: string, problem: string): void => {
    if (problems.length < MAX_PROBLEMS) problems.push({ kind, id, problem });
  };
  const count = (kind: Kind, number: number): void => {
    checked[kind] += number;
    progress(Object.values(checked).reduce((sum, each) => sum + each, 0));
  };

  const seen = new Set<string>();
  async function checkFile({ key, bytes, sha256 }: NonNullable<FrozenProblem['file']>): Promise<void> {
    if (!files || seen.has(key)) return;
    if (seen.size >= rememberedFiles) seen.clear();
    seen.add(key);
    count('file', 1);
    const problem = await problemOfFile(storage, key, bytes, sha256);
    if (problem) say('file', key, problem);
  }

  const { keyedSince } = await checkChain(
    { keys, anchors: anchors ?? null, mayBeEmpty },
    scope,
    say,
    (number) => count('audit entry', number),
  );
  const merges = openMergeCheck(scope);
  for (const walk of frozenWalks) {
    for (let after = ''; ;) {
      const found = await walk.list(scope, after, batch);
      await checkFrozen(scope, walk, found, keyedSince, say);
      await checkResealed(merges, walk.kind, found, say);
      count(walk.kind, found.length);
      for (const { file } of found) if (file) await checkFile(file);
      const last = found.at(-1);
      if (!last || found.length < batch) break;
      after = last.id;
    }
  }
  await checkTranscripts(scope, keys, say);
  return { checked, problems };
}

/** Kinds that had an entry with their hash before entries were keyed. */
const alwaysRecorded: readonly FrozenKind[] = [
  'score sheet',
  'result',
  'portfolio',
  'narrative',
  'transcript',
];

/** Each of these records is what its hash says, and has an entry with that hash. */
async function checkFrozen(
  scope: SchoolScope,
  { kind, subject }: FrozenWalk,
  found: readonly FrozenProblem[],
  keyedSince: Date | null,
  say: (kind: Kind, id: string, problem: string) => void,
): Promise<void> {
  if (found.length === 0) return;
  const entries = subject
    ? await listEntriesOn(scope, subject, [...new Set(found.map(({ name }) => name.split(' ')[0]!))])
    : await listEntriesFreezing(
        scope,
        found.map(({ name }) => name),
      );
  const recorded = new Map<string, string>();
  for (const claim of entries.flatMap(claimsOf)) if (claim.kind === kind) recorded.set(claim.id, claim.hash);
  for (const { id, name, hash, holds, at } of found) {
    const before = recorded.get(name);
    const older = keyedSince !== null && at !== null && at < keyedSince && !alwaysRecorded.includes(kind);
    if (!holds) say(kind, id, 'it no longer is what its hash was made from');
    else if (before === undefined) {
      if (!older) say(kind, id, 'the audit chain has no entry of it');
    } else if (before !== hash) say(kind, id, 'its hash is not the one in the audit chain');
  }
}

/** A record may belong to somebody else than when it was frozen only because the two were merged. */
async function checkResealed(
  merges: MergeCheck,
  kind: Kind,
  found: readonly FrozenProblem[],
  say: (kind: Kind, id: string, problem: string) => void,
): Promise<void> {
  for (const { id, resealed } of found)
    if (resealed && !(await merges.explains(resealed)))
      say(kind, id, 'it was frozen for somebody else, and no merge says that they are the same person');
}

async function problemOfFile(
  storage: Storage,
  key: string,
  bytes: number,
  sha256: string,
): Promise<string | null> {
  try {
    const hash = createHash('sha256');
    let length = 0;
    for await (const chunk of await storage.read(key)) {
      hash.update(chunk as Buffer);
      length += (chunk as Buffer).length;
    }
    if (length !== bytes) return `${length} bytes instead of ${bytes}`;
    return hash.digest('hex') === sha256 ? null : 'its bytes have changed';
  } catch (error) {
    if (error instanceof FileMissing) return 'it is missing';
    return `it could not be read: ${String(error)}`;
  }
}
