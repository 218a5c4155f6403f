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
  const { scope } = needs;
  const ids = students.map(({ id }) => id);
  // All at once: questions of one moment are one command.
  const [states, earlier, enrolled, issued] = await Promise.all([
    listNarrativeStates(scope, current.id, ids),
    previous ? listNarrativeStates(scope, previous.id, ids) : [],
    previous ? listEnrolledIds(scope, previous.id, ids) : new Set<string>(),
    previous ? listIssuedStudentIds(scope, previous.id, ids) : new Set<string>(),
  ]);
  const left = students.filter(({ id }) => enrolled.has(id) && !issued.has(id));
  return [
    ...(previous ? tasksOfTerm(needs, previous, left, earlier, voice, `?termId=${previous.id}`) : []),
    ...tasksOfTerm(needs, current, students, states, voice, ''),
  ];
}

type Named = Pick<Person, 'id' | 'displayName'>;

function tasksOfTerm(
  { t }: SchoolHomeNeeds,
  term: Term,
  students: readonly Named[],
  states: Awaited<ReturnType<typeof listNarrativeStates>>,
  voice: Voice,
  query: string,
): Task[] {
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
