/**
 * Erasing a person: who may, on what ground, and what is kept of the act itself. While it is under way the
 * record holds what is needed to find the person in other records; the last step removes that. What stays has
 * ids, counts and the reason.
 */
import { hasRole, type Actor } from '../access/actor.js';
import { numbersOf, textWithoutNames, type ErasedPerson, type TraceOutcome } from '../person-traces.js';

/** What the law gives as a ground; the reason says more in the school's own words. */
export const erasureGrounds = [
  'person-asks',
  'no-longer-needed',
  'consent-withdrawn',
  'unlawful',
  'order',
  'other',
] as const;
export type ErasureGround = (typeof erasureGrounds)[number];

/**
 * `records`: everything but issued transcripts. `everything`: these as well. `keep-issued`: what was
 * submitted, published, signed and issued stays as it is.
 */
export const erasureExtents = ['records', 'everything', 'keep-issued'] as const;
export type ErasureExtent = (typeof erasureExtents)[number];

export const choicesOf = (extent: ErasureExtent, byName: boolean): ErasureChoices => ({
  keepIssued: extent === 'keep-issued',
  eraseTranscripts: extent === 'everything',
  byName,
});

export interface ErasureChoices {
  /** What was submitted, published, signed and issued stays as it is. */
  keepIssued: boolean;
  eraseTranscripts: boolean;
  /**
   * Where nothing but a name says who it was, it is taken to be this person; else such records stay, and are counted.
   */
  byName: boolean;
}

/** What is needed to find a person once their name is gone. */
export type ErasureTraces = Pick<
  ErasedPerson,
  'names' | 'email' | 'sourcedId' | 'formerNumbers' | 'roles' | 'madeLinks'
>;

export interface Erasure extends ErasureChoices {
  id: string;
  schoolId: string;
  personId: string;
  ground: ErasureGround;
  reason: string;
  /** What is said instead of the name, in the school's language. */
  mark: string;
  requestedBy: string;
  requestedAt: Date;
  state: 'running' | 'done';
  /** Null once everything is erased. */
  traces: ErasureTraces | null;
  /** Numbers of records by `<outcome>_<kind>`. */
  counts: Record<string, number>;
  /** How often the work was asked for. */
  turns: number;
  doneAt: Date | null;
}

/** A decision about the records of the whole school, and it cannot be undone: administrators, in person. */
export const mayErase = (actor: Actor): boolean =>
  hasRole(actor, 'admin') && actor.seatIds === null && actor.via !== 'token';

export const countKey = (outcome: TraceOutcome, kind: string): string => `${outcome}_${kind}`;

export const MAX_REASON = 500;

/** As people type a name: case and spaces do not matter. */
const plain = (name: string): string =>
  name.normalize('NFKC').trim().replace(/\s+/g, ' ').toLocaleLowerCase('en');
export const isTypedName = (typed: string, name: string): boolean => plain(typed) === plain(name);

/** A reason stays; so it must not say who it was. */
export const namesPerson = (reason: string, { names, email, ...numbers }: ErasureTraces): boolean => {
  const lower = (text: string) => text.normalize('NFKC').toLocaleLowerCase('en');
  const words = [...names, ...(email === null ? [] : [email]), ...numbersOf({ names, email, ...numbers })];
  const person = { names: words.map(lower), email: null, sourcedId: null, mark: '' };
  return textWithoutNames(lower(reason), person) !== lower(reason);
};
