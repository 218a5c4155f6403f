/**
 * Where a person is found in the records, and what becomes of it when they are erased. Each feature says it
 * of its own collections; `erase-person-parts.ts` lists all of them. A part works in portions that can be
 * repeated, so an erasure that was broken off goes on.
 */
import type { FrozenRecord } from './audit/frozen-record.js';
import type { AnyFilter, CollectionQueries, Filter, SchoolScope, Sort } from './db/database.js';
import { nameReplacer, wholeNamePattern } from './whole-words.js';

export interface ErasedPerson {
  id: string;
  /** With those of duplicates that were merged into this person: who did something stays as written. */
  ids: readonly string[];
  /** Every way in which records write their name, the longest first. */
  names: string[];
  email: string | null;
  /** Number in the school's roster. */
  sourcedId: string | null;
  /** The student number, and the numbers that duplicates had who were merged into this person. */
  formerNumbers?: string[];
  /** Where nothing but a name says who it was, it is taken to be this person. */
  byName: boolean;
  roles: readonly string[];
  /** Where they presented. */
  presented: { slotId: string; presentationId: string; together: boolean }[];
  /** Seats whose score sheet they have submitted. */
  sealedSeatIds: string[];
  /** Whether they ever made somebody a password link: such links are named in what was signed after. */
  madeLinks: boolean;
  /** What records and screens say instead of the name. */
  mark: string;
  /** When it was asked for. */
  at: Date;
  /** Works that submitted portfolios show, where these stay. */
  keptWorkIds: string[];
  /** Records about them that have a page of their own: their portfolios, narratives, works, presentations. */
  recordIds?: readonly string[];
  /** Submitted portfolios with the works in them, results, signed narratives and transcripts stay as they are. */
  keepIssued: boolean;
  /** Issued transcripts are erased as well. */
  eraseTranscripts: boolean;
}

/** `erased`: it is gone. `unnamed`: it stays, without the name. `kept`: it stays as it is. */
export const traceOutcomes = ['erased', 'unnamed', 'kept'] as const;
export type TraceOutcome = (typeof traceOutcomes)[number];

export interface ErasedPortion {
  count: number;
  /** Id after which the next portion begins; null: this was the last one. */
  last: string | null;
  /** Frozen records that are gone. */
  erased: Pick<FrozenRecord, 'kind' | 'id'>[];
  /** Frozen records that say something else now. */
  records: FrozenRecord[];
}

export interface ErasePart {
  collection: string;
  /** Names it on screen; null for copies nobody would look for, such as a line in the problems of a job. */
  kind: string | null;
  outcome: TraceOutcome;
  count(scope: SchoolScope, person: ErasedPerson): Promise<number>;
  /** In a transaction. Left out where nothing is changed. */
  erase?(inside: SchoolScope, person: ErasedPerson, after: string): Promise<ErasedPortion>;
}

/** Documents of one collection in which a person is found. */
export interface PersonTraces<T> {
  collection: string;
  count(scope: SchoolScope, person: ErasedPerson): Promise<number>;
  list(scope: SchoolScope, person: ErasedPerson, after: string): Promise<T[]>;
  remove(scope: SchoolScope, ids: readonly string[]): Promise<unknown>;
  overwrite(scope: SchoolScope, documents: readonly T[]): Promise<unknown>;
}

/** Documents of one transaction: far below the minute that MongoDB allows, also where each of them is large. */
const PORTION = 50;

/** @param filter null: nothing is to be done here for this person */
export const tracesIn = <T extends { id: string }>(
  collection: { declaration: { name: string }; in(scope: SchoolScope): CollectionQueries<T> },
  filter: (person: ErasedPerson) => Filter<T> | null,
): PersonTraces<T> => ({
  collection: collection.declaration.name,
  async count(scope, person) {
    const found = filter(person);
    return found ? collection.in(scope).count(found) : 0;
  },
  async list(scope, person, after) {
    const found = filter(person);
    if (!found) return [];
    const narrowed = { $and: [found, { id: { $gt: after } }] } as Filter<T>;
    return collection.in(scope).find(narrowed, { sort: { id: 1 } as Sort<T>, limit: PORTION });
  },
  remove: (scope, ids) => collection.in(scope).remove({ id: { $in: ids } } as unknown as Filter<T>),
  overwrite: (scope, documents) => collection.in(scope).overwrite(documents),
});

const portionOf = (found: readonly { id: string }[]): Pick<ErasedPortion, 'count' | 'last'> => ({
  count: found.length,
  last: found.length < PORTION ? null : found.at(-1)!.id,
});

/**
 * Takes the documents away.
 * @param names what the audit chain calls those that are frozen
 * @param also what else belongs to it, in the same transaction
 */
export const erasing = <T extends { id: string }>(
  kind: string | null,
  traces: PersonTraces<T>,
  names: (document: T) => ErasedPortion['erased'] = () => [],
  also?: (inside: SchoolScope, documents: T[], person: ErasedPerson) => Promise<unknown>,
): ErasePart => ({
  ...{ collection: traces.collection, kind, outcome: 'erased', count: traces.count },
  async erase(inside, person, after) {
    const found = await traces.list(inside, person, after);
    if (found.length > 0) {
      await traces.remove(
        inside,
        found.map(({ id }) => id),
      );
      await also?.(inside, found, person);
    }
    return { ...portionOf(found), erased: found.flatMap(names), records: [] };
  },
});

/**
 * Writes the documents without the person.
 * @param change the document as it is from now on, or null where nothing in it is theirs
 * @param records what the audit chain calls the frozen ones, with the hash of what they say now
 * @param outcome `erased` where what is taken out is theirs alone, such as a membership
 */
export const rewriting = <T extends { id: string }>(
  kind: string | null,
  traces: PersonTraces<T>,
  change: (document: T, person: ErasedPerson) => T | null,
  {
    records = () => [],
    names = () => [],
    outcome = 'unnamed',
    also,
  }: {
    records?: (document: T) => FrozenRecord[];
    /** What the audit chain calls what is no longer there. */
    names?: (before: T) => ErasedPortion['erased'];
    outcome?: TraceOutcome;
    also?: (inside: SchoolScope, before: T[], person: ErasedPerson) => Promise<unknown>;
  } = {},
): ErasePart => ({
  ...{ collection: traces.collection, kind, outcome, count: traces.count },
  async erase(inside, person, after) {
    const found = await traces.list(inside, person, after);
    const changes = found.flatMap((before) => {
      const after = change(before, person);
      return after ? [{ before, after }] : [];
    });
    await traces.overwrite(
      inside,
      changes.map((each) => each.after),
    );
    const before = changes.map((each) => each.before);
    if (before.length > 0) await also?.(inside, before, person);
    return {
      ...{ ...portionOf(found), count: changes.length },
      ...{ erased: before.flatMap(names), records: changes.flatMap((each) => records(each.after)) },
    };
  },
});

/** Leaves the documents as they are; they are counted for whoever decides. */
export const keeping = (
  kind: string,
  traces: Pick<PersonTraces<unknown>, 'collection' | 'count'>,
): ErasePart => ({
  ...{ collection: traces.collection, kind, outcome: 'kept', count: traces.count },
});

/** The name of a person is replaced where the record says that it is theirs; undefined stays undefined. */
export const nameFor = (person: ErasedPerson, personId: string | null | undefined, name: string): string =>
  isOneOf(person, personId) ? person.mark : name;

export const isOneOf = ({ ids }: Pick<ErasedPerson, 'ids'>, personId: string | null | undefined): boolean =>
  personId != null && ids.includes(personId);

/** A mark of a password link (`createdById`, `createdByName`) without the name of who made the link. */
export const withoutMaker = <T extends { passwordLink?: { createdById: string; createdByName: string } }>(
  document: T,
  person: ErasedPerson,
): T =>
  document.passwordLink && isOneOf(person, document.passwordLink.createdById)
    ? { ...document, passwordLink: { ...document.passwordLink, createdByName: person.mark } }
    : document;

/** Filter for documents that this person's link has marked. */
export const madeLinkOf = ({ ids, mark, madeLinks }: ErasedPerson): AnyFilter | null =>
  madeLinks
    ? { 'passwordLink.createdById': { $in: ids }, 'passwordLink.createdByName': { $ne: mark } }
    : null;

/** The same value with every name, address and number of the person in its texts replaced; null when it has none. */
export function withoutNames<T>(value: T, person: ErasedPerson): T | null {
  let found = false;
  const cleanText = textCleaner(person);
  const clean = (each: unknown): unknown => {
    if (typeof each === 'string') {
      const next = cleanText(each);
      found ||= next !== each;
      return next;
    }
    if (Array.isArray(each)) return each.map(clean);
    if (each === null || typeof each !== 'object' || each instanceof Date) return each;
    return Object.fromEntries(Object.entries(each).map(([key, inner]) => [key, clean(inner)]));
  };
  const cleaned = clean(value) as T;
  return found ? cleaned : null;
}

type Named = Pick<ErasedPerson, 'names' | 'email' | 'sourcedId' | 'formerNumbers'>;

/** Numbers of the roster that are this person's, or were. */
export const numbersOf = ({ sourcedId, formerNumbers = [] }: Named): string[] => [
  ...(sourcedId === null ? [] : [sourcedId]),
  ...formerNumbers,
];
const wordsOf = ({ email, names }: Named): string[] => [...(email === null ? [] : [email]), ...names];

/** Names and addresses wherever they are; a number only where it is the whole text: `7` would be in many. */
function textCleaner(person: Named & Pick<ErasedPerson, 'mark'>): (text: string) => string {
  const numbers = numbersOf(person);
  const replace = nameReplacer(wordsOf(person), person.mark);
  return (text) => (numbers.includes(text) ? person.mark : replace(text));
}

export const textWithoutNames = (text: string, person: Named & Pick<ErasedPerson, 'mark'>): string =>
  textCleaner(person)(text);

/** Filter for a field that is a name or address of this person and nothing else. */
export function fieldIsName(field: string, person: Named): AnyFilter {
  const $regex = wholeNamePattern(wordsOf(person));
  return { [field]: $regex === null ? { $in: [] } : { $regex } };
}

/**
 * What was scored at their presentations alone: of a group's only the rows about them. By `slotId` and the row's id.
 */
export const aboutThem = (person: ErasedPerson): AnyFilter | null => {
  if (person.presented.length === 0) return null;
  const alone = person.presented.filter(({ together }) => !together).map(({ slotId }) => slotId);
  const shared = person.presented
    .filter(({ together }) => together)
    .map(({ slotId, presentationId }) => ({
      slotId: presentationId,
      criterionId: { $regex: `--${slotId.replace(/[^\w-]/g, '\\$&')}$` },
    }));
  return { $or: [{ slotId: { $in: alone } }, ...shared] };
};
