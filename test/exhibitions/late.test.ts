/** A room runs late: its later presentations move, and everybody's times with them. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listEntriesFrom } from '../../server/audit/audit-records.js';
import type { Clock } from '../../server/clock.js';
import { lateBy } from '../../server/exhibitions/slots/slot.js';
import { anExhibition, on } from '../harness/builders/exhibition.js';
import { publishSlot } from '../harness/builders/publishing.js';
import { fillSheet } from '../harness/builders/scores.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let time = '09:45';
const clock: Clock = { now: () => new Date(on(time)) };
let app: TestApp;
beforeAll(async () => {
  app = await startApp({ clock });
});
afterAll(() => app.close());

interface Day {
  slots: { id: string; startsAt: string; endsAt: string }[];
}

async function aDay() {
  time = '09:45';
  const day = await anExhibition(app);
  const first = await day.slotId();
  const second = await day.slotId({ student: 1, at: '10:00' });
  const elsewhere = await day.slotId({ student: 2, at: '10:00', room: 'Library' });
  await day.move('open');
  const late = (minutes: number, client = day.planner) =>
    client.post(`${day.path}/rooms/${encodeURIComponent('room 12')}/late`, { minutes });
  const times = async () => {
    const { slots } = (await day.planner.get(day.path)).json<Day>();
    const of = (id: string) => slots.find((slot) => slot.id === id)!;
    return [first, second, elsewhere].map(
      (id) => `${of(id).startsAt.slice(11, 16)}–${of(id).endsAt.slice(11, 16)}`,
    );
  };
  return { ...day, first, second, elsewhere, late, times };
}

describe('a room that runs late', () => {
  it('moves what follows there, lengthens what is under way, and leaves other rooms alone', async () => {
    const day = await aDay();
    const reply = await day.late(15);
    expect(reply.json()).toMatchObject({ room: 'Room 12', moved: 2, clashes: [] });
    expect(await day.times()).toEqual(['14:00–15:05', '15:15–16:05', '15:00–15:50']);
    const last = (await listEntriesFrom(day.home.scope, 1, 100)).at(-1);
    expect(last).toMatchObject({
      act: 'room.late',
      actorId: day.advisor.id,
      detail: { minutes: 15, slotIds: [day.first, day.second] },
    });
  });

  it('has caught up: back again, but never before now', async () => {
    const day = await aDay();
    await day.late(15);
    expect((await day.late(-10)).status).toBe(200);
    expect(await day.times()).toEqual(['14:00–14:55', '15:05–15:55', '15:00–15:50']);
    const early = await day.late(-30);
    expect([early.status, early.text]).toEqual([422, expect.stringContaining('has already passed')]);
    expect((await day.late(0)).status).toBe(422);
  });

  it('says who is needed in two places now, and moves all the same', async () => {
    const day = await aDay();
    const { person } = await day.join('Ruth Adeyemi', ['panelist']);
    const third = await day.slot({ student: 0, at: '11:00', room: 'Library', attempt: 2 });
    for (const slotId of [day.second, third.json<{ id: string }>().id])
      expect((await day.seat(slotId, { personId: person.id })).status).toBe(201);
    const { clashes } = (await day.late(30)).json<{ clashes: string[] }>();
    expect(clashes.join()).toContain('Ruth Adeyemi is in Library');
    expect((await day.times())[1]).toBe('15:30–16:20');
  });

  it('is said once by two people at the same moment: the later one is told who has said it, and when', async () => {
    const day = await aDay();
    const { client: office, person } = await day.join('Rosa Lind', ['registrar']);
    type Rooms = { rooms: { room: string; seen: string }[] };
    const { rooms } = (await day.planner.get(`${day.path}/rooms`)).json<Rooms>();
    const { seen } = rooms.find(({ room }) => room === 'Room 12')!;
    const says = (client: typeof office, body: object) =>
      client.post(`${day.path}/rooms/Room%2012/late`, { minutes: 10, ...body });
    expect((await says(office, {})).status).toBe(428);
    expect((await says(office, { seen })).status).toBe(200);
    const again = await says(day.planner, { seen });
    expect([again.status, again.json()]).toMatchObject([
      ...[409, { error: { code: 'stale', changes: [{ who: person.displayName, at: expect.any(String) }] } }],
    ]);
    expect(again.text).toContain('Rosa Lind changed this on');
    expect((await day.times())[1]).toBe('15:10–16:00');
  });

  it('catches up no further than the shortest presentation', async () => {
    const day = await aDay();
    time = '09:01';
    const early = await day.late(-46);
    expect([early.status, early.text]).toEqual([422, expect.stringContaining('minutes')]);
    expect((await day.late(-45)).status).toBe(200);
    expect((await day.times())[0]).toBe('14:00–14:05');
  });

  it('is told by the chair of its panel, by nobody else on it', async () => {
    const day = await aDay();
    const { person: chair, client } = await day.join('Ruth Adeyemi', ['panelist']);
    const { person: member, client: other } = await day.join('Ana Lima', ['panelist']);
    await day.seat(day.first, { personId: chair.id, role: 'teacher', chair: true });
    await day.seat(day.first, { personId: member.id });
    expect((await day.late(5, other)).status).toBe(403);
    const { roomSeen } = (await client.get(`/slots/${day.first}`)).json<{ roomSeen: string }>();
    const says = (body: object) => client.post(`${day.path}/rooms/Room%2012/late`, { minutes: 5, ...body });
    expect((await says({ seen: roomSeen })).status).toBe(200);
    const page = await client.get(`/slots/${day.first}`, { as: 'page' });
    expect(page.text).toContain('Running late');
  });

  it('leaves what is published where it was, and has nothing to move where all that is left is', async () => {
    const day = await aDay();
    const { person: judge, client } = await day.join('Ola Berg', ['advisor']);
    const { client: office } = await day.join('Mei Chen', ['registrar']);
    const seats = new Map<string, string>();
    for (const slotId of [day.first, day.second]) {
      const set = await day.seat(slotId, { personId: judge.id, role: 'teacher' });
      seats.set(slotId, set.json<{ seatId: string }>().seatId);
    }
    await day.move('score');
    const publish = async (slotId: string) => {
      await fillSheet(client, seats.get(slotId)!, ['meeting']);
      expect((await publishSlot(office, slotId)).status).toBe(200);
    };
    await publish(day.first);
    expect((await day.late(15)).json()).toMatchObject({ moved: 1 });
    expect(await day.times()).toEqual(['14:00–14:50', '15:15–16:05', '15:00–15:50']);
    await publish(day.second);
    expect((await day.late(15)).status).toBe(409);
    expect(await day.times()).toEqual(['14:00–14:50', '15:15–16:05', '15:00–15:50']);
  });

  it('has nothing to move when everybody has presented, or while it is a draft', async () => {
    const day = await aDay();
    time = '13:00';
    expect((await day.late(5)).status).toBe(409);
    const draft = await anExhibition(app);
    await draft.slotId({ at: '14:00' });
    const reply = await draft.planner.post(`${draft.path}/rooms/Room%2012/late`, { minutes: 5 });
    expect(reply.status).toBe(409);
  });
});

describe('times after a delay', () => {
  const slot = (at: string, minutes = 50) => ({ startsAt: new Date(on(at)), minutes });
  it('what is over stays as it was', () => {
    const after = lateBy([slot('07:00'), slot('09:00'), slot('10:00')], 10, new Date(on('09:20')));
    expect(after).toEqual([slot('09:00', 60), slot('10:10')]);
  });
  it('a presentation under way cannot be shortened to before now', () => {
    expect(lateBy([slot('09:00', 50)], -40, new Date(on('09:20')))).toBeNull();
  });
});
