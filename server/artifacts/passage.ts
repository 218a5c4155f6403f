/**
 * A passage of a text, kept as W3C text quote and position selectors: the words, what stands around them, and
 * where they begin. Found again by position first, else by the words and the nearest likeness of their
 * surroundings. Pure; the page's script reads this file, too, so it imports nothing.
 */

export interface Passage {
  quote: string;
  /** Up to `AROUND` characters before and after it. */
  prefix: string;
  suffix: string;
  /** Characters (UTF-16 units) before it, in the text with \n as the end of a line. */
  start: number;
}

export const MAX_QUOTE = 1000;
const AROUND = 32;

/** Browsers know one end of a line only. */
export const oneLineEnd = (text: string): string => text.replaceAll('\r\n', '\n');

/** A text with every run of white space as one blank, and where each of its characters stood. */
function oneBlank(text: string): { signs: string; at: number[] } {
  const signs: string[] = [];
  const at: number[] = [];
  for (let index = 0; index < text.length; index += 1) {
    const blank = /\s/.test(text[index]!);
    if (blank && signs.at(-1) === ' ') continue;
    signs.push(blank ? ' ' : text[index]!);
    at.push(index);
  }
  return { signs: signs.join(''), at };
}

/**
 * Where `sought` begins in `text`, places that overlap left out. Knuth, Morris and Pratt: each character is
 * looked at once.
 */
function placesOf(text: string, sought: string): number[] {
  const back = [0];
  for (let [index, same] = [1, 0]; index < sought.length; index += 1) {
    while (same > 0 && sought[index] !== sought[same]) same = back[same - 1]!;
    if (sought[index] === sought[same]) same += 1;
    back.push(same);
  }
  const places: number[] = [];
  for (let [index, same] = [0, 0]; index < text.length; index += 1) {
    while (same > 0 && text[index] !== sought[same]) same = back[same - 1]!;
    if (text[index] === sought[same]) same += 1;
    if (same < sought.length) continue;
    places.push(index + 1 - same);
    same = 0;
  }
  return places;
}

/** The places of these words, any white space taken for any other: what is typed or copied breaks lines elsewhere. */
function loosely(whole: string, quote: string): { at: number; words: string }[] {
  const sought = oneBlank(quote.trim()).signs;
  const { signs, at } = oneBlank(whole);
  return placesOf(signs, sought).map((from) => {
    const [begin, last] = [at[from]!, at[from + sought.length - 1]!];
    return { at: begin, words: whole.slice(begin, last + 1) };
  });
}

const endsAlike = (a: string, b: string): number => {
  let count = 0;
  while (count < Math.min(a.length, b.length) && a.at(-1 - count) === b.at(-1 - count)) count += 1;
  return count;
};
const beginsAlike = (a: string, b: string): number => {
  let count = 0;
  while (count < Math.min(a.length, b.length) && a[count] === b[count]) count += 1;
  return count;
};

/**
 * The passage as it stands in this text, or null when its words are not there.
 * @param sought words, and where known what stood around them and where they began; of several places the
 *   likeliest is taken
 */
export function anchor(
  text: string,
  sought: Pick<Passage, 'quote'> & { [K in 'prefix' | 'suffix' | 'start']?: Passage[K] | undefined },
): Passage | null {
  const whole = oneLineEnd(text);
  const quote = oneLineEnd(sought.quote);
  if (quote.trim() === '' || quote.length > MAX_QUOTE) return null;
  const { start } = sought;
  const [prefix, suffix] = [
    (sought.prefix ?? '').slice(-3 * AROUND),
    (sought.suffix ?? '').slice(0, 3 * AROUND),
  ];
  const exact = start !== undefined && whole.startsWith(quote, start) ? [{ at: start, words: quote }] : [];
  const found = exact.length > 0 ? exact : loosely(whole, quote);
  const likeness = ({ at, words }: (typeof found)[number]): number =>
    endsAlike(whole.slice(0, at), prefix) + beginsAlike(whole.slice(at + words.length), suffix);
  const best = found.reduce<(typeof found)[number] | null>((before, one) => {
    if (!before) return one;
    const [a, b] = [likeness(before), likeness(one)];
    if (a !== b) return a > b ? before : one;
    const far = (each: { at: number }) => Math.abs(each.at - (start ?? 0));
    return far(one) < far(before) ? one : before;
  }, null);
  if (!best) return null;
  const end = best.at + best.words.length;
  return {
    quote: best.words,
    prefix: whole.slice(Math.max(0, best.at - AROUND), best.at),
    suffix: whole.slice(end, end + AROUND),
    start: best.at,
  };
}

/** Letters that one passage has in common with another of the same words; a Chinese character says as much as three. */
const weightOf = (words: string): number => words.length + 2 * (words.match(/[\u3040-\u9fff]/g)?.length ?? 0);

/** So many letters of words and surroundings are hardly the same by chance. */
const FEWEST_ALIKE = 16;

/** Whether a passage with the same words is the same: "it" stands in many sentences, a long quotation in one. */
export function isSamePassage(one: Passage, other: Passage): boolean {
  const before = endsAlike(one.prefix, other.prefix);
  const after = beginsAlike(one.suffix, other.suffix);
  const alike = one.prefix.slice(one.prefix.length - before) + one.quote + one.suffix.slice(0, after);
  return weightOf(alike) >= FEWEST_ALIKE;
}

/** The text in three parts, the passage in the middle. */
export function cutAt(text: string, { start, quote }: Pick<Passage, 'start' | 'quote'>) {
  const whole = oneLineEnd(text);
  const end = start + quote.length;
  return { before: whole.slice(0, start), marked: whole.slice(start, end), after: whole.slice(end) };
}
