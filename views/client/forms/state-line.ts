/** The line under a form that says whether what is typed is kept. */
import { settings } from './settings.js';

const alarming = new Set(['notSaved', 'notSent', 'check', 'signedOut', 'elsewhere', 'checkSchool']);
/** Where somebody mends it, in another tab. */
const signIn = { href: settings?.signInAt ?? '/sign-in', words: 'signIn' };
const schools = { href: '/memberships', words: 'schools' };
const ways: Readonly<Record<string, { href: string; words: string }>> = {
  ...{ check: signIn, signedOut: signIn, elsewhere: schools, checkSchool: schools },
};

export class StateLine {
  private readonly line = document.createElement('p');

  constructor(private readonly form: HTMLFormElement) {
    this.line.className = 'draft-state';
    this.line.setAttribute('role', 'status');
    this.line.tabIndex = -1;
  }

  /** @param name of the words */
  show(name: string, values: Record<string, string>): void {
    const words = settings?.say(name, values) ?? '';
    if (!this.line.isConnected) this.form.append(this.line);
    this.line.classList.toggle('wrong', alarming.has(name));
    // Said once: a reader is not told the same again with every word that is typed.
    if (this.line.dataset['words'] === words) return;
    this.line.dataset['words'] = words;
    this.line.textContent = words;
    const way = ways[name];
    if (way) {
      const link = document.createElement('a');
      Object.assign(link, { href: way.href, target: '_blank', rel: 'noopener' });
      link.textContent = settings?.say(way.words) ?? '';
      this.line.append(' ', link);
    }
  }

  focus(): void {
    this.line.focus();
  }
}

/**
 * Before a form that was filled with what this device kept, until the page is left: says so, and offers the
 * form without it.
 */
export function showKeptNote(
  form: HTMLFormElement,
  { words, button: label }: { words: string; button: string },
  discard: () => void,
): void {
  const note = document.createElement('div');
  note.className = 'draft-note';
  note.setAttribute('role', 'note');
  const text = document.createElement('p');
  text.className = 'status';
  text.textContent = words;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'quiet small';
  button.textContent = label;
  button.addEventListener('click', discard);
  note.append(text, button);
  form.before(note);
}

/** Below each text that this device kept, the one that is saved by now. */
export function showNewer(saved: readonly { text: HTMLTextAreaElement; value: string }[]): void {
  for (const { text, value } of saved) {
    if (value.trim() === '' || value === text.value) continue;
    const part = document.createElement('details');
    part.className = 'saved-text';
    part.open = true;
    const title = document.createElement('summary');
    title.textContent = settings?.say('newer') ?? '';
    const words = document.createElement('pre');
    words.className = 'typed-text';
    words.dir = 'auto';
    words.textContent = value;
    part.append(title, words);
    text.after(part);
  }
}
