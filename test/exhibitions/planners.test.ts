import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { seeing } from '../harness/builders/seeing.js';
import { buildWorld, type World } from '../harness/builders/world.js';
import { dayFromNow } from '../harness/test-clock.js';
import { startApp, type TestApp } from '../harness/start-app.js';

describe('who plans an exhibition', () => {
  let app: TestApp;
  let world: World;
  beforeAll(async () => {
    app = await startApp();
    world = await buildWorld(app);
  });
  afterAll(() => app.close());

  it('is the office, whoever created it, and those who were given the permission', async () => {
    const [advisor, other] = [await world.client('advisor'), await world.client('otherAdvisor')];
    const { people, home } = world;
    const settings = {
      termId: home.termId,
      title: 'Planned',
      rubric: 'exhibition',
      startsAt: `${dayFromNow(40)}T09:00`,
    };
    const { id } = (await advisor.post('/exhibitions', settings)).json<{ id: string }>();
    const ofOwn = {
      studentId: people.otherStudent.id,
      startsAt: `${dayFromNow(40)}T10:00`,
      minutes: 40,
      room: 'One',
    };
    const ofOthers = { ...ofOwn, studentId: people.student.id, room: 'Two' };
    expect((await other.put(`/exhibitions/${id}`, { ...settings, title: 'Taken over' })).status).toBe(403);
    expect((await other.post(`/exhibitions/${id}/slots`, ofOthers)).status).toBe(403);
    const own = await other.post(`/exhibitions/${id}/slots`, ofOwn);
    expect(own.status).toBe(201);
    expect(
      (await other.post(`/exhibitions/${id}/planners`, { personId: people.otherAdvisor.id })).status,
    ).toBe(403);

    const given = await advisor.post(`/exhibitions/${id}/planners`, { personId: people.otherAdvisor.id });
    expect(given.status).toBe(201);
    expect(
      (await seeing(other, `/exhibitions/${id}`).put(`/exhibitions/${id}`, { ...settings, title: 'Shared' }))
        .status,
    ).toBe(200);
    expect((await other.post(`/exhibitions/${id}/slots`, ofOthers)).status).toBe(201);

    const taken = await advisor.send('DELETE', `/exhibitions/${id}/planners/${people.otherAdvisor.id}`);
    expect(taken.status).toBe(200);
    expect((await other.put(`/exhibitions/${id}`, { ...settings, title: 'Once more' })).status).toBe(403);
  });

  it.each([
    ['a student', 'student', 'Please choose an advisor of this school.'],
    ['an advisor of another school', 'strangeAdmin', 'Please choose an advisor of this school.'],
  ] as const)('is not %s', async (_case, who, message) => {
    const registrar = await world.client('registrar');
    const answer = await registrar.post(`/exhibitions/${world.ids['exhibition']}/planners`, {
      personId: world.people[who].id,
    });
    expect(answer.status).toBe(422);
    expect(answer.json<{ error: { fields: unknown[] } }>().error.fields).toEqual([
      { field: 'personId', message },
    ]);
  });
});
