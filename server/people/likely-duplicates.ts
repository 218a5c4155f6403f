/**
 * Who may be one person twice: the same name, and something else that fits. People are grouped by the words
 * of their names, so a school of thousands is looked at in one pass. It only ever asks; nobody is merged or
 * left out because of it. Pure.
 */
import { nameKeyOf } from './name-key.js';
import type { Person } from './person.js';

export type DuplicateFacts = Pick<
  Person,
  | 'id'
  | 'givenName'
  | 'familyName'
  | 'displayName'
  | 'sourcedId'
  | 'email'
  | 'roles'
  | 'grade'
  | 'advisoryId'
  | 'guardianIds'
  | 'organisation'
>;

export const duplicateReasons = ['email', 'guardian', 'advisory', 'grade', 'organisation', 'name'] as const;
export type DuplicateReason = (typeof duplicateReasons)[number];

export interface LikelyPair<T extends DuplicateFacts = DuplicateFacts> {
  first: T;
  second: T;
  /** What fits beside the name; `name` where nothing else does. */
  reasons: DuplicateReason[];
}

/** A chosen name and the one in the roster are both somebody's. */
const keysOf = ({ givenName, familyName, displayName }: DuplicateFacts): string[] =>
  [...new Set([nameKeyOf(`${givenName} ${familyName}`), nameKeyOf(displayName)])].filter((key) => key !== '');

const isStudent = ({ roles }: DuplicateFacts): boolean => roles.includes('student');
const isGuestOnly = ({ roles }: DuplicateFacts): boolean => roles.every((role) => role === 'guest');
const same = (a: string | null, b: string | null): boolean =>
  Boolean(a && b && a.trim().toLowerCase() === b.trim().toLowerCase());

/**
 * Null where nobody need ask: a student and an adult, two numbers and nothing in common, two guests of the same name.
 */
function reasonsFor(a: DuplicateFacts, b: DuplicateFacts): DuplicateReason[] | null {
  if (isStudent(a) !== isStudent(b)) return null;
  const reasons: DuplicateReason[] = [];
  if (same(a.email, b.email)) reasons.push('email');
  if (a.guardianIds.some((id) => b.guardianIds.includes(id))) reasons.push('guardian');
  if (same(a.advisoryId, b.advisoryId)) reasons.push('advisory');
  if (same(a.grade, b.grade)) reasons.push('grade');
  if (same(a.organisation, b.organisation)) reasons.push('organisation');
  if (reasons.length > 0) return reasons;
  const numbersDiffer = a.sourcedId !== null && b.sourcedId !== null && a.sourcedId !== b.sourcedId;
  return numbersDiffer || (isGuestOnly(a) && isGuestOnly(b)) ? null : ['name'];
}

/** Of people with one name no more are compared with one another: a name that so many have says nothing. */
const MAX_OF_ONE_NAME = 12;

/** By the words of their names; those who have a name of their own are missing. */
function groupsByName<T extends DuplicateFacts>(people: Iterable<T>): T[][] {
  const groups = new Map<string, T[]>();
  for (const person of people)
    for (const key of keysOf(person)) {
      const group = groups.get(key);
      if (group) group.push(person);
      else groups.set(key, [person]);
    }
  return [...groups.values()].filter((group) => group.length > 1);
}

/**
 * Those with most in common first.
 * @param isKnown whether somebody said that these two are two
 */
export function likelyPairs<T extends DuplicateFacts>(
  people: Iterable<T>,
  isKnown: (a: string, b: string) => boolean = () => false,
): LikelyPair<T>[] {
  const pairs = new Map<string, LikelyPair<T>>();
  for (const group of groupsByName(people)) {
    const compared = group.slice(0, MAX_OF_ONE_NAME);
    compared.forEach((first, at) => {
      for (const second of compared.slice(at + 1)) {
        const reasons = isKnown(first.id, second.id) ? null : reasonsFor(first, second);
        if (reasons) pairs.set(`${first.id} ${second.id}`, { first, second, reasons });
      }
    });
  }
  const weight = ({ reasons }: LikelyPair<T>): number => (reasons[0] === 'name' ? 0 : reasons.length);
  return [...pairs.values()].sort((a, b) => weight(b) - weight(a));
}
