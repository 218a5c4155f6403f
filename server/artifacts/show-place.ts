/**
 * What pages and programs see of a place and of a pin: words to say it in, and an address that opens exactly
 * there. Pure.
 */
import { z } from 'zod';
import { clockTime } from './clock-time.js';
import { cutAt } from './passage.js';
import { placeCode, placeFromCode, placeKindOf, placeKinds, type PinPlace } from './place.js';
import type { Pin, PinnedWork } from './pin.js';
import { placeSchema } from './read-place.js';
import { fileHref, shownKinds } from './show-version.js';

/** Adds the place to a file's address: `#page=` for PDF viewers, a media fragment (`#t=`, W3C) for sound and film. */
function fileAt(href: string, place: PinPlace | null): string {
  if (place?.kind === 'page') return `${href}#page=${place.page}`;
  if (place?.kind === 'time') return `${href}#t=${place.from}${place.to === undefined ? '' : `,${place.to}`}`;
  return href;
}

/** The page of the work, with the place marked in it. */
export const placeHref = (work: PinnedWork, place: PinPlace): string =>
  `/artifacts/${work.artifactId}?version=${work.versionNumber}&at=${encodeURIComponent(placeCode(place))}`;

/** A place as the fields of a form say it; without one the beginning, or all of a picture. */
function fieldsOf(place: PinPlace | null) {
  const percent = (share: number): string => String(Number((share * 100).toFixed(2)));
  const { x, y, width, height } = place?.kind === 'region' ? place : { x: 0, y: 0, width: 1, height: 1 };
  return {
    page: place?.kind === 'page' ? String(place.page) : '1',
    from: place?.kind === 'time' ? clockTime(place.from) : '0:00',
    to: place?.kind === 'time' && place.to !== undefined ? clockTime(place.to) : '',
    ...{ x: percent(x), y: percent(y), width: percent(width), height: percent(height) },
    quote: place?.kind === 'passage' ? place.quote : '',
    start: place?.kind === 'passage' ? String(place.start) : '',
  };
}

/** All that a template needs to hang a version of a work with a place marked in it; `place` null: the work alone. */
export function workDisplay(work: PinnedWork, place: PinPlace | null) {
  const file = work.shown !== 'link' && work.shown !== 'text' && work.shown !== 'taken-down';
  const href = file ? fileHref(work.artifactId, work.versionNumber) : null;
  return {
    artifactVersionId: work.artifactVersionId,
    title: work.title,
    versionNumber: work.versionNumber,
    shown: work.shown,
    placeKind: placeKindOf(work.shown, work.extent),
    pages: work.extent?.pages ?? null,
    seconds: work.extent?.seconds ?? null,
    length: work.extent?.seconds === undefined ? null : clockTime(work.extent.seconds),
    href: href && fileAt(href, place),
    url: work.url,
    alt: work.altText,
    text: work.text,
    region: place?.kind === 'region' ? place : null,
    passage: place?.kind === 'passage' && work.text !== null ? cutAt(work.text, place) : null,
    fields: fieldsOf(place),
  };
}

/** A work by itself, with the place that an address names marked in it; a code of no place marks nothing. */
export function markedWork(work: PinnedWork, code: string | undefined) {
  const place = code ? placeFromCode(code, work.shown, work.text) : null;
  return { hung: workDisplay(work, place), place: place && placeView(place) };
}

/** The words of a place, as parts: the sentence stands in the texts. */
export function placeView(place: PinPlace) {
  const time = place.kind === 'time' ? place : null;
  return {
    kind: place.kind,
    page: place.kind === 'page' ? place.page : null,
    from: time && clockTime(time.from),
    to: time?.to === undefined ? null : clockTime(time.to),
    quote: place.kind === 'passage' ? place.quote : null,
  };
}

export const pinAnswer = z.object({
  id: z.string(),
  criterionId: z.string(),
  artifactVersionId: z.string(),
  title: z.string().describe('Of the work.'),
  versionNumber: z.number(),
  shown: z.enum(shownKinds),
  placeKind: z.enum(placeKinds),
  place: placeSchema,
  note: z.string(),
  href: z.string().describe('Opens the version of the work with the place marked.'),
});

/** Of a work that was taken down nothing is shown any more, not even the words that were marked in it. */
const shownPlace = ({ place }: Pick<Pin, 'place'>, work: Pick<PinnedWork, 'shown'>): PinPlace =>
  work.shown === 'taken-down' ? { kind: 'whole' } : place;

export const pinView = (pin: Pin, work: PinnedWork) => ({
  ...{ id: pin.id, criterionId: pin.criterionId, artifactVersionId: pin.artifactVersionId },
  title: work.title,
  versionNumber: work.versionNumber,
  shown: work.shown,
  placeKind: placeKindOf(work.shown),
  place: shownPlace(pin, work),
  said: placeView(shownPlace(pin, work)),
  note: pin.note,
  href: placeHref(work, shownPlace(pin, work)),
});
export type PinView = ReturnType<typeof pinView>;

/** Pins whose work is known, each as it is shown. */
export const pinViews = (pins: readonly Pin[], works: ReadonlyMap<string, PinnedWork>): PinView[] =>
  pins.flatMap((pin) => {
    const work = works.get(pin.artifactVersionId);
    return work ? [pinView(pin, work)] : [];
  });
