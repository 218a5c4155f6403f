/** Portfolios that came after their panel had begun: the chair and the office decide whether the panel sees them. */
import { isScoring, type Exhibition } from '../exhibitions/exhibition.js';
import { presentationIdOf } from '../exhibitions/groups/group.js';
import type { Slot } from '../exhibitions/slots/slot.js';
import { listSlotsOfStudentsAt } from '../exhibitions/slots/slot-records.js';
import { listPeopleByIds } from '../people/people-records.js';
import { byId } from '../people/people-view.js';
import { listSubmissionsSince } from '../portfolio/portfolio-records.js';
import { listPublishedSlotIds } from '../results/result-records.js';
import type { SchoolHomeNeeds, Task } from './home.js';

/** Named one by one. */
const MAX_NAMED = 12;

/**
 * @param slotIds panels that the reader chairs; null: all of them
 * @returns one task for each student with such a version on which nobody has decided
 */
export async function latePortfolioTasks(
  { scope, t }: SchoolHomeNeeds,
  exhibitions: readonly Exhibition[],
  slotIds: ReadonlySet<string> | null,
): Promise<Task[]> {
  const found = await Promise.all(
    exhibitions.filter(isScoring).map((exhibition) => lateOf(scope, exhibition, slotIds)),
  );
  const late = found.flat();
  if (late.length === 0) return [];
  const [published, people] = await Promise.all([
    listPublishedSlotIds(
      scope,
      late.map(({ slot }) => slot.id),
    ),
    listPeopleByIds(
      scope,
      late.map(({ slot }) => slot.studentId),
    ).then(byId),
  ]);
  return late
    .filter(({ slot }) => !published.has(slot.id) && !people.get(slot.studentId)?.sealedAt)
    .slice(0, MAX_NAMED)
    .map(({ slot, exhibition }): Task => ({
      kind: 'portfolio',
      title: t('home.late-portfolio.title', { student: people.get(slot.studentId)?.displayName ?? '' }),
      line: t('home.late-portfolio.line', { exhibition: exhibition.title }),
      href: `/slots/${presentationIdOf(slot)}`,
      action: t('home.late-portfolio.action'),
      at: null,
    }));
}

async function lateOf(
  scope: SchoolHomeNeeds['scope'],
  exhibition: Exhibition,
  slotIds: ReadonlySet<string> | null,
): Promise<{ slot: Slot; exhibition: Exhibition }[]> {
  // Before that hardly anybody has begun; the page of the presentation offers those as well.
  const submitted = await listSubmissionsSince(scope, exhibition.termId, exhibition.startsAt);
  if (submitted.length === 0) return [];
  const newest = new Map(submitted.map(({ studentId, id }) => [studentId, id]));
  return (await listSlotsOfStudentsAt(scope, exhibition.id, [...newest.keys()])).flatMap((slot) => {
    if (slot.absent) return [];
    const offered = newest.get(slot.studentId);
    const isDecided = slot.portfolioChoices?.some(({ snapshotId }) => snapshotId === offered);
    const isMine = slotIds?.has(presentationIdOf(slot)) ?? true;
    return offered && offered !== slot.snapshotId && !isDecided && isMine ? [{ slot, exhibition }] : [];
  });
}
