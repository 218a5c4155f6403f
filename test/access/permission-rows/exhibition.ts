import { moves } from '../../../server/exhibitions/exhibition.js';
import { savePlanners } from '../../../server/exhibitions/exhibition-records.js';
import { aLevel, havingSeen, inGroup, inPhase, later, presentationIn, read } from './anew.js';
import { ownActors, ownPlanners, planners, strangers } from './groups.js';
import type { Anew, Rows } from './row.js';
import type { World } from '../../harness/builders/world.js';
import { listNewestSnapshots } from '../../../server/portfolio/portfolio-records.js';
import { aSnapshot } from '../../harness/builders/portfolio.js';
import { exhibitionDay } from '../../harness/builders/exhibition.js';

const everySchool = { ...planners, strangeRegistrar: 'ok', strangeAdmin: 'ok', visitor: 'in' } as const;
const settings = ({ home }: Pick<World, 'home'>) => ({
  ...{ termId: home.termId, title: 'Spring', rubric: 'exhibition', startsAt: `${exhibitionDay}T09:00` },
});

/** Whoever is taken out is named, and nothing else. */
const mateInGroup: Anew = async (world, persona) => {
  const made = await inGroup(world, persona);
  return { ...made, body: { studentId: world.people.otherStudent.id } };
};

/** The student submits while the panel scores, having had nothing before. */
const latePortfolio: Anew = async (world) => {
  const made = await presentationIn(world, 'scoring');
  const { people, home, app } = world;
  await aSnapshot(app, home, { studentId: people.student.id });
  const [newest] = await listNewestSnapshots(home.scope, [people.student.id], home.termId);
  return { ids: { ...made.ids }, body: { snapshotId: newest!.id, show: 'no' } };
};

const seenAt = async (world: World, path: string) => ({
  seen: (await read<{ seen: string }>(world, path)).seen,
});

export const exhibitionRows: Rows = [
  { route: 'GET /exhibitions/:id/people', of: { id: 'exhibition' }, expect: ownPlanners, otherwise: 'no' },
  { route: 'GET /exhibitions', expect: { visitor: 'in', guest: 'no', network: 'no' }, otherwise: 'ok' },
  { route: 'GET /exhibitions/new', expect: everySchool, otherwise: 'no' },
  {
    route: 'POST /exhibitions',
    expect: everySchool,
    otherwise: 'no',
    anew: (world, persona) => ({
      body: settings({ home: persona.startsWith('strange') ? world.strange : world.home }),
    }),
  },
  {
    route: 'GET /exhibitions/:id',
    of: { id: 'exhibition' },
    expect: { ...strangers, guest: 'no', network: 'no' },
    otherwise: 'ok',
  },
  {
    // A guest hears of the day on which they sit.
    route: 'GET /exhibitions/:id/events',
    of: { id: 'exhibition' },
    expect: { ...strangers, network: 'no' },
    otherwise: 'ok',
  },
  { route: 'GET /exhibitions/:id/timetable', of: { id: 'exhibition' }, expect: ownPlanners, otherwise: 'no' },
  { route: 'GET /exhibitions/:id/edit', of: { id: 'draftExhibition' }, expect: ownPlanners, otherwise: 'no' },
  ...['PUT', 'POST'].map((method) => ({
    route: `${method} /exhibitions/:id`,
    of: { id: 'exhibition' },
    expect: ownActors,
    otherwise: 'no' as const,
    anew: havingSeen(
      inPhase('draft', (_made, world) => settings(world)),
      ({ exhibition }, world) => seenAt(world, `/exhibitions/${exhibition}`),
    ),
  })),
  { route: 'GET /exhibitions/:id/bar', of: { id: 'closedExhibition' }, expect: ownPlanners, otherwise: 'no' },
  ...['PUT', 'POST'].map((method) => ({
    route: `${method} /exhibitions/:id/bar`,
    of: { id: 'exhibition' },
    expect: ownActors,
    otherwise: 'no' as const,
    anew: havingSeen(
      inPhase('open', () => ({ levelId: aLevel })),
      ({ exhibition }, world) => seenAt(world, `/exhibitions/${exhibition}/bar`),
    ),
  })),
  { route: 'GET /exhibitions/:id/planners', of: { id: 'exhibition' }, expect: ownActors, otherwise: 'no' },
  {
    route: 'POST /exhibitions/:id/planners',
    of: { id: 'exhibition' },
    expect: ownActors,
    otherwise: 'no',
    anew: inPhase('draft', (_made, { people }) => ({ personId: people.spareAdvisor.id })),
  },
  ...(
    ['DELETE /exhibitions/:id/planners/:personId', 'POST /exhibitions/:id/planners/:personId/remove'] as const
  ).map((route) => ({
    route,
    of: { id: 'exhibition', personId: 'planner' },
    expect: ownActors,
    otherwise: 'no' as const,
    anew: async (world: World) => {
      const { ids } = await presentationIn(world, 'draft');
      const { advisor, spareAdvisor } = world.people;
      await savePlanners(world.home.scope, ids.exhibition, [advisor.id, spareAdvisor.id]);
      return { ids: { ...ids, planner: spareAdvisor.id } };
    },
  })),
  ...moves.map(({ verb, from }) => ({
    route: `POST /exhibitions/:id/${verb}`,
    of: { id: 'exhibition' },
    expect: ownActors,
    otherwise: 'no' as const,
    anew: inPhase(from),
    body: { reason: 'It was a mistake' },
  })),
  {
    // The other advisor's own student.
    route: 'POST /exhibitions/:id/slots',
    of: { id: 'exhibition' },
    expect: ownPlanners,
    otherwise: 'no',
    anew: inPhase('draft', (made, { people }) => ({
      ...{ studentId: people.otherStudent.id, startsAt: later(made, 60), minutes: 50, room: 'Room 1' },
    })),
  },
  {
    route: 'POST /exhibitions/:id/rooms/:room/late',
    of: { id: 'exhibition', room: 'scoring' },
    expect: ownActors,
    otherwise: 'no',
    anew: havingSeen(
      inPhase('scoring', () => ({ minutes: 5 })),
      async ({ exhibition }, world) => {
        const { rooms } = await read<{ rooms: { seen: string }[] }>(
          world,
          `/exhibitions/${exhibition}/rooms`,
        );
        return { seen: rooms[0]!.seen };
      },
    ),
  },
  ...['PUT /slots/:id', 'POST /slots/:id', 'POST /slots/:id/move-check'].map((route) => ({
    route,
    of: { id: 'slot' },
    expect: ownActors,
    otherwise: 'no' as const,
    anew: inPhase('open', (made) => ({
      ...{ startsAt: later(made, 30), minutes: 40, room: 'Room 1', revision: 0 },
    })),
  })),
  {
    route: 'POST /slots/:id/swap',
    of: { id: 'slot' },
    expect: ownActors,
    otherwise: 'no',
    anew: async (world, persona) => {
      const made = await presentationIn(world, 'open');
      const other = await world.client('registrar').then((client) =>
        client.post(`/exhibitions/${made.ids.exhibition}/slots`, {
          ...{
            studentId: world.people.otherStudent.id,
            startsAt: later(made, 60),
            minutes: 50,
            room: 'Room 1',
          },
        }),
      );
      if (other.status !== 201) throw new Error(`${persona}: ${other.text}`);
      return {
        ids: { ...made.ids },
        body: { revision: 0, withRevision: 0, withSlotId: other.json<{ id: string }>().id },
      };
    },
  },
  {
    route: 'POST /slots/:id/remove',
    of: { id: 'slot' },
    expect: ownActors,
    otherwise: 'no',
    anew: inPhase('open', () => ({ revision: 0 })),
  },
  {
    route: 'POST /slots/:id/portfolio',
    of: { id: 'slot' },
    expect: ownActors,
    otherwise: 'no',
    anew: latePortfolio,
  },
  {
    route: 'POST /slots/:id/members',
    of: { id: 'slot' },
    expect: ownActors,
    otherwise: 'no',
    anew: inPhase('open', (_made, { people }) => ({ studentId: people.otherStudent.id })),
  },
  ...(['remove', 'absent'] as const).map((act) => ({
    route: `POST /slots/:id/members/${act}`,
    of: { id: 'slot' },
    expect: ownActors,
    otherwise: 'no' as const,
    anew: act === 'absent' ? inGroup : mateInGroup,
  })),
];
