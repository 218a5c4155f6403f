/**
 * After closing: shows the changes that still wait on this device, row by row, and hands them in to the
 * office with the note. Without this script the form hands in what the server has.
 */
import { queuedField, queuedValue } from './scoring/changes.js';
import { Outbox } from './scoring/outbox.js';

interface HandedIn {
  applied?: string[];
  error?: { message?: string };
}

async function startHandIn(part: HTMLElement): Promise<void> {
  const { sheet: seatId = '', person = '' } = part.dataset;
  const outbox = await Outbox.open(person, seatId);
  const waiting = part.querySelector<HTMLElement>('[data-late-waiting]');
  const count = part.querySelector('[data-late-count]');
  const list = part.querySelector('[data-late-list]');
  const problem = part.querySelector<HTMLElement>('[data-late-problem]');

  const nameOf = (field: string): string => {
    // Of a group the label says whom the row is about.
    const dot = document.querySelector<HTMLElement>(`[data-dot="${CSS.escape(field.split('.')[1] ?? '')}"]`);
    return dot?.title ?? document.querySelector('#c-overall label')?.textContent ?? '';
  };
  const wordsOf = (field: string, value: string): string => {
    const input = document.querySelector(`input[name="${CSS.escape(field)}"][value="${CSS.escape(value)}"]`);
    return input?.closest('label')?.querySelector('.level-choice-name')?.textContent ?? value;
  };

  function show(): void {
    const changes = new Map(outbox.list().map(({ change }) => [queuedField(change), queuedValue(change)]));
    if (waiting) waiting.hidden = changes.size === 0;
    const words = part.dataset[changes.size === 1 ? 'sayOne' : 'sayOther'] ?? '';
    const number = new Intl.NumberFormat(document.documentElement.lang).format(changes.size);
    if (count) count.textContent = words.replace('{n}', number);
    list?.replaceChildren(
      ...[...changes].map(([field, value]) => {
        const item = document.createElement('li');
        const name = nameOf(field);
        item.textContent = name ? `${name}: ${wordsOf(field, value)}` : wordsOf(field, value);
        return item;
      }),
    );
  }

  async function handIn(form: HTMLFormElement): Promise<void> {
    const operations = outbox.list().map(({ id, device, seen, sequence, after, change }) => ({
      ...{ id, device, seen, sequence, after },
      ...change,
    }));
    const note = form.querySelector<HTMLTextAreaElement>('[name="note"]')?.value ?? '';
    const response = await fetch(form.action, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify({ operations: operations.slice(0, 200), note }),
      credentials: 'same-origin',
    }).catch(() => null);
    const answer = (await response?.json().catch(() => null)) as HandedIn | null;
    if (response?.ok && answer?.applied) {
      outbox.remove(answer.applied);
      if (outbox.list().length > 0) return handIn(form);
      window.location.reload();
      return;
    }
    if (!problem) return;
    problem.textContent = answer?.error?.message ?? part.dataset['sayOffline'] ?? '';
    problem.hidden = false;
  }

  show();
  part.querySelector('form')?.addEventListener('submit', (event) => {
    if (outbox.list().length === 0) return;
    event.preventDefault();
    void handIn(event.currentTarget as HTMLFormElement);
  });
}

const handInPart = document.querySelector<HTMLElement>('[data-late]');
if (handInPart) void startHandIn(handInPart);
