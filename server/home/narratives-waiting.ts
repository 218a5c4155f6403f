/** Narratives of the current term that this person has still to write or to sign. */
import { listNarrativeStates } from '../narratives/narrative-records.js';
import type { Voice } from '../narratives/narrative.js';
import type { Person } from '../people/person.js';
import type { SchoolHomeNeeds, Task } from './home.js';

/** Students about whom (or by whom) a narrative of this voice is missing or unsigned in the current term. */
export async function narrativeTasks(
  { scope, t, year }: SchoolHomeNeeds,
  students: readonly Pick<Person, 'id' | 'displayName'>[],
  voice: Voice,
): Promise<Task[]> {
  const { current: term } = await year;
  if (!term || students.length === 0) return [];
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
        href: narrative ? `/narratives/${narrative.id}` : `/students/${student.id}/narratives/new`,
        action: t(narrative ? 'home.narrative.finish' : 'home.narrative.write'),
        at: null,
      },
    ];
  });
}
