import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { saveGroup } from '../../server/exhibitions/slots/slot-records.js';
import { getSeat, saveSeatMembers } from '../../server/exhibitions/seats/seat-records.js';
import { nothingSaid, type Attendance } from '../../server/people/attendance.js';
import { savePersonChange } from '../../server/people/people-records.js';
import { aBarredPanel, laterDay } from '../harness/builders/attempts.js';
import { anExhibition, type TestExhibition } from '../harness/builders/exhibition.js';
import type { MadePass } from '../harness/builders/panel.js';
import type { Client } from '../harness/client.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

interface ShownSeat {
  id: string;
  conflict: { state: string; accepted: boolean; seen: string } | null;
}

const records = (day: Pick<TestExhibition, 'home'>, personId: string, said: Partial<Attendance>) =>
  savePersonChange(day.home.scope, personId, { attendance: { ...nothingSaid, ...said } });
const shown = async (day: TestExhibition, slotId: string, seatId: string) =>
  (await day.planner.get(`/slots/${slotId}`))
    .json<{ seats: ShownSeat[] }>()
    .seats.find(({ id }) => id === seatId)!.conflict;
const accept = (client: Client, seatId: string, seen: string | undefined) =>
  client.post(`/seats/${seatId}/accept-conflict`, { acceptReason: 'Nobody else speaks Korean', seen });
const stopped = (reply: { status: number; json<T>(): T }) => [
  reply.status,
  reply.json<{ error?: { code: string } }>().error?.code,
];
const no = [409, 'conflict-of-interest'];

/** A guest with a pass of their own, before the first of two students who present. */
async function aGuest() {
  const day = await anExhibition(app);
  const slotId = await day.slotId();
  const made = (await day.seat(slotId, { name: 'Jun Sato', role: 'guest' })).json<MadePass>();
  const { personId } = await getSeat(day.home.scope, made.seatId);
  await day.move('score');
  const sheet = `/seats/${made.seatId}/sheet`;
  return { day, slotId, personId, seatId: made.seatId, sheet, pass: new URL(made.passUrl).pathname };
}

describe('a conflict of interest that is recorded later', () => {
  it('keeps a guest with a pass of their own out, and off the sheet where they are in', async () => {
    const { day, personId, seatId, sheet, pass } = await aGuest();
    const inside = app.visitor();
    expect((await inside.post(pass, {})).status).toBe(200);
    expect((await inside.get(sheet)).status).toBe(200);
    await records(day, personId, { conflictIds: [day.students[0]!.id] });
    expect(stopped(await inside.get(sheet))).toEqual(no);
    expect(stopped(await inside.post(`/seats/${seatId}/sheet/submit`, {}))).toEqual(no);
    const outside = app.visitor();
    expect(stopped(await outside.post(pass, {}))).toEqual(no);
    const told = await app.visitor().post(pass, {}, { as: 'page' });
    expect([told.status, told.text.includes('you shouldn’t score a student')]).toEqual([409, true]);
  });

  it('stops whoever signs in just the same', async () => {
    const day = await anExhibition(app);
    const slotId = await day.slotId();
    const { client, person } = await day.join('Pat', ['panelist']);
    const made = await day.seat(slotId, { personId: person.id, role: 'teacher' });
    const sheet = `/seats/${made.json<MadePass>().seatId}/sheet`;
    await day.move('score');
    expect((await client.get(sheet)).status).toBe(200);
    await records(day, person.id, { conflictIds: [day.students[1]!.id] });
    expect((await client.get(sheet)).status).toBe(200);
    await records(day, person.id, { conflictIds: [day.students[0]!.id] });
    expect(stopped(await client.get(sheet))).toEqual(no);
  });

  it('is accepted on the page of the presentation with a reason, which covers what was seen and nothing later', async () => {
    const { day, slotId, personId, seatId, sheet, pass } = await aGuest();
    const [one, other] = day.students.map(({ id }) => id);
    await records(day, personId, { conflictIds: [one!] });
    const form = await day.planner.get(`/slots/${slotId}`, { as: 'page' });
    expect(form.text).toContain(`/seats/${seatId}/accept-conflict`);
    const seen = (await shown(day, slotId, seatId))?.seen;
    expect((await accept(day.planner, seatId, undefined)).status).toBe(428);
    await records(day, personId, { conflictIds: [one!], conflictWords: 'Also my niece' });
    expect(stopped(await accept(day.planner, seatId, seen))).toEqual([409, 'stale']);
    await records(day, personId, { conflictIds: [one!] });
    expect((await accept(day.planner, seatId, seen)).status).toBe(200);
    expect(stopped(await accept(day.planner, seatId, seen))).toEqual([409, 'no-conflict']);
    expect(await shown(day, slotId, seatId)).toMatchObject({ state: 'declared', accepted: true });
    const guest = app.visitor();
    expect((await guest.post(pass, {})).status).toBe(200);
    expect((await guest.get(sheet)).status).toBe(200);

    // Another student, with whom they have a conflict as well, presents there too.
    await records(day, personId, { conflictIds: [one!, other!] });
    expect((await guest.get(sheet)).status).toBe(200);
    const members = [one!, other!].map((studentId) => ({ studentId, slotId, absent: false }));
    await saveGroup(day.home.scope, slotId, { title: '', members });
    await saveSeatMembers(day.home.scope, slotId, members);
    expect(await shown(day, slotId, seatId)).toMatchObject({ state: 'declared', accepted: false });
    expect(stopped(await guest.get(sheet))).toEqual(no);
  });
});

describe('presenting again before the same panel', () => {
  it('names whoever must not score the student, and takes a reason on screen and in JSON', async () => {
    const panel = await aBarredPanel(app);
    await panel.publish();
    const [first] = panel.seats;
    await records(panel, first!.personId, { conflictIds: [panel.people.student.id] });
    const refused = await panel.planNext('registrar');
    expect(refused.status).toBe(422);
    expect(
      refused.json<{ error: { fields: { field: string }[] } }>().error.fields.map(({ field }) => field),
    ).toEqual(['samePanel', 'conflictReason']);
    const office = await panel.as('registrar');
    const body = { exhibitionId: panel.exhibitionId, room: 'Room 9', samePanel: 'yes' };
    const page = await office.post(
      `/slots/${panel.slotId}/next-attempt`,
      { ...body, startsAt: laterDay(1) },
      { as: 'page' },
    );
    expect([page.status, page.text.includes('id="f-again-conflictReason"')]).toEqual([422, true]);
    const planned = await panel.planNext('registrar', { conflictReason: 'They know the work' });
    expect([planned.status, planned.json()]).toMatchObject([201, { seated: 2 }]);
  });
});
