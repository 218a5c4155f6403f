/**
 * Makes sure that a term stays there until something has been made in it: deleting it waits, or is found to
 * be too late.
 */
import type { SchoolScope } from '../db/database.js';
import { sharedBy, takeLocks, termLock } from '../db/record-locks.js';
import type { Term } from './school.js';
import { findTerm } from './school-records.js';

/**
 * To be called in the transaction that makes it, before anything else is read.
 * @param maker id of whatever is made, or of whom it is about: different ones do not wait for each other
 * @returns null where there is no such term any more
 */
export async function holdTerm(inside: SchoolScope, termId: string, maker: string): Promise<Term | null> {
  await takeLocks(inside, [sharedBy(termLock(termId), maker)]);
  return findTerm(inside, termId);
}
