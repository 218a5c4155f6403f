import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { features } from '../../server/app.js';
import { buildWorld, type World } from '../harness/builders/world.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { dayFromNow } from '../harness/test-clock.js';

/** Every address that is changed by PUT: whose, and which id of the world it names. */
const changed: readonly {
  route: string;
  as: 'admin' | 'student' | 'advisor' | 'network';
  id?: string;
  from?: string;
  pick?: string;
}[] = [
  { route: '/school', as: 'admin' },
  { route: '/terms/:id', as: 'admin', id: 'term', from: '/terms' },
  { route: '/people/:id', as: 'admin', id: 'student' },
  { route: '/advisories/:id', as: 'admin', id: 'spareAdvisory', from: '/advisories' },
  { route: '/students/:id/plan', as: 'student', id: 'student', pick: 'plans' },
  { route: '/internships/:id', as: 'student', id: 'internship' },
  { route: '/artifacts/:id', as: 'student', id: 'artifact' },
  { route: '/portfolios/:id', as: 'student', id: 'portfolio' },
  { route: '/exhibitions/:id', as: 'admin', id: 'draftExhibition' },
  { route: '/exhibitions/:id/bar', as: 'admin', id: 'draftExhibition' },
  { route: '/slots/:id', as: 'admin', id: 'draftSlot' },
  { route: '/exhibitions/:id/schedule', as: 'admin', id: 'draftExhibition', pick: 'schedule' },
  { route: '/narratives/:id', as: 'advisor', id: 'narrative' },
  { route: '/network/policies', as: 'network' },
];

type Fields = Record<string, unknown>;

/** What somebody wrote or chose, without the stamps of saving. */
const words = (shown: Fields): Fields =>
  Object.fromEntries(
    Object.entries(shown).filter(([name]) => !['revision', 'savedAt', 'changedAt'].includes(name)),
  );

describe('what a GET answers can be sent back', () => {
  let app: TestApp;
  let world: World;
  beforeAll(async () => {
    app = await startApp();
    world = await buildWorld(app);
    const [student, admin] = [await world.client('student'), await world.client('admin')];
    const plan = { termId: world.ids['term'], aim: 'Build a boat', goals: ['Ribs', 'Keel'] };
    await student.put(`/students/${world.ids['student']}/plan`, plan);
    const timetable = {
      rooms: ['Library', 'Attic'],
      roomsWithSteps: ['Attic'],
      days: [`${dayFromNow(30)} 9:00-12:00`],
      slotMinutes: 40,
    };
    const kept = await admin.put(`/exhibitions/${world.ids['draftExhibition']}/schedule`, {
      ...timetable,
      advisor: 'where-known',
    });
    expect([kept.status, kept.status === 200 ? '' : kept.text]).toEqual([200, '']);
  });
  afterAll(() => app.close());

  it('at every address that is changed by PUT', () => {
    // The enrollment of a past term is no thing of its own: it is read as a line among the person's others.
    // Neither is what somebody has typed and not saved, nor are the hours of one exhibition, which are read
    // among those of all. A guest's own sign-up is opened by its link (`sign-up.test.ts`).
    const lines = ['/people/:id/enrollments/:termId', '/drafts', '/availability', '/my-sign-up/:secret'];
    const all = features
      .flatMap(({ entries }) => entries)
      .filter(({ method, path }) => method === 'put' && !lines.includes(path));
    expect(changed.map(({ route }) => route).sort()).toEqual(all.map(({ path }) => path).sort());
  });

  const shown = async (row: (typeof changed)[number]): Promise<Fields> => {
    const client = await world.client(row.as);
    const id = world.ids[row.id ?? ''] ?? '';
    const address = row.from ?? row.route.replace(':id', id);
    const answer = (await client.get(address)).json<Fields>();
    if (row.from) return (answer['items'] as Fields[]).find((each) => each['id'] === id)!;
    const picked = row.pick ? answer[row.pick] : answer;
    return (Array.isArray(picked) ? picked[0] : picked) as Fields;
  };

  it.each(changed.map((row) => [row.route, row] as const))('PUT %s', async (route, row) => {
    const client = await world.client(row.as);
    const address = route.replace(':id', world.ids[row.id ?? ''] ?? '');
    const before = await shown(row);
    expect(before).toBeTruthy();
    const answer = await client.put(address, before);
    expect([answer.status, answer.status === 200 ? '' : answer.text]).toEqual([200, '']);
    expect(words(await shown(row))).toEqual(words(before));
    const unknown = await client.put(address, { ...before, colour: 'red' });
    expect(unknown.status).toBe(422);
    expect(unknown.text).toContain('"field":"colour"');
  });
});
