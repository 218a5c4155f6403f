/**
 * Moves by hand on the board: by drag (mouse, pen, and touch on the handle), by the arrow keys, or by the
 * buttons of the bar. Without script the form on the page of a presentation does the same.
 */
import { hideBar, noNote, onBar } from './board/bar.js';
import { drawnAnew, drop, go, heldId, leave, lastMove, take, tryAt, undo } from './board/move.js';
import { swap, withdrawSwap } from './board/swap.js';
import { grabOf, placeAt, shownOf } from './board/place.js';

/** Pixels that a hand trembles. */
const tremble = 6;
const edge = 48;

interface Drag {
  id: string;
  pointer: number;
  x: number;
  y: number;
  grab: number;
  began: boolean;
}
let drag: Drag | null = null;
let wasDragged = false;

const placeOf = (target: EventTarget | null): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>('.board-place[data-slot]') : null;
const isTake = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('.board-take') !== null;

document.addEventListener('pointerdown', (event) => {
  noNote();
  const place = placeOf(event.target);
  // A finger on a slot scrolls the page; a finger on its handle drags it.
  const drags =
    event.button === 0 && event.isPrimary && (event.pointerType === 'mouse' || isTake(event.target));
  const id = place?.dataset['slot'];
  if (!place || !drags || !id || place.closest('table[data-board]') === null) return;
  drag = {
    id,
    pointer: event.pointerId,
    x: event.clientX,
    y: event.clientY,
    grab: grabOf(id, event.clientX),
    began: false,
  };
});

document.addEventListener('pointermove', (event) => {
  if (!drag || event.pointerId !== drag.pointer) return;
  if (!drag.began) {
    if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < tremble) return;
    drag.began = take(drag.id);
    if (!drag.began) {
      drag = null;
      return;
    }
    document.documentElement.classList.add('is-dragging');
  }
  scrollAlong(event.clientX);
  const place = placeAt(event.clientX, event.clientY, shownOf(drag.id)?.minutes ?? 0, drag.grab);
  if (place) tryAt(place);
});

/** A board that is wider than the window comes along. */
function scrollAlong(x: number): void {
  const wrap = document.querySelector('.board-ghost')?.closest('.board-wrap');
  if (!wrap) return;
  const box = wrap.getBoundingClientRect();
  if (x < box.left + edge) wrap.scrollLeft -= 16;
  if (x > box.right - edge) wrap.scrollLeft += 16;
}

function letGo(event: PointerEvent, put: boolean): void {
  if (!drag || event.pointerId !== drag.pointer) return;
  const { began } = drag;
  drag = null;
  document.documentElement.classList.remove('is-dragging');
  if (!began) return;
  wasDragged = true;
  window.setTimeout(() => (wasDragged = false));
  if (put) void drop();
  else leave(true);
  document.dispatchEvent(new Event('live:ask'));
}
document.addEventListener('pointerup', (event) => letGo(event, true));
document.addEventListener('pointercancel', (event) => letGo(event, false));
document.addEventListener('dragstart', (event) => placeOf(event.target) && event.preventDefault());

document.addEventListener(
  'click',
  (event) => {
    const place = placeOf(event.target);
    if (wasDragged) {
      if (place) event.preventDefault();
      return;
    }
    const id = place?.dataset['slot'];
    if (!place || !id || !isTake(event.target)) return;
    if (heldId() === id) void drop();
    else take(id);
  },
  true,
);

const keys: Record<string, 'earlier' | 'later' | 'above' | 'below'> = {
  ArrowLeft: 'earlier',
  ArrowRight: 'later',
  ArrowUp: 'above',
  ArrowDown: 'below',
};
const mirrored = { earlier: 'later', later: 'earlier', above: 'above', below: 'below' } as const;
const types = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('input, textarea, select') !== null;

document.addEventListener('keydown', (event) => {
  if (types(event.target)) {
    // In the field for the reason, Enter puts the slot down and Escape leaves it, as everywhere.
    if ((event.target as Element).id !== 'move-reason') return;
    if (event.key === 'Enter') void drop();
    else if (event.key === 'Escape') leave(true);
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.key === 'z' && lastMove()) {
    event.preventDefault();
    void undo();
    return;
  }
  if (!heldId()) {
    if (event.key === 'Escape') {
      noNote();
      hideBar();
    }
    return;
  }
  const way = keys[event.key];
  if (way && !event.altKey && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    go(document.documentElement.dir === 'rtl' ? mirrored[way] : way);
  } else if (event.key === 'Escape') {
    event.preventDefault();
    leave(true);
  } else if (event.key === 'Enter' && isTake(event.target)) {
    // The button itself would take it up again.
    event.preventDefault();
    void drop();
  }
});

onBar((act) => {
  if (act === 'drop') void drop();
  else if (act === 'undo') void undo();
  else if (act === 'swap') void swap(() => leave(false));
  else if (act === 'cancel') leave(true);
  else if (act !== 'close') go(act);
  else {
    withdrawSwap();
    noNote();
    hideBar();
  }
});

document.addEventListener('live:drawn', drawnAnew);
window.addEventListener('resize', drawnAnew);
document.documentElement.classList.add('moves-slots');
