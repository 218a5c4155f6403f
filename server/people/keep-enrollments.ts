/**
 * Writes enrollments: of the current term when a person changes, of everybody when another term becomes the
 * current one. What a change would make different in an old term for which nothing was recorded is written
 * down for that term before.
 */
import type { Clock } from '../clock.js';
import { inTransaction, isDuplicate, type SchoolScope } from '../db/database.js';
import { newId } from '../ids.js';
import { dayIn, type School, type Term } from '../school/school.js';
import { findSchool, listTerms } from '../school/school-records.js';
import { changesEnrollment, currentFacts, type AdvisoryNames, type Enrollment } from './enrollment.js';
import {
  isTermComplete,
  listCompleteTermIds,
  listEnrollments,
  listEnrollmentsOfTerms,
  removeEnrollment,
  saveEnrollmentChanges,
  saveEnrollments,
  saveTermComplete,
} from './enrollment-records.js';
import { listStudentsAfter, listStudentsOfAdvisories, listAdvisoriesOf } from './people-records.js';
import type { Person } from './person.js';
import { advisoryNames } from './read-enrollments.js';

export interface EnrollmentChange {
  /** Null for somebody new. */
  before: Person | null;
  after: Person;
}

/** Students that are written at once: far below the minute that MongoDB allows a transaction. */
const PORTION = 250;

/** To be called in the transaction of the change, before the people are saved. */
export async function noteEnrollments(
  scope: SchoolScope,
  clock: Clock,
  changes: readonly EnrollmentChange[],
): Promise<void> {
  const led = await advisoriesOfRenamed(scope, changes);
  const relevant = changes.filter(
    ({ before, after }) =>
      after.roles.includes('student') && (before === null || changesEnrollment(before, after)),
  );
  if (relevant.length === 0 && led.length === 0) return;
  const desk = await openDesk(scope, clock);
  if (!desk) return;
  const students = relevant.flatMap(({ before }) => (before?.active ? [before] : []));
  const ofRenamed = led.length > 0 ? await listStudentsOfAdvisories(scope, led) : [];
  await keepOldTerms(scope, desk, [
    ...new Map([...ofRenamed, ...students].map((each) => [each.id, each])).values(),
  ]);
  const now = relevant.filter(({ before, after }) => after.active || before?.active);
  await keepCurrent(
    scope,
    desk,
    now.map(({ after }) => after),
  );
  await keepHowLeft(
    scope,
    desk,
    relevant.flatMap(({ before, after }) =>
      before && !before.active && !after.active && before.leftAs !== after.leftAs ? [after] : [],
    ),
  );
}

/** Somebody who left in the current term has graduated, as is known later; when they left stays. */
async function keepHowLeft(
  scope: SchoolScope,
  { clock, current, known }: Desk,
  students: readonly Person[],
): Promise<void> {
  if (students.length === 0) return;
  const stored = await listEnrollments(
    scope,
    current.id,
    students.map(({ id }) => id),
  );
  const statusOf = new Map(students.map((student) => [student.id, currentFacts(student, known).status]));
  if (stored.length === 0) return;
  await saveEnrollmentChanges(
    scope,
    stored.map(({ id, studentId }) => ({
      id,
      change: { status: statusOf.get(studentId)!, savedAt: clock.now() },
    })),
  );
}

/** To be called in the transaction of the change: `change` saves the advisory. */
export async function noteAdvisory<R>(
  scope: SchoolScope,
  clock: Clock,
  advisoryId: string,
  change: () => Promise<R>,
): Promise<R> {
  const members = await listStudentsOfAdvisories(scope, [advisoryId]);
  const desk = members.length > 0 ? await openDesk(scope, clock) : null;
  if (desk) await keepOldTerms(scope, desk, members);
  const result = await change();
  // A current term without complete records is read from the people themselves.
  if (desk?.complete.has(desk.current.id))
    await keepCurrent(scope, { ...desk, known: await advisoryNames(scope) }, members);
  return result;
}

/**
 * Records everybody's enrollment in a term that stops being the current one, or in one that was over before
 * anything was recorded: then marked as assumed. Once; can be called again after it was broken off.
 */
export async function keepTerm(scope: SchoolScope, clock: Clock, termId: string): Promise<void> {
  if (await isTermComplete(scope, termId)) return;
  const opened = await openDesk(scope, clock);
  const term = opened?.terms.find((each) => each.id === termId);
  if (!opened || !term) return;
  const isOver = term.id !== opened.current.id;
  for (let after = ''; ;) {
    const students = await listStudentsAfter(scope, after, PORTION);
    await writeAgain(scope, (inside) =>
      isOver ? keepMissing(inside, opened, [term], students) : keepCurrent(inside, opened, students),
    );
    if (students.length < PORTION) break;
    after = students.at(-1)!.id;
  }
  await saveTermComplete(scope, termId, clock.now());
}

interface Desk {
  clock: Clock;
  school: School;
  terms: Term[];
  current: Term;
  complete: ReadonlySet<string>;
  known: AdvisoryNames;
}

/** Null while the school has no current term. */
async function openDesk(scope: SchoolScope, clock: Clock): Promise<Desk | null> {
  const school = await findSchool(scope, scope.schoolId);
  const terms = await listTerms(scope);
  const current = terms.find((term) => term.id === school?.currentTermId);
  if (!school || !current) return null;
  const complete = await listCompleteTermIds(scope);
  return { clock, school, terms, current, complete, known: await advisoryNames(scope) };
}

async function advisoriesOfRenamed(
  scope: SchoolScope,
  changes: readonly EnrollmentChange[],
): Promise<string[]> {
  const renamed = changes.filter(
    ({ before, after }) => before?.roles.includes('advisor') && before.displayName !== after.displayName,
  );
  const led: string[] = [];
  for (const { after } of renamed)
    led.push(...(await listAdvisoriesOf(scope, after.id)).map((advisory) => advisory.id));
  return led;
}

/** Terms before the current one of which not everybody is recorded: these students, as they were until now. */
const keepOldTerms = (scope: SchoolScope, desk: Desk, students: readonly Person[]): Promise<void> =>
  keepMissing(
    scope,
    desk,
    desk.terms.filter((term) => term.startsOn < desk.current.startsOn && !desk.complete.has(term.id)),
    students,
  );

async function keepMissing(
  scope: SchoolScope,
  { clock, known }: Desk,
  old: readonly Term[],
  students: readonly Person[],
): Promise<void> {
  if (old.length === 0 || students.length === 0) return;
  const found = await listEnrollmentsOfTerms(
    scope,
    old.map((term) => term.id),
    students.map((student) => student.id),
  );
  const has = new Set(found.map(({ termId, studentId }) => `${termId} ${studentId}`));
  const missing = old.flatMap((term) =>
    students
      .filter((student) => !has.has(`${term.id} ${student.id}`))
      .map((student) => ({
        ...newEnrollment(scope, clock, student, term.id, known),
        assumed: true,
      })),
  );
  if (missing.length > 0) await saveEnrollments(scope, missing);
}

async function keepCurrent(
  scope: SchoolScope,
  { clock, school, current, known }: Desk,
  students: readonly Person[],
): Promise<void> {
  if (students.length === 0) return;
  const today = dayIn(school.timeZone, clock.now());
  const stored = await listEnrollments(
    scope,
    current.id,
    students.map((student) => student.id),
  );
  const idOf = new Map(stored.map((each) => [each.studentId, each.id]));
  // Whoever leaves before the term begins was never in it.
  const gone = students.filter((student) => !student.active && today < current.startsOn);
  for (const student of gone) await removeEnrollment(scope, current.id, student.id);
  const written = students
    .filter((student) => !gone.includes(student))
    .map((student) => {
      const begun = newEnrollment(scope, clock, student, current.id, known);
      const isIn = today > current.startsOn && today <= current.endsOn;
      return { ...begun, endsOn: student.active ? null : isIn ? today : current.endsOn };
    });
  const fresh = written.filter(({ studentId }) => !idOf.has(studentId));
  if (fresh.length > 0) await saveEnrollments(scope, fresh);
  const changed = written.filter(({ studentId }) => idOf.has(studentId));
  if (changed.length > 0)
    await saveEnrollmentChanges(
      scope,
      changed.map((each) => ({ id: idOf.get(each.studentId)!, change: changeOf(each) })),
    );
}

/** What is written over an enrollment that is there; when it began stays. */
const changeOf = (
  each: Enrollment,
): Omit<Enrollment, 'id' | 'schoolId' | 'studentId' | 'termId' | 'startsOn'> => ({
  ...{ studentName: each.studentName, sortName: each.sortName, sourcedId: each.sourcedId },
  ...{ grade: each.grade, advisory: each.advisory, advisors: each.advisors, status: each.status },
  ...{ endsOn: each.endsOn, assumed: each.assumed, savedAt: each.savedAt },
});

const newEnrollment = (
  { schoolId }: Pick<SchoolScope, 'schoolId'>,
  clock: Clock,
  student: Person,
  termId: string,
  known: AdvisoryNames,
): Enrollment => ({
  ...{ id: newId(), schoolId, studentId: student.id, termId, sortName: student.sortName },
  ...currentFacts(student, known),
  ...{ startsOn: null, endsOn: null, assumed: false, savedAt: clock.now() },
});

/** In one transaction; once more where somebody has recorded one of them at the same moment. */
async function writeAgain(
  scope: SchoolScope,
  work: (inside: SchoolScope) => Promise<void>,
  tries = 5,
): Promise<void> {
  try {
    await inTransaction(scope, work);
  } catch (error) {
    if (!isDuplicate(error) || tries <= 1) throw error;
    await writeAgain(scope, work, tries - 1);
  }
}
