/** Open studios, going on right now: six stands, and visitors who have left words, some of them a score. */
import { newPersonOf } from '../people/add-person.js';
import { savePerson } from '../people/people-records.js';
import type { SeatRole } from '../exhibitions/seats/seat.js';
import { listSeatsOfPerson } from '../exhibitions/seats/seat-records.js';
import { leaveVisit } from '../visits/leave-visit.js';
import { openVisit, type Known } from '../visits/open-visit.js';
import type { Left } from '../visits/visit.js';
import { move, planExhibition, type SampleSlot } from './exhibition-days.js';
import { inGallery } from './load-gallery.js';
import { presentingToday } from './load-exhibitions.js';
import type { SampleStudent } from './read-content.js';
import { clockAt, named, personOf, studentOf, type SampleWorld } from './sample-world.js';
import { seededChance, shuffled, whole, type SeededChance } from './seeded.js';
import { studentAccount } from './staff.js';

const minute = 60_000;
const stands = 6;
const rubric = 'exhibition';
const prompts = ['What stayed with me', 'A question I have', 'One step to go on'];

const guests: { name: string; role: SeatRole }[] = [
  { name: 'Odalys Ferreira', role: 'guest' },
  { name: 'Bertrand Okonjo', role: 'mentor' },
  { name: 'Saoirse Lindqvist', role: 'family' },
  { name: 'Emeka Vasquez-Thorne', role: 'guest' },
  { name: 'Marguerite Tanaka', role: 'guest' },
];
const teachers = ['hana', 'thabo', 'inés', 'gregor', 'farida'];

const words: string[][] = [
  [
    'That you kept the first try and hung it beside the last one.',
    'You explained it to my son in a minute, and he asked for more.',
    'The drawing with all the corrections left in.',
    'How calmly you said what did not work.',
    'The photographs from the early morning.',
  ],
  [
    'Who else has looked at your numbers?',
    'What would you do with another month?',
    'How did you decide what to leave out?',
    'Did the people you worked with see it, too?',
  ],
  [
    'Show it at the library; they would hang it.',
    'Write down the three things that you told me, they are not on the wall.',
    'Try it once with somebody who knows nothing about it.',
    'Ask the boat yard for their records of last year.',
  ],
];

export async function loadStands(world: SampleWorld): Promise<void> {
  const { calendar, termIds, scope } = world;
  const startsAt = calendar.soon(-60);
  const chosen = await free(world);
  const slots = chosen.map((student, index): SampleSlot => ({
    student,
    room: `Studio ${index + 1}`,
    startsAt,
  }));
  const { exhibition, presentations } = await planExhibition(
    world,
    calendar.at(-6, 15),
    {
      termId: termIds.now,
      title: 'Open studios',
      format: 'gallery',
      rubric,
      startsAt,
      place: 'Mill Street building, ground floor',
      slotMinutes: 90,
      visitPrompts: prompts,
      visitorsLeave: 'feedback-and-score',
    },
    slots,
  );
  const open = await move(world, new Date(startsAt.getTime() - 10 * minute), exhibition, 'open', 'score');
  const visitors = await knownVisitors(world);
  const takes = () => Promise.resolve('visits' as const);
  for (const { slot, student } of presentations) {
    const chance = seededChance(`visits ${student.key}`);
    const coming = shuffled(chance, visitors).slice(
      0,
      student.key === studentAccount ? 5 : whole(chance, 2, 4),
    );
    const pool = words.map((list) => shuffled(chance, list));
    for (const [index, who] of coming.entries()) {
      const at = new Date(calendar.now.getTime() - (46 - index * 9 - whole(chance, 0, 6)) * minute);
      const needs = { clock: clockAt(at), timeZone: calendar.timeZone };
      const visit = await named(`visit ${slot.id} ${who.personId}`, () =>
        openVisit(needs, scope, { slot, exhibition: open }, who),
      );
      await leaveVisit(needs, scope, visit.id, takes, said(chance, world, pool, `${visit.id}-${index}`));
    }
  }
}

/** The student who can sign in, and others of the gallery who sit on no panel today. */
async function free(world: SampleWorld): Promise<SampleStudent[]> {
  const own = world.students.find((student) => student.key === studentAccount)!;
  const others = world.students.filter((student) => inGallery(student) && !presentingToday(student));
  const chosen: SampleStudent[] = [];
  const today = world.calendar.soon(0).getTime();
  for (const student of [own, ...others]) {
    if (chosen.length === stands) break;
    const seats = await listSeatsOfPerson(world.scope, studentOf(world, student).id, 1, 50);
    // Seats of today were set at most a fortnight ago; those of finished terms are far older.
    const busy = seats.items.some((seat) => today - seat.createdAt.getTime() < 20 * 24 * 60 * minute);
    if (!busy) chosen.push(student);
  }
  return chosen;
}

async function knownVisitors(world: SampleWorld): Promise<Known[]> {
  const known: Known[] = teachers.map((key) => {
    const person = personOf(world, `staff ${key}`);
    return { personId: person.id, name: person.displayName, role: 'teacher', bySign: false };
  });
  for (const { name, role } of guests) {
    const [givenName = '', familyName = ''] = name.split(' ');
    const person = await named(`visitor ${name}`, () =>
      savePerson(
        world.scope,
        newPersonOf(clockAt(world.calendar.soon(-55)), world.scope.schoolId, {
          ...{ givenName, familyName, displayName: name, roles: ['guest'] },
        }),
      ),
    );
    known.push({ personId: person.id, name, role, bySign: false });
  }
  return known;
}

/** Takes each sentence away that it uses: nobody says the same twice at one stand. */
function said(chance: SeededChance, world: SampleWorld, pool: string[][], operationId: string): Left {
  const feedback = prompts
    .map((prompt, at) => ({
      prompt,
      words: (at === 0 || chance() < 0.55 ? pool[at]!.pop() : undefined) ?? '',
    }))
    .filter((each) => each.words !== '');
  if (chance() < 0.5) return { operationId, feedback };
  const { levels, criteria } = world.context.rubrics.bySlug(rubric).rubric;
  const marks = Object.fromEntries(
    criteria.map((row) => [
      row.id,
      chance() < 0.2
        ? { levelId: null, notObserved: true }
        : { levelId: levels[whole(chance, 1, levels.length - 1)]!.id, notObserved: false },
    ]),
  );
  return { operationId, feedback, score: { marks, comment: '' } };
}
