/**
 * Published results as they are: each is written once, and a correction puts a new version in its place.
 * Personal data: scores and comments of named panelists on named students.
 */
import { schoolCollection, type AnyFilter, type SchoolScope } from '../db/database.js';
import type { Attempt } from './attempts.js';
import type { OutcomeRow } from './decision.js';
import type { Result } from './result.js';
import { tracesIn, type ErasedPerson } from '../person-traces.js';

const always = { required: true, immutable: true } as const;

/** Of the result as it is, and of its earlier versions. */
export const resultFields = {
  studentId: { type: String, ...always },
  exhibitionId: { type: String, ...always },
  termId: { type: String, ...always },
  rubric: { type: Object, ...always },
  tally: { type: Object, ...always },
  sheets: { type: [Object], ...always },
  revisions: { type: [Object], default: undefined, immutable: true },
  decisions: { type: [Object], default: undefined, immutable: true },
  attainment: { type: Object, default: undefined, immutable: true },
  visits: { type: [Object], default: undefined, immutable: true },
  sealedAs: { type: Object, default: undefined },
  slot: { type: Object, ...always },
  voices: { type: String, ...always },
  publishedAt: { type: Date, ...always },
  publishedBy: { type: String, ...always },
  passwordLink: { type: Object, default: undefined, immutable: true },
  hash: { type: String, ...always },
  correction: { type: Object, default: undefined, immutable: true },
  unnamedHash: { type: String, immutable: true },
} as const;

const results = schoolCollection<Result>('results', resultFields, {
  indexes: [
    // In this order check-records walks over all of them.
    { keys: { schoolId: 1, _id: 1 } },
    // The few without a name, in the same order.
    {
      keys: { schoolId: 1, _id: 1, unnamedHash: 1 },
      partialFilterExpression: { unnamedHash: { $exists: true } },
    },
    // Holds all that is asked about many results at once, so that none of them, with all its sheets, has to
    // be read for it.
    {
      keys: {
        schoolId: 1,
        studentId: 1,
        'attainment.outcome': 1,
        termId: 1,
        publishedAt: 1,
        exhibitionId: 1,
        'slot.attempt': 1,
        'slot.attemptOf': 1,
        _id: 1,
      },
    },
    // Holds what the list of a whole day says of each.
    {
      keys: {
        schoolId: 1,
        exhibitionId: 1,
        publishedAt: 1,
        'attainment.outcome': 1,
        'correction.version': 1,
        _id: 1,
      },
    },
    // The few that were corrected: of students, and by transcripts that are older.
    {
      keys: { schoolId: 1, studentId: 1, 'correction.at': 1, termId: 1, 'correction.version': 1, _id: 1 },
      partialFilterExpression: { 'correction.at': { $exists: true } },
    },
    { keys: { schoolId: 1, termId: 1, studentId: 1, _id: 1 } },
    {
      keys: {
        schoolId: 1,
        'attainment.outcome': 1,
        termId: 1,
        publishedAt: 1,
        studentId: 1,
        exhibitionId: 1,
        'slot.attempt': 1,
        'slot.attemptOf': 1,
        _id: 1,
      },
      partialFilterExpression: { 'attainment.outcome': 'not-yet' },
    },
  ],
});
export const resultsDeclaration = results.declaration;

export const findResult = (scope: SchoolScope, slotId: string) => results.in(scope).findOne({ id: slotId });
export const listResultsOfStudents = (scope: SchoolScope, studentIds: readonly string[]) =>
  results.in(scope).find({ studentId: { $in: studentIds } }, { sort: { 'slot.startsAt': 1, id: 1 } });

/** Of these slots the published results in which this person scored, visited or decided. */
export const listResultsNaming = (scope: SchoolScope, slotIds: readonly string[], personId: string) =>
  results.in(scope).find(
    {
      id: { $in: slotIds },
      $or: [
        { 'sheets.panelistId': personId },
        { visits: { $elemMatch: { personId } } },
        { 'decisions.decidedBy': personId },
      ],
    },
    { fields: ['studentId', 'slot', 'publishedAt'] },
  ) as Promise<Pick<Result, 'id' | 'studentId' | 'slot' | 'publishedAt'>[]>;
/** In the order of their ids, those after `after`: for whoever walks over all of them. */
export const listResultsAfter = (scope: SchoolScope, after: string, limit: number) =>
  results.in(scope).find({ id: { $gt: after } }, { sort: { id: 1 }, limit });

/** What a student's growth is drawn from: outcomes, without sheets, voices and words. */
export type GrowthResult = Pick<
  Result,
  'id' | 'studentId' | 'exhibitionId' | 'termId' | 'rubric' | 'slot' | 'attainment' | 'decisions'
> & { tally: { criteria: OutcomeRow[] } };

/** Oldest first, over all terms. */
export const listGrowthOfStudent = (scope: SchoolScope, studentId: string): Promise<GrowthResult[]> =>
  results.in(scope).find(
    { studentId },
    {
      sort: { 'slot.startsAt': 1, id: 1 },
      fields: [
        'studentId',
        'exhibitionId',
        'termId',
        'rubric',
        'slot',
        'attainment',
        'decisions',
        'tally.criteria.criterionId',
        'tally.criteria.decision.levelId',
      ],
    },
  );

/** What tells which attempt at what this was. */
export type AttemptKey = Pick<Result, 'id' | 'studentId' | 'exhibitionId'> & {
  slot: Pick<Attempt['slot'], 'attempt' | 'attemptOf'>;
};
const attemptKey = ['studentId', 'exhibitionId', 'slot.attempt', 'slot.attemptOf'] as const;
/** Looked at, the longest waiting first. */
const MAX_NOT_YET = 300;

/** Results of these terms that say "not yet", the longest waiting first; of some students when given. */
export const listNotYet = (
  scope: SchoolScope,
  termIds: readonly string[],
  studentIds: readonly string[] | null,
): Promise<AttemptKey[]> =>
  results.in(scope).find(
    {
      'attainment.outcome': 'not-yet',
      termId: { $in: termIds },
      ...(studentIds ? { studentId: { $in: studentIds } } : {}),
    },
    { sort: { publishedAt: 1 }, limit: MAX_NOT_YET, fields: attemptKey },
  );
/** Attempts of these students that met the bar. */
export const listMet = (scope: SchoolScope, studentIds: readonly string[]): Promise<AttemptKey[]> =>
  results
    .in(scope)
    .find({ studentId: { $in: studentIds }, 'attainment.outcome': 'met' }, { fields: attemptKey });
/** What a line about a result says of it, by its id. */
export const listResultLines = (
  scope: SchoolScope,
  ids: readonly string[],
): Promise<Pick<Result, 'id' | 'slot' | 'attainment'>[]> =>
  results.in(scope).find({ id: { $in: ids } }, { fields: ['slot', 'attainment'] });

/** Which of these slots are published. */
export async function listPublishedSlotIds(
  scope: SchoolScope,
  slotIds: readonly string[],
): Promise<Set<string>> {
  const found = await results.in(scope).find({ id: { $in: slotIds } }, { fields: ['id'] });
  return new Set(found.map((result) => result.id));
}

/** Which presentations of these students are published. */
export async function listPublishedSlotIdsOfStudents(
  scope: SchoolScope,
  studentIds: readonly string[],
): Promise<Set<string>> {
  const found = await results.in(scope).find({ studentId: { $in: studentIds } }, { fields: ['id'] });
  return new Set(found.map((result) => result.id));
}
/** The students of whom a result of the term is published. */
export async function listStudentsWithResult(
  scope: SchoolScope,
  termId: string,
  studentIds: readonly string[],
): Promise<Set<string>> {
  const found = await results
    .in(scope)
    .find({ termId, studentId: { $in: studentIds } }, { fields: ['studentId'] });
  return new Set(found.map((result) => result.studentId));
}
/** The same for the whole school. */
export const listAllStudentsWithResult = (scope: SchoolScope, termId: string): Promise<Set<string>> =>
  results.in(scope).distinct('studentId', { termId });

/** The new version takes the place of the one before, which is kept by `saveEarlierResult`. */
export const saveCorrectedResult = (scope: SchoolScope, result: Result) =>
  results.in(scope).overwrite([result]);

/** What a list says of a correction. */
export type CorrectedLine = Pick<Result, 'id' | 'studentId' | 'termId'> & {
  correction: Pick<NonNullable<Result['correction']>, 'at' | 'version'>;
};
/** Results of these students that were corrected. @param since left out: ever */
export const listCorrected = (
  scope: SchoolScope,
  studentIds: readonly string[],
  since: Date = new Date(0),
): Promise<CorrectedLine[]> =>
  results
    .in(scope)
    .find(
      { studentId: { $in: studentIds }, 'correction.at': { $gte: since } },
      { fields: ['studentId', 'termId', 'correction.at', 'correction.version'] },
    ) as unknown as Promise<CorrectedLine[]>;
/** Published results of these students: from the index alone. */
export const listPublishedLines = (
  scope: SchoolScope,
  studentIds: readonly string[],
): Promise<Pick<Result, 'id' | 'studentId' | 'termId' | 'publishedAt'>[]> =>
  results
    .in(scope)
    .find({ studentId: { $in: studentIds } }, { fields: ['studentId', 'termId', 'publishedAt'] });
/** In which version each published result of these students is, in the order of their ids. */
export const listResultVersions = (
  scope: SchoolScope,
  studentIds: readonly string[],
): Promise<Pick<Result, 'id' | 'studentId' | 'correction' | 'unnamedHash'>[]> =>
  results
    .in(scope)
    .find(
      { studentId: { $in: studentIds } },
      { sort: { id: 1 }, fields: ['studentId', 'correction.version', 'unnamedHash'] },
    );
/** The same with what a notice says of each. */
export const listCorrectedLines = (scope: SchoolScope, ids: readonly string[]) =>
  results
    .in(scope)
    .find({ id: { $in: ids } }, { sort: { id: 1 }, fields: ['studentId', 'slot', 'correction'] }) as Promise<
    Pick<Result, 'id' | 'studentId' | 'slot' | 'correction'>[]
  >;

/** What a list of a whole day says of a result. */
export type ResultLine = Pick<Result, 'id' | 'publishedAt'> & {
  attainment?: Pick<NonNullable<Result['attainment']>, 'outcome'>;
  correction?: Pick<NonNullable<Result['correction']>, 'version'>;
};
/** From the index alone: of three thousand results none is read for it. */
export const listResultLinesOfExhibition = (
  scope: SchoolScope,
  exhibitionId: string,
): Promise<ResultLine[]> =>
  results
    .in(scope)
    .find({ exhibitionId }, { fields: ['publishedAt', 'attainment.outcome', 'correction.version'] });

export const saveResult = (scope: SchoolScope, result: Result) => results.in(scope).insert(result);
/** Many at once, for loaders. */
export const saveResults = (scope: SchoolScope, list: Result[]) => results.in(scope).insertMany(list);

/** Which of these are there, and in which version. */
export const listResultNames = (
  scope: SchoolScope,
  ids: readonly string[],
): Promise<Pick<Result, 'id' | 'correction' | 'unnamedHash'>[]> =>
  results.in(scope).find({ id: { $in: ids } }, { fields: ['correction', 'unnamedHash'] });

const unnamed = { unnamedHash: { $exists: true } };
/** Those from which the name of an erased person was taken out, in the order of their ids. */
export const listUnnamedResultsAfter = (scope: SchoolScope, after: string, limit: number) =>
  results.in(scope).find({ id: { $gt: after }, ...unnamed }, { sort: { id: 1 }, limit });
export const removeResultsOf = tracesIn(results, ({ id, keepIssued }) =>
  keepIssued ? null : { studentId: id },
);
export const countKeptResults = tracesIn(results, ({ id, keepIssued }) =>
  keepIssued ? { studentId: id } : null,
);
/**
 * In which they have a voice, decided something, or made a link for somebody who signed. Read one after the
 * other: no index has names.
 */
export const saveResultsUnnamed = tracesIn(results, (person) => namesIn(person));

/** Filter for results in which a person is named. */
export const namesIn = ({ ids, mark, madeLinks }: ErasedPerson): AnyFilter => ({
  $or: [
    { sheets: { $elemMatch: { panelistId: { $in: ids }, panelistName: { $ne: mark } } } },
    { decisions: { $elemMatch: { decidedBy: { $in: ids }, decidedByName: { $ne: mark } } } },
    { visits: { $elemMatch: { personId: { $in: ids } } } },
    { 'attainment.by': { $in: ids }, 'attainment.byName': { $ne: mark } },
    { 'correction.by': { $in: ids }, 'correction.byName': { $ne: mark } },
    ...(madeLinks ? linkFields(ids, mark) : []),
  ],
});

const linkFields = (ids: readonly string[], mark: string) => [
  {
    'correction.passwordLink.createdById': { $in: ids },
    'correction.passwordLink.createdByName': { $ne: mark },
  },
  { 'passwordLink.createdById': { $in: ids }, 'passwordLink.createdByName': { $ne: mark } },
  ...['sheets', 'decisions', 'revisions'].map((list) => ({
    [list]: {
      $elemMatch: { 'passwordLink.createdById': { $in: ids }, 'passwordLink.createdByName': { $ne: mark } },
    },
  })),
];
