/**
 * Which words of some texts are not among what was read from the printed pages. Every line has a place of its
 * own there: a short line that was cut off is not found in the letters of another one. Pure.
 */
import {
  betweenWords,
  countLetters,
  countUnnamed,
  isReadable,
  isRightToLeft,
  lettersOf,
} from './printed-letters.js';
import { PrintedPlaces, type PrintedLetters } from './printed-places.js';

/** @returns the words at which a line ends too early, each once */
export function findMissing(texts: readonly string[], printed: PrintedLetters): string[] {
  const runs = texts.flatMap((text) => text.split(/[\r\n]+/)).flatMap(readableRuns);
  const places = new PrintedPlaces(printed);
  // The longest ones first: what is left for a short one is not part of a longer one.
  const missing = runs
    .map((run) => ({ run, needle: lettersOf(run.join('')) }))
    .sort((a, b) => b.needle.length - a.needle.length)
    .filter(({ needle }) => !places.take(needle))
    .map(({ run }) => firstMissing(run, printed.letters));
  return [...new Set([...missing, ...missingByCount(texts, printed.raw)])];
}

/**
 * Signs made of letters and digits come back as the letter, as the sign or not at all: what stands around
 * them is looked for.
 */
const composedSigns = /[#*\d]\ufe0f?\u20e3|[\u2460-\u24ff\u2776-\u2793\u3200-\u33ff\u{1f100}-\u{1f2ff}]/gu;
const unreadableWord = ' \u0627 ';

/**
 * Of a line its longest runs of readable words, which follow each other on the pages. Beside words from right
 * to left each is alone.
 */
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

/** How many words of the line stand somewhere as they follow each other. */
function foundUpTo(run: readonly string[], letters: string): number {
  const at = run.findIndex((_word, index) => !letters.includes(lettersOf(run.slice(0, index + 1).join(''))));
  return at < 0 ? run.length : at;
}

// Where all of it is somewhere, that is the place of another line.
const firstMissing = (run: readonly string[], letters: string): string =>
  run[foundUpTo(run, letters)] ?? run.join(' ').slice(0, 40);

/**
 * Of a script at least this share of the letters is named by its glyph: measured 0.58 to 1, where most words
 * have joined letters.
 */
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
