/**
 * The language of a text by the letters that most of it is written in, and the runs of other letters inside
 * it: one foreign name does not change the voice and the hyphenation of a whole paragraph.
 */
import { languageOf, scriptOf, type PreferredLanguages } from './written-language.js';

export interface LanguageRun {
  text: string;
  /** BCP 47 tag; null where the run is in the text's own language, or its letters do not tell. */
  language: string | null;
}

/** Letters with the marks that belong to them. */
const letters = /\p{L}\p{M}*/gu;
/** Runs of letters, and of what stands between letters of one script: spaces, points, hyphens, joiners. */
const words = /[\p{L}\p{M}\p{N}\p{Join_Control}'’·・-]+/gu;

/** Scripts that have a language; Latin and Cyrillic letters, and signs of any other kind, have none. */
const isTold = (script: string): boolean => script !== '' && script !== 'latin' && script !== 'cyrillic';

/** A single Greek letter is a sign of a formula, not a word. */
const isSign = (run: string): boolean => /^\p{Script=Greek}$/u.test(run);

/** The script that most letters are of; of equals the one that comes first. */
export function mainScriptOf(text: string): string {
  const counts = new Map<string, number>();
  for (const [letter] of text.matchAll(letters)) {
    const script = scriptOf(letter);
    counts.set(script, (counts.get(script) ?? 0) + 1);
  }
  const most = Math.max(0, ...counts.values());
  return [...counts].find(([, count]) => count === most)?.[0] ?? '';
}

/** BCP 47 tag by the letters that most of the text is written in; null for Latin and Cyrillic ones. */
export function mainLanguageOf(text: string, preferred: PreferredLanguages = 'en'): string | null {
  const main = mainScriptOf(text);
  if (!isTold(main)) return null;
  const own = [...text.matchAll(words)].map(([word]) => word).filter((word) => mainScriptOf(word) === main);
  if (main !== 'arabic' && main !== 'ideographs') return languageOf(own.join(' '), preferred);
  // Several languages share these letters, and some have more of their own: a name among them does not speak
  // for the rest.
  const plain = languageOf(plainOf(own, main), preferred);
  const counts = new Map<string | null, number>();
  for (const word of own) {
    const language = languageOf(word, preferred);
    counts.set(language, (counts.get(language) ?? 0) + 1);
  }
  const special = [...counts].filter(([language]) => language !== 'ar' && !language?.startsWith('zh'));
  const [language, count] = special.sort((a, b) => b[1] - a[1])[0] ?? [plain, 0];
  return count * SPECIAL_SHARE >= own.length ? language : plain;
}

/** One word in so many with letters of its own tells Urdu from Arabic, and Japanese from Chinese. */
const SPECIAL_SHARE = 5;

function plainOf(own: readonly string[], main: string): string {
  const special =
    main === 'arabic' ? /[ٹڈڑےۓھۃپچژگکیټډړښږېۍګڼ]/u : /[\p{Script=Hiragana}\p{Script=Katakana}]/u;
  const plain = own.filter((word) => !special.test(word));
  return (plain.length > 0 ? plain : own).join(' ');
}

/**
 * The text in pieces, each in one language. Joined they are the text.
 * @param main script of the whole block that the text is a part of
 */
export function languageRuns(
  text: string,
  main: string,
  preferred: PreferredLanguages = 'en',
): LanguageRun[] {
  const runs: { from: number; to: number; script: string }[] = [];
  for (const found of text.matchAll(words))
    for (const piece of piecesOf(found[0], found.index)) {
      const before = runs.at(-1);
      const between = before ? text.slice(before.to, piece.from) : '';
      // A name of several words is one run.
      if (before?.script === piece.script && /^[\s.,،、·・-]*$/u.test(between)) before.to = piece.to;
      else if (isTold(piece.script) && piece.script !== main) runs.push(piece);
      else if (before) runs.push({ ...piece, script: main });
    }
  const result: LanguageRun[] = [];
  let at = 0;
  for (const { from, to, script } of runs) {
    const run = text.slice(from, to);
    if (script === main || !isTold(script) || isSign(run)) continue;
    if (from > at) result.push({ text: text.slice(at, from), language: null });
    result.push({ text: run, language: languageOf(run, preferred) });
    at = to;
  }
  if (at < text.length) result.push({ text: text.slice(at), language: null });
  return result;
}

/** A word in pieces of one script each; digits and marks belong to what they stand beside. */
function piecesOf(word: string, offset: number): { from: number; to: number; script: string }[] {
  const pieces: { from: number; to: number; script: string }[] = [];
  for (const found of word.matchAll(letters)) {
    const script = scriptOf(found[0]);
    const from = offset + found.index;
    const to = from + found[0].length;
    const before = pieces.at(-1);
    if (before && (before.script === script || !script)) before.to = to;
    else pieces.push({ from, to, script });
  }
  return pieces;
}
