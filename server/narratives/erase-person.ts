/**
 * What is erased of a person among narratives: what is said of them unless the school keeps what was issued,
 * and words that they never signed. What they signed about others stays, without the name.
 */
import { asSealed } from '../audit/frozen-record.js';
import { erasing, keeping, nameFor, rewriting, withoutMaker, type ErasePart } from '../person-traces.js';
import { narrativeHash, type NarrativeVersion } from './narrative.js';
import {
  countKeptVersions,
  findVersion,
  removeDraftsBy,
  removeNarrativesOf,
  removeNarrativeVersionsOf,
  saveAuthorUnnamed,
  saveSignerUnnamed,
} from './narrative-records.js';

const namesOf = (version: NarrativeVersion) => [
  { kind: 'narrative' as const, id: nameOf(asSealed(version)) },
  { kind: 'unnamed narrative' as const, id: version.id },
];
const nameOf = ({ narrativeId, number }: Pick<NarrativeVersion, 'narrativeId' | 'number'>): string =>
  `${narrativeId} ${number}`;

/** The draft goes back to what was signed last: whoever writes next begins with that. */
const authors: ErasePart = {
  ...{ collection: saveAuthorUnnamed.collection, kind: 'narrative-author', outcome: 'unnamed' },
  count: saveAuthorUnnamed.count,
  async erase(inside, person, after) {
    const found = await saveAuthorUnnamed.list(inside, person, after);
    for (const narrative of found) {
      const signed = await findVersion(inside, narrative.id, narrative.latestVersion);
      await saveAuthorUnnamed.overwrite(inside, [
        {
          ...narrative,
          ...{ authorName: person.mark, state: 'signed', markdown: signed?.markdown ?? '' },
        },
      ]);
    }
    return { count: found.length, last: found.at(-1)?.id ?? null, erased: [], records: [] };
  },
};

export const erasePersonFromNarratives: readonly ErasePart[] = [
  erasing('narrative-draft', removeNarrativesOf),
  erasing('narrative', removeNarrativeVersionsOf, namesOf),
  keeping('narrative', countKeptVersions),
  erasing('narrative-draft', removeDraftsBy),
  authors,
  rewriting(
    'narrative-signed',
    saveSignerUnnamed,
    (version, person) => {
      const after = {
        ...withoutMaker(version, person),
        signedName: nameFor(person, version.signedBy, version.signedName),
      };
      return { ...after, unnamedHash: narrativeHash(after) };
    },
    { records: ({ id, unnamedHash }) => [{ kind: 'unnamed narrative', id, hash: unnamedHash! }] },
  ),
];
