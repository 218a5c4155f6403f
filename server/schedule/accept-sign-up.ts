/** The office takes a guest who signed up: a person of the school whom the timetable of the exhibition may seat. */
import { findAccountByEmail } from '../access/account-records.js';
import { runsSchool, type Actor } from '../access/actor.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import { Conflict, InvalidInput } from '../errors.js';
import { newId } from '../ids.js';
import { MAX_CONFLICT_WORDS, nothingSaid } from '../people/attendance.js';
import { addGuest } from '../people/add-person.js';
import { becomeGuest } from '../people/become-guest.js';
import { findPersonByEmail } from '../people/people-records.js';
import type { Person } from '../people/person.js';
import { asPlanner, decideSignUp, type DecidedOn } from './decide-sign-up.js';
import { findSamePeople } from './find-same-people.js';
import { joinOffer } from './join-offer.js';
import { checkPlannable } from './keep-schedule.js';
import { poolOf } from './people-groups.js';
import { listeningOf } from './schedule.js';
import { findSchedule, savePanelistAdded } from './schedule-records.js';
import { wordsHashOf, type SignUp } from './sign-up.js';

/** Instead of a person's id: it is none of those who have this name and address. */
export const somebodyElse = 'new';

/**
 * @param on.person who of the people with this name and address it is, or `somebodyElse`; asked for where there are any
 * @returns with whether the address was left out, because it is somebody else's
 * @throws InvalidInput on `person`
 * @throws Conflict when somebody has decided already, or nothing is planned any more; `stale` when the guest
 *   has changed it since it was read; StateMissing
 */
export async function acceptSignUp(
  needs: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  exhibitionId: string,
  on: DecidedOn & { person?: string | undefined },
): Promise<{ signUp: SignUp; withoutAddress: boolean }> {
  return asPlanner(scope, actor, exhibitionId, async (inside, exhibition) => {
    let withoutAddress = false;
    const signUp = await decideSignUp(needs.clock, inside, actor, exhibitionId, on, {
      ...{ from: 'waiting', act: 'sign-up.accept' },
      async change(_inside, found) {
        checkPlannable(exhibition);
        const same = whoItIs(await findSamePeople(inside, found), found, on.person);
        // Records of staff, students and families are the office's.
        if (same && !runsSchool(actor) && same.roles.some((role) => role !== 'guest'))
          throw new InvalidInput([
            {
              ...{ field: 'person', message: 'schedule.sign-up.problem.office-joins' },
              params: { name: same.displayName },
            },
          ]);
        const schedule = await findSchedule(inside, exhibitionId);
        let personId = same?.id;
        if (same) await joinPerson(needs, inside, actor, same, found, schedule?.days ?? []);
        else {
          const email = await freeEmail(inside, found.email);
          withoutAddress = email !== found.email;
          personId = await addPerson(needs, inside, found, email);
        }
        if (schedule && listeningOf(schedule) === 'chosen')
          await savePanelistAdded(inside, exhibitionId, personId!);
        const wordsHash = wordsHashOf(found, found.conflictWords);
        return { state: 'accepted', personId: personId!, conflictWords: '', wordsHash };
      },
    });
    return { signUp, withoutAddress };
  });
}

/** @throws InvalidInput on `person` */
function whoItIs(same: readonly Person[], { name }: SignUp, person: string | undefined): Person | null {
  const told = (message: string) => new InvalidInput([{ field: 'person', message, params: { name } }]);
  if (person === undefined && same.length > 0) throw told('schedule.sign-up.problem.same-person');
  if (person === undefined || person === somebodyElse) return null;
  const found = same.find(({ id }) => id === person);
  if (!found) throw told('schedule.sign-up.problem.not-same');
  return found;
}

async function addPerson(
  needs: { clock: Clock },
  inside: SchoolScope,
  found: SignUp,
  email: string | null,
): Promise<string> {
  const id = newId();
  const { hours, most, speaks, interprets, conflictWords, name, organisation, exhibitionId } = found;
  await addGuest(needs, inside, {
    ...{ id, name, organisation, email },
    attendance: {
      ...nothingSaid,
      ...{ hours, most, speaks, interprets, conflictWords },
      // They offered nothing else; others may still choose them.
      awayFrom: found.away ? [exhibitionId] : [],
      comesTo: [exhibitionId],
    },
  });
  return id;
}

/**
 * What they say is added to what the school knows. @throws Conflict when words about students wait that leave
 * no room for more
 */
async function joinPerson(
  needs: { clock: Clock },
  inside: SchoolScope,
  actor: Actor,
  person: Person,
  found: SignUp,
  days: readonly string[],
): Promise<void> {
  const attendance = joinOffer(person, found, days);
  if ((attendance.conflictWords ?? '').length > MAX_CONFLICT_WORDS)
    throw new Conflict('schedule.sign-up.problem.words-wait', { name: person.displayName });
  const asGuest = poolOf(person) === null;
  await becomeGuest(needs, inside, actor, person.id, { attendance, asGuest });
}

/** An address that is somebody's stays theirs: it alone says nothing about who this is. */
async function freeEmail(scope: SchoolScope, email: string | null): Promise<string | null> {
  if (email === null) return null;
  const person = await findPersonByEmail(scope, email);
  return person || (await findAccountByEmail(scope, email)) ? null : email;
}
