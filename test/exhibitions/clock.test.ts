/** The clock of a room: one tap moves it on, and everybody in the room sees the same phase and the same end. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listEntriesFrom } from '../../server/audit/audit-records.js';
import type { Clock } from '../../server/clock.js';
import { clockFace, clockMinutes } from '../../server/exhibitions/clock/room-clock.js';
import { anExhibition, on } from '../harness/builders/exhibition.js';
import { passPath, type MadePass } from '../harness/builders/panel.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let time = '09:00';
const clock: Clock = { now: () => new Date(on(time)) };
let app: TestApp;
beforeAll(async () => {
  app = await startApp({ clock });
});
afterAll(() => app.close());

interface Face {
  now: string;
  phase: string | null;
  endsAt: string | null;
  phases: { name: string; minutes: number; state: string; from: string }[];
}

async function aRoom() {
  time = '09:00';
  const day = await anExhibition(app);
  const slotId = await day.slotId();
  const chair = await day.join('Ruth Adeyemi', ['panelist']);
  const member = await day.join('Ana Lima', ['panelist']);
  await day.seat(slotId, { personId: chair.person.id, role: 'teacher', chair: true });
  await day.seat(slotId, { personId: member.person.id });
  const pass = (await day.seat(slotId, { name: 'Jun Sato' })).json<MadePass>();
  await day.move('open');
  const guest = app.visitor();
  await guest.post(passPath(pass));
  return { day, slotId, guest, chair: chair.client, member: member.client, path: `/slots/${slotId}/clock` };
}

describe('the clock of a room', () => {
  it('is started and moved on by the chair, and is the same for everybody in the room', async () => {
    const { day, chair, member, guest, path } = await aRoom();
    time = '09:03';
    expect((await chair.post(path, {})).status).toBe(200);
    time = '09:10';
    for (const client of [chair, member, guest, day.planner]) {
      const face = (await client.get(path)).json<Face>();
      expect([face.now, face.phase, face.endsAt]).toEqual([on('09:10'), 'present', on('09:23')]);
    }
    await chair.post(path, { from: 'present' });
    const face = (await guest.get(path)).json<Face>();
    expect(face.phases.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'present done',
      'questions now',
      'scoring to-come',
      'feedback to-come',
    ]);
    const acts = (await listEntriesFrom(day.home.scope, 1, 100)).filter(({ act }) => act === 'clock.move');
    expect(acts.map(({ detail }) => detail)).toEqual([
      { from: null, to: 'present' },
      { from: 'present', to: 'questions' },
    ]);
  });

  it('stands as one line on the score sheet, also of a guest, as soon as it was started', async () => {
    const { chair, guest, path } = await aRoom();
    const sheetOf = async () => {
      const { items } = (await guest.get('/seats')).json<{ items: { sheetHref: string }[] }>();
      return (await guest.get(items[0]!.sheetHref, { as: 'page' })).text;
    };
    const line = (text: string) => /<p class="label-line sheet-clock"[^]*?<\/p>/.exec(text)![0];
    expect(line(await sheetOf())).toMatch(/^<p[^>]*data-line[^>]* hidden>/);
    await chair.post(path, {});
    const shown = line(await sheetOf());
    expect(shown).not.toMatch(/^<p[^>]* hidden>/);
    expect(shown).toContain('<span data-phase-name="present">Presentation</span>');
    expect(shown).toContain('<span data-phase-name="questions" hidden>Questions</span>');
    expect(shown).toMatch(/id="clock-left"[^>]*>until 9:20/);
  });

  it('two who tap at once move it on once', async () => {
    const { day, chair, path } = await aRoom();
    const replies = await Promise.all([chair, day.planner, chair].map((client) => client.post(path, {})));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect((await chair.get(path)).json<Face>().phase).toBe('present');
  });

  it('others of the panel see it and cannot move it; a stranger does not see it', async () => {
    const { day, member, guest, path } = await aRoom();
    for (const client of [member, guest]) {
      expect((await client.post(path, {})).status).toBe(403);
      expect((await client.get(path, { as: 'page' })).text).not.toContain('Start');
    }
    const other = await day.join('Hana Kim', ['student']);
    expect((await other.client.get(path)).status).toBe(403);
  });

  it('ends, and can be set back to before it began', async () => {
    const { chair, path } = await aRoom();
    for (const from of [null, 'present', 'questions', 'scoring', 'feedback']) {
      const page = await chair.post(path, { from: from ?? '' }, { as: 'page' });
      expect(page.status).toBe(303);
    }
    expect((await chair.get(path)).json<Face>()).toMatchObject({ phase: 'over', endsAt: null });
    expect((await chair.post(path, { from: 'over' })).status).toBe(409);
    expect((await chair.post(path, { from: 'over', back: true })).status).toBe(200);
    expect((await chair.get(path)).json<Face>().phase).toBeNull();
  });

  it('has the minutes of its exhibition, all four or none', async () => {
    const { day, path } = await aRoom();
    const settings = {
      termId: day.home.termId,
      title: 'With a clock',
      rubric: 'exhibition',
      startsAt: on('09:00'),
    };
    const half = { ...settings, clockPresent: '12', clockScoring: '20' };
    const refused = await day.planner.post('/exhibitions', half);
    const message = 'Enter minutes for all four phases of the room clock, or leave all four empty.';
    expect([refused.status, refused.json<{ error: { fields: object[] } }>().error.fields]).toEqual([
      422,
      ['clockQuestions', 'clockFeedback'].map((field) => ({ field, message })),
    ]);
    const page = await day.planner.post('/exhibitions', half, { as: 'page' });
    for (const shown of [message, 'href="#f-clockQuestions"', 'href="#f-clockFeedback"'])
      expect(page.text).toContain(shown);
    const minutes = { clockPresent: 12, clockQuestions: '8', clockScoring: 20, clockFeedback: 5 };
    const made = await day.planner.post('/exhibitions', { ...settings, ...minutes });
    expect(made.status).toBe(201);
    const { id } = made.json<{ id: string }>();
    const startsAt = on('13:00');
    const slot = await day.planner.post(`/exhibitions/${id}/slots`, {
      studentId: day.students[1]!.id,
      startsAt,
      room: 'Hall',
    });
    const face = await day.planner.get(`/slots/${slot.json<{ id: string }>().id}/clock`);
    expect(face.json<Face>().phases.map(({ minutes }) => minutes)).toEqual([12, 8, 20, 5]);
    expect((await day.planner.get(path)).json<Face>().phases.map(({ minutes }) => minutes)).toEqual([
      20, 10, 15, 5,
    ]);
  });
});

describe('the times of its phases', () => {
  const minutes = clockMinutes({}, { minutes: 50 });
  it('add up to the slot when nothing else is said', () => {
    expect(Object.values(minutes).reduce((sum, each) => sum + each, 0)).toBe(50);
  });
  it('follow from the phase under way', () => {
    const since = new Date(on('09:30'));
    const slot = {
      startsAt: new Date(on('09:00')),
      clock: { phase: 'questions' as const, since, startedAt: since },
    };
    expect(clockFace(slot, minutes).phases.map(({ from }) => from)).toEqual([
      on('09:10'),
      on('09:30'),
      on('09:40'),
      on('09:55'),
    ]);
  });
});
