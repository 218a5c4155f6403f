/** Somebody comes late: one short form on the day's page, and the pass stands on the coordinator's phone. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Clock } from '../../server/clock.js';
import { anExhibition, on } from '../harness/builders/exhibition.js';
import { passPath, type MadePass } from '../harness/builders/panel.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let time = '09:20';
const clock: Clock = { now: () => new Date(on(time)) };
let app: TestApp;
beforeAll(async () => {
  app = await startApp({ clock });
});
afterAll(() => app.close());

async function aDay() {
  const day = await anExhibition(app);
  const first = await day.slotId();
  const second = await day.slotId({ student: 1, at: '10:00' });
  await day.move('open');
  return { ...day, first, second };
}

describe('a judge at the door', () => {
  it('finds the presentation under way already chosen, and the pass is shown at once', async () => {
    time = '09:20';
    const day = await aDay();
    const page = await day.planner.get(day.path, { as: 'page' });
    expect(page.text).toContain('A panelist at the door');
    expect(page.text).toMatch(new RegExp(`<option value="${day.first}" selected>Room 12 · 9:00`));
    const reply = await day.planner.post(
      `${day.path}/judges`,
      { name: 'Jun Sato', role: 'mentor', slotId: day.first },
      { as: 'page' },
    );
    expect(reply.status).toBe(201);
    expect(reply.text).toContain('<svg');
    expect(reply.text).toContain('Jun Sato');
  });

  it.each([
    ['during a presentation', '09:20', 'first'],
    ['in the break, on the next one', '09:55', 'second'],
  ] as const)(
    'sits down %s when no slot is named, and the pass opens the sheet',
    async (_name, at, which) => {
      time = '09:20';
      const day = await aDay();
      time = at;
      const reply = await day.planner.post(`${day.path}/judges`, { name: 'Jun Sato' });
      expect(reply.status).toBe(201);
      const pass = reply.json<MadePass>();
      const guest = app.visitor();
      expect((await guest.post(passPath(pass))).status).toBe(200);
      const { items } = (await guest.get('/seats')).json<{ items: { slotId: string }[] }>();
      expect(items.map((seat) => seat.slotId)).toEqual([day[which]]);
    },
  );

  it('asks for a name beside the field, and says when the day is over', async () => {
    time = '09:20';
    const day = await aDay();
    const unnamed = await day.planner.post(
      `${day.path}/judges`,
      { name: ' ', slotId: day.first },
      { as: 'page' },
    );
    expect(unnamed.status).toBe(422);
    expect(unnamed.text).toContain('id="f-judge-name-problem"');
    time = '18:00';
    const late = await day.planner.post(`${day.path}/judges`, { name: 'Jun Sato' });
    expect(late.status).toBe(422);
    expect(late.text).toContain('Nobody presents here anymore');
  });
});
