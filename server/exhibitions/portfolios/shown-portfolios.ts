/**
 * What lies before a panel: the version of each presenter's portfolio that it sees, or will see, for whoever may know.
 */
import { z } from 'zod';
import type { Actor } from '../../access/actor.js';
import type { SchoolScope } from '../../db/database.js';
import { membersOf } from '../groups/group.js';
import { listSlotsByIds } from '../slots/slot-records.js';
import { mayReadSnapshots } from '../../portfolio/portfolio.js';
import { listSnapshotsByIds, listSubmitted, type SubmittedLine } from '../../portfolio/portfolio-records.js';
import { findSubmissions, submissionAnswer } from '../../portfolio/submission.js';
import type { SlotPageFacts } from '../seats/panel-pages.js';

export const shownPortfolioAnswer = z.object({
  studentId: z.string(),
  studentName: z.string(),
  version: z
    .object({
      title: z.string(),
      number: z.number(),
      submittedAt: z.iso.datetime(),
      href: z.string().nullable().describe('Null for who may not read it yet.'),
      submission: submissionAnswer,
    })
    .nullable()
    .describe('Null: nothing was submitted.'),
  settled: z.boolean().describe('False: a version that is submitted before scoring starts takes its place.'),
  later: z.number().nullable().describe('Number of a version that came too late for this panel.'),
  laterTitle: z.string().nullable().describe('Title of its portfolio, which may be another one.'),
});
export type ShownPortfolio = z.output<typeof shownPortfolioAnswer>;

/** @param begun whether somebody has begun a sheet: from then on the version stays */
export async function listShownPortfolios(
  scope: SchoolScope,
  actor: Actor,
  { slot, exhibition, students, mine }: SlotPageFacts,
  begun: boolean,
): Promise<ShownPortfolio[]> {
  const readers = students.filter((student) => mine !== undefined || mayReadSnapshots(actor, student));
  if (readers.length === 0) return [];
  const members = membersOf(slot);
  const slots = slot.group
    ? await listSlotsByIds(
        scope,
        members.map(({ slotId }) => slotId),
      )
    : [slot];
  const pinnedIds = new Map(slots.map(({ studentId, snapshotId }) => [studentId, snapshotId]));
  const [pinned, submitted] = await Promise.all([
    listSnapshotsByIds(
      scope,
      [...pinnedIds.values()].filter((id) => id !== null),
    ),
    listSubmitted(
      scope,
      readers.map(({ id }) => id),
      slot.termId,
    ),
  ]);
  const settled = begun || exhibition.phase === 'scoring' || exhibition.phase === 'closed';
  const chosen = new Map<string, { seen: SubmittedLine | null; last: SubmittedLine | null }>();
  for (const { id } of readers) {
    const own = pinned.find((each) => each.id === pinnedIds.get(id)) ?? null;
    const last = submitted.find((each) => each.studentId === id) ?? null;
    chosen.set(id, { seen: settled ? own : (last ?? own), last });
  }
  const submissions = await findSubmissions(
    scope,
    [...chosen.values()].flatMap(({ seen }) => seen ?? []),
  );
  return readers.map((student) => {
    const { seen, last } = chosen.get(student.id)!;
    const isPinned = seen !== null && seen.id === pinnedIds.get(student.id);
    const mayOpen = mayReadSnapshots(actor, student) || isPinned;
    const isLater = settled && last !== null && last.id !== seen?.id;
    return {
      studentId: student.id,
      studentName: student.displayName,
      version: seen && {
        title: seen.content.title,
        number: seen.number,
        submittedAt: seen.submittedAt.toISOString(),
        href: mayOpen ? `/portfolios/${seen.portfolioId}/snapshots/${seen.number}` : null,
        submission: submissions.get(seen.id)!,
      },
      settled,
      later: isLater ? last.number : null,
      laterTitle: isLater ? last.content.title : null,
    };
  });
}
