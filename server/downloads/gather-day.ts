/**
 * Reads what the tables of an exhibition are made of. Sealed sheets of a panel on which the reader sits are left out until their own is in,
 * and with them what was published nowhere else. Only reads.
 */
import type { Actor } from '../access/actor.js';
import type { SchoolScope } from '../database.js';
import type { Exhibition } from '../exhibition/exhibition.js';
import { memberSlotsOf } from '../exhibition/group.js';
import { findPresenters } from '../exhibition/name-presenters.js';
import { bySlot } from '../exhibition/panel-door.js';
import { listSlotsOfExhibition } from '../exhibition/slot-records.js';
import type { Slot } from '../exhibition/slot.js';
import { listSeatsOfSlots } from '../panel/seat-records.js';
import type { Seat } from '../panel/seat.js';
import type { Person } from '../people/person.js';
import type { Result } from '../results/result.js';
import { findResult } from '../results/result-records.js';
import type { ScoreSheet } from '../scores/score-sheet.js';
import { listSheetStates, listSubmittedSheets } from '../scores/score-sheet-records.js';
import type { Visit } from '../visits/visit.js';
import { listAllVisitsOfSlot } from '../visits/visit-records.js';

export interface Day {
  exhibition: Exhibition;
  slots: Slot[];
  people: ReadonlyMap<string, Person>;
  seatsOf: (slotId: string) => Seat[];
  stateOf: (seatId: string) => ScoreSheet['state'] | 'not-started';
}

export type SealedSheet = Omit<ScoreSheet, 'journal'>;

export async function gatherDay(scope: SchoolScope, exhibition: Exhibition): Promise<Day> {
  const slots = await listSlotsOfExhibition(scope, exhibition.id);
  const [people, seats] = await Promise.all([
    findPresenters(scope, slots),
    listSeatsOfSlots(
      scope,
      slots.map(({ id }) => id),
    ),
  ]);
  const states = await listSheetStates(
    scope,
    seats.map(({ id }) => id),
  );
  return {
    exhibition,
    slots,
    people,
    seatsOf: bySlot(seats),
    stateOf: (seatId) => states.get(seatId) ?? 'not-started',
  };
}

/** The slots whose sheets this reader may see: everybody who sits on a panel submits first. */
export const openTo = ({ personId }: Pick<Actor, 'personId'>, { slots, seatsOf, stateOf }: Day): Slot[] =>
  slots.filter((slot) =>
    seatsOf(slot.id).every((seat) => seat.personId !== personId || stateOf(seat.id) === 'submitted'),
  );

export const sheetsOf = (scope: SchoolScope, slots: readonly Slot[]) =>
  inOrder(slots, (slot) => listSubmittedSheets(scope, slot.id));

export const visitsOf = (scope: SchoolScope, slots: readonly Slot[]) =>
  inOrder<Omit<Visit, 'journal'>>(slots, (slot) => listAllVisitsOfSlot(scope, slot.id));

/** Of a group every member's own. */
export const resultsOf = (scope: SchoolScope, slots: readonly Slot[]) =>
  inOrder<Result>(slots, async (slot) => {
    const found = await Promise.all(memberSlotsOf(slot).map((id) => findResult(scope, id)));
    return found.flatMap((result) => result ?? []);
  });

/** A few slots at a time, so that a large day does not hold the database up. */
const atOnce = 20;

async function inOrder<T>(
  slots: readonly Slot[],
  read: (slot: Slot) => Promise<T[]>,
): Promise<{ slot: Slot; found: T[] }[]> {
  const all: { slot: Slot; found: T[] }[] = [];
  for (let at = 0; at < slots.length; at += atOnce) {
    const some = slots.slice(at, at + atOnce);
    all.push(...(await Promise.all(some.map(async (slot) => ({ slot, found: await read(slot) })))));
  }
  return all;
}
