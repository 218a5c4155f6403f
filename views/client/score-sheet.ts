/**
 * The score sheet saves itself: each change becomes an operation with an id of its own, is kept on this device until the
 * server has acknowledged it, and is sent again as often as needed. Without this script the page is an ordinary form.
 */
import { openOutbox, type Change, type Pending } from './score-outbox.js';

interface Answer {
  applied: string[];
  savedAt: string | null;
  progress: { done: number; total: number };
}

function startScoring(form: HTMLFormElement): void {
  const { sheet: seatId = '', timeZone = 'UTC' } = form.dataset;
  const outbox = openOutbox(seatId);
  const state = form.querySelector<HTMLElement>('[data-state]');
  const done = form.querySelector<HTMLElement>('[data-done]');
  let sending: Promise<void> | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let wait = 1000;

  form.classList.add('saves-itself');
  outbox.list().forEach(({ change }) => showChange(form, change));
  markDots(form);
  followDots(form);

  function say(words: string, troubled = false): void {
    if (state) state.textContent = words;
    state?.closest('.scoring-state')?.classList.toggle('troubled', troubled);
  }

  function sayWaiting(): void {
    const count = outbox.list().length;
    const words = (count === 1 ? form.dataset['sayWaitingOne'] : form.dataset['sayWaitingOther']) ?? '';
    say(words.replace('{n}', new Intl.NumberFormat(document.documentElement.lang).format(count)), true);
  }

  function saySaved(savedAt: string | null): void {
    if (savedAt === null) return;
    const time = new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: 'short', timeZone });
    say((form.dataset['saySaved'] ?? '').replace('{time}', time.format(new Date(savedAt))));
  }

  function take(change: Change): void {
    outbox.add(change);
    markDots(form);
    void send();
  }

  /** One request at a time, so that changes arrive in the order in which they were made. */
  function send(): Promise<void> {
    sending ??= sendAll().finally(() => (sending = null));
    return sending;
  }

  async function sendAll(): Promise<void> {
    clearTimeout(retry);
    for (let batch = outbox.list().slice(0, 50); batch.length > 0; batch = outbox.list().slice(0, 50)) {
      say(form.dataset['saySaving'] ?? '');
      if (!(await sendBatch(batch))) return;
    }
  }

  /** False when sending has to stop: later again, or not at all. */
  async function sendBatch(batch: Pending[]): Promise<boolean> {
    let response: Response;
    try {
      response = await fetch(`/seats/${seatId}/sheet/operations`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
        body: JSON.stringify({ operations: batch.map(({ id, change }) => ({ id, ...change })) }),
        credentials: 'same-origin',
      });
    } catch {
      return later();
    }
    if (response.ok) {
      const answer = (await response.json()) as Answer;
      answer.applied.forEach((id) => outbox.remove(id));
      wait = 1000;
      if (done) done.textContent = String(answer.progress.done);
      saySaved(answer.savedAt);
      return true;
    }
    if (response.status === 401) return stop(form.dataset['saySignedOut'] ?? '');
    if (response.status === 429 || response.status >= 500) return later();
    const problem = (await response.json().catch(() => null)) as {
      error?: { code?: string; message?: string };
    } | null;
    if (problem?.error?.code === 'sealed') return stop(form.dataset['saySealed'] ?? '');
    return stop(
      (form.dataset['sayRefused'] ?? '').replace(
        '{message}',
        problem?.error?.message ?? String(response.status),
      ),
    );
  }

  function later(): boolean {
    sayWaiting();
    retry = setTimeout(() => void send(), wait);
    wait = Math.min(wait * 2, 30_000);
    return false;
  }

  /** Nothing is thrown away: it stays on this device and goes out when the way is open again. */
  function stop(words: string): boolean {
    say(words, true);
    retry = setTimeout(() => void send(), 60_000);
    return false;
  }

  listen(form, take);
  window.addEventListener('online', () => void send());
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && void send());
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    flushTyping(form);
    void send().then(() => {
      if (outbox.list().length === 0) window.location.assign(`/seats/${seatId}/sheet/review`);
    });
  });
  window.addEventListener('pagehide', () => flushTyping(form));
  void send();
}

const typing = new WeakMap<HTMLTextAreaElement, ReturnType<typeof setTimeout>>();
const lastSent = new WeakMap<HTMLTextAreaElement, string>();

/** A choice goes out at once, words when the writer pauses or leaves the field. */
function listen(form: HTMLFormElement, take: (change: Change) => void): void {
  form.querySelectorAll('textarea').forEach((area) => {
    lastSent.set(area, area.value);
    grow(area);
  });
  const takeWords = (area: HTMLTextAreaElement): void => {
    clearTimeout(typing.get(area));
    typing.delete(area);
    if (lastSent.get(area) === area.value) return;
    lastSent.set(area, area.value);
    const change = changeOf(area);
    if (change) take(change);
  };
  form.addEventListener('change', (event) => {
    if (event.target instanceof HTMLTextAreaElement) takeWords(event.target);
    else if (event.target instanceof HTMLInputElement) {
      const change = changeOf(event.target);
      if (change) take(change);
    }
  });
  form.addEventListener('input', ({ target }) => {
    if (!(target instanceof HTMLTextAreaElement)) return;
    grow(target);
    clearTimeout(typing.get(target));
    typing.set(
      target,
      setTimeout(() => takeWords(target), 1200),
    );
  });
}

function flushTyping(form: HTMLFormElement): void {
  form.querySelectorAll('textarea').forEach((area) => {
    if (typing.has(area)) area.dispatchEvent(new Event('change', { bubbles: true }));
  });
}

/** The operation that an input stands for, by its name: level.<row>, comment.<row>, note.<row>.<level>, overall. */
function changeOf(input: HTMLInputElement | HTMLTextAreaElement): Change | null {
  const [kind, criterionId = '', levelId] = input.name.split('.');
  const value = input.value;
  if (kind === 'overall') return { kind: 'set-overall', comment: value };
  if (kind === 'comment') return { kind: 'set-comment', criterionId, comment: value };
  if (kind === 'note' && levelId !== undefined)
    return { kind: 'set-comment', criterionId, levelId, comment: value };
  if (kind !== 'level') return null;
  return value === ':not-observed'
    ? { kind: 'not-observed', criterionId, notObserved: true }
    : { kind: 'set-level', criterionId, levelId: value };
}

/** Puts what waits on this device back into the form, after a reload or a flat battery. */
function showChange(form: HTMLFormElement, change: Change): void {
  const named = (name: string): HTMLTextAreaElement | null =>
    form.querySelector(`textarea[name="${CSS.escape(name)}"]`);
  const choose = (criterionId: string, value: string): void => {
    const radios = form.querySelectorAll<HTMLInputElement>(
      `input[name="${CSS.escape(`level.${criterionId}`)}"]`,
    );
    radios.forEach((radio) => (radio.checked = radio.value === value));
  };
  if (change.kind === 'set-overall') setWords(named('overall'), change.comment);
  else if (change.kind === 'set-level') choose(change.criterionId, change.levelId);
  else if (change.kind === 'not-observed') choose(change.criterionId, ':not-observed');
  else {
    const place =
      change.levelId === undefined
        ? `comment.${change.criterionId}`
        : `note.${change.criterionId}.${change.levelId}`;
    setWords(named(place), change.comment);
  }
}

function setWords(area: HTMLTextAreaElement | null, words: string): void {
  if (area) area.value = words;
}

/** For browsers that do not grow fields by themselves. */
function grow(area: HTMLTextAreaElement): void {
  if (CSS.supports('field-sizing', 'content')) return;
  area.style.blockSize = 'auto';
  area.style.blockSize = `${area.scrollHeight + 2}px`;
}

function markDots(form: HTMLFormElement): void {
  form.querySelectorAll<HTMLElement>('[data-criterion]').forEach((row) => {
    const dot = document.querySelector(`[data-dot="${CSS.escape(row.dataset['criterion'] ?? '')}"]`);
    dot?.classList.toggle('answered', row.querySelector('input:checked') !== null);
  });
}

/** The dot of the row in view is the current one. */
function followDots(form: HTMLFormElement): void {
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

const sheetForm = document.querySelector<HTMLFormElement>('#sheet');
if (sheetForm) startScoring(sheetForm);
