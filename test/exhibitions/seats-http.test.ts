import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findPerson, savePersonChange } from '../../server/people/people-records.js';
import {
  getSeat,
  listSeatsOfSlot,
  saveArrived,
  saveSeat,
} from '../../server/exhibitions/seats/seat-records.js';
import { nothingSaid, type Attendance } from '../../server/people/attendance.js';
import { anExhibition, type TestExhibition } from '../harness/builders/exhibition.js';
import { aGuestPass, type MadePass } from '../harness/builders/panel.js';
import { startApp, type TestApp } from '../harness/start-app.js';

interface Problem {
  error: { message: string; fields?: { field: string; message: string }[] };
}

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

describe('a conflict of interest', () => {
  const said = async (day: TestExhibition, attendance: Partial<Attendance>) => {
    const person = await day.home.person({ name: 'Jane Doe', roles: ['guest'] });
    await savePersonChange(day.home.scope, person.id, { attendance: { ...nothingSaid, ...attendance } });
    return person.id;
  };
  const fieldsOf = (reply: { json<T>(): T }) => reply.json<Problem>().error.fields?.map(({ field }) => field);

  it('asks for a reason before somebody sits in front of a student they must not score; page and board show it', async () => {
    const day = await anExhibition(app);
    const slotId = await day.slotId();
    const studentId = day.students[0]!.id;
    const personId = await said(day, { conflictIds: [studentId] });
    const asked = { personId, role: 'guest' };
    const refused = await day.planner.post(`/slots/${slotId}/seats`, asked);
    expect(refused.status).toBe(422);
    expect(fieldsOf(refused)).toEqual(['personId', 'conflictReason']);
    const form = await day.planner.post(`/slots/${slotId}/seats`, asked, { as: 'page' });
    expect(form.text).toContain('name="conflictReason"');
    expect(await listSeatsOfSlot(day.home.scope, slotId)).toEqual([]);
    const made = await day.planner.post(`/slots/${slotId}/seats`, {
      ...asked,
      conflictReason: 'Nobody else speaks Korean',
    });
    expect(made.status).toBe(201);
    const shown = (await day.planner.get(`/slots/${slotId}`)).json<object>();
    expect(shown).toMatchObject({
      seats: [{ conflict: { state: 'declared', accepted: true } }],
      moveReasons: [{ reason: 'Nobody else speaks Korean' }],
    });
    const board = (await day.planner.get(day.path)).json<{ broken: { rule: string; slotIds: string[] }[] }>();
    expect(board.broken).toContainEqual(
      expect.objectContaining({ rule: 'declared-conflict', slotIds: [slotId] }),
    );
    const other = await day.slotId({ student: 1, at: '11:00' });
    expect((await day.planner.post(`/slots/${other}/seats`, asked)).status).toBe(201);
  });

  it('words that nobody has settled ask as well, also of whom is found by name and address, and the office sees them on the page of the person', async () => {
    const day = await anExhibition(app);
    const slotId = await day.slotId();
    const personId = await said(day, { conflictWords: 'I am the aunt of somebody' });
    await savePersonChange(day.home.scope, personId, { email: 'jane@doe.example' });
    const refused = await day.planner.post(`/slots/${slotId}/seats`, {
      ...{ name: 'Jane Doe', email: 'jane@doe.example', role: 'guest' },
    });
    expect([refused.status, fieldsOf(refused)]).toEqual([422, ['name', 'conflictReason']]);
    const { client: registrar } = await day.join('Reg', ['registrar']);
    const page = await registrar.get(`/people/${personId}`, { as: 'page' });
    expect(page.text).toContain('I am the aunt of somebody');
    // Whoever was seated before anybody wrote something is marked.
    await saveSeat(day.home.scope, {
      ...{ id: `of-${personId}`, schoolId: day.home.school.id, slotId, exhibitionId: day.exhibitionId },
      ...{
        studentId: day.students[0]!.id,
        personId,
        name: 'Jane Doe',
        role: 'guest',
        chair: false,
        pass: null,
      },
      ...{ createdAt: app.context.clock.now(), createdBy: personId },
    });
    expect((await day.planner.get(`/slots/${slotId}`)).json()).toMatchObject({
      seats: [{ conflict: { state: 'unsettled', accepted: false } }],
    });
    const board = (await day.planner.get(day.path)).json<{ broken: { rule: string }[] }>();
    expect(board.broken.map(({ rule }) => rule)).toContain('unsettled-conflict');
  });

  it('nobody joins a presentation before a panelist who must not score them', async () => {
    const day = await anExhibition(app);
    const slotId = await day.slotId();
    const personId = await said(day, { conflictIds: [day.students[1]!.id] });
    expect((await day.planner.post(`/slots/${slotId}/seats`, { personId, role: 'guest' })).status).toBe(201);
    const refused = await day.planner.post(`/slots/${slotId}/members`, { studentId: day.students[1]!.id });
    expect([refused.status, fieldsOf(refused)]).toEqual([422, ['studentId']]);
  });
});

describe('setting the panel', () => {
  it('a guest becomes a person of the school and gets a pass that is stored only as hashes', async () => {
    const day = await anExhibition(app);
    const slotId = await day.slotId();
    const made = (
      await day.seat(slotId, { name: '  Jun Sato ', organisation: 'Harbor Lab', role: 'guest' })
    ).json<MadePass>();
    expect(made.passUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/pass\/[\w-]{32}$/);
    expect(made.code).toMatch(/^[0-9A-Z]{3} [0-9A-Z]{3}$/);
    const seat = await getSeat(day.home.scope, made.seatId);
    expect(await findPerson(day.home.scope, seat.personId)).toMatchObject({
      displayName: 'Jun Sato',
      organisation: 'Harbor Lab',
      roles: ['guest'],
    });
    const stored = JSON.stringify(seat);
    expect(stored).not.toContain(made.passUrl.split('/').at(-1));
    expect(stored).not.toContain(made.code.replace(' ', ''));
  });

  it('a guest with a known e-mail is the same person again', async () => {
    const day = await anExhibition(app);
    const slots = [await day.slotId(), await day.slotId({ student: 1, at: '11:00' })];
    const seats = [];
    for (const slotId of slots) {
      const made = (
        await day.seat(slotId, { name: 'Jun Sato', email: 'Jun@lab.example', role: 'guest' })
      ).json<MadePass>();
      seats.push(await getSeat(day.home.scope, made.seatId));
    }
    expect(seats[0]?.personId).toBe(seats[1]?.personId);
  });

  it('an address alone is nobody: of a family that shares one each is seated as who they are', async () => {
    const day = await anExhibition(app);
    const slotId = await day.slotId();
    const email = 'home@doe.example';
    const known = async (name: string) => {
      const { id } = await day.home.person({ name, roles: ['guest'] });
      await savePersonChange(day.home.scope, id, { email });
      return id;
    };
    await known('John Doe');
    const seat = (name: string, more: object = { email }) =>
      day.seat(slotId, { name, role: 'family', ...more });
    const asked = await seat('Jane Doe');
    expect(asked.status).toBe(422);
    expect(asked.json<Problem>().error.fields?.map(({ field }) => field)).toEqual(['email']);
    expect(asked.text).not.toContain('John');
    const joanId = await known('Joan Doe');
    for (const [reply, who] of [
      [await seat('Jane Doe', {}), { name: 'Jane Doe' }],
      [await seat('Doe, Joan'), { name: 'Joan Doe', personId: joanId }],
    ] as const)
      expect(await getSeat(day.home.scope, reply.json<MadePass>().seatId)).toMatchObject(who);
  });

  it('somebody of the school sits in their usual role, without a pass unless asked for', async () => {
    const day = await anExhibition(app);
    const slotId = await day.slotId();
    const teacher = await day.join('Liam Byrne', ['advisor']);
    const mentor = await day.home.person({ name: 'Femi Bello', roles: ['panelist'] });
    expect((await day.seat(slotId, { personId: day.advisor.id, chair: true })).json()).toMatchObject({
      passUrl: null,
      code: null,
    });
    await day.seat(slotId, { personId: teacher.person.id });
    await day.seat(slotId, { personId: day.students[1]!.id });
    const asked = await day.seat(slotId, { personId: mentor.id, role: 'mentor', pass: true });
    expect(asked.json<MadePass>().passUrl).toContain('/pass/');
    const seats = await listSeatsOfSlot(day.home.scope, slotId);
    expect(seats.map((seat) => [seat.role, seat.chair])).toEqual([
      ['advisor', true],
      ['teacher', false],
      ['peer', false],
      ['mentor', false],
    ]);
  });

  it('the chair goes to the one named last', async () => {
    const day = await anExhibition(app);
    const slotId = await day.slotId();
    const teacher = await day.join('Liam Byrne', ['advisor']);
    await day.seat(slotId, { personId: day.advisor.id, chair: true });
    // As the form sends it.
    const form = { personId: teacher.person.id, role: 'teacher', chair: 'yes' };
    await day.planner.post(`/slots/${slotId}/seats`, form, { as: 'page' });
    const seats = await listSeatsOfSlot(day.home.scope, slotId);
    expect(seats.filter((seat) => seat.chair).map((seat) => seat.name)).toEqual(['Liam Byrne']);
    // Another planner's page shows the chair from before.
    const third = { ...form, personId: (await day.join('Ana Lima', ['panelist'])).person.id };
    const before = seats.find((seat) => !seat.chair)!.id;
    const stale = await day.planner.post(`/slots/${slotId}/seats`, { ...third, chairNow: before });
    expect([stale.status, stale.text]).toEqual([
      ...[409, expect.stringContaining('Amara Okafor gave the chair to Liam Byrne on')],
    ]);
    const unseen = await day.planner.post(`/slots/${slotId}/seats`, { ...third, chairNow: undefined });
    expect([unseen.status, (await listSeatsOfSlot(day.home.scope, slotId)).length]).toEqual([428, 2]);
  });

  it('nobody who has come since is taken off', async () => {
    const day = await anExhibition(app);
    const slotId = await day.slotId();
    const judge = await day.join('Ana Lima', ['panelist']);
    const { seatId } = (await day.seat(slotId, { personId: judge.person.id })).json<{ seatId: string }>();
    type Seats = { seats: { id: string; seen: string }[] };
    const [{ seen }] = (await day.planner.get(`/slots/${slotId}`)).json<Seats>().seats as [
      Seats['seats'][number],
    ];
    await saveArrived(day.home.scope, [seatId], { arrivedAt: app.context.clock.now(), notHereAt: null });
    const remove = (body: object) => day.planner.post(`/seats/${seatId}/remove`, body);
    expect((await remove({ seen: undefined })).status).toBe(428);
    const stale = await remove({ seen });
    expect([stale.status, stale.json()]).toMatchObject([409, { error: { code: 'stale' } }]);
    expect((await remove({})).status).toBe(200);
  });

  it.each<
    [string, (day: Awaited<ReturnType<typeof anExhibition>>) => Record<string, unknown>, string, string]
  >([
    ['nobody', () => ({ role: 'guest' }), 'name', 'Choose a person, or type a name'],
    ['an unknown person', () => ({ personId: 'nobody' }), 'personId', 'no such person'],
    [
      'the presenter',
      (day) => ({ personId: day.students[0]!.id, role: 'peer' }),
      'personId',
      'own presentation',
    ],
    [
      'a student as a guest',
      (day) => ({ personId: day.students[1]!.id, role: 'guest' }),
      'personId',
      'as peers',
    ],
    ['a typed-in teacher', () => ({ name: 'Jun Sato', role: 'teacher' }), 'role', 'choose a person'],
    [
      'a guest with the chair',
      () => ({ name: 'Jun Sato', role: 'guest', chair: true }),
      'chair',
      'advisor or another member of the staff',
    ],
    ['a role that does not exist', () => ({ name: 'Jun Sato', role: 'king' }), 'role', ''],
    ['a broken e-mail', () => ({ name: 'Jun Sato', role: 'guest', email: 'jun' }), 'email', 'email'],
  ])('refuses %s beside the field', async (_name, body, field, message) => {
    const day = await anExhibition(app);
    const slotId = await day.slotId();
    const reply = await day.seat(slotId, body(day));
    expect(reply.status).toBe(422);
    const [problem] = reply.json<Problem>().error.fields ?? [];
    expect(problem?.field).toBe(field);
    expect(problem?.message).toContain(message);
    const form = await day.planner.post(`/slots/${slotId}/seats`, body(day), { as: 'page' });
    expect(form.status).toBe(422);
    expect(form.text).toContain('error-summary');
  });

  it('refuses whoever sits or presents elsewhere at that time, and lets them sit afterwards', async () => {
    const day = await anExhibition(app);
    const [first, meanwhile, after] = [
      await day.slotId(),
      await day.slotId({ student: 1, at: '09:30', room: 'Library' }),
      await day.slotId({ student: 2, at: '10:00' }),
    ];
    await day.seat(first, { personId: day.advisor.id });
    const clash = await day.seat(meanwhile, { personId: day.advisor.id });
    expect(clash.json<Problem>().error.fields?.[0]?.message).toMatch(/^Amara Okafor is in Room 12 from 9:00/);
    expect((await day.seat(meanwhile, { personId: day.students[0]!.id, role: 'peer' })).status).toBe(422);
    expect((await day.seat(after, { personId: day.advisor.id })).status).toBe(201);
  });

  it('visitors of a gallery may sit at several stands at once', async () => {
    const day = await anExhibition(app, { format: 'gallery' });
    const stands = [await day.slotId({ room: 'Hall' }), await day.slotId({ student: 1, room: 'Hall' })];
    for (const stand of stands)
      expect((await day.seat(stand, { personId: day.advisor.id })).status).toBe(201);
  });
});

describe('at the same moment', () => {
  it('one person is set once on one slot', async () => {
    const day = await anExhibition(app);
    const slotId = await day.slotId();
    const replies = await Promise.all([1, 2, 3, 4].map(() => day.seat(slotId, { personId: day.advisor.id })));
    expect(replies.map((reply) => reply.status).sort()).toEqual([201, 422, 422, 422]);
    expect(await listSeatsOfSlot(day.home.scope, slotId)).toHaveLength(1);
  });

  it('one person is not set in two rooms', async () => {
    const day = await anExhibition(app);
    const slots = [await day.slotId(), await day.slotId({ student: 1, room: 'Library' })];
    const replies = await Promise.all(slots.map((slotId) => day.seat(slotId, { personId: day.advisor.id })));
    expect(replies.map((reply) => reply.status).sort()).toEqual([201, 422]);
  });

  it('a guest typed in twice by a double tap is one guest', async () => {
    const day = await anExhibition(app);
    const slotId = await day.slotId();
    const replies = await Promise.all(
      [1, 2].map(() => day.seat(slotId, { name: 'Jun Sato', role: 'guest' })),
    );
    expect(replies.map((reply) => reply.status).sort()).toEqual([201, 422]);
  });

  it('the database itself refuses the same person twice, and a second chair', async () => {
    const day = await anExhibition(app);
    const slotId = await day.slotId();
    await day.seat(slotId, { personId: day.advisor.id, chair: true });
    const [seat] = await listSeatsOfSlot(day.home.scope, slotId);
    await expect(saveSeat(day.home.scope, { ...seat!, id: 'another' })).rejects.toMatchObject({
      code: 11000,
    });
    await expect(
      saveSeat(day.home.scope, { ...seat!, id: 'third', personId: 'somebody' }),
    ).rejects.toMatchObject({ code: 11000 });
  });
});

describe('emptying a seat', () => {
  it('is possible while nothing is written on its sheet', async () => {
    const { day, pass } = await aGuestPass(app);
    expect((await day.planner.post(`/seats/${pass.seatId}/remove`)).status).toBe(200);
    expect((await day.planner.post(`/seats/${pass.seatId}/pass`)).status).toBe(404);
  });

  it('is refused once there is, and so is taking the slot out', async () => {
    const { day, pass, slotId } = await aGuestPass(app);
    await day.move('open');
    await day.move('score');
    const guest = app.visitor();
    await guest.post('/pass', { code: pass.code });
    const saved = await guest.post(`/seats/${pass.seatId}/sheet/operations`, {
      operations: [
        { id: '3f0a9a1e-5c55-4b58-9a0c-0d6ad7d9c0a1', kind: 'set-overall', comment: 'Strong opening' },
      ],
    });
    expect([saved.status, saved.text]).toEqual([200, expect.any(String)]);
    expect((await day.planner.post(`/seats/${pass.seatId}/remove`)).status).toBe(409);
    expect((await day.planner.post(`/slots/${slotId}/remove`)).status).toBe(409);
    const view = (await day.planner.get(day.path)).json<{ counts: { sheetsInDraft: number } }>();
    expect(view.counts.sheetsInDraft).toBe(1);
    const closing = await day.move('close');
    expect([closing.status, closing.json<Problem>().error.fields?.[0]?.field]).toEqual([422, 'reason']);
  });
});

describe('who may', () => {
  it('another school cannot reach a seat', async () => {
    const [{ pass, slotId }, other] = [await aGuestPass(app), await anExhibition(app)];
    const { planner } = other;
    for (const [path, body] of [
      [`/slots/${slotId}/seats`, { name: 'Eve', role: 'guest' }],
      [`/seats/${pass.seatId}/pass`],
      [`/seats/${pass.seatId}/pass/revoke`],
      [`/seats/${pass.seatId}/remove`],
    ] as const)
      expect([path, (await planner.post(path, body)).status]).toEqual([path, 404]);
  });

  it('a panelist sees the slot where they sit, the panel beside them, and no sheet but their own', async () => {
    const day = await anExhibition(app);
    const panelist = await day.join('Femi Bello', ['panelist']);
    const [mine, other] = [await day.slotId(), await day.slotId({ student: 1, room: 'Library' })];
    await day.seat(mine, { personId: panelist.person.id, role: 'mentor' });
    await day.seat(mine, { personId: day.advisor.id });
    await day.move('open');
    const view = (await panelist.client.get(`/slots/${mine}`)).json<{
      seats: { name: string; sheet: string | null; pass: unknown }[];
    }>();
    expect(view.seats.map(({ name, sheet, pass }) => [name, sheet, pass])).toEqual([
      ['Femi Bello', 'not-started', null],
      ['Amara Okafor', null, null],
    ]);
    expect((await panelist.client.get(`/slots/${other}`)).status).toBe(403);
    const page = await panelist.client.get('/seats', { as: 'page' });
    expect(page.text).toContain('You listen to Itzel Núñez');
    expect((await panelist.client.post(`/slots/${mine}/seats`, { name: 'Eve', role: 'guest' })).status).toBe(
      403,
    );
  });

  it('the pass is shown to the planner once, as a page to print', async () => {
    const day = await anExhibition(app);
    const slotId = await day.slotId();
    const reply = await day.planner.post(
      `/slots/${slotId}/seats`,
      { name: 'Jun Sato', role: 'guest' },
      { as: 'page' },
    );
    expect(reply.status).toBe(201);
    for (const shown of ['<svg', 'Jun Sato', 'Itzel Núñez', 'Room 12']) expect(reply.text).toContain(shown);
    const again = await day.planner.get(`/slots/${slotId}`, { as: 'page' });
    expect(again.text).not.toMatch(/\/pass\/[\w-]{32}/);
  });
});
