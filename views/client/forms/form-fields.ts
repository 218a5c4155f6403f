/** Reads and fills the fields of a form, without secrets, files and the form's own mark. */
import { alignRows, goneRows } from '../../../server/forms/row-fields.js';

export type Fields = Record<string, string[]>;
type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const neverKept = new Set(['password', 'file', 'submit', 'button', 'image', 'reset']);
const isHidden = (field: Field): boolean => field.type === 'hidden';

const allFields = (form: HTMLFormElement): Field[] =>
  [...form.elements].filter(
    (each): each is Field =>
      (each instanceof HTMLInputElement ||
        each instanceof HTMLTextAreaElement ||
        each instanceof HTMLSelectElement) &&
      each.name !== '' &&
      each.name !== '_opened' &&
      !neverKept.has(each.type),
  );

export const typedFields = (form: HTMLFormElement): Field[] =>
  allFields(form).filter((field) => !isHidden(field));
export const longTexts = (form: HTMLFormElement): HTMLTextAreaElement[] =>
  [...form.elements].filter((each): each is HTMLTextAreaElement => each instanceof HTMLTextAreaElement);
export const hasFiles = (form: HTMLFormElement): boolean =>
  [...form.elements].some((each) => each instanceof HTMLInputElement && (each.files?.length ?? 0) > 0);

const isTick = (field: Field): field is HTMLInputElement =>
  field instanceof HTMLInputElement && (field.type === 'checkbox' || field.type === 'radio');

/** Nothing to type into has words: the form makes something new. */
export const isEmpty = (form: HTMLFormElement): boolean =>
  typedFields(form).every(
    (field) => isTick(field) || field instanceof HTMLSelectElement || field.value.trim() === '',
  );

export function readFields(form: HTMLFormElement): Fields {
  const fields: Fields = {};
  for (const field of allFields(form)) {
    const values = isTick(field)
      ? field.checked
        ? [field.value]
        : []
      : field instanceof HTMLSelectElement
        ? [...field.selectedOptions].map(({ value }) => value)
        : [field.value];
    fields[field.name] = [...(fields[field.name] ?? []), ...values];
  }
  return fields;
}

/** What tells whether something was typed. */
export const typedMark = (form: HTMLFormElement): string => {
  const all = readFields(form);
  return JSON.stringify(typedFields(form).map(({ name }) => [name, all[name]]));
};

/**
 * Puts values into the fields to type into; hidden ones stay as the page has them.
 * @returns what was typed into rows that the form does not have any more
 */
export function fillFields(form: HTMLFormElement, typed: Fields): Fields {
  const hidden = allFields(form).filter(isHidden);
  const rowIds = Object.fromEntries(hidden.map(({ name, value }) => [name, value]));
  const { fields } = alignRows(rowIds, typed, (values) => values.join());
  const used = new Map<string, number>();
  for (const field of typedFields(form)) {
    const values = fields[field.name];
    if (!values) continue;
    if (isTick(field)) field.checked = values.includes(field.value);
    else if (field instanceof HTMLSelectElement)
      for (const option of field.options) option.selected = values.includes(option.value);
    else {
      const at = used.get(field.name) ?? 0;
      used.set(field.name, at + 1);
      field.value = values[at] ?? field.value;
    }
  }
  for (
    let around = form.closest('details');
    around;
    around = around.parentElement?.closest('details') ?? null
  )
    around.open = true;
  return goneRows(fields);
}
