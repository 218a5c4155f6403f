/**
 * A short form that is never lost (a visit, the sheet of a rehearsal): what is typed is kept on this phone
 * until the server has acknowledged it, and goes out by itself as soon as there is a network. Sent twice, it
 * counts once. Without script the form posts plainly.
 */
interface Kept {
  /** Names the sending: the server takes it once. */
  once: string;
  fields: [string, string][];
  /** Was sent, and no answer came. */
  waiting: boolean;
}

const form = document.querySelector<HTMLFormElement>('form[data-visit]');
const key = `vitrine-visit:${form?.dataset['visit'] ?? ''}`;
const everyMilliseconds = 10_000;
let sending = false;

function say(words: string | undefined): void {
  const line = form?.querySelector<HTMLElement>('[data-state]');
  if (line && line.textContent !== words) line.textContent = words ?? '';
}

function read(): Kept | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') as Kept | null;
  } catch {
    return null;
  }
}

/** False when the phone keeps nothing (a private window that is full, for example). */
function write(kept: Kept | null): boolean {
  try {
    if (kept) localStorage.setItem(key, JSON.stringify(kept));
    else localStorage.removeItem(key);
    return true;
  } catch {
    return false;
  }
}

const fieldsOf = (of: HTMLFormElement): [string, string][] =>
  [...new FormData(of)].filter(
    (pair): pair is [string, string] => typeof pair[1] === 'string' && pair[0] !== '_opened',
  );

function restore(of: HTMLFormElement, kept: Kept): void {
  for (const [name, value] of kept.fields) {
    for (const each of of.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(
      `[name="${CSS.escape(name)}"]`,
    )) {
      if (each instanceof HTMLInputElement && each.type === 'radio') each.checked = each.value === value;
      else if (each.localName !== 'button') each.value = value;
      if (each instanceof HTMLInputElement && each.type === 'radio' && each.checked)
        each.closest('details')?.setAttribute('open', '');
    }
  }
}

/** The form itself, with the button that was pressed. */
function plainly(of: HTMLFormElement, kept: Kept): void {
  for (const [name, value] of kept.fields) {
    if (name === 'then') {
      const pressed = document.createElement('input');
      Object.assign(pressed, { type: 'hidden', name, value });
      of.append(pressed);
    }
  }
  of.submit();
}

interface Refused {
  error?: { code?: string; message?: string };
}
const refusalIn = async (answer: Response): Promise<Refused['error']> =>
  ((await answer.json().catch(() => ({}))) as Refused).error;
/** A stand that pauses opens again: what was typed waits on this phone as it does without a network. */
const comesLater = async (answer: Response): Promise<boolean> =>
  ['stand-stopped', 'many-waiting'].includes((await refusalIn(answer))?.code ?? '');
const messageOf = async (answer: Response): Promise<string | undefined> => (await refusalIn(answer))?.message;

async function send(of: HTMLFormElement): Promise<void> {
  const kept = read();
  if (!kept?.waiting || sending) return;
  sending = true;
  try {
    const answer = await fetch(of.action, {
      method: 'POST',
      headers: { Accept: 'application/json' },
      body: new URLSearchParams(kept.fields),
    });
    if (answer.ok) {
      const { state } = (await answer.json()) as { state?: string };
      write(null);
      location.assign((state === 'submitted' && of.dataset['to']) || of.action);
    } else if (answer.status === 409 && (await comesLater(answer.clone())))
      say((await messageOf(answer)) || of.dataset['sayWaiting']);
    else if (answer.status === 401) say(of.dataset['saySignedOut']);
    else if (answer.status < 500 && answer.status !== 429) {
      // The server says why on the page itself; what was typed stays on the phone.
      write({ ...kept, waiting: false });
      say(of.dataset['sayRefused']);
      plainly(of, kept);
    } else say(of.dataset['sayWaiting']);
  } catch {
    say(of.dataset['sayWaiting']);
  } finally {
    sending = false;
  }
}

if (form) {
  const before = read();
  // A page that shows a problem knows better what was typed.
  if (before && !document.querySelector('.problem')) {
    // After closing the form is there only for what this phone still has.
    form.closest<HTMLElement>('[data-late]')?.removeAttribute('hidden');
    restore(form, before);
    say(before.waiting ? form.dataset['sayWaiting'] : form.dataset['sayKept']);
  }
  form.addEventListener('input', () => {
    // Changed after it was sent: that is another sending.
    const once = form.elements.namedItem('once') as HTMLInputElement;
    if (read()?.waiting) once.value = crypto.randomUUID();
    if (write({ once: once.value, fields: fieldsOf(form), waiting: false })) say(form.dataset['sayKept']);
  });
  form.addEventListener('submit', (event) => {
    const once = (form.elements.namedItem('once') as HTMLInputElement).value;
    // Where nothing can be kept, the plain form is the surer way.
    const button = event.submitter instanceof HTMLButtonElement ? event.submitter : null;
    const pressed: [string, string][] = button?.name ? [[button.name, button.value]] : [];
    if (!write({ once, fields: [...fieldsOf(form), ...pressed], waiting: true })) return;
    event.preventDefault();
    void send(form);
  });
  window.addEventListener('online', () => void send(form));
  window.setInterval(() => void send(form), everyMilliseconds);
  void send(form);
}

export {};
