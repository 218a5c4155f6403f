/** Stands that somebody has come to and left nothing at yet. For visitors by a sign as for people of the school. */
import { isScoring } from '../exhibitions/exhibition.js';
import { listExhibitionsByIds } from '../exhibitions/exhibition-records.js';
import { listSlotsByIds } from '../exhibitions/slots/slot-records.js';
import { listPeopleByIds } from '../people/people-records.js';
import { byId } from '../people/people-view.js';
import { listVisitsByIds, listVisitsOfPerson } from '../visits/visit-records.js';
import type { HomePart, SchoolHomeNeeds, Task } from './home.js';

/** Visits looked at, newest first: nobody stands before more stands in a day. */
const VISITS = 50;

export async function visitsHome({ actor, scope, context, t }: SchoolHomeNeeds): Promise<HomePart> {
  const visits = actor.seatIds
    ? await listVisitsByIds(scope, actor.visitIds ?? [])
    : (await listVisitsOfPerson(scope, actor.personId, 1, VISITS)).items;
  const now = context.clock.now();
  const waiting = visits.filter((visit) => visit.leftAt === null && visit.until > now);
  if (waiting.length === 0) return {};
  const [slots, exhibitions, students] = await Promise.all([
    listSlotsByIds(
      scope,
      waiting.map((visit) => visit.slotId),
    ).then(byId),
    listExhibitionsByIds(scope, [...new Set(waiting.map((visit) => visit.exhibitionId))]).then(byId),
    listPeopleByIds(scope, [...new Set(waiting.map((visit) => visit.studentId))]).then(byId),
  ]);
  const tasks = waiting.flatMap((visit): Task[] => {
    const slot = slots.get(visit.slotId);
    const exhibition = exhibitions.get(visit.exhibitionId);
    if (!slot || !exhibition || !isScoring(exhibition)) return [];
    return [
      {
        kind: 'visit',
        title: t('home.visit.title', { student: students.get(visit.studentId)?.displayName ?? '' }),
        line: t('home.slot-line', { exhibition: exhibition.title, room: slot.room }),
        href: `/visits/${visit.id}`,
        action: t('home.visit.action'),
        at: null,
      },
    ];
  });
  return { tasks };
}
