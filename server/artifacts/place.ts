/**
 * A place inside one version of a work, after the selectors of the W3C Web Annotation Data Model (fragment, media fragment, text
 * quote with position): exact enough to stand as proof, and free of anything that a browser decides. Each way of showing a work
 * has one kind of place; any other is refused. Pure.
 */
import type { Shown } from './show-version.js';
import { oneLineEnd, type Passage } from './passage.js';

export type Place =
  /** A page of a PDF; 1 is the first sheet, whatever number is printed on it. */
  | { kind: 'page'; page: number }
  /** Seconds from the beginning; without `to` a moment. */
  | { kind: 'time'; from: number; to?: number | undefined }
  /** Shares (0 to 1) of the width and height of the upright picture, from its left upper corner. */
  | { kind: 'region'; x: number; y: number; width: number; height: number }
  | ({ kind: 'passage' } & Passage)
  /** Where nothing inside can be pointed at: a link, or a file that browsers do not show. */
  | { kind: 'whole' };
export type PlaceKind = Place['kind'];

export const placeKinds = ['page', 'time', 'region', 'passage', 'whole'] as const satisfies PlaceKind[];

const kindsByShown: Record<Shown, PlaceKind> = {
  pdf: 'page',
  audio: 'time',
  video: 'time',
  image: 'region',
  text: 'passage',
  link: 'whole',
  file: 'whole',
  'taken-down': 'whole',
};

export const MOST_PAGES = 20_000;
/** Two days: longer than any recording. */
export const MOST_SECONDS = 172_800;
/** Smaller than this share of a side nobody can see what is meant. */
export const SMALLEST_SIDE = 0.005;

export const placeKindOf = (shown: Shown): PlaceKind => kindsByShown[shown];

/** The sum of two shares may lie a hair above 1. */
const isShare = (value: number): boolean => Number.isFinite(value) && value >= 0 && value <= 1 + 1e-9;
const isSecond = (value: number): boolean => Number.isFinite(value) && value >= 0 && value <= MOST_SECONDS;

/** Message key of what speaks against a place in a work that is shown so, or null. Whether a passage is there is `anchor`'s. */
export function problemOfPlace(place: Place, shown: Shown): string | null {
  if (place.kind !== placeKindOf(shown)) return 'artifacts.problem.place-kind';
  switch (place.kind) {
    case 'page':
      return Number.isInteger(place.page) && place.page >= 1 && place.page <= MOST_PAGES
        ? null
        : 'artifacts.problem.place-page';
    case 'time': {
      const { from, to } = place;
      return isSecond(from) && (to === undefined || (isSecond(to) && to >= from))
        ? null
        : 'artifacts.problem.place-time';
    }
    case 'region': {
      const { x, y, width, height } = place;
      const inside = [x, y, x + width, y + height].every(isShare) && width > 0 && height > 0;
      return inside && Math.min(width, height) >= SMALLEST_SIDE ? null : 'artifacts.problem.place-region';
    }
    case 'passage':
      return place.quote.trim() === '' ? 'artifacts.problem.place-passage' : null;
    case 'whole':
      return null;
  }
}

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

/** As it is kept: tenths of a second, ten-thousandths of a side, never beyond the edge by rounding. */
export function tidyPlace(place: Place): Place {
  if (place.kind === 'time') {
    const { from, to } = place;
    return { kind: 'time', from: rounded(from, 1), ...(to === undefined ? {} : { to: rounded(to, 1) }) };
  }
  if (place.kind !== 'region') return place;
  const [x, y] = [rounded(place.x, 4), rounded(place.y, 4)];
  const side = (from: number, length: number) => rounded(Math.min(length, 1 - from), 4);
  return { kind: 'region', x, y, width: side(x, place.width), height: side(y, place.height) };
}

/** A place in an address: `page:3`, `time:12.5-20`, `region:0.1,0.2,0.3,0.4`, `passage:120-180` (characters), `whole`. */
export function placeCode(place: Place): string {
  switch (place.kind) {
    case 'page':
      return `page:${place.page}`;
    case 'time':
      return `time:${place.from}${place.to === undefined ? '' : `-${place.to}`}`;
    case 'region':
      return `region:${[place.x, place.y, place.width, place.height].join(',')}`;
    case 'passage':
      return `passage:${place.start}-${place.start + place.quote.length}`;
    case 'whole':
      return 'whole';
  }
}

/** `text` is what the version says, for passages. Null for a code of no place in this work. */
export function placeFromCode(code: string, shown: Shown, text: string | null): Place | null {
  const [kind, where = ''] = code.split(':');
  const numbers = where.split(kind === 'region' ? ',' : '-').map(Number);
  const [first = NaN, second, third = NaN, fourth = NaN] = numbers;
  const found = ((): Place | null => {
    if (kind === 'page') return { kind, page: first };
    if (kind === 'time') return { kind, from: first, ...(second === undefined ? {} : { to: second }) };
    if (kind === 'region') return { kind, x: first, y: second ?? NaN, width: third, height: fourth };
    if (kind === 'passage' && text !== null && second !== undefined)
      return { kind, quote: oneLineEnd(text).slice(first, second), prefix: '', suffix: '', start: first };
    return kind === 'whole' ? { kind } : null;
  })();
  return found && problemOfPlace(found, shown) === null ? found : null;
}
