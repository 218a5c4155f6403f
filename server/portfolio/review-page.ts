/**
 * The page on which a portfolio is reviewed before it is submitted: all that would be frozen, and what has to
 * be decided before.
 */
import type { Actor } from '../access/actor.js';
import { hashOf } from '../canonical.js';
import { page, type PageAnswer } from '../http/route.js';
import { isOwn, type StudentFacts } from '../people/person.js';
import { findSchool } from '../school/school-records.js';
import { portfolioSubmittersOf } from '../school/school.js';
import { earlierPinViews } from './earlier-pin-view.js';
import { changedWorks, differs } from './portfolio-changes.js';
import { mayAdvisePortfolio, mayEditPortfolio, maySubmitPortfolio } from './portfolio.js';
import { portfolioCrumbs, portfolioFor, type IdCall } from './portfolio-pages.js';
import { findNewestSnapshot } from './portfolio-records.js';
import { authorsIn, contentView } from './portfolio-view.js';
import { prepareFreezing } from './prepare-freezing.js';

const mayLook = (actor: Actor, student: StudentFacts): boolean =>
  mayEditPortfolio(actor, student) || mayAdvisePortfolio(actor, student);

export async function portfolioReviewPage(call: IdCall): Promise<PageAnswer> {
  const { portfolio, student } = await portfolioFor(call, mayLook);
  const school = await findSchool(call.scope, call.scope.schoolId);
  const allowed = maySubmitPortfolio(call.actor, student, portfolioSubmittersOf(school));
  const [{ content, earlier, leftOut }, before] = await Promise.all([
    prepareFreezing(call.context, call.scope, portfolio),
    findNewestSnapshot(call.scope, portfolio),
  ]);
  const hasChanged = portfolio.state === 'draft' || !before || differs(before.content, content);
  const withoutReflection = content.entries.filter((entry) => !entry.reflection).map(({ title }) => title);
  const named = (id: string): string => content.criteria.find((row) => row.id === id)?.name ?? id;
  const earlierPins = portfolio.entries.flatMap((entry) => {
    const frozen = content.entries.find(({ artifactId }) => artifactId === entry.artifactId);
    const pins = earlier.get(entry.id) ?? [];
    if (!frozen || pins.length === 0) return [];
    return [
      {
        ...{ entryId: entry.id, title: frozen.title, newest: frozen.versionNumber },
        pins: earlierPinViews(pins, frozen, named),
      },
    ];
  });
  const undecided = earlierPins
    .flatMap(({ pins }) => pins)
    .filter(({ state }) => state === 'undecided').length;
  return page(
    'portfolio/review',
    {
      id: portfolio.id,
      revision: portfolio.revision,
      reviewed: hashOf(content),
      state: portfolio.state,
      next: portfolio.latestSnapshot + 1,
      content: contentView(content, await authorsIn(call.scope, student.id, content)),
      withoutReflection,
      earlierPins,
      undecided,
      leftOut,
      missingTitles: withoutReflection.join(', '),
      hasChanged,
      changedWorks: before ? changedWorks(before.content, content) : [],
      last: portfolio.latestSnapshot,
      maySubmit: allowed && hasChanged && content.entries.length > 0,
      allowed,
      mayEdit: mayEditPortfolio(call.actor, student),
      forStudent: isOwn(call.actor, student) ? null : student.displayName,
    },
    { title: call.t('portfolio.review.title'), crumbs: portfolioCrumbs(call, student, portfolio) },
  );
}
