/** The inputs of the sheet: reads what was chosen or typed, shows what lies on this device or came from the server. */
import { changeTo, type QueuedChange } from './changes.js';

const typing = new WeakMap<HTMLTextAreaElement, ReturnType<typeof setTimeout>>();
const lastTaken = new WeakMap<HTMLTextAreaElement, string>();

export interface Listener {
  take(change: QueuedChange): void;
  /** Words in the middle of being typed. */
  draft(field: string, value: string): void;
}

/** A choice goes out at once, words when the writer pauses or leaves the field. */
export function listen(form: HTMLFormElement, { take, draft }: Listener): void {
  form.querySelectorAll('textarea').forEach((area) => {
    lastTaken.set(area, area.value);
    grow(area);
  });
  const takeWords = (area: HTMLTextAreaElement): void => {
    clearTimeout(typing.get(area));
    typing.delete(area);
    if (lastTaken.get(area) === area.value) return;
    lastTaken.set(area, area.value);
    const change = changeTo(area.name, area.value);
    if (change) take(change);
  };
  form.addEventListener('change', ({ target }) => {
    if (target instanceof HTMLTextAreaElement) takeWords(target);
    else if (target instanceof HTMLInputElement) {
      const change = changeTo(target.name, target.value);
      if (change) take(change);
    }
  });
  form.addEventListener('input', ({ target }) => {
    if (!(target instanceof HTMLTextAreaElement)) return;
    grow(target);
    draft(target.name, target.value);
    clearTimeout(typing.get(target));
    typing.set(
      target,
      setTimeout(() => takeWords(target), 1200),
    );
  });
}

export function flushTyping(form: HTMLFormElement): void {
  form.querySelectorAll('textarea').forEach((area) => {
    if (typing.has(area)) area.dispatchEvent(new Event('change', { bubbles: true }));
  });
}

/** Every field of the sheet by name, without the choices between two answers. */
export function fieldNames(form: HTMLFormElement): string[] {
  const inputs = form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('textarea, input[type=radio]');
  return [...new Set([...inputs].map(({ name }) => name))].filter((name) => !name.startsWith('resolve.'));
}

export function showValue(form: HTMLFormElement, field: string, value: string): void {
  const name = CSS.escape(field);
  const area = form.querySelector<HTMLTextAreaElement>(`textarea[name="${name}"]`);
  if (area) {
    if (area.value === value) return;
    area.value = value;
    lastTaken.set(area, value);
    grow(area);
    return;
  }
  form
    .querySelectorAll<HTMLInputElement>(`input[type=radio][name="${name}"]`)
    .forEach((radio) => (radio.checked = radio.value === value));
}

/** For browsers that do not grow fields by themselves. */
function grow(area: HTMLTextAreaElement): void {
  if (CSS.supports('field-sizing', 'content')) return;
  area.style.blockSize = 'auto';
  area.style.blockSize = `${area.scrollHeight + 2}px`;
}

/** How many rows have an answer on this page, also while the server cannot be asked. */
export function markDots(form: HTMLFormElement): number {
  const rows = [...form.querySelectorAll<HTMLElement>('[data-criterion]')];
  const answered = rows.filter((row) => {
    const isAnswered = row.querySelector('input[name^="level."]:checked') !== null;
    const dot = document.querySelector(`[data-dot="${CSS.escape(row.dataset['criterion'] ?? '')}"]`);
    dot?.classList.toggle('answered', isAnswered);
    return isAnswered;
  });
  return answered.length;
}

/** The dot of the row in view is the current one. */
export function followDots(form: HTMLFormElement): void {
  const dots = document.querySelector('.dots');
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        const id = (entry.target as HTMLElement).dataset['criterion'] ?? '';
        const dot = document.querySelector(`[data-dot="${CSS.escape(id)}"]`);
        if (!entry.isIntersecting) dot?.removeAttribute('aria-current');
        else {
          dot?.setAttribute('aria-current', 'true');
          // Only the row of dots moves; scrollIntoView would move the page as well.
          if (dot instanceof HTMLElement && dots) dots.scrollLeft = dot.offsetLeft - dots.clientWidth / 2;
        }
      }
    },
    { rootMargin: '-45% 0px -54% 0px' },
  );
  form.querySelectorAll('[data-criterion]').forEach((row) => watcher.observe(row));
}
