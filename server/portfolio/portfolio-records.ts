/** Portfolios and their snapshots. Personal data: what minors write about themselves and their work. */
import { schoolCollection, type SchoolScope } from '../db/database.js';
import type { Portfolio, PortfolioSnapshot } from './portfolio.js';
import type { Suggestion } from './suggestion.js';
import { tracesIn } from '../person-traces.js';

const portfolios = schoolCollection<Portfolio>(
  'portfolios',
  {
    studentId: { type: String, required: true, immutable: true },
    termId: { type: String, required: true },
    title: { type: String, required: true },
    statement: { type: String, default: '' },
    entries: {
      type: [
        {
          _id: false,
          id: { type: String, required: true },
          artifactId: { type: String, required: true },
          reflection: { type: String, default: '' },
          criterionIds: { type: [String], required: true },
          pins: { type: [Object], default: undefined },
        },
      ],
      required: true,
    },
    rubric: { type: Object, default: null },
    state: { type: String, required: true },
    revision: { type: Number, required: true },
    latestSnapshot: { type: Number, required: true },
    createdAt: { type: Date, required: true, immutable: true },
    changedAt: { type: Date, required: true },
    suggestions: { type: [Object], default: undefined },
    unseenSubmission: { type: Object, default: undefined },
  },
  {
    indexes: [
      { keys: { schoolId: 1, studentId: 1, createdAt: -1 } },
      { keys: { schoolId: 1, termId: 1, studentId: 1 } },
    ],
  },
);
export const portfoliosDeclaration = portfolios.declaration;

const snapshots = schoolCollection<PortfolioSnapshot>(
  'portfoliosnapshots',
  {
    portfolioId: { type: String, required: true, immutable: true },
    studentId: { type: String, required: true, immutable: true },
    termId: { type: String, required: true, immutable: true },
    number: { type: Number, required: true, immutable: true },
    hash: { type: String, required: true, immutable: true },
    content: { type: Object, required: true, immutable: true },
    submittedAt: { type: Date, required: true, immutable: true },
    submittedBy: { type: String, required: true, immutable: true },
    takenDownHash: { type: String, immutable: true },
  },
  {
    indexes: [
      // In this order check-records walks over all of them.
      { keys: { schoolId: 1, _id: 1 } },
      // The few of which a work was taken down, in the same order.
      {
        keys: { schoolId: 1, _id: 1, takenDownHash: 1 },
        partialFilterExpression: { takenDownHash: { $exists: true } },
      },
      { keys: { schoolId: 1, portfolioId: 1, number: 1 }, unique: true },
      { keys: { schoolId: 1, studentId: 1, submittedAt: -1 } },
      { keys: { schoolId: 1, termId: 1, studentId: 1, _id: 1 } },
      { keys: { schoolId: 1, termId: 1, submittedAt: 1 } },
      { keys: { schoolId: 1, 'content.entries.artifactId': 1 } },
    ],
  },
);
export const portfolioSnapshotsDeclaration = snapshots.declaration;

export const getPortfolio = (scope: SchoolScope, id: string) => portfolios.in(scope).get(id);
/** Newest first. */
export const listPortfolios = (scope: SchoolScope, studentId: string, page: number, perPage: number) =>
  portfolios.in(scope).page({ studentId }, { sort: { createdAt: -1 }, page, perPage });

/** Newest first: what a list says of a portfolio. */
export const listPortfolioLines = (scope: SchoolScope, studentId: string, limit: number) =>
  portfolios
    .in(scope)
    .find(
      { studentId },
      { sort: { createdAt: -1, id: 1 }, limit, fields: ['title', 'termId', 'state'] },
    ) as Promise<Pick<Portfolio, 'id' | 'title' | 'termId' | 'state'>[]>;

export const findSnapshot = (scope: SchoolScope, id: string) => snapshots.in(scope).findOne({ id });
export const findSnapshotByNumber = (scope: SchoolScope, portfolioId: string, number: number) =>
  snapshots.in(scope).findOne({ portfolioId, number });
/** Null before the first. */
export const findNewestSnapshot = (
  scope: SchoolScope,
  { id, latestSnapshot }: Pick<Portfolio, 'id' | 'latestSnapshot'>,
): Promise<PortfolioSnapshot | null> =>
  latestSnapshot > 0 ? findSnapshotByNumber(scope, id, latestSnapshot) : Promise.resolve(null);
export const listSnapshotsByIds = (scope: SchoolScope, ids: readonly string[]) =>
  snapshots.in(scope).find({ id: { $in: ids } });
/** By what a snapshot is found and known again, without what was submitted. */
export type SnapshotKey = Pick<PortfolioSnapshot, 'id' | 'portfolioId' | 'number' | 'hash' | 'submittedAt'>;
/** Newest first. */
export const listSnapshotKeys = (scope: SchoolScope, portfolioId: string): Promise<SnapshotKey[]> =>
  snapshots
    .in(scope)
    .find(
      { portfolioId },
      { sort: { number: -1 }, fields: ['portfolioId', 'number', 'hash', 'submittedAt'] },
    );
/** Newest first. */
export const listSnapshotsOfStudent = (scope: SchoolScope, studentId: string) =>
  snapshots.in(scope).find({ studentId }, { sort: { submittedAt: -1 } });
/** In the order of their ids, those after `after`: for whoever walks over all of them. */
export const listSnapshotsAfter = (scope: SchoolScope, after: string, limit: number) =>
  snapshots.in(scope).find({ id: { $gt: after } }, { sort: { id: 1 }, limit });
/** All that show this work. */
export const listSnapshotsShowing = (scope: SchoolScope, artifactId: string) =>
  snapshots.in(scope).find({ 'content.entries.artifactId': artifactId });

/** What a list says of something submitted. */
export type SubmittedLine = Pick<
  PortfolioSnapshot,
  'id' | 'portfolioId' | 'studentId' | 'number' | 'submittedAt' | 'submittedBy'
> & { content: Pick<PortfolioSnapshot['content'], 'title'> };

/** The newest snapshot of each of these students in that term; who has submitted nothing is missing. */
export async function listNewestSnapshots(
  scope: SchoolScope,
  studentIds: readonly string[],
  termId: string,
): Promise<PortfolioSnapshot[]> {
  const found = await snapshots
    .in(scope)
    .find({ studentId: { $in: studentIds }, termId }, { sort: { submittedAt: -1 } });
  const seen = new Set<string>();
  return found.filter(({ studentId }) => !seen.has(studentId) && seen.add(studentId));
}

/** All that these students have submitted in a term, without what is in it, newest first. */
export const listSubmitted = (
  scope: SchoolScope,
  studentIds: readonly string[],
  termId: string,
): Promise<SubmittedLine[]> =>
  snapshots.in(scope).find(
    { studentId: { $in: studentIds }, termId },
    {
      sort: { submittedAt: -1 },
      fields: ['portfolioId', 'studentId', 'number', 'submittedAt', 'submittedBy', 'content.title'],
    },
  );

/** What a submission says of what the student set out to do. */
export type SubmittedWords = Pick<PortfolioSnapshot, 'id' | 'studentId' | 'termId' | 'submittedAt'> & {
  content: Pick<PortfolioSnapshot['content'], 'title' | 'statement'>;
};
/** Submitted by these students since then, newest first. */
export const listSubmittedWords = (
  scope: SchoolScope,
  studentIds: readonly string[],
  since: Date,
): Promise<SubmittedWords[]> =>
  snapshots.in(scope).find(
    { studentId: { $in: studentIds }, submittedAt: { $gte: since } },
    {
      sort: { submittedAt: -1 },
      fields: ['studentId', 'termId', 'submittedAt', 'content.title', 'content.statement'],
    },
  );

/** What was submitted in a term since then, without what is in it, oldest first. */
export const listSubmissionsSince = (
  scope: SchoolScope,
  termId: string,
  since: Date,
): Promise<Pick<PortfolioSnapshot, 'id' | 'studentId' | 'submittedAt'>[]> =>
  snapshots
    .in(scope)
    .find(
      { termId, submittedAt: { $gte: since } },
      { sort: { submittedAt: 1 }, fields: ['studentId', 'submittedAt'] },
    );

/** Of these students those who have submitted something in the term. */
export async function listStudentsWithSnapshot(
  scope: SchoolScope,
  termId: string,
  studentIds: readonly string[],
): Promise<Set<string>> {
  const found = await snapshots
    .in(scope)
    .find({ termId, studentId: { $in: studentIds } }, { fields: ['studentId'] });
  return new Set(found.map((snapshot) => snapshot.studentId));
}
/** The same for the whole school. */
export const countPortfoliosOfTerm = (scope: SchoolScope, termId: string): Promise<number> =>
  portfolios.in(scope).count({ termId });
export const listAllStudentsWithSnapshot = (scope: SchoolScope, termId: string): Promise<Set<string>> =>
  snapshots.in(scope).distinct('studentId', { termId });
/** Newest first: what a list says of a snapshot. */
export const listSnapshotLines = (scope: SchoolScope, studentId: string) =>
  snapshots
    .in(scope)
    .find(
      { studentId },
      { sort: { submittedAt: -1 }, fields: ['portfolioId', 'number', 'termId', 'content.title'] },
    ) as Promise<
    (Pick<PortfolioSnapshot, 'id' | 'portfolioId' | 'number' | 'termId'> & {
      content: Pick<PortfolioSnapshot['content'], 'title'>;
    })[]
  >;

export const savePortfolio = (scope: SchoolScope, portfolio: Portfolio) =>
  portfolios.in(scope).insert(portfolio);

/** The portfolio after the change, or null when somebody else has changed it since `revision`. */
export const savePortfolioChange = (
  scope: SchoolScope,
  id: string,
  revision: number,
  change: Partial<Omit<Portfolio, 'id' | 'schoolId' | 'studentId' | 'revision' | 'createdAt'>>,
) => portfolios.in(scope).findOneAndUpdate({ id, revision }, { $set: change, $inc: { revision: 1 } });

/**
 * The portfolio with the suggestion; null when it has `most` already. Whoever is working on the portfolio is
 * not disturbed.
 */
export const saveSuggestion = (scope: SchoolScope, id: string, suggestion: Suggestion, most: number) =>
  portfolios
    .in(scope)
    .findOneAndUpdate(
      { id, [`suggestions.${most - 1}`]: { $exists: false } },
      { $push: { suggestions: suggestion } },
    );
export const saveSuggestionRemoved = (scope: SchoolScope, id: string, suggestionId: string) =>
  portfolios.in(scope).findOneAndUpdate({ id }, { $pull: { suggestions: { id: suggestionId } } });
/** Like `savePortfolioChange`, and the suggestion is gone with it. */
export const saveSuggestionAnswer = (
  scope: SchoolScope,
  id: string,
  revision: number,
  change: Partial<Pick<Portfolio, 'title' | 'statement' | 'entries' | 'state' | 'changedAt'>>,
  suggestionId: string,
) =>
  portfolios
    .in(scope)
    .findOneAndUpdate(
      { id, revision },
      { $set: change, $pull: { suggestions: { id: suggestionId } }, $inc: { revision: 1 } },
    );
export const saveSubmissionSeen = (scope: SchoolScope, id: string) =>
  portfolios.in(scope).findOneAndUpdate({ id }, { $unset: { unseenSubmission: '' } });
/**
 * Portfolios in which something of somebody else waits for the student: a submission, or suggested words. Newest first.
 */
export const listPortfoliosWithNews = (scope: SchoolScope, studentId: string) =>
  portfolios.in(scope).find(
    {
      studentId,
      $or: [{ 'unseenSubmission.number': { $exists: true } }, { 'suggestions.0': { $exists: true } }],
    },
    { sort: { createdAt: -1 }, fields: ['title', 'unseenSubmission', 'suggestions'] },
  ) as Promise<Pick<Portfolio, 'id' | 'title' | 'unseenSubmission' | 'suggestions'>[]>;

export const saveSnapshot = (scope: SchoolScope, snapshot: PortfolioSnapshot) =>
  snapshots.in(scope).insert(snapshot);

/** Numbers of the snapshots that there are of these portfolios. */
export const listSnapshotNumbers = (scope: SchoolScope, portfolioIds: readonly string[]) =>
  snapshots
    .in(scope)
    .find({ portfolioId: { $in: portfolioIds } }, { fields: ['portfolioId', 'number'] }) as Promise<
    Pick<PortfolioSnapshot, 'id' | 'portfolioId' | 'number'>[]
  >;

/** A snapshot never changes; only the content of works that were taken down is taken away, in one transaction. */
export async function saveSnapshotTakenDown(scope: SchoolScope, snapshot: PortfolioSnapshot): Promise<void> {
  await snapshots.in(scope).remove({ id: snapshot.id });
  await snapshots.in(scope).insert(snapshot);
}

const shortened = { takenDownHash: { $exists: true } };
/** Snapshots of which a work was taken down, in the order of their ids. */
export const listShortenedAfter = (scope: SchoolScope, after: string, limit: number) =>
  snapshots.in(scope).find({ id: { $gt: after }, ...shortened }, { sort: { id: 1 }, limit });
/** Of these ids those of snapshots of which a work was taken down. */
export const listShortenedIds = async (scope: SchoolScope, ids: readonly string[]): Promise<string[]> =>
  (await snapshots.in(scope).find({ id: { $in: ids }, ...shortened }, { fields: ['id'] })).map(
    ({ id }) => id,
  );

/** Where what was submitted stays, the portfolio that it was submitted from stays, too. */
export const removePortfoliosOf = tracesIn(portfolios, ({ id, keepIssued }) => ({
  studentId: id,
  ...(keepIssued ? { latestSnapshot: 0 } : {}),
}));
/** What somebody has suggested to others. */
export const saveSuggestionsErased = tracesIn(portfolios, ({ ids }) => ({ 'suggestions.by': { $in: ids } }));
export const removeSnapshotsOf = tracesIn(snapshots, ({ id, keepIssued }) =>
  keepIssued ? null : { studentId: id },
);
export const countKeptSnapshots = tracesIn(snapshots, ({ id, keepIssued }) =>
  keepIssued ? { studentId: id } : null,
);
