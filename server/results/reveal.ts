/**
 * The reveal: when the sheets of a panel are opened to those who wrote them. Everything that follows it
 * (revisions, decisions) is appended beside the sealed sheets, one turn after the other, until the result is
 * published.
 */
import { runsSchool, type Actor } from '../access/actor.js';
import { isAdvisorOf } from '../people/person.js';
import type { Decision } from './decision.js';
import { openRows } from './open-rows.js';
import type { Tally } from './tally.js';
import { owesSheet, readsAsPanel, type PanelFacts } from '../scores/seal.js';

export interface Reveal {
  /** The slot's id. */
  id: string;
  schoolId: string;
  /** Left out until something was done since it is written down. */
  exhibitionId?: string;
  /** How many acts of this panel took their turn so far: revising, deciding and publishing come one after the other. */
  turn: number;
  /** Set when somebody opened the sheets before all were in. */
  opened: { at: Date; by: string; byName: string } | null;
  /** Set when the chair let the panel see what the rule makes of its voices. */
  tallyShown?: { at: Date; by: string } | null;
}

/** All sheets are in, or nobody waits for the rest. Without any sheet there is nothing to reveal. */
export const isRevealed = (facts: {
  submitted: number;
  awaited: number;
  opened: boolean;
  closed: boolean;
  published: boolean;
}): boolean =>
  facts.submitted > 0 && (facts.awaited === 0 || facts.opened || facts.closed || facts.published);

/**
 * `open`: sees the rows to talk about. `sealed`: will see them, nothing is shown yet. `none`: not theirs,
 * whoever owes a sheet included, also after publishing; student and family read the published result instead.
 */
export function revealSight(actor: Actor, facts: PanelFacts): 'open' | 'sealed' | 'none' {
  if (owesSheet(actor, facts)) return 'none';
  const onPanel = readsAsPanel(actor, facts);
  const staff = actor.seatIds === null && (runsSchool(actor) || isAdvisorOf(actor, facts.student));
  if (!onPanel && !staff) return 'none';
  return facts.revealed ? 'open' : 'sealed';
}

/**
 * The panel talks before it sees what the rule makes of its voices: until the chair shows it, or nothing is
 * left to talk about. What is closed or published is open.
 */
export const isTallyOpen = (
  facts: Pick<PanelFacts, 'closed' | 'published'> & { tallyShown: boolean },
  tally: Pick<Tally, 'criteria'>,
  decisions: readonly Decision[],
): boolean => facts.closed || facts.published || facts.tallyShown || openRows(tally, decisions).length === 0;
