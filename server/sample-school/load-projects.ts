/**
 * Community projects: groups of three before one panel. One group's results are published; at the other a
 * sheet is still awaited.
 */
import { addSlots } from '../exhibitions/slots/plan-slots.js';
import type { GroupMember } from '../exhibitions/groups/group.js';
import { publishAsSeen } from './publish-as-seen.js';
import { sheetRubric } from '../scores/group-rows.js';
import { move, planExhibition, seat, teacherKeys, type Presentation } from './exhibition-days.js';
import { exhibitionPorts } from '../ports.js';
import { oralRemark, wordToAll } from './oral-comments.js';
import {
  actorOf,
  advisorOf,
  clockAt,
  named,
  personOf,
  registrarOf,
  studentOf,
  type SampleWorld,
} from './sample-world.js';
import { saveSampleSheets } from './save-sample-sheets.js';
import { makeSheet } from './score-sheets.js';
import { seededChance } from './seeded.js';
import { studentAccount } from './staff.js';
import { inGallery } from './load-gallery.js';

const rubricSlug = 'oral-communication';
const minute = 60_000;

/** `waits`: the panelist whose sheet is not in. */
interface Project {
  title: string;
  keys: string[];
  stand: number;
  waits: string | null;
}

export async function loadProjects(world: SampleWorld): Promise<void> {
  const { calendar, termIds, context, scope } = world;
  const others = world.students.filter((student) => inGallery(student) && student.key !== studentAccount);
  const projects: Project[] = [
    {
      title: 'Shade for every bus stop',
      keys: [studentAccount, 'chen-yutong', 'guadalupe-hernandez'],
      stand: 0.66,
      waits: null,
    },
    {
      title: 'Repair café, first year',
      keys: others.slice(0, 3).map(({ key }) => key),
      stand: 0.55,
      waits: 'rosalie',
    },
  ];
  const planned = calendar.at(-20, 10);
  const { exhibition } = await planExhibition(
    world,
    planned,
    {
      termId: termIds.now,
      title: 'Community projects',
      format: 'panel',
      rubric: rubricSlug,
      startsAt: calendar.schoolDay(-6, 0, 15, 0),
      place: 'Mill Street building',
      slotMinutes: 40,
    },
    [],
  );
  const presented: Presentation[] = [];
  for (const [index, project] of projects.entries()) {
    const [student, ...mates] = project.keys.map((key) => world.students.find((each) => each.key === key)!);
    const startsAt = calendar.schoolDay(-6, 0, 15 + index, 0);
    const [slot] = await named(`project ${project.title}`, () =>
      addSlots({ ...exhibitionPorts, clock: clockAt(planned) }, scope, registrarOf(world), exhibition.id, [
        {
          studentId: studentOf(world, student!).id,
          withIds: mates.map((mate) => studentOf(world, mate).id),
          groupTitle: project.title,
          startsAt,
          room: 'Boathouse',
        },
      ]),
    );
    const presentation: Presentation = {
      student: student!,
      startsAt,
      room: 'Boathouse',
      slot: slot!,
      seats: [],
    };
    presented.push(presentation);
    for (const [at, key] of ['rosalie', ...teacherKeys.filter((each) => each !== 'rosalie')]
      .slice(0, 4)
      .entries()) {
      const person = personOf(world, `staff ${key}`);
      presentation.seats.push(
        (await seat(world, planned, presentation, { person }, 'teacher', at === 1)).seat,
      );
    }
  }
  const scoring = await move(world, calendar.schoolDay(-6, 0, 14, 0), exhibition, 'open', 'score');
  const { rubric } = context.rubrics.bySlug(rubricSlug);
  for (const [index, { student, slot, seats, startsAt }] of presented.entries()) {
    const { stand, waits } = projects[index]!;
    const members: GroupMember[] = slot.group!.members;
    const waiting = waits ? personOf(world, `staff ${waits}`).id : null;
    const said = new Set<string>();
    await saveSampleSheets(
      scope,
      seats
        .filter((own) => own.personId !== waiting)
        .map((own, at) =>
          makeSheet({
            ...{ exhibition: scoring, rubric: sheetRubric(rubric, members), seat: own, student, stand, said },
            ...{ members, state: 'submitted' },
            words: { row: oralRemark, last: () => wordToAll(seededChance(`last word ${own.id}`)) },
            at: new Date(startsAt.getTime() + (12 + at * 2) * minute),
          }),
        ),
    );
    if (waiting) continue;
    const needs = {
      clock: clockAt(new Date(startsAt.getTime() + 24 * 60 * minute)),
      rubrics: context.rubrics,
      log: context.log,
    };
    for (const { slotId } of members)
      await named(`result ${slotId}`, () =>
        publishAsSeen(needs, world, actorOf(world, advisorOf(world, student)), slotId),
      );
  }
}
