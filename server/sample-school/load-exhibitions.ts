/** The exhibitions: two finished ones, one that is going on right now, and a gallery that is still to come. */
import { listNewestSnapshots } from '../portfolio/portfolio-records.js';
import { publishAsSeen } from './publish-as-seen.js';
import type { ScoreSheet } from '../scores/score-sheet.js';
import type { PassFaces } from '../exhibitions/passes/pass.js';
import type { Seat, SeatRole } from '../exhibitions/seats/seat.js';
import { saveSeats } from '../exhibitions/seats/seat-records.js';
import type { SampleStudent } from './read-content.js';
import {
  Diary,
  diaryOf,
  move,
  oneAfterAnother,
  panelFor,
  planExhibition,
  seat,
  seatPanel,
  type SampleSlot,
  type Presentation,
} from './exhibition-days.js';
import {
  actorOf,
  advisorOf,
  clockAt,
  inBatches,
  named,
  registrarOf,
  personOf,
  studentOf,
  type SampleWorld,
} from './sample-world.js';
import { seededChance, idOf, shuffled } from './seeded.js';
import { saveSampleSheets } from './save-sample-sheets.js';
import { makeSheet } from './score-sheets.js';
import { sampleAdvisories, guestName } from './staff.js';

const rooms: Record<string, string> = {
  heron: 'Library',
  alder: 'Room 12',
  kestrel: 'Studio B',
  otter: 'Boathouse',
};
const panelRubric = 'learning-goals';
const minute = 60_000;

/** Everybody presents, four rooms at a time, and every result is published. */
export async function loadFinishedExhibition(
  world: SampleWorld,
  moment: 'earlier' | 'latest',
): Promise<void> {
  const { calendar, termIds, context, scope } = world;
  const start = calendar.lastDay[moment] - 12;
  const chance = seededChance(`days ${moment}`);
  const times = Array.from({ length: 16 }, (_, index) =>
    calendar.schoolDay(start, Math.floor(index / 4), 9 + (index % 4) + (index % 4 > 1 ? 1 : 0), 0),
  );
  const families = new Diary();
  const slots = sampleAdvisories.flatMap(({ slug }) =>
    oneAfterAnother(world, families, rooms[slug]!, shuffled(chance, ofAdvisory(world, slug)), times),
  );
  const planned = calendar.at(start - 21, 10);
  const { exhibition, presentations } = await planExhibition(
    world,
    planned,
    {
      termId: termIds[moment],
      title: `${calendar.terms[moment].name} exhibition`,
      format: 'panel',
      rubric: panelRubric,
      startsAt: calendar.schoolDay(start, 0, 9, 0),
      place: 'Mill Street building',
      slotMinutes: 50,
    },
    slots,
  );
  const diary = diaryOf(world, presentations);
  const prefer: SeatRole[] = moment === 'earlier' ? ['family', 'peer'] : ['mentor', 'family'];
  for (const presentation of presentations) {
    presentation.seats = pastSeats(
      world,
      planned,
      presentation,
      panelFor(world, presentation, diary, prefer),
    );
  }
  // Hundreds of seats of the past are written at once; the act that takes its turn for each would need half a minute.
  await saveSeats(
    scope,
    presentations.flatMap(({ seats }) => seats),
  );
  const scoring = await move(world, calendar.schoolDay(start, 0, 8, 0), exhibition, 'open', 'score');
  const { rubric } = context.rubrics.bySlug(panelRubric);
  const shown = await shownWorks(world, presentations, termIds[moment]);
  const sheets = presentations.flatMap(({ student, seats, startsAt }) => {
    const said = new Set<string>();
    const works = shown.get(studentOf(world, student).id) ?? [];
    return seats.map((own, index) =>
      makeSheet({
        ...{ works, exhibition: scoring, rubric, seat: own, student, said, state: 'submitted' },
        stand: student.stand[moment],
        at: new Date(startsAt.getTime() + (18 + index * 3) * minute),
      }),
    );
  });
  await saveSampleSheets(scope, sheets);
  const over = calendar.schoolDay(start, 4, 17, 0);
  await move(world, over, exhibition, 'close');
  await inBatches(world, presentations, (inside, presentation) =>
    publish(inside, presentation, new Date(over.getTime() + 60 * minute)),
  );
}

/** What hangs before each panel, by student. */
async function shownWorks(world: SampleWorld, presentations: readonly Presentation[], termId: string) {
  const students = presentations.map(({ student }) => studentOf(world, student).id);
  const snapshots = await listNewestSnapshots(world.scope, students, termId);
  return new Map(snapshots.map(({ studentId, content }) => [studentId, content.entries]));
}

export interface Today {
  /** The door of the guest who is expected right now. */
  guestPass: PassFaces | null;
}

const todaysRooms: { room: string; advisory: string; keys: string[] }[] = [
  {
    room: 'Library',
    advisory: 'heron',
    keys: [
      'zsofia-kertesz-nagy',
      'chen-yutong',
      'oisin-o-gallchobhair',
      'mekdes-tadesse',
      'guadalupe-hernandez',
      'dejuan-whitfield',
    ],
  },
  {
    room: 'Boathouse',
    advisory: 'otter',
    keys: [
      'luca-brandusescu',
      'noor-siddiqui',
      'yusra-al-khatib',
      'xochitl-hernandez',
      'svetlana-kim',
      'kofi-mensah-larsen',
    ],
  },
];
/** The sister and the brother of one family present one after the other. */
const minutesFromNow = [-150, -90, -20, 40, 100, 160];

export const presentingToday = (student: SampleStudent): boolean =>
  todaysRooms.some(({ keys }) => keys.includes(student.key));

/** Two rooms, six hours: two presentations are over, one is on, three are still to come. */
export async function loadToday(world: SampleWorld): Promise<Today> {
  const { calendar, termIds, context, scope } = world;
  const planned = calendar.at(-14, 10);
  const slots = todaysRooms.flatMap(({ room, keys }) =>
    keys.map((key, index): SampleSlot => ({
      student: world.students.find((student) => student.key === key)!,
      room,
      startsAt: calendar.soon(minutesFromNow[index]!),
    })),
  );
  const { exhibition, presentations } = await planExhibition(
    world,
    planned,
    {
      termId: termIds.now,
      title: `${calendar.terms.now.name} exhibition, first day`,
      format: 'panel',
      rubric: panelRubric,
      startsAt: calendar.soon(minutesFromNow[0]!),
      place: 'Mill Street building',
      slotMinutes: 50,
    },
    slots,
  );
  const diary = diaryOf(world, presentations);
  const regular = personOf(world, 'staff rosalie');
  for (const { startsAt } of presentations) diary.take(regular, startsAt, 'Library');
  let guestPass: PassFaces | null = null;
  for (const [index, presentation] of presentations.entries()) {
    // The teacher who can sign in sits in the first room all day; in the second it is whoever is free.
    const first = presentation.room === 'Library';
    const members = panelFor(world, presentation, diary, ['mentor', 'family']).filter(
      ({ role }) => role !== 'teacher' || !first,
    );
    if (first) members.push({ person: regular, role: 'teacher', chair: false });
    const expectsGuest = index === 2;
    await seatPanel(
      world,
      planned,
      presentation,
      expectsGuest ? members.filter(({ role }) => role !== 'family') : members,
    );
    if (!expectsGuest) continue;
    const set = await seat(world, world.calendar.now, presentation, { name: guestName }, 'guest');
    presentation.seats.push(set.seat);
    guestPass = set.faces;
  }
  const scoring = await move(world, calendar.soon(-170), exhibition, 'open', 'score');
  const { rubric } = context.rubrics.bySlug(panelRubric);
  const sheets: ScoreSheet[] = [];
  for (const { student, seats, startsAt } of presentations) {
    const said = new Set<string>();
    const gone = (calendar.now.getTime() - startsAt.getTime()) / minute;
    // Where the teacher who can sign in sits, hers is the sheet that is missing.
    const late = seats.find(({ personId }) => personId === regular.id) ?? seats[2];
    for (const [index, own] of seats.entries()) {
      const state = sheetStateOf(gone, index, own.role, own === late);
      if (!state) continue;
      const at = new Date(startsAt.getTime() + (gone > 60 ? 20 + index * 3 : 8) * minute);
      sheets.push(
        makeSheet({
          exhibition: scoring,
          rubric,
          seat: own,
          student,
          stand: student.stand.now,
          at,
          state,
          said,
        }),
      );
    }
  }
  await saveSampleSheets(scope, sheets);
  const over = presentations.filter(
    ({ startsAt }) => calendar.now.getTime() - startsAt.getTime() > 140 * minute,
  );
  for (const presentation of over)
    await publish(world, presentation, new Date(calendar.now.getTime() - 20 * minute));
  return { guestPass };
}

/** The first hour's sheets are all in, the second's but one; the third is being scored. */
function sheetStateOf(
  gone: number,
  index: number,
  role: SeatRole,
  isLate: boolean,
): 'draft' | 'submitted' | null {
  if (gone > 140) return 'submitted';
  if (gone > 60) return isLate ? 'draft' : 'submitted';
  if (gone > 0)
    return role === 'guest' ? null : index === 1 ? 'submitted' : index === 2 || isLate ? 'draft' : null;
  return null;
}

function pastSeats(
  world: SampleWorld,
  planned: Date,
  { slot }: Presentation,
  members: ReturnType<typeof panelFor>,
): Seat[] {
  return members.map(({ person, role, chair }) => ({
    ...{ id: idOf(`seat ${slot.id} ${person.id}`), schoolId: slot.schoolId, slotId: slot.id },
    ...{ exhibitionId: slot.exhibitionId, studentId: slot.studentId, personId: person.id },
    ...{ name: person.displayName, role, chair, pass: null },
    ...{ createdAt: planned, createdBy: registrarOf(world).personId },
  }));
}

async function publish(world: SampleWorld, { slot, student }: Presentation, at: Date): Promise<void> {
  const { rubrics, log } = world.context;
  const needs = { clock: clockAt(at), rubrics, log };
  await named(`result ${slot.id}`, () =>
    publishAsSeen(needs, world, actorOf(world, advisorOf(world, student)), slot.id),
  );
}

const ofAdvisory = (world: SampleWorld, slug: string): SampleStudent[] =>
  world.students.filter((student) => student.advisory === slug);
