/** Submits a portfolio: freezes the words and pins the newest version of each work, by hash, as the next snapshot. */
import type { Actor } from '../access/actor.js';
import { carryOver, workOfVersion } from '../artifacts/pin.js';
import { listArtifactsByIds, listLatestVersions } from '../artifacts/artifact-records.js';
import { appendAudit } from '../audit/append-audit.js';
import { hashOf } from '../canonical.js';
import type { SchoolScope } from '../database.js';
import { Conflict, InvalidInput } from '../errors.js';
import { newId } from '../ids.js';
import { findUnprintable, lettersText } from '../rendering/printable-letters.js';
import { withLocks, worksLock } from '../record-locks.js';
import type { Needs } from './change-portfolio.js';
import type { FrozenEntry, Portfolio, PortfolioSnapshot, SnapshotContent } from './portfolio.js';
import { differs } from './portfolio-changes.js';
import { findNewestSnapshot, savePortfolioChange, saveSnapshot } from './portfolio-records.js';

/** Whom a new snapshot concerns: the panel of a further attempt. Runs in the transaction of the submission. */
export interface SubmitDoor {
  snapshotSubmitted(scope: SchoolScope, clock: Needs['clock'], snapshot: PortfolioSnapshot): Promise<void>;
}

/** What would be frozen now. Works that are gone are left out, and pins of which nobody knows whether they still fit the version. */
export async function contentNow(
  needs: Pick<Needs, 'rubrics'>,
  scope: SchoolScope,
  portfolio: Portfolio,
): Promise<SnapshotContent> {
  const ids = portfolio.entries.map(({ artifactId }) => artifactId);
  const artifacts = await listArtifactsByIds(scope, ids);
  const latest = await listLatestVersions(scope, artifacts);
  const known = new Map(artifacts.map((artifact) => [artifact.id, artifact]));
  const rubric = portfolio.rubric ? await needs.rubrics.byHash(portfolio.rubric.hash) : null;
  return {
    title: portfolio.title,
    statement: portfolio.statement,
    rubric: portfolio.rubric,
    criteria: (rubric?.criteria ?? []).map(({ id, name }) => ({ id, name })),
    entries: portfolio.entries.flatMap((entry): FrozenEntry[] => {
      const artifact = known.get(entry.artifactId);
      const version = latest.get(entry.artifactId);
      if (!artifact || !version || version.takenDown) return [];
      const pins = (entry.pins ?? []).flatMap(
        (pin) => carryOver(pin, workOfVersion(artifact, version)) ?? [],
      );
      const { title, caption, altText, medium } = artifact;
      const { file, kind, sha256, url, text } = version;
      return [
        {
          artifactId: artifact.id,
          artifactVersionId: version.id,
          versionNumber: version.number,
          ...{ title, caption, altText, medium, kind, sha256, url, text },
          file: file ? { name: file.name, type: file.type, bytes: file.bytes } : null,
          reflection: entry.reflection,
          criterionIds: [...entry.criterionIds],
          ...(pins.length > 0 ? { pins } : {}),
        },
      ];
    }),
  };
}

/** Title and statement are printed on the transcript as they are frozen, so what cannot be printed is said while it can be changed. */
async function checkLetters(portfolio: Portfolio): Promise<void> {
  const fields = (['title', 'statement'] as const).map(async (field) => {
    const letters = lettersText(await findUnprintable(portfolio[field]));
    return letters ? [{ field, message: 'portfolio.problem.letters', params: { letters } }] : [];
  });
  const problems = (await Promise.all(fields)).flat();
  if (problems.length > 0) throw new InvalidInput(problems);
}

/**
 * @param revision of the portfolio that was reviewed
 * @throws Conflict when it was changed since, or when neither it nor a work in it has changed since the last snapshot
 * @throws InvalidInput when it shows no work, or says something that cannot be printed
 */
export async function submitPortfolio(
  needs: Needs & Partial<SubmitDoor>,
  scope: SchoolScope,
  actor: Actor,
  portfolio: Portfolio,
  revision: number,
): Promise<PortfolioSnapshot> {
  await checkLetters(portfolio);
  // A work that is shown from now on can no longer be withdrawn.
  return withLocks(scope, [worksLock(portfolio.studentId)], async (inside) => {
    const number = portfolio.latestSnapshot + 1;
    const now = needs.clock.now();
    const after = await savePortfolioChange(inside, portfolio.id, revision, {
      state: 'submitted',
      latestSnapshot: number,
      changedAt: now,
    });
    if (!after) throw new Conflict('portfolio.problem.stale', {}, 'stale-revision');
    const content = await contentNow(needs, inside, after);
    if (content.entries.length === 0)
      throw new InvalidInput([{ field: 'entries', message: 'portfolio.problem.no-entries' }]);
    // The works change by themselves: a portfolio that nobody has touched since may still have news.
    const before = portfolio.state === 'submitted' ? await findNewestSnapshot(inside, portfolio) : null;
    if (before && !differs(before.content, content))
      throw new Conflict('portfolio.problem.submitted-already');
    const snapshot = await saveSnapshot(inside, {
      id: newId(),
      schoolId: scope.schoolId,
      portfolioId: portfolio.id,
      studentId: portfolio.studentId,
      termId: portfolio.termId,
      number,
      hash: hashOf(content),
      content,
      submittedAt: now,
      submittedBy: actor.personId,
    });
    await needs.snapshotSubmitted?.(inside, needs.clock, snapshot);
    const subject = { kind: 'portfolio', id: portfolio.id };
    await appendAudit(inside, needs.clock, actor, 'portfolio.submit', subject, {
      number,
      hash: snapshot.hash,
    });
    return snapshot;
  });
}
