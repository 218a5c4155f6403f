/**
 * Scoring on the day: before a presentation has begun, where somebody presents now, and where somebody did not come.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Clock } from '../../server/clock.js';
import { pressOnPage } from '../harness/browser-form.js';
import { anExhibition, on } from '../harness/builders/exhibition.js';
import { publishSlot } from '../harness/builders/publishing.js';
import { fillSheet } from '../harness/builders/scores.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let time = '09:20';
const clock: Clock = { now: () => new Date(on(time)) };
let app: TestApp;
beforeAll(async () => {
  app = await startApp({ clock });
});
afterAll(() => app.close());

/** Two presentations in a row before the same panelist; the first begins at nine. */
async function aDay() {
  time = '08:50';
  const day = await anExhibition(app);
  const { person, client } = await day.join('Femi Bello', ['panelist']);
  const office = await day.join('Mei Lin', ['registrar']);
  const slots = [await day.slotId(), await day.slotId({ student: 1, at: '10:00' })];
  const seats: string[] = [];
  for (const slotId of slots) {
    const reply = await day.seat(slotId, { personId: person.id, role: 'teacher', chair: true });
    seats.push(reply.json<{ seatId: string }>().seatId);
  }
  await day.move('open');
  await day.move('score');
  return { day, client, office: office.client, slots, seats };
}

describe('submitting before the presentation has begun', () => {
  it('asks first, on the page without a script as for programs; confirmed it is submitted', async () => {
    const { client, seats } = await aDay();
    const home = `/seats/${seats[0]!}/sheet`;
    await fillSheet(client, seats[0]!, ['meeting'], { submit: false });
    expect((await client.get(home)).json()).toMatchObject({ begun: false });
    const refused = await client.post(`${home}/submit`);
    expect([refused.status, refused.text]).toEqual([422, expect.stringContaining('"early"')]);
    const review = await client.get(`${home}/review`, { as: 'page' });
    expect(review.text).toContain('has not presented yet');
    const asked = await pressOnPage(client, review.text, 'Submit to the panel');
    expect([asked.status, asked.text]).toEqual([422, expect.stringContaining('f-early-problem')]);
    const done = await pressOnPage(client, asked.text, 'Submit to the panel', { early: true });
    expect(done.status).toBe(303);
    expect((await client.get(home)).json()).toMatchObject({ state: 'submitted' });
  });

  it('asks nothing once somebody has started the clock of the room, or the time has come', async () => {
    const { client, slots, seats } = await aDay();
    for (const seatId of seats) await fillSheet(client, seatId, ['meeting'], { submit: false });
    await client.post(`/slots/${slots[0]!}/clock`, { from: '' });
    expect((await client.post(`/seats/${seats[0]!}/sheet/submit`)).status).toBe(200);
    time = '10:00';
    expect((await client.post(`/seats/${seats[1]!}/sheet/submit`)).status).toBe(200);
  });
});

describe('the first thing that a panelist is led to', () => {
  it('is whoever presents now, also while an earlier sheet is owed', async () => {
    const { client, seats } = await aDay();
    time = '10:05';
    const page = await client.get('/seats', { as: 'page' });
    expect(/class="button primary" href="([^"]+)"/.exec(page.text)?.[1]).toBe(`/seats/${seats[1]!}/sheet`);
    const home = (await client.get('/')).json<{ next: { href: string } }>();
    expect(home.next.href).toBe(`/seats/${seats[1]!}/sheet`);
  });
});

describe('somebody who presents alone and did not come', () => {
  it('is marked absent: nothing is asked for, submitted or published, until they came after all', async () => {
    const { day, client, office, slots, seats } = await aDay();
    const slot = `/slots/${slots[0]!}`;
    const studentId = day.students[0]!.id;
    await fillSheet(client, seats[0]!, ['meeting'], { submit: false });
    const page = await day.planner.get(slot, { as: 'page' });
    expect((await pressOnPage(day.planner, page.text, 'Mark absent')).status).toBe(303);
    expect((await day.planner.get(slot)).json()).toMatchObject({ absent: true });
    expect((await day.planner.get(slot, { as: 'page' })).text).toContain('did not come');
    expect((await client.get(`/seats/${seats[0]!}/sheet`)).json()).toMatchObject({ takesScores: false });
    expect((await client.post(`/seats/${seats[0]!}/sheet/submit`)).status).toBe(409);
    time = '09:55';
    expect((await client.get('/')).json<{ next: { href: string } }>().next.href).toContain(seats[1]!);
    expect((await publishSlot(office, slots[0]!)).status).toBe(409);
    expect((await day.planner.post(`${slot}/members/absent`, { studentId, absent: false })).status).toBe(200);
    expect((await client.post(`/seats/${seats[0]!}/sheet/submit`)).status).toBe(200);
    expect((await publishSlot(office, slots[0]!)).status).toBe(200);
    const late = await day.planner.post(`${slot}/members/absent`, { studentId, absent: true });
    expect(late.status).toBe(409);
  });

  it('not by an advisor of somebody else, and nobody who does not present there', async () => {
    const { day, slots } = await aDay();
    const other = await day.join('Liam Byrne', ['advisor']);
    const body = { studentId: day.students[0]!.id, absent: true };
    expect((await other.client.post(`/slots/${slots[0]!}/members/absent`, body)).status).toBe(403);
    const wrong = { ...body, studentId: day.students[1]!.id };
    expect((await day.planner.post(`/slots/${slots[0]!}/members/absent`, wrong)).status).toBe(404);
  });
});
