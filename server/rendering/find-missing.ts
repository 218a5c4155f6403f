/**
 * Which words of some texts are not among what was read from the printed pages. Every line has a place of its own there: a short line that was
 * cut off is not found in the letters of another one. Pure.
 */
import {
  betweenWords,
  countLetters,
  countUnnamed,
  isReadable,
  isRightToLeft,
  lettersOf,
} from './printed-letters.js';

/** What was read from the pages, in their order. */
export interface PrintedLetters {
  /** As `lettersOf` gives them. */
  letters: string;
  /** Places in `letters` at which a word begins or ends. */
  edges: ReadonlySet<number>;
  /** Those of them at which a line of the page begins or ends. */
  lineEdges: ReadonlySet<number>;
  /** Where each page begins, and where the last one ends. */
  pageEdges: readonly number[];
  /** The same as it was read, with glyphs that do not name their letter (U+0000). */
  raw: string;
}

/** @returns the words at which a line ends too early, each once */
export function findMissing(texts: readonly string[], printed: PrintedLetters): string[] {
  const runs = texts.flatMap((text) => text.split(/[\r\n]+/)).flatMap(readableRuns);
  const places = new Places(printed);
  // The longest ones first: what is left for a short one is not part of a longer one.
  const missing = runs
    .map((run) => ({ run, needle: lettersOf(run.join('')) }))
    .sort((a, b) => b.needle.length - a.needle.length)
    .filter(({ run, needle }) => !places.take(needle) && !isOverPages(run, printed))
    .map(({ run }) => firstMissing(run, printed.letters));
  return [...new Set([...missing, ...missingByCount(texts, printed.raw)])];
}

/** Signs made of letters and digits come back as the letter, as the sign or not at all: what stands around them is looked for. */
const composedSigns = /[#*\d]\ufe0f?\u20e3|[\u2460-\u24ff\u2776-\u2793\u3200-\u33ff\u{1f100}-\u{1f2ff}]/gu;
const unreadableWord = ' \u0627 ';

/** Of a line its longest runs of readable words, which follow each other on the pages. Beside words from right to left each is alone. */
function readableRuns(line: string): string[][] {
  const areAlone = isRightToLeft(line);
  const runs: string[][] = [[]];
  for (const word of line.replace(composedSigns, unreadableWord).split(betweenWords)) {
    const letters = lettersOf(word);
    if (letters === '') continue;
    if (!isReadable(letters)) runs.push([]);
    else if (areAlone) runs.push([word]);
    else runs.at(-1)!.push(word);
  }
  return runs.filter((run) => run.length > 0);
}

/**
 * A line that goes over to the next page stands there after what is beside it: its beginning ends with a line of one page, and the rest
 * begins with a line of the next.
 */
function isOverPages(run: readonly string[], { letters, lineEdges, pageEdges }: PrintedLetters): boolean {
  const words = run.map(lettersOf);
  const isAtEdge = (at: number, from: number, to: number) => lineEdges.has(at) && at >= from && at <= to;
  const found = foundUpTo(run, letters);
  // What follows may begin with the same words by chance.
  return [found, found - 1, found - 2].some((count) => {
    if (count < 1 || count >= words.length) return false;
    const [first, rest] = [words.slice(0, count).join(''), words.slice(count).join('')];
    return pageEdges.slice(0, -2).some((from, page) => {
      const [to, next] = [pageEdges[page + 1]!, pageEdges[page + 2]!];
      const ends = (at: number) => isAtEdge(at + first.length, from, to);
      const begins = (at: number) => isAtEdge(at, to, next) && at + rest.length <= next;
      return hasPlace(letters, first, from, ends) && hasPlace(letters, rest, to, begins);
    });
  });
}

function hasPlace(letters: string, needle: string, from: number, fits: (at: number) => boolean): boolean {
  for (let at = letters.indexOf(needle, from); at >= 0; at = letters.indexOf(needle, at + 1))
    if (fits(at)) return true;
  return false;
}

/** How many words of the line stand somewhere as they follow each other. */
function foundUpTo(run: readonly string[], letters: string): number {
  const at = run.findIndex((_word, index) => !letters.includes(lettersOf(run.slice(0, index + 1).join(''))));
  return at < 0 ? run.length : at;
}

// Where all of it is somewhere, that is the place of another line.
const firstMissing = (run: readonly string[], letters: string): string =>
  run[foundUpTo(run, letters)] ?? run.join(' ').slice(0, 40);

/** Who stands where. Where the place of one is taken by another that could stand elsewhere, that one moves. */
class Places {
  readonly #printed: PrintedLetters;
  readonly #known = new Map<string, number[]>();
  /** That are tried in all, so that no text keeps the printer busy. */
  #moves = 500;
  /** By letter the needle that has it, from 1 on; 0: nobody. */
  readonly #owners: Uint32Array;
  readonly #needles: { needle: string; at: number }[] = [{ needle: '', at: 0 }];

  constructor(printed: PrintedLetters) {
    this.#printed = printed;
    this.#owners = new Uint32Array(printed.letters.length);
  }

  take(needle: string): boolean {
    this.#needles.push({ needle, at: -1 });
    if (this.#place(this.#needles.length - 1, 2)) return true;
    // In doubt it is there: a text that says the same sentence again and again can be laid out in many ways.
    const places = this.#placesOf(needle);
    if (needle.length >= LONG_LINE) return places.length > 0;
    return places.some((at) =>
      [...this.#ownersAt(at, needle)].every((owner) => {
        const other = this.#needles[owner]!.needle;
        return other !== needle && this.#placesOf(other).length > 1;
      }),
    );
  }

  /** @param moves how many others may move one after the other */
  #place(owner: number, moves: number): boolean {
    const { needle } = this.#needles[owner]!;
    const places = this.#placesOf(needle);
    const free = places.find((at) => this.#ownersAt(at, needle).size === 0);
    if (free !== undefined) {
      this.#set(owner, free);
      return true;
    }
    if (moves === 0) return false;
    for (const at of places.slice(0, MAX_MOVES)) {
      if (this.#moves === 0) return false;
      this.#moves -= 1;
      const others = [...this.#ownersAt(at, needle)];
      // Two lines with the same words have as many places: neither makes room for the other.
      if (others.length > 2 || others.some((other) => this.#needles[other]!.needle === needle)) continue;
      const before = others.map((other) => this.#needles[other]!.at);
      others.forEach((other) => this.#clear(other));
      this.#set(owner, at);
      if (others.every((other) => this.#place(other, moves - 1))) return true;
      this.#clear(owner);
      others.forEach((other) => this.#clear(other));
      others.forEach((other, index) => this.#set(other, before[index]!));
    }
    return false;
  }

  /** First those that begin and end with a line of the page, then those that do as words do. */
  #placesOf(needle: string): number[] {
    const known = this.#known.get(needle);
    if (known) return known;
    const { letters, edges, lineEdges } = this.#printed;
    const [lines, words, inside]: [number[], number[], number[]] = [[], [], []];
    for (let at = letters.indexOf(needle); at >= 0; at = letters.indexOf(needle, at + 1)) {
      const isAt = (all: ReadonlySet<number>) => all.has(at) && all.has(at + needle.length);
      (isAt(lineEdges) ? lines : isAt(edges) ? words : inside).push(at);
    }
    const places = [...lines, ...words, ...inside].slice(0, MAX_PLACES);
    this.#known.set(needle, places);
    return places;
  }

  #ownersAt(at: number, needle: string): Set<number> {
    const owners = new Set(this.#owners.subarray(at, at + needle.length));
    owners.delete(0);
    return owners;
  }

  #set(owner: number, at: number): void {
    const each = this.#needles[owner]!;
    each.at = at;
    this.#owners.fill(owner, at, at + each.needle.length);
  }

  #clear(owner: number): void {
    const { at, needle } = this.#needles[owner]!;
    if (at < 0) return;
    for (let place = at; place < at + needle.length; place += 1)
      if (this.#owners[place] === owner) this.#owners[place] = 0;
    this.#needles[owner]!.at = -1;
  }
}

/** Looked at of one line; a word of a table may stand anywhere. */
const MAX_PLACES = 2000;
/** Letters from which on a line is hardly the same as another one by chance. */
const LONG_LINE = 40;
/** Places at which somebody is asked to move. */
const MAX_MOVES = 20;

/** Of a script at least this share of the letters is named by its glyph: measured 0.58 to 1, where most words have joined letters. */
const NAMED_SHARE = 0.4;
/** Together with the glyphs that name none: measured 0.89 and more. */
const DRAWN_SHARE = 0.75;
/** Fewer letters may all be of the kind that is not named: there, every such glyph may stand for two of them. */
const FEWEST_LETTERS = 12;
const LETTERS_OF_UNNAMED = 2;

function missingByCount(texts: readonly string[], raw: string): string[] {
  const whole = texts.join('\n');
  const expected = countLetters(whole);
  const found = countLetters(raw);
  const sum = (counts: Iterable<number>) => [...counts].reduce((all, count) => all + count, 0);
  const unnamedBeside = countUnnamed(raw);
  const lacking = [...expected].filter(([script, count]) => {
    const named = found.get(script) ?? 0;
    if (count >= FEWEST_LETTERS) return named < count * NAMED_SHARE;
    const unnamed = (unnamedBeside.get(script) ?? 0) + (unnamedBeside.get('') ?? 0);
    return named + unnamed * LETTERS_OF_UNNAMED < count * DRAWN_SHARE;
  });
  const drawn = sum([...expected.keys()].map((script) => found.get(script) ?? 0));
  const unnamed = raw.split('\u0000').length - 1;
  const all = sum(expected.values());
  const isShort = all >= FEWEST_LETTERS && drawn + unnamed < all * DRAWN_SHARE;
  const scripts = lacking.length > 0 ? lacking : isShort ? [...expected] : [];
  // What is cut off is the end: the last word of the script tells where to look.
  return scripts.flatMap(([script]) => {
    const words = whole.split(/\s+/).filter((word) => countLetters(word).has(script));
    return words.slice(-1);
  });
}
