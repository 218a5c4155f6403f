/** Artifacts and their versions. Personal data: minors' work, with names of files and what they wrote about it. */
import { schoolCollection, type SchoolScope, type SharedScope } from '../db/database.js';
import type { Artifact, ArtifactVersion, RemovalRequest, TakenDown } from './artifact.js';
import { tracesIn } from '../person-traces.js';

const artifacts = schoolCollection<Artifact>(
  'artifacts',
  {
    studentId: { type: String, required: true, immutable: true },
    title: { type: String, required: true },
    caption: { type: String, default: '' },
    altText: { type: String, default: '' },
    medium: { type: String, required: true },
    latest: { type: Number, required: true },
    createdAt: { type: Date, required: true, immutable: true },
    createdBy: { type: String, required: true, immutable: true },
    wordsBy: { type: String, default: undefined },
    unseenChange: Object,
    takenDown: Object,
    removalRequest: Object,
  },
  {
    indexes: [
      { keys: { schoolId: 1, studentId: 1, createdAt: -1 } },
      {
        keys: { schoolId: 1, 'removalRequest.at': 1 },
        partialFilterExpression: { 'removalRequest.at': { $exists: true } },
      },
      {
        keys: { schoolId: 1, studentId: 1, 'unseenChange.at': 1 },
        partialFilterExpression: { 'unseenChange.at': { $exists: true } },
      },
    ],
  },
);
export const artifactsDeclaration = artifacts.declaration;

const versions = schoolCollection<ArtifactVersion>(
  'artifactversions',
  {
    artifactId: { type: String, required: true, immutable: true },
    studentId: { type: String, required: true, immutable: true },
    number: { type: Number, required: true, immutable: true },
    kind: { type: String, required: true, immutable: true },
    file: { type: Object, default: null, immutable: true },
    url: { type: String, default: null, immutable: true },
    text: { type: String, default: null, immutable: true },
    sha256: { type: String, required: true, immutable: true },
    createdAt: { type: Date, required: true, immutable: true },
    createdBy: { type: String, required: true, immutable: true },
    sealedAs: { type: Object, default: undefined },
    takenDown: { type: Object, immutable: true },
  },
  {
    indexes: [
      // In this order check-records walks over all of them.
      { keys: { schoolId: 1, _id: 1 } },
      { keys: { 'file.key': 1 }, sparse: true },
      { keys: { schoolId: 1, artifactId: 1, number: 1 }, unique: true },
      { keys: { schoolId: 1, studentId: 1 } },
    ],
  },
);
export const artifactVersionsDeclaration = versions.declaration;

export const findArtifact = (scope: SchoolScope, id: string) => artifacts.in(scope).findOne({ id });
export const getArtifact = (scope: SchoolScope, id: string) => artifacts.in(scope).get(id);
/** Newest first. */
export const listArtifacts = (scope: SchoolScope, studentId: string, page: number, perPage: number) =>
  artifacts.in(scope).page({ studentId }, { sort: { createdAt: -1 }, page, perPage });
/** What a work is found by. */
export type WorkLine = Pick<Artifact, 'id' | 'title' | 'caption' | 'medium' | 'createdAt'>;
/** All of a student's works that can be shown, newest first; of those brought in at the same moment by their ids. */
export const listWorkLines = (scope: SchoolScope, studentId: string): Promise<WorkLine[]> =>
  artifacts
    .in(scope)
    .find(
      { studentId, takenDown: { $exists: false } },
      { sort: { createdAt: -1, id: 1 }, fields: ['title', 'caption', 'medium', 'createdAt'] },
    );
export const listArtifactsByIds = (scope: SchoolScope, ids: readonly string[]) =>
  artifacts.in(scope).find({ id: { $in: ids } });

/** Newest first. */
export const listArtifactVersions = (scope: SchoolScope, artifactId: string) =>
  versions.in(scope).find({ artifactId }, { sort: { number: -1 } });

/** In the order of their ids, those after `after`: for whoever walks over all of them. */
export const listArtifactVersionsAfter = (scope: SchoolScope, after: string, limit: number) =>
  versions.in(scope).find({ id: { $gt: after } }, { sort: { id: 1 }, limit });
export const listVersionsByIds = (scope: SchoolScope, ids: readonly string[]) =>
  versions.in(scope).find({ id: { $in: ids } });

/** The newest version of each of these artifacts, by artifact id. */
export async function listLatestVersions(
  scope: SchoolScope,
  list: readonly Pick<Artifact, 'id' | 'latest'>[],
): Promise<Map<string, ArtifactVersion>> {
  if (list.length === 0) return new Map();
  const found = await versions
    .in(scope)
    .find({ $or: list.map(({ id, latest }) => ({ artifactId: id, number: latest })) });
  return new Map(found.map((version) => [version.artifactId, version]));
}

/** Bytes of all files of one student, or of the whole school with null. */
export async function sumStoredBytes(scope: SchoolScope, studentId: string | null): Promise<number> {
  const [sum] = await versions
    .in(scope)
    .aggregate<{ bytes: number }>([
      { $match: { kind: 'file', ...(studentId === null ? {} : { studentId }) } },
      { $group: { _id: null, bytes: { $sum: '$file.bytes' } } },
    ]);
  return sum?.bytes ?? 0;
}

export const saveArtifact = (scope: SchoolScope, artifact: Artifact) => artifacts.in(scope).insert(artifact);
export const saveArtifactWords = (
  scope: SchoolScope,
  id: string,
  words: Partial<Pick<Artifact, 'title' | 'caption' | 'altText' | 'wordsBy'>>,
  unseenChange: Artifact['unseenChange'] | null,
) => artifacts.in(scope).findOneAndUpdate({ id }, withUnseen({ $set: words }, unseenChange));
/** Takes the next number; the artifact after it. */
export const saveNextNumber = (
  scope: SchoolScope,
  id: string,
  medium: Artifact['medium'],
  unseenChange: Artifact['unseenChange'] | null,
) =>
  artifacts
    .in(scope)
    .findOneAndUpdate({ id }, withUnseen({ $inc: { latest: 1 }, $set: { medium } }, unseenChange));
const withUnseen = <U extends { $set: object }>(update: U, unseenChange: Artifact['unseenChange'] | null) =>
  unseenChange ? { ...update, $set: { ...update.$set, unseenChange } } : update;
export const saveChangeSeen = (scope: SchoolScope, id: string) =>
  artifacts.in(scope).findOneAndUpdate({ id }, { $unset: { unseenChange: '' } });
/** Works that somebody else than the student has changed, until the student has seen it. */
export const listUnseenChanges = (scope: SchoolScope, studentId: string) =>
  artifacts
    .in(scope)
    .find(
      { studentId, 'unseenChange.at': { $exists: true } },
      { sort: { 'unseenChange.at': -1 }, limit: 20, fields: ['title', 'unseenChange'] },
    ) as Promise<Pick<Artifact, 'id' | 'title' | 'unseenChange'>[]>;
export const saveArtifactVersion = (scope: SchoolScope, version: ArtifactVersion) =>
  versions.in(scope).insert(version);

/** Which of these are there. */
export const listVersionIds = async (scope: SchoolScope, ids: readonly string[]): Promise<string[]> =>
  (await versions.in(scope).find({ id: { $in: ids } }, { fields: ['id'] })).map(({ id }) => id);

/** Of these keys those that a version's file has, in whatever school. */
export const listNamedWorkKeys = async (
  scope: SharedScope,
  keys: readonly string[],
): Promise<(string | undefined)[]> =>
  (await versions.acrossSchools(scope).find({ 'file.key': { $in: keys } }, { fields: ['file.key'] })).map(
    ({ file }) => file?.key,
  );

/** Works that somebody wants removed, the oldest request first. */
/** @param except students none of whose works are listed */
export const listRemovalRequests = (
  scope: SchoolScope,
  except: readonly string[],
  page: number,
  perPage: number,
) => artifacts.in(scope).page(askedExcept(except), { sort: { 'removalRequest.at': 1 }, page, perPage });
export const countRemovalRequests = (scope: SchoolScope, except: readonly string[] = []) =>
  artifacts.in(scope).count(askedExcept(except));
const askedExcept = (except: readonly string[]) => ({
  'removalRequest.at': { $exists: true },
  ...(except.length > 0 ? { studentId: { $nin: except } } : {}),
});
/** Null: the request is answered. */
export const saveRemovalRequest = (scope: SchoolScope, id: string, removalRequest: RemovalRequest | null) =>
  artifacts
    .in(scope)
    .findOneAndUpdate(
      { id },
      removalRequest ? { $set: { removalRequest } } : { $unset: { removalRequest: '' } },
    );

/** The number of the newest version that is left. */
export const saveLatestNumber = (
  scope: SchoolScope,
  id: string,
  { latest, medium }: Pick<Artifact, 'latest' | 'medium'>,
) => artifacts.in(scope).updateOne({ id }, { $set: { latest, medium } });
export const saveArtifactTakenDown = (
  scope: SchoolScope,
  id: string,
  change: Pick<Artifact, 'title' | 'caption' | 'altText'> & { takenDown: TakenDown },
) => artifacts.in(scope).findOneAndUpdate({ id }, { $set: change, $unset: { removalRequest: '' } });
/** A version never changes; only its content is taken away, in one transaction. */
export async function saveVersionTakenDown(scope: SchoolScope, version: ArtifactVersion): Promise<void> {
  await versions.in(scope).remove({ id: version.id });
  await versions.in(scope).insert(version);
}
export const removeArtifact = (scope: SchoolScope, id: string) => artifacts.in(scope).remove({ id });
export const removeVersions = (scope: SchoolScope, ids: readonly string[]) =>
  versions.in(scope).remove({ id: { $in: ids } });

export const removeArtifactVersionsOf = tracesIn(versions, ({ id, keptWorkIds }) => ({
  studentId: id,
  artifactId: { $nin: keptWorkIds },
}));
export const removeArtifactsOf = tracesIn(artifacts, ({ id, keptWorkIds }) => ({
  $and: [{ studentId: id }, { id: { $nin: keptWorkIds } }],
}));
export const saveRequestNoteErased = tracesIn(artifacts, ({ ids }) => ({
  'removalRequest.by': { $in: ids },
  'removalRequest.note': { $ne: '' },
}));
