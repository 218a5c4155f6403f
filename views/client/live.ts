/**
 * Pages that follow by themselves. A board is sent the cards that have changed. Other pages are told that
 * something has; they then ask for themselves once more and put the marked parts in their place. What is
 * shown is always what the server would show.
 */
import { hasTypedForm } from './typed-forms.js';

const line = document.querySelector<HTMLElement>('[data-live]');
const soon = 200;
const aMinute = 60_000;
/** A line that comes back at once is not worth a word. */
const patience = 5_000;

let source: EventSource | null = null;
let waiting: number | undefined;
let doubting: number | undefined;
let asking = false;
let again = false;

function follow(): void {
  window.clearTimeout(waiting);
  waiting = window.setTimeout(() => void refresh(), soon + Math.random() * soon);
}

async function refresh(): Promise<void> {
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  try {
    const page = line?.dataset['page'] ?? location.pathname;
    const answer = await fetch(page, { headers: { Accept: 'text/html' }, cache: 'no-store' });
    if (answer.redirected) location.reload();
    // What a hand holds is not drawn anew under it; it asks again when it lets go.
    else if (answer.ok && !document.documentElement.classList.contains('is-dragging'))
      put(new DOMParser().parseFromString(await answer.text(), 'text/html'));
  } catch {
    // No network: the stream says so, and asks again when it is back.
  } finally {
    asking = false;
    if (again) {
      again = false;
      follow();
    }
  }
}

/** What somebody holds the focus on, what they have ticked, and how far the board is scrolled, stays. */
function put(fresh: Document): void {
  for (const part of document.querySelectorAll<HTMLElement>('[data-live-part]')) {
    const next = fresh.getElementById(part.id);
    if (!next || next.innerHTML === part.innerHTML) continue;
    // What somebody is about to send stays as they have read it: when it has changed since, the answer says how.
    if (part.querySelector('form[data-keep]') || hasTypedForm(part)) continue;
    const opened = [...part.querySelectorAll<HTMLDetailsElement>('details[open][id]')].map((each) => each.id);
    const focus = part.contains(document.activeElement) ? document.activeElement : null;
    const [href, id] = [focus?.getAttribute('href'), focus?.id];
    const places = [...part.querySelectorAll('.board-wrap')].map((each) => each.scrollLeft);
    const ticked = [...part.querySelectorAll<HTMLInputElement>('input:checked')].map(tickOf);
    part.replaceChildren(...[...next.childNodes].map((node) => document.importNode(node, true)));
    part.querySelectorAll('.board-wrap').forEach((each, at) => (each.scrollLeft = places[at] ?? 0));
    for (const each of part.querySelectorAll<HTMLDetailsElement>('details[id]'))
      if (opened.includes(each.id)) each.open = true;
    for (const each of part.querySelectorAll<HTMLInputElement>('input[id]'))
      if (ticked.includes(tickOf(each))) each.checked = true;
    const same = id ? `#${CSS.escape(id)}` : href ? `[href="${CSS.escape(href)}"]` : null;
    if (same) part.querySelector<HTMLElement>(same)?.focus({ preventScroll: true });
  }
  document.dispatchEvent(new Event('live:drawn'));
}

/** A tick stays on what it was made on: whose value is another one now, that is something else to decide. */
const tickOf = ({ id, value }: HTMLInputElement): string => `${id} ${value}`;

interface Card {
  slotId: string;
  startsAt: string;
  minutes: number;
  room: string;
  board: string;
  list: string;
}

/**
 * A card that stays where it is takes the place of the one before it; one that goes elsewhere needs the whole board.
 */
function putCards(cards: readonly Card[]): void {
  if (document.documentElement.classList.contains('is-dragging')) {
    follow();
    return;
  }
  for (const card of cards) {
    const places = document.querySelectorAll<HTMLElement>(
      `.board-place[data-card="${CSS.escape(card.slotId)}"]`,
    );
    // Of a long board only one page is shown.
    if (places.length === 0 && line?.dataset['many'] !== undefined) continue;
    const stays = [...places].every(
      ({ dataset }) =>
        dataset['starts'] === card.startsAt &&
        dataset['minutes'] === String(card.minutes) &&
        dataset['room'] === card.room,
    );
    if (places.length === 0 || !stays) {
      follow();
      return;
    }
    for (const place of places) {
      const html = place.closest('.board-list') ? card.list : card.board;
      const fresh = new DOMParser().parseFromString(html, 'text/html').querySelector('.board-place');
      if (fresh && !hasTypedForm(place)) replace(place, fresh);
    }
  }
  document.dispatchEvent(new Event('live:drawn'));
}

/** The focus inside of it stays on the same link or button. */
function replace(old: HTMLElement, fresh: Element): void {
  const focus = old.contains(document.activeElement) ? document.activeElement : null;
  const same = focus?.id ? `#${CSS.escape(focus.id)}` : focus ? 'a' : null;
  const next = document.importNode(fresh, true);
  old.replaceWith(next);
  if (same) next.querySelector<HTMLElement>(same)?.focus({ preventScroll: true });
}

function putParts(parts: Readonly<Record<string, string>>): void {
  for (const [id, html] of Object.entries(parts)) {
    const part = document.getElementById(id);
    if (part && hasTypedForm(part)) continue;
    const fresh = new DOMParser().parseFromString(html, 'text/html').body;
    part?.replaceChildren(...[...fresh.childNodes].map((node) => document.importNode(node, true)));
  }
}

const read = <T>(event: Event): T => JSON.parse((event as MessageEvent<string>).data) as T;

/** A page about one presentation need not follow the others. */
function concerns(event: Event): boolean {
  const { slotId } = read<{ slotId?: string }>(event);
  return !line?.dataset['slot'] || !slotId || slotId === line.dataset['slot'];
}

function say(words: string | undefined): void {
  window.clearTimeout(doubting);
  if (!line || line.textContent === words) return;
  line.hidden = false;
  line.textContent = words ?? '';
}

function connect(address: string): void {
  source = new EventSource(address);
  source.addEventListener('change', (event) => {
    if (concerns(event)) follow();
  });
  source.addEventListener('cards', (event) => putCards(read<{ cards: Card[] }>(event).cards));
  source.addEventListener('parts', (event) => putParts(read<Record<string, string>>(event)));
  // New here, or away for too long: the whole page once, and nothing is missed from then on.
  source.addEventListener('whole', follow);
  source.addEventListener('open', () => say(line?.dataset['on']));
  source.addEventListener('error', () => {
    window.clearTimeout(doubting);
    doubting = window.setTimeout(() => say(line?.dataset['off']), patience);
  });
}

const address = line?.dataset['live'];
if (address) {
  document.addEventListener('live:ask', follow);
  connect(address);
  // A page that nobody looks at holds no line; a browser has only six of them.
  document.addEventListener('visibilitychange', () => {
    source?.close();
    source = null;
    if (document.visibilityState === 'visible') connect(address);
  });
  // What is under way changes with the clock alone, too.
  window.setInterval(() => document.visibilityState === 'visible' && follow(), aMinute);
}
