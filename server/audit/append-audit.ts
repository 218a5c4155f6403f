/**
 * Records what was done, in the transaction of the action. The entry is signed and waits outside the chain,
 * so that actions of one school do not wait for each other; `audit-chain.ts` gives it its number after the
 * commit. An entry is no lock: actions that must not happen at the same moment say so with `withLocks`
 * (`server/db/record-locks.ts`).
 */
import type { Actor } from '../access/actor.js';
import type { Clock } from '../clock.js';
import { afterCommit, inTransaction, type SchoolScope } from '../db/database.js';
import { newId } from '../ids.js';
import { auditChainOf } from './audit-chain.js';
import { firstHash, isEntryGenuine, signPending, type AuditEntry, type AuditFacts } from './audit-entry.js';
import { listChainFrom, savePending } from './chain-records.js';

export type Act = Pick<AuditFacts, 'subject'> & Partial<Pick<AuditFacts, 'detail'>>;

/**
 * @param act `<feature>.<verb>`
 * @param detail facts by id, number or hash; never names, texts or secrets
 */
export const appendAudit = (
  scope: SchoolScope,
  clock: Clock,
  actor: Pick<Actor, 'personId' | 'via' | 'passwordLink'>,
  act: string,
  subject: Act['subject'],
  detail: Record<string, unknown> = {},
): Promise<void> => appendAudits(scope, clock, actor, act, [{ subject, detail }]);

const auditedMark = ({ passwordLink }: Pick<Actor, 'passwordLink'>): Record<string, unknown> =>
  passwordLink
    ? { passwordLink: { createdById: passwordLink.createdById, usedAt: passwordLink.usedAt.toISOString() } }
    : {};

/** Several acts of one kind, in their order: all of them or none. */
export async function appendAudits(
  scope: SchoolScope,
  clock: Clock,
  actor: Pick<Actor, 'personId' | 'via' | 'passwordLink'>,
  act: string,
  acts: readonly Act[],
): Promise<void> {
  if (acts.length === 0) return;
  if (!scope.session && acts.length > 1)
    return inTransaction(scope, (inside) => appendAudits(inside, clock, actor, act, acts));
  const chain = auditChainOf(scope.db);
  const at = clock.now();
  const { schoolId } = scope;
  const { personId: actorId, via } = actor;
  await savePending(
    scope,
    acts.map(({ subject, detail: facts = {} }) => {
      // Whoever signs in by a link that somebody else made may be somebody else.
      const detail = { ...facts, ...auditedMark(actor) };
      return signPending(chain.keys, {
        ...{ id: newId(), schoolId, at, order: nextOrder(), actorId, via, act, subject, detail },
      });
    }),
  );
  afterCommit(scope, () => chain.wake(schoolId));
}

/** Microseconds since the machine started: one order for all processes of a machine, whatever the clock says. */
const nextOrder = (): string => (process.hrtime.bigint() / 100n).toString().padStart(20, '0');

/**
 * Walks the whole chain of a school. Returns the number of the first entry that does not hold, or null when
 * all do. Once an entry is keyed, every later one must be: a plain hash can be computed by anybody.
 * @param visit sees every entry that holds, in order
 */
export async function findBrokenEntry(
  scope: SchoolScope,
  visit: (entry: AuditEntry) => Promise<void> | void = () => undefined,
): Promise<number | null> {
  const { keys, settle } = auditChainOf(scope.db);
  await settle(scope.schoolId);
  let previousHash = firstHash;
  let number = 1;
  let keyed = false;
  for (;;) {
    const batch = await listChainFrom(scope, number, 500);
    if (batch.length === 0) return null;
    for (const entry of batch) {
      const follows = entry.number === number && entry.previousHash === previousHash;
      if (!follows || (keyed && !entry.keyId) || !isEntryGenuine(keys, entry)) return number;
      await visit(entry);
      keyed ||= entry.keyId !== undefined;
      previousHash = entry.hash;
      number += 1;
    }
  }
}
