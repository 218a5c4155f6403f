/** Changing one person. A field that is left out stays as it was; one that is sent is applied, or refused by name. */
import { z } from 'zod';
import { tellOwner } from '../access/reset-password.js';
import type { SharedScope } from '../db/database.js';
import { Conflict, InvalidInput } from '../errors.js';
import { idParams } from '../http/read-input.js';
import { done, routes, type FeatureRoutes } from '../http/route.js';
import { attendanceOf } from './attendance.js';
import { clearHours } from './clear-hours.js';
import { changePerson, type ChangeNeeds } from './change-person.js';
import { checkAdministrators, checkNumberFree, checkRelations } from './check-person.js';
import { getPerson } from './people-records.js';
import { personForm } from './person-form.js';
import { checkNotSealed, sortNameOf } from './person.js';
import {
  checkGivenNames,
  givenNames,
  optionalSent,
  personChangeBody,
  shownName,
  storedFields,
} from './read-person.js';

/** What is asked of features that come later. */
export type PersonPorts = Omit<ChangeNeeds, 'clock' | 'tellMoved'>;

export function makePersonRoutes(ports: PersonPorts): FeatureRoutes {
  const one = routes('people');
  one.put(
    '/people/:id',
    {
      summary: 'Change a person',
      who: ['registrar', 'admin'],
      params: idParams,
      body: personChangeBody,
      rules: checkGivenNames,
      answer: z.object({ id: z.string() }),
      alsoPost: true,
      again: async (call) => personForm(call, call.params.id),
    },
    async (call) => {
      const { scope, context, actor, params } = call;
      const body = givenNames(call.body);
      const person = await getPerson(scope, params.id);
      // Before anything is asked about the change.
      checkNotSealed(person);
      if (person.erasedAt) throw new Conflict('people.problem.erased');
      checkAdministrators(call, body.roles, person.roles);
      await checkRelations(call, body);
      await checkNumberFree(scope, body.studentNumber, person.id);
      body.hours = clearHours(body.hours, {
        ...{ clock: context.clock, zone: call.timeZone, before: person.attendance?.hours },
      });
      if (body.guardianIds?.includes(person.id))
        throw new InvalidInput([{ field: 'guardianIds', message: 'people.problem.guardian-student' }]);
      const { email: address, guardianIds: guardians, ...fields } = storedFields(body);
      const names = {
        givenName: body.givenName,
        familyName: body.familyName,
        displayName: shownName(body, person),
      };
      const change = {
        ...fields,
        ...(address === undefined ? {} : { email: address?.toLowerCase() ?? null }),
        ...(guardians === undefined ? {} : { guardianIds: [...new Set(guardians)] }),
        ...optionalSent(body),
        ...{ ...names, sortName: sortNameOf(names.givenName, names.familyName) },
        attendance: attendanceOf(person.attendance, body),
      };
      const whenNamed = body.frozenNames ?? (call.wantsJson ? 'refuse' : 'wait');
      const needs = {
        ...{ ...ports, clock: context.clock },
        tellMoved: (_inside: SharedScope, to: string, name: string) =>
          tellOwner({ ...context, t: call.t }, to, 'moved', { name }),
      };
      const { nameWaits } = await changePerson(needs, scope, actor, person.id, change, whenNamed);
      const view = { id: person.id };
      if (!nameWaits) return done(`/people/${person.id}`, view, { notice: 'people.notice.saved' });
      const query = new URLSearchParams(names).toString();
      return done(`/people/${person.id}/names?${query}`, view, { notice: 'people.notice.saved-but-name' });
    },
  );
  return one;
}
