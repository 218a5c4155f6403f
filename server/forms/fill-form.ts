/**
 * Puts what somebody typed back into the form of a finished page, whatever template it comes from. Hidden
 * fields stay as the page has them now, but for the state that somebody has seen, unless the page shows them
 * what has changed; passwords and files stay empty. What has no field any more is handed back.
 */
import { contradicts, formKey, hasSubjects, seenFields, type HiddenField } from './form-key.js';
import { formsOf, type PageField, type PageForm, type TextSpan } from './page-forms.js';
import { alignRows } from './row-fields.js';
import { textHash } from './text-hash.js';
import { flatFields, isWords, valuesOf, type TypedFields } from './typed-fields.js';

export interface Filling {
  /** Where the form goes, or one of its buttons. */
  action: string;
  /** Which of the forms that go there, by `formKey`; null where nobody knows. */
  form: string | null;
  fields: TypedFields;
  /** Where no form of the page goes there, one that asks for the same long text is meant. */
  elsewhere?: boolean;
  /** How many files came with it, and have to be chosen again. */
  files?: number;
  /** Of the long texts with which the typing began; null where nobody knows. */
  began: string | null;
  /** A form that was sent a moment ago and refused; else it is a draft that was kept. */
  sent?: true;
  /** The state they had seen stays in the form: nothing tells them of another one. */
  keepsSeen?: true;
  /** The page has the form as it is saved, without anything of what was typed. */
  fresh?: true;
  /** What comes before the form. */
  note?: (filled: FilledForm) => string;
  /** What comes after a long text that is saved otherwise than it was typed. */
  beside?: (saved: string, filled: FilledForm) => string;
}

export interface FilledForm {
  /** Something in the form is not as it is saved. */
  differs: boolean;
  /** The record has changed since the typing began. */
  newer: boolean;
  /** Nothing stands in it otherwise: it makes something new. */
  empty: boolean;
  /** Words for which the form has no field any more. */
  left: string[];
}

interface Edit extends TextSpan {
  text: string;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const tagOf = (name: string, attributes: Record<string, string>): string =>
  `<${name}${Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escaped(value)}"`)
    .join('')}>`;

/** The attributes with a boolean one set or taken away. */
function withFlag(attributes: Record<string, string>, flag: string, on: boolean): Record<string, string> {
  const rest = Object.fromEntries(Object.entries(attributes).filter(([name]) => name !== flag));
  return on ? { ...rest, [flag]: '' } : rest;
}

const untouched = new Set(['hidden', 'password', 'file', 'submit', 'button', 'image', 'reset']);
const typeOf = ({ kind, attributes }: PageField): string =>
  kind === 'input' ? (attributes['type'] ?? 'text').toLowerCase() : kind;
const isTyped = (field: PageField): boolean => field.name !== '' && !untouched.has(typeOf(field));
const lines = (text: string): string => text.replaceAll('\r\n', '\n').trim();

const hiddenOf = (form: PageForm): HiddenField[] =>
  form.fields
    .filter((field) => typeOf(field) === 'hidden')
    .map(({ name, attributes }) => ({ name, value: attributes['value'] ?? '' }));

/** Which of a page's forms was typed into: the one with its address that is about the same. No other will do. */
function chooseForm(
  forms: readonly PageForm[],
  { action, form: key, fields, files = 0, elsewhere = false }: Filling,
): PageForm | null {
  const isSame = (form: PageForm): boolean =>
    key === null ? hasSubjects(fields, hiddenOf(form)) : key === formKey(hiddenOf(form));
  const goesThere = (form: PageForm) =>
    [form.attributes['action'] || action, ...form.buttonActions].includes(action) && isSame(form);
  const takesFiles = (form: PageForm) => files > 0 && form.fields.some((field) => typeOf(field) === 'file');
  const score = (form: PageForm): number =>
    form.fields.filter((field) => isTyped(field) && valuesOf(fields, field.name).length > 0).length +
    (takesFiles(form) ? 1 : 0);
  const asksForSame = (form: PageForm) =>
    !contradicts(fields, hiddenOf(form)) &&
    form.fields.some(({ kind, name }) => kind === 'textarea' && valuesOf(fields, name).length > 0);
  const there = forms.filter(goesThere);
  const ranked = (there.length > 0 || !elsewhere ? there : forms.filter(asksForSame)).map((form) => ({
    form,
    points: score(form),
  }));
  ranked.sort((a, b) => b.points - a.points);
  return ranked[0] && ranked[0].points > 0 ? ranked[0].form : null;
}

/**
 * The edits that put values into one field; the values are of all fields with its name, `at` is which of these it is.
 */
function fillField(field: PageField, values: readonly string[], at: number): Edit[] {
  const { attributes, tag } = field;
  const type = typeOf(field);
  if (type === 'checkbox' || type === 'radio') {
    if (type === 'radio' && values.length === 0) return [];
    const on = values.includes(attributes['value'] ?? 'on');
    return [{ ...tag, text: tagOf('input', withFlag(attributes, 'checked', on)) }];
  }
  if (type === 'select') {
    if (values.length === 0 && !('multiple' in attributes)) return [];
    return field.options.map((option) => {
      const on = values.includes(option.attributes['value'] ?? option.text.trim());
      return { ...option.tag, text: tagOf('option', withFlag(option.attributes, 'selected', on)) };
    });
  }
  const value = values[at];
  if (value === undefined) return [];
  if (type === 'textarea') return [{ ...field.content, text: `\n${escaped(value)}` }];
  return [{ ...tag, text: tagOf('input', { ...attributes, value }) }];
}

/** Whether the form already shows these values. */
function isShown(field: PageField, values: readonly string[], at: number): boolean {
  const type = typeOf(field);
  if (type === 'checkbox' || type === 'radio')
    return values.includes(field.attributes['value'] ?? 'on') === 'checked' in field.attributes;
  if (type === 'select') {
    const now = field.options.filter(({ attributes }) => 'selected' in attributes);
    const shown = now.length > 0 || 'multiple' in field.attributes ? now : field.options.slice(0, 1);
    const chosen = shown.map(({ attributes, text }) => attributes['value'] ?? text.trim());
    return chosen.every((each) => values.includes(each)) && values.length === chosen.length;
  }
  const now = type === 'textarea' ? field.text : (field.attributes['value'] ?? '');
  return lines(values[at] ?? now) === lines(now);
}

/** What is saved of a field for text; choices always have something. */
function savedText(field: PageField): string {
  const type = typeOf(field);
  if (['checkbox', 'radio', 'select'].includes(type)) return '';
  return lines(type === 'textarea' ? field.text : (field.attributes['value'] ?? ''));
}

const longTextsOf = ({ fields }: PageForm): string[] =>
  fields.filter(({ kind }) => kind === 'textarea').map(({ text }) => text);

const isSeen = ({ name }: { name: string }): boolean => (seenFields as readonly string[]).includes(name);

function isNewer(form: PageForm, { fields, began }: Filling): boolean {
  const isOther = ({ name, value }: HiddenField): boolean => {
    const then = valuesOf(fields, name);
    return then.length > 0 && !then.includes(value);
  };
  if (hiddenOf(form).filter(isSeen).some(isOther)) return true;
  const texts = longTextsOf(form);
  return began !== null && texts.length > 0 && began !== textHash(texts);
}

/** The state that was sent, in the place of the one that the page has now. */
function seenAsSent(form: PageForm, fields: TypedFields): Edit[] {
  return form.fields
    .filter((field) => typeOf(field) === 'hidden' && isSeen(field))
    .flatMap(({ tag, name, attributes }) => {
      const values = valuesOf(fields, name);
      const sent = values.length === 1 ? values[0]! : undefined;
      return sent === undefined ? [] : [{ ...tag, text: tagOf('input', { ...attributes, value: sent }) }];
    });
}

/** @param places how many fields to type into there are of each name */
function wordsLeft(
  { fields: onPage, buttonNames }: PageForm,
  fields: TypedFields,
  places: ReadonlyMap<string, number>,
): string[] {
  const names = [...onPage.map(({ name }) => name), ...buttonNames];
  const isKnown = (name: string) => names.some((each) => each === name || each.startsWith(`${name}[`));
  const isText = (name: string) =>
    onPage.some((field) => field.name === name && !['checkbox', 'radio', 'select'].includes(typeOf(field)));
  const used = new Map<string, number>();
  return flatFields(fields).flatMap(({ name, value }) => {
    const at = used.get(name) ?? 0;
    used.set(name, at + 1);
    const beyond = places.has(name) && isText(name) && at >= places.get(name)!;
    return (beyond || !isKnown(name)) && isWords(value) ? [value] : [];
  });
}

function fillOne(form: PageForm, filling: Filling): { edits: Edit[]; filled: FilledForm } {
  const { note, beside } = filling;
  const rowIds = Object.fromEntries(hiddenOf(form).map(({ name, value }) => [name, value]));
  const { fields, missing } = alignRows(rowIds, filling.fields, (value) => [value].flat().map(String).join());
  const counts = new Map<string, number>();
  const known = form.fields.filter(({ name }) => !missing.some((row) => name.startsWith(row)));
  const typed = known.filter(isTyped).map((field) => {
    const at = counts.get(field.name) ?? 0;
    counts.set(field.name, at + 1);
    const values = valuesOf(fields, field.name);
    return { field, at, values, differs: !isShown(field, values, at) };
  });
  const left = wordsLeft(form, fields, counts);
  const differs = typed.some((each) => each.differs) || left.length > 0 || (filling.files ?? 0) > 0;
  const empty = known.every((field) => !isTyped(field) || savedText(field) === '');
  const filled: FilledForm = { differs, newer: differs && isNewer(form, filling), empty, left };
  const edits = typed.flatMap(({ field, at, values, differs: other }): Edit[] => {
    const saved = lines(field.text);
    const besides = other && field.kind === 'textarea' && saved !== '' ? (beside?.(saved, filled) ?? '') : '';
    const after = besides ? [{ start: field.end, end: field.end, text: besides }] : [];
    return [...(other ? fillField(field, values, at) : []), ...after];
  });
  // A page that was made with what was sent shows it already: it is not saved all the same.
  if (!differs && !(filling.sent && !filling.fresh)) return { edits: [], filled };
  if (filling.keepsSeen) edits.push(...seenAsSent(form, fields));
  const { tag, attributes, closed } = form;
  const began = filling.fresh ? { 'data-began': textHash(longTextsOf(form)) } : {};
  const marked = tagOf('form', {
    ...attributes,
    'data-unsaved': filling.sent ? 'sent' : 'draft',
    ...began,
  });
  edits.push({ ...tag, text: (note?.(filled) ?? '') + marked });
  for (const span of closed) edits.push({ start: span.end - 1, end: span.end - 1, text: ' open' });
  return { edits, filled };
}

/** @returns the page, and of each filling what became of it: null where the page has no such form */
export function fillForms(
  html: string,
  fillings: readonly Filling[],
): { html: string; filled: (FilledForm | null)[] } {
  const forms = formsOf(html);
  const edits: Edit[] = [];
  const taken = new Set<PageForm>();
  const filled = fillings.map((filling) => {
    // The newest come first: an older text for the same form is not mixed into it.
    const form = chooseForm(
      forms.filter((each) => !taken.has(each)),
      filling,
    );
    if (!form) return null;
    taken.add(form);
    const done = fillOne(form, filling);
    edits.push(...done.edits);
    return done.filled;
  });
  const once = new Map(edits.map((edit) => [`${edit.start}-${edit.end}`, edit]));
  const last = [...once.values()].sort((a, b) => b.start - a.start || b.end - a.end);
  return {
    html: last.reduce((page, { start, end, text }) => page.slice(0, start) + text + page.slice(end), html),
    filled,
  };
}
