/**
 * New addresses of a roster that people who sign in do not get: by a token none, because whoever has the
 * address gets the account, and none with which somebody signs in at another school.
 */
import { listPeopleWithAccount, listPeopleWithPassword } from '../access/account-records.js';
import { isOfOffice } from '../access/move-address.js';
import type { SchoolScope } from '../db/database.js';
import type { RosterDraft } from './draft-roster.js';
import type { RowProblem } from './roster.js';

/** People who are looked for at once. */
const AT_ONCE = 250;

/** Gives the drafts their earlier addresses back, and answers the rows to tell of. */
export async function keepSignInAddresses(
  scope: SchoolScope,
  drafts: readonly RosterDraft[],
  { elsewhere, byToken }: { elsewhere: ReadonlySet<string>; byToken: boolean },
): Promise<RowProblem[]> {
  const moved = drafts.filter(({ before, after }) => before && after.email && before.email !== after.email);
  const problems: RowProblem[] = [];
  for (let at = 0; at < moved.length; at += AT_ONCE) {
    const portion = moved.slice(at, at + AT_ONCE);
    const ids = portion.map(({ after }) => after.id);
    const [signIn, known] = [
      await listPeopleWithPassword(scope, ids),
      await listPeopleWithAccount(scope, ids),
    ];
    for (const { place, before, after } of portion) {
      const isKept = signIn.has(after.id) || (known.has(after.id) && isOfOffice(before!.roles));
      const isElsewhere = known.has(after.id) && elsewhere.has(after.email!);
      if (!isElsewhere && !(byToken && isKept)) continue;
      const params = { who: before!.displayName, value: after.email! };
      const message = isElsewhere ? 'people.import.row.email-elsewhere' : 'people.import.row.email-by-token';
      problems.push({ ...place, field: 'email', message, params });
      after.email = before!.email;
    }
  }
  return problems;
}
