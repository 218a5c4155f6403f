/**
 * Walks over the audit chain of a school: each entry, its place, the head and the anchors, and whether what
 * it names is there.
 */
import type { AuditEntry, AuditKeys } from '../audit/audit-entry.js';
import { firstHash, isEntryGenuine, isHeadGenuine, isPendingGenuine } from '../audit/audit-entry.js';
import { isAnchorGenuine, type Anchor } from '../audit/audit-anchors.js';
import { findHead, listChainFrom, listEntriesErasing, listPending } from '../audit/chain-records.js';
import type { FrozenKind } from '../audit/frozen-record.js';
import type { SchoolScope } from '../db/database.js';
import { claimsOf } from './frozen-claims.js';
import { frozenWalks } from './frozen-kinds.js';

export interface ChainCheck {
  length: number;
  /** When entries became keyed: what was frozen before may have no entry. Null while there is no keyed one. */
  keyedSince: Date | null;
}

type Say = (kind: 'audit entry' | 'anchor' | FrozenKind, id: string, problem: string) => void;

const batch = 500;

/**
 * @param anchors of this school, from wherever they were kept, with null for a line that could not be read;
 *   null: nobody has looked
 * @param seen is told how many entries were looked at
 */
export async function checkChain(
  {
    keys,
    anchors,
    mayBeEmpty,
  }: { keys: AuditKeys; anchors: readonly (Anchor | null)[] | null; mayBeEmpty: boolean },
  scope: SchoolScope,
  say: Say,
  seen: (entries: number) => void,
): Promise<ChainCheck> {
  const expected = anchorsByNumber(keys, anchors ?? [], scope.schoolId, say);
  let previousHash = firstHash;
  let number = 1;
  let from = Number.MIN_SAFE_INTEGER;
  let keyedSince: Date | null = null;
  for (;;) {
    const found = await listChainFrom(scope, from, batch);
    for (const entry of found) {
      const problem = problemOf(keys, entry, { number, previousHash, keyed: keyedSince !== null });
      if (problem) {
        say('audit entry', String(entry.number), problem);
        return { length: number - 1, keyedSince };
      }
      checkAnchored(expected.get(entry.number), entry, say);
      expected.delete(entry.number);
      if (entry.keyId) keyedSince ??= entry.at;
      previousHash = entry.hash;
      number += 1;
    }
    await checkClaims(scope, found, say);
    seen(found.length);
    const last = found.at(-1);
    if (!last || found.length < batch) break;
    from = last.number + 1;
  }
  const length = number - 1;
  for (const [anchored] of expected)
    say(
      'audit entry',
      String(length + 1),
      `the chain ends here, but was ${anchored} entries long when it was anchored`,
    );
  await checkHead(keys, scope, { length, hash: previousHash }, anchors?.length ?? null, say);
  if (length === 0) {
    if (!mayBeEmpty)
      say('audit entry', '1', 'the chain is empty, although every school begins with an entry');
  } else if (!keyedSince)
    say('audit entry', String(length), 'no entry is keyed: start the server once to seal the older chain');
  for (const entry of await listPending(scope, batch))
    if (!isPendingGenuine(keys, entry))
      say('audit entry', entry.id, 'it waits for its place, but nobody signed it');
  return { length, keyedSince };
}

function problemOf(
  keys: AuditKeys,
  entry: AuditEntry,
  at: { number: number; previousHash: string; keyed: boolean },
): string | null {
  if (entry.number !== at.number)
    return `entry ${at.number} is missing before it, or it has a number of its own`;
  if (entry.keyId && !keys.byId(entry.keyId))
    return `it is signed with the key ${entry.keyId}, which is not known here: set SECRET_KEY_PREVIOUS`;
  if (at.keyed && !entry.keyId) return 'it is not signed, although entries before it are';
  if (!isEntryGenuine(keys, entry) || entry.previousHash !== at.previousHash)
    return 'the chain does not hold from this entry on';
  return null;
}

function anchorsByNumber(
  keys: AuditKeys,
  anchors: readonly (Anchor | null)[],
  schoolId: string,
  say: Say,
): Map<number, Anchor[]> {
  const expected = new Map<number, Anchor[]>();
  for (const anchor of anchors) {
    if (anchor && anchor.schoolId !== schoolId) continue;
    if (!anchor || !isAnchorGenuine(keys, anchor))
      say('anchor', anchor?.at ?? '?', 'this line is not what was signed');
    else expected.set(anchor.number, [...(expected.get(anchor.number) ?? []), anchor]);
  }
  return expected;
}

function checkAnchored(anchors: readonly Anchor[] | undefined, entry: AuditEntry, say: Say): void {
  for (const anchor of anchors ?? [])
    if (anchor.hash !== entry.hash)
      say('audit entry', String(entry.number), `it is another one than when it was anchored (${anchor.at})`);
}

async function checkHead(
  keys: AuditKeys,
  scope: SchoolScope,
  end: { length: number; hash: string },
  anchors: number | null,
  say: Say,
): Promise<void> {
  const head = await findHead(scope);
  if (!head) {
    if (end.length > 0)
      say('audit entry', String(end.length), 'the record of where the chain ends is missing');
    return;
  }
  if (!isHeadGenuine(keys, head))
    say('audit entry', String(head.number), 'the record of where the chain ends is not what was signed');
  else if (head.number > end.length)
    say('audit entry', String(end.length + 1), `the chain ends here, but had ${head.number} entries`);
  if (head.anchoredAt && anchors === 0)
    say('anchor', head.anchoredAt.toISOString(), 'the chain was anchored, but no anchor is found');
}

/** Every record that these entries have frozen is there, or was removed by an entry that says so. */
async function checkClaims(scope: SchoolScope, entries: readonly AuditEntry[], say: Say): Promise<void> {
  const claims = entries.flatMap(claimsOf);
  // Records of one kind may lie in two places; each place knows of both.
  for (const [kind, there] of new Map(frozenWalks.map((walk) => [walk.kind, walk.there]))) {
    const names = claims.filter((claim) => claim.kind === kind).map(({ id }) => id);
    if (names.length === 0) continue;
    const found = new Set(await there(scope, names));
    const missing = [...new Set(names)].filter((name) => !found.has(name));
    if (missing.length === 0) continue;
    const gone = new Set(
      (await listEntriesErasing(scope, missing)).flatMap(({ detail }) =>
        (detail['erased'] as { kind: string; id: string }[]).map((each) => `${each.kind} ${each.id}`),
      ),
    );
    for (const name of missing)
      if (!gone.has(`${kind} ${name}`)) say(kind, name, 'the audit chain names it, and it is gone');
  }
}
