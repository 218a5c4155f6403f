/** Whether somebody still belongs to the school: who has left signs in no more, and everything they did stays. */
import { z } from 'zod';
import { findAccountOffered, findAccountOfPerson } from '../access/account-records.js';
import { openAccounts } from '../access/join-school.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import { Conflict, Forbidden } from '../errors.js';
import { idParams } from '../http/read-input.js';
import { done, routes, type Call } from '../http/route.js';
import { checkAddressFree } from './add-person.js';
import { keepAdministrator } from './administrators.js';
import { noteEnrollments } from './keep-enrollments.js';
import { getPerson, savePersonChange } from './people-records.js';
import { checkNotSealed, mayChangeAdministrators, type Person } from './person.js';
import { personForm } from './person-form.js';

export const activityRoutes = routes('people');

const runners = ['registrar', 'admin'] as const;

async function setActive(
  call: Pick<Call<{ id: string }>, 'scope' | 'actor' | 'context' | 'params'>,
  leftAs: 'left' | 'graduated' | null,
): Promise<void> {
  const active = leftAs === null;
  const { scope, actor, context, params } = call;
  await keepAdministrator(
    scope,
    async (inside) => {
      const person = await getPerson(inside, params.id);
      checkNotSealed(person);
      if (person.erasedAt) throw new Conflict('people.problem.erased');
      if (person.roles.includes('admin') && !mayChangeAdministrators(actor))
        throw new Forbidden('access.problem.admins-only');
      if (person.active === active && (person.leftAs ?? null) === leftAs) return;
      if (person.active !== active)
        await noteEnrollments(inside, context.clock, [
          { before: person, after: { ...person, active, leftAs } },
        ]);
      // Where they once went ends with coming back; whoever leaves after that has not gone there.
      await savePersonChange(inside, person.id, {
        active,
        leftAs,
        ...(person.active === active ? {} : { movedTo: null }),
      });
      if (active) await offerAccount(inside, context.clock, person);
      const subject = { kind: 'person', id: person.id };
      if (active) await appendAudit(inside, context.clock, actor, 'people.reactivate', subject);
      else await appendAudit(inside, context.clock, actor, 'people.deactivate', subject, { leftAs });
    },
    '',
  );
}

/** Whose account has gone with them to another school is offered a membership again. */
async function offerAccount(
  inside: SchoolScope,
  clock: Clock,
  { id, email, schoolId }: Person,
): Promise<void> {
  if (!email || (await findAccountOfPerson(inside, id)) || (await findAccountOffered(inside, id))) return;
  await checkAddressFree(inside, email);
  await openAccounts(inside, clock, [{ email, personId: id, schoolId }]);
}

activityRoutes.post(
  '/people/:id/deactivate',
  {
    summary: 'This person has left: they sign in no more, and what they did stays',
    who: runners,
    params: idParams,
    body: z.object({ leftAs: z.enum(['left', 'graduated']).default('left') }),
    answer: z.object({ active: z.literal(false) }),
    again: async (call) => personForm(call, call.params.id),
  },
  async (call) => {
    await setActive(call, call.body.leftAs);
    return done(`/people/${call.params.id}`, { active: false }, { notice: 'people.notice.deactivated' });
  },
);

activityRoutes.post(
  '/people/:id/reactivate',
  {
    summary: 'This person is back and signs in as before',
    who: runners,
    params: idParams,
    answer: z.object({ active: z.literal(true) }),
    again: async (call) => personForm(call, call.params.id),
  },
  async (call) => {
    await setActive(call, null);
    return done(`/people/${call.params.id}`, { active: true }, { notice: 'people.notice.reactivated' });
  },
);
