/**
 * A decision of the panel on one row: consensus when they agreed after talking, moderation when somebody had
 * to settle it. It stands beside the voices and their tally with its reason and replaces neither; of several
 * on a row the latest counts.
 */
import { asSealed, type Resealed } from '../audit/frozen-record.js';
import type { Actor } from '../access/actor.js';
import type { PasswordLinkMark } from '../access/password-link.js';
import { hasRole } from '../access/actor.js';
import type { PanelFacts } from '../scores/seal.js';
import { holdsChair, mayLeadTalk } from './chair.js';
import type { CriterionTally } from './tally.js';

export const decisionKinds = ['consensus', 'moderation'] as const;
export type DecisionKind = (typeof decisionKinds)[number];

export interface Decision extends Resealed {
  id: string;
  schoolId: string;
  slotId: string;
  studentId: string;
  criterionId: string;
  kind: DecisionKind;
  levelId: string;
  reason: string;
  /** Later decisions of a panel have larger turns. */
  turn: number;
  at: Date;
  decidedBy: string;
  decidedByName: string;
  decidedAs: 'chair' | 'registrar' | 'admin';
  passwordLink?: PasswordLinkMark;
}

/** Which kinds of decision this person may record: a consensus is the chair's to record. */
export function decisionKindsOf(actor: Actor, facts: PanelFacts): DecisionKind[] {
  if (!mayLeadTalk(actor, facts)) return [];
  return holdsChair(actor, facts) ? ['consensus', 'moderation'] : ['moderation'];
}

export function decidedAs(actor: Actor, facts: PanelFacts): Decision['decidedAs'] {
  if (holdsChair(actor, facts)) return 'chair';
  return hasRole(actor, 'registrar') ? 'registrar' : 'admin';
}

/** All decisions on a row, the one that counts last. */
export const decisionsOn = <D extends Pick<Decision, 'criterionId' | 'turn'>>(
  criterionId: string,
  decisions: readonly D[],
): D[] => decisions.filter((one) => one.criterionId === criterionId).sort((a, b) => a.turn - b.turn);

export interface DecisionOutcome {
  levelId: string | null;
  by: 'tally' | DecisionKind;
}

/** What of a row's tally its outcome is read from. */
export interface OutcomeRow {
  criterionId: string;
  decision: Pick<CriterionTally['decision'], 'levelId'>;
}

/** What a row comes to: the panel's decision where there is one, else the tally. The only place that says so. */
export function outcomeOf(row: OutcomeRow, decisions: readonly Decision[] = []): DecisionOutcome {
  const decision = decisionsOn(row.criterionId, decisions).at(-1);
  if (decision) return { levelId: decision.levelId, by: decision.kind };
  return { levelId: row.decision.levelId, by: 'tally' };
}

/** What never changes of it; goes into the audit chain by its hash. */
export const frozenOfDecision = (decision: Decision) => {
  const {
    slotId,
    studentId,
    criterionId,
    kind,
    levelId,
    reason,
    turn,
    at,
    decidedBy,
    decidedByName,
    decidedAs,
  } = asSealed(decision);
  return {
    slotId,
    studentId,
    criterionId,
    kind,
    levelId,
    reason,
    turn,
    at,
    decidedBy,
    decidedByName,
    decidedAs,
  };
};
