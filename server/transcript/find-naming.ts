/**
 * Finds the frozen documents in which a name of a person stands, so that the registrar can decide about each.
 * Only reads.
 */
import type { SchoolScope } from '../db/database.js';
import { listSignedBy } from '../narratives/narrative-records.js';
import { listSeatsOfPerson } from '../exhibitions/seats/seat-records.js';
import type { DecidedNaming, NamedKind } from '../people/name-correction.js';
import { listNameCorrectionsOf } from '../people/name-correction-records.js';
import { listPeopleByIds } from '../people/people-records.js';
import { byId, type Person } from '../people/person.js';
import { listSnapshotsOfStudent } from '../portfolio/portfolio-records.js';
import { listResultsNaming } from '../results/result-records.js';
import { listTerms } from '../school/school-records.js';
import { listVisitsOfPerson } from '../visits/visit-records.js';
import { listIssuedNaming, listTranscriptsOfStudent, type ListedTranscript } from './transcript-records.js';

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
  // One after the other: a transaction asks one thing at a time.
  const transcripts = await listIssuedNaming(scope, await namesOf(scope, person), MAX_DOCUMENTS);
  const snapshots = person.roles.includes('student') ? await listSnapshotsOfStudent(scope, person.id) : [];
  const { items: visits } = await listVisitsOfPerson(scope, person.id, 1, MAX_DOCUMENTS);
  const results = await listResultsNaming(scope, await slotsOf(scope, person.id, visits), person.id);
  const versions = await listSignedBy(scope, person.id, MAX_DOCUMENTS);
  const left = visits.filter((visit) => visit.leftAt !== null);
  const studentIds = [...results, ...versions, ...left].map(({ studentId }) => studentId);
  const students = byId(await listPeopleByIds(scope, [...new Set(studentIds)]));
  const terms = byId(await listTerms(scope));
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

export const documentKey = ({ kind, id }: Pick<NamedDocument, 'kind' | 'id'>): string => `${kind}:${id}`;

/**
 * What is decided about each document.
 * @param reissue ids of transcripts @param show keys of the others; whatever is not in these stays as it is
 */
export const decideNaming = (
  { transcripts, others }: Naming,
  reissue: ReadonlySet<string>,
  show: ReadonlySet<string>,
): DecidedNaming => ({
  decisions: transcripts.map(({ id: transcriptId, studentId, termId }) => ({
    ...{ transcriptId, studentId, termId },
    decision: reissue.has(transcriptId) ? 'reissue' : 'leave',
  })),
  shown: others.map((each) => ({
    ...{ kind: each.kind, id: each.id },
    decision: show.has(documentKey(each)) ? 'show' : 'leave',
  })),
});

/** Every document that has a name of this person, decided to stay as it is. */
export const keepNaming = async (scope: SchoolScope, person: Person): Promise<DecidedNaming> =>
  decideNaming(await findNaming(scope, person), new Set(), new Set());

/**
 * Whether any frozen document has a name of this person. A roster may rename thousands, and to look for words
 * means reading every transcript: of students and families, whom others' transcripts do not name, only what
 * is theirs by id is looked at.
 */
export async function isNamed(scope: SchoolScope, person: Person): Promise<boolean> {
  const isStudent = person.roles.includes('student');
  const own = isStudent ? await listTranscriptsOfStudent(scope, person.id) : [];
  if (own.some(({ state }) => state === 'issued')) return true;
  if (isStudent && (await listSnapshotsOfStudent(scope, person.id)).length > 0) return true;
  if ((await listSignedBy(scope, person.id, 1)).length > 0) return true;
  const { items: visits } = await listVisitsOfPerson(scope, person.id, 1, MAX_DOCUMENTS);
  if (visits.some(({ leftAt }) => leftAt !== null)) return true;
  const slots = await slotsOf(scope, person.id, visits);
  if (slots.length > 0 && (await listResultsNaming(scope, slots, person.id)).length > 0) return true;
  const isStaff = person.roles.some((role) => role !== 'student' && role !== 'guardian');
  return isStaff && (await listIssuedNaming(scope, await namesOf(scope, person), 1)).length > 0;
}

/** Where this person sat on a panel or visited a stand: of a group every member's slot. */
async function slotsOf(
  scope: SchoolScope,
  personId: string,
  visits: readonly { slotId: string }[],
): Promise<string[]> {
  const seats = await listSeatsOfPerson(scope, personId, 1, MAX_DOCUMENTS);
  return [
    ...seats.items.flatMap(({ slotId, members }) => members?.map((member) => member.slotId) ?? [slotId]),
    ...visits.map(({ slotId }) => slotId),
  ];
}

/** Every name that this person had and has. */
async function namesOf(scope: SchoolScope, person: Person): Promise<string[]> {
  const corrections = await listNameCorrectionsOf(scope, person.id);
  const earlier = corrections.map(({ from }) => from.displayName);
  return [...new Set([...earlier, person.displayName])];
}
