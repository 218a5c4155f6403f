/** Changes what a network decides for its schools. */
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, type SharedScope } from '../db/database.js';
import { NotFound } from '../errors.js';
import { auditScope } from './network-staff.js';
import { handoverRuleOf, type HandoverRule } from './school.js';
import { findNetwork, saveNetworkChange } from './school-records.js';

/** Holds for handovers that are accepted from now on. */
export const setHandoverRule = (
  { clock }: { clock: Clock },
  where: SharedScope,
  by: Pick<Actor, 'personId' | 'via'>,
  networkId: string,
  handoverRule: HandoverRule,
): Promise<void> =>
  inTransaction(where, async (inside) => {
    const network = await findNetwork(inside, networkId);
    if (!network) throw new NotFound();
    if (handoverRuleOf(network) === handoverRule) return;
    await saveNetworkChange(inside, networkId, { handoverRule });
    const subject = { kind: 'network', id: networkId };
    const detail = { fields: ['handoverRule'], handoverRule };
    await appendAudit(auditScope(inside, networkId), clock, by, 'network.change', subject, detail);
  });
