/**
 * Guardians whom students' rows name: brothers and sisters name the same person, and a guardian's own row
 * says more than a mention. Pure.
 */
import { isDeepStrictEqual } from 'node:util';
import { nameKeyOf, namesAgree } from './name-key.js';
import type { RosterPerson } from './roster.js';

type Named = Pick<RosterPerson, 'givenName' | 'familyName'>;

/** Names a guardian of a row: with an address the same for every row that names them so, else of this row alone. */
export const mentionKey = ({
  place,
  email,
  givenName,
  familyName,
}: Pick<RosterPerson, 'place' | 'email' | 'givenName' | 'familyName'>): string =>
  `guardian:${email ?? `${place.file} ${place.row}`} ${nameKeyOf(`${givenName} ${familyName}`)}`;

const nameOf = ({ givenName, familyName }: Named): string => `${givenName} ${familyName}`.trim();
/** The row had an address and no name. */
const isNameless = (person: RosterPerson): boolean =>
  person.email !== null && nameOf(person) === person.email;

const isOne = (mention: RosterPerson, other: RosterPerson): boolean =>
  isNameless(mention) || isNameless(other) || namesAgree(nameOf(mention), nameOf(other));

/**
 * Each guardian once: people with rows of their own, then those who are only named. Two with one address and
 * different names stay two; so do those without an address.
 */
export function joinMentions(people: readonly RosterPerson[]): RosterPerson[] {
  const own = people.filter(({ mention }) => !mention).map((person) => ({ ...person }));
  const adults = new Map<string, RosterPerson[]>();
  const note = (person: RosterPerson): void => {
    if (!person.email) return;
    const same = adults.get(person.email);
    if (same) same.push(person);
    else adults.set(person.email, [person]);
  };
  for (const person of own) if (!person.roles.includes('student')) note(person);
  const mentions: RosterPerson[] = [];
  const meant = new Map<string, string>();
  for (const mention of people.filter((person) => person.mention)) {
    const other = (adults.get(mention.email ?? '') ?? []).find((each) => isOne(mention, each));
    if (!other) {
      const kept = { ...mention };
      mentions.push(kept);
      note(kept);
      continue;
    }
    // Rows that name a guardian without a number are held together by a key.
    other.key ??= `row:${other.place.file} ${other.place.row}`;
    meant.set(mention.key!, other.key);
    if (other.mention && isNameless(other))
      Object.assign(other, { givenName: mention.givenName, familyName: mention.familyName });
  }
  for (const person of own)
    if (person.guardians)
      person.guardians = [...new Set(person.guardians.map((key) => meant.get(key) ?? key))];
  return [...own, ...mentions];
}

/**
 * Some systems write a row for each contact. Rows of one id that say the same of the student and name other
 * guardians are one, with all of them; a row that differs in anything else is told as the second one of its
 * id.
 */
export function joinContacts(people: readonly RosterPerson[]): RosterPerson[] {
  const first = new Map<string, RosterPerson>();
  return people.flatMap((person) => {
    if (person.mention || !person.sourcedId) return [person];
    const before = first.get(person.sourcedId);
    const others = (person.guardians ?? []).filter((key) => !before?.guardians?.includes(key));
    if (before && others.length > 0 && isSameRow(before, person)) {
      before.guardians = [...(before.guardians ?? []), ...others];
      return [];
    }
    const kept = before ? person : { ...person };
    if (!before) first.set(person.sourcedId, kept);
    return [kept];
  });
}

const isSameRow = (one: RosterPerson, other: RosterPerson): boolean =>
  isDeepStrictEqual({ ...one, guardians: null, place: null }, { ...other, guardians: null, place: null });
