/** Whether somebody still belongs to the school: who has left signs in no more, and everything they did stays. */
import { z } from 'zod';
import { appendAudit } from '../audit/append-audit.js';
import { Conflict, Forbidden } from '../errors.js';
import { idParams } from '../http/read-input.js';
import { done, routes, type Call } from '../http/route.js';
import { keepAdministrator } from './administrators.js';
import { noteEnrollments } from './keep-enrollments.js';
import { getPerson, savePersonChange } from './people-records.js';
import { checkNotSealed, mayChangeAdministrators } from './person.js';
import { personForm } from './person-form.js';

export const activityRoutes = routes('people');

const runners = ['registrar', 'admin'] as const;

async function setActive(call: Call<{ id: string }>, active: boolean): Promise<void> {
  const { scope, actor, context, params } = call;
  await keepAdministrator(
    scope,
    async (inside) => {
      const person = await getPerson(inside, params.id);
      checkNotSealed(person);
      if (person.erasedAt) throw new Conflict('people.problem.erased');
      const governs = person.roles.includes('admin');
      if (governs && (!mayChangeAdministrators(actor) || actor.via === 'token'))
        throw new Forbidden('access.problem.admins-only');
      if (person.active === active) return;
      await noteEnrollments(inside, context.clock, [{ before: person, after: { ...person, active } }]);
      await savePersonChange(inside, person.id, { active });
      const subject = { kind: 'person', id: person.id };
      if (active) await appendAudit(inside, context.clock, actor, 'people.reactivate', subject);
      else await appendAudit(inside, context.clock, actor, 'people.deactivate', subject);
    },
    '',
  );
}

activityRoutes.post(
  '/people/:id/deactivate',
  {
    summary: 'This person has left: they sign in no more, and what they did stays',
    who: runners,
    params: idParams,
    answer: z.object({ active: z.literal(false) }),
    again: async (call) => personForm(call, call.params.id),
  },
  async (call) => {
    await setActive(call, false);
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
    await setActive(call, true);
    return done(`/people/${call.params.id}`, { active: true }, { notice: 'people.notice.reactivated' });
  },
);
