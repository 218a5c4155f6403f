/** Words in free text and in fields: names are found as whole words, however their accents are written. Pure. */

/** A pattern that finds the text as it is written: nothing in it is a sign of a pattern. */
export const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A composed and a decomposed `é` are the same letter. */
const composed = (text: string): string => text.normalize('NFC');

/**
 * The text with each of these words replaced, in one pass: what was put in is not looked at again. `Ana` is
 * not in `Banana`, and `Jose` is not in `José`. Where none of them is in it, the text stays as it is, to the
 * byte.
 * @param words what replaces each of them; where two begin at the same place, the one that comes first is taken
 */
export function replaceWords(text: string, words: ReadonlyMap<string, string>): string {
  const instead = new Map<string, string>();
  for (const [word, by] of words)
    if (word !== '' && !instead.has(composed(word))) instead.set(composed(word), by);
  if (instead.size === 0) return text;
  const escaped = [...instead.keys()].map(escapeRegExp).join('|');
  const pattern = new RegExp(`(?<![\\p{L}\\p{M}\\p{N}])(?:${escaped})(?![\\p{L}\\p{M}\\p{N}])`, 'gu');
  let found = false;
  const replaced = composed(text).replace(pattern, (word) => {
    found = true;
    return instead.get(word)!;
  });
  return found ? replaced : text;
}

/** Every way to write one letter: composed or not, and, where the case does not matter, small or large. */
function letterPattern(letter: string, anyCase: boolean): string {
  const cases = anyCase ? [letter, letter.toLowerCase(), letter.toUpperCase()] : [letter];
  const ways = new Set(cases.flatMap((each) => [each.normalize('NFC'), each.normalize('NFD')]));
  return ways.size === 1 ? escapeRegExp(letter) : `(?:${[...ways].map(escapeRegExp).join('|')})`;
}

const patternOf = (text: string, anyCase: boolean): string =>
  [...composed(text)].map((letter) => letterPattern(letter, anyCase)).join('');

const namePattern = (name: string, anyCase: boolean): string =>
  name
    .trim()
    .split(/\s+/)
    .map((word) => patternOf(word, anyCase))
    .join('\\s+');

/** Source of a regular expression for this text within another one, as it is written but for how its accents are. */
export const writtenPattern = (text: string): string => patternOf(text, false);

const someOf = (names: readonly string[]): string[] => names.filter((name) => name.trim() !== '');

/**
 * Source of a regular expression, in the database as well, for a field that is one of these names and nothing
 * else: in any case, with any spaces. Null when there is no name.
 */
export function wholeNamePattern(names: readonly string[]): string | null {
  const some = someOf(names);
  return some.length === 0 ? null : `^\\s*(?:${some.map((name) => namePattern(name, true)).join('|')})\\s*$`;
}

/**
 * What replaces these names in a text: of several words in any case, a single word as it is written (`Rose`
 * is not the rose of a garden), and as the whole text in any case. Of two names that begin at the same place
 * the one that comes first is taken.
 */
export function nameReplacer(names: readonly string[], by: string): (text: string) => string {
  const whole = wholeNamePattern(names);
  if (whole === null) return (text) => text;
  const some = someOf(names).map((name) => namePattern(name, /[\s@]/.test(name.trim())));
  const isName = new RegExp(whole, 'u');
  const within = new RegExp(`(?<![\\p{L}\\p{M}\\p{N}])(?:${some.join('|')})(?![\\p{L}\\p{M}\\p{N}])`, 'gu');
  return (text) => (isName.test(text) ? by : text.replace(within, () => by));
}
