/** Finds the frozen documents in which a name of a person stands, so that the registrar can decide about each. Only reads. */
import type { SchoolScope } from '../database.js';
import { listSignedBy } from '../narratives/narrative-records.js';
import { listSeatsOfPerson } from '../panel/seat-records.js';
import type { NamedKind } from '../people/name-correction.js';
import { listNameCorrectionsOf } from '../people/name-correction-records.js';
import { listPeopleByIds } from '../people/people-records.js';
import { byId, type Person } from '../people/person.js';
import { listSnapshotsOfStudent } from '../portfolio/portfolio-records.js';
import { listResultsNaming } from '../results/result-records.js';
import { listTerms } from '../school/school-records.js';
import { listVisitsOfPerson } from '../visits/visit-records.js';
import { listIssuedNaming, type ListedTranscript } from './transcript-records.js';

/** Documents of one kind that are decided about at once. */
const MAX_DOCUMENTS = 1000;

export interface NamedDocument {
  kind: NamedKind;
  id: string;
  studentName: string;
  title: string;
  /** When it was sealed. */
  at: Date;
}

export interface Naming {
  transcripts: ListedTranscript[];
  others: NamedDocument[];
}

export async function findNaming(scope: SchoolScope, person: Person): Promise<Naming> {
  const [transcripts, snapshots, results, versions, visits] = await Promise.all([
    namesOf(scope, person).then((names) => listIssuedNaming(scope, names, MAX_DOCUMENTS)),
    person.roles.includes('student') ? listSnapshotsOfStudent(scope, person.id) : [],
    slotsOf(scope, person.id).then((ids) => listResultsNaming(scope, ids, person.id)),
    listSignedBy(scope, person.id, MAX_DOCUMENTS),
    listVisitsOfPerson(scope, person.id, 1, MAX_DOCUMENTS).then(({ items }) => items),
  ]);
  const left = visits.filter((visit) => visit.leftAt !== null);
  const studentIds = [...results, ...versions, ...left].map(({ studentId }) => studentId);
  const [students, terms] = await Promise.all([
    listPeopleByIds(scope, [...new Set(studentIds)]).then(byId),
    listTerms(scope).then(byId),
  ]);
  const nameOf = (studentId: string) => students.get(studentId)?.displayName ?? '';
  const others: NamedDocument[] = [
    ...snapshots.map(({ id, number, content, submittedAt }) => ({
      ...{ kind: 'snapshot' as const, id, at: submittedAt },
      ...{ studentName: person.displayName, title: `${content.title} (${number})` },
    })),
    ...results.map(({ id, studentId, slot, publishedAt }) => ({
      ...{ kind: 'result' as const, id, at: publishedAt },
      ...{ studentName: nameOf(studentId), title: slot.exhibitionTitle },
    })),
    ...versions.map(({ id, studentId, termId, signedAt }) => ({
      ...{ kind: 'narrative' as const, id, at: signedAt },
      ...{ studentName: nameOf(studentId), title: terms.get(termId)?.name ?? '' },
    })),
    ...left.map(({ id, studentId, leftAt }) => ({
      ...{ kind: 'visit' as const, id, at: leftAt! },
      ...{ studentName: nameOf(studentId), title: '' },
    })),
  ];
  return { transcripts, others };
}

/** How many documents somebody is asked about before the name is another. */
export async function countNaming(scope: SchoolScope, person: Person): Promise<number> {
  const { transcripts, others } = await findNaming(scope, person);
  return transcripts.length + others.length;
}

/** Where this person sat on a panel or visited a stand: of a group every member's slot. */
async function slotsOf(scope: SchoolScope, personId: string): Promise<string[]> {
  const [seats, visits] = await Promise.all([
    listSeatsOfPerson(scope, personId, 1, MAX_DOCUMENTS),
    listVisitsOfPerson(scope, personId, 1, MAX_DOCUMENTS),
  ]);
  return [
    ...seats.items.flatMap(({ slotId, members }) => members?.map((member) => member.slotId) ?? [slotId]),
    ...visits.items.map(({ slotId }) => slotId),
  ];
}

/** Every name that this person had and has. */
async function namesOf(scope: SchoolScope, person: Person): Promise<string[]> {
  const corrections = await listNameCorrectionsOf(scope, person.id);
  const earlier = corrections.map(({ from }) => from.displayName);
  return [...new Set([...earlier, person.displayName])];
}
