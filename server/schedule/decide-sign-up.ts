/** The office takes a guest who signed up, or declines. Accepted, they are a person of the school whom the timetable of the exhibition may seat. */
import type { Actor } from '../access/actor.js';
import { findAccountByEmail } from '../access/account-records.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, type SchoolScope } from '../database.js';
import { Conflict, NotFound, StateMissing } from '../errors.js';
import { mayManageExhibitions, type Exhibition } from '../exhibition/exhibition.js';
import { getExhibition } from '../exhibition/exhibition-records.js';
import { checkPlanner } from '../exhibition/planners.js';
import { newId } from '../ids.js';
import { nothingSaid, type Attendance } from '../people/attendance.js';
import { findPersonByEmail } from '../people/people-records.js';
import { permit } from '../people/person.js';
import { checkPlannable } from './keep-schedule.js';
import { listeningOf } from './schedule.js';
import { findSchedule, savePanelistAdded } from './schedule-records.js';
import type { SignUp } from './sign-up.js';
import { findSignUp, saveSignUpChange } from './sign-up-records.js';

interface NewPanelist {
  id: string;
  name: string;
  email: string | null;
  organisation: string | null;
  attendance: Attendance;
}

export interface DecideNeeds {
  clock: Clock;
  /** Writes a guest down as a person of the school, under the id given. */
  addGuest(scope: SchoolScope, clock: Clock, guest: NewPanelist): Promise<unknown>;
}

export interface DecidedOn {
  exhibitionId: string;
  signUpId: string;
  /** `changedAt` of the sign-up as the office has read it: until it is decided on, its guest may change every word of it. */
  seen: string | undefined;
}

/**
 * @throws Conflict when somebody has decided already, or nothing is planned any more; `stale` when the guest has changed it since it was
 *   read; StateMissing
 */
export async function acceptSignUp(
  needs: DecideNeeds,
  scope: SchoolScope,
  actor: Actor,
  on: DecidedOn,
): Promise<SignUp> {
  const { exhibitionId } = on;
  return decide(needs, scope, actor, on, async (inside, found, exhibition) => {
    checkPlannable(exhibition);
    const personId = newId();
    const { hours, most, speaks, interprets, conflictWords, name, organisation } = found;
    await needs.addGuest(inside, needs.clock, {
      ...{ id: personId, name, organisation, email: await freeEmail(inside, found.email) },
      attendance: {
        ...nothingSaid,
        ...{ hours, most, speaks, interprets, conflictWords },
        awayFrom: found.away ? [exhibitionId] : [],
        comesTo: [exhibitionId],
      },
    });
    const schedule = await findSchedule(inside, exhibitionId);
    if (schedule && listeningOf(schedule) === 'chosen')
      await savePanelistAdded(inside, exhibitionId, personId);
    return { state: 'accepted', personId, conflictWords: '' };
  });
}

/** What is not needed any more is deleted; the name stays, so that the office sees whom it declined. */
export const declineSignUp = (
  needs: Pick<DecideNeeds, 'clock'>,
  scope: SchoolScope,
  actor: Actor,
  on: DecidedOn,
): Promise<SignUp> =>
  decide(needs, scope, actor, on, async () => ({
    ...{ state: 'declined', email: null, conflictWords: '' },
    ...{ hours: [], most: null, speaks: [], interprets: [] },
  }));

async function decide(
  { clock }: Pick<DecideNeeds, 'clock'>,
  scope: SchoolScope,
  actor: Actor,
  { exhibitionId, signUpId, seen }: DecidedOn,
  work: (
    inside: SchoolScope,
    found: SignUp,
    exhibition: Exhibition,
  ) => Promise<Partial<SignUp> & Pick<SignUp, 'state'>>,
): Promise<SignUp> {
  permit(mayManageExhibitions(actor));
  return inTransaction(scope, async (inside) => {
    const exhibition = await getExhibition(inside, exhibitionId);
    checkPlanner(actor, exhibition);
    const found = await findSignUp(inside, signUpId);
    if (found?.exhibitionId !== exhibitionId) throw new NotFound();
    if (found.state !== 'waiting') throw new Conflict('schedule.sign-up.problem.decided');
    if (seen === undefined) throw new StateMissing('common.problem.state-missing', { field: 'seen' });
    if (seen !== found.changedAt.toISOString())
      throw new Conflict('schedule.sign-up.problem.changed', { name: found.name }, 'stale');
    const change = await work(inside, found, exhibition);
    const decided = await saveSignUpChange(inside, found, change);
    if (!decided) throw new Conflict('schedule.sign-up.problem.decided');
    const act = change.state === 'accepted' ? 'sign-up.accept' : 'sign-up.decline';
    const { personId } = decided;
    await appendAudit(
      inside,
      clock,
      actor,
      act,
      { kind: 'sign-up', id: signUpId },
      {
        exhibitionId,
        ...(personId ? { personId } : {}),
      },
    );
    return decided;
  });
}

/** An address that is somebody's stays theirs: it alone says nothing about who this is. */
async function freeEmail(scope: SchoolScope, email: string | null): Promise<string | null> {
  if (email === null) return null;
  const [person, account] = await Promise.all([
    findPersonByEmail(scope, email),
    findAccountByEmail(scope, email),
  ]);
  return person || account ? null : email;
}
