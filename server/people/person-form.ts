/** The form of a person, empty or filled in. Its JSON is the person. */
import { z } from 'zod';
import { findAccountOfPerson } from '../access/account-records.js';
import type { Role } from '../access/actor.js';
import { page, type Call } from '../http/route.js';
import { findSchool } from '../school/school-records.js';
import { checkNotSealed, mayChangeAdministrators, type Person } from './person.js';
import { getPerson, listAdvisories } from './people-records.js';
import { hoursWords } from './hours-words.js';
import { attendanceView, officeView } from './people-view.js';
import { schoolRoles } from './read-person.js';

export const roleOptions = (call: Pick<Call, 't'>) =>
  schoolRoles.map((role) => ({ value: role, label: call.t(`common.role.${role}`) }));

/**
 * What may be given: an administrator's role only by an administrator, and nobody is shown without a role they have.
 */
const rolesToGive = (call: Pick<Call, 't' | 'actor'>, has: readonly Role[]) =>
  roleOptions(call).filter(
    ({ value }) => value !== 'admin' || mayChangeAdministrators(call.actor) || has.includes('admin'),
  );

const nobody = {
  givenName: '',
  familyName: '',
  displayName: '',
  chosenName: null,
  legalName: null,
  studentNumber: null,
  email: null,
  roles: [],
  grade: null,
  organisation: null,
};

/** Where a student went who was handed over and is not back. */
export const movedAnswer = z.object({ school: z.string(), at: z.string(), href: z.string() }).nullable();

const moveOf = (person: Person | null): z.output<typeof movedAnswer> => {
  if (!person?.movedTo || person.active) return null;
  const { school, at, handoverId } = person.movedTo;
  return { school, at: at.toISOString(), href: `/handovers/${handoverId}` };
};

/** @param id null for somebody new */
export async function personForm(call: Pick<Call, 'scope' | 't' | 'actor' | 'locale'>, id: string | null) {
  const person = id ? await getPerson(call.scope, id) : null;
  checkNotSealed(person);
  const signsIn =
    person !== null && (Boolean(person.email) || (await findAccountOfPerson(call.scope, person.id)) !== null);
  const attendance = attendanceView(person?.attendance ?? null);
  const [school, found] = await Promise.all([
    findSchool(call.scope, call.scope.schoolId),
    listAdvisories(call.scope),
  ]);
  const advisories = found.map(({ id: value, name }) => ({
    value,
    label: name,
  }));
  return page(
    'people/person-form',
    {
      id: person?.id ?? null,
      active: person?.active ?? true,
      leftAs: person?.leftAs ?? 'left',
      // Of a student who has left it can be said later that they graduated.
      leaves:
        person !== null && (person.active || person.roles.includes('student')) && moveOf(person) === null,
      leftOptions: person?.roles.includes('student')
        ? (['left', 'graduated'] as const).map((value) => ({
            value,
            label: call.t(`people.edit.as-${value}`),
          }))
        : null,
      studentHref: person?.roles.includes('student') ? `/students/${person.id}` : null,
      movedTo: moveOf(person),
      // The account has gone along to the other school.
      mayInvite: signsIn && moveOf(person) === null,
      noSignIn: person?.active === true && !signsIn,
      erased: Boolean(person?.erasedAt),
      eraseHref: person && mayChangeAdministrators(call.actor) ? `/people/${person.id}/erase` : null,
      enrollmentsHref: person?.roles.includes('student') ? `/people/${person.id}/enrollments` : null,
      person: {
        ...(person ? officeView(person) : nobody),
        advisoryId: person?.advisoryId ?? null,
        guardianIds: person?.guardianIds ?? [],
        ...attendance,
      },
      typed: {
        speaks: attendance.speaks.join(', '),
        interprets: attendance.interprets.join(', '),
        stepFree: attendance.stepFree ? 'yes' : 'no',
        hours: attendance.hours
          .map((line) => hoursWords(line, { ...{ locale: call.locale, t: call.t }, withYear: true }))
          .join('\n'),
        most: attendance.most ?? '',
      },
      stepFreeOptions: ['no', 'yes'].map((value) => ({
        value,
        label: call.t(`people.attendance.${value}`),
      })),
      advisories,
      // Left until the office has said whom they mean.
      conflictWords: person?.active ? (person.attendance?.conflictWords ?? '') : '',
      roles: rolesToGive(call, person?.roles ?? []),
      handoverHref:
        school?.networkId && person?.active && person.roles.includes('student')
          ? `/people/${person.id}/handover`
          : null,
      guardiansHref: person?.roles.includes('student') ? `/people/${person.id}/guardians` : null,
      action: call.t(person ? 'people.edit.action' : 'people.add.action'),
    },
    {
      title: person ? person.displayName : call.t('people.add.title'),
      crumbs: [{ href: '/people', label: call.t('people.people.title') }],
    },
  );
}
