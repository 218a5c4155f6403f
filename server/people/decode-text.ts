/**
 * Bytes of a text file as text: UTF-8, UTF-16 with a byte order mark and without, and the old Windows
 * encoding. Windows-1252 has a table of its own here, because some versions of Node read it as Latin-1 and
 * turn quotation marks and Š, Ž, œ into control characters.
 */

/** What the bytes 0x80 to 0x9f mean in Windows-1252; five of them mean nothing and stay control characters. */
const windows1252 =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f' +
  '\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178';

/**
 * @returns the text, and whether it was Unicode; otherwise it was read as Windows-1252. Bytes that are no
 *   letter become U+FFFD
 */
export function decodeText(bytes: Buffer): { text: string; utf8: boolean } {
  if (bytes[0] === 0xff && bytes[1] === 0xfe)
    return { text: new TextDecoder('utf-16le').decode(bytes), utf8: true };
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return { text: new TextDecoder('utf-16be').decode(bytes), utf8: true };
  const wide = wideOrder(bytes);
  if (wide) return { text: new TextDecoder(wide).decode(bytes), utf8: true };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), utf8: true };
  } catch {
    const text = new TextDecoder('utf-8').decode(bytes);
    return isMostlyUtf8(bytes, text) ? { text, utf8: true } : { text: decodeWindows1252(bytes), utf8: false };
  }
}

/** Bytes that show how a text without a byte order mark is written. */
const SHOWN = 4096;

/**
 * UTF-16 without a byte order mark: separators, line ends and headings have a zero beside each letter, always
 * on the same side. A zero in a damaged cell is one of many bytes.
 */
function wideOrder(bytes: Buffer): 'utf-16le' | 'utf-16be' | null {
  const shown = bytes.subarray(0, SHOWN);
  if (bytes.length % 2 !== 0 || shown.length < 8) return null;
  let [even, odd] = [0, 0];
  for (const [at, byte] of shown.entries())
    if (byte === 0 && at % 2 === 0) even += 1;
    else if (byte === 0) odd += 1;
  if (even + odd < shown.length / 10 || Math.min(even, odd) > shown.length / 200) return null;
  return odd > even ? 'utf-16le' : 'utf-16be';
}

/**
 * A file with a few bad bytes is still UTF-8: they are damaged cells of some rows, and in the old encoding
 * every accented name would be wrong. In a file of the old encoding hardly any two letters happen to be one
 * of UTF-8.
 */
function isMostlyUtf8(bytes: Buffer, text: string): boolean {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return true;
  let [good, bad] = [0, 0];
  for (const sign of text)
    if (sign === '\ufffd') bad += 1;
    else if (sign > '\u007f') good += 1;
  return good > bad;
}

/** Every byte is one character. */
const decodeWindows1252 = (bytes: Buffer): string =>
  bytes.toString('latin1').replace(/[\u0080-\u009f]/g, (sign) => windows1252[sign.charCodeAt(0) - 0x80]!);

/** Control characters other than those that end lines and cells, and what stands for a letter that was lost before. */
// eslint-disable-next-line no-control-regex
const damaged = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffd\ufffe\uffff]/;

/** Whether the text has characters that no name has: it was damaged, or read in the wrong encoding. */
export const isDamagedText = (text: string): boolean => damaged.test(text);

/** A text has no zero bytes, save perhaps one in a damaged cell. */
export function isBinary(text: string): boolean {
  const zeros = text.split('\0').length - 1;
  return zeros * 10 > text.length;
}
