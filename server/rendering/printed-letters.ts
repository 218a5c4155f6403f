/**
 * The letters of a text as a PDF gives them back, and which of them it gives back one by one: what a printed
 * page can be compared by.
 */

/**
 * Scripts whose letters a PDF gives back one by one and in their order. Of the others (joined or stacked)
 * some glyphs name their letter and some do not: these are counted.
 */
const readable =
  /^[\p{Script=Ol_Chiki}\p{Script=Canadian_Aboriginal}\p{Script=Tifinagh}\p{Script=Vai}\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Armenian}\p{Script=Georgian}\p{Script=Cherokee}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Thai}\p{Script=Lao}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Ethiopic}\p{N}]+$/u;
export const isReadable = (letters: string): boolean => readable.test(letters);

/**
 * Letters that are written from right to left: a line of a PDF has their words in the order in which they
 * stand on the paper.
 */
const rightToLeft =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}\p{Script=Hanifi_Rohingya}]/u;
export const isRightToLeft = (text: string): boolean => rightToLeft.test(text);

/**
 * One glyph stands for several Chinese characters and radicals, and the PDF gives back any of them: they are counted.
 */
export const withCountedCharacters = (text: string): string =>
  text.replace(/[\p{Script=Han}\u2e80-\u2fdf]/gu, '一');

/**
 * Ligatures and Chinese radicals become the letters that were typed; case, accents' composition and all signs
 * between letters go.
 */
export const lettersOf = (text: string): string =>
  withCountedCharacters(text)
    .normalize('NFKC')
    .toLowerCase()
    // An apostrophe comes back as a modifier letter.
    .replace(/[^\p{L}\p{N}]|[\u02b0-\u02ff]/gu, '');

/** One of the signs that stand between words. */
export const betweenWords = /[^\p{L}\p{M}\p{N}]/u;

/** Scripts of which only some glyphs name their letter. */
const countedScripts: [name: string, letters: RegExp][] = [
  ...['Arabic', 'Nko', 'Adlam', 'Hanifi_Rohingya', 'Mongolian'],
  ...['Devanagari', 'Bengali', 'Gurmukhi', 'Gujarati', 'Oriya', 'Tamil', 'Telugu', 'Kannada', 'Malayalam'],
  ...['Sinhala', 'Khmer', 'Myanmar', 'Tibetan', 'Javanese', 'Meetei_Mayek'],
].map((name) => [name, new RegExp(`(?=\\p{L})\\p{Script=${name}}`, 'gu')]);
/** Letters of every script that is neither read nor counted by its name are counted together. */
const countedByName = countedScripts.map(([, { source }]) => source).join('|');
countedScripts.push([
  'other',
  new RegExp(
    `(?!${countedByName})(?!${readable.source.slice(1, -2)})(?=\\p{L})[^\\p{Script=Common}\\p{Script=Inherited}]`,
    'gu',
  ),
]);

/** How many letters of each counted script a text has; scripts of which it has none are left out. */
export function countLetters(text: string): Map<string, number> {
  const plain = text.normalize('NFKC');
  return new Map(
    countedScripts.flatMap(([name, letters]) => {
      const count = plain.match(letters)?.length ?? 0;
      return count > 0 ? [[name, count] as const] : [];
    }),
  );
}

/**
 * How many glyphs that do not name their letter are in words with letters of each counted script; `''`: in
 * words without any.
 * @param raw with U+0000 for each of them
 */
export function countUnnamed(raw: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of raw.split(/\s+/)) {
    const unnamed = word.split('\0').length - 1;
    if (unnamed === 0) continue;
    const scripts = [...countLetters(word).keys()];
    for (const script of scripts.length > 0 ? scripts : [''])
      counts.set(script, (counts.get(script) ?? 0) + unnamed);
  }
  return counts;
}
