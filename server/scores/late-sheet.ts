/** Who decides whether a sheet that was handed in after closing counts. Pure. */
import { runsSchool, type Actor } from '../access/actor.js';
import type { Seat } from '../exhibitions/seats/seat.js';

/** The office, but nobody about their own sheet, also where their access to it has ended. */
export const mayDecideLate = (actor: Actor, seat: Pick<Seat, 'personId'>): boolean =>
  actor.seatIds === null && runsSchool(actor) && actor.personId !== seat.personId;
