/**
 * Presses a button of a page as a browser does: what is sent, where and how follows from the form that the
 * button is in.
 */
import type { Client, Reply } from './client.js';

/** Null: there is no such attribute. */
const attribute = (attributes: string, name: string): string | null => {
  const found = new RegExp(`\\s${name}(?:="([^"]*)")?(?=[\\s>])`).exec(`${attributes}>`);
  return found && plain(found[1] ?? '');
};
const plain = (text: string): string =>
  text
    .replace(/&#x([0-9a-f]+);/gi, (_, code: string) => String.fromCodePoint(parseInt(code, 16)))
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');

/** What somebody does in the form first: types or chooses a value by the field's name, `true` ticks a box. */
export type Filled = Record<string, string | true>;

/**
 * @param page what the server answered
 * @param name of the button as it reads
 * @throws Error when there is no such button or field, or the browser would not send an empty field that is required
 */
export async function pressOnPage(
  client: Client,
  page: string,
  name: string,
  filled: Filled = {},
): Promise<Reply> {
  const forms = [...page.matchAll(/<form\b([^>]*)>([^]*?)<\/form>/g)];
  const found = forms.flatMap(([, form, content]) =>
    [...content!.matchAll(/<button\b([^>]*)>([^]*?)<\/button>/g)]
      .filter(([, , words]) => plain(words!.replace(/<[^>]*>/g, '')).trim() === name)
      .map(([, button]) => ({ form: form!, content: content!, button: button! })),
  );
  if (found.length !== 1) throw new Error(`${found.length} buttons are called ${name}`);
  const { form, content, button } = found[0]!;
  const left = new Map(Object.entries(filled));
  const sent = new URLSearchParams();
  for (const [, input, withContent, ofContent, inner = ''] of content.matchAll(
    /<input\b([^>]*)>|<(select|textarea)\b([^>]*)>([^]*?)<\/\2>/g,
  )) {
    const attributes = input ?? ofContent!;
    const field = attribute(attributes, 'name');
    if (!field) continue;
    const value = valueOf(withContent ?? 'input', attributes, inner, filled[field]);
    if (filled[field] !== undefined) left.delete(field);
    const isNeeded = attribute(attributes, 'required') !== null;
    if (isNeeded && !value && attribute(button, 'formnovalidate') === null)
      throw new Error(`a browser does not send the form without ${field}`);
    if (value !== null) sent.append(field, value);
  }
  if (left.size > 0) throw new Error(`the form of ${name} has no ${[...left.keys()].join()}`);
  const own = attribute(button, 'name');
  if (own) sent.append(own, attribute(button, 'value') ?? '');
  const action = attribute(button, 'formaction') ?? attribute(form, 'action')!;
  const method = (attribute(button, 'formmethod') ?? attribute(form, 'method') ?? 'get').toUpperCase();
  return method === 'GET'
    ? client.get(`${action}?${sent.toString()}`, { as: 'page' })
    : client.send(method, action, sent, { as: 'page' });
}

/** Null: it is not sent. */
function valueOf(
  tag: string,
  attributes: string,
  inner: string,
  wanted: string | true | undefined,
): string | null {
  const type = attribute(attributes, 'type');
  const value = attribute(attributes, 'value');
  if (type === 'radio' && typeof wanted === 'string') return wanted === value ? value : null;
  if (type === 'radio' || type === 'checkbox')
    return wanted === true || attribute(attributes, 'checked') !== null ? (value ?? 'on') : null;
  if (typeof wanted === 'string') return wanted;
  // A browser takes away the first line break.
  if (tag === 'textarea') return plain(inner).replace(/^\r?\n/, '');
  if (tag === 'input') return value ?? '';
  const options = [...inner.matchAll(/<option\b([^>]*)>/g)].map(([, option]) => option!);
  // Of several a browser takes the last one.
  const chosen = options.findLast((option) => attribute(option, 'selected') !== null) ?? options[0];
  return chosen === undefined ? null : attribute(chosen, 'value');
}
