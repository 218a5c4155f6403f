/**
 * What every form of a page carries with it: who opened it, on which page, and which of its fields are
 * secret. So a form that comes back after the sign-in has ended is still known to be its writer's, and one
 * person's form is never saved as somebody else's. It gives no right.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { formKey, type HiddenField } from './form-key.js';
import { unescaped } from './page-forms.js';
import { openedField } from './typed-fields.js';

export interface Writer {
  personId: string;
  /** Null for network staff. */
  schoolId: string | null;
  /** `pass`: a guest, who comes back by the pass and has no account to sign in with. */
  via?: string;
}

export interface OpenedForm {
  /** Null: nobody was signed in. */
  writer: Writer | null;
  /** The page on which the form is, with its query. */
  page: string;
  /** Where the form goes; its buttons may go elsewhere. Empty: to its own page. */
  action: string;
  /** Which of the forms that go there, by `formKey`; null where the page is from before forms had a key. */
  form: string | null;
  /** It has fields to fill in, not only buttons. */
  typed: boolean;
  /** Names of fields whose values are never kept or shown. */
  secrets: string[];
  /** Opened within the last days: what comes with an older mark is kept for nobody who is not signed in. */
  recent: boolean;
}

/** Days for which a form that was opened can bring what is kept for its writer without a sign-in. */
const MAX_OPENED_DAYS = 4;
const dayOf = (now: Date): number => Math.floor(now.getTime() / (24 * 60 * 60 * 1000));

/** Only an address of this site, in the characters that an address has. */
export const isLocalAddress = (address: string): boolean =>
  address.length <= 2000 && /^\/(?![/\\])[\x21\x23-\x7e]*$/.test(address);

const nameOf = ({ personId, schoolId }: Writer): string => `${personId}.${schoolId ?? ''}`;
const signature = (key: Buffer, text: string): string =>
  createHmac('sha256', key).update(text).digest('base64url').slice(0, 32);

/**
 * Says whose page it is to the page's own script: its writer, signed in, compares it. It brings nothing.
 * @param key 32 bytes of this installation
 */
export const writerMark = (key: Buffer, writer: Writer): string =>
  `${nameOf(writer)}.${signature(key, nameOf(writer))}`;

/** Null where the mark is none of ours. @param keys of this installation, also earlier ones */
export function readWriterMark(keys: readonly Buffer[], mark: string): Writer | null {
  const [personId = '', schoolId = ''] = mark.split('.');
  const writer = { personId, schoolId: schoolId || null };
  return keys.some((key) => isSame(writerMark(key, writer), mark)) ? writer : null;
}

function isSame(expected: string, given: string): boolean {
  const [one, other] = [Buffer.from(expected), Buffer.from(given)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** Who opens a page, and when. */
export interface Opener {
  writer: Writer;
  /** 32 bytes of this installation. */
  key: Buffer;
  now: Date;
}

const signedText = (writer: Writer, day: string, form: string): string =>
  [`${nameOf(writer)}.${day}.${writer.via === 'pass' ? 'pass' : ''}`, form].join(' ');

/**
 * The value of a form's mark: who opened which form on which day, signed as a whole, so that it is good for
 * no other form.
 * @param form its page, its address, what it is, and its secrets
 */
export function openedMark(opener: Opener | null, form: string): string {
  if (opener === null) return `- ${form}`;
  const { key, writer, now } = opener;
  const day = String(dayOf(now));
  const signed = signature(key, signedText(writer, day, unescaped(form)));
  return `${nameOf(writer)}.${day}.${signed}${writer.via === 'pass' ? '.pass' : ''} ${form}`;
}

/**
 * With which the copies on a device are encrypted: only whoever signs in as this person gets it. @param key
 * 32 bytes of this installation
 */
export const deviceKey = (key: Buffer, personId: string): string =>
  createHmac('sha256', key).update(personId).digest('base64');

function writerOf(
  keys: readonly Buffer[],
  mark: string,
  form: string,
): { writer: Writer; day: number } | null {
  const [personId = '', schoolId = '', day = '', given = '', via] = mark.split('.');
  const writer = { personId, schoolId: schoolId || null, ...(via === 'pass' ? { via } : {}) };
  const proves = (key: Buffer) => isSame(signature(key, signedText(writer, day, form)), given);
  return keys.some(proves) ? { writer, day: Number(day) } : null;
}

const attributeOf = (tag: string, name: string): string | null =>
  new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? null;
const typedField = /<(?:textarea|select)\b|<input\b(?![^>]*\btype="(?:hidden|submit|button)")/;
const secretName = /<input\b[^>]*\btype="password"[^>]*>/g;

const isPost = (tag: string): boolean => attributeOf(tag, 'method')?.toLowerCase() === 'post';
const postButton = /<button\b(?=[^>]*\sformmethod="post")(?![^>]*\sname=)/g;
const hiddenField = /<input\b(?=[^>]*\stype="hidden")[^>]*>/g;

const hiddenIn = (inside: string): HiddenField[] =>
  (inside.match(hiddenField) ?? []).map((tag) => ({
    name: unescaped(attributeOf(tag, 'name') ?? ''),
    value: unescaped(attributeOf(tag, 'value') ?? ''),
  }));

/** A form as it stands in a page. */
export interface WrittenForm {
  /** Where its tag begins. */
  start: number;
  tag: string;
  /** Everything up to its end. */
  inside: string;
  /** In a pattern that the page's script fills in. */
  isPattern: boolean;
}

/** Every form of a page, in order. Reads our own pages only, in which a tag ends at its first `>`. */
export function writtenForms(html: string): WrittenForm[] {
  const forms: WrittenForm[] = [];
  let patternEnd = 0;
  let pattern = html.indexOf('<template');
  for (let start = html.indexOf('<form'); start >= 0;) {
    while (pattern >= 0 && pattern < start) {
      patternEnd = endOf(html, '</template>', pattern);
      pattern = html.indexOf('<template', patternEnd);
    }
    const from = endOf(html, '>', start);
    const end = endOf(html, '</form>', from);
    const inside = html.slice(from, end).replace(/<\/form>$/, '');
    forms.push({ start, tag: html.slice(start, from), inside, isPattern: start < patternEnd });
    start = html.indexOf('<form', end);
  }
  return forms;
}

function endOf(html: string, mark: string, from: number): number {
  const at = html.indexOf(mark, from);
  return at < 0 ? html.length : at + mark.length;
}

/** The page's own address; without what it was asked for where that is too long to come back to. */
function addressOf(page: string): string {
  const found = [page, page.split('?')[0]!].find(isLocalAddress) ?? '/';
  return found.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

/**
 * The page with the mark in each of its forms that change something. A form that only looks something up, but
 * for one of its buttons, has the mark on that button: it is nothing for an address.
 * @param opener null: nobody is signed in
 * @param page address of the page, with its query
 * @param forms of this page, where they have been looked for
 */
export function markForms(
  html: string,
  opener: Opener | null,
  page: string,
  forms: readonly WrittenForm[] = writtenForms(html),
): string {
  const address = addressOf(page);
  const markOf = ({ tag, inside }: WrittenForm): string => {
    const secrets = inside.match(secretName)?.map((input) => attributeOf(input, 'name') ?? '') ?? [];
    const action = attributeOf(tag, 'action') || '-';
    const kind = typedField.test(inside) ? `typed:${formKey(hiddenIn(inside))}` : '-';
    const about = [address, action, kind, ...secrets].join(' ');
    return `name="${openedField}" value="${openedMark(opener, about)}"`;
  };
  const parts: string[] = [];
  let done = 0;
  for (const form of forms) {
    const from = form.start + form.tag.length;
    if (isPost(form.tag)) {
      parts.push(html.slice(done, from), `<input type="hidden" ${markOf(form)}>`);
      done = from;
    } else if (form.inside.search(postButton) >= 0) {
      const inside = form.inside.replace(postButton, (button) => `${button} ${markOf(form)}`);
      parts.push(html.slice(done, from), inside);
      done = from + form.inside.length;
    }
  }
  return parts.join('') + html.slice(done);
}

export interface FormAddress {
  /** Empty: its own page. */
  action: string;
  form: string;
}

/** Of the forms of a page those into which a long text is typed, those aside that keep what is typed by themselves. */
export const longForms = (forms: readonly WrittenForm[]): FormAddress[] =>
  forms
    .filter(({ tag, inside, isPattern }) => {
      const isLong = !isPattern && inside.includes('<textarea') && !tag.includes('data-keeps-itself');
      return isLong && (isPost(tag) || inside.search(postButton) >= 0);
    })
    .map(({ tag, inside }) => ({
      action: unescaped(attributeOf(tag, 'action') ?? ''),
      form: formKey(hiddenIn(inside)),
    }));

/** Null where a form carries none. @param keys of this installation, also earlier ones */
export function readOpened(keys: readonly Buffer[], value: unknown, now: Date): OpenedForm | null {
  if (typeof value !== 'string') return null;
  const [mark = '', ...about] = value.split(' ');
  const [page = '', action = '', typed = '', ...secrets] = about;
  if (!isLocalAddress(page)) return null;
  const [kind, form = null] = typed.split(':');
  const opened = writerOf(keys, mark, about.join(' '));
  return {
    writer: opened?.writer ?? null,
    recent: opened !== null && Math.abs(dayOf(now) - opened.day) <= MAX_OPENED_DAYS,
    page,
    action: isLocalAddress(action) ? action : '',
    typed: kind === 'typed',
    form,
    secrets,
  };
}
