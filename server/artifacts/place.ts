/**
 * A place inside one version of a work, after the selectors of the W3C Web Annotation Data Model (fragment,
 * media fragment, text quote with position): exact enough to stand as proof, and free of anything that a
 * browser decides. Each way of showing a work has one kind of place; any other is refused. Pure.
 */
import { clockTime } from './clock-time.js';
import type { ShownKind } from './show-version.js';
import { oneLineEnd, type Passage } from './passage.js';
import type { MessageParams } from '../errors.js';

export type PinPlace =
  /** A page of a PDF; 1 is the first sheet, whatever number is printed on it. */
  | { kind: 'page'; page: number }
  /** Seconds from the beginning; without `to` a moment. */
  | { kind: 'time'; from: number; to?: number | undefined }
  /** Shares (0 to 1) of the width and height of the upright picture, from its left upper corner. */
  | { kind: 'region'; x: number; y: number; width: number; height: number }
  | ({ kind: 'passage' } & Passage)
  /** Where nothing inside can be pointed at: a link, or a file that browsers do not show. */
  | { kind: 'whole' };
export type PlaceKind = PinPlace['kind'];

export const placeKinds = ['page', 'time', 'region', 'passage', 'whole'] as const satisfies PlaceKind[];

const kindsByShown: Record<ShownKind, PlaceKind> = {
  pdf: 'page',
  audio: 'time',
  video: 'time',
  image: 'region',
  text: 'passage',
  link: 'whole',
  file: 'whole',
  damaged: 'whole',
  'taken-down': 'whole',
};

export const MAX_PAGES = 20_000;
/** Two days: longer than any recording. */
export const MAX_PLACE_SECONDS = 172_800;
/** Smaller than this share of a side nobody can see what is meant. */
const SMALLEST_SIDE = 0.005;

/** How long a work is; empty where somebody looked and nothing could be found, as in a locked or damaged file. */
export interface Extent {
  pages?: number;
  seconds?: number;
}

/** Whether places in a work cannot be checked, because its pages or seconds cannot be counted. */
export const isUncounted = (shown: ShownKind, extent: Extent | undefined): boolean => {
  const kind = kindsByShown[shown];
  if (extent === undefined) return false;
  return (kind === 'page' && extent.pages === undefined) || (kind === 'time' && extent.seconds === undefined);
};

/** The kind of place that a work has. Where its pages or seconds cannot be counted, a pin stands for all of it. */
export const placeKindOf = (shown: ShownKind, extent?: Extent): PlaceKind =>
  isUncounted(shown, extent) ? 'whole' : kindsByShown[shown];

export interface PlaceProblem {
  /** Message key. */
  message: string;
  params?: MessageParams;
  /** Of the form, where another one than the first of its kind is wrong. */
  field?: 'to' | 'y' | 'width' | 'height';
}

/** The sum of two shares may lie a hair above 1. */
const HAIR = 1e-9;
/** A player stops where it says, which may be a little after the end that was measured. */
const SLACK_SECONDS = 0.5;

const problem = (
  name: string,
  field?: PlaceProblem['field'],
  params?: PlaceProblem['params'],
): PlaceProblem => ({
  message: `artifacts.problem.place-${name}`,
  ...(field ? { field } : {}),
  ...(params ? { params } : {}),
});

function problemOfPage(page: number, pages: number | undefined): PlaceProblem | null {
  if (!Number.isInteger(page) || page < 1 || page > MAX_PAGES) return problem('page');
  return pages !== undefined && page > pages ? problem('page-beyond', undefined, { count: pages }) : null;
}

function problemOfTime({ from, to }: { from: number; to?: number | undefined }, length?: number) {
  for (const [second, field] of [[from], [to, 'to']] as const) {
    if (second === undefined) continue;
    if (!Number.isFinite(second) || second < 0 || second > MAX_PLACE_SECONDS) return problem('time', field);
    if (length !== undefined && second > length + SLACK_SECONDS)
      return problem('time-beyond', field, { length: clockTime(length) });
  }
  return to !== undefined && to < from ? problem('time-order', 'to') : null;
}

type Region = Extract<PinPlace, { kind: 'region' }>;

function problemOfRegion(region: Region): PlaceProblem | null {
  const sides = [
    { from: region.x, length: region.width, start: undefined, side: 'width' },
    { from: region.y, length: region.height, start: 'y', side: 'height' },
  ] as const;
  for (const { from, length, start, side } of sides) {
    if (!Number.isFinite(from) || from < 0 || from >= 1) return problem('region-start', start);
    if (!(length >= SMALLEST_SIDE)) return problem('region', side);
    if (from + length > 1 + HAIR)
      return problem('region-beyond', side, { maximum: rounded((1 - from) * 100, 2) });
  }
  return null;
}

/**
 * What speaks against a place in a work that is shown so and is so long, or null. Whether a passage is there
 * is `anchor`'s.
 * @param extent left out where nobody could look
 */
export function problemOfPlace(place: PinPlace, shown: ShownKind, extent?: Extent): PlaceProblem | null {
  const kind = placeKindOf(shown, extent);
  if (place.kind !== kind)
    return problem(place.kind === placeKindOf(shown) ? `${place.kind}-uncounted` : 'kind');
  switch (place.kind) {
    case 'page':
      return problemOfPage(place.page, extent?.pages);
    case 'time':
      return problemOfTime(place, extent?.seconds);
    case 'region':
      return problemOfRegion(place);
    case 'passage':
      return place.quote.trim() === '' ? problem('passage') : null;
    case 'whole':
      return null;
  }
}

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

/** As it is kept: tenths of a second, ten-thousandths of a side, never beyond the end or the edge by rounding. */
export function tidyPlace(place: PinPlace, { seconds = Infinity }: Extent = {}): PinPlace {
  if (place.kind === 'time') {
    const { from, to } = place;
    const kept = (second: number): number => Math.min(rounded(second, 1), seconds);
    return { kind: 'time', from: kept(from), ...(to === undefined ? {} : { to: kept(to) }) };
  }
  if (place.kind !== 'region') return place;
  const [x, y] = [rounded(place.x, 4), rounded(place.y, 4)];
  const side = (from: number, length: number) => rounded(Math.min(length, 1 - from), 4);
  return { kind: 'region', x, y, width: side(x, place.width), height: side(y, place.height) };
}

/**
 * A place in an address: `page:3`, `time:12.5-20`, `region:0.1,0.2,0.3,0.4`, `passage:120-180` (characters), `whole`.
 */
export function placeCode(place: PinPlace): string {
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
export function placeFromCode(code: string, shown: ShownKind, text: string | null): PinPlace | null {
  const [kind, where = ''] = code.split(':');
  if (kind === 'whole') return ['page', 'time', 'whole'].includes(placeKindOf(shown)) ? { kind } : null;
  const numbers = where.split(kind === 'region' ? ',' : '-').map(Number);
  const [first = NaN, second, third = NaN, fourth = NaN] = numbers;
  const found = ((): PinPlace | null => {
    if (kind === 'page') return { kind, page: first };
    if (kind === 'time') return { kind, from: first, ...(second === undefined ? {} : { to: second }) };
    if (kind === 'region') return { kind, x: first, y: second ?? NaN, width: third, height: fourth };
    if (kind === 'passage' && text !== null && second !== undefined)
      return { kind, quote: oneLineEnd(text).slice(first, second), prefix: '', suffix: '', start: first };
    return null;
  })();
  return found && problemOfPlace(found, shown) === null ? found : null;
}
