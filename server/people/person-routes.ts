/** Changing one person. A field that is left out stays as it was; one that is sent is applied, or refused by name. */
import { z } from 'zod';
import { InvalidInput } from '../errors.js';
import { idParams } from '../http/read-input.js';
import { done, routes, type RoomRoutes } from '../http/route.js';
import { attendanceOf } from './attendance.js';
import type { EndFamilySeats } from './change-family.js';
import { changePerson } from './change-person.js';
import { checkAdministrators, checkRelations } from './check-person.js';
import { getPerson } from './people-records.js';
import { personForm } from './person-form.js';
import { sortNameOf } from './person.js';
import { namesSent, personChangeBody, shownName, storedFields } from './read-person.js';

/** @param endFamilySeats what the panels end when somebody is no longer a guardian: they come downstream */
export function makePersonRoutes({ endFamilySeats }: { endFamilySeats: EndFamilySeats }): RoomRoutes {
  const one = routes('people');
  one.put(
    '/people/:id',
    {
      summary: 'Change a person',
      who: ['registrar', 'admin'],
      params: idParams,
      body: personChangeBody,
      answer: z.object({ id: z.string() }),
      alsoPost: true,
      again: async (call) => personForm(call, call.params.id),
    },
    async (call) => {
      const { scope, context, actor, params, body } = call;
      const person = await getPerson(scope, params.id);
      checkAdministrators(call, body.roles, person.roles);
      await checkRelations(call, body);
      if (body.guardianIds?.includes(person.id))
        throw new InvalidInput([{ field: 'guardianIds', message: 'people.problem.guardian-student' }]);
      const { email: address, guardianIds: guardians, ...fields } = storedFields(body);
      await changePerson({ clock: context.clock, endFamilySeats }, scope, actor, person.id, {
        ...fields,
        ...(address === undefined ? {} : { email: address?.toLowerCase() ?? null }),
        ...(guardians === undefined ? {} : { guardianIds: [...new Set(guardians)] }),
        ...namesSent(body),
        displayName: shownName(body, person),
        sortName: sortNameOf(body.givenName, body.familyName),
        attendance: attendanceOf(person.attendance, body),
      });
      return done('/people', { id: person.id }, { notice: 'people.notice.saved' });
    },
  );
  return one;
}
