/** Where a student belonged, term by term, and the office's correction of a term that is over. */
import { z } from 'zod';
import { listOf, optionalLine } from '../http/read-input.js';
import { wholeList } from '../http/pager.js';
import { done, page, routes, type Call } from '../http/route.js';
import type { SchoolScope } from '../db/database.js';
import { findSchool, listTerms } from '../school/school-records.js';
import { NotFound } from '../errors.js';
import { idParams } from '../http/read-input.js';
import { correctEnrollment } from './correct-enrollment.js';
import { currentFacts, enrollmentStatuses, type Enrollment } from './enrollment.js';
import { listCompleteTermIds, listEnrollmentsOfStudent } from './enrollment-records.js';
import { cameAfter, hasMissedTerm } from './missed-terms.js';
import { findFirstStudentAt } from './arrival-records.js';
import { findStudent, listAdvisories } from './people-records.js';
import { advisoryNames, enrollmentsOf } from './read-enrollments.js';

const runners = ['registrar', 'admin'] as const;
const choices = [...enrollmentStatuses, 'none'] as const;

export interface EnrollmentPorts {
  /** Ids of the terms of which the student has records. */
  listTermsWithRecords(scope: SchoolScope, studentId: string): Promise<ReadonlySet<string>>;
}

const emptyToNull = (maximum: number) => optionalLine(maximum).transform((value) => value || null);
const correctionBody = z.object({
  grade: emptyToNull(10),
  advisoryId: emptyToNull(64),
  status: z.enum(choices),
});
const correctionParams = idParams.extend({ termId: z.string().max(64) });

const enrollmentAnswer = z.object({
  termId: z.string(),
  term: z.string(),
  current: z.boolean(),
  grade: z.string().nullable(),
  advisory: z.object({ id: z.string().nullable(), name: z.string() }).nullable(),
  advisors: z.array(z.string()),
  status: z.enum(choices),
  endsOn: z.string().nullable(),
  /** True where nobody recorded it at the time. */
  assumed: z.boolean(),
});

async function enrollmentsPage(ports: EnrollmentPorts, call: Pick<Call, 'scope' | 't'>, studentId: string) {
  const { scope, t } = call;
  const student = await findStudent(scope, studentId);
  if (!student) throw new NotFound();
  const [school, terms, recorded, advisories, complete, names, written, firstAt] = await Promise.all([
    findSchool(scope, scope.schoolId),
    listTerms(scope),
    listEnrollmentsOfStudent(scope, student.id),
    listAdvisories(scope),
    listCompleteTermIds(scope),
    advisoryNames(scope),
    ports.listTermsWithRecords(scope, student.id),
    findFirstStudentAt(scope),
  ]);
  const known = new Map<string, Enrollment>(recorded.map((each) => [each.termId, each]));
  const now = school?.currentTermId
    ? (await enrollmentsOf(scope, school.currentTermId, [student])).get(student.id)
    : undefined;
  const begins = terms.find(({ id }) => id === school?.currentTermId)?.startsOn ?? '';
  // As transcripts read it: a term for which nobody was recorded is what is known today.
  const today = student.active ? currentFacts(student, names) : undefined;
  const items = [...terms].reverse().map((term) => {
    const current = term.id === school?.currentTermId;
    const noted = known.get(term.id);
    // As the lists of the term: what was only assumed of somebody who was not there yet, or not any more, says nothing.
    const missed =
      school !== null &&
      !current &&
      !written.has(term.id) &&
      hasMissedTerm(term, {
        ...{ terms, enrollments: recorded },
        cameLater: cameAfter(student, term, school, firstAt),
      });
    const own = missed ? undefined : noted;
    const later = !current && term.startsOn > begins;
    const facts = current ? now : (own ?? (complete.has(term.id) || later || missed ? undefined : today));
    const status: (typeof choices)[number] = facts?.status ?? 'none';
    return {
      ...{ termId: term.id, term: term.name, current, status },
      grade: facts?.grade ?? null,
      advisory: facts?.advisory ?? null,
      advisors: facts?.advisors.map(({ name }) => name) ?? [],
      endsOn: own?.endsOn ?? null,
      assumed: own ? own.assumed : !current && facts !== undefined,
      recorded: own !== undefined,
      later: later && !own,
      statusWords: t(later && !own ? 'people.enrollment.later' : `people.enrollment.status.${status}`),
      advisorNames: facts?.advisors.map(({ name }) => name).join(', ') ?? '',
      advisoryId: facts?.advisory?.id ?? '',
      options: choices.map((value) => ({ value, label: t(`people.enrollment.status.${value}`) })),
      advisories: advisories.map(({ id: value, name: label }) => ({ value, label })),
      action: `/people/${student.id}/enrollments/${term.id}`,
    };
  });
  return page(
    'people/enrollments',
    { student: { id: student.id, displayName: student.displayName }, ...wholeList(items) },
    {
      title: t('people.enrollment.title', { name: student.displayName }),
      crumbs: [
        { href: '/people', label: t('people.people.title') },
        { href: `/people/${student.id}`, label: student.displayName },
      ],
    },
  );
}

/** @param ports what later features know of a student's terms */
export function makeEnrollmentRoutes(ports: EnrollmentPorts) {
  const enrollmentRoutes = routes('people');
  enrollmentRoutes.get(
    '/people/:id/enrollments',
    {
      summary: 'Where a student belonged, term by term',
      who: runners,
      params: idParams,
      answer: listOf(enrollmentAnswer),
    },
    async (call) => enrollmentsPage(ports, call, call.params.id),
  );

  enrollmentRoutes.put(
    '/people/:id/enrollments/:termId',
    {
      summary: 'Correct where a student belonged in a term that is over',
      who: runners,
      params: correctionParams,
      body: correctionBody,
      answer: z.object({ id: z.string(), termId: z.string() }),
      alsoPost: true,
      again: async (call) => ({
        ...(await enrollmentsPage(ports, call, call.params.id)),
        form: `${call.params.termId}-`,
      }),
    },
    async (call) => {
      const { id, termId } = call.params;
      if (!(await findStudent(call.scope, id))) throw new NotFound();
      await correctEnrollment(call.context, call.scope, call.actor, { personId: id, termId }, call.body);
      return done(`/people/${id}/enrollments`, { id, termId }, { notice: 'people.notice.saved' });
    },
  );
  return enrollmentRoutes;
}
