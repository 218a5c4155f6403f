/** File names as people gave them, made harmless: no folders, no control characters, no tricks with the direction of writing. */

const LONGEST = 180;

/** The name to keep and show; `fallback` when nothing is left. */
export function cleanFileName(given: string, fallback = 'file'): string {
  const last = given.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const name = last
    .replace(/[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, '')
    .replace(/^[\s.]+|[\s.]+$/g, '');
  return shorten(name) || fallback;
}

/** Keeps the ending, which says what the file is. */
function shorten(name: string): string {
  const letters = [...name];
  if (letters.length <= LONGEST) return name;
  const ending = /\.[^.\s]{1,10}$/.exec(name)?.[0] ?? '';
  return letters.slice(0, LONGEST - ending.length).join('') + ending;
}
