/**
 * The board of a day as it changes, for everybody who has it open on this instance: what has changed within a
 * moment is read once and drawn once for all who may see the same, and each is sent the cards that are
 * theirs. Whether somebody may still see them is asked again before they are sent anything. Says of sheets
 * what those who plan may know, to those who plan only.
 */
import type { Actor } from '../../access/actor.js';
import type { SchoolScope } from '../../db/database.js';
import type { Log } from '../../log.js';
import { partsOfBoard, type BoardParts, type Card, type DrawingNeeds } from './board-parts.js';
import { mayManageExhibitions, mayPlan, maySeeExhibition, type Exhibition } from '../exhibition.js';
import { findExhibition } from '../exhibition-records.js';
import { findEndedPanels } from '../portfolios/panel-access.js';
import { readerFactsOf } from '../exhibition-pages.js';
import { presentersOf } from '../groups/group.js';
import { findPresenters } from '../slots/name-presenters.js';
import { mayReadSlot, type Slot } from '../slots/slot.js';
import { slotView, type SlotView } from '../slots/slot-face.js';
import { listSlotsByIds } from '../slots/slot-records.js';
import type { ExhibitionPorts } from '../exhibition-ports.js';
import { type SeatFact, bySlot, listSeatFacts } from '../seats/seat-facts.js';

/** Changes within this time go out together. */
const gatherMs = 250;
/** Counts, and the rules while somebody plans, are looked at once in this time. */
const wholeMs = 2000;
/**
 * For so long an answer to "may they still?" holds, or up to half as long: so that a full hall is not asked
 * about at one moment.
 */
const trustMs = 5000;
/** Asked about at once. */
const askedTogether = 25;

/** What a change tells: a slot that has to be drawn again, or a board that has to be asked for as a whole. */
export interface BoardChange {
  slotId: string | null;
  /** Where and with whom the presentations are: what the rules are about. */
  plan: boolean;
  /** Told to those who plan only. */
  plannersOnly: boolean;
}

interface Listener {
  actor: Actor;
  /** Who they are by now; null when they may no longer listen. */
  again(): Promise<Actor | null>;
  send(event: 'cards' | 'parts' | 'whole', data: object, position: string): void;
  end(): void;
}

interface Open extends Listener {
  checkedAt: number;
  dirty: Set<string>;
  whole: boolean;
  position: string;
}

export interface LiveBoard {
  join(listener: Listener): { mark(mark: BoardChange, position: string): void; leave(): void };
  /** Ask again before anything else is sent: something about this person has changed. */
  doubt(personId: string): void;
  readonly empty: boolean;
}

/** @param words locale and zone of the school */
export function openLiveBoard(
  needs: DrawingNeeds & { log: Log },
  ports: ExhibitionPorts,
  scope: SchoolScope,
  exhibitionId: string,
  words: { locale: string; timeZone: string },
): LiveBoard {
  const listeners = new Set<Open>();
  const draw = partsOfBoard(needs, words);
  let flushing: NodeJS.Timeout | null = null;
  let looking: NodeJS.Timeout | null = null;
  let asking = false;
  let planChanged = true;
  /** Rules that are broken, as the open boards show them; null until the first of those who plan has come. */
  let broken: ReadonlyMap<string, number> | null = null;
  let firstLookAt = 0;
  let shown: BoardParts | null = null;

  const isStale = ({ checkedAt }: Open): boolean => performance.now() - checkedAt > trustMs;
  const isDue = ({ dirty, whole }: Open): boolean => whole || dirty.size > 0;

  /** Ends the lines of those who may not listen any more. */
  async function recheck(list: readonly Open[]): Promise<void> {
    await Promise.all(
      list.filter(isStale).map(async (each) => {
        const actor = await each.again();
        each.checkedAt = performance.now() - (Math.random() * trustMs) / 2;
        if (actor?.schoolId === scope.schoolId) each.actor = actor;
        else close(each);
      }),
    );
  }

  function close(each: Open): void {
    listeners.delete(each);
    each.end();
  }

  /** A few at a time, each of whom is told as soon as it is known that they still may be. */
  async function askAboutStale(): Promise<void> {
    if (asking) return;
    asking = true;
    let some: Open[] = [];
    try {
      for (;;) {
        some = [...listeners].filter((each) => isDue(each) && isStale(each)).slice(0, askedTogether);
        if (some.length === 0) break;
        await recheck(some);
        soon();
      }
    } catch (error) {
      needs.log.warn({ err: error }, 'who listens to a live board could not be read');
      for (const each of some) close(each);
    } finally {
      asking = false;
    }
  }

  async function flush(): Promise<void> {
    flushing = null;
    const due = [...listeners].filter((each) => isDue(each) && !isStale(each));
    void askAboutStale();
    if (due.length === 0) return;
    const wanted = new Map(due.map((each) => [each, { dirty: each.dirty, whole: each.whole }]));
    for (const each of due) [each.dirty, each.whole] = [new Set(), false];
    try {
      const exhibition = await findExhibition(scope, exhibitionId);
      const read = await readCards(exhibition, [
        ...new Set(due.flatMap((each) => [...wanted.get(each)!.dirty])),
      ]);
      for (const each of due) {
        if (!listeners.has(each)) continue;
        if (!exhibition || !maySeeExhibition(each.actor, exhibition)) close(each);
        else tell(each, wanted.get(each)!, read);
      }
    } catch (error) {
      needs.log.warn({ err: error }, 'a live board could not be read');
      // Whoever comes back says what they saw last, and gets what has come since.
      for (const each of due) close(each);
    }
  }

  function tell(each: Open, { dirty, whole }: { dirty: Set<string>; whole: boolean }, read: ReadCards): void {
    if (whole) {
      each.send('whole', {}, each.position);
      return;
    }
    const plans = mayManageExhibitions(each.actor);
    const cards = [...dirty].flatMap((id) => {
      const slot = read.slots.get(id);
      return slot && mayReadSlot(each.actor, read.factsOf(slot), read.phase)
        ? [read.cardOf(slot, plans, each.actor)]
        : [];
    });
    // A presentation that is gone, for those who have just lost sight of it too.
    if (plans && cards.length < dirty.size) each.send('whole', {}, each.position);
    else if (cards.length > 0) each.send('cards', { cards }, each.position);
  }

  type ReadCards = Awaited<ReturnType<typeof readCards>>;

  async function readCards(exhibition: Exhibition | null, ids: readonly string[]) {
    const slots = exhibition && ids.length > 0 ? await listSlotsByIds(scope, ids) : [];
    const own = slots.filter((slot) => slot.exhibitionId === exhibitionId);
    const slotIds = own.map(({ id }) => id);
    const gallery = exhibition?.format === 'gallery';
    const [students, seats, visits, ended] = await Promise.all([
      findPresenters(scope, own),
      slotIds.length > 0 ? listSeatFacts(ports, scope, slotIds) : [],
      gallery && slotIds.length > 0 ? ports.countVisits(scope, slotIds) : new Map<string, number>(),
      exhibition ? findEndedPanels(scope, own, [exhibition], needs.clock.now()) : new Map<string, Date>(),
    ]);
    const seatsOf = bySlot<SeatFact>(seats);
    const phase = exhibition?.phase ?? 'draft';
    const now = needs.clock.now();
    const drawn = new Map<string, Card>();
    const movable = exhibition !== null && mayPlan(exhibition);
    return {
      phase,
      slots: new Map(own.map((slot) => [slot.id, slot])),
      factsOf: (slot: Slot) => readerFactsOf(slot, students, ended.has(slot.id) ? [] : seatsOf(slot.id)),
      cardOf(slot: Slot, plans: boolean, { personId }: Actor): Card {
        const counts = gallery && (plans || presentersOf(slot).includes(personId));
        const key = `${slot.id} ${plans} ${counts}`;
        const known = drawn.get(key);
        if (known) return known;
        const view: SlotView = slotView(slot, phase, students, seatsOf(slot.id), plans, now, {
          gallery,
          visits: counts ? (visits.get(slot.id) ?? 0) : null,
        });
        const card = draw.card(view, plans && movable, plans ? (broken?.get(slot.id) ?? 0) : 0);
        drawn.set(key, card);
        return card;
      },
    };
  }

  /**
   * Counts and broken rules: drawn for those who plan, once for all of them, and sent when they say something
   * else than before.
   */
  async function lookAtWhole(): Promise<void> {
    looking = null;
    const planners = [...listeners].filter(({ actor }) => mayManageExhibitions(actor));
    if (planners.length === 0) return;
    try {
      const exhibition = await findExhibition(scope, exhibitionId);
      if (!exhibition) return;
      const checks = planChanged && mayPlan(exhibition);
      planChanged = false;
      const parts = await draw.whole(ports, scope, exhibition, checks);
      const now = parts.broken ?? broken ?? new Map<string, number>();
      // Whoever comes reads the whole board, so the first look finds what they see.
      const before = broken ?? (planChanged ? new Map<string, number>() : now);
      if (!broken) firstLookAt = performance.now();
      broken = now;
      for (const id of new Set([...before.keys(), ...now.keys()]))
        if (before.get(id) !== now.get(id)) for (const each of planners) each.dirty.add(id);
      if (planners.some(({ dirty }) => dirty.size > 0)) soon();
      const changed = Object.fromEntries(
        Object.entries(parts.html).filter(([name, html]) => shown?.html[name] !== html),
      );
      shown = { ...parts, html: { ...shown?.html, ...parts.html } };
      if (Object.keys(changed).length === 0) return;
      await recheck(planners);
      for (const each of planners)
        if (listeners.has(each) && mayManageExhibitions(each.actor))
          each.send('parts', changed, each.position);
    } catch (error) {
      needs.log.warn({ err: error }, 'the counts of a live board could not be read');
    }
  }

  function soon(): void {
    flushing ??= setTimeout(() => void flush(), gatherMs).unref();
  }

  return {
    get empty() {
      return listeners.size === 0;
    },
    doubt(personId) {
      for (const each of listeners)
        if (each.actor.personId === personId) each.checkedAt = Number.NEGATIVE_INFINITY;
    },
    join(listener) {
      const open: Open = {
        ...listener,
        checkedAt: performance.now(),
        dirty: new Set(),
        whole: false,
        position: '',
      };
      listeners.add(open);
      if (!broken && mayManageExhibitions(open.actor))
        looking ??= setTimeout(() => void lookAtWhole(), 0).unref();
      return {
        mark({ slotId, plan, plannersOnly }, position) {
          const plans = mayManageExhibitions(open.actor);
          if (plannersOnly && !plans) return;
          open.position = position;
          if (slotId === null) open.whole = true;
          else open.dirty.add(slotId);
          if (plan) {
            planChanged = true;
            // Boards that were read at the moment of the first look may be older than what it found.
            if (performance.now() - firstLookAt < wholeMs) broken = new Map();
          }
          if (plans) looking ??= setTimeout(() => void lookAtWhole(), wholeMs).unref();
          soon();
        },
        leave: () => void listeners.delete(open),
      };
    },
  };
}
