/**
 * Students, people and advisories of a school. The student's page over time is in home/, which reads every feature.
 */
import { z } from 'zod';
import { roleNames, type Role } from '../access/actor.js';
import { findAccountOfPerson } from '../access/account-records.js';
import { appendAudit } from '../audit/append-audit.js';
import { appendDownload } from '../audit/append-counted.js';
import { inTransaction } from '../db/database.js';
import { NotFound } from '../errors.js';
import { idParams, listOf, pageQuery } from '../http/read-input.js';
import { pagerOf } from '../http/pager.js';
import { page, routes, type Call } from '../http/route.js';
import { findSchool } from '../school/school-records.js';
import { addPerson } from './add-person.js';
import { attendanceOf } from './attendance.js';
import { clearHours } from './clear-hours.js';
import { MAX_GRADE } from './grade.js';
import { checkAdministrators, checkNumberFree, checkRelations, holdAdvisory } from './check-person.js';
import { findPerson, listAdvisories, listPeople, presences } from './people-records.js';
import {
  attendanceAnswer,
  byId,
  initialsOf,
  officeAnswer,
  personAnswer,
  personView,
  studentAnswer,
  studentView,
} from './people-view.js';
import { mayChangeAdministrators, mayListAllStudents, type Advisory, type Person } from './person.js';
import { linkAnswer, linkPage } from './link-page.js';
import { invitationPath } from './invite-person.js';
import { movedAnswer, personForm, roleOptions } from './person-form.js';
import {
  checkGivenNames,
  givenNames,
  personBody,
  optionalSent,
  shownName,
  storedFields,
} from './read-person.js';

export const peopleRoutes = routes('people');

const search = { search: z.string().trim().max(80).optional() };
const presence = z.enum(presences).optional();
const studentsQuery = pageQuery.extend({
  ...search,
  presence,
  advisory: z.string().max(64).optional(),
  grade: z.string().max(MAX_GRADE).optional(),
});
const runners = ['registrar', 'admin'] as const;

/** Programs read whole lists; who looks at a page does not take the school home. */
async function recordList({ scope, context, actor }: Pick<Call, 'scope' | 'context' | 'actor'>, id: string) {
  if (actor.via !== 'token') return;
  await appendDownload(scope, context.clock, actor, 'people.list', { kind: 'list', id });
}

peopleRoutes.get(
  '/students',
  {
    summary: "Students: all for registrar and admin, their advisories' for advisors",
    who: ['advisor', ...runners],
    query: studentsQuery,
    answer: listOf(studentAnswer),
  },
  async (call) => {
    const { scope, actor, query } = call;
    await recordList(call, 'students');
    const readsAll = mayListAllStudents(actor);
    const wanted = query.advisory ? [query.advisory] : actor.advisoryIds;
    const chosen = readsAll ? wanted : wanted.filter((id) => actor.advisoryIds.includes(id));
    const [advisories, found] = await Promise.all([
      listAdvisories(scope),
      listPeople(
        scope,
        {
          role: 'student',
          ...(query.advisory || !readsAll ? { advisoryIds: chosen } : {}),
          ...(query.grade ? { grade: query.grade } : {}),
          ...(query.search ? { search: query.search } : {}),
          presence: query.presence || 'here',
        },
        query.page,
        query.perPage,
      ),
    ]);
    const visible = readsAll ? advisories : advisories.filter(({ id }) => actor.advisoryIds.includes(id));
    const known = byId(advisories);
    const { search, advisory, grade } = query;
    const filters = { search, advisory, grade, presence: query.presence };
    return page(
      'people/students',
      {
        ...found,
        items: found.items.map((student) => {
          const view = studentView(student, known);
          const grade = view.grade ? call.t('people.students.grade-line', { grade: view.grade }) : null;
          return {
            ...view,
            initials: initialsOf(view.displayName),
            line: [grade, view.advisory?.name, ...leavingWord(call, student)].filter(Boolean).join(' · '),
          };
        }),
        advisories: visible.map(({ id, name }) => ({ value: id, label: name })),
        letters: lettersOf(call, visible, query.advisory),
        filters: {
          ...{ search: query.search ?? '', advisory: query.advisory ?? '', grade: query.grade ?? '' },
          presence: query.presence || 'here',
        },
        presences: presenceOptions(call),
        mayEdit: mayListAllStudents(actor),
        pager: pagerOf(found, '/students', filters),
      },
      { title: call.t('people.students.title') },
    );
  },
);

const peopleQuery = pageQuery.extend({
  ...search,
  role: z.enum(roleNames).optional(),
  presence,
});

peopleRoutes.get(
  '/people',
  { summary: 'Everybody of the school', who: runners, query: peopleQuery, answer: listOf(personAnswer) },
  async (call) => {
    const { query, scope } = call;
    await recordList(call, 'people');
    const filter = {
      ...(query.role ? { role: query.role } : {}),
      ...(query.search ? { search: query.search } : {}),
      presence: query.presence || ('here' as const),
    };
    const [found, school] = await Promise.all([
      listPeople(scope, filter, query.page, query.perPage),
      findSchool(scope, scope.schoolId),
    ]);
    return page(
      'people/people',
      {
        handovers: Boolean(school?.networkId),
        erasures: mayChangeAdministrators(call.actor),
        ...found,
        items: found.items.map((person) => ({
          ...personView(person),
          initials: initialsOf(person.displayName),
          roleWords: [roleWords(call, person.roles), ...leavingWord(call, person)].join(' · '),
        })),
        filters: { search: query.search ?? '', role: query.role ?? '', presence: filter.presence },
        roles: roleOptions(call),
        presences: presenceOptions(call),
        pager: pagerOf(found, '/people', {
          search: query.search,
          role: query.role,
          presence: query.presence,
        }),
      },
      { title: call.t('people.people.title') },
    );
  },
);

const leavingWord = ({ t }: Pick<Call, 't'>, { active, leftAs }: Person): string[] =>
  active ? [] : [t(`people.people.has-${leftAs ?? 'left'}`)];
/** Where letters for an advisory are made: the one that is shown, or those that an advisor leads. */
const lettersOf = (
  { t, actor }: Pick<Call, 't' | 'actor'>,
  advisories: readonly Pick<Advisory, 'id' | 'name'>[],
  chosen: string | undefined,
) =>
  advisories
    .filter(({ id }) => (chosen ? id === chosen : actor.advisoryIds.includes(id)))
    .map(({ id, name }) => ({
      href: `/advisories/${id}/letters`,
      label: t('people.students.letters', { name }),
    }));
const presenceOptions = ({ t }: Pick<Call, 't'>) =>
  presences.map((value) => ({ value, label: t(`people.people.presence-${value}`) }));
const roleWords = (call: Pick<Call, 't'>, roles: readonly Role[]) =>
  roles.map((role) => call.t(`common.role.${role}`)).join(', ');
peopleRoutes.get('/people/new', { summary: 'The form for one more person', who: runners }, async (call) =>
  personForm(call, null),
);

peopleRoutes.post(
  '/people',
  {
    summary: 'Add a person; with an email they get an account and a one-time link to choose a password',
    who: runners,
    body: personBody,
    rules: checkGivenNames,
    status: 201,
    answer: linkAnswer,
    again: async (call) => personForm(call, null),
  },
  async (call) => {
    const { scope, context } = call;
    const body = givenNames(call.body);
    checkAdministrators(call, body.roles);
    await checkRelations(call, body);
    body.hours = clearHours(body.hours, { clock: context.clock, zone: call.timeZone });
    await checkNumberFree(scope, body.studentNumber, null);
    const { person, invitation } = await inTransaction(scope, async (inside) => {
      const input = {
        ...storedFields(body),
        ...optionalSent(body),
        displayName: shownName(body),
        attendance: attendanceOf(null, body),
      };
      if (body.advisoryId) await holdAdvisory(inside, body.advisoryId, call.actor.personId);
      const added = await addPerson(context, inside, input, undefined, call.actor);
      const subject = { kind: 'person', id: added.person.id };
      const detail = { roles: added.person.roles, link: added.invitation !== null };
      await appendAudit(inside, context.clock, call.actor, 'people.add', subject, detail);
      return added;
    });
    return linkPage(call, {
      person: personView(person),
      // Whoever has a link can sign in; a token must not get further than it is allowed.
      setPasswordPath: call.actor.via === 'token' ? null : invitation,
    });
  },
);

peopleRoutes.get(
  '/people/:id',
  {
    summary: 'One person',
    who: runners,
    params: idParams,
    answer: z.object({
      person: officeAnswer.extend({ advisoryId: z.string().nullable(), ...attendanceAnswer }),
      movedTo: movedAnswer.describe('Where a student went who was handed over to another school.'),
    }),
  },
  async (call) => personForm(call, call.params.id),
);

peopleRoutes.post(
  '/people/:id/invite',
  {
    summary:
      'A new one-time link with which this person chooses a password; they and the administrators are told',
    who: runners,
    token: 'never',
    params: idParams,
    status: 201,
    answer: linkAnswer,
  },
  async (call) => {
    const person = await findPerson(call.scope, call.params.id);
    if (!person) throw new NotFound('people.problem.no-account');
    checkAdministrators(call, person.roles);
    const { context, actor } = call;
    const setPasswordPath = await inTransaction(call.scope, async (inside) => {
      const subject = { kind: 'person', id: person.id };
      const replaces = (await findAccountOfPerson(inside, person.id))?.passwordHash != null;
      const made = await invitationPath(context, inside, person, actor);
      if (made === null) throw new NotFound('people.problem.no-account');
      await appendAudit(inside, context.clock, actor, 'people.invite', subject, { replaces });
      return made;
    });
    return linkPage(call, { person: personView(person), setPasswordPath });
  },
);
