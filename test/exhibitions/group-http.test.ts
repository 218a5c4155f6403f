/**
 * Groups that present together: planned as one presentation, moved and taken out as one, each member with a
 * slot of their own.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../harness/start-app.js';
import { anExhibition, on, type TestExhibition } from '../harness/builders/exhibition.js';
import { aGroup } from '../harness/builders/group.js';
import { pressOnPage } from '../harness/browser-form.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

interface SlotAnswer {
  id: string;
  studentName: string;
  startsAt: string;
  room: string;
  revision: number;
  group: { title: string; members: { slotId: string; studentId: string; name: string; absent: boolean }[] };
}
interface Problem {
  error: { code: string; message: string; fields?: { field: string; message: string }[] };
}

const plan = (day: TestExhibition, more: object = {}) =>
  day.planner.post(`${day.path}/slots`, {
    studentIds: day.students.slice(0, 3).map(({ id }) => id),
    startsAt: on('09:00'),
    room: 'Room 12',
    together: 'yes',
    ...more,
  });

async function planned(day: TestExhibition, more: object = {}): Promise<SlotAnswer> {
  const reply = await plan(day, more);
  expect(reply.status).toBe(201);
  return reply.json<{ slots: SlotAnswer[] }>().slots[0]!;
}

describe('planning a group', () => {
  it('is one presentation with every member', async () => {
    const day = await anExhibition(app);
    const slot = await planned(day, { groupTitle: 'The bridge builders' });
    expect(slot.studentName).toBe('The bridge builders');
    expect(slot.group.members.map(({ name }) => name)).toEqual(['Itzel Núñez', 'Yonas Tesfaye', 'Mei Lin']);
    const board = (await day.planner.get(day.path)).json<{
      slots: SlotAnswer[];
      counts: { slots: number };
    }>();
    expect([board.slots.length, board.counts.slots]).toEqual([1, 1]);
    expect((await planned(await anExhibition(app))).studentName).toBe('Itzel Núñez, Yonas Tesfaye, Mei Lin');
  });

  it('every member, on whatever slot of theirs, comes to the same page, and nobody else does', async () => {
    const day = await anExhibition(app);
    const third = await day.join('Soo-ah Kim', ['student']);
    const stranger = await day.join('Ada Park', ['student']);
    const studentIds = [...day.students.slice(0, 2).map(({ id }) => id), third.person.id];
    const slot = await planned(day, { studentIds });
    await day.move('open');
    const own = slot.group.members[2]!.slotId;
    expect(own).not.toBe(slot.id);
    expect((await third.client.get(`/slots/${own}`)).json<SlotAnswer>().id).toBe(slot.id);
    expect((await third.client.get('/', { as: 'page' })).text).toContain(`/slots/${own}`);
    expect((await stranger.client.get(`/slots/${own}`)).status).toBe(403);
  });

  it('moves as one, and every calendar of the group follows', async () => {
    const day = await anExhibition(app);
    const slot = await planned(day);
    const member = slot.group.members[1]!.slotId;
    const moved = await day.planner.put(`/slots/${member}`, {
      startsAt: on('11:00'),
      minutes: 40,
      room: 'Library',
      revision: slot.revision,
    });
    expect(moved.json<SlotAnswer>()).toMatchObject({ id: slot.id, room: 'Library', startsAt: on('11:00') });
    const { findSlot } = await import('../../server/exhibitions/slots/slot-records.js');
    expect(await findSlot(day.home.scope, member)).toMatchObject({
      room: 'Library',
      minutes: 40,
      revision: 1,
    });
  });

  it('nobody of a group can be anywhere else at that time', async () => {
    const day = await anExhibition(app, { students: 5 });
    const slot = await planned(day);
    const seated = await day.seat(slot.id, { name: 'Jun Sato', role: 'guest' });
    expect(seated.status).toBe(201);
    const again = await day.slot({ student: 2, at: '09:20', room: 'Library', attempt: 2 });
    expect(again.json<Problem>().error.fields?.[0]?.message).toContain('Mei Lin is in Room 12');
    const other = await day.slotId({ student: 3, at: '09:00', room: 'Library' });
    const peer = await day.seat(other, { personId: day.students[1]!.id, role: 'peer' });
    expect(peer.status).toBe(422);
    const own = await day.seat(slot.id, { personId: day.students[2]!.id, role: 'peer' });
    expect(own.json<Problem>().error.fields?.[0]?.message).toContain('own presentation');
  });

  it.each([
    ['somebody twice', (day: TestExhibition) => ({ withIds: [day.students[0]!.id] }), 'named twice'],
    ['somebody of nowhere', () => ({ withIds: ['nobody'] }), 'no such student'],
  ])('refuses %s', async (_name, more, message) => {
    const day = await anExhibition(app);
    const reply = await day.planner.post(`${day.path}/slots`, {
      studentId: day.students[0]!.id,
      startsAt: on('09:00'),
      room: 'Room 12',
      ...more(day),
    });
    expect(reply.status).toBe(422);
    expect(reply.text).toContain(message);
  });

  it('has no place at a gallery', async () => {
    const day = await anExhibition(app, { format: 'gallery' });
    expect((await plan(day)).json<Problem>().error.fields?.[0]?.message).toContain('a stand of their own');
    const panels = await anExhibition(app);
    await planned(panels);
    const turned = await panels.planner.put(panels.path, {
      ...{ termId: panels.home.termId, title: 'Fall exhibitions', format: 'gallery', rubric: 'exhibition' },
      ...{ startsAt: on('09:00'), place: 'Main hall', slotMinutes: 50 },
    });
    expect([turned.status, turned.text]).toEqual([422, expect.stringContaining('a stand of their own')]);
  });

  it('goes as a whole', async () => {
    const day = await anExhibition(app);
    const slot = await planned(day);
    const removed = await day.planner.post(`/slots/${slot.group.members[1]!.slotId}/remove`);
    expect(removed.json<{ removed: string }>().removed).toBe(slot.id);
    for (const { slotId } of slot.group.members)
      expect((await day.planner.get(`/slots/${slotId}`)).status).toBe(404);
    expect((await plan(day)).status).toBe(201);
  });
});

describe('who is in the group', () => {
  it('grows from one and shrinks again, until a panelist has begun', async () => {
    const group = await aGroup(app);
    const mate = { studentId: group.members[2]!.student.id };
    const path = `/slots/${group.slotId}/members`;
    const less = await group.registrar.post(`${path}/remove`, mate);
    expect(less.json<SlotAnswer>().group.members).toHaveLength(2);
    expect((await group.registrar.get(`/slots/${group.members[2]!.slotId}`)).status).toBe(404);
    // Found by a part of the name, also without script; whoever presents already is not offered.
    const search = `/slots/${group.slotId}?findStudent=${encodeURIComponent('Mei L')}`;
    const { text } = await group.registrar.get(search, { as: 'page' });
    const offered = (id: string) => text.includes(`type="radio" name="studentId" value="${id}"`);
    expect([mate.studentId, group.members[1]!.student.id].map(offered)).toEqual([true, false]);
    const again = await pressOnPage(group.registrar, text, 'Add to the group', { studentId: mate.studentId });
    expect(again.status).toBe(303);

    await (
      await group.as('panelist-0')
    ).post(`/seats/${group.seats[0]!.id}/sheet/operations`, {
      operations: [{ id: 'words-1-1', kind: 'set-overall', comment: 'A strong beginning' }],
    });
    for (const reply of [
      await group.registrar.post(path, { studentId: group.people.otherStudent.id }),
      await group.registrar.post(`${path}/remove`, mate),
    ]) {
      expect(reply.status).toBe(409);
      expect(reply.text).toContain('started to score');
    }
  });

  it('the first one stays, and somebody has to be left', async () => {
    const group = await aGroup(app);
    const first = { studentId: group.members[0]!.student.id };
    expect((await group.registrar.post(`/slots/${group.slotId}/members/remove`, first)).status).toBe(409);
    expect((await group.absent(0)).status).toBe(200);
    expect((await group.absent(1)).status).toBe(200);
    const last = await group.absent(2);
    expect(last.status).toBe(409);
    expect(last.text).toContain('Nobody would be left');
    expect(
      (await group.absent(0, false)).json<SlotAnswer>().group.members.map(({ absent }) => absent),
    ).toEqual([false, true, false]);
  });

  it('is changed by those who plan alone', async () => {
    const group = await aGroup(app);
    const [panelist, member] = [await group.as('panelist-0'), group.members[1]!.client];
    for (const client of [panelist, member])
      for (const act of ['', '/remove', '/absent'])
        expect(
          (
            await client.post(`/slots/${group.slotId}/members${act}`, {
              studentId: group.people.otherStudent.id,
            })
          ).status,
        ).toBe(403);
  });
});
