/** Narratives of the current term and the one before that this person has still to write or to sign. */
import { listEnrolledIds } from '../people/enrollment-records.js';
import type { Term } from '../school/school.js';
import { listIssuedStudentIds } from '../transcript/transcript-records.js';
import { listNarrativeStates } from '../narratives/narrative-records.js';
import type { Voice } from '../narratives/narrative.js';
import type { Person } from '../people/person.js';
import type { SchoolHomeNeeds, Task } from './home.js';

/**
 * Students about whom (or by whom) a narrative of this voice is missing or unsigned: in the current term, and in the one before for those who
 * were there and have no transcript of it yet.
 */
export async function narrativeTasks(
  needs: SchoolHomeNeeds,
  students: readonly Named[],
  voice: Voice,
): Promise<Task[]> {
  const { current, previous } = await needs.year;
  if (!current || students.length === 0) return [];
  const [earlier, now] = await Promise.all([
    previous
      ? openOfTerm(needs.scope, previous, students, voice).then((open) =>
          tasksOfTerm(needs, previous, open, voice, `?termId=${previous.id}`),
        )
      : [],
    tasksOfTerm(needs, current, students, voice, ''),
  ]);
  return [...earlier, ...now];
}

type Named = Pick<Person, 'id' | 'displayName'>;

/** Those of a past term who were enrolled in it, have not signed in this voice and whose transcript is not issued. */
async function openOfTerm(
  scope: SchoolHomeNeeds['scope'],
  term: Term,
  students: readonly Named[],
  voice: Voice,
): Promise<Named[]> {
  const ids = students.map(({ id }) => id);
  const states = await listNarrativeStates(scope, term.id, ids);
  const signed = new Set(
    states.flatMap((each) => (each.voice === voice && each.state === 'signed' ? each.studentId : [])),
  );
  const missing = ids.filter((id) => !signed.has(id));
  if (missing.length === 0) return [];
  const enrolled = await listEnrolledIds(scope, term.id, missing);
  if (enrolled.size === 0) return [];
  const issued = await listIssuedStudentIds(scope, term.id, [...enrolled]);
  return students.filter(({ id }) => enrolled.has(id) && !issued.has(id));
}

async function tasksOfTerm(
  { scope, t }: SchoolHomeNeeds,
  term: Term,
  students: readonly Named[],
  voice: Voice,
  query: string,
): Promise<Task[]> {
  if (students.length === 0) return [];
  const states = await listNarrativeStates(
    scope,
    term.id,
    students.map((student) => student.id),
  );
  const own = new Map(states.filter((each) => each.voice === voice).map((each) => [each.studentId, each]));
  return students.flatMap((student): Task[] => {
    const narrative = own.get(student.id);
    if (narrative?.state === 'signed') return [];
    return [
      {
        kind: 'narrative',
        title:
          voice === 'student'
            ? t('home.narrative.own')
            : t('home.narrative.title', { student: student.displayName }),
        line: t(narrative ? 'home.narrative.draft' : 'home.narrative.missing', { term: term.name }),
        href: narrative ? `/narratives/${narrative.id}` : `/students/${student.id}/narratives/new${query}`,
        action: t(narrative ? 'home.narrative.finish' : 'home.narrative.write'),
        at: null,
      },
    ];
  });
}
