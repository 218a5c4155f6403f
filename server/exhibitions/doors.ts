/**
 * What this room must ask of others that it does not import: the score sheets, which come later, and the writing of a
 * guest's person record, which is the people's own. app.ts hands both in. Here is also what the panel tells the exhibition.
 */
import type { Clock } from '../clock.js';
import type { advanceClock } from './clock/advance-clock.js';
import type { PanelDoor } from './seats/panel-door.js';
import type { runLate } from './clock/run-late.js';
import { membersOf } from './groups/group.js';
import { listSlotIdsWithoutPresenter } from './slots/slot-records.js';
import { endOf } from './slots/slot.js';
import type { Database, SchoolScope } from '../database.js';
import type { Slot } from './slots/slot.js';
import type { Answer, Call, PageAnswer } from '../http/route.js';
import type { Person } from '../people/person.js';
import type { AnyCall } from './seats/panel-pages.js';
import { notCountedBecause } from './counting/counted-seats.js';
import { expiryOf, type Pass } from './passes/pass.js';
import type { BegunAnew, Seat, SeatRole, SheetState } from './seats/seat.js';
import {
  countSeatsOfExhibition,
  listSeated,
  listSeatsOfSlot,
  listShownSeats,
  listSlotIdsOfPanelist,
  listUncountedSeats,
  removeSeatsOfSlot,
  savePassExpiry,
  saveSeatMembers,
} from './seats/seat-records.js';

export interface NewGuest {
  id: string;
  name: string;
  email: string | null;
  organisation: string | null;
}

/** What the pass of a stand opens; what is done there is known to the visits' room. */
export interface StandKey {
  id: string;
  schoolId: string;
  slotId: string;
  pass: Pass;
}

/** What a guest says at a door, when they say anything. */
export interface AtTheDoor {
  name: string;
  role: SeatRole;
  once?: string | undefined;
  another: boolean;
}

/** The stands of a gallery behind the door at which passes are shown. */
export interface StandDoor {
  /** Asked before any school is known. */
  find(db: Database, face: 'secret' | 'code', hash: string): Promise<StandKey | null>;
  /** @param typed the code, when it was typed instead of scanned */
  landing(call: Call<unknown, unknown, unknown>, key: StandKey, typed: string | null): Promise<PageAnswer>;
  /** @param nameless the code came alone: whoever is not known yet is asked for a name first */
  comeIn(
    call: Call<unknown, unknown, unknown>,
    key: StandKey,
    body: AtTheDoor,
    nameless: boolean,
  ): Promise<Answer>;
}

/** What happens to a stand when its time does, and how many have left something there. */
export interface StandFacts {
  /** Visits in which something was left, by slot; slots without any are missing. */
  countVisits(scope: SchoolScope, slotIds: readonly string[]): Promise<Map<string, number>>;
  /** As what this person came to a stand the last time; null when they have been at none. */
  lastRoleOf(scope: SchoolScope, personId: string): Promise<SeatRole | null>;
  standMoved(scope: SchoolScope, slot: Slot): Promise<void>;
  standRemoved(scope: SchoolScope, slotId: string): Promise<void>;
}

export interface PanelNeeds {
  stands: StandFacts;
  /** The state of the sheets of these seats; a seat whose sheet nobody has touched is missing. */
  listSheetStates(scope: SchoolScope, seatIds: readonly string[]): Promise<Map<string, SheetState>>;
  /** When something was last written on the sheets of these seats; those on which nothing is are missing. */
  listLastWrites(scope: SchoolScope, seatIds: readonly string[]): Promise<Map<string, Date>>;
  /** When these sheets were handed in late, of those on which the office has not decided. */
  listWaitingLate(scope: SchoolScope, seatIds: readonly string[]): Promise<Map<string, Date>>;
  /** How many sheets of an exhibition are in draft and how many are in. */
  countSheetsOfExhibition(
    scope: SchoolScope,
    exhibitionId: string,
  ): Promise<{ draft: number; submitted: number }>;
  /**
   * Sets what stands on a draft aside and begins it anew; what stood there stays in its journal. False when there is no draft.
   */
  beginAnew(scope: SchoolScope, seat: Seat, anew: BegunAnew): Promise<boolean>;
  /** Whether the result of one of these slots is published: nobody new is heard after that. */
  isPublished(scope: SchoolScope, slotIds: readonly string[]): Promise<boolean>;
  /** Those of them whose result is published. */
  listPublished(scope: SchoolScope, slotIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Keeps with the slot why somebody was seated there anyway. */
  keepSlotReason(
    scope: SchoolScope,
    slotId: string,
    reason: NonNullable<Slot['moveReasons']>[number],
  ): Promise<unknown>;
  /** Records a guest as a person of the school, under the id given. */
  addGuest(scope: SchoolScope, clock: Clock, guest: NewGuest): Promise<Person>;
}

/** Acts and pages of the exhibition's own to which the panel's pages lead; app.ts hands them in, too. */
export interface ExhibitionDoor {
  advanceClock: typeof advanceClock;
  runLate: typeof runLate;
  /** The day, with the form that is shown again. */
  dayPage(call: AnyCall, panel: PanelDoor, exhibitionId: string): Promise<PageAnswer>;
}

/** The answers of this room to the exhibition's questions. */
export function panelAnswers(
  needs: Pick<
    PanelNeeds,
    'isPublished' | 'listPublished' | 'listSheetStates' | 'countSheetsOfExhibition' | 'stands'
  >,
): PanelDoor {
  return {
    countVisits: needs.stands.countVisits,
    listSeated,
    listSlotIdsOfPanelist,
    async countSheetsOfDay(scope, exhibitionId) {
      const [seats, { draft, submitted }, unheard, away] = await Promise.all([
        countSeatsOfExhibition(scope, exhibitionId),
        needs.countSheetsOfExhibition(scope, exhibitionId),
        listUncountedSeats(scope, exhibitionId),
        listSlotIdsWithoutPresenter(scope, exhibitionId),
      ]);
      // Nobody scores somebody who did not come.
      const awaySeats = away.length > 0 ? await listShownSeats(scope, away) : [];
      const isAway = new Set(awaySeats.map(({ id }) => id));
      const uncounted = [...unheard.filter(({ id }) => !isAway.has(id)), ...awaySeats];
      if (uncounted.length === 0)
        return { seats, sheetsInDraft: draft, sheetsSubmitted: submitted, sheetsNotCounted: 0 };
      const states = await needs.listSheetStates(
        scope,
        uncounted.map(({ id }) => id),
      );
      const among = (state: SheetState) => [...states.values()].filter((each) => each === state).length;
      return {
        seats: seats - uncounted.filter(({ id, setAsideAt }) => setAsideAt || isAway.has(id)).length,
        sheetsInDraft: draft - among('draft'),
        sheetsSubmitted: submitted - among('submitted'),
        sheetsNotCounted: states.size,
      };
    },
    async listSeatFacts(scope, slotIds) {
      const seats = await listShownSeats(scope, slotIds);
      const sheets = await needs.listSheetStates(
        scope,
        seats.map((seat) => seat.id),
      );
      return seats.map(({ id, slotId, personId, name, role, chair, endedAt, ...seat }) => {
        const uncounted = notCountedBecause(seat);
        return {
          ...{ id, slotId, personId, name, role, chair },
          ...(endedAt ? { ended: true as const } : {}),
          ...(uncounted ? { uncounted } : {}),
          sheet: sheets.get(id) ?? 'not-started',
        };
      });
    },
    async slotMoved(scope, slot, now) {
      for (const seat of await listSeatsOfSlot(scope, slot.id)) {
        if (seat.pass) await savePassExpiry(scope, seat.id, expiryOf(now, endOf(slot)));
      }
      await needs.stands.standMoved(scope, slot);
    },
    groupChanged: (scope, slot) => saveSeatMembers(scope, slot.id, membersOf(slot)),
    isPublished: needs.isPublished,
    listPublished: needs.listPublished,
    async slotRemoved(scope, slotId) {
      await removeSeatsOfSlot(scope, slotId);
      await needs.stands.standRemoved(scope, slotId);
    },
  };
}
