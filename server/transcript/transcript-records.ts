/** Transcripts and the counter of their numbers. Personal data: everything that a transcript says of a student. */
import {
  schoolCollection,
  sharedCollection,
  type Database,
  type Page,
  type SchoolScope,
  type SharedScope,
} from '../db/database.js';
import type { TranscriptSnapshot } from './snapshot.js';
import type { Transcript, TranscriptState } from './transcript.js';
import { writtenPattern } from '../whole-words.js';
import { tracesIn } from '../person-traces.js';

const fixed = { required: true, immutable: true } as const;
const transcripts = schoolCollection<Transcript>(
  'transcripts',
  {
    serial: { type: Number, ...fixed },
    number: { type: String, ...fixed },
    code: { type: String, ...fixed },
    studentId: { type: String, ...fixed },
    studentName: { type: String, required: true },
    termId: { type: String, ...fixed },
    termName: { type: String, required: true },
    jobId: String,
    state: { type: String, required: true },
    snapshot: String,
    snapshotHash: String,
    factsHash: String,
    results: { type: [Object], default: undefined },
    template: { type: String, ...fixed },
    pageSize: { type: String, ...fixed },
    pdf: Object,
    issuedAt: Date,
    issuedBy: { type: String, required: true },
    issuedName: { type: String, required: true },
    supersededBy: String,
    revokedAt: Date,
    reason: String,
  },
  {
    indexes: [
      { keys: { schoolId: 1, serial: 1 }, unique: true },
      // The list, page by page: its ties are broken by id.
      { keys: { schoolId: 1, serial: -1, _id: 1 } },
      // In this order check-records walks over all of them.
      { keys: { schoolId: 1, _id: 1 } },
      { keys: { schoolId: 1, number: 1 }, unique: true },
      { keys: { code: 1 }, unique: true },
      { keys: { 'pdf.key': 1 }, sparse: true },
      // One in preparation and one that stands, per student and term: two issuers at once cannot make two.
      {
        keys: { schoolId: 1, termId: 1, studentId: 1, state: 1 },
        unique: true,
        partialFilterExpression: { state: { $in: ['preparing', 'issued'] } },
      },
      { keys: { schoolId: 1, studentId: 1, issuedAt: -1 } },
      { keys: { schoolId: 1, termId: 1, state: 1, studentName: 1, studentId: 1 } },
    ],
  },
);
export const transcriptsDeclaration = transcripts.declaration;

interface Counter {
  id: string;
  last: number;
  /**
   * Serials that were taken and given back, because their transcript could not be printed: the next ones to be used.
   */
  free?: number[];
}
const counters = sharedCollection<Counter>(
  'transcriptcounters',
  { last: { type: Number, required: true }, free: [Number] },
  { indexes: [] },
);
export const transcriptCountersDeclaration = counters.declaration;

/** Without the snapshot, for lists. */
export type ListedTranscript = Omit<Transcript, 'snapshot'>;
const listed = [
  'id',
  'schoolId',
  'serial',
  'number',
  'code',
  'studentId',
  'studentName',
  'termId',
  'termName',
  'jobId',
  'state',
  'snapshotHash',
  'factsHash',
  'results',
  'template',
  'pageSize',
  'pdf',
  'issuedAt',
  'issuedBy',
  'issuedName',
  'supersededBy',
  'revokedAt',
  'reason',
] as const;
const shown = { state: { $nin: ['preparing', 'withdrawn'] } };

export const findTranscript = (scope: SchoolScope, id: string) => transcripts.in(scope).findOne({ id });
/** What these say, by their ids. */
export async function listFrozen(
  scope: SchoolScope,
  ids: readonly string[],
): Promise<Map<string, Partial<TranscriptSnapshot>>> {
  if (ids.length === 0) return new Map();
  const found = await transcripts.in(scope).find({ id: { $in: ids } }, { fields: ['snapshot'] });
  return new Map(
    found.map(({ id, snapshot }) => [id, JSON.parse(snapshot ?? '{}') as Partial<TranscriptSnapshot>]),
  );
}
export const getTranscript = (scope: SchoolScope, id: string) => transcripts.in(scope).get(id);
/** By the code that a stranger typed, in any school; withdrawn ones among them. */
export const findTranscriptByCode = (db: Database, code: string) =>
  transcripts.acrossSchools(db).findOne({ code, state: { $ne: 'preparing' } });
/** Issued ones of a student, newest first, superseded and revoked ones among them. */
export const listTranscriptsOfStudent = (
  scope: SchoolScope,
  studentId: string,
): Promise<ListedTranscript[]> =>
  transcripts.in(scope).find({ studentId, ...shown }, { sort: { issuedAt: -1 }, fields: listed });
/** What stands or is in preparation for these students in a term. */
export const listOpenTranscripts = (
  scope: SchoolScope,
  termId: string,
  studentIds: readonly string[],
): Promise<ListedTranscript[]> =>
  transcripts
    .in(scope)
    .find(
      { termId, studentId: { $in: studentIds }, state: { $in: ['preparing', 'issued'] } },
      { fields: listed },
    );
/** What stands in a term, by name: for the zip and the list. */
export const listIssuedOfTerm = (scope: SchoolScope, termId: string): Promise<ListedTranscript[]> =>
  transcripts.in(scope).find({ termId, state: 'issued' }, { sort: { studentName: 1 }, fields: listed });
/** The students of whom a transcript stands in the term: in the whole school. */
export const listAllStudentsIssued = (scope: SchoolScope, termId: string): Promise<Set<string>> =>
  transcripts.in(scope).distinct('studentId', { termId, state: 'issued' });
export const countTranscriptsOfTerm = (scope: SchoolScope, termId: string): Promise<number> =>
  transcripts.in(scope).count({ termId });
/** Which of these students have a valid transcript of which of these terms. */
export const listIssuedOfTerms = (
  scope: SchoolScope,
  termIds: readonly string[],
  studentIds: readonly string[],
) =>
  transcripts
    .in(scope)
    .find(
      { termId: { $in: [...termIds] }, studentId: { $in: [...studentIds] }, state: 'issued' },
      { fields: ['termId', 'studentId'] },
    );
export const countIssuedOfTerm = (scope: SchoolScope, termId: string) =>
  transcripts.in(scope).count({ termId, state: 'issued' });
export const listTranscriptsPage = (
  scope: SchoolScope,
  page: number,
  perPage: number,
): Promise<Page<ListedTranscript>> =>
  transcripts.in(scope).page(shown, { sort: { serial: -1 }, page, perPage, fields: listed });

/** A name as it is written in canonical JSON, its accents composed or not. */
const containing = (name: string) => ({ $regex: writtenPattern(JSON.stringify(name).slice(1, -1)) });

/** What stands and has one of these names in its frozen data, newest first: read document by document. */
export const listIssuedNaming = (
  scope: SchoolScope,
  names: readonly string[],
  limit: number,
): Promise<ListedTranscript[]> =>
  transcripts.in(scope).find(
    {
      state: 'issued',
      $or: names.map((name) => ({ snapshot: containing(name) })),
    },
    { sort: { serial: -1 }, limit, fields: listed },
  );

/** In the order of their ids, those after `after`: for whoever walks over all of them. */
export const listTranscriptsAfter = (scope: SchoolScope, after: string, limit: number) =>
  transcripts.in(scope).find({ ...shown, id: { $gt: after } }, { sort: { id: 1 }, limit });

/** Takes `count` serials of the school, lowest first; inside a transaction, so that none is lost when it fails. */
export async function saveNextSerials(scope: SchoolScope, count: number): Promise<number[]> {
  const id = scope.schoolId;
  const before = await counters.in(scope).findOne({ id });
  const free = [...(before?.free ?? [])].sort((a, b) => a - b).slice(0, count);
  const fresh = count - free.length;
  const after = await counters
    .in(scope)
    .findOneAndUpdate(
      { id },
      { $inc: { last: fresh }, ...(free.length > 0 ? { $pull: { free: { $in: free } } } : {}) },
      { upsert: true },
    );
  return [...free, ...Array.from({ length: fresh }, (_, index) => after!.last - fresh + 1 + index)];
}

/** Takes the number of one in preparation back; inside a transaction. Nothing happens where it is issued meanwhile. */
export async function saveSerialReleased(
  scope: SchoolScope,
  { id, serial }: Pick<Transcript, 'id' | 'serial'>,
): Promise<void> {
  const removed = await transcripts.in(scope).remove({ id, state: 'preparing' });
  if (removed > 0)
    await counters.in(scope).updateOne({ id: scope.schoolId }, { $addToSet: { free: serial } });
}

export const saveTranscripts = (scope: SchoolScope, list: Transcript[]) =>
  transcripts.in(scope).insertMany(list);
/** How many of them were still in preparation; the others somebody else has finished meanwhile. */
export const saveIssued = (scope: SchoolScope, list: { id: string; change: Partial<Transcript> }[]) =>
  transcripts.in(scope).updateEach(
    list.map(({ id, change }) => ({
      filter: { id, state: 'preparing' },
      update: { $set: { ...change, state: 'issued' } },
    })),
  );
/** It says what is said by these versions of the results. Writes nothing where they are the same as before. */
export async function saveMadeFrom(
  scope: SchoolScope,
  { id, results }: Pick<Transcript, 'id' | 'results'>,
  now: NonNullable<Transcript['results']>,
): Promise<void> {
  const textOf = (versions: Transcript['results']) =>
    versions?.map((each) => `${each.id} ${each.version}`).join(' ');
  if (textOf(results) === textOf(now)) return;
  await transcripts.in(scope).updateOne({ id, state: 'issued' }, { $set: { results: now } });
}
/** What is valid until now for these students and terms, and which of the new ones takes its place. */
export async function listStanding(
  scope: SchoolScope,
  list: readonly Pick<Transcript, 'id' | 'studentId' | 'termId'>[],
): Promise<{ id: string; by: string }[]> {
  const found = await transcripts.in(scope).find(
    {
      state: 'issued',
      $or: list.map(({ studentId, termId }) => ({ studentId, termId })),
    },
    { fields: ['studentId', 'termId'] },
  );
  return found.map(({ id, studentId, termId }) => ({
    id,
    by: list.find((each) => each.studentId === studentId && each.termId === termId)!.id,
  }));
}
/** What stood until now for these students and terms is superseded by these. */
export const saveSuperseded = (scope: SchoolScope, list: Pick<Transcript, 'id' | 'studentId' | 'termId'>[]) =>
  transcripts.in(scope).updateEach(
    list.map(({ id, studentId, termId }) => ({
      filter: { studentId, termId, state: 'issued' },
      update: { $set: { state: 'superseded', supersededBy: id } },
    })),
  );
/** Why these will be superseded. */
export const saveReasons = (scope: SchoolScope, ids: readonly string[], reason: string) =>
  transcripts.in(scope).updateMany({ id: { $in: ids }, state: 'issued' }, { $set: { reason } });
export const saveRevoked = (
  scope: SchoolScope,
  id: string,
  from: TranscriptState,
  revokedAt: Date,
  reason: string,
) => transcripts.in(scope).updateOne({ id, state: from }, { $set: { state: 'revoked', revokedAt, reason } });

/** Which of these are there. */
export const listIssuedIds = async (scope: SchoolScope, ids: readonly string[]): Promise<string[]> =>
  (await transcripts.in(scope).find({ ...shown, id: { $in: ids } }, { fields: ['id'] })).map(({ id }) => id);

/** Of these keys those that a transcript's PDF has, in whatever school. */
export const listNamedTranscriptKeys = async (
  scope: SharedScope,
  keys: readonly string[],
): Promise<(string | undefined)[]> =>
  (await transcripts.acrossSchools(scope).find({ 'pdf.key': { $in: keys } }, { fields: ['pdf.key'] })).map(
    ({ pdf }) => pdf?.key,
  );

/** Their own, issued or in preparation. */
export const saveTranscriptsWithdrawn = tracesIn(transcripts, ({ id, eraseTranscripts }) => ({
  studentId: id,
  state: eraseTranscripts ? { $ne: 'withdrawn' } : 'preparing',
}));
export const countKeptTranscripts = tracesIn(transcripts, ({ id, eraseTranscripts }) =>
  eraseTranscripts ? null : { studentId: id, ...shown },
);
export const saveIssuerUnnamed = tracesIn(transcripts, ({ ids, mark }) => ({
  issuedBy: { $in: ids },
  issuedName: { $ne: mark },
}));
/** Transcripts of others with one of these names in their frozen data: read one after the other. */
export const countTranscriptsNaming = tracesIn(transcripts, ({ id, names, roles }) =>
  roles.every((role) => role === 'student' || role === 'guardian')
    ? null
    : { studentId: { $ne: id }, ...shown, $or: names.map((name) => ({ snapshot: containing(name) })) },
);
