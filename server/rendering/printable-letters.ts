/**
 * Which letters a printed page can show: those that a shipped font has. Anything else would be a crossed box,
 * so it is said before a document gets its number.
 */
import type { Font } from 'fontkit';
import { regularFontFiles } from './fonts.js';

/** Unicode has 17 planes of 65,536 code points; one bit each. */
const codePoints = 17 * 0x10000;
let covered: Promise<Uint8Array> | undefined;

/** Reads the fonts once, at the first question: 0.2 seconds. Not with the server, which may never be asked. */
async function readCovered(): Promise<Uint8Array> {
  const { openSync } = await import('fontkit');
  const bits = new Uint8Array(codePoints / 8);
  for (const file of regularFontFiles())
    for (const point of (openSync(file) as Font).characterSet) bits[point >> 3]! |= 1 << (point & 7);
  return bits;
}

/** What has no shape of its own: joiners, direction marks, variation selectors, white space, line ends. */
const shapeless = /^[\p{Default_Ignorable_Code_Point}\p{White_Space}\p{Cc}\p{Cf}]$/u;

interface Printable {
  has(letter: string): boolean;
  /** Of a whole text, fast: nearly every one can be printed, and large ones are looked at while people wait. */
  hasAll(text: string): boolean;
}

async function readPrintable(): Promise<Printable> {
  const bits = await (covered ??= readCovered());
  const isCovered = (point: number) => ((bits[point >> 3]! >> (point & 7)) & 1) === 1;
  const has = (letter: string) => isCovered(letter.codePointAt(0)!) || shapeless.test(letter);
  return {
    has,
    hasAll(text) {
      const others = new Set<number>();
      for (let at = 0; at < text.length; at += 1) {
        const point = text.codePointAt(at)!;
        if (point > 0xffff) at += 1;
        if (!isCovered(point)) others.add(point);
      }
      return [...others].every((point) => has(String.fromCodePoint(point)));
    },
  };
}

export interface UnprintableLetter {
  letter: string;
  /** The word in which it was found first. */
  word: string;
}

/**
 * Each letter that no shipped font has, once, in the order of the text. Composed and decomposed letters are the same.
 */
export async function findUnprintable(text: string): Promise<UnprintableLetter[]> {
  const printable = await readPrintable();
  if (printable.hasAll(text)) return [];
  const found = new Map<string, string>();
  for (const word of text.normalize('NFC').split(/\s+/))
    for (const letter of new Set(word))
      if (!found.has(letter) && !printable.has(letter) && ![...letter.normalize('NFD')].every(printable.has))
        found.set(letter, word);
  return [...found].map(([letter, word]) => ({ letter, word }));
}

const codeOf = (letter: string): string => letter.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');

/** For a message. Some of them cannot be seen on the screen either: the code tells which. */
export const lettersText = (found: readonly UnprintableLetter[]): string =>
  found
    .slice(0, 10)
    .map(({ letter, word }) => `${letter} (U+${codeOf(letter)}) in “${word.slice(0, 40)}”`)
    .join(', ');
