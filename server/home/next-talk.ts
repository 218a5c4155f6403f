/** For whoever has handed in their sheet today: what their panel's talk waits for, or that it is open. */
import { dayOf } from '../exhibitions/day-and-time.js';
import type { Exhibition } from '../exhibitions/exhibition.js';
import { presenterLine } from '../exhibitions/groups/group.js';
import { endOf, type Slot } from '../exhibitions/slots/slot.js';
import {
  awaitedSeats,
  awaitsAdmission,
  isCounted,
  unadmittedSeats,
} from '../exhibitions/counting/counted-seats.js';
import { listSeatsOfSlots } from '../exhibitions/seats/seat-records.js';
import type { Seat, SheetState } from '../exhibitions/seats/seat.js';
import type { Person } from '../people/person.js';
import { findReveal } from '../results/reveal-records.js';
import { isRevealed, type Reveal } from '../results/reveal.js';
import { listSheetStates } from '../scores/score-sheet-records.js';
import type { SchoolHomeNeeds, Task } from './home.js';

/** Of a group everybody's who presents. */
export const slotsOfSeat = ({ slotId, members }: Seat): string[] =>
  members?.filter(({ absent }) => !absent).map((member) => member.slotId) ?? [slotId];

/**
 * Of those seats whose sheet is in. The chair is told by `talkTasks` once the sheets are open: what to lead,
 * or that they may publish.
 */
export async function nextTalks(
  { scope, context, t, timeZone }: SchoolHomeNeeds,
  seats: readonly Seat[],
  known: {
    slots: ReadonlyMap<string, Slot>;
    students: ReadonlyMap<string, Person>;
    exhibitions: ReadonlyMap<string, Exhibition>;
  },
): Promise<Task[]> {
  const now = context.clock.now();
  const today = dayOf(now, timeZone);
  const own = seats.filter((seat) => {
    const slot = known.slots.get(seat.slotId);
    // A guest whom nobody has admitted reads nothing of the talk yet.
    if (!slot || slot.absent || seat.setAsideAt || seat.endedAt || awaitsAdmission(seat)) return false;
    return dayOf(slot.startsAt, timeZone) === today;
  });
  if (own.length === 0) return [];
  const slotIds = [...new Set(own.map(({ slotId }) => slotId))];
  const [panels, reveals] = await Promise.all([
    listSeatsOfSlots(scope, slotIds),
    Promise.all(slotIds.map((id) => findReveal(scope, id))),
  ]);
  const states = await listSheetStates(
    scope,
    panels.map(({ id }) => id),
  );
  return own.flatMap((seat): Task[] => {
    const slot = known.slots.get(seat.slotId)!;
    const panel = panels.filter((each) => each.slotId === seat.slotId && !each.setAsideAt);
    // Alone there is nobody to talk with; a guest who waits to be admitted may be somebody.
    if (panel.length < 2) return [];
    const reveal = reveals.find((each) => each?.id === seat.slotId) ?? null;
    const closed = known.exhibitions.get(seat.exhibitionId)?.phase === 'closed';
    const facts = factsOf(panel, states, { reveal, closed, isOver: endOf(slot) <= now });
    if (seat.chair && facts.revealed) return [];
    return [
      {
        kind: 'talk',
        title: t('home.talk-next.title', { student: presenterLine(slot, known.students) }),
        line: t(lineOf(facts), { count: facts.unadmitted }),
        href: `/slots/${slotsOfSeat(seat)[0] ?? seat.slotId}/reveal`,
        action: t('home.talk-next.action'),
        at: null,
      },
    ];
  });
}

function factsOf(
  panel: readonly Seat[],
  states: ReadonlyMap<string, SheetState>,
  { reveal, closed, isOver }: { reveal: Reveal | null; closed: boolean; isOver: boolean },
) {
  const awaited = awaitedSeats(panel, states, isOver).length;
  const submitted = panel.filter((seat) => isCounted(seat) && states.get(seat.id) === 'submitted').length;
  const opened = Boolean(reveal?.opened);
  return {
    awaited,
    unadmitted: unadmittedSeats(panel, states).length,
    revealed: isRevealed({ submitted, awaited, opened, closed, published: false }),
  };
}

function lineOf({ awaited, unadmitted, revealed }: ReturnType<typeof factsOf>): string {
  if (!revealed) return 'home.talk-next.waiting';
  if (unadmitted > 0) return 'home.talk-next.unadmitted';
  return awaited > 0 ? 'home.talk-next.opened' : 'home.talk-next.open';
}
