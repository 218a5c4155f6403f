/**
 * A student's guardians: who they are, adding one by search, ending a tie, and the note about custody. For
 * the office alone.
 */
import { z } from 'zod';
import { runsSchool } from '../access/actor.js';
import { NotFound } from '../errors.js';
import { idParams, optionalText, text } from '../http/read-input.js';
import { done, page, routes, type Call, type FeatureRoutes } from '../http/route.js';
import { addGuardian, endGuardian, writeCustodyNote, type EndFamilySeats } from './change-family.js';
import { findStudent, listPeople, listPeopleByIds } from './people-records.js';
import { initialsOf } from './people-view.js';
import { governsAlone, mayChangeAdministrators, type Person } from './person.js';

const runners = ['registrar', 'admin'] as const;
const MAX_NOTE = 2000;
/** People offered by one search. */
const MAX_FOUND = 20;

const guardianAnswer = z.object({
  id: z.string(),
  displayName: z.string(),
  email: z.string().nullable(),
  active: z.boolean(),
});
const tieParams = idParams.extend({ guardianId: z.string().min(1).max(64) });
const noteField = { note: optionalText(MAX_NOTE).optional() };

/** @param endFamilySeats what the panels end together with a tie: they come downstream */
export function makeFamilyRoutes({ endFamilySeats }: { endFamilySeats: EndFamilySeats }): FeatureRoutes {
  const family = routes('people');

  family.get(
    '/people/:id/guardians',
    {
      summary: "A student's guardians; with `search`, people who can become one",
      who: runners,
      params: idParams,
      query: z.object({ search: z.string().trim().max(80).optional() }),
      answer: z.object({
        student: z.object({ id: z.string(), displayName: z.string() }),
        guardians: z.array(guardianAnswer),
        found: z.array(guardianAnswer),
        administratorsLeftOut: z
          .boolean()
          .describe('The search found administrators, whom only an administrator can add.'),
        custodyNote: z.string(),
      }),
    },
    async (call) => familyPage(call, call.params.id, call.query.search ?? ''),
  );

  family.post(
    '/people/:id/guardians',
    {
      summary: 'Add a guardian',
      who: runners,
      params: idParams,
      body: z.object({ personId: text(64), ...noteField }),
      status: 201,
      answer: z.object({ studentId: z.string(), guardianId: z.string() }),
      again: async (call) => familyPage(call, call.params.id, ''),
    },
    async (call) => {
      const { scope, context, actor, params, body } = call;
      await addGuardian(context, scope, actor, params.id, body.personId);
      if (body.note !== undefined) await writeCustodyNote(context, scope, actor, params.id, body.note);
      return done(
        `/people/${params.id}/guardians`,
        { studentId: params.id, guardianId: body.personId },
        { status: 201, notice: 'people.notice.guardian-added' },
      );
    },
  );

  const end = async (call: Call<z.output<typeof tieParams>>) => {
    const { scope, context, actor, params } = call;
    await endGuardian({ ...context, endFamilySeats }, scope, actor, params.id, params.guardianId);
    return done(
      `/people/${params.id}/guardians`,
      { studentId: params.id, guardianId: params.guardianId },
      { notice: 'people.notice.guardian-ended' },
    );
  };
  const ending = {
    summary: 'End the tie to a guardian, at once; the note about custody is a field of the student',
    who: runners,
    params: tieParams,
    answer: z.object({ studentId: z.string(), guardianId: z.string() }),
  };
  family.delete('/people/:id/guardians/:guardianId', ending, end);
  family.post('/people/:id/guardians/:guardianId/end', ending, end);

  family.post(
    '/people/:id/custody-note',
    {
      summary: 'Write down what staff must know about custody; the family never reads it',
      who: runners,
      params: idParams,
      body: z.object({ note: optionalText(MAX_NOTE) }),
      answer: z.object({ studentId: z.string() }),
      again: async (call) => familyPage(call, call.params.id, ''),
    },
    async (call) => {
      await writeCustodyNote(call.context, call.scope, call.actor, call.params.id, call.body.note);
      return done(
        `/people/${call.params.id}/guardians`,
        { studentId: call.params.id },
        { notice: 'people.notice.saved' },
      );
    },
  );
  return family;
}

const viewOf = (person: Person): z.output<typeof guardianAnswer> & { initials: string } => ({
  id: person.id,
  displayName: person.displayName,
  email: person.email,
  active: person.active,
  initials: initialsOf(person.displayName),
});

async function familyPage(call: Pick<Call, 'scope' | 'actor' | 't'>, studentId: string, search: string) {
  const { scope, t } = call;
  const student = await findStudent(scope, studentId);
  if (!student || !runsSchool(call.actor)) throw new NotFound();
  const [guardians, found] = await Promise.all([
    listPeopleByIds(scope, student.guardianIds),
    search ? listPeople(scope, { search }, 1, MAX_FOUND + 1) : null,
  ]);
  const others = (found?.items ?? []).filter(
    (person) => !student.guardianIds.includes(person.id) && !person.roles.includes('student'),
  );
  const mayAdd = (person: Person) => mayChangeAdministrators(call.actor) || !governsAlone(person);
  const addable = others.filter(mayAdd);
  return page(
    'people/guardians',
    {
      student: { id: student.id, displayName: student.displayName },
      guardians: guardians.map(viewOf),
      found: addable.slice(0, MAX_FOUND).map(viewOf),
      administratorsLeftOut: addable.length < others.length,
      search,
      moreFound: addable.length > MAX_FOUND,
      custodyNote: student.custodyNote ?? '',
      maxNote: MAX_NOTE,
    },
    {
      title: t('people.guardians.title', { name: student.displayName }),
      crumbs: [
        { href: '/people', label: t('people.people.title') },
        { href: `/people/${student.id}`, label: student.displayName },
      ],
    },
  );
}
