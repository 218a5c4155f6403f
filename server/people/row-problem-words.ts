/**
 * What is said of a row of a roster: in a preview what will become of it, after the import what has; and its
 * column as the file calls it. Pure.
 */
import type { ReadColumns } from './csv-columns.js';

/** Messages that are said otherwise once the import has ended: nothing can be answered then, and what came in is in. */
export const saidOtherwiseAfter = [
  ...(['email-none', 'emails-several-left-out', 'identifier-long', 'grade-long'] as const),
  ...(['name-asked', 'id-asked', 'id-of-other', 'email-asked', 'email-shared'] as const),
  ...(['not-a-person', 'role-asked', 'status-asked', 'administrator-asked'] as const),
  ...(['guardian-admin', 'guardians-many', 'guardian', 'guardian-role', 'advisor', 'tie-ended'] as const),
  ...(['term-long', 'days', 'handed-over'] as const),
];
const otherwise: ReadonlySet<string> = new Set(saidOtherwiseAfter);

/** @param message key of what is said in a preview */
export function rowMessage(message: string, dryRun: boolean): string {
  const [, name = ''] = /^people\.import\.row\.([\w-]+)$/.exec(message) ?? [];
  return !dryRun && otherwise.has(name) ? `people.import.row-after.${name}` : message;
}

/** Our words for what the columns of a OneRoster archive are called. */
const oneRoster: Readonly<Record<string, string>> = {
  id: 'sourcedId',
  'student number': 'identifier',
  name: 'givenName',
  guardians: 'agentSourcedIds',
  'guardian email': 'email',
};
/** Columns that say the same, where the file does not have the first one. */
const others: Readonly<Record<string, readonly string[]>> = {
  id: ['student number'],
  name: ['given name', 'last name first', 'family name', 'legal given name'],
  'given name': ['legal given name', 'family name'],
  guardians: ['guardian ids', 'guardian name', 'guardian email', 'guardian 2 name', 'guardian 2 email'],
  advisor: ['advisor email', 'advisor id', 'advisory'],
};

/**
 * @param field our word for the column, or the heading itself
 * @param columns which headings of a CSV were understood; null for an archive
 */
export function headingOf(field: string, columns: ReadColumns | null): string {
  if (!columns) return oneRoster[field] ?? field;
  for (const each of [field, ...(others[field] ?? [])]) {
    const used = columns.used.find(({ column }) => column === each);
    if (used) return used.heading;
  }
  return field;
}
