/**
 * Who made what of a student's work. The student's own needs no word; what somebody else wrote or brought in
 * is said to be theirs.
 */
import type { SchoolScope } from '../db/database.js';
import { listPeopleByIds } from '../people/people-records.js';
import type { Artifact, ArtifactVersion } from './artifact.js';

/** Of the words on the label: whoever wrote them last. */
export const labelAuthorOf = ({ wordsBy, createdBy }: Pick<Artifact, 'wordsBy' | 'createdBy'>): string =>
  wordsBy ?? createdBy;

/** Names of people, by id. */
export type AuthorNames = ReadonlyMap<string, string>;

/**
 * Those of these people who are not the student. Whoever is no record of the school any more is left out:
 * duplicates that were merged left their old id where they did something, and are no second person.
 */
export async function othersAmong(
  scope: SchoolScope,
  studentId: string,
  ids: readonly (string | undefined)[],
): Promise<AuthorNames> {
  const others = [...new Set(ids.filter((id) => id !== undefined && id !== studentId))] as string[];
  const people = others.length > 0 ? await listPeopleByIds(scope, others) : [];
  return new Map(people.map(({ id, displayName }) => [id, displayName]));
}

/** Of a work as its page shows it. */
export const authorsOfWork = (
  scope: SchoolScope,
  artifact: Artifact,
  versions: readonly ArtifactVersion[],
): Promise<AuthorNames> =>
  othersAmong(scope, artifact.studentId, [
    labelAuthorOf(artifact),
    artifact.unseenChange?.by,
    ...versions.map(({ createdBy }) => createdBy),
  ]);

/** What somebody else has changed, as the student is told. */
export const unseenView = ({ unseenChange }: Artifact, authors: AuthorNames) =>
  unseenChange ? { name: authors.get(unseenChange.by) ?? '', at: unseenChange.at.toISOString() } : null;
