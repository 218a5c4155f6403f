/**
 * Takes a transcript back, with a reason. It stays readable, and its verification page says that it no longer stands.
 */
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, type SchoolScope } from '../db/database.js';
import { Conflict } from '../errors.js';
import { requirePermission } from '../people/person.js';
import { mayRevoke, type Transcript } from './transcript.js';
import { getTranscript, saveRevoked } from './transcript-records.js';

export async function revokeTranscript(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  input: { id: string; reason: string },
): Promise<Transcript> {
  requirePermission(mayRevoke(actor));
  return inTransaction(scope, async (inside) => {
    const transcript = await getTranscript(inside, input.id);
    if (transcript.state === 'revoked') throw new Conflict('transcript.problem.revoked-already');
    if (transcript.state === 'preparing') throw new Conflict('transcript.problem.not-issued');
    await saveRevoked(inside, transcript.id, transcript.state, clock.now(), input.reason);
    await appendAudit(
      inside,
      clock,
      actor,
      'transcript.revoke',
      { kind: 'transcript', id: transcript.id },
      { number: transcript.number },
    );
    return getTranscript(inside, transcript.id);
  });
}
