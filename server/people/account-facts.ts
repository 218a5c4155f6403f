/**
 * What signing in asks of schools and people: whether an account still opens anything, and what its
 * memberships are called.
 */
import type { MembershipPlace, PlacesOf } from '../access/membership.js';
import { aboutSchool } from '../school/school.js';
import type { Account } from '../access/account-records.js';
import type { AccountFacts } from '../access/sign-in.js';
import type { Database } from '../db/database.js';
import { findNetwork, findSchool } from '../school/school-records.js';
import { findPerson } from './people-records.js';

/** Why nobody signs in with an account any more, and on what its password must not be based. */
export async function accountFacts(db: Database, account: Account): Promise<AccountFacts> {
  const { schoolId, networkId, personId } = account;
  if (schoolId === null) {
    const network = networkId ? await findNetwork(db, networkId) : null;
    const ownWords = [account.name ?? '', network?.name ?? ''];
    return { closed: network?.closedAt ? 'network' : null, ownWords };
  }
  const [person, school] = await Promise.all([
    findPerson({ db, schoolId }, personId),
    findSchool(db, schoolId),
  ]);
  const names = person ? [person.displayName, person.givenName, person.familyName] : [];
  // Administrators read what a closed school has.
  const closedSchool = school?.closedAt && !person?.roles.includes('admin') ? 'school' : null;
  return { closed: person?.active ? closedSchool : 'person', ownWords: [...names, school?.name ?? ''] };
}

/** What the memberships of an account are called. */
export const membershipPlaces: PlacesOf = async (db, parts) => {
  const found = await Promise.all(
    parts.map(async ({ personId, schoolId, networkId }): Promise<[string, MembershipPlace] | null> => {
      if (schoolId === null) {
        const network = networkId ? await findNetwork(db, networkId) : null;
        if (!network) return null;
        const closed = Boolean(network.closedAt);
        return [personId, { name: network.name, about: '', roles: ['network'], closed }];
      }
      const [school, person] = await Promise.all([
        findSchool(db, schoolId),
        findPerson({ db, schoolId }, personId),
      ]);
      if (!school || !person) return null;
      const closed = !person.active || (Boolean(school.closedAt) && !person.roles.includes('admin'));
      return [personId, { name: school.name, about: aboutSchool(school), roles: person.roles, closed }];
    }),
  );
  return new Map(found.filter((each) => each !== null));
};
