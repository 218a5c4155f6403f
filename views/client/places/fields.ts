/**
 * The fields of a place, set by hand: a rectangle is drawn, a moment taken from what plays, words are
 * selected. The fields stay what counts, so that everything can be typed as well.
 */
import { clockTime, secondsOf } from '../../../server/artifacts/clock-time.js';
import { anchor } from '../../../server/artifacts/passage.js';
import { drawOn, showRectangle } from './draw.js';
import type { PlaceOnWork } from './place.js';

const input = (box: HTMLElement, name: string) =>
  box.querySelector<HTMLInputElement | HTMLTextAreaElement>(`[name="${name}"]`);
const valueIn = (box: HTMLElement, name: string): string => input(box, name)?.value.trim() ?? '';
function setValue(box: HTMLElement, name: string, value: string): void {
  const field = input(box, name);
  if (field) field.value = value;
}
const percent = (share: number): string => String(Number((share * 100).toFixed(2)));

/** What the fields say now; null where they say no place. */
export function placeIn(box: HTMLElement): PlaceOnWork | null {
  switch (box.dataset['place']) {
    case 'page': {
      const page = Number(valueIn(box, 'page'));
      const pages = Number(box.dataset['pageCount'] ?? Infinity);
      return Number.isInteger(page) && page > 0 && page <= pages ? { kind: 'page', page } : null;
    }
    case 'time': {
      const from = secondsOf(valueIn(box, 'from'));
      const typed = valueIn(box, 'to');
      const to = secondsOf(typed);
      if (Number.isNaN(from) || (typed !== '' && !(to >= from))) return null;
      // A player may stop a little after the end that was measured.
      const end = Number(box.dataset['seconds'] ?? Infinity) + 0.5;
      if (from > end || to > end) return null;
      return typed === '' ? { kind: 'time', from } : { kind: 'time', from, to };
    }
    case 'region': {
      const [x = NaN, y = NaN, width = NaN, height = NaN] = ['x', 'y', 'width', 'height'].map(
        (name) => Number(valueIn(box, name).replace(',', '.') || NaN) / 100,
      );
      const fits = x >= 0 && y >= 0 && width >= 0.005 && height >= 0.005 && x + width <= 1.005;
      if (!fits || y + height > 1.005) return null;
      return { kind: 'region', x, y, width: Math.min(width, 1 - x), height: Math.min(height, 1 - y) };
    }
    case 'passage': {
      const text = box.querySelector('[data-text]')?.textContent ?? '';
      const sought = { quote: valueIn(box, 'quote'), start: Number(valueIn(box, 'start') || '0') };
      const passage = anchor(text, sought);
      return passage && { kind: 'passage', ...passage };
    }
    default:
      return { kind: 'whole' };
  }
}

/** Puts a place into the fields and shows it in the work. */
export function showPlace(box: HTMLElement, place: PlaceOnWork): void {
  if (place.kind === 'page') {
    setValue(box, 'page', String(place.page));
    turnTo(box, place.page);
  } else if (place.kind === 'time') {
    setValue(box, 'from', clockTime(place.from));
    setValue(box, 'to', place.to === undefined ? '' : clockTime(place.to));
    seek(box, place.from);
  } else if (place.kind === 'region') {
    for (const name of ['x', 'y', 'width', 'height'] as const) setValue(box, name, percent(place[name]));
    showRectangle(box, place);
  } else if (place.kind === 'passage') {
    setValue(box, 'quote', place.quote);
    setValue(box, 'start', String(place.start));
    mark(box, place.start, place.start + place.quote.length);
  }
}

function turnTo(box: HTMLElement, page: number): void {
  const frame = box.querySelector<HTMLIFrameElement>('[data-pages]');
  if (frame && page > 0) frame.src = `${frame.src.split('#')[0] ?? ''}#page=${page}`;
}

function seek(box: HTMLElement, seconds: number): void {
  const media = box.querySelector<HTMLMediaElement>('[data-media]');
  if (!media) return;
  const go = (): void => void (media.currentTime = seconds);
  if (media.readyState > 0) go();
  else media.addEventListener('loadedmetadata', go, { once: true });
}

function mark(box: HTMLElement, from: number, to: number): void {
  const place = box.querySelector<HTMLElement>('[data-text]');
  const text = place?.textContent ?? '';
  if (!place) return;
  const marked = document.createElement('mark');
  marked.textContent = text.slice(from, to);
  place.replaceChildren(text.slice(0, from), marked, text.slice(to));
  place.scrollTop = marked.offsetTop - place.offsetTop - place.clientHeight / 3;
}

function followSelection(box: HTMLElement): void {
  const place = box.querySelector<HTMLElement>('[data-text]');
  const take = (): void => {
    const selection = document.getSelection();
    const range = selection && selection.rangeCount > 0 ? selection.getRangeAt(0) : null;
    if (!place || !range || !place.contains(range.startContainer) || !place.contains(range.endContainer))
      return;
    const words = range.toString();
    if (words.trim() === '') return;
    const before = document.createRange();
    before.selectNodeContents(place);
    before.setEnd(range.startContainer, range.startOffset);
    const lead = words.length - words.trimStart().length;
    setValue(box, 'quote', words.trim().slice(0, 1000));
    setValue(box, 'start', String(before.toString().length + lead));
  };
  place?.addEventListener('pointerup', () => setTimeout(take));
  place?.addEventListener('keyup', take);
  document.addEventListener('selectionchange', take);
}

/** Brings a set of fields to life; they are usable before and without. */
export function followHand(box: HTMLElement): void {
  box.querySelectorAll<HTMLElement>('[data-by-hand]').forEach((one) => (one.hidden = false));
  drawOn(box, (region) => {
    for (const name of ['x', 'y', 'width', 'height'] as const) setValue(box, name, percent(region[name]));
  });
  const media = box.querySelector<HTMLMediaElement>('[data-media]');
  box.querySelectorAll<HTMLElement>('[data-now]').forEach((button) => {
    button.addEventListener('click', () =>
      setValue(box, button.dataset['now'] ?? '', clockTime(media?.currentTime ?? 0)),
    );
  });
  input(box, 'page')?.addEventListener('change', () => turnTo(box, Number(valueIn(box, 'page'))));
  box.addEventListener('input', () => {
    const place = placeIn(box);
    if (place?.kind === 'region') showRectangle(box, place);
  });
  if (box.dataset['place'] === 'passage') followSelection(box);
  const place = placeIn(box);
  if (place?.kind === 'region') showRectangle(box, place);
}
