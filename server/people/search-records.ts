/**
 * Looking for people among everybody whom a school has ever known. Personal data: names, addresses and
 * numbers of minors and adults.
 */
import type { Page, SchoolScope } from '../db/database.js';
import type { DuplicateFacts } from './likely-duplicates.js';
import { namedOrNumbered, people } from './people-records.js';
import type { Person } from './person.js';

/** By a part of their name, also those who have left; no more than `limit`. */
export const searchEverybody = (scope: SchoolScope, words: string, limit: number) =>
  people.in(scope).find(
    {
      erasedAt: null,
      $or: [...namedOrNumbered(words), { sourcedId: words }],
    },
    { sort: { sortName: 1 }, limit },
  );
/** Of these people those whose name contains the words, or whose student number they are, by name. */
export const pagePeopleByIds = (
  scope: SchoolScope,
  ids: readonly string[],
  { search, page, perPage }: { search: string; page: number; perPage: number },
): Promise<Page<Person>> =>
  people.in(scope).page(
    {
      id: { $in: ids },
      ...(search ? { $or: namedOrNumbered(search) } : {}),
    },
    { sort: { sortName: 1 }, page, perPage },
  );
/** What tells whether two people may be one: everybody, also those who have left, by name. */
export const listDuplicateFacts = (
  scope: SchoolScope,
): Promise<(DuplicateFacts & Pick<Person, 'active'>)[]> =>
  people.in(scope).find(
    // Whoever was erased has no name of their own any more.
    { erasedAt: null },
    {
      sort: { sortName: 1, id: 1 },
      fields: [
        'givenName',
        'familyName',
        'displayName',
        'sourcedId',
        'email',
        'roles',
        'grade',
        'advisoryId',
        'guardianIds',
        'organisation',
        'active',
      ],
    },
  );

/** Everybody whose student number, or id in the roster, this is; those who have left among them. */
export const listStudentsNumbered = (
  scope: SchoolScope,
  field: 'studentNumber' | 'sourcedId',
  number: string,
): Promise<Person[]> =>
  people.in(scope).find({ [field]: number, roles: 'student' }, { sort: { sortName: 1 } });
