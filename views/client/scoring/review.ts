/**
 * Review and submit without a network: the same question as on the review page, answered from what lies on this device.
 */
import { NOT_OBSERVED } from './changes.js';

const isScored = (chosen: Element | null | undefined): boolean =>
  chosen?.querySelector('input')?.value !== NOT_OBSERVED && chosen != null;

export interface ReviewNeeds {
  form: HTMLFormElement;
  /** Keeps the wish on this device; it goes out after every change has. */
  wish(submit: boolean): void;
}

/** The part of the page that shows the answers and asks for the submission; null on a page that has none. */
export function offlineReview({ form, wish }: ReviewNeeds) {
  const part = document.querySelector<HTMLElement>('#offline-review');
  if (!part) return null;
  const ready = part.querySelector<HTMLElement>('[data-ready]');
  const missing = part.querySelector<HTMLElement>('[data-missing]');

  function open(hasConflicts: boolean): void {
    let open = 0;
    part?.querySelectorAll<HTMLElement>('[data-review]').forEach((row) => {
      const field = form.querySelector(`[data-criterion="${CSS.escape(row.dataset['review'] ?? '')}"]`);
      const chosen = field?.querySelector('input[name^="level."]:checked')?.closest('label');
      const words = chosen?.querySelector('.level-choice-name')?.textContent;
      const unproven =
        row.dataset['asksForPin'] === 'yes' && isScored(chosen) && !field?.querySelector('[data-own]');
      if ((!words && row.dataset['required'] === 'yes') || unproven) open += 1;
      row.querySelectorAll<HTMLElement>('[data-no-pin]').forEach((one) => (one.hidden = !unproven));
      const place = row.querySelector('[data-review-answer]');
      if (place) place.textContent = words ?? row.dataset['open'] ?? '';
    });
    if (ready) ready.hidden = open > 0 || hasConflicts;
    if (missing) missing.hidden = open === 0 && !hasConflicts;
    if (!part) return;
    part.hidden = false;
    part.scrollIntoView();
    part.querySelector<HTMLElement>('h2')?.focus();
  }

  function close(): void {
    if (part) part.hidden = true;
  }

  part.querySelector('[data-submit]')?.addEventListener('click', () => {
    const { startsAt, sayEarly = '' } = form.dataset;
    const isEarly = startsAt !== undefined && Date.now() < Date.parse(startsAt);
    if (isEarly && !window.confirm(sayEarly)) return;
    wish(true);
    close();
  });
  part.querySelector('[data-close]')?.addEventListener('click', close);
  document.querySelector('[data-take-back]')?.addEventListener('click', () => wish(false));
  return { open };
}
