/**
 * Somebody comes to a stand by its pass: their visit there is opened, or found again. A new visitor is
 * written down as a guest.
 */
import { slowDown } from '../access/limit-attempts.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, isDuplicate, type SchoolScope } from '../db/database.js';
import { Conflict } from '../errors.js';
import type { Exhibition } from '../exhibitions/exhibition.js';
import type { Slot } from '../exhibitions/slots/slot.js';
import { newId } from '../ids.js';
import { guestIdOf } from '../exhibitions/passes/room-pass.js';
import type { SeatRole } from '../exhibitions/seats/seat.js';
import { addGuest } from '../people/add-person.js';
import { findPerson } from '../people/people-records.js';
import { visitorsPerHour, type StandPass } from './stand-pass.js';
import { saveStandPassUsed } from './stand-pass-records.js';
import { endOfStand, noScore, type Visit } from './visit.js';
import { findVisitOf, saveVisit } from './visit-records.js';

export interface OpenNeeds {
  clock: Clock;
  passKey: Buffer;
  timeZone: string;
  /** Asked before somebody without an account opens a new visit; throws when there were too many. */
  beforeNew?(): Promise<void>;
}

export interface Stand {
  pass: StandPass;
  slot: Slot;
  exhibition: Exhibition;
}

/** Somebody who is known: by an account, or because they came in on this device before. */
export interface Known {
  personId: string;
  name: string;
  role: SeatRole;
  /** Came in by a sign, now or before, and has no account. */
  bySign: boolean;
}

/** @throws Conflict for the student whose stand it is */
export async function openVisit(
  needs: Pick<OpenNeeds, 'clock' | 'timeZone' | 'beforeNew'>,
  scope: SchoolScope,
  stand: Omit<Stand, 'pass'>,
  who: Known,
  device: string | null = null,
): Promise<Visit> {
  if (who.personId === stand.slot.studentId) throw new Conflict('visits.problem.own-stand');
  const before = await findVisitOf(scope, stand.slot.id, who.personId);
  if (before) return before;
  if (who.bySign) await needs.beforeNew?.();
  try {
    return await saveVisit(scope, newVisit(needs, stand, who, device));
  } catch (error) {
    // Scanned twice in the same moment.
    const other = isDuplicate(error) ? await findVisitOf(scope, stand.slot.id, who.personId) : null;
    if (!other) throw error;
    return other;
  }
}

/**
 * Somebody who has not been here yet.
 * @param once random words of the form: sent twice they mean one visitor
 * @throws TooMany when the sign is played with
 */
export async function welcomeVisitor(
  needs: OpenNeeds,
  scope: SchoolScope,
  stand: Stand,
  newcomer: { name: string; role: SeatRole; once?: string | undefined },
  device: string | null = null,
): Promise<Visit> {
  const now = needs.clock.now();
  // Of this stand's form alone: the same words elsewhere are somebody else.
  const once = newcomer.once && `${stand.pass.slotId} ${newcomer.once}`;
  const personId = once ? guestIdOf(needs.passKey, once) : newId();
  const before = await findVisitOf(scope, stand.slot.id, personId);
  if (before) return before;
  // A phone may send the form again of somebody who was erased since.
  if ((await findPerson(scope, personId))?.erasedAt)
    throw new Conflict('panel.problem.guest-erased', {}, 'erased');
  await needs.beforeNew?.();
  const pace = { what: 'stand-visitor', whom: stand.pass.id, slowFrom: visitorsPerHour, seconds: 3600 };
  await slowDown({ db: scope.db, now }, pace);
  try {
    return await inTransaction(scope, async (inside) => {
      const visit = newVisit(needs, stand, { personId, ...newcomer, bySign: true }, device);
      await addGuest(needs, inside, {
        id: personId,
        name: newcomer.name,
        email: null,
        organisation: null,
      });
      await saveVisit(inside, visit);
      await saveStandPassUsed(inside, stand.pass.id, now);
      const by = { personId, via: 'pass' as const };
      const subject = { kind: 'visit', id: visit.id };
      await appendAudit(inside, needs.clock, by, 'visit.welcome', subject, { slotId: stand.slot.id });
      return visit;
    });
  } catch (error) {
    const other = isDuplicate(error) ? await findVisitOf(scope, stand.slot.id, personId) : null;
    if (!other) throw error;
    return other;
  }
}

function newVisit(
  needs: Pick<OpenNeeds, 'clock' | 'timeZone'>,
  { slot, exhibition }: Omit<Stand, 'pass'>,
  who: Known,
  device: string | null,
): Visit {
  return {
    id: newId(),
    schoolId: slot.schoolId,
    exhibitionId: exhibition.id,
    slotId: slot.id,
    studentId: slot.studentId,
    personId: who.personId,
    name: who.name,
    role: who.role,
    rubric: exhibition.rubric,
    feedback: [],
    feedbackAt: null,
    score: noScore,
    scoreAt: null,
    leftAt: null,
    journal: [],
    revision: 0,
    hidden: null,
    review: null,
    bySign: who.bySign,
    device: who.bySign ? device : null,
    openedAt: needs.clock.now(),
    until: endOfStand(slot, needs.timeZone),
  };
}
