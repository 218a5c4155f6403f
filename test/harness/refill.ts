/**
 * Whether what is typed into a form of a page can be put back into it: into every field, whatever template it
 * comes from.
 */
import { formKey } from '../../server/forms/form-key.js';
import { longForms, writtenForms } from '../../server/forms/opened-form.js';
import { fillForms } from '../../server/forms/fill-form.js';
import { allFormsOf, formsOf, type PageField, type PageForm } from '../../server/forms/page-forms.js';

const fixed = new Set(['hidden', 'password', 'file', 'submit', 'button', 'image', 'reset']);
const typeOf = ({ kind, attributes }: PageField): string =>
  kind === 'input' ? (attributes['type'] ?? 'text') : kind;

/**
 * Something else than the field has: a line with signs that HTML must escape, the last option, the other
 * state of a box.
 */
function otherValue(field: PageField, at: number): string | null {
  const type = typeOf(field);
  if (type === 'checkbox' || type === 'radio')
    return 'checked' in field.attributes ? null : (field.attributes['value'] ?? 'on');
  if (type === 'select') {
    const last = field.options.at(-1);
    return last ? (last.attributes['value'] ?? last.text.trim()) : null;
  }
  return type === 'textarea' ? `Typed <${at}> & "more"\n\nתשובה ` : `typed ${at} <&">`;
}

const stateOf = (field: PageField): string => {
  if (field.kind === 'textarea') return field.text;
  if (field.kind === 'select')
    return field.options
      .filter(({ attributes }) => 'selected' in attributes)
      .map(({ attributes, text }) => attributes['value'] ?? text.trim())
      .join();
  const type = typeOf(field);
  return type === 'checkbox' || type === 'radio'
    ? String('checked' in field.attributes)
    : (field.attributes['value'] ?? '');
};

const typedIn = (form: PageForm): PageField[] =>
  form.fields.filter((field) => field.name !== '' && !fixed.has(typeOf(field)));

/** Names of the fields of a page that would not show again what was typed into them. */
export function fieldsLost(html: string): string[] {
  return formsOf(html).flatMap((form, index) => {
    const action = form.attributes['action'] || '/own';
    if (typedIn(form).length === 0) return [];
    const fields: Record<string, string[]> = {};
    for (const field of form.fields.filter((each) => typeOf(each) === 'hidden'))
      (fields[field.name] ??= []).push(field.attributes['value'] ?? '');
    const radios = new Set<string>();
    const expected = typedIn(form).map((field, at) => {
      const value = typeOf(field) === 'radio' && radios.has(field.name) ? null : otherValue(field, at);
      fields[field.name] ??= [];
      if (value === null) return null;
      if (typeOf(field) === 'radio') radios.add(field.name);
      fields[field.name]!.push(value);
      return ['checkbox', 'radio'].includes(typeOf(field)) ? 'true' : value;
    });
    const hidden = form.fields.filter((each) => typeOf(each) === 'hidden');
    const key = formKey(hidden.map(({ name, attributes }) => ({ name, value: attributes['value'] ?? '' })));
    const { html: shown } = fillForms(html, [{ action, form: key, fields, began: null }]);
    const after = formsOf(shown)[index]!;
    return typedIn(after).flatMap((field, at) =>
      expected[at] === null || stateOf(field) === expected[at] ? [] : [`${action} ${field.name}`],
    );
  });
}

/**
 * Forms of a page that change something and do not say who opened them, and long ones that could be taken for another.
 */
export function unmarkedForms(html: string): string[] {
  const marked = (form: PageForm) =>
    form.fields.some(({ name, attributes }) => name === '_opened' && attributes['value']) ||
    form.buttonNames.includes('_opened');
  const bare = formsOf(html).filter((form) => !marked(form));
  const keys = longForms(writtenForms(html)).map(({ action, form }) => `${action} ${form}`);
  return [
    ...bare.map(({ attributes }) => attributes['action'] ?? ''),
    ...keys.filter((key, at) => keys.indexOf(key) !== at),
  ];
}

/** Where the forms of a page that only search lead, when nobody changes anything in them. */
export const searchesOf = (html: string, path: string): string[] =>
  allFormsOf(html)
    .filter(({ posts }) => !posts)
    .map(({ attributes, fields }) => {
      const sent = fields
        .filter((field) => field.name !== '' && !isUnchecked(field) && typeOf(field) !== 'submit')
        .map((field): [string, string] => [field.name, sentValueOf(field)]);
      const target = attributes['action'] ?? path.split('?')[0]!;
      return `${target}?${new URLSearchParams(sent).toString()}`;
    });

const isUnchecked = (field: PageField): boolean =>
  ['checkbox', 'radio'].includes(typeOf(field)) && !('checked' in field.attributes);

/** Of a list nobody has chosen from, the browser sends the first. */
function sentValueOf(field: PageField): string {
  if (field.kind === 'textarea') return field.text;
  if (field.kind === 'input') return field.attributes['value'] ?? '';
  const chosen = field.options.find(({ attributes }) => 'selected' in attributes) ?? field.options[0];
  return chosen ? (chosen.attributes['value'] ?? chosen.text.trim()) : '';
}
