/**
 * How a school's own terms and advisories are told apart: by their whole names. A slug is made of what is
 * left of a name in ASCII, so names in other scripts share one (希望 and 光明, 9А and 9Б); it is for addresses
 * and never says what something is. Pure.
 */
import { cleanLine } from '../clean-text.js';
import { slugOf } from './school.js';

interface Named {
  name: string;
  slug: string;
}

/** The same for two names that differ only in case, blanks, or how their letters are encoded. */
export const ownNameKey = (name: string): string =>
  cleanLine(name).normalize('NFC').trim().replace(/\s+/gu, ' ').toLowerCase();

/** Whether the slug has every letter and digit of the name. */
function isWholeInSlug(name: string): boolean {
  const letters = cleanLine(name).normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return /[a-z0-9]/.test(letters) && !/(?![a-z0-9])[\p{L}\p{N}]/u.test(letters) && letters.length <= 60;
}

/** A slug that none of `taken` is: `heron`, then `heron-2`. */
export function freeSlugOf(name: string, fallback: string, taken: Iterable<string>): string {
  const others = new Set(taken);
  const slug = slugOf(name, fallback);
  for (let number = 1; ; number += 1) {
    const tried = number === 1 ? slug : `${slug}-${number}`;
    if (!others.has(tried)) return tried;
  }
}

/**
 * Finds what a file calls by these names. Something that was renamed here is found by the name that it was
 * made with, as long as its slug has all of that name.
 * @param called all names of the file: what one of them means exactly, no other one means
 */
export function finderByName<T extends Named>(
  list: readonly T[],
  called: readonly string[],
): (name: string) => T | undefined {
  const byKey = new Map([...list].reverse().map((each) => [ownNameKey(each.name), each]));
  const meant = new Set(called.flatMap((name) => byKey.get(ownNameKey(name)) ?? []));
  const bySlug = new Map(
    list
      .filter((each) => !meant.has(each))
      .filter((each) => isWholeInSlug(each.name) || slugOf(each.name, '') !== each.slug)
      .map((each) => [each.slug, each]),
  );
  return (name) =>
    byKey.get(ownNameKey(name)) ?? (isWholeInSlug(name) ? bySlug.get(slugOf(name, '')) : undefined);
}
