/**
 * One move at a time: a slot is held, tried at other places, and put down. What the server says of a place is
 * shown before it is put there; a refused move leaves the slot where it was, and a move of somebody else in
 * the meantime wins.
 */
import { askMove, putMove, type Verdict } from './ask.js';
import {
  askWhy,
  hideBar,
  noNote,
  noReason,
  noteAgain,
  noteBeside,
  reasonGiven,
  say,
  showBar,
  whereText,
  barText,
  type Go,
} from './bar.js';
import { offerSwap, withdrawSwap } from './swap.js';
import {
  ghostOf,
  nextStep,
  noGhost,
  slotElements,
  roomsAround,
  shownOf,
  type BoardPlace,
  type ShownPlace,
} from './place.js';

interface Held {
  slot: ShownPlace;
  at: BoardPlace;
  verdict: Verdict | null;
  putting: boolean;
}

/** The last move of this window, to take back. */
interface Last {
  id: string;
  back: BoardPlace;
  revision: number;
}

let held: Held | null = null;
let asking: AbortController | null = null;
let waiting: number | undefined;
let answered: Promise<void> = Promise.resolve();

const soon = 120;
const lastKey = `move ${location.pathname}`;
const trying: readonly Go[] = ['earlier', 'later', 'above', 'below', 'drop', 'cancel'];
const tellBoard = () => document.dispatchEvent(new Event('live:ask'));

export const heldId = (): string | null => held?.slot.id ?? null;

export function lastMove(): Last | null {
  try {
    return JSON.parse(sessionStorage.getItem(lastKey) ?? 'null') as Last | null;
  } catch {
    return null;
  }
}

function keepLast(last: Last | null): void {
  if (last) sessionStorage.setItem(lastKey, JSON.stringify(last));
  else sessionStorage.removeItem(lastKey);
}

export function take(id: string): boolean {
  if (held?.putting) return false;
  if (held) leave(false);
  noNote();
  const slot = shownOf(id);
  if (!slot) return false;
  withdrawSwap();
  held = { slot, at: { startsAt: slot.startsAt, room: slot.room }, verdict: null, putting: false };
  noReason();
  draw();
  say(barText('how'));
  ask();
  return true;
}

export function tryAt(at: BoardPlace): void {
  if (!held || held.putting || (at.startsAt === held.at.startsAt && at.room === held.at.room)) return;
  held.at = at;
  held.verdict = null;
  draw();
  ask();
}

export function go(way: 'earlier' | 'later' | 'above' | 'below'): void {
  if (!held) return;
  const { startsAt, room } = held.at;
  if (way === 'earlier' || way === 'later') {
    tryAt({ room, startsAt: nextStep(startsAt, way === 'later') });
    return;
  }
  const rooms = roomsAround(held.slot.id);
  const next = rooms[rooms.indexOf(room) + (way === 'below' ? 1 : -1)];
  if (next !== undefined) tryAt({ startsAt, room: next });
}

/** Asks once the slot rests for a moment; only the newest question counts. */
function ask(): void {
  window.clearTimeout(waiting);
  asking?.abort();
  const mine = new AbortController();
  asking = mine;
  answered = new Promise((resolve) => {
    waiting = window.setTimeout(() => {
      const now = held;
      if (!now || mine.signal.aborted) {
        resolve();
        return;
      }
      askMove(now.slot, now.at, mine.signal)
        .then((verdict) => {
          if (held !== now || mine.signal.aborted) return;
          now.verdict = verdict;
          if (verdict.kind === 'refused') putBack(verdict.says);
          else {
            draw();
            say(verdict.kind === 'offline' ? barText('offline') : verdict.says);
          }
        })
        .catch(() => undefined)
        .finally(resolve);
    }, soon);
  });
}

/** Puts the slot where it is held. */
export async function drop(): Promise<void> {
  const now = held;
  if (!now || now.putting) return;
  const { slot, at } = now;
  if (at.startsAt === slot.startsAt && at.room === slot.room) {
    leave(true);
    return;
  }
  now.putting = true;
  if (now.verdict === null) await answered;
  if (held !== now) return;
  const { verdict } = now;
  if (verdict?.kind === 'broken') {
    putBack(verdict.problems.join(' '));
    return;
  }
  if (verdict?.kind === 'warned' && reasonGiven() === '') {
    now.putting = false;
    askWhy();
    say(barText('why'));
    return;
  }
  const answer = await putMove(slot, at, verdict?.kind === 'warned' ? reasonGiven() : '');
  now.putting = false;
  if (held !== now) return;
  if ('revision' in answer) {
    keepLast({ id: slot.id, back: { startsAt: slot.startsAt, room: slot.room }, revision: answer.revision });
    finish(barText('moved'), 'told', ['undo', 'close'], whereText(slot, at), true);
    tellBoard();
  } else if (answer.kind === 'offline') {
    now.verdict = answer;
    draw();
    say(barText('offline'));
  } else putBack(answer.says);
}

/** Lets go without a change. @param stays the mark of it stands until the board is drawn anew */
export function leave(aloud: boolean, stays = false): void {
  asking?.abort();
  const id = held?.slot.id;
  held = null;
  hideBar();
  if (!stays) noGhost();
  if (id && !stays) for (const place of slotElements(id)) unmark(place);
  if (aloud) say(barText('stays'));
}

/** The slot stands where it stood, with the reason beside it; where another has the place, the two may be swapped. */
function putBack(why: string): void {
  if (!held) return;
  const { slot, at } = held;
  const other = offerSwap(slot, at);
  finish(why, 'broken', other ? ['swap', 'close'] : ['close'], whereText(slot, slot), false, other?.name);
  noteBeside(slot.id, why);
  tellBoard();
}

function finish(
  state: string,
  kind: 'told' | 'broken',
  acts: readonly Go[],
  where: string,
  stays = false,
  swapWith = '',
): void {
  const slot = held?.slot;
  leave(false, stays);
  if (slot) showBar({ name: slot.name, where, state, kind, acts, swapWith });
  say(state);
}

/** Takes the last move back, by the same rules as any move. */
export async function undo(): Promise<void> {
  const last = lastMove();
  if (!last || held) return;
  if (shownOf(last.id)?.revision !== last.revision) {
    // The board may not have heard of the move yet, or somebody has moved it on: the server knows.
    const slot = shownOf(last.id);
    if (!slot) {
      keepLast(null);
      return;
    }
    held = { slot: { ...slot, revision: last.revision }, at: last.back, verdict: null, putting: false };
  } else {
    take(last.id);
    tryAt(last.back);
  }
  keepLast(null);
  draw();
  ask();
  await drop();
}

/** The board was drawn anew: what is held stays held, unless somebody else has moved it. */
export function drawnAnew(): void {
  noteAgain();
  if (!held) noGhost();
  if (!held || held.putting) return;
  const slot = shownOf(held.slot.id);
  if (slot && slot.revision <= held.slot.revision) {
    draw();
    return;
  }
  const { name } = held.slot;
  leave(false);
  showBar({ name, where: '', state: barText('gone'), kind: 'broken', acts: ['close'] });
  say(barText('gone'));
}

function unmark(place: HTMLElement): void {
  place.classList.remove('held');
  place.querySelector('.board-take')?.setAttribute('aria-pressed', 'false');
}

function draw(): void {
  if (!held) return;
  const { slot, at, verdict } = held;
  for (const place of slotElements(slot.id)) {
    place.classList.add('held');
    place.querySelector('.board-take')?.setAttribute('aria-pressed', 'true');
  }
  const told = verdict?.kind;
  const kind = told === 'free' || told === 'warned' || told === 'broken' ? told : 'asking';
  const ghost = ghostOf(slot.id, at, slot.minutes);
  if (!ghost) noGhost();
  ghost?.classList.add(kind);
  if (ghost) ghost.textContent = slot.name;
  const other = told === 'broken' ? offerSwap(slot, at) : null;
  showBar({
    name: slot.name,
    where: whereText(slot, at),
    state: stateOf(held),
    kind,
    acts: other ? [...trying, 'swap'] : trying,
    swapWith: other?.name ?? '',
    asksWhy: told === 'warned',
  });
}

function stateOf({ verdict, slot, at }: Held): string {
  if (verdict === null) return barText('asking');
  if (verdict.kind === 'offline') return barText('offline');
  if (verdict.kind === 'broken' || verdict.kind === 'warned') return verdict.problems.join(' ');
  return at.startsAt === slot.startsAt && at.room === slot.room ? barText('how') : barText('free');
}
