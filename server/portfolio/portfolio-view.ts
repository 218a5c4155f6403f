/** What pages and programs see of portfolios and their snapshots. */
import { z } from 'zod';
import type { Artifact, ArtifactVersion } from '../artifacts/artifact.js';
import { pinnedWorkOf, workOfVersion } from '../artifacts/pin.js';
import { pinAnswer, pinViews, type PinView } from '../artifacts/show-place.js';
import { othersAmong, type AuthorNames } from '../artifacts/work-authors.js';
import type { SchoolScope } from '../db/database.js';
import { faceOf } from '../artifacts/show-version.js';
import type { ShelvedRubric } from './change-portfolio.js';
import { earlierPinAnswer, earlierPinViews } from './earlier-pin-view.js';
import { sortPins, type EarlierPin, type OlderVersions } from './earlier-pins.js';
import { submissionAnswer } from './submission.js';
import { openSuggestions, suggestedFields } from './suggestion.js';
import { waitingSuggestionsAnswer } from './suggestion-view.js';
import { workChangeKinds } from './portfolio-changes.js';
import {
  isUnchangedSnapshot,
  versionsShown,
  type PortfolioEntry,
  type FrozenEntry,
  type Portfolio,
  type PortfolioSnapshot,
  type SnapshotContent,
} from './portfolio.js';

const rubricAnswer = z.object({ slug: z.string(), hash: z.string() }).nullable();
const entryAnswer = z.object({
  id: z.string(),
  artifactId: z.string(),
  reflection: z.string(),
  criterionIds: z.array(z.string()),
  pins: z.array(
    pinAnswer
      .pick({ id: true, criterionId: true, artifactVersionId: true, place: true, note: true })
      .extend({ keptFor: z.string().optional() }),
  ),
});

export const portfolioAnswer = z.object({
  id: z.string(),
  studentId: z.string(),
  termId: z.string(),
  title: z.string(),
  statement: z.string(),
  rubric: rubricAnswer,
  entries: z.array(entryAnswer),
  state: z.enum(['draft', 'submitted']),
  revision: z.number(),
  latestSnapshot: z.number(),
  suggestions: z
    .array(
      z.looseObject({
        ...{
          id: z.string(),
          field: z.enum(suggestedFields),
          entryId: z.string().nullable(),
          text: z.string(),
        },
        at: z.iso.datetime(),
      }),
    )
    .describe('What the advisor suggests; the words are the student’s until the student accepts.'),
  createdAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
});

const changedWorkAnswer = z.object({
  kind: z.enum(workChangeKinds),
  artifactId: z.string(),
  title: z.string(),
  versionNumber: z.number(),
});
/** Its page, which compares the portfolio with what was submitted last. */
export const portfolioPageAnswer = portfolioAnswer.extend({
  hasChanged: z.boolean().describe('Whether submitting now would freeze anything new.'),
  changedWorks: z
    .array(changedWorkAnswer)
    .describe('Works of a submitted portfolio that have changed since, by themselves.'),
  waitingSuggestions: waitingSuggestionsAnswer,
});

export const snapshotAnswer = z.object({
  id: z.string(),
  portfolioId: z.string(),
  studentId: z.string(),
  termId: z.string(),
  number: z.number(),
  hash: z.string(),
  content: z.object({
    title: z.string(),
    statement: z.string(),
    rubric: rubricAnswer,
    criteria: z.array(z.object({ id: z.string(), name: z.string() })),
    entries: z.array(
      z.looseObject({ artifactId: z.string(), artifactVersionId: z.string(), sha256: z.string() }),
    ),
  }),
  submittedAt: z.iso.datetime(),
  href: z.string(),
  submission: submissionAnswer,
  intact: z.boolean().describe('Whether the content still has the hash that it was submitted with.'),
});

/** The places in one entry's work. */
export const pinnedEntryAnswer = z.object({
  portfolioId: z.string(),
  entryId: z.string(),
  title: z.string().describe('Of the work.'),
  versionNumber: z.number(),
  pins: z.array(pinAnswer.extend({ criterion: z.string() })),
  earlier: z.array(earlierPinAnswer).describe('Set on an earlier version of the work.'),
});

export function portfolioView(portfolio: Portfolio): z.output<typeof portfolioAnswer> {
  const { id, studentId, termId, title, statement, rubric, state, revision, latestSnapshot } = portfolio;
  return {
    ...{ id, studentId, termId, title, statement, rubric, state, revision, latestSnapshot },
    entries: portfolio.entries.map((entry) => ({
      id: entry.id,
      artifactId: entry.artifactId,
      reflection: entry.reflection,
      criterionIds: [...entry.criterionIds],
      pins: [...(entry.pins ?? [])],
    })),
    suggestions: openSuggestions(portfolio).map(({ id: key, field, entryId, text, by, at }) => ({
      ...{ id: key, field, entryId, text, by: { id: by } },
      at: at.toISOString(),
    })),
    createdAt: portfolio.createdAt.toISOString(),
    changedAt: portfolio.changedAt.toISOString(),
  };
}

export interface KnownWorks {
  artifacts: ReadonlyMap<string, Artifact>;
  versions: ReadonlyMap<string, ArtifactVersion>;
}

/** One work with its face; null when it is gone. */
export function workView({ artifacts, versions }: KnownWorks, artifactId: string) {
  const artifact = artifacts.get(artifactId);
  const version = versions.get(artifactId);
  if (!artifact || !version) return null;
  const { id, title, caption, altText, medium } = artifact;
  return { id, title, caption, altText, medium, versionNumber: version.number, ...faceOf(id, version) };
}

const nothingPinned = { pins: [] as PinView[], earlier: [] as EarlierPin[] };

/** Pins on the newest version, and those on earlier ones. */
export function entryPins(
  entry: Pick<PortfolioEntry, 'artifactId' | 'pins'>,
  { artifacts, versions, older }: KnownWorks & { older: OlderVersions },
) {
  const [artifact, version] = [artifacts.get(entry.artifactId), versions.get(entry.artifactId)];
  if (!artifact || !version) return nothingPinned;
  const work = workOfVersion(artifact, version);
  const { earlier } = sortPins(entry, artifact, version, older);
  return { pins: pinViews(entry.pins ?? [], new Map([[work.artifactVersionId, work]])), earlier };
}

function pinnedView(
  entry: PortfolioEntry,
  works: KnownWorks & { older: OlderVersions },
  named: (criterionId: string) => string,
) {
  const { pins, earlier } = entryPins(entry, works);
  const artifact = works.artifacts.get(entry.artifactId);
  return { pins, earlier: artifact ? earlierViewsOf(artifact, earlier, named) : [] };
}

export const earlierViewsOf = (
  { id, title, altText }: Artifact,
  earlier: readonly EarlierPin[],
  named: (criterionId: string) => string,
) => earlierPinViews(earlier, { artifactId: id, title, altText }, named);

/** The entries of the form, each with its place in it. */
export function formEntries(
  draft: Portfolio,
  works: KnownWorks & { older: OlderVersions },
  named: (criterionId: string) => string,
) {
  return draft.entries.map((entry, at) => ({
    id: entry.id,
    artifactId: entry.artifactId,
    reflection: entry.reflection,
    criterionIds: entry.criterionIds,
    at,
    place: at + 1,
    first: at === 0,
    last: at === draft.entries.length - 1,
    work: workView(works, entry.artifactId),
    pinned: pinnedView(entry, works, named),
  }));
}

export const criterionOptions = (rubric: ShelvedRubric | null) =>
  (rubric?.criteria ?? []).map(({ id, name }) => ({ value: id, label: name }));

function frozenEntryView(
  entry: FrozenEntry,
  criteria: SnapshotContent['criteria'],
  at: number,
  authors: AuthorNames,
) {
  const face = faceOf(entry.artifactId, { ...entry, number: entry.versionNumber });
  const shown = versionsShown(entry);
  const works = new Map(shown.map((each) => [each.artifactVersionId, pinnedWorkOf(each)]));
  return {
    ...entry,
    ...face,
    broughtBy: entry.by === undefined ? null : (authors.get(entry.by) ?? null),
    labelledBy: entry.labelBy === undefined ? null : (authors.get(entry.labelBy) ?? null),
    place: at + 1,
    pinned: pinViews(
      shown.flatMap(({ pins = [] }) => pins),
      works,
    ).map((pin) => ({
      ...pin,
      criterion: criteria.find(({ id }) => id === pin.criterionId)?.name ?? '',
      isEarlier: pin.artifactVersionId !== entry.artifactVersionId,
    })),
    workHref: `/artifacts/${entry.artifactId}?version=${entry.versionNumber}`,
    criteria: criteria.filter(({ id }) => entry.criterionIds.includes(id)).map(({ name }) => name),
  };
}

/** Who is named in content as the author of something, where that is not the student. */
export const authorsIn = (scope: SchoolScope, studentId: string, { entries }: SnapshotContent) =>
  othersAmong(
    scope,
    studentId,
    entries.flatMap((entry) => [entry.labelBy, entry.by]),
  );

/** Content that is frozen, or would be now. @param authors of `authorsIn` */
export const contentView = (content: SnapshotContent, authors: AuthorNames) => ({
  title: content.title,
  statement: content.statement,
  rubric: content.rubric,
  criteria: content.criteria,
  entries: content.entries.map((entry, at) => frozenEntryView(entry, content.criteria, at, authors)),
});

export const snapshotLine = (
  snapshot: Pick<PortfolioSnapshot, 'id' | 'portfolioId' | 'number' | 'hash' | 'submittedAt'>,
) => ({
  id: snapshot.id,
  number: snapshot.number,
  hash: snapshot.hash,
  submittedAt: snapshot.submittedAt.toISOString(),
  href: `/portfolios/${snapshot.portfolioId}/snapshots/${snapshot.number}`,
});

export const snapshotView = (snapshot: PortfolioSnapshot, authors: AuthorNames = new Map()) => ({
  ...snapshotLine(snapshot),
  portfolioId: snapshot.portfolioId,
  studentId: snapshot.studentId,
  termId: snapshot.termId,
  content: contentView(snapshot.content, authors),
  /** Whether the content still has the hash that it was submitted with. */
  intact: isUnchangedSnapshot(snapshot),
});
