/** What is printed for the doors: the timetable of the rooms, and all signs in one go. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DateTime } from 'luxon';
import { listEntriesFrom } from '../../server/audit/audit-records.js';
import { byRoomAndDay } from '../../server/exhibitions/board/by-room.js';
import { anExhibition, exhibitionDay, on } from '../harness/builders/exhibition.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { dayAfter, schoolZone } from '../harness/test-clock.js';

const nextDay = dayAfter(exhibitionDay);
const longDay = (day: string) =>
  DateTime.fromISO(day, { locale: 'en-US' }).toLocaleString({
    weekday: 'long',
    month: 'long',
    day: 'numeric',
  });
let time = '08:00';
let app: TestApp;
beforeAll(async () => {
  app = await startApp({ clock: { now: () => new Date(on(time)) } });
});
afterAll(() => app.close());

interface Sign {
  room: string;
  day: string;
  passUrl: string;
  code: string;
}

/** Two rooms today, one of them tomorrow as well. */
async function anOpenDay() {
  time = '08:00';
  const day = await anExhibition(app);
  const first = await day.slotId();
  await day.slotId({ student: 1, at: '11:00', room: 'Library' });
  await day.planner.post(`${day.path}/slots`, {
    studentId: day.students[2]!.id,
    startsAt: on('09:00', nextDay),
    room: 'library ',
  });
  await day.seat(first, { personId: day.advisor.id, chair: true });
  await day.move('open');
  return day;
}

describe('all signs at once', () => {
  it('one for each room and day, each opens its own door, and the page prints one sheet each', async () => {
    const day = await anOpenDay();
    const made = await day.planner.post(`${day.path}/signs`);
    expect(made.status).toBe(201);
    const { signs } = made.json<{ signs: Sign[] }>();
    expect(signs.map((sign) => [sign.room, sign.day])).toEqual([
      ['Library', exhibitionDay],
      ['Library', nextDay],
      ['Room 12', exhibitionDay],
    ]);
    expect(new Set(signs.map(({ code }) => code)).size).toBe(3);
    for (const { passUrl, room } of signs) {
      const landing = await app.visitor().get(new URL(passUrl).pathname);
      expect([landing.status, landing.json<{ room: string }>().room]).toEqual([200, room]);
    }
    const page = await day.planner.post(`${day.path}/signs`, {}, { as: 'page' });
    // Nothing is set here: the code would lead to this machine, and the page says so before it is printed.
    expect(page.text).toContain('set PUBLIC_URL to the address that people use');
    expect(page.text.match(/class="door-sign"/g)).toHaveLength(3);
    for (const shown of ['Room 12', '9:00 AM – 9:50 AM', 'Itzel Núñez', longDay(nextDay)])
      expect(page.text).toContain(shown);
    const acts = (await listEntriesFrom(day.home.scope, 1, 100)).map(({ act }) => act);
    expect(acts.filter((act) => act === 'room-pass.issue')).toHaveLength(6);
  });

  it('makes only those that are missing, and then those that hang go on working', async () => {
    const day = await anOpenDay();
    const hanging = await day.planner.post(`${day.path}/rooms/Room%2012/pass`);
    const old = new URL(hanging.json<Sign>().passUrl).pathname;
    const rooms = await day.planner.get(`${day.path}/rooms`, { as: 'page' });
    expect(rooms.text).toContain('Make the missing sign');
    const missing = await day.planner.post(`${day.path}/signs`, { only: 'missing' });
    expect(missing.json<{ signs: Sign[] }>().signs.map(({ room }) => room)).toEqual(['Library', 'Library']);
    expect((await app.visitor().get(old)).status).toBe(200);
    expect((await day.planner.post(`${day.path}/signs`, { only: 'missing' })).status).toBe(409);
    await day.planner.post(`${day.path}/signs`);
    expect((await app.visitor().get(old)).status).toBe(404);
  });

  it('none for rooms in which everybody has presented, none before the exhibition opens', async () => {
    const day = await anOpenDay();
    time = '10:30';
    const { signs } = (await day.planner.post(`${day.path}/signs`)).json<{ signs: Sign[] }>();
    expect(signs.map(({ room }) => room)).toEqual(['Library', 'Library']);
    await day.move('withdraw', 'Not yet.');
    expect((await day.planner.post(`${day.path}/signs`)).status).toBe(409);
  });
});

describe('the timetable of the rooms', () => {
  it('has a page for each room and day with who presents before whom', async () => {
    const day = await anOpenDay();
    const { rooms } = (await day.planner.get(`${day.path}/timetable`)).json<{
      rooms: { room: string; day: string; slots: { studentName: string; panel: object[] }[] }[];
    }>();
    expect(rooms.map((each) => [each.room, each.day, each.slots.length])).toEqual([
      ['Library', exhibitionDay, 1],
      ['Library', nextDay, 1],
      ['Room 12', exhibitionDay, 1],
    ]);
    expect(rooms[2]?.slots).toMatchObject([
      { studentName: 'Itzel Núñez', panel: [{ name: 'Amara Okafor', chair: true }] },
    ]);
    const page = await day.planner.get(`${day.path}/timetable`, { as: 'page' });
    expect(page.text.match(/class="timetable"/g)).toHaveLength(3);
    const css = (await app.visitor().get('/assets/styles/exhibition-door.print.css')).text;
    expect(css).toMatch(/\.timetable \+ \.timetable\s*\{\s*break-before: page/);
  });

  it('rooms are told apart by what they are called, days by the school’s midnight', () => {
    const at = (room: string, startsAt: string) => ({ room, startsAt: new Date(startsAt) });
    const doors = byRoomAndDay(
      [
        at('Room 10', on('09:00')),
        at('room 2', on('23:30')),
        at('Room 2', on('09:00')),
        at('Room 2', on('00:30', nextDay)),
      ],
      schoolZone,
    );
    expect(doors.map(({ roomKey, day, slots }) => [roomKey, day, slots.length])).toEqual([
      ['room 2', exhibitionDay, 2],
      ['room 2', nextDay, 1],
      ['room 10', exhibitionDay, 1],
    ]);
  });
});
