/**
 * What every form of a page carries with it: who opened it, on which page, and which of its fields are secret. So a form that comes back
 * after the sign-in has ended is still known to be its writer's, and one person's form is never saved as somebody else's. It gives no right.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** Name of the hidden field. Routes never see it. */
export const openedField = '_opened';

export interface Writer {
  personId: string;
  /** Null for network staff. */
  schoolId: string | null;
}

export interface OpenedForm {
  /** Null: nobody was signed in. */
  writer: Writer | null;
  /** The page on which the form is, with its query. */
  page: string;
  /** Where the form goes; its buttons may go elsewhere. Empty: to its own page. */
  action: string;
  /** It has fields to fill in, not only buttons. */
  typed: boolean;
  /** Names of fields whose values are never kept or shown. */
  secrets: string[];
}

/** Only an address of this site, in the characters that an address has. */
export const isLocalAddress = (address: string): boolean =>
  address.length <= 2000 && /^\/(?![/\\])[\x21\x23-\x7e]*$/.test(address);

const nameOf = ({ personId, schoolId }: Writer): string => `${personId}.${schoolId ?? ''}`;
const signature = (key: Buffer, writer: Writer): string =>
  createHmac('sha256', key).update(nameOf(writer)).digest('base64url').slice(0, 32);

/** Proves who opened a form. @param key 32 bytes of this installation */
export const writerMark = (key: Buffer, writer: Writer | null): string =>
  writer === null ? '-' : `${nameOf(writer)}.${signature(key, writer)}`;

/** With which the copies on a device are encrypted: only whoever signs in as this person gets it. @param key 32 bytes of this installation */
export const deviceKey = (key: Buffer, personId: string): string =>
  createHmac('sha256', key).update(personId).digest('base64');

function writerOf(keys: readonly Buffer[], mark: string): Writer | null {
  const [personId = '', schoolId = '', given = ''] = mark.split('.');
  const writer = { personId, schoolId: schoolId || null };
  const proves = (key: Buffer): boolean => {
    const expected = Buffer.from(signature(key, writer));
    const found = Buffer.from(given);
    return expected.length === found.length && timingSafeEqual(expected, found);
  };
  return keys.some(proves) ? writer : null;
}

const formTag = /<form\b[^>]*>/g;
const attributeOf = (tag: string, name: string): string | null =>
  new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? null;
const typedField = /<(?:textarea|select)\b|<input\b(?![^>]*\btype="(?:hidden|submit|button)")/;
const secretName = /<input\b[^>]*\btype="password"[^>]*>/g;

/** Whether a page has a form that changes something. */
export const isPostForm = (tag: string): boolean => attributeOf(tag, 'method')?.toLowerCase() === 'post';

/**
 * The page with the mark in each of its POST forms.
 * @param writer a `writerMark`
 * @param page address of the page, with its query
 */
export function markForms(html: string, writer: string, page: string): string {
  const address = isLocalAddress(page) ? page.replaceAll('&', '&amp;').replaceAll('<', '&lt;') : '/';
  return html.replace(formTag, (tag: string, at: number) => {
    if (!isPostForm(tag)) return tag;
    const end = html.indexOf('</form>', at);
    const inside = html.slice(at + tag.length, end < 0 ? undefined : end);
    const secrets = inside.match(secretName)?.map((input) => attributeOf(input, 'name') ?? '') ?? [];
    const action = attributeOf(tag, 'action') || '-';
    const value = [writer, address, action, typedField.test(inside) ? 'typed' : '-', ...secrets].join(' ');
    return `${tag}<input type="hidden" name="${openedField}" value="${value}">`;
  });
}

/** Null where a form carries none. @param keys of this installation, also earlier ones */
export function readOpened(keys: readonly Buffer[], value: unknown): OpenedForm | null {
  if (typeof value !== 'string') return null;
  const [writer = '', page = '', action = '', typed = '', ...secrets] = value.split(' ');
  if (!isLocalAddress(page)) return null;
  return {
    writer: writerOf(keys, writer),
    page,
    action: isLocalAddress(action) ? action : '',
    typed: typed === 'typed',
    secrets,
  };
}
