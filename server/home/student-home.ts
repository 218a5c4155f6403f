/** The student: when do I present, what is still to hand in, what do I write about this term. */
import { listExhibitionsByIds } from '../exhibition/exhibition-records.js';
import { endOf } from '../exhibition/slot.js';
import { listSlotsOfStudent } from '../exhibition/slot-records.js';
import { byId } from '../people/people-view.js';
import type { HomePart, SchoolHomeNeeds, Task } from './home.js';
import { narrativeTasks } from './narratives-waiting.js';

export async function studentHome(needs: SchoolHomeNeeds): Promise<HomePart> {
  const { actor, t } = needs;
  const page = `/students/${actor.personId}`;
  return {
    tasks: [
      ...(await presentations(needs, actor.personId, (exhibition) =>
        t('home.present.title', { exhibition }),
      )),
      {
        kind: 'portfolio',
        title: t('home.wall.title'),
        line: t('home.wall.line'),
        href: page,
        action: t('home.wall.action'),
        at: null,
      },
      ...(await narrativeTasks(needs, [{ id: actor.personId, displayName: actor.name }], 'student')),
    ],
  };
}

/** The presentations of one student that lie ahead or are under way, as tasks. */
export async function presentations(
  { scope, context, t }: SchoolHomeNeeds,
  studentId: string,
  title: (exhibition: string) => string,
): Promise<Task[]> {
  const now = context.clock.now();
  const slots = (await listSlotsOfStudent(scope, studentId)).filter((slot) => endOf(slot) > now);
  const exhibitions = byId(
    await listExhibitionsByIds(
      scope,
      slots.map((slot) => slot.exhibitionId),
    ),
  );
  return slots.flatMap((slot): Task[] => {
    const exhibition = exhibitions.get(slot.exhibitionId);
    if (!exhibition || exhibition.phase === 'draft' || exhibition.phase === 'closed') return [];
    return [
      {
        kind: 'present',
        title: title(exhibition.title),
        line: t('home.present.line', { room: slot.room, count: slot.minutes }),
        href: `/slots/${slot.id}`,
        action: t('home.present.action'),
        at: slot.startsAt.toISOString(),
      },
    ];
  });
}
