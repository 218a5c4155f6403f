/**
 * The bar of a move: what is held, where it would go, what stands in the way, and buttons for everybody who
 * cannot drag.
 */
import { visiblePlaceOf, type BoardPlace, type ShownPlace } from './place.js';

export type Go = 'earlier' | 'later' | 'above' | 'below' | 'drop' | 'swap' | 'undo' | 'cancel' | 'close';

const bar = document.getElementById('move-bar');
const says = document.getElementById('move-says');
const part = (name: string) => bar?.querySelector<HTMLElement>(`[data-bar="${name}"]`);
const button = (go: Go) => bar?.querySelector<HTMLButtonElement>(`[data-go="${go}"]`);

/** One of the texts that came with the page. */
export const barText = (name: string): string => bar?.dataset[name] ?? '';

const clock = new Intl.DateTimeFormat(document.documentElement.lang || 'en', {
  hour: 'numeric',
  minute: '2-digit',
  timeZone: bar?.dataset['zone'] ?? 'UTC',
});
const timesOf = (at: BoardPlace, minutes: number): string =>
  `${clock.format(at.startsAt)} – ${clock.format(at.startsAt + minutes * 60_000)}`;

/** For those who listen. The same words twice are said twice. */
export function say(text: string): void {
  if (!says) return;
  says.textContent = says.textContent === text ? `${text}\u00a0` : text;
}

export interface Showing {
  name: string;
  where: string;
  state: string;
  kind: 'asking' | 'free' | 'warned' | 'broken' | 'told';
  acts: readonly Go[];
  /** Whether somebody must say why. */
  asksWhy?: boolean;
  /** With whom `swap` swaps. */
  swapWith?: string;
}

export function showBar({ name, where, state, kind, acts, asksWhy = false, swapWith = '' }: Showing): void {
  const title = document.getElementById('move-bar-name');
  if (!bar || !title) return;
  title.textContent = name;
  part('where')!.textContent = where;
  part('state')!.textContent = state;
  bar.dataset['kind'] = kind;
  for (const go of [
    'earlier',
    'later',
    'above',
    'below',
    'drop',
    'swap',
    'undo',
    'cancel',
    'close',
  ] as const) {
    const each = button(go);
    if (each) each.hidden = !acts.includes(go);
  }
  const swap = button('swap');
  if (swap) swap.textContent = barText('swap').replace('{name}', swapWith);
  part('reason')!.hidden = !asksWhy;
  part('steps')!.hidden = !acts.includes('earlier');
  bar.hidden = false;
  document.documentElement.classList.add('has-move-bar');
}

export const whereText = (held: ShownPlace, at: BoardPlace): string =>
  `${at.room} · ${timesOf(at, held.minutes)}`;

const reason = document.querySelector<HTMLInputElement>('#move-reason');
export const reasonGiven = (): string => reason?.value.trim() ?? '';
export const askWhy = (): void => reason?.focus();
export function noReason(): void {
  if (reason) reason.value = '';
}

export function hideBar(): void {
  if (bar) bar.hidden = true;
  document.documentElement.classList.remove('has-move-bar');
}

export function onBar(act: (go: Go) => void): void {
  bar?.addEventListener('click', (event) => {
    const go = (event.target as Element).closest<HTMLElement>('[data-go]')?.dataset['go'];
    if (go) act(go as Go);
  });
}

let noted: { id: string; text: string } | null = null;

/** Why a slot is back where it was, beside it, until the board is touched again. */
export function noteBeside(id: string, text: string): void {
  noNote();
  const box = visiblePlaceOf(id)?.getBoundingClientRect();
  if (!box) return;
  noted = { id, text };
  const note = document.createElement('p');
  note.className = 'board-note screen-only';
  note.textContent = text;
  (document.getElementById('content') ?? document.body).append(note);
  const room = document.documentElement.clientWidth - note.offsetWidth - 8;
  note.style.left = `${Math.max(8, Math.min(room, box.left)) + window.scrollX}px`;
  note.style.top = `${box.bottom + window.scrollY + 4}px`;
}

/** The board was drawn anew, or the window has another size. */
export function noteAgain(): void {
  if (noted) noteBeside(noted.id, noted.text);
}

export function noNote(): void {
  noted = null;
  document.querySelectorAll('.board-note').forEach((each) => each.remove());
}
