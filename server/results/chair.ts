/** Who leads the talk of a panel. Pure. */
import { runsSchool, type Actor } from '../access/actor.js';
import { isOwnSeat } from '../exhibitions/seats/seat.js';
import { owesSheet, type PanelFacts } from '../scores/seal.js';

export const holdsChair = (actor: Actor, facts: Pick<PanelFacts, 'seats' | 'panelEndedAt'>): boolean =>
  !facts.panelEndedAt && facts.seats.some((seat) => seat.chair && isOwnSeat(actor, seat));

/** Opens the sheets, and moderates: the chair, the registrar, the admin; nobody whose own sheet is awaited. */
export const mayLeadTalk = (actor: Actor, facts: PanelFacts): boolean =>
  !owesSheet(actor, facts) && (holdsChair(actor, facts) || (actor.seatIds === null && runsSchool(actor)));
