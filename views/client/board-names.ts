/**
 * A finger cannot point at a card without pressing it: where a card shows less than all of a name, the first
 * tap shows it in full and the second opens the presentation.
 */
const shownInFull = 'in-full';

const isCut = (card: Element): boolean =>
  [...card.children].some(
    (each) => each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1,
  );

function showOnly(place: Element | null): void {
  for (const each of document.querySelectorAll(`.board-place.${shownInFull}`))
    if (each !== place) each.classList.remove(shownInFull);
  place?.classList.add(shownInFull);
}

/** What the finger saw when it went down: the focus that follows shows the card in full before the click comes. */
let cutPlace: Element | null = null;

document.addEventListener(
  'pointerdown',
  (event) => {
    cutPlace = null;
    if (event.pointerType !== 'touch' || !(event.target instanceof Element)) return;
    const card = event.target.closest('.board .board-slot');
    const place = card?.closest('.board-place') ?? null;
    if (card && place && !place.classList.contains(shownInFull) && isCut(card)) cutPlace = place;
    else if (!place) showOnly(null);
  },
  true,
);

document.addEventListener(
  'click',
  (event) => {
    const place = event.target instanceof Element ? event.target.closest('.board-place') : null;
    const isFirst = place !== null && place === cutPlace && !(event.target as Element).closest('.board-take');
    cutPlace = null;
    if (!isFirst) return;
    event.preventDefault();
    event.stopPropagation();
    showOnly(place);
  },
  true,
);
