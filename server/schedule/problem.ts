/**
 * What a timetable is made of, as plain data: it goes to the solver's thread and into the proposal's record as it is.
 * All moments are milliseconds since 1970, so that nothing here knows a zone or a database.
 */
import type { SeatRole } from '../exhibitions/seats/seat.js';
import type { ConflictRule, ConflictRules } from '../school/school.js';

/** Half-open: from inclusive, until exclusive. */
export interface TimeSpan {
  from: number;
  until: number;
}

interface Place {
  name: string;
  stepFree: boolean;
  /** When another exhibition is in it. */
  taken: TimeSpan[];
}

/** Somebody with what the rules must know of them, whatever they do on the day. */
export interface Attendee {
  id: string;
  name: string;
  /** Null: always. */
  available: TimeSpan[] | null;
  /** When another exhibition needs them. */
  taken: TimeSpan[];
  stepFree: boolean;
}

export interface Presenter extends Attendee {
  advisorIds: string[];
  guardianIds: string[];
  /** Those who have a guardian in common with them. */
  siblingIds: string[];
  mentorIds: string[];
  /** The language from which somebody on the panel must interpret. */
  interpreter: string | null;
}

/**
 * From which of the three groups that fill up a panel they come; null: only as advisor, family or mentor of a student.
 */
export type Pool = 'teacher' | 'peer' | 'guest' | null;

export interface Panelist extends Attendee {
  pool: Pool;
  speaks: string[];
  interprets: string[];
  /** On how many panels they want to sit at most; left out or null: as many as the timetable allows. */
  most?: number | null;
  /** Whom they said they must not hear. */
  conflictIds?: string[];
}

/**
 * `wish`: where it can be, a timetable is not refused without; `where-known`: only for students of whom the
 * records name one.
 */
export type Presence = 'no' | 'wish' | 'where-known' | 'must';
export const presenceRules = ['no', 'wish', 'where-known', 'must'] as const satisfies readonly Presence[];

/** Who must sit on each panel. */
export interface PanelMakeUp {
  advisor: Presence;
  family: Presence;
  mentor: Presence;
  teachers: number;
  peers: number;
  guests: number;
}

export interface PlannedSeat {
  personId: string;
  role: SeatRole;
}

export interface PlannedSlot {
  id: string;
  studentId: string;
  /** The other members of a group that presents here. */
  alsoIds?: string[];
  room: string;
  startsAt: number;
  minutes: number;
  seats: PlannedSeat[];
}

/** Everybody who presents there. */
export const presentersIn = ({ studentId, alsoIds = [] }: PlannedSlot): string[] => [studentId, ...alsoIds];

/**
 * A slot that is there already: its time, room and seats stay; where nothing was written yet, missing seats are added.
 */
export interface StandingSlot extends PlannedSlot {
  begun: boolean;
}

export interface SchedulingProblem {
  rooms: Place[];
  /** When a presentation may begin, and how long it is. They do not overlap each other. */
  times: { startsAt: number; minutes: number }[];
  /** Everybody who is to present, those with a standing slot included. */
  presenters: Presenter[];
  /** Everybody who may sit on a panel; students among them as peers. */
  people: Panelist[];
  panel: PanelMakeUp;
  conflicts: ConflictRules;
  standing: StandingSlot[];
  /** On how many panels anybody sits at most; left out or null: on any number. */
  maxPanels?: number | null;
  /** Students who should present one right after another, by id. */
  together?: readonly (readonly string[])[];
}

export type PlannedSpan = Pick<PlannedSlot, 'startsAt' | 'minutes'>;

export interface Plan {
  slots: PlannedSlot[];
}

export const minuteMs = 60_000;
export const spanOf = (slot: { startsAt: number; minutes: number }): TimeSpan => ({
  from: slot.startsAt,
  until: slot.startsAt + slot.minutes * minuteMs,
});
export const meets = (a: TimeSpan, b: TimeSpan): boolean => a.from < b.until && b.from < a.until;
export const covers = (whole: TimeSpan, part: TimeSpan): boolean =>
  whole.from <= part.from && part.until <= whole.until;

/** Whether they can come at all during this time; that they are needed elsewhere is another matter. */
export const canCome = (person: Pick<Attendee, 'available'>, span: TimeSpan): boolean =>
  person.available === null || person.available.some((window) => covers(window, span));
export const isTaken = (one: { taken: readonly TimeSpan[] }, span: TimeSpan): boolean =>
  one.taken.some((other) => meets(other, span));

/** On how many panels somebody sits at most; Infinity where nobody has said. */
export const mostPanelsOf = (
  { maxPanels }: Pick<SchedulingProblem, 'maxPanels'>,
  person: Pick<Panelist, 'most'> | null | undefined,
): number => Math.min(maxPanels ?? Infinity, person?.most ?? Infinity);

/** Whether one of this kind must sit on the panel of a student who has `known` of them in the records. */
export const isWanted = (presence: Presence, rule: ConflictRule, known: number): boolean =>
  presence === 'must' || ((presence === 'where-known' || rule === 'demand') && known > 0);
