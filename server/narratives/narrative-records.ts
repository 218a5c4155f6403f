/** Narratives and their signed versions. Personal data: what is said of a student, with the author's name. */
import { schoolCollection, type SchoolScope } from '../db/database.js';
import { voices, type Narrative, type NarrativeVersion, type NarrativeVoice } from './narrative.js';
import { tracesIn } from '../person-traces.js';

const narratives = schoolCollection<Narrative>(
  'narratives',
  {
    studentId: { type: String, required: true, immutable: true },
    termId: { type: String, required: true, immutable: true },
    voice: { type: String, required: true, immutable: true },
    authorId: { type: String, required: true },
    authorName: { type: String, required: true },
    markdown: { type: String, default: '' },
    state: { type: String, required: true },
    revision: { type: Number, required: true },
    latestVersion: { type: Number, required: true },
    createdAt: { type: Date, required: true, immutable: true },
    savedAt: { type: Date, required: true },
  },
  {
    indexes: [
      { keys: { schoolId: 1, studentId: 1, termId: 1, voice: 1 }, unique: true },
      { keys: { schoolId: 1, termId: 1, voice: 1, latestVersion: 1, studentId: 1 } },
    ],
  },
);
export const narrativesDeclaration = narratives.declaration;

const fixed = { required: true, immutable: true } as const;
const versions = schoolCollection<NarrativeVersion>(
  'narrativeversions',
  {
    narrativeId: { type: String, ...fixed },
    studentId: { type: String, ...fixed },
    termId: { type: String, ...fixed },
    voice: { type: String, ...fixed },
    number: { type: Number, ...fixed },
    markdown: { type: String, ...fixed },
    signedAt: { type: Date, ...fixed },
    signedBy: { type: String, ...fixed },
    signedName: { type: String, ...fixed },
    sealedAs: { type: Object, default: undefined },
    passwordLink: { type: Object, default: undefined, immutable: true },
    hash: { type: String, ...fixed },
    unnamedHash: { type: String, immutable: true },
  },
  {
    indexes: [
      // In this order check-records walks over all of them.
      { keys: { schoolId: 1, _id: 1 } },
      // The few without a name, in the same order.
      {
        keys: { schoolId: 1, _id: 1, unnamedHash: 1 },
        partialFilterExpression: { unnamedHash: { $exists: true } },
      },
      { keys: { schoolId: 1, narrativeId: 1, number: 1 }, unique: true },
      { keys: { schoolId: 1, studentId: 1, termId: 1, voice: 1, number: -1 } },
      { keys: { schoolId: 1, signedBy: 1, signedAt: -1 } },
      // The few that were signed as part of a narrative that has become part of another since.
      {
        keys: { schoolId: 1, 'sealedAs.narrativeId': 1 },
        partialFilterExpression: { 'sealedAs.narrativeId': { $exists: true } },
      },
    ],
  },
);
export const narrativeVersionsDeclaration = versions.declaration;

export const getNarrative = (scope: SchoolScope, id: string) => narratives.in(scope).get(id);
export const findNarrativeOf = (
  scope: SchoolScope,
  studentId: string,
  termId: string,
  voice: NarrativeVoice,
) => narratives.in(scope).findOne({ studentId, termId, voice });
export const listNarrativesOfStudent = (scope: SchoolScope, studentId: string) =>
  narratives.in(scope).find({ studentId }, { sort: { createdAt: 1 } });
/** Whether and by whom something was written: without the words, so that a list of many stays light. */
export const listNarrativeStates = (scope: SchoolScope, termId: string, studentIds: readonly string[]) =>
  narratives
    .in(scope)
    .find(
      { termId, studentId: { $in: studentIds } },
      { fields: ['id', 'studentId', 'termId', 'voice', 'state', 'latestVersion'] },
    ) as Promise<Pick<Narrative, 'id' | 'studentId' | 'termId' | 'voice' | 'state' | 'latestVersion'>[]>;

/** The same of several terms. */
export const listNarrativeStatesOfTerms = (
  scope: SchoolScope,
  termIds: readonly string[],
  studentIds: readonly string[],
) =>
  narratives
    .in(scope)
    .find(
      { studentId: { $in: studentIds }, termId: { $in: termIds } },
      { fields: ['id', 'studentId', 'termId', 'voice', 'state'] },
    ) as Promise<Pick<Narrative, 'id' | 'studentId' | 'termId' | 'voice' | 'state'>[]>;
/** In which of these terms at least one narrative of this voice was signed: one key of the index for each. */
export async function listTermsSigned(
  scope: SchoolScope,
  termIds: readonly string[],
  voice: NarrativeVoice,
): Promise<Set<string>> {
  const found = await Promise.all(
    termIds.map((termId) =>
      narratives.in(scope).findOne({ termId, voice, latestVersion: { $gt: 0 } }, { fields: ['termId'] }),
    ),
  );
  return new Set(found.flatMap((each) => each?.termId ?? []));
}

export const countNarrativesOfTerm = (scope: SchoolScope, termId: string): Promise<number> =>
  narratives.in(scope).count({ termId });
/** The students about whom a narrative of the term was begun: in the whole school. */
export const listAllStudentsWithNarrative = (scope: SchoolScope, termId: string): Promise<Set<string>> =>
  narratives.in(scope).distinct('studentId', { termId });
/** The students of whom the narrative of this voice is signed in the term: in the whole school. */
export const listAllStudentsSigned = (
  scope: SchoolScope,
  termId: string,
  voice: NarrativeVoice,
): Promise<Set<string>> =>
  narratives.in(scope).distinct('studentId', { termId, voice, latestVersion: { $gt: 0 } });
export const countSigned = (scope: SchoolScope, termId: string, voice: NarrativeVoice): Promise<number> =>
  narratives.in(scope).count({ termId, voice, latestVersion: { $gt: 0 } });
/** Without the words: what a list says of narratives. */
export const listNarrativeLines = (scope: SchoolScope, studentId: string) =>
  narratives
    .in(scope)
    .find(
      { studentId },
      { sort: { createdAt: 1 }, fields: ['termId', 'voice', 'authorName', 'latestVersion'] },
    ) as Promise<Pick<Narrative, 'id' | 'termId' | 'voice' | 'authorName' | 'latestVersion'>[]>;

export const findVersion = (scope: SchoolScope, narrativeId: string, number: number) =>
  versions.in(scope).findOne({ narrativeId, number });
/** Signed by this person, newest first: without the words. */
export const listSignedBy = (scope: SchoolScope, personId: string, limit: number) =>
  versions
    .in(scope)
    .find(
      { signedBy: personId },
      { sort: { signedAt: -1 }, limit, fields: ['studentId', 'termId', 'signedAt'] },
    ) as Promise<Pick<NarrativeVersion, 'id' | 'studentId' | 'termId' | 'signedAt'>[]>;
export const listNarrativeVersions = (scope: SchoolScope, narrativeId: string) =>
  versions.in(scope).find({ narrativeId }, { sort: { number: -1 } });
/** In the order of their ids, those after `after`: for whoever walks over all of them. */
export const listNarrativeVersionsAfter = (scope: SchoolScope, after: string, limit: number) =>
  versions.in(scope).find({ id: { $gt: after } }, { sort: { id: 1 }, limit });
/** The newest signed version of each voice for these students' term, the advisor's first, by student id. */
export async function listSignedVersions(
  scope: SchoolScope,
  studentIds: readonly string[],
  termId: string,
): Promise<Map<string, NarrativeVersion[]>> {
  const found = await versions
    .in(scope)
    .find({ studentId: { $in: studentIds }, termId }, { sort: { number: -1 } });
  return new Map(
    studentIds.map((studentId) => [
      studentId,
      voices.flatMap((voice) =>
        found.filter((version) => version.studentId === studentId && version.voice === voice).slice(0, 1),
      ),
    ]),
  );
}

/** Versions that were signed since then for these students and terms, without the words. */
export const listSignedSince = (
  scope: SchoolScope,
  studentIds: readonly string[],
  termIds: readonly string[],
  since: Date,
) =>
  versions
    .in(scope)
    .find(
      { studentId: { $in: studentIds }, termId: { $in: termIds }, signedAt: { $gte: since } },
      { fields: ['studentId', 'termId', 'voice', 'number', 'signedAt'] },
    ) as Promise<Pick<NarrativeVersion, 'id' | 'studentId' | 'termId' | 'voice' | 'number' | 'signedAt'>[]>;

/** A duplicate where somebody else has begun it at the same moment. */
export const saveNarrative = (scope: SchoolScope, narrative: Narrative): Promise<Narrative> =>
  narratives.in(scope).insert(narrative);

/** Null when somebody has saved since `revision`. */
export const saveNarrativeChange = (
  scope: SchoolScope,
  id: string,
  revision: number,
  change: Partial<
    Pick<Narrative, 'markdown' | 'state' | 'authorId' | 'authorName' | 'latestVersion' | 'savedAt'>
  >,
) => narratives.in(scope).findOneAndUpdate({ id, revision }, { $set: change, $inc: { revision: 1 } });

export const saveNarrativeVersion = (scope: SchoolScope, version: NarrativeVersion) =>
  versions.in(scope).insert(version);

/** Numbers of the signed versions that there are of these narratives. */
export const listVersionNumbers = (scope: SchoolScope, narrativeIds: readonly string[]) =>
  versions
    .in(scope)
    .find(
      { $or: [{ narrativeId: { $in: narrativeIds } }, { 'sealedAs.narrativeId': { $in: narrativeIds } }] },
      { fields: ['narrativeId', 'number', 'sealedAs'] },
    ) as Promise<Pick<NarrativeVersion, 'id' | 'narrativeId' | 'number' | 'sealedAs'>[]>;

const unnamed = { unnamedHash: { $exists: true } };
/** Those from which the name of an erased person was taken out, in the order of their ids. */
export const listUnnamedVersionsAfter = (scope: SchoolScope, after: string, limit: number) =>
  versions.in(scope).find({ id: { $gt: after }, ...unnamed }, { sort: { id: 1 }, limit });
/** Which of these they are. */
export const listUnnamedVersionIds = async (scope: SchoolScope, ids: readonly string[]): Promise<string[]> =>
  (await versions.in(scope).find({ id: { $in: ids }, ...unnamed }, { fields: ['id'] })).map(({ id }) => id);

/** With what was signed for a duplicate after it was merged, and stays with it. */
export const removeNarrativesOf = tracesIn(narratives, ({ ids, keepIssued }) => ({
  studentId: { $in: ids },
  ...(keepIssued ? { latestVersion: 0 } : {}),
}));
export const removeNarrativeVersionsOf = tracesIn(versions, ({ ids, keepIssued }) =>
  keepIssued ? null : { studentId: { $in: ids } },
);
export const countKeptVersions = tracesIn(versions, ({ ids, keepIssued }) =>
  keepIssued ? { studentId: { $in: ids } } : null,
);
/** Drafts about others that they never signed. */
export const removeDraftsBy = tracesIn(narratives, ({ id, ids }) => ({
  ...{ studentId: { $ne: id }, authorId: { $in: ids }, latestVersion: 0 },
}));
/** Signed at least once, about others or kept: what was written since the last signature goes, too. */
export const saveAuthorUnnamed = tracesIn(narratives, ({ id, ids, mark, keepIssued }) => ({
  ...{ authorId: { $in: ids }, latestVersion: { $gt: 0 }, authorName: { $ne: mark } },
  ...(keepIssued ? {} : { studentId: { $ne: id } }),
}));
/** About others. */
export const saveSignerUnnamed = tracesIn(versions, ({ id, ids, mark, madeLinks }) => ({
  studentId: { $ne: id },
  $or: [
    { signedBy: { $in: ids }, signedName: { $ne: mark } },
    ...(madeLinks
      ? [{ 'passwordLink.createdById': { $in: ids }, 'passwordLink.createdByName': { $ne: mark } }]
      : []),
  ],
}));
