/**
 * The learning plan and the internships of a student: read by all who may read the student, kept by student
 * and advisor.
 */
import { z } from 'zod';
import { NotFound } from '../errors.js';
import { pagerOf } from '../http/pager.js';
import {
  day,
  firstPage,
  idParams,
  listOf,
  optionalText,
  pageQuery,
  text,
  wholeNumber,
  optionalLine,
} from '../http/read-input.js';
import { done, page, routes, type Call } from '../http/route.js';
import { findStudent } from '../people/people-records.js';
import { isOwn, requirePermission, type Person } from '../people/person.js';
import { findSchool, listTerms } from '../school/school-records.js';
import { changePlan } from './change-plan.js';
import { MAX_INTERNSHIP_HOURS, mayReadPlan, mayWritePlan, type Internship } from './internship.js';
import { getInternship, listInternshipsPage } from './internship-records.js';
import { MAX_GOALS, goalsOf } from './learning-plan.js';
import { listPlansOfStudent } from './plan-records.js';
import { internshipAnswer, internshipView, planAnswer, planView } from './plan-view.js';
import { addInternship, changeInternship } from './record-internship.js';

export const planRoutes = routes('plan');

const readers = ['student', 'advisor', 'guardian', 'registrar', 'admin'] as const;
const writers = ['student', 'advisor'] as const;

type Asking = Pick<Call, 'scope' | 'actor' | 'context' | 't'>;

async function readable(call: Pick<Call, 'scope' | 'actor'>, id: string): Promise<Person> {
  const student = await findStudent(call.scope, id);
  if (!student) throw new NotFound();
  requirePermission(mayReadPlan(call.actor, student));
  return student;
}

const crumbsOf = (student: Person, call: Pick<Call, 't'>, further = false) => [
  { href: `/students/${student.id}`, label: student.displayName },
  ...(further ? [{ href: `/students/${student.id}/plan`, label: call.t('plan.crumb') }] : []),
];

const newTitle = (call: Pick<Call, 't' | 'actor'>, student: Person) =>
  isOwn(call.actor, student)
    ? call.t('plan.internship.new-own')
    : call.t('plan.internship.new', { name: student.displayName });

/** @param at the page of internships */
async function planPage(call: Asking, studentId: string, at: z.output<typeof pageQuery> = firstPage) {
  const student = await readable(call, studentId);
  const [plans, internships, terms, school] = await Promise.all([
    listPlansOfStudent(call.scope, student.id),
    listInternshipsPage(call.scope, student.id, at.page, at.perPage),
    listTerms(call.scope),
    findSchool(call.context.db, call.scope.schoolId),
  ]);
  const mayWrite = mayWritePlan(call.actor, student);
  return page(
    'plan/plan',
    {
      student: { id: student.id, displayName: student.displayName },
      own: isOwn(call.actor, student),
      mayWrite,
      plans: plans.map(planView),
      internships: {
        ...internships,
        items: internships.items.map((each) => ({
          ...internshipView(each),
          href: mayWrite ? `/internships/${each.id}` : null,
          hoursWords: call.t('plan.hours', { count: each.hours }),
        })),
      },
      pager: pagerOf(internships, `/students/${student.id}/plan`),
      terms: [...terms].reverse().map((term) => {
        const plan = plans.find((each) => each.termId === term.id);
        return {
          id: term.id,
          name: term.name,
          current: term.id === school?.currentTermId,
          aim: plan?.aim ?? '',
          goals: plan?.goals ?? [],
          goalLines: (plan?.goals ?? []).join('\n'),
          revision: plan?.revision ?? 0,
        };
      }),
    },
    {
      title: isOwn(call.actor, student)
        ? call.t('plan.title-own')
        : call.t('plan.title', { name: student.displayName }),
      crumbs: crumbsOf(student, call),
    },
  );
}

planRoutes.get(
  '/students/:id/plan',
  {
    summary: 'What a student sets out to do, term by term, and the internships',
    who: readers,
    params: idParams,
    query: pageQuery,
    answer: z.object({ plans: z.array(planAnswer), internships: listOf(internshipAnswer) }),
  },
  async (call) => planPage(call, call.params.id, call.query),
);

planRoutes.put(
  '/students/:id/plan',
  {
    summary: "Write a term's learning plan (goals: one a line, or a list); `revision` 0 begins it",
    who: writers,
    params: idParams,
    body: z.object({
      termId: z.string().max(64),
      aim: optionalText(2000),
      goals: z
        .union([
          z
            .string()
            .max(20_000)
            .transform((lines) => goalsOf(lines.replaceAll('\r\n', '\n'))),
          z.array(z.string().max(2000)).max(200),
        ])
        .default([])
        .pipe(z.array(text(300)).max(MAX_GOALS, 'plan.problem.too-many-goals')),
      revision: wholeNumber(0, 1_000_000).default(0),
    }),
    alsoPost: true,
    shownOf: ({ plans }, { termId }) =>
      (plans as z.output<typeof planAnswer>[]).find((plan) => plan.termId === termId),
    answer: planAnswer,
    again: async (call) => planPage(call, call.params.id),
  },
  async (call) => {
    const student = await readable(call, call.params.id);
    const plan = await changePlan(call.context, call.scope, call.actor, student, call.body);
    return done(`/students/${student.id}/plan`, planView(plan), { notice: 'plan.notice.saved' });
  },
);

const internshipBody = z.object({
  termId: z.string().max(64).optional(),
  organisation: text(160),
  mentorName: optionalLine(160),
  interest: optionalLine(160),
  startsOn: day,
  endsOn: z
    .union([day, z.literal('')])
    .nullish()
    .transform((value) => value || null),
  summary: optionalText(2000),
  hours: wholeNumber(0, MAX_INTERNSHIP_HOURS).default(0),
});

async function internshipPage(call: Asking, student: Person, internship: Internship | null) {
  const [terms, school] = await Promise.all([
    listTerms(call.scope),
    findSchool(call.context.db, call.scope.schoolId),
  ]);
  return page(
    'plan/internship',
    {
      ...(internship ? internshipView(internship) : { termId: school?.currentTermId ?? null }),
      mayWrite: mayWritePlan(call.actor, student),
      hoursWords: call.t('plan.hours', { count: internship?.hours ?? 0 }),
      action: internship ? `/internships/${internship.id}` : `/students/${student.id}/internships`,
      back: `/students/${student.id}/plan`,
      terms: [...terms].reverse().map(({ id, name }) => ({ value: id, label: name })),
    },
    {
      title: internship?.organisation ?? newTitle(call, student),
      crumbs: crumbsOf(student, call, true),
    },
  );
}

planRoutes.get(
  '/students/:id/internships/new',
  { summary: 'The form for a new internship', who: writers, params: idParams },
  async (call) => {
    const student = await readable(call, call.params.id);
    requirePermission(mayWritePlan(call.actor, student), 'plan.problem.not-yours');
    return internshipPage(call, student, null);
  },
);

planRoutes.post(
  '/students/:id/internships',
  {
    summary: 'Add an internship',
    who: writers,
    params: idParams,
    body: internshipBody,
    status: 201,
    answer: internshipAnswer,
    again: async (call) => internshipPage(call, await readable(call, call.params.id), null),
  },
  async (call) => {
    const student = await readable(call, call.params.id);
    const school = await findSchool(call.context.db, call.scope.schoolId);
    const termId = call.body.termId ?? school?.currentTermId ?? '';
    const internship = await addInternship(call.scope, call.actor, student, { ...call.body, termId });
    return done(`/students/${student.id}/plan`, internshipView(internship), {
      status: 201,
      notice: 'plan.notice.internship-saved',
    });
  },
);

planRoutes.get(
  '/internships/:id',
  {
    summary: 'One internship; for those who keep it, the form to change it',
    who: readers,
    params: idParams,
    answer: internshipAnswer,
  },
  async (call) => {
    const internship = await getInternship(call.scope, call.params.id);
    return internshipPage(call, await readable(call, internship.studentId), internship);
  },
);

planRoutes.put(
  '/internships/:id',
  {
    summary: 'Change an internship',
    who: writers,
    params: idParams,
    body: internshipBody.extend({ revision: wholeNumber(1, 1_000_000) }),
    alsoPost: true,
    answer: internshipAnswer,
    again: async (call) => {
      const internship = await getInternship(call.scope, call.params.id);
      return internshipPage(call, await readable(call, internship.studentId), internship);
    },
  },
  async (call) => {
    const before = await getInternship(call.scope, call.params.id);
    const student = await readable(call, before.studentId);
    const { revision, ...body } = call.body;
    const input = { ...body, termId: body.termId ?? before.termId };
    const after = await changeInternship(call.scope, call.actor, student, before, input, revision);
    return done(`/students/${student.id}/plan`, internshipView(after), {
      notice: 'plan.notice.internship-saved',
    });
  },
);
