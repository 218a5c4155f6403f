/** Narratives of the current term that this person has still to write or to sign. */
import { listNarrativeStates } from '../narratives/narrative-records.js';
import type { Voice } from '../narratives/narrative.js';
import type { Person } from '../people/person.js';
import { findSchool, findTerm } from '../school/school-records.js';
import type { SchoolHomeNeeds, Task } from './home.js';

/** Students about whom (or by whom) a narrative of this voice is missing or unsigned in the current term. */
export async function narrativeTasks(
  { scope, context, t }: SchoolHomeNeeds,
  students: readonly Pick<Person, 'id' | 'displayName'>[],
  voice: Voice,
): Promise<Task[]> {
  const school = await findSchool(context.db, scope.schoolId);
  const term = school?.currentTermId ? await findTerm(scope, school.currentTermId) : null;
  if (!term || students.length === 0) return [];
  const states = await listNarrativeStates(
    scope,
    term.id,
    students.map((student) => student.id),
  );
  return students.flatMap((student): Task[] => {
    const narrative = states.find((each) => each.studentId === student.id && each.voice === voice);
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
