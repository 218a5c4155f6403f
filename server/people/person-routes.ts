/** Changing one person. A field that is left out stays as it was; one that is sent is applied, or refused by name. */
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { SchoolScope } from '../database.js';
import { Conflict, InvalidInput } from '../errors.js';
import { idParams } from '../http/read-input.js';
import { done, routes, type RoomRoutes } from '../http/route.js';
import { attendanceOf } from './attendance.js';
import type { EndFamilySeats } from './change-family.js';
import { changePerson } from './change-person.js';
import { checkAdministrators, checkRelations } from './check-person.js';
import { getPerson } from './people-records.js';
import { personForm } from './person-form.js';
import type { PersonNames } from './name-correction.js';
import { sortNameOf, type Person } from './person.js';
import { namesSent, personChangeBody, shownName, storedFields } from './read-person.js';

/** What is asked of features that come later. */
export interface PersonPorts {
  /** What the panels end when somebody is no longer a guardian. */
  endFamilySeats: EndFamilySeats;
  /** Frozen documents that say a name of this person: the registrar decides about each before the name is another. */
  countNaming(scope: SchoolScope, person: Person): Promise<number>;
}

export function makePersonRoutes({ endFamilySeats, countNaming }: PersonPorts): RoomRoutes {
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
      const names = {
        givenName: body.givenName,
        familyName: body.familyName,
        displayName: shownName(body, person),
      };
      const waits = isRenamed(person, names) && (await countNaming(scope, person)) > 0;
      if (waits && call.wantsJson) throw new Conflict('people.name.problem.decide', {}, 'decide-names');
      await changePerson({ clock: context.clock, endFamilySeats }, scope, actor, person.id, {
        ...fields,
        ...(address === undefined ? {} : { email: address?.toLowerCase() ?? null }),
        ...(guardians === undefined ? {} : { guardianIds: [...new Set(guardians)] }),
        ...namesSent(body),
        ...(waits ? namesOf(person) : { ...names, sortName: sortNameOf(names.givenName, names.familyName) }),
        attendance: attendanceOf(person.attendance, body),
      });
      const view = { id: person.id };
      if (!waits) return done('/people', view, { notice: 'people.notice.saved' });
      const query = new URLSearchParams(names).toString();
      return done(`/people/${person.id}/names?${query}`, view, { notice: 'people.notice.saved-but-name' });
    },
  );
  return one;
}

const namesOf = ({ givenName, familyName, displayName }: PersonNames): PersonNames => ({
  givenName,
  familyName,
  displayName,
});

const isRenamed = (before: PersonNames, after: PersonNames): boolean =>
  !isDeepStrictEqual(namesOf(before), namesOf(after));
