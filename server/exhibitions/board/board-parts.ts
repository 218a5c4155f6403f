/**
 * Draws parts of a board by themselves, with the templates of the day's page: a card, the counts, the rules
 * that are broken.
 */
import type { Clock } from '../../clock.js';
import type { SchoolScope } from '../../db/database.js';
import type { Templates } from '../../rendering/templates.js';
import { directionOf, type Texts } from '../../rendering/texts.js';
import { missingSheets, rulesOf, type BrokenOnBoard } from './day-page.js';
import type { Exhibition } from '../exhibition.js';
import { findPresenters } from '../slots/name-presenters.js';
import { slotView, type SlotView } from '../slots/slot-face.js';
import { listSlotsOfExhibition } from '../slots/slot-records.js';
import type { ExhibitionPorts } from '../exhibition-ports.js';
import { bySlot, dayFacts, countSheets, listSeatFacts } from '../seats/seat-facts.js';

/**
 * A card as it is sent; the page puts it where the one before it is, or asks for the whole board when it
 * belongs elsewhere.
 */
export interface Card {
  slotId: string;
  startsAt: string;
  minutes: number;
  room: string;
  /** In the table, and in the list by room. */
  board: string;
  list: string;
}

/** What drawing needs. */
export interface DrawingNeeds {
  clock: Clock;
  templates: Templates;
  texts: Texts;
}

export interface BoardParts {
  /** By the id of the element that it fills. */
  html: Record<string, string>;
  /** How many rules each slot breaks; null where nobody looked. */
  broken: ReadonlyMap<string, number> | null;
}

/** Of one school: the same words, the same zone. */
export function partsOfBoard(
  needs: DrawingNeeds,
  { locale, timeZone }: { locale: string; timeZone: string },
) {
  const render = (template: string, view: object): string =>
    needs.templates.render(template, view, {
      ...{ title: '', locale, direction: directionOf(locale), timeZone, actor: null, school: null, nav: [] },
      ...{ crumbs: [], path: '', scripts: [], now: needs.clock.now(), layout: null },
    });

  return {
    card(view: SlotView, movable: boolean, broken: number): Card {
      const slot = { ...view, broken, startsAt: new Date(view.startsAt) };
      const { id: slotId, startsAt, minutes, room } = view;
      const of = (where: string) => render('exhibition/board-slot', { slot, movable, where });
      return { slotId, startsAt, minutes, room, board: of('board'), list: of('list') };
    },

    /** @param checks whether the rules are asked about, too */
    async whole(
      ports: ExhibitionPorts,
      scope: SchoolScope,
      exhibition: Exhibition,
      checks: boolean,
    ): Promise<BoardParts> {
      const slots = await listSlotsOfExhibition(scope, exhibition.id);
      const slotIds = slots.map(({ id }) => id);
      const [students, seats, visits] = await Promise.all([
        findPresenters(scope, slots),
        listSeatFacts(ports, scope, slotIds),
        exhibition.format === 'gallery' ? ports.countVisits(scope, slotIds) : new Map<string, number>(),
      ]);
      const seatsOf = bySlot(seats);
      const now = needs.clock.now();
      const views = slots.map((slot) =>
        slotView(slot, exhibition.phase, students, seatsOf(slot.id), true, now, {
          gallery: exhibition.format === 'gallery',
          visits: visits.get(slot.id) ?? null,
        }),
      );
      const counts = dayFacts(exhibition, slots.length, countSheets(seats, slots), visits);
      const missing = exhibition.phase === 'scoring' ? missingSheets(views) : null;
      const html = {
        'day-counts': render('exhibition/counts', { counts, missing, phase: exhibition.phase }),
      };
      if (!checks) return { html, broken: null };
      const found = (await ports.listBrokenRules(scope, exhibition, { slots, seats })).map(
        ({ rule, slotIds, message, params }): BrokenOnBoard => ({
          ...{ rule, slotIds, message: needs.texts.t(locale, message, params) },
        }),
      );
      const broken = new Map<string, number>();
      for (const rule of found) for (const id of rule.slotIds) broken.set(id, (broken.get(id) ?? 0) + 1);
      return {
        html: { ...html, 'day-rules': render('exhibition/broken-rules', { rules: rulesOf(found, views) }) },
        broken,
      };
    },
  };
}
