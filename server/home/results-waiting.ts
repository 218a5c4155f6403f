/** Presentations whose every sheet is in and whose result is not published yet. */
import { isScoring } from '../exhibition/exhibition.js';
import { listExhibitionsByIds } from '../exhibition/exhibition-records.js';
import { presentationIdOf } from '../exhibition/group.js';
import { endOf, type Slot } from '../exhibition/slot.js';
import { listSeatsOfSlots } from '../panel/seat-records.js';
import { listPeopleByIds } from '../people/people-records.js';
import { byId } from '../people/people-view.js';
import { listPublishedSlotIds } from '../results/result-records.js';
import { listScoredSlots } from '../visits/visit-records.js';
import { listSheetStates } from '../scores/score-sheet-records.js';
import type { SchoolHomeNeeds, Task } from './home.js';

/** @param slots presentations that this person may publish */
export async function resultTasks(
  { scope, context, t }: SchoolHomeNeeds,
  slots: readonly Slot[],
): Promise<Task[]> {
  const now = context.clock.now();
  const over = slots.filter((slot) => endOf(slot) <= now);
  const ids = over.map((slot) => slot.id);
  const [published, seats, exhibitions, students] = await Promise.all([
    listPublishedSlotIds(scope, ids).then((found) => new Set(found)),
    listSeatsOfSlots(scope, [...new Set(over.map(presentationIdOf))]),
    listExhibitionsByIds(scope, [...new Set(over.map((slot) => slot.exhibitionId))]).then(byId),
    listPeopleByIds(scope, [...new Set(over.map((slot) => slot.studentId))]).then(byId),
  ]);
  const scored = await listScoredSlots(scope, ids);
  const states = await listSheetStates(
    scope,
    seats.map((seat) => seat.id),
  );
  return over.flatMap((slot): Task[] => {
    const exhibition = exhibitions.get(slot.exhibitionId);
    const panel = seats.filter((seat) => seat.slotId === presentationIdOf(slot));
    const submitted = panel.filter((seat) => states.get(seat.id) === 'submitted').length;
    // A stand waits until its gallery is closed: before, visitors may still come.
    const closed = exhibition?.phase === 'closed';
    const complete =
      exhibition?.format === 'gallery'
        ? closed && (submitted > 0 || scored.has(slot.id))
        : submitted > 0 && (submitted === panel.length || closed);
    // Of a member of a group who did not come nothing is ever published.
    const isAway = panel[0]?.members?.some(({ slotId, absent }) => slotId === slot.id && absent);
    if (!exhibition || published.has(slot.id) || !complete || isAway) return [];
    if (!isScoring(exhibition) && exhibition.phase !== 'closed') return [];
    return [
      {
        kind: 'result',
        title: t('home.result.title', { student: students.get(slot.studentId)?.displayName ?? '' }),
        line:
          panel.length > 0
            ? t('home.result.line', { exhibition: exhibition.title, submitted, count: panel.length })
            : t('home.slot-line', { exhibition: exhibition.title, room: slot.room }),
        href: `/slots/${slot.id}/result`,
        action: t('home.result.action'),
        at: null,
      },
    ];
  });
}
