/**
 * The seal: who may see whose scores, and when. Asked by every route whose answer could carry a score. Nobody
 * who holds a seat on a panel sees anything of the others' sheets before their own is in and the panel's are
 * revealed, whatever other role they have.
 */
import type { Actor } from '../access/actor.js';
import { runsSchool } from '../access/actor.js';
import { awaitsAdmission } from '../exhibitions/counting/counted-seats.js';
import { isOwnSeat, type Seat } from '../exhibitions/seats/seat.js';
import { isAdvisorOf, isGuardianOf, isOwn, type StudentFacts } from '../people/person.js';
import type { ScoreSheet } from './score-sheet.js';

export interface PanelFacts {
  student: StudentFacts;
  seats: Pick<Seat, 'id' | 'personId' | 'chair' | 'admission'>[];
  states: Map<string, ScoreSheet['state']>;
  published: boolean;
  /** All sheets are in, or nobody waits for the rest any more. */
  revealed: boolean;
  /** The exhibition takes no more scores. */
  closed: boolean;
  /** When the panel's access ended; left out and null while it lasts. */
  panelEndedAt?: Date | null;
}

/** `open`: may see the voices. Else what stands before them; `none`: the slot is none of theirs; `ended`: no more. */
export type ScoreVisibility =
  'ended' | 'open' | 'own-sheet-first' | 'not-revealed' | 'not-admitted' | 'not-published' | 'none';

const ownSeats = (actor: Actor, facts: PanelFacts) => facts.seats.filter((seat) => isOwnSeat(actor, seat));

/** Whether this person still owes a sheet here, so that nobody's opinion may reach them. */
export function owesSheet(actor: Actor, facts: PanelFacts): boolean {
  return ownSeats(actor, facts).some((seat) => facts.states.get(seat.id) !== 'submitted');
}

/**
 * Whether nothing that is said here may reach this person, by whatever other right they have: every answer
 * about a panel asks this, those of refused actions included. After closing and publishing there is nothing
 * left to bias.
 */
export const awaitsOwnSheet = (actor: Actor, facts: PanelFacts): boolean =>
  owesSheet(actor, facts) && !(facts.published && facts.closed);

/** Whether they read as somebody of the panel, for as long as panels do. A guest whom nobody has admitted does not. */
export const readsAsPanel = (actor: Actor, facts: Pick<PanelFacts, 'seats' | 'panelEndedAt'>): boolean =>
  !facts.panelEndedAt && facts.seats.some((seat) => isOwnSeat(actor, seat) && !awaitsAdmission(seat));

/** Somebody who sat on the panel and to whom the presentation is nothing else. */
export const hasLostAccess = (actor: Actor, facts: PanelFacts): boolean =>
  Boolean(facts.panelEndedAt) && ownSeats(actor, facts).length > 0 && !readsOtherwise(actor, facts.student);

const readsOtherwise = (actor: Actor, student: StudentFacts): boolean =>
  actor.seatIds === null &&
  (runsSchool(actor) || isAdvisorOf(actor, student) || isOwn(actor, student) || isGuardianOf(actor, student));

export function scoreVisibilityFor(actor: Actor, facts: PanelFacts): ScoreVisibility {
  if (hasLostAccess(actor, facts)) return 'ended';
  if (awaitsOwnSheet(actor, facts)) return 'own-sheet-first';
  if (ownSeats(actor, facts).some(awaitsAdmission)) return 'not-admitted';
  if (readsAsPanel(actor, facts)) return facts.revealed ? 'open' : 'not-revealed';
  if (actor.seatIds === null && (runsSchool(actor) || isAdvisorOf(actor, facts.student))) return 'open';
  if (actor.seatIds === null && (isOwn(actor, facts.student) || isGuardianOf(actor, facts.student))) {
    return facts.published ? 'open' : 'not-published';
  }
  return 'none';
}

/** A student and their family see names only where the school decided so; the panel and the staff always do. */
export function seesOnlyRoles(actor: Actor, facts: PanelFacts, voices: 'named' | 'by-role'): boolean {
  if (voices === 'named' || readsAsPanel(actor, facts)) return false;
  return !(runsSchool(actor) || isAdvisorOf(actor, facts.student));
}
