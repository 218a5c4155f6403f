/**
 * Which letters a printed page can show: those that a shipped font has. Anything else would be a crossed box, so it is said before a
 * document gets its number.
 */
import { openSync, type Font } from 'fontkit';
import { regularFontFiles } from './fonts.js';

/** Unicode has 17 planes of 65,536 code points; one bit each. */
const codePoints = 17 * 0x10000;
let covered: Uint8Array | undefined;

/** Reads the fonts once, at the first question: 0.2 seconds. */
function readCovered(): Uint8Array {
  const bits = new Uint8Array(codePoints / 8);
  for (const file of regularFontFiles())
    for (const point of (openSync(file) as Font).characterSet) bits[point >> 3]! |= 1 << (point & 7);
  return bits;
}

/** What has no shape of its own: joiners, direction marks, variation selectors, white space, line ends. */
const shapeless = /^[\p{Default_Ignorable_Code_Point}\p{White_Space}\p{Cc}\p{Cf}]$/u;

function isPrintable(letter: string): boolean {
  covered ??= readCovered();
  const point = letter.codePointAt(0)!;
  return ((covered[point >> 3]! >> (point & 7)) & 1) === 1 || shapeless.test(letter);
}

/** Each letter that no shipped font has, once, in the order of the text. Composed and decomposed letters are the same. */
export function findUnprintable(text: string): string[] {
  const letters = new Set(text.normalize('NFC'));
  return [...letters].filter(
    (letter) => !isPrintable(letter) && ![...letter.normalize('NFD')].every(isPrintable),
  );
}

/** The same for every text anywhere inside a value, such as a frozen record. */
export function findUnprintableIn(value: unknown): string[] {
  const texts: string[] = [];
  collectTexts(value, texts);
  return findUnprintable(texts.join('\n'));
}

function collectTexts(value: unknown, texts: string[]): void {
  if (typeof value === 'string') texts.push(value);
  else if (value !== null && typeof value === 'object')
    for (const part of Object.values(value)) collectTexts(part, texts);
}
