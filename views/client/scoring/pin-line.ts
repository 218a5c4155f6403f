/** One pin as a line of a list, from the pattern that the page brings with it, in the page's own words. */
import { clockTime } from '../../../server/artifacts/clock-time.js';
import type { PlaceOnWork } from '../places/place.js';

export interface ShownPin {
  id: string;
  artifactVersionId: string;
  place: PlaceOnWork;
  note: string;
}

const patternOf = (): HTMLTemplateElement | null => document.querySelector('#own-pin');

function wordsOf(place: PlaceOnWork, say: DOMStringMap): string {
  switch (place.kind) {
    case 'page':
      return (say['page'] ?? '').replace('{number}', String(place.page));
    case 'time':
      return (place.to === undefined ? (say['moment'] ?? '') : (say['span'] ?? ''))
        .replace('{from}', clockTime(place.from))
        .replace('{to}', clockTime(place.to ?? place.from));
    case 'passage':
      return (say['passage'] ?? '').replace('{quote}', () => place.quote);
    default:
      return say[place.kind] ?? '';
  }
}

const titleOf = (artifactVersionId: string): string =>
  document.querySelector(`[data-piece="${CSS.escape(artifactVersionId)}"]`)?.textContent?.trim() ?? '';

export function pinLine(pin: ShownPin): Node {
  const pattern = patternOf();
  const line = pattern?.content.cloneNode(true) as DocumentFragment | undefined;
  const item = line?.querySelector<HTMLElement>('[data-own]');
  if (!pattern || !item) return document.createDocumentFragment();
  item.dataset['own'] = pin.id;
  item.dataset['pin'] = JSON.stringify(pin);
  const fill = (selector: string, words: string): void => {
    const place = item.querySelector<HTMLElement>(selector);
    if (place) place.textContent = words;
  };
  fill('[data-pin-said]', wordsOf(pin.place, pattern.dataset));
  fill('[data-pin-title]', titleOf(pin.artifactVersionId));
  fill('[data-pin-note]', pin.note);
  if (pin.note === '') item.querySelector('[data-pin-note]')?.remove();
  return item;
}
