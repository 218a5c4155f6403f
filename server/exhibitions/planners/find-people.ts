/**
 * Finding people for a panel or a timetable by part of a name, in the database: a school may have thousands.
 * Only reads.
 */
import type { SchoolScope } from '../../db/database.js';
import { listAdvisories, listPeople } from '../../people/people-records.js';
import { byId, type Person } from '../../people/person.js';

/** As many as one reads at once; more words find fewer. */
const MAX_FOUND = 20;

export interface FoundPerson {
  value: string;
  label: string;
  /** Where they come from: two of one name are told apart. */
  help: string;
}

/** @param of.students only students; left out: everybody who is here */
export async function findPeople(
  scope: SchoolScope,
  search: string,
  { students = false }: { students?: boolean } = {},
): Promise<FoundPerson[]> {
  if (search.trim() === '') return [];
  const [{ items }, advisories] = await Promise.all([
    listPeople(scope, { search, ...(students ? { role: 'student' as const } : {}) }, 1, MAX_FOUND),
    listAdvisories(scope),
  ]);
  const named = byId(advisories);
  const helpOf = ({ organisation, advisoryId }: Person): string =>
    organisation ?? (advisoryId ? (named.get(advisoryId)?.name ?? '') : '');
  return items.map((person) => ({ value: person.id, label: person.displayName, help: helpOf(person) }));
}
