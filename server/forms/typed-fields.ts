/**
 * What somebody typed into a form, as it can be kept and shown again: texts and lists of texts by the names
 * of the fields, no secrets.
 */
export type TypedFields = Record<string, unknown>;

/** The hidden field that says who opened a form, and when. Routes never see it. */
export const openedField = '_opened';

/** Never kept, never shown again. */
const isSecret = (name: string): boolean => /password|secret|^current$/i.test(name);

/** A field's own name in brackets: `entries[0][words]` is `['entries', '0', 'words']`. */
const pathOf = (name: string): string[] => {
  const [first = '', ...rest] = name.split('[');
  return [first, ...rest.map((part) => part.replace(/\]$/, ''))].filter((part) => part !== '');
};

/** The values of a field as the page names it; empty where nothing was sent. */
export function valuesOf(fields: TypedFields, name: string): string[] {
  if (Object.hasOwn(fields, name)) return textsOf(fields[name]);
  let found: unknown = fields;
  for (const step of pathOf(name)) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return [];
    found = (found as Record<string, unknown>)[step];
  }
  return textsOf(found);
}

const textsOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).flatMap((each) =>
    ['string', 'number', 'boolean'].includes(typeof each) ? [String(each)] : [],
  );

/** Texts and lists of texts alone: what a template can put into a field by its plain name. */
export const textsByName = (fields: TypedFields): TypedFields =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) =>
      (Array.isArray(value) ? value : [value]).every((each) =>
        ['string', 'number', 'boolean'].includes(typeof each),
      ),
    ),
  );

/** Every single value with the name that its field has on the page. */
export function flatFields(fields: TypedFields): { name: string; value: string }[] {
  const walk = (name: string, value: unknown): { name: string; value: string }[] => {
    if (Array.isArray(value) && value.every((each) => typeof each !== 'object'))
      return textsOf(value).map((text) => ({ name, value: text }));
    if (typeof value === 'object' && value !== null)
      return Object.entries(value).flatMap(([key, inner]) => walk(`${name}[${key}]`, inner));
    return textsOf(value).map((text) => ({ name, value: text }));
  };
  return Object.entries(fields).flatMap(([name, value]) => walk(name, value));
}

/** Without secrets and without the form's mark. @param secrets names that the page says are secret */
export function withoutSecrets(body: unknown, secrets: readonly string[] = []): TypedFields {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return {};
  return Object.fromEntries(
    Object.entries(body).filter(
      ([name]) => name !== openedField && !isSecret(name) && !secrets.includes(name),
    ),
  );
}

/** Words that somebody wrote, in contrast to an id, a number or a tick. */
export const isWords = (value: string): boolean => {
  const text = value.trim();
  return /\p{L}/u.test(text) && !/^([\w-]{16,}|on|yes|true)$/.test(text);
};

/** Whether anything in it would be a loss. */
export const hasWords = (fields: TypedFields): boolean =>
  flatFields(fields).some(({ value }) => isWords(value));
