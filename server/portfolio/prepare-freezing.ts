/**
 * What submitting a portfolio would freeze: the words, the newest version of each work, and the earlier ones
 * to which pins stay tied.
 */
import type { ArtifactVersion } from '../artifacts/artifact.js';
import { listArtifactsByIds, listLatestVersions } from '../artifacts/artifact-records.js';
import { labelAuthorOf, othersAmong, type AuthorNames } from '../artifacts/work-authors.js';
import type { Pin } from '../artifacts/pin.js';
import type { SchoolScope } from '../db/database.js';
import type { ChangePortfolioNeeds } from './change-portfolio.js';
import { findOlderVersions, keptByVersion, sortPins, type EarlierPin } from './earlier-pins.js';
import type { FrozenEntry, FrozenVersion, Portfolio, SnapshotContent } from './portfolio.js';

/** With what somebody has to know or decide before. */
export interface Freezing {
  content: SnapshotContent;
  /** By id of the entry: its pins on earlier versions. */
  earlier: ReadonlyMap<string, EarlierPin[]>;
  /** Entries whose work is gone: they are left out. */
  leftOut: { entryId: string; title: string | null }[];
}

const frozenVersion = (
  { id, number, kind, sha256, file, url, text, createdBy }: ArtifactVersion,
  pins: Pin[],
  authors: AuthorNames,
): FrozenVersion => ({
  artifactVersionId: id,
  versionNumber: number,
  ...{ kind, sha256, url, text },
  file: file
    ? {
        ...{ name: file.name, type: file.type, bytes: file.bytes },
        ...(file.damaged ? { damaged: true } : {}),
      }
    : null,
  ...(authors.has(createdBy) ? { by: createdBy } : {}),
  ...(pins.length > 0 ? { pins } : {}),
});

export async function prepareFreezing(
  needs: Pick<ChangePortfolioNeeds, 'rubrics'>,
  scope: SchoolScope,
  portfolio: Portfolio,
): Promise<Freezing> {
  const ids = portfolio.entries.map(({ artifactId }) => artifactId);
  const artifacts = await listArtifactsByIds(scope, ids);
  const latest = await listLatestVersions(scope, artifacts);
  const older = await findOlderVersions(scope, portfolio.entries, latest);
  const known = new Map(artifacts.map((artifact) => [artifact.id, artifact]));
  const authors = await othersAmong(scope, portfolio.studentId, [
    ...artifacts.map(labelAuthorOf),
    ...[...latest.values(), ...older.values()].map(({ createdBy }) => createdBy),
  ]);
  const rubric = portfolio.rubric ? await needs.rubrics.byHash(portfolio.rubric.hash) : null;
  const earlier = new Map<string, EarlierPin[]>();
  const leftOut: Freezing['leftOut'] = [];
  const entries = portfolio.entries.flatMap((entry): FrozenEntry[] => {
    const artifact = known.get(entry.artifactId);
    const version = latest.get(entry.artifactId);
    if (!artifact || !version || version.takenDown) {
      leftOut.push({ entryId: entry.id, title: artifact?.title ?? null });
      return [];
    }
    const sorted = sortPins(entry, artifact, version, older);
    if (sorted.earlier.length > 0) earlier.set(entry.id, sorted.earlier);
    const kept = keptByVersion(sorted.earlier).map((each) => frozenVersion(each.version, each.pins, authors));
    const { title, caption, altText, medium } = artifact;
    return [
      {
        artifactId: artifact.id,
        ...frozenVersion(version, sorted.here, authors),
        ...{ title, caption, altText, medium },
        ...(authors.has(labelAuthorOf(artifact)) ? { labelBy: labelAuthorOf(artifact) } : {}),
        reflection: entry.reflection,
        criterionIds: [...entry.criterionIds],
        ...(kept.length > 0 ? { earlier: kept } : {}),
      },
    ];
  });
  const { title, statement } = portfolio;
  const criteria = (rubric?.criteria ?? []).map(({ id, name }) => ({ id, name }));
  return { content: { title, statement, rubric: portfolio.rubric, criteria, entries }, earlier, leftOut };
}
