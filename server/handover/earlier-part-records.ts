/** Parts of records from earlier schools. Written once. Personal data: work, results and narratives of minors. */
import { schoolCollection, type SchoolScope, type SharedScope } from '../db/database.js';
import { tracesIn } from '../person-traces.js';
import type { EarlierPart } from './earlier-record.js';

const fixed = { required: true, immutable: true } as const;
const parts = schoolCollection<EarlierPart>(
  'earlierparts',
  {
    handoverId: { type: String, ...fixed },
    studentId: { type: String, ...fixed },
    kind: { type: String, ...fixed },
    sourceId: { type: String, ...fixed },
    fromSchoolId: { type: String, ...fixed },
    title: { type: String, default: '', immutable: true },
    term: { type: String, default: '', immutable: true },
    at: { type: Date, ...fixed },
    content: { type: Object, ...fixed },
    file: { type: Object, default: null, immutable: true },
    copiedAt: { type: Date, ...fixed },
    takenDown: { type: Object, default: undefined, immutable: true },
    sealedAs: { type: Object, default: undefined },
    hash: { type: String, ...fixed },
  },
  {
    indexes: [
      // In this order check-records walks over all of them.
      { keys: { schoolId: 1, _id: 1 } },
      // Two workers that copy the same handover make one copy; who comes a second time brings what is new.
      { keys: { schoolId: 1, studentId: 1, kind: 1, sourceId: 1 }, unique: true },
      { keys: { schoolId: 1, studentId: 1, at: 1 } },
      { keys: { 'file.key': 1 }, sparse: true },
      // In whatever school: what was taken down reaches its copies.
      { keys: { fromSchoolId: 1, 'content.artifactId': 1 }, sparse: true },
      { keys: { fromSchoolId: 1, 'content.entries.artifactId': 1 }, sparse: true },
    ],
  },
);
export const earlierPartsDeclaration = parts.declaration;

/** What a list says of a part. */
export type EarlierLine = Pick<
  EarlierPart,
  'id' | 'fromSchoolId' | 'kind' | 'sourceId' | 'title' | 'term' | 'at'
> & {
  content: {
    shown?: boolean;
    voice?: string;
    number?: number;
    medium?: string;
    outcome?: string | null;
    planId?: string;
    internshipId?: string;
    revision?: number;
  };
};

export const findPart = (scope: SchoolScope, id: string) => parts.in(scope).findOne({ id });
/** The newest one of that school. */
export const findProfileOf = (scope: SchoolScope, studentId: string, fromSchoolId: string) =>
  parts.in(scope).findOne({ studentId, kind: 'profile', fromSchoolId }, { sort: { at: -1 } });
/** Oldest first. */
export const listEarlierLines = (scope: SchoolScope, studentId: string): Promise<EarlierLine[]> =>
  parts.in(scope).find(
    { studentId, kind: { $ne: 'profile' } },
    {
      sort: { at: 1, id: 1 },
      fields: [
        'fromSchoolId',
        'kind',
        'sourceId',
        'title',
        'term',
        'at',
        'content.shown',
        'content.voice',
        'content.number',
        'content.medium',
        'content.outcome',
        'content.planId',
        'content.internshipId',
        'content.revision',
      ],
    },
  ) as Promise<EarlierLine[]>;
export const listProfiles = (scope: SchoolScope, studentId: string) =>
  parts.in(scope).find({ studentId, kind: 'profile' }, { sort: { at: 1 } });
/** Everything that the student has brought along, as `<kind> <source>`. */
export const listCopied = async (scope: SchoolScope, studentId: string): Promise<Set<string>> =>
  new Set(
    (await parts.in(scope).find({ studentId }, { fields: ['kind', 'sourceId'] })).map(
      ({ kind, sourceId }) => `${kind} ${sourceId}`,
    ),
  );
/** Every part of a student, whole. */
export const listParts = (scope: SchoolScope, studentId: string) =>
  parts.in(scope).find({ studentId }, { sort: { at: 1, id: 1 } });
/** Copies of these works' versions, by what they are copies of. */
export const listWorkParts = (
  scope: SchoolScope,
  studentId: string,
  versionIds: readonly string[],
): Promise<EarlierPart[]> => parts.in(scope).find({ studentId, kind: 'work', sourceId: { $in: versionIds } });

/** Every part, in whatever school, that shows a work of this one. */
export const listPartsShowing = (where: SharedScope, fromSchoolId: string, artifactId: string) =>
  parts.acrossSchools(where).find({
    fromSchoolId,
    $or: [{ 'content.artifactId': artifactId }, { 'content.entries.artifactId': artifactId }],
  });

/** In the order of their ids, those after `after`: for whoever walks over all of them. */
export const listPartsAfter = (scope: SchoolScope, after: string, limit: number) =>
  parts.in(scope).find({ id: { $gt: after } }, { sort: { id: 1 }, limit });
/** Which of these are there. */
export const listPartIds = async (scope: SchoolScope, ids: readonly string[]): Promise<string[]> =>
  (await parts.in(scope).find({ id: { $in: ids } }, { fields: ['id'] })).map(({ id }) => id);
/** Of these keys those that a part's file has, in whatever school. */
export const listNamedPartKeys = async (
  scope: SharedScope,
  keys: readonly string[],
): Promise<(string | undefined)[]> =>
  (await parts.acrossSchools(scope).find({ 'file.key': { $in: keys } }, { fields: ['file.key'] })).map(
    ({ file }) => file?.key,
  );

export const savePart = (scope: SchoolScope, part: EarlierPart) => parts.in(scope).insert(part);
/** A part never changes; only the content of works that were taken down is taken away, in one transaction. */
export async function savePartTakenDown(scope: SchoolScope, part: EarlierPart): Promise<void> {
  await parts.in(scope).remove({ id: part.id });
  await parts.in(scope).insert(part);
}

export const removePartsOf = tracesIn(parts, ({ id, keepIssued }) => (keepIssued ? null : { studentId: id }));
export const countKeptParts = tracesIn(parts, ({ id, keepIssued }) =>
  keepIssued ? { studentId: id } : null,
);
