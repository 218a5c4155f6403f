/** What two records say of one person, field by field, and what the person who stays is like afterwards. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { joinComesTo } from '../people/attendance.js';
import type { Person } from '../people/person.js';

/** What somebody chooses between; a name is one choice, so that nobody gets half of each. */
export const mergeFields = [
  'name',
  'sourcedId',
  'studentNumber',
  'email',
  'grade',
  'advisoryId',
  'organisation',
  'locale',
  'active',
  'attendance',
] as const;
export type MergeField = (typeof mergeFields)[number];
/** `into`: as the record that stays says. */
export const sides = ['into', 'from'] as const;
export type MergeSide = (typeof sides)[number];
export type Choices = Partial<Record<MergeField, MergeSide>>;

const partsOf: Record<MergeField, readonly (keyof Person)[]> = {
  name: ['givenName', 'familyName', 'displayName', 'chosenName', 'legalName', 'sortName'],
  sourcedId: ['sourcedId'],
  studentNumber: ['studentNumber'],
  email: ['email'],
  grade: ['grade'],
  advisoryId: ['advisoryId'],
  organisation: ['organisation'],
  locale: ['locale'],
  active: ['active', 'movedTo'],
  attendance: ['attendance'],
};

const valueOf = (person: Person, field: MergeField): unknown =>
  field === 'name' ? [person.givenName, person.familyName, person.displayName] : (person[field] ?? null);

const isEmpty = (value: unknown): boolean => value === null || value === '';

/** Both have a number of the school, or an id in its roster, and not the same one: perhaps they are two people. */
export const numbersDiffer = (into: Person, from: Person): boolean =>
  (['sourcedId', 'studentNumber'] as const).some(
    (field) => !isEmpty(into[field]) && !isEmpty(from[field]) && into[field] !== from[field],
  );

/** Fields about which the two say different things; where only one says something, that counts. */
export const conflictingFields = (into: Person, from: Person): MergeField[] =>
  mergeFields.filter((field) => {
    const [a, b] = [valueOf(into, field), valueOf(from, field)];
    return !isEmpty(a) && !isEmpty(b) && !isDeepStrictEqual(a, b);
  });

/** Which record a field is taken from; null where that has to be chosen. */
export function fieldSource(
  into: Person,
  from: Person,
  field: MergeField,
  choices: Choices,
): MergeSide | null {
  const [a, b] = [valueOf(into, field), valueOf(from, field)];
  if (isEmpty(b) || isDeepStrictEqual(a, b)) return 'into';
  if (isEmpty(a)) return 'from';
  return choices[field] ?? null;
}

export type MergedChange = Partial<Omit<Person, 'id' | 'schoolId' | 'createdAt'>>;

/**
 * What changes of the person who stays. Roles and guardians of both count; notes about custody are kept both.
 * @returns the change, and the names of the fields that it is about
 * @throws Error when a conflict was not decided: ask `conflictsOf` first
 */
export function mergedChange(
  into: Person,
  from: Person,
  choices: Choices,
): { change: MergedChange; fields: string[] } {
  const change: Record<string, unknown> = {};
  for (const field of mergeFields) {
    const side = fieldSource(into, from, field, choices);
    if (side === null) throw new Error(`${field} is not decided`);
    if (side === 'from') for (const part of partsOf[field]) change[part] = from[part] ?? null;
  }
  if (into.attendance && from.attendance) {
    const kept = (change['attendance'] as Person['attendance']) ?? into.attendance;
    change['attendance'] = { ...kept, ...joinComesTo(into.attendance, from.attendance) };
  }
  const roles = [...new Set([...into.roles, ...from.roles])];
  const guardianIds = [...new Set([...into.guardianIds, ...from.guardianIds])].filter(
    (id) => id !== into.id && id !== from.id,
  );
  const endedGuardianIds = [...new Set([into, from].flatMap((each) => each.endedGuardianIds ?? []))].filter(
    (id) => id !== into.id && id !== from.id && !guardianIds.includes(id),
  );
  const notes = [into.custodyNote, from.custodyNote].flatMap((note) => note?.trim() || []);
  const custodyNote = [...new Set(notes)].join('\n\n') || null;
  const names = { legalName: into.legalName ?? from.legalName ?? null };
  const ended = into.endedGuardianIds || endedGuardianIds.length > 0 ? { endedGuardianIds } : {};
  const all: MergedChange = { ...names, ...change, roles, guardianIds, ...ended, custodyNote };
  const changed = Object.entries(all).filter(
    ([field, value]) => !isDeepStrictEqual(into[field as keyof Person] ?? null, value ?? null),
  );
  return { change: Object.fromEntries(changed), fields: changed.map(([field]) => field).sort() };
}

const staffRoles = ['advisor', 'registrar', 'admin', 'network'] as const;
/** Whose records only an administrator merges: they act for the school. */
export const isStaff = ({ roles }: Pick<Person, 'roles'>): boolean =>
  roles.some((role) => (staffRoles as readonly string[]).includes(role));
