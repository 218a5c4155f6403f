/**
 * A row of a roster on top of the person as they are at the moment of writing: the office goes on working
 * while a file is compared and brought in, and what it has changed since stays. Pure.
 */
import { isDeepStrictEqual } from 'node:util';
import type { comparedFields } from './draft-roster.js';
import { isNameField } from './name-correction.js';
import { sortNameOf, type Person } from './person.js';
import type { ChangedPerson } from './plan-roster.js';
import type { RosterChange } from './roster-import.js';

type Field = (typeof comparedFields)[number];
type Changes = ChangedPerson['changes'];

/** A row that cannot be brought in any more, and why. */
export type RefusedRow = Pick<RosterChange, 'message' | 'params'>;

const gone: RefusedRow = { message: 'people.import.row.gone-meanwhile', params: {} };
const taken: RefusedRow = { message: 'people.import.row.taken-meanwhile', params: {} };
const changed = (field: string): RefusedRow => ({
  ...{ message: 'people.import.row.changed-meanwhile', params: { field } },
});

/** One name is made of all of these: what the file says of one was found out from the others. */
const nameParts: readonly Field[] = ['givenName', 'familyName', 'displayName', 'chosenName', 'legalName'];

const isSame = (one: Person, other: Person, field: Field): boolean =>
  isDeepStrictEqual(one[field] ?? null, other[field] ?? null);

const fieldsOf = (changes: Changes): Field[] => changes.map(({ field }) => field as Field);

/**
 * What is written of the person: the fields that the row changes, and what follows from them. Whoever is back
 * has not moved any more, and whoever leaves again did not go there.
 */
export function personChangeOf(after: Person, changes: Changes): Partial<Person> {
  const fields: (keyof Person)[] = fieldsOf(changes);
  if (fields.some(isNameField)) fields.push('sortName');
  const change: Partial<Person> = Object.fromEntries(fields.map((field) => [field, after[field]]));
  if (fields.includes('guardianIds')) change.endedGuardianIds = after.endedGuardianIds ?? [];
  return fields.includes('active') ? { ...change, movedTo: null } : change;
}

/**
 * @param now undefined for somebody who was merged into somebody else
 * @param before as they were when the file was compared
 * @returns what is to be told instead, where the person is gone, or somebody has changed one of the same
 *   fields to something else than the file says
 */
export function rowOnTopOf(
  now: Person | undefined,
  before: Person,
  { rowKey, after, changes }: ChangedPerson,
): ChangedPerson | RefusedRow {
  if (!now || now.sealedAt || now.erasedAt) return gone;
  const written = fieldsOf(changes);
  const asked = written.some((field) => nameParts.includes(field)) ? [...written, ...nameParts] : written;
  const field = asked.find((each) => !isSame(now, before, each) && !isSame(now, after, each));
  if (field) return changed(field);
  const left = changes.filter((each) => !isSame(now, after, each.field as Field));
  const next = { ...now, ...personChangeOf(after, left) };
  const isNamed = left.some((each) => isNameField(each.field));
  const sortName = isNamed ? sortNameOf(next.givenName, next.familyName) : now.sortName;
  return { rowKey, before: now, after: { ...next, sortName }, changes: left };
}

/**
 * A row of an import that goes on and was compared again: what was not found out the first time is what
 * somebody has changed since.
 * @param told what was found out the first time; undefined where nothing was to be changed
 * @returns null where nothing is left to be done
 */
export function rowAsTold(
  told: Pick<RosterChange, 'kind' | 'changes' | 'done'> | undefined,
  row: ChangedPerson,
): ChangedPerson | RefusedRow | null {
  if (!told || told.done || told.kind === 'problem') return null;
  if (told.kind === 'created') return row.before === null ? row : taken;
  if (row.before === null) return gone;
  const before = new Map(told.changes.map((each) => [each.field, each]));
  const changes = row.changes.filter(({ field }) => before.has(field));
  const other = changes.find((each) => !isDeepStrictEqual({ ...before.get(each.field) }, { ...each }));
  return other ? changed(other.field) : { ...row, changes };
}
