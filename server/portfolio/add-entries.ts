/** Adds works to a portfolio, after those that are there: whatever else somebody has changed in it meanwhile stays. */
import { listArtifactsByIds } from '../artifacts/artifact-records.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import { Conflict, InvalidInput } from '../errors.js';
import { newId } from '../ids.js';
import { MAX_ENTRIES, type Portfolio } from './portfolio.js';
import { getPortfolio, savePortfolioChange } from './portfolio-records.js';

/** More changes of one portfolio at the same moment there will not be. */
const ATTEMPTS = 10;

/**
 * Works that it shows already are left where they are.
 * @throws InvalidInput at `add` for a work that is not this student's or was taken down, and when there are too many
 */
export async function addEntries(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  portfolioId: string,
  artifactIds: readonly string[],
): Promise<Portfolio> {
  const wanted = [...new Set(artifactIds)];
  const found = await listArtifactsByIds(scope, wanted);
  const known = new Map(found.map((artifact) => [artifact.id, artifact]));
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const portfolio = await getPortfolio(scope, portfolioId);
    const isOwn = (id: string): boolean => {
      const work = known.get(id);
      return work?.studentId === portfolio.studentId && !work.takenDown;
    };
    if (!wanted.every(isOwn))
      throw new InvalidInput([{ field: 'add', message: 'portfolio.problem.artifact-unknown' }]);
    const there = new Set(portfolio.entries.map(({ artifactId }) => artifactId));
    const added = wanted
      .filter((id) => !there.has(id))
      .map((artifactId) => ({ id: newId(), artifactId, reflection: '', criterionIds: [] }));
    if (added.length === 0) return portfolio;
    const entries = [...portfolio.entries, ...added];
    if (entries.length > MAX_ENTRIES)
      throw new InvalidInput([
        { field: 'add', message: 'portfolio.problem.works-too-many', params: { maximum: MAX_ENTRIES } },
      ]);
    const change = { entries, state: 'draft' as const, changedAt: clock.now() };
    const after = await savePortfolioChange(scope, portfolio.id, portfolio.revision, change);
    if (after) return after;
  }
  throw new Conflict('portfolio.problem.stale', {}, 'stale-revision');
}
