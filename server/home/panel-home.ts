/** Seats on panels: sheets to write and to finish. For everybody who sits on one, guests by pass included. */
import { isScoring, type Exhibition } from '../exhibitions/exhibition.js';
import { listExhibitionsByIds } from '../exhibitions/exhibition-records.js';
import { presenterLine, type Group } from '../exhibitions/groups/group.js';
import { findPresenters } from '../exhibitions/slots/name-presenters.js';
import { endOf } from '../exhibitions/slots/slot.js';
import { listSlotsByIds } from '../exhibitions/slots/slot-records.js';
import type { Seat } from '../exhibitions/seats/seat.js';
import { listSeatsByIds, listSeatsOfPerson } from '../exhibitions/seats/seat-records.js';
import { byId } from '../people/people-view.js';
import { listPublishedSlotIds } from '../results/result-records.js';
import { listSheetStates } from '../scores/score-sheet-records.js';
import type { HomePart, SchoolHomeNeeds, Task } from './home.js';
import { admissionTasks } from './guests-waiting.js';
import { latePortfolioTasks } from './late-portfolios.js';
import { nextTalks, slotsOfSeat } from './next-talk.js';
import { talkTasks } from './talk-waiting.js';

/** Seats looked at, newest first: nobody sits on more panels between two terms. */
const SEATS = 100;

export async function panelHome(needs: SchoolHomeNeeds): Promise<HomePart> {
  const { actor, scope, t } = needs;
  const now = needs.context.clock.now();
  const seats = actor.seatIds
    ? await listSeatsByIds(scope, actor.seatIds)
    : (await listSeatsOfPerson(scope, actor.personId, 1, SEATS)).items;
  if (seats.length === 0) return {};
  const [slots, exhibitions, states] = await Promise.all([
    listSlotsByIds(scope, unique(seats.map((seat) => seat.slotId))).then(byId),
    listExhibitionsByIds(scope, unique(seats.map((seat) => seat.exhibitionId))).then(byId),
    listSheetStates(
      scope,
      seats.map((seat) => seat.id),
    ),
  ]);
  const open = seats.filter((seat) => {
    const exhibition = exhibitions.get(seat.exhibitionId);
    return states.get(seat.id) === 'submitted' && exhibition !== undefined && exhibition.phase !== 'draft';
  });
  const [students, published] = await Promise.all([
    findPresenters(scope, [...slots.values()]),
    listPublishedSlotIds(scope, open.flatMap(slotsOfSeat)),
  ]);
  const tasks = seats.flatMap((seat): Task[] => {
    const slot = slots.get(seat.slotId);
    const exhibition = exhibitions.get(seat.exhibitionId);
    const state = states.get(seat.id);
    if (!slot || !exhibition || state === 'submitted' || !stillOpen(exhibition)) return [];
    if (seat.setAsideAt || slot.absent) return [];
    const current = slot.startsAt <= now && endOf(slot) > now;
    return [
      {
        kind: 'score',
        title: t('home.score.title', { student: presenterLine(slot, students) }),
        line: t('home.slot-line', { exhibition: exhibition.title, room: slot.room }),
        href: `/seats/${seat.id}/sheet`,
        action: t(state === 'draft' ? 'home.score.continue' : 'home.score.open'),
        at: slot.startsAt.toISOString(),
        ...(current ? { current, until: endOf(slot).toISOString() } : {}),
      },
    ];
  });
  // Nobody talks any more about a student whose record is sealed from this school.
  const sealed = new Set(
    [...slots.values()]
      .flatMap(({ id, studentId, group }) => group?.members ?? [{ slotId: id, studentId }])
      .filter(({ studentId }) => students.get(studentId)?.sealedAt)
      .map(({ slotId }) => slotId),
  );
  const talked = open
    .filter((seat) => slotsOfSeat(seat).some((id) => !published.has(id) && !sealed.has(id)))
    .map(({ members, ...seat }): Seat => {
      const left = members?.filter(({ slotId }) => !sealed.has(slotId));
      return left ? { ...seat, members: left } : seat;
    });
  const chaired = new Set(seats.flatMap((seat) => (seat.chair ? [seat.slotId] : [])));
  const places = [...exhibitions.values()].filter(({ id }) =>
    seats.some((seat) => seat.chair && seat.exhibitionId === id),
  );
  const [next, talks, guests, portfolios] = await Promise.all([
    nextTalks(needs, talked, { slots, students, exhibitions }),
    talkTasks(needs, talked, slots),
    admissionTasks(needs, places, chaired),
    latePortfolioTasks(needs, places, chaired),
  ]);
  return { tasks: [...tasks, ...guests, ...portfolios, ...talks, ...next] };
}

const stillOpen = (exhibition: Exhibition): boolean => isScoring(exhibition) || exhibition.phase === 'open';
const unique = (ids: string[]): string[] => [...new Set(ids)];

/** Presentations of these students on the day of `now`, as lines of a timeline. */
export async function presentationsToday(
  { scope, context }: SchoolHomeNeeds,
  slots: readonly {
    id: string;
    studentId: string;
    group?: Group | null;
    exhibitionId: string;
    startsAt: Date;
    minutes: number;
    room: string;
  }[],
): Promise<NonNullable<HomePart['today']>> {
  const exhibitions = byId(await listExhibitionsByIds(scope, unique(slots.map((slot) => slot.exhibitionId))));
  const students = await findPresenters(scope, slots);
  const now = context.clock.now();
  return slots.flatMap((slot) => {
    const exhibition = exhibitions.get(slot.exhibitionId);
    if (!exhibition || exhibition.phase === 'draft') return [];
    return [
      {
        when: slot.startsAt.toISOString(),
        title: presenterLine(slot, students),
        line: `${slot.room} · ${exhibition.title}`,
        href: `/slots/${slot.id}`,
        current: slot.startsAt <= now && endOf(slot) > now,
      },
    ];
  });
}
