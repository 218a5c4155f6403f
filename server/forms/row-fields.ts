/**
 * Rows of a form are numbered as the page lists them (`entries.2.reflection`), and another page may list them
 * otherwise. A hidden `id` says which row it is: what was typed goes by it and never by the number. Runs in
 * the browser, too: imports nothing.
 */
const rowField = /^(.+)\.(\d+)\.(.+)$/;

export interface AlignedRows<V> {
  /** By the names that the form has now. Rows that it does not have are named `entries.gone-<id>.reflection`. */
  fields: Record<string, V>;
  /** Beginnings of names of rows in the form of which nothing was typed. */
  missing: string[];
}

/**
 * @param rowIds of the form as it is now, by name: `{ 'entries.0.id': 'a' }`
 * @param typed with the ids of the rows as the form was then
 * @param one the id that such a value holds
 */
export function alignRows<V>(
  rowIds: Readonly<Record<string, string>>,
  typed: Readonly<Record<string, V>>,
  one: (value: V) => string,
): AlignedRows<V> {
  const places = new Map<string, string>();
  for (const [name, id] of Object.entries(rowIds)) {
    const [, list = '', at = '', field] = rowField.exec(name) ?? [];
    if (field === 'id' && id !== '') places.set(`${list} ${id}`, at);
  }
  const lists = new Set([...places.keys()].map((key) => key.slice(0, key.indexOf(' '))));
  const found = new Set<string>();
  const fields: Record<string, V> = {};
  for (const [name, value] of Object.entries(typed)) {
    const [, list = '', at = '', field] = rowField.exec(name) ?? [];
    const idName = `${list}.${at}.id`;
    const id = Object.hasOwn(typed, idName) ? one(typed[idName]!) : '';
    // A list that says of no row which it is has nothing else than its numbers.
    if (field === undefined || (!lists.has(list) && id === '')) {
      fields[name] = value;
      continue;
    }
    const place = places.get(`${list} ${id}`);
    if (place === undefined && field === 'id') continue;
    fields[`${list}.${place ?? `gone-${id || at}`}.${field}`] = value;
    if (place !== undefined) found.add(`${list}.${place}.`);
  }
  const all = [...places].map(([key, at]) => `${key.slice(0, key.indexOf(' '))}.${at}.`);
  return { fields, missing: all.filter((row) => !found.has(row)) };
}

/** What was typed into rows that the form does not have any more. */
export const goneRows = <V>(fields: Readonly<Record<string, V>>): Record<string, V> =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => /\.gone-[^.]*\./.test(name)));
