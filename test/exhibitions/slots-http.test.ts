import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../harness/start-app.js';
import { anExhibition, on } from '../harness/builders/exhibition.js';

interface Problem {
  error: { code: string; message: string; fields?: { field: string; message: string }[] };
}

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

describe('slots', () => {
  it('a whole room is planned in one go, one after another', async () => {
    const day = await anExhibition(app);
    const reply = await day.planner.post(`${day.path}/slots`, {
      studentIds: day.students.map((student) => student.id),
      startsAt: on('09:00'),
      room: 'Library',
      pause: 10,
    });
    expect(reply.status).toBe(201);
    const { slots } = reply.json<{ slots: { startsAt: string; minutes: number }[] }>();
    expect(slots.map((slot) => slot.startsAt)).toEqual([on('09:00'), on('10:00'), on('11:00')]);
    expect(slots.every((slot) => slot.minutes === 50)).toBe(true);
  });

  it.each([
    ['the room is taken', { student: 1, at: '09:30' }, 'room', 'Room 12 is taken'],
    [
      'the student is elsewhere',
      { student: 0, at: '09:30', room: 'Library', attempt: 2 },
      'studentId',
      'Itzel Núñez is in Room 12',
    ],
    ['the student has this attempt already', { student: 0, at: '13:00' }, 'attempt', 'plan attempt 2'],
  ])('refuses when %s and says who, where and when', async (_name, input, field, message) => {
    const day = await anExhibition(app);
    await day.slotId();
    const reply = await day.slot(input);
    expect(reply.status).toBe(422);
    const [problem] = reply.json<Problem>().error.fields ?? [];
    expect(problem?.field).toBe(field);
    expect(problem?.message).toContain(message);
  });

  it('several are added all together or not at all', async () => {
    const day = await anExhibition(app);
    const slots = [
      { studentId: day.students[0]!.id, startsAt: on('09:00'), room: 'Library' },
      { studentId: day.students[1]!.id, startsAt: on('09:20'), room: 'Library' },
    ];
    const reply = await day.planner.post(`${day.path}/slots`, { slots });
    expect(reply.json<Problem>().error.fields?.[0]?.field).toBe('slots.1.room');
    expect((await day.planner.get(day.path)).json<{ slotCount: number }>().slotCount).toBe(0);
  });

  it('presenting again is another attempt beside the first', async () => {
    const day = await anExhibition(app);
    const first = await day.slotId();
    const again = await day.slot({ at: '13:00', attempt: 2 });
    expect(again.status).toBe(201);
    const { slots } = (await day.planner.get(day.path)).json<{ slots: { id: string; attempt: number }[] }>();
    expect(slots.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(slots[0]?.id).toBe(first);
  });

  it('of planners who want one room at one time, exactly one gets it', async () => {
    const day = await anExhibition(app, { students: 6 });
    const replies = await Promise.all(day.students.map((_each, student) => day.slot({ student })));
    expect(replies.map((reply) => reply.status).sort()).toEqual([201, 422, 422, 422, 422, 422]);
    expect((await day.planner.get(day.path)).json<{ slotCount: number }>().slotCount).toBe(1);
  });

  it('one student clicked twice has one slot', async () => {
    const day = await anExhibition(app);
    const replies = await Promise.all(['Room 1', 'Room 2', 'Room 3'].map((room) => day.slot({ room })));
    expect(replies.map((reply) => reply.status).sort()).toEqual([201, 422, 422]);
  });

  it('moves to a free time, keeps its own, and is refused where the panel sits elsewhere', async () => {
    const day = await anExhibition(app);
    const [first, second] = [
      await day.slotId(),
      await day.slotId({ student: 1, at: '11:00', room: 'Library' }),
    ];
    for (const id of [first, second]) await day.seat(id, { personId: day.advisor.id });
    const change = (startsAt: string) =>
      day.planner.put(`/slots/${first}`, { startsAt, minutes: 50, room: 'Room 12' });
    expect((await change(on('09:10'))).status).toBe(200);
    const clash = await change(on('10:30'));
    expect(clash.status).toBe(422);
    expect(clash.json<Problem>().error.fields).toEqual([
      { field: 'startsAt', message: expect.stringContaining('Amara Okafor is in Library') },
    ]);
  });

  it('is taken out with its seats while nothing was written', async () => {
    const day = await anExhibition(app);
    const slotId = await day.slotId();
    await day.seat(slotId, { personId: day.advisor.id });
    expect((await day.planner.post(`/slots/${slotId}/remove`)).status).toBe(200);
    expect((await day.planner.get(`/slots/${slotId}`)).status).toBe(404);
    expect((await day.planner.get('/seats')).json<{ total: number }>().total).toBe(0);
  });
});
