/** Several things named in one sentence, as the reader's language joins them. */
const formats = new Map<string, Intl.ListFormat>();

/** E.g. “Ana, Bo, and Cy”. */
export function listText(items: readonly string[], locale: string): string {
  const format = formats.get(locale) ?? new Intl.ListFormat(locale, { type: 'conjunction' });
  formats.set(locale, format);
  return format.format(items);
}
