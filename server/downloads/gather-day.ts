/**
 * Reads what the tables of an exhibition are made of, by the same rules as every page: nothing of a panel on
 * which the reader still has to score (`sightOf`), nothing about students whose record was handed over, no
 * scores of a stand that is open. Only reads.
 */
import type { Actor } from '../access/actor.js';
import type { SchoolScope } from '../db/database.js';
import type { Exhibition } from '../exhibitions/exhibition.js';
import { membersOf, type GroupMember } from '../exhibitions/groups/group.js';
import { findPresenters } from '../exhibitions/slots/name-presenters.js';
import { getSlot, listSlotsOfExhibition } from '../exhibitions/slots/slot-records.js';
import type { Slot } from '../exhibitions/slots/slot.js';
import { listSeatsOfSlots } from '../exhibitions/seats/seat-records.js';
import { isOwnSeat, type Seat } from '../exhibitions/seats/seat.js';
import type { Person } from '../people/person.js';
import { gatherPanel } from '../results/gather-result.js';
import { findResult, listPublishedSlotIds } from '../results/result-records.js';
import type { Result } from '../results/result.js';
import { listRevisions } from '../results/revision-records.js';
import type { Revision } from '../results/revision.js';
import type { RubricLibrary } from '../rubrics/rubric-library.js';
import { listWaitingLateOfExhibition } from '../scores/late-sheet-records.js';
import type { ScoreSheet } from '../scores/score-sheet.js';
import { listSheetStates, listSubmittedSheets } from '../scores/score-sheet-records.js';
import { scoreVisibilityFor } from '../scores/seal.js';
import { takesVisits, type Visit } from '../visits/visit.js';
import { listAllVisitsOfSlot } from '../visits/visit-records.js';
import { bySlot } from '../exhibitions/seats/seat-facts.js';

export interface Day {
  exhibition: Exhibition;
  slots: Slot[];
  people: ReadonlyMap<string, Person>;
  seatsOf: (slotId: string) => Seat[];
  /** `late`: handed in after closing, and the office has not decided. */
  stateOf: (seatId: string) => ScoreSheet['state'] | 'not-started' | 'late';
}

export type SealedSheet = Omit<ScoreSheet, 'journal'>;

/** A presentation, with those about whom the reader may read. */
export interface OpenSlot {
  slot: Slot;
  about: GroupMember[];
}
export interface OpenDay {
  open: OpenSlot[];
  /**
   * Presentations of which something is left out because the reader sits on the panel and it is not open to them yet.
   */
  waiting: number;
  /** Students about whom nothing is told any more, because their record is with another school. */
  handedOver: number;
}

interface Needs {
  scope: SchoolScope;
  rubrics: RubricLibrary;
  now: Date;
}

export async function gatherDay(scope: SchoolScope, exhibition: Exhibition): Promise<Day> {
  const slots = await listSlotsOfExhibition(scope, exhibition.id);
  const [people, seats] = await Promise.all([
    findPresenters(scope, slots),
    listSeatsOfSlots(
      scope,
      slots.map(({ id }) => id),
    ),
  ]);
  const [states, late] = await Promise.all([
    listSheetStates(
      scope,
      seats.map(({ id }) => id),
    ),
    listWaitingLateOfExhibition(scope, exhibition.id),
  ]);
  return {
    exhibition,
    slots,
    people,
    seatsOf: bySlot(seats),
    stateOf: (seatId) => (late.has(seatId) ? 'late' : (states.get(seatId) ?? 'not-started')),
  };
}

/** What of the day this reader may read. */
export async function openTo(needs: Needs, actor: Actor, day: Day): Promise<OpenDay> {
  const sealed = new Set([...day.people.values()].filter(({ sealedAt }) => sealedAt).map(({ id }) => id));
  const all = await inOrder(day.slots, async (slot) => {
    const here = membersOf(slot).filter(({ studentId, erased }) => !erased && !sealed.has(studentId));
    // Whoever does not sit there is of the office, and reads it: only the others need the whole panel.
    if (!day.seatsOf(slot.id).some((seat) => isOwnSeat(actor, seat)))
      return { slot, about: here, waits: false };
    const sights = await Promise.all(here.map((member) => sightOfMember(needs, actor, slot, member)));
    const about = here.filter((_, at) => sights[at] === 'open');
    return { slot, about, waits: about.length < here.length };
  });
  return {
    open: all.flatMap(({ slot, about }) => (about.length > 0 ? [{ slot, about }] : [])),
    waiting: all.filter(({ waits }) => waits).length,
    handedOver: sealed.size,
  };
}

async function sightOfMember({ scope, rubrics, now }: Needs, actor: Actor, slot: Slot, member: GroupMember) {
  const own = member.slotId === slot.id ? slot : await getSlot(scope, member.slotId);
  return scoreVisibilityFor(actor, await gatherPanel(scope, rubrics, own.id, now, own));
}

export interface OpenSheets extends OpenSlot {
  sheets: SealedSheet[];
  /** In the order in which they were made. */
  revisions: Revision[];
}

export const sheetsOf = (scope: SchoolScope, open: readonly OpenSlot[]): Promise<OpenSheets[]> =>
  inOrder(open, async ({ slot, about }) => {
    const [sheets, revisions] = await Promise.all([
      listSubmittedSheets(scope, slot.id),
      listRevisions(scope, slot.id),
    ]);
    return { slot, about, sheets, revisions };
  });

export interface OpenVisits {
  slot: Slot;
  visits: Omit<Visit, 'journal'>[];
  /** Visitors may still come: their scores are seen by nobody before that is over. */
  standOpen: boolean;
}

export async function visitsOf(
  needs: Needs,
  day: Day,
  zone: string,
  open: readonly OpenSlot[],
): Promise<OpenVisits[]> {
  const isOpen = await openStands(needs, day, zone, open);
  return inOrder(open, async ({ slot }) => ({
    slot,
    visits: await listAllVisitsOfSlot(needs.scope, slot.id),
    standOpen: isOpen(slot),
  }));
}

export async function countOpenStands(
  needs: Needs,
  day: Day,
  zone: string,
  open: readonly OpenSlot[],
): Promise<number> {
  const isOpen = await openStands(needs, day, zone, open);
  return open.filter(({ slot }) => isOpen(slot)).length;
}

async function openStands(
  { scope, now }: Needs,
  { exhibition }: Day,
  zone: string,
  open: readonly OpenSlot[],
): Promise<(slot: Slot) => boolean> {
  if (exhibition.format !== 'gallery') return () => false;
  const ids = open.map(({ slot }) => slot.id);
  const published = await listPublishedSlotIds(scope, ids);
  return (slot) => takesVisits(exhibition, slot, published.has(slot.id), zone, now);
}

export interface OpenResults {
  slot: Slot;
  results: Result[];
}

/** Of a group every member's own. */
export const resultsOf = (scope: SchoolScope, open: readonly OpenSlot[]): Promise<OpenResults[]> =>
  inOrder(open, async ({ slot, about }) => {
    const found = await Promise.all(about.map(({ slotId }) => findResult(scope, slotId)));
    return { slot, results: found.flatMap((result) => result ?? []) };
  });

/** A few slots at a time, so that a large day does not hold the database up. */
const atOnce = 20;

async function inOrder<S, T>(slots: readonly S[], read: (slot: S) => Promise<T>): Promise<T[]> {
  const all: T[] = [];
  for (let at = 0; at < slots.length; at += atOnce)
    all.push(...(await Promise.all(slots.slice(at, at + atOnce).map(read))));
  return all;
}
