/** Submits a portfolio: freezes the words and pins the newest version of each work, by hash, as the next snapshot. */
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import { hashOf } from '../canonical.js';
import type { SchoolScope } from '../db/database.js';
import { Conflict, InvalidInput } from '../errors.js';
import { newId } from '../ids.js';
import { prepareFreezing, type Freezing } from './prepare-freezing.js';
import { findUnprintable, lettersText } from '../rendering/printable-letters.js';
import { withLocks, worksLock } from '../db/record-locks.js';
import type { ChangePortfolioNeeds } from './change-portfolio.js';
import type { Portfolio, PortfolioSnapshot, SnapshotContent } from './portfolio.js';
import { differs } from './portfolio-changes.js';
import { findNewestSnapshot, savePortfolioChange, saveSnapshot } from './portfolio-records.js';

/** Whom a new snapshot concerns: the student's panels. Runs in the transaction of the submission. */
export interface SubmitPorts {
  /** `isKept`: a panel has begun and keeps the version it has. */
  snapshotSubmitted(
    scope: SchoolScope,
    clock: ChangePortfolioNeeds['clock'],
    snapshot: PortfolioSnapshot,
  ): Promise<{ isKept: boolean }>;
}

/** @throws InvalidInput naming the works with pins of which nobody has said what becomes of them */
function checkPins(content: SnapshotContent, portfolio: Portfolio, earlier: Freezing['earlier']): void {
  const open = portfolio.entries.flatMap((entry) => {
    const count = (earlier.get(entry.id) ?? []).filter(({ state }) => state === 'undecided').length;
    const title = content.entries.find(({ artifactId }) => artifactId === entry.artifactId)?.title ?? '';
    return count > 0 ? [{ title, count }] : [];
  });
  if (open.length === 0) return;
  const count = open.reduce((sum, each) => sum + each.count, 0);
  const titles = open.map(({ title }) => title);
  throw new InvalidInput([
    { field: 'pins', message: 'portfolio.problem.pins-undecided', params: { count, titles } },
  ]);
}

/**
 * Title and statement are printed on the transcript as they are frozen, so what cannot be printed is said
 * while it can be changed.
 */
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
 * @param reviewed hash of what was reviewed: a work may have changed since without the portfolio. Null:
 *   whatever it is now
 * @throws Conflict when it was changed since, or when neither it nor a work in it has changed since the last snapshot
 * @throws InvalidInput when it shows no work, says something that cannot be printed, or has pins that nobody
 *   has decided about
 */
export async function submitPortfolio(
  needs: ChangePortfolioNeeds & Partial<SubmitPorts>,
  scope: SchoolScope,
  actor: Actor,
  portfolio: Portfolio,
  revision: number,
  reviewed: string | null = null,
): Promise<PortfolioSnapshot> {
  await checkLetters(portfolio);
  // A work that is shown from now on can no longer be withdrawn.
  return withLocks(scope, [worksLock(portfolio.studentId)], async (inside) => {
    const number = portfolio.latestSnapshot + 1;
    const now = needs.clock.now();
    // A tool that works for the whole school is nobody's advisor.
    const forStudent = actor.via !== 'script' && actor.personId !== portfolio.studentId;
    const after = await savePortfolioChange(inside, portfolio.id, revision, {
      state: 'submitted',
      latestSnapshot: number,
      changedAt: now,
      unseenSubmission: forStudent ? { number, by: actor.personId, at: now } : null,
    });
    if (!after) throw new Conflict('portfolio.problem.stale', {}, 'stale-revision');
    const { content: shown, earlier } = await prepareFreezing(needs, inside, after);
    const content: SnapshotContent = forStudent ? { ...shown, submittedAs: 'advisor' } : shown;
    if (reviewed !== null && reviewed !== hashOf(shown))
      throw new Conflict('portfolio.problem.changed-since-review', {}, 'stale-review');
    checkPins(content, after, earlier);
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
      ...(forStudent ? { forStudent } : {}),
    });
    return snapshot;
  });
}
