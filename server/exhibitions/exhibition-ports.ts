/**
 * What exhibitions ask of the features that come later in the order of the data: sheets, stands, results, the
 * rules of the timetable and sign-ups. `server/ports.ts` hands the answers in, so that nothing here imports a
 * later feature.
 */
import type { Database, SchoolScope } from '../db/database.js';
import type { MessageParams } from '../errors.js';
import type { Answer, Call, PageAnswer } from '../http/route.js';
import type { Exhibition } from './exhibition.js';
import type { Pass } from './passes/pass.js';
import type { SheetRestart, Seat, SeatRole, SheetState } from './seats/seat.js';
import type { Slot } from './slots/slot.js';
import type { SeatFact } from './seats/seat-facts.js';

/** Score sheets. */
interface SheetPorts {
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
   * Sets what is on a draft aside and begins it anew; what was there stays in its journal. False when there
   * is no draft.
   */
  restartSheet(scope: SchoolScope, seat: Seat, anew: SheetRestart): Promise<boolean>;
}

/** The stands of a gallery. */
interface StandPorts {
  /** Visits in which something was left, by slot; slots without any are missing. Panels have none. */
  countVisits(scope: SchoolScope, slotIds: readonly string[]): Promise<Map<string, number>>;
  /** As what this person came to a stand the last time; null when they have been at none. */
  lastRoleOf(scope: SchoolScope, personId: string): Promise<SeatRole | null>;
  /** The slot has another time: its pass must open as long. Runs in the transaction of the change. */
  standMoved(scope: SchoolScope, slot: Slot): Promise<void>;
  /** The slot goes: so does its pass. Runs in the transaction of the removal. */
  standRemoved(scope: SchoolScope, slotId: string): Promise<void>;
}

interface ResultPorts {
  /** Whether the result of one of these slots is published: nobody new is heard after that. */
  isPublished(scope: SchoolScope, slotIds: readonly string[]): Promise<boolean>;
  /** Those of them whose result is published. */
  listPublished(scope: SchoolScope, slotIds: readonly string[]): Promise<ReadonlySet<string>>;
}

export interface BrokenRuleFact {
  /** E.g. `steps`. */
  rule: string;
  /** The slots that break it. */
  slotIds: string[];
  message: string;
  params: MessageParams;
}

/** The rules of the timetable. */
export interface RulePorts {
  /**
   * What the slots break as they stand.
   * @param known all presentations of the exhibition and their seats, where they were read already
   */
  listBrokenRules(
    scope: SchoolScope,
    exhibition: Exhibition,
    known?: { slots: readonly Slot[]; seats: readonly SeatFact[] },
  ): Promise<BrokenRuleFact[]>;
  /**
   * What these slots would break there that they do not break now; double bookings are not among them, they
   * are refused.
   */
  listRulesBrokenBy(
    scope: SchoolScope,
    exhibition: Exhibition,
    moved: readonly Pick<Slot, 'id' | 'startsAt' | 'minutes' | 'room'>[],
  ): Promise<BrokenRuleFact[]>;
}

interface SignUpPorts {
  /** Guests whose sign-ups nobody has decided on. */
  countWaitingSignUps(scope: SchoolScope, exhibitionId: string): Promise<number>;
  /**
   * The exhibition is closed: what nobody accepted is not needed any more. Runs in the transaction of the closing.
   * @returns how many sign-ups were removed
   */
  removeUnacceptedSignUps(scope: SchoolScope, exhibitionId: string): Promise<number>;
}

/** What the pass of a stand opens; what is done there is known to the visits. */
export interface StandKey {
  id: string;
  schoolId: string;
  slotId: string;
  pass: Pass;
}

/** What a guest says who comes in by a sign, when they say anything. */
export interface GuestInput {
  name: string;
  role: SeatRole;
  once?: string | undefined;
  another: boolean;
}

/** What somebody meets who shows the pass of a stand. */
interface StandPassPorts {
  /** Asked before any school is known. */
  find(db: Database, face: 'secret' | 'code', hash: string): Promise<StandKey | null>;
  /** @param typed the code, when it was typed instead of scanned */
  landing(call: Call<unknown, unknown, unknown>, key: StandKey, typed: string | null): Promise<PageAnswer>;
  /** @param nameless the code came alone: whoever is not known yet is asked for a name first */
  comeIn(
    call: Call<unknown, unknown, unknown>,
    key: StandKey,
    body: GuestInput,
    nameless: boolean,
  ): Promise<Answer>;
}

export interface ExhibitionPorts extends SheetPorts, StandPorts, ResultPorts, RulePorts, SignUpPorts {
  standPasses: StandPassPorts;
}
