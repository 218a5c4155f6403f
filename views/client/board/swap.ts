/**
 * Where the place that somebody wants is taken by one other presentation, the two may be swapped: offered in
 * the bar, done by the server.
 */
import { putSwap } from './ask.js';
import { askWhy, noNote, reasonGiven, say, showBar, whereText, barText } from './bar.js';
import { shownOf, takerOf, type BoardPlace, type ShownPlace } from './place.js';

interface Offer {
  slot: ShownPlace;
  other: ShownPlace;
}
let offer: Offer | null = null;
let asksWhy = false;

/** With whom the slot could be swapped there; null when the place is not taken by exactly one. */
export function offerSwap(slot: ShownPlace, at: BoardPlace): ShownPlace | null {
  const other = takerOf(slot.id, at, slot.minutes);
  if (offer?.other.id !== other?.id) asksWhy = false;
  offer = other ? { slot, other } : null;
  return other;
}

export const withdrawSwap = (): void => {
  offer = null;
  asksWhy = false;
};

/** @param done called before the bar says how it went, so that nothing is held any more */
export async function swap(done: () => void): Promise<void> {
  const now = offer;
  if (!now) return;
  const slot = shownOf(now.slot.id) ?? now.slot;
  const other = shownOf(now.other.id) ?? now.other;
  if (asksWhy && reasonGiven() === '') {
    askWhy();
    say(barText('why'));
    return;
  }
  const answer = await putSwap(slot, other, reasonGiven());
  if (offer !== now) return;
  done();
  noNote();
  if (answer.done) {
    withdrawSwap();
    tell(slot, other, barText('swapped'), 'told');
    document.dispatchEvent(new Event('live:ask'));
    return;
  }
  offer = answer.asksWhy || answer.says === null ? now : null;
  asksWhy = answer.asksWhy;
  tell(slot, other, answer.says ?? barText('offline'), answer.asksWhy ? 'warned' : 'broken');
  if (asksWhy) askWhy();
  else document.dispatchEvent(new Event('live:ask'));
}

function tell(slot: ShownPlace, other: ShownPlace, state: string, kind: 'told' | 'warned' | 'broken'): void {
  showBar({
    ...{ name: slot.name, where: whereText(slot, other), state, kind },
    acts: offer ? ['swap', 'close'] : ['close'],
    asksWhy,
    swapWith: other.name,
  });
  say(state);
}
