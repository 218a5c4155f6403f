/**
 * The language and direction of a text by its letters: what a screen reader, the line breaker and the choice
 * of a font must know. Sources: Unicode scripts; the character sets GB 2312, Big5 and JIS X 0208 for Chinese
 * characters.
 */
import { hanLanguageOf } from './han-language.js';

export type Direction = 'ltr' | 'rtl';
/** BCP 47 tags, the one that is most likely first. */
export type PreferredLanguages = string | readonly string[];

const scripts: [RegExp, string][] = [
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/u, 'ja'],
  [/\p{Script=Hangul}/u, 'ko'],
  [/\p{Script=Hebrew}/u, 'he'],
  [/\p{Script=Ethiopic}/u, 'am'],
  [/\p{Script=Thaana}/u, 'dv'],
  [/\p{Script=Syriac}/u, 'syr'],
  [/\p{Script=Nko}/u, 'nqo'],
  [/\p{Script=Adlam}/u, 'ff'],
  [/\p{Script=Hanifi_Rohingya}/u, 'rhg'],
  [/\p{Script=Devanagari}/u, 'hi'],
  [/\p{Script=Bengali}/u, 'bn'],
  [/\p{Script=Gurmukhi}/u, 'pa'],
  [/\p{Script=Gujarati}/u, 'gu'],
  [/\p{Script=Oriya}/u, 'or'],
  [/\p{Script=Tamil}/u, 'ta'],
  [/\p{Script=Telugu}/u, 'te'],
  [/\p{Script=Kannada}/u, 'kn'],
  [/\p{Script=Malayalam}/u, 'ml'],
  [/\p{Script=Sinhala}/u, 'si'],
  [/\p{Script=Thai}/u, 'th'],
  [/\p{Script=Lao}/u, 'lo'],
  [/\p{Script=Khmer}/u, 'km'],
  [/\p{Script=Myanmar}/u, 'my'],
  [/\p{Script=Tibetan}/u, 'bo'],
  [/\p{Script=Armenian}/u, 'hy'],
  [/\p{Script=Georgian}/u, 'ka'],
  [/\p{Script=Greek}/u, 'el'],
];

/** Letters that Urdu has and Arabic, Persian and Pashto have not. */
const urduOnly = /[ٹڈڑےۓھۃ]/u;
const persianOnly = /[پچژگکی]/u;
const pashtoOnly = /[ټډړښږېۍګڼ]/u;

/** Two bytes per character of a character set that browsers know, decoded once. */
function charactersOf(encoding: string, leads: [number, number][], trails: [number, number][]): Set<string> {
  const bytes: number[] = [];
  for (const [from, to] of leads)
    for (let lead = from; lead <= to; lead += 1)
      for (const [first, last] of trails)
        for (let trail = first; trail <= last; trail += 1) bytes.push(lead, trail);
  return new Set(new TextDecoder(encoding).decode(Uint8Array.from(bytes)));
}

const chineseSets: [language: string, read: () => Set<string>][] = [
  ['zh-Hans', () => charactersOf('gbk', [[0xb0, 0xf7]], [[0xa1, 0xfe]])],
  [
    'zh-Hant',
    () =>
      charactersOf(
        'big5',
        [
          [0xa4, 0xc6],
          [0xc9, 0xf9],
        ],
        [
          [0x40, 0x7e],
          [0xa1, 0xfe],
        ],
      ),
  ],
  ['ja', () => charactersOf('euc-jp', [[0xb0, 0xf4]], [[0xa1, 0xfe]])],
];
const readSets = new Map<string, Set<string>>();

/**
 * A text of Chinese characters alone says its language only by those that one country writes: where several
 * fit, a preferred one is taken.
 */
function chineseOf(text: string, preferred: PreferredLanguages): string {
  // Variation selectors of names are a Japanese register's.
  if (/[\u{e0100}-\u{e01ef}]/u.test(text)) return 'ja';
  const characters = text.match(/\p{Script=Han}/gu) ?? [];
  const fits = chineseSets.filter(([language, read]) => {
    const set = readSets.get(language) ?? read();
    readSets.set(language, set);
    return characters.every((character) => set.has(character));
  });
  const wanted = [preferred].flat().flatMap((each) => hanLanguageOf(each) ?? []);
  for (const one of wanted) {
    // Korean names may have any of them.
    if (one === 'ko') return 'ko';
    const own = fits.find(([language]) => language.startsWith(one));
    if (own) return own[0];
  }
  return fits[0]?.[0] ?? 'zh-Hant';
}

/**
 * BCP 47 tag of the script's most usual language; null for Latin and Cyrillic letters, whose language they do not tell.
 * @param preferred decides where the letters alone leave it open
 */
export function languageOf(text: string, preferred: PreferredLanguages = 'en'): string | null {
  if (/\p{Script=Arabic}/u.test(text)) {
    if (pashtoOnly.test(text)) return 'ps';
    if (urduOnly.test(text)) return 'ur';
    return persianOnly.test(text) ? 'fa' : 'ar';
  }
  const found = scripts.find(([letters]) => letters.test(text));
  if (found) return found[1];
  return /\p{Script=Han}/u.test(text) ? chineseOf(text, preferred) : null;
}

/**
 * Names the script of one letter: Chinese and Japanese characters are one, because texts mix them. '' where
 * it is of none, such as a sign that many share.
 */
export function scriptOf(letter: string): string {
  if (/\p{Script=Latin}/u.test(letter)) return 'latin';
  if (/\p{Script=Cyrillic}/u.test(letter)) return 'cyrillic';
  if (/\p{Script=Arabic}/u.test(letter)) return 'arabic';
  if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u30fc]/u.test(letter)) return 'ideographs';
  return scripts.find(([letters]) => letters.test(letter))?.[1] ?? '';
}

/** Names what letters a text is written in: the same for Arabic and Persian, another for Latin, Cyrillic and Korean. */
export function alphabetOf(text: string): string {
  if (/\p{Script=Arabic}/u.test(text)) return 'arabic';
  return languageOf(text) ?? (/\p{Script=Cyrillic}/u.test(text) ? 'cyrillic' : 'latin');
}

const rightToLeft =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Thaana}\p{Script=Syriac}\p{Script=Nko}\p{Script=Adlam}\p{Script=Hanifi_Rohingya}\p{Script=Samaritan}\p{Script=Mandaic}]/u;

/** The direction of the first letter, as `dir="auto"` takes it (Unicode Bidirectional Algorithm, P2 and P3). */
export function directionOfText(text: string): Direction {
  const first = /\p{L}/u.exec(text)?.[0];
  return first !== undefined && rightToLeft.test(first) ? 'rtl' : 'ltr';
}
