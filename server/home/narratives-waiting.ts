/** Narratives of the current term and of earlier ones that this person has still to write or to sign. */
import { listEnrollmentsOfTerms } from '../people/enrollment-records.js';
import type { Term } from '../school/school.js';
import { listIssuedOfTerms } from '../transcript/transcript-records.js';
import { listNarrativeStatesOfTerms, listTermsSigned } from '../narratives/narrative-records.js';
import type { Narrative, NarrativeVoice } from '../narratives/narrative.js';
import type { Person } from '../people/person.js';
import type { SchoolHomeNeeds, Task } from './home.js';
import { termsWithWork } from './school-year.js';

/**
 * Students about whom (or by whom) a narrative of this voice is missing or unsigned: in the current term, and
 * in each earlier one in which the school writes such narratives for those who were there and have no
 * transcript of it yet.
 * @param left students who have graduated or left since: they are asked about in the terms in which they were here
 */
export async function narrativeTasks(
  needs: SchoolHomeNeeds,
  students: readonly Named[],
  voice: NarrativeVoice,
  left: readonly Named[] = [],
): Promise<Task[]> {
  const { current, earlier } = await needs.year;
  const everybody = [...students, ...left];
  if (!current || everybody.length === 0) return [];
  const { scope } = needs;
  const ids = everybody.map(({ id }) => id);
  const before = earlier.map(({ id }) => id);
  // All at once: questions of one moment are one command.
  const [states, signedIn, enrolled, issued] = await Promise.all([
    listNarrativeStatesOfTerms(scope, [...before, current.id], ids),
    before.length > 0 ? listTermsSigned(scope, [...before, current.id], voice) : new Set<string>(),
    before.length > 0 ? listEnrollmentsOfTerms(scope, before, ids) : [],
    before.length > 0 ? listIssuedOfTerms(scope, before, ids) : [],
  ]);
  const own = new Map(states.filter((each) => each.voice === voice).map((each) => [keyOf(each), each]));
  const were = new Set(enrolled.map(keyOf));
  const done = new Set(issued.map(keyOf));
  return [
    ...termsWithWork(earlier, signedIn).flatMap((term) => {
      const key = ({ id }: Named) => keyOf({ termId: term.id, studentId: id });
      const open = everybody.filter((each) => were.has(key(each)) && !done.has(key(each)));
      return tasksOfTerm(needs, term, open, own, voice, `?termId=${term.id}`);
    }),
    ...tasksOfTerm(needs, current, students, own, voice, ''),
  ];
}

type Named = Pick<Person, 'id' | 'displayName'>;

const keyOf = ({ termId, studentId }: { termId: string; studentId: string }): string =>
  `${termId} ${studentId}`;

function tasksOfTerm(
  { t }: SchoolHomeNeeds,
  term: Term,
  students: readonly Named[],
  own: ReadonlyMap<string, Pick<Narrative, 'id' | 'state'>>,
  voice: NarrativeVoice,
  query: string,
): Task[] {
  return students.flatMap((student): Task[] => {
    const narrative = own.get(keyOf({ termId: term.id, studentId: student.id }));
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
