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
