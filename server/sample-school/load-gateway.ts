/**
 * The gateway of this term: an exhibition with a bar. One student met it at the second attempt, one waits for a time.
 */
import type { Exhibition } from '../exhibitions/exhibition.js';
import { addSlots } from '../exhibitions/slots/plan-slots.js';
import { seenOfBar, setBar } from '../exhibitions/bar/set-bar.js';
import { publishAsSeen } from './publish-as-seen.js';
import { diaryOf, move, panelFor, planExhibition, seatPanel, type Presentation } from './exhibition-days.js';
import { exhibitionPorts } from '../ports.js';
import {
  actorOf,
  advisorOf,
  clockAt,
  named,
  registrarOf,
  studentOf,
  type SampleWorld,
} from './sample-world.js';
import { saveSampleSheets } from './save-sample-sheets.js';
import { makeSheet } from './score-sheets.js';
import { studentAccount } from './staff.js';

const rubricSlug = 'learning-goals';
const asked = ['knowing-how-to-learn', 'empirical-reasoning', 'communication', 'personal-qualities'];
const minute = 60_000;
const day = 24 * 60 * minute;

/** Where each stands, from 0 to 1 along the levels, and what is said to those who present again. */
const gateway: { key: string; stand: number; words?: string; again?: number }[] = [
  {
    key: studentAccount,
    stand: 0.38,
    words:
      'The question is a good one. Bring the log of every try next time, also of those that went wrong, and take us through one of them slowly.',
    again: 0.86,
  },
  { key: 'chen-yutong', stand: 0.9 },
  {
    key: 'guadalupe-hernandez',
    stand: 0.36,
    words:
      'Keep a dated log of what you tried and whom you asked, and show us one promise that you kept on time. The rest can stay short.',
  },
];

export async function loadGateway(world: SampleWorld): Promise<void> {
  const { calendar, termIds, context, scope } = world;
  const planned = calendar.at(-46, 10);
  const slots = gateway.map(({ key }, index) => ({
    student: world.students.find((student) => student.key === key)!,
    room: 'Room 12',
    startsAt: calendar.schoolDay(-40, 0, 13 + index, 0),
  }));
  const { exhibition, presentations } = await planExhibition(
    world,
    planned,
    {
      termId: termIds.now,
      title: 'Gateway to the senior institute',
      format: 'panel',
      rubric: rubricSlug,
      startsAt: calendar.schoolDay(-40, 0, 13, 0),
      place: 'Mill Street building',
      slotMinutes: 40,
    },
    slots,
  );
  const { rubric } = context.rubrics.bySlug(rubricSlug);
  const bar = { levelId: rubric.levels[2]!.id, criterionIds: asked };
  const needs = { clock: clockAt(planned), rubrics: context.rubrics };
  await named('gateway bar', () =>
    setBar(needs, scope, registrarOf(world), exhibition.id, bar, seenOfBar(exhibition)),
  );
  await seatAll(world, planned, presentations);
  const scoring = await move(world, calendar.schoolDay(-40, 0, 12, 0), exhibition, 'open', 'score');
  for (const [index, presentation] of presentations.entries()) {
    const { stand, words = '' } = gateway[index]!;
    await hear(world, scoring, presentation, stand, words);
  }
  const first = presentations[0]!;
  const again = await planAgain(world, scoring, first);
  await hear(world, scoring, again, gateway[0]!.again!, '');
  await move(world, new Date(again.startsAt.getTime() + day), exhibition, 'close');
}

async function seatAll(world: SampleWorld, planned: Date, presentations: Presentation[]): Promise<void> {
  const diary = diaryOf(world, presentations);
  for (const presentation of presentations)
    await seatPanel(
      world,
      planned,
      presentation,
      panelFor(world, presentation, diary, ['mentor']).slice(0, 3),
    );
}

/** The second attempt, before the same panel. */
async function planAgain(
  world: SampleWorld,
  { id }: Exhibition,
  before: Presentation,
): Promise<Presentation> {
  const { calendar, scope } = world;
  const startsAt = calendar.schoolDay(-16, 0, 15, 0);
  const planned = calendar.schoolDay(-34, 0, 9, 0);
  const wanted = { studentId: studentOf(world, before.student).id, startsAt, room: before.room, attempt: 2 };
  const [slot] = await named(`gateway again ${before.student.key}`, () =>
    addSlots({ ...exhibitionPorts, clock: clockAt(planned) }, scope, registrarOf(world), id, [wanted], false),
  );
  const again: Presentation = { ...before, startsAt, slot: slot!, seats: [] };
  await seatAll(world, planned, [again]);
  return again;
}

/** Everybody submits, and the advisor publishes a day later what the voices propose. */
async function hear(
  world: SampleWorld,
  exhibition: Exhibition,
  { student, seats, slot, startsAt }: Presentation,
  stand: number,
  words: string,
): Promise<void> {
  const { context, scope } = world;
  const { rubric } = context.rubrics.bySlug(rubricSlug);
  const said = new Set<string>();
  await saveSampleSheets(
    scope,
    seats.map((seat, index) =>
      makeSheet({
        ...{ exhibition, rubric, seat, student, said, stand, state: 'submitted' },
        at: new Date(startsAt.getTime() + (20 + index * 3) * minute),
      }),
    ),
  );
  const needs = {
    clock: clockAt(new Date(startsAt.getTime() + day)),
    rubrics: context.rubrics,
    log: context.log,
  };
  await named(`result ${slot.id}`, () =>
    publishAsSeen(needs, world, actorOf(world, advisorOf(world, student)), slot.id, { words }),
  );
}
