/** Presentations whose every sheet is in and whose result is not published yet. */
import { isScoring } from '../exhibitions/exhibition.js';
import { listExhibitionsByIds } from '../exhibitions/exhibition-records.js';
import { presentationIdOf } from '../exhibitions/groups/group.js';
import { endOf, type Slot } from '../exhibitions/slots/slot.js';
import { awaitedSeats, isCounted } from '../exhibitions/counting/counted-seats.js';
import { listSeatsOfSlots } from '../exhibitions/seats/seat-records.js';
import type { Person } from '../people/person.js';
import { byId } from '../people/people-view.js';
import { takesVisits } from '../visits/visit.js';
import { listScoredSlots } from '../visits/visit-records.js';
import { listSheetStates } from '../scores/score-sheet-records.js';
import type { SchoolHomeNeeds, Task } from './home.js';

/**
 * @param slots presentations that this person may publish
 * @param students who presents at them, by id
 * @param published ids of those slots that are published
 */
export async function resultTasks(
  { scope, context, t, timeZone }: SchoolHomeNeeds,
  slots: readonly Slot[],
  students: ReadonlyMap<string, Pick<Person, 'displayName'>>,
  published: ReadonlySet<string>,
): Promise<Task[]> {
  const now = context.clock.now();
  const open = slots.filter((slot) => endOf(slot) <= now && !published.has(slot.id));
  if (open.length === 0) return [];
  const [seats, exhibitions, scored] = await Promise.all([
    listSeatsOfSlots(scope, [...new Set(open.map(presentationIdOf))]),
    listExhibitionsByIds(scope, [...new Set(open.map((slot) => slot.exhibitionId))]).then(byId),
    listScoredSlots(
      scope,
      open.map((slot) => slot.id),
    ),
  ]);
  const states = await listSheetStates(
    scope,
    seats.map((seat) => seat.id),
  );
  const panels = new Map<string, typeof seats>();
  for (const seat of seats) panels.set(seat.slotId, [...(panels.get(seat.slotId) ?? []), seat]);
  return open.flatMap((slot): Task[] => {
    const exhibition = exhibitions.get(slot.exhibitionId);
    const panel = panels.get(presentationIdOf(slot)) ?? [];
    const counted = panel.filter(isCounted);
    const submitted = counted.filter((seat) => states.get(seat.id) === 'submitted').length;
    const closed = exhibition?.phase === 'closed';
    const said = submitted > 0 || (exhibition?.format === 'gallery' && scored.has(slot.id));
    const visitorsMayCome = exhibition && takesVisits(exhibition, slot, false, timeZone, now);
    const complete = said && !visitorsMayCome && (awaitedSeats(panel, states, true).length === 0 || closed);
    // Of somebody who did not come nothing is ever published.
    const isAway = panel[0]?.members?.some(({ slotId, absent }) => slotId === slot.id && absent);
    if (!exhibition || !complete || isAway || slot.absent) return [];
    if (!isScoring(exhibition) && exhibition.phase !== 'closed') return [];
    return [
      {
        kind: 'result',
        title: t('home.result.title', { student: students.get(slot.studentId)?.displayName ?? '' }),
        line:
          counted.length > 0
            ? t('home.result.line', { exhibition: exhibition.title, submitted, count: counted.length })
            : t('home.slot-line', { exhibition: exhibition.title, room: slot.room }),
        href: `/slots/${slot.id}/result`,
        action: t('home.result.action'),
        at: null,
      },
    ];
  });
}
