/**
 * File names as people gave them, made harmless: no folders, no control characters, no tricks with the
 * direction of writing.
 */

import { cleanLine } from '../clean-text.js';

const LONGEST = 180;

/** The name to keep and show; `fallback` when nothing is left. */
export function cleanFileName(given: string, fallback = 'file'): string {
  const last =
    cleanLine(given.replace(/[\r\n\t]/g, ''))
      .normalize('NFC')
      .split(/[/\\]/)
      .at(-1) ?? '';
  return shorten(withoutEdges(last.replace(/[\u200e\u200f]/g, ''))) || fallback;
}

const isEdge = (letter: string | undefined): boolean => letter !== undefined && /[\s.]/.test(letter);

/**
 * Without dots and blanks at either end: a name that begins with a dot is hidden, one that ends with it is
 * refused by Windows.
 */
function withoutEdges(name: string): string {
  let [from, until] = [0, name.length];
  while (from < until && isEdge(name[from])) from += 1;
  while (until > from && isEdge(name[until - 1])) until -= 1;
  return name.slice(from, until);
}

const endings: [RegExp, FileKind][] = [
  [/\.(jpe?g|png|gif|webp|heic|heif|avif|bmp|tiff?|svg)$/i, 'picture'],
  [/\.(mp3|m4a|wav|og[ga]|opus|flac|aac|mp4|m4v|mov|webm|avi|mkv|3gp)$/i, 'recording'],
  [/\.pdf$/i, 'pdf'],
  [/\.(txt|md|csv|html?|xml|json)$/i, 'text'],
];

/** What people tell apart. `other` is everything else. */
export type FileKind = 'picture' | 'recording' | 'pdf' | 'text' | 'other';

const kindOf = (type: string): FileKind => {
  if (type.startsWith('image/')) return 'picture';
  if (/^(audio|video)\//.test(type)) return 'recording';
  if (type === 'application/pdf') return 'pdf';
  return /^text\/|^application\/(xml|json)$/.test(type) ? 'text' : 'other';
};

/** What a file is named like, and what it contains, where these are two things; null where they are not. */
export function nameDiffers(name: string, type: string): { named: FileKind; contains: FileKind } | null {
  const named = endings.find(([ending]) => ending.test(name))?.[1];
  const contains = kindOf(type);
  return named === undefined || named === contains ? null : { named, contains };
}

/** Keeps the ending, which says what the file is. */
function shorten(name: string): string {
  const letters = [...name];
  if (letters.length <= LONGEST) return name;
  const ending = /\.[^.\s]{1,10}$/.exec(name)?.[0] ?? '';
  return letters.slice(0, LONGEST - ending.length).join('') + ending;
}
