/** The school and its terms: asked for once, by all parts of a first page together. Reads only. */
import { DateTime } from 'luxon';
import type { SchoolScope } from '../db/database.js';
import { findSchool, listTerms } from '../school/school-records.js';
import type { School, Term } from '../school/school.js';

export interface SchoolYear {
  school: School | null;
  /** Oldest first. */
  terms: Term[];
  /** The term that the school works in; null where it has not said. */
  current: Term | null;
  /**
   * The terms of this and the last school year that are over: what is left of them is still to be done. Oldest first.
   */
  earlier: Term[];
}

/** More terms two school years never have. */
const MAX_EARLIER_TERMS = 8;

export async function readSchoolYear(scope: SchoolScope): Promise<SchoolYear> {
  const [school, terms] = await Promise.all([findSchool(scope, scope.schoolId), listTerms(scope)]);
  const current = terms.find((term) => term.id === school?.currentTermId) ?? null;
  return { school, terms, current, earlier: current ? earlierTerms(terms, current) : [] };
}

/**
 * Those that began in the two years before the current one, which hold this school year and the last one
 * wherever it begins. A term that runs beside the current one and ends with it or later is not over.
 * @param terms oldest first
 */
export function earlierTerms(terms: readonly Term[], current: Term): Term[] {
  const since = DateTime.fromISO(current.startsOn, { zone: 'utc' }).minus({ years: 2 }).toISODate()!;
  return terms
    .filter(
      ({ startsOn, endsOn }) => startsOn > since && startsOn < current.startsOn && endsOn < current.endsOn,
    )
    .slice(-MAX_EARLIER_TERMS);
}

/**
 * The earlier terms that are asked about at all: those in which the school did it. The last of them also
 * while nobody has begun with it, at a school that does it otherwise. So nothing waits for ever at a school
 * that never does.
 * @param earlier oldest first
 * @param doneIn ids of the terms in which it was done at least once, the current one among them
 */
export const termsWithWork = (earlier: readonly Term[], doneIn: ReadonlySet<string>): Term[] =>
  earlier.filter(({ id }, at) => doneIn.has(id) || (at === earlier.length - 1 && doneIn.size > 0));
