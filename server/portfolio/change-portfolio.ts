/** Creates a portfolio, and changes it as a whole: what arrives replaces what was there, if nobody else was faster. */
import type { Actor } from '../access/actor.js';
import { listArtifactsByIds } from '../artifacts/artifact-records.js';
import { hashOf } from '../canonical.js';
import type { Clock } from '../clock.js';
import { inTransaction, type SchoolScope } from '../db/database.js';
import { Conflict, InvalidInput, type FieldProblem } from '../errors.js';
import { newId } from '../ids.js';
import { holdTerm } from '../school/hold-term.js';
import { MAX_ENTRIES, type PortfolioEntry, type PinnedRubricRef, type Portfolio } from './portfolio.js';
import { savePortfolio, savePortfolioChange } from './portfolio-records.js';

/** The part of the rubric library that portfolios use; rubrics come later in the order of features. */
interface RubricShelf {
  bySlug(slug: string): { hash: string; rubric: ShelvedRubric };
  byHash(hash: string): Promise<ShelvedRubric>;
  list(): readonly ShelvedRubric[];
}

export interface ShelvedRubric {
  slug: string;
  title: string;
  criteria: readonly { id: string; name: string }[];
}

export interface ChangePortfolioNeeds {
  clock: Clock;
  rubrics: RubricShelf;
}

export interface NewPortfolio {
  studentId: string;
  termId: string;
  title: string;
  statement: string;
  /** Slug of a rubric, or null. */
  rubric: string | null;
}

export interface PortfolioChange {
  title: string;
  statement: string;
  rubric: string | null;
  entries: (Omit<PortfolioEntry, 'id'> & { id: string | null })[];
  revision: number;
}

/** @throws InvalidInput for a term or rubric that does not exist */
export async function createPortfolio(
  needs: ChangePortfolioNeeds,
  scope: SchoolScope,
  input: NewPortfolio,
): Promise<Portfolio> {
  const rubric = pinRubric(needs.rubrics, input.rubric, null);
  const now = needs.clock.now();
  return inTransaction(scope, async (inside) => {
    if (!(await holdTerm(inside, input.termId, input.studentId)))
      throw new InvalidInput([{ field: 'termId', message: 'portfolio.problem.term-unknown' }]);
    return savePortfolio(inside, {
      id: newId(),
      schoolId: scope.schoolId,
      ...input,
      rubric,
      entries: [],
      state: 'draft',
      revision: 1,
      latestSnapshot: 0,
      createdAt: now,
      changedAt: now,
    });
  });
}

/**
 * @throws Conflict when the portfolio was changed since `change.revision`; nothing is written then
 * @throws InvalidInput naming entries whose work is not this student's or whose criteria the rubric does not have
 */
export async function changePortfolio(
  needs: ChangePortfolioNeeds,
  scope: SchoolScope,
  _actor: Actor,
  portfolio: Portfolio,
  change: PortfolioChange,
): Promise<Portfolio> {
  const rubric = pinRubric(needs.rubrics, change.rubric, portfolio.rubric);
  const entries = change.entries.map((entry) =>
    withPins(portfolio, { ...entry, id: knownId(portfolio, entry.id) }),
  );
  await checkEntries(needs, scope, portfolio, entries, rubric);
  const wanted = { title: change.title, statement: change.statement, rubric, entries };
  // Saving what is there already is no change: a submitted portfolio stays submitted.
  if (change.revision === portfolio.revision && hashOf(wanted) === hashOf(wordsOf(portfolio)))
    return portfolio;
  const after = await savePortfolioChange(scope, portfolio.id, change.revision, {
    ...wanted,
    state: 'draft',
    changedAt: needs.clock.now(),
  });
  if (!after) throw new Conflict('portfolio.problem.stale', {}, 'stale-revision');
  return after;
}

const wordsOf = ({ title, statement, rubric, entries }: Portfolio) => ({ title, statement, rubric, entries });

/** The version that is pinned already stays when the same rubric is named again. */
function pinRubric(
  shelf: RubricShelf,
  slug: string | null,
  before: PinnedRubricRef | null,
): PinnedRubricRef | null {
  if (!slug) return null;
  if (before?.slug === slug) return before;
  if (!shelf.list().some((rubric) => rubric.slug === slug)) {
    throw new InvalidInput([{ field: 'rubric', message: 'portfolio.problem.rubric-unknown' }]);
  }
  return { slug, hash: shelf.bySlug(slug).hash };
}

/** Entries keep their id for as long as they live; an id of elsewhere is not taken over. */
const knownId = (portfolio: Portfolio, id: string | null): string =>
  portfolio.entries.some((entry) => entry.id === id) && id !== null ? id : newId();

/** Pins are set one by one: an entry that comes without them keeps its own for as long as it shows the same work. */
function withPins(portfolio: Portfolio, { pins: given, ...entry }: PortfolioEntry): PortfolioEntry {
  const before = portfolio.entries.find(({ id }) => id === entry.id);
  const kept = before?.artifactId === entry.artifactId ? before.pins : undefined;
  const pins = given ?? kept ?? [];
  return pins.length > 0 ? { ...entry, pins } : entry;
}

async function checkEntries(
  needs: ChangePortfolioNeeds,
  scope: SchoolScope,
  portfolio: Portfolio,
  entries: PortfolioEntry[],
  rubric: PinnedRubricRef | null,
): Promise<void> {
  const known = await listArtifactsByIds(
    scope,
    entries.map(({ artifactId }) => artifactId),
  );
  const own = new Set(known.filter(({ studentId }) => studentId === portfolio.studentId).map(({ id }) => id));
  const criteria = new Set(
    rubric ? (await needs.rubrics.byHash(rubric.hash)).criteria.map(({ id }) => id) : [],
  );
  const changedRubric = rubric?.hash !== portfolio.rubric?.hash;
  const seen = new Set<string>();
  const problems: FieldProblem[] = [];
  if (entries.length > MAX_ENTRIES) {
    const params = { maximum: MAX_ENTRIES };
    problems.push({ field: 'entries', message: 'portfolio.problem.works-too-many', params });
  }
  entries.forEach((entry, at) => {
    if (!own.has(entry.artifactId)) {
      problems.push({ field: `entries.${at}.artifactId`, message: 'portfolio.problem.artifact-unknown' });
    }
    if (seen.has(entry.artifactId)) {
      problems.push({ field: `entries.${at}.artifactId`, message: 'portfolio.problem.artifact-twice' });
    }
    seen.add(entry.artifactId);
    // Ticks of the rubric that was chosen before fall away with it.
    if (changedRubric) {
      entry.criterionIds = entry.criterionIds.filter((id) => criteria.has(id));
      if (entry.pins) entry.pins = entry.pins.filter(({ criterionId }) => criteria.has(criterionId));
    }
    if (entry.criterionIds.some((id) => !criteria.has(id))) {
      problems.push({ field: `entries.${at}.criterionIds`, message: 'portfolio.problem.criterion-unknown' });
    }
  });
  if (problems.length > 0) throw new InvalidInput(problems);
}
