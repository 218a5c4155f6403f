/** Handovers as tasks: the office answers them, student and family are told. */
import { studentNameFor, type Handover, type HandoverSide } from '../handover/handover.js';
import {
  listAnsweredHandovers,
  listHandoversOfStudents,
  listWaitingHandovers,
} from '../handover/handover-records.js';
import type { SchoolHomeNeeds, Task } from './home.js';

/** Days for which an answer stays on a first page. */
const TOLD_DAYS = 14;
const MAX_TOLD = 10;

const recent = (now: Date): Date => new Date(now.getTime() - TOLD_DAYS * 24 * 60 * 60 * 1000);

/** What waits for this office, and what the other one has answered. */
export async function officeHandovers({ scope, context, t }: SchoolHomeNeeds): Promise<Task[]> {
  const [waiting, answered] = await Promise.all([
    listWaitingHandovers(scope, MAX_TOLD),
    listAnsweredHandovers(scope, recent(context.clock.now()), MAX_TOLD),
  ]);
  const task = (handover: Handover, what: string, school: string, side: HandoverSide = 'from'): Task => ({
    kind: 'school',
    title: t(`home.handover.${what}`, { school, student: studentNameFor(side, handover) }),
    line: t(`home.handover.${what}-line`),
    href: `/handovers/${handover.id}`,
    action: t('home.handover.action'),
    at: null,
  });
  return [
    ...waiting.map((each) =>
      each.state === 'asked'
        ? task(each, 'asked', each.toSchoolName)
        : task(each, 'offered', each.fromSchoolName, 'to'),
    ),
    ...answered.map((each) =>
      task(each, each.state === 'declined' ? 'declined' : 'accepted', each.toSchoolName),
    ),
  ];
}

/** @param whose `own` for the student, `child` for the family */
export async function studentHandovers(
  { scope, context, t }: SchoolHomeNeeds,
  students: readonly { id: string; displayName: string }[],
  whose: 'own' | 'child',
): Promise<Task[]> {
  if (students.length === 0) return [];
  const found = await listHandoversOfStudents(
    scope,
    students.map(({ id }) => id),
  );
  const since = recent(context.clock.now());
  return found.flatMap((handover): Task[] => {
    const leaves = handover.fromSchoolId === scope.schoolId;
    const told = leaves
      ? handover.state === 'offered'
      : handover.copiedAt !== null && handover.copiedAt > since;
    if (!told) return [];
    const id = leaves ? handover.studentId : handover.newStudentId;
    const student = students.find((each) => each.id === id)?.displayName ?? '';
    const school = leaves ? handover.toSchoolName : handover.fromSchoolName;
    return [
      {
        kind: 'school',
        title: t(`home.handover.${whose}-${leaves ? 'from' : 'to'}`, { school, student }),
        line: '',
        href: `/students/${id}`,
        action: t('home.handover.see'),
        at: null,
      },
    ];
  });
}
