/**
 * Which form of a page something was typed into. Several forms can go to one address: for another row,
 * another term, another field. They differ in what their hidden fields say they are about, and nothing typed
 * into one of them may ever appear in another.
 */
import { createHash } from 'node:crypto';
import { valuesOf, type TypedFields } from './typed-fields.js';

export interface HiddenField {
  name: string;
  value: string;
}

/**
 * Hidden fields that say which state of a record the person has seen: what they do is refused when it has
 * changed since.
 */
export const seenFields = [
  ...['revision', 'state', 'seen', 'base', 'shown'],
  ...['askedAt', 'arrivedAt', 'handedInAt', 'chairNow'],
] as const;

/**
 * Hidden fields that say in which state a record is shown, of which try this is, or where to go next: not
 * what the form is about.
 */
export const stateFields: ReadonlySet<string> = new Set([
  ...seenFields,
  ...['reviewed', 'previewed', 'listed', 'start', 'consequences', 'told'],
  ...['id', 'nonce', 'once', 'then', 'next', 'back', '_opened'],
]);

/** What belongs to one row of several: `entries.2.id`. Rows come and go without making another form of it. */
const rowField = /^(.+)\.(\d+)\.(.+)$/;

/** The hidden fields that say what the form is about; an empty one says nothing. */
const subjectsOf = (hidden: readonly HiddenField[]): HiddenField[] =>
  hidden.filter(({ name, value }) => value !== '' && !stateFields.has(name) && !rowField.test(name));

/**
 * The same for every showing of one form, and different for different ones; '' where its address alone says
 * what it is about. It names the fields that tell, and has a hash of what they say.
 */
export function formKey(hidden: readonly HiddenField[]): string {
  const subjects = subjectsOf(hidden);
  if (subjects.length === 0) return '';
  const said = subjects.map(({ name, value }) => JSON.stringify([name, value])).sort();
  const names = [...new Set(subjects.map(({ name }) => name))].sort();
  return `${names.join()}~${createHash('sha256').update(said.join()).digest('base64url').slice(0, 22)}`;
}
export const isFormKey = (key: string): boolean => /^(?:[\w.,[\]-]{1,300}~[\w-]{22})?$/.test(key);

/** Whether what was typed in a form of which nobody knows the key is about the same. */
export const isAbout = (fields: TypedFields, key: string): boolean =>
  formKey(
    (key.split('~')[0] ?? '')
      .split(',')
      .flatMap((name) => valuesOf(fields, name).map((value) => ({ name, value }))),
  ) === key;

/** Of typing from before forms had a key: whether it was about the same. */
export const hasSubjects = (fields: TypedFields, hidden: readonly HiddenField[]): boolean =>
  subjectsOf(hidden).every(({ name, value }) => valuesOf(fields, name).includes(value));

/** Whether it says that it is about something else. */
export const contradicts = (fields: TypedFields, hidden: readonly HiddenField[]): boolean =>
  subjectsOf(hidden).some(({ name, value }) => {
    const said = valuesOf(fields, name).filter((each) => each !== '');
    return said.length > 0 && !said.includes(value);
  });
