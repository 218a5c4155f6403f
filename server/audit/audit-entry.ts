/**
 * What an entry of the audit chain is, and how it is signed. Entries are keyed: whoever can write to the
 * database but does not have SECRET_KEY can neither make an entry nor change one. Entries from before that
 * have no `keyId` and a plain SHA-256.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { canonicalJson, hashOf } from '../canonical.js';

/** What was done, before it has its number. */
export interface AuditFacts {
  id: string;
  schoolId: string;
  at: Date;
  actorId: string;
  via: string;
  /** `<feature>.<verb>`, e.g. `portfolio.submit` */
  act: string;
  subject: { kind: string; id: string };
  /** Facts by id, number or hash; never names, texts or secrets. */
  detail: Record<string, unknown>;
}

/** Written in the transaction of the action; waits for its place in the chain. */
export interface PendingEntry extends AuditFacts {
  /** Sorts the entries of one moment in the order in which they were made. */
  order: string;
  keyId: string;
  signature: string;
}

export interface AuditEntry extends AuditFacts {
  /** 1, 2, 3 … without a gap within a school. */
  number: number;
  /** Names the key; absent on entries from before entries were keyed. */
  keyId?: string;
  previousHash: string;
  hash: string;
}

/** Where a school's chain ended when this was written; the chain may be longer, never shorter. */
export interface ChainHead {
  /** The school's id. */
  id: string;
  schoolId: string;
  number: number;
  hash: string;
  keyId: string;
  signature: string;
  anchoredAt?: Date;
}

interface AuditKey {
  id: string;
  key: Buffer;
}

export interface AuditKeys {
  /** Signs whatever is new. */
  current: AuditKey;
  /** Undefined for a key that this installation does not know (any more). */
  byId(id: string): AuditKey | undefined;
}

export const firstHash = '0'.repeat(64);

/** @param keys the current one first, then those from before SECRET_KEY was changed */
export function auditKeysOf(keys: readonly Buffer[]): AuditKeys {
  const list = keys.map((key) => ({ id: signed(key, 'name of this key').slice(0, 12), key }));
  return { current: list[0]!, byId: (id) => list.find((each) => each.id === id) };
}

/** HMAC-SHA-256, lower-case hex, of the canonical JSON of `value`. */
export const signed = (key: Buffer, value: unknown): string =>
  createHmac('sha256', key).update(canonicalJson(value)).digest('hex');

export function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

const pendingContent = ({ id, schoolId, at, order, actorId, via, act, subject, detail }: PendingEntry) => ({
  pending: { id, schoolId, at, order, actorId, via, act, subject, detail },
});

export function signPending(
  { current }: AuditKeys,
  facts: Omit<PendingEntry, 'keyId' | 'signature'>,
): PendingEntry {
  const entry = { ...facts, keyId: current.id, signature: '' };
  return { ...entry, signature: signed(current.key, pendingContent(entry)) };
}

export function isPendingGenuine(keys: AuditKeys, entry: PendingEntry): boolean {
  const known = keys.byId(entry.keyId);
  return known !== undefined && sameText(signed(known.key, pendingContent(entry)), entry.signature);
}

/** The next entry of the chain. */
export function chainEntry(
  { current }: AuditKeys,
  { id, schoolId, at, actorId, via, act, subject, detail }: PendingEntry,
  last: Pick<AuditEntry, 'number' | 'hash'> | null,
): AuditEntry {
  const entry: AuditEntry = {
    ...{ id, schoolId, at, actorId, via, act, subject, detail },
    number: (last?.number ?? 0) + 1,
    keyId: current.id,
    previousHash: last?.hash ?? firstHash,
    hash: '',
  };
  return { ...entry, hash: keyedHash(current.key, entry) };
}

const keyedHash = (key: Buffer, entry: AuditEntry): string => signed(key, { ...entry, hash: undefined });

/** As entries were hashed before they were keyed. */
const plainHash = ({ number, at, actorId, via, act, subject, detail, previousHash }: AuditEntry): string =>
  hashOf({ number, at, actorId, via, act, subject, detail, previousHash });

/** Whether the entry itself is what was written; its place in the chain is asked besides. */
export function isEntryGenuine(keys: AuditKeys, entry: AuditEntry): boolean {
  if (!entry.keyId) return sameText(plainHash(entry), entry.hash);
  const known = keys.byId(entry.keyId);
  return known !== undefined && sameText(keyedHash(known.key, entry), entry.hash);
}

const headContent = ({ schoolId, number, hash }: Pick<ChainHead, 'schoolId' | 'number' | 'hash'>) => ({
  head: { schoolId, number, hash },
});

export function signHead({ current }: AuditKeys, last: AuditEntry): ChainHead {
  const { schoolId, number, hash } = last;
  const head = { id: schoolId, schoolId, number, hash, keyId: current.id };
  return { ...head, signature: signed(current.key, headContent(head)) };
}

export function isHeadGenuine(keys: AuditKeys, head: ChainHead): boolean {
  const known = keys.byId(head.keyId);
  return known !== undefined && sameText(signed(known.key, headContent(head)), head.signature);
}
