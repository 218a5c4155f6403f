/**
 * For the chair: panels whose sheets are open and that still have rows to talk about, and results that
 * nothing keeps from being published. Says how many rows, never what was scored.
 */
import type { Actor } from '../access/actor.js';
import type { Slot } from '../exhibitions/slots/slot.js';
import type { Seat } from '../exhibitions/seats/seat.js';
import { gatherPanel, gatherSheets, gatherTalk, isAbsent, type SlotPanel } from '../results/gather-result.js';
import { countedSheets, mayPublish, publishObstacle, type FrozenSheet } from '../results/result.js';
import { openRows } from '../results/open-rows.js';
import { mayLeadTalk } from '../results/chair.js';
import { revealSight } from '../results/reveal.js';
import { revisedSheets } from '../results/revision.js';
import { tallySheets } from '../results/tally.js';
import { findCriterion } from '../rubrics/rubric.js';
import { isGroupRow } from '../scores/group-rows.js';
import type { SchoolHomeNeeds, Task } from './home.js';

/** Panels looked into; more never wait for one chair at the same time. */
const PANELS = 12;

/** What is about the whole group is counted at its first member. */
function isCountedHere({ members, rubric, slot }: SlotPanel, criterionId: string): boolean {
  const first = members.find(({ absent }) => !absent);
  const row = findCriterion(rubric, criterionId);
  return !first || !row || !isGroupRow(row) || first.slotId === slot.id;
}

/**
 * @param seats of the reader, whose own sheet is in
 * @param slots as far as they are known, by id
 */
export async function talkTasks(
  { actor, scope, context, t }: SchoolHomeNeeds,
  seats: readonly Seat[],
  slots: ReadonlyMap<string, Slot>,
): Promise<Task[]> {
  // A group's panel talks about each member.
  const chaired = seats.filter((seat) => seat.chair).slice(0, PANELS);
  const slotIds = chaired.flatMap(
    ({ slotId, members }) => members?.filter(({ absent }) => !absent).map((each) => each.slotId) ?? [slotId],
  );
  const tasks = await Promise.all(
    slotIds.map(async (slotId): Promise<Task[]> => {
      const panel = await gatherPanel(scope, context.rubrics, slotId, context.clock.now(), slots.get(slotId));
      const talks = panel.result === null && panel.revealed && mayLeadTalk(actor, panel);
      if (!talks || revealSight(actor, panel) !== 'open') return [];
      const [sheets, talk] = await Promise.all([gatherSheets(scope, panel), gatherTalk(scope, panel)]);
      const tally = tallySheets(panel.rubric, revisedSheets(sheets, talk.revisions));
      const open = openRows(tally, talk.decisions);
      if (open.length === 0) return publishTask(actor, panel, sheets, t);
      const rows = open.filter(({ row }) => isCountedHere(panel, row.criterionId));
      if (rows.length === 0) return [];
      return [
        {
          kind: 'talk',
          title: t('home.talk.title', { student: panel.student.displayName }),
          line: t('home.talk.line', { exhibition: panel.exhibition.title, count: rows.length }),
          href: `/slots/${slotId}/reveal`,
          action: t('home.talk.action'),
          at: panel.slot.startsAt.toISOString(),
        },
      ];
    }),
  );
  return tasks.flat();
}

/**
 * Nothing is left to talk about: whoever has the chair may publish. Guests who wait are admitted first, and
 * sheets that are missing waited for.
 */
function publishTask(
  actor: Actor,
  panel: SlotPanel,
  sheets: readonly FrozenSheet[],
  t: SchoolHomeNeeds['t'],
): Task[] {
  const { exhibition, student, slot, takesVisits, awaited, closed } = panel;
  const submitted = countedSheets(sheets).length;
  const obstacle = publishObstacle({ submitted, takesVisits, absent: isAbsent(panel) });
  const waits = panel.unadmittedSeats.length > 0 || (awaited > 0 && !closed);
  if (!mayPublish(actor, panel) || obstacle || waits) return [];
  return [
    {
      kind: 'result',
      title: t('home.result.title', { student: student.displayName }),
      line: t('home.result.line', { exhibition: exhibition.title, submitted, count: submitted + awaited }),
      href: `/slots/${slot.id}/result`,
      action: t('home.result.action'),
      at: null,
    },
  ];
}
