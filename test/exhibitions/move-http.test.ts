/**
 * Moves by hand over HTTP: what would stand in the way is told before, and nobody undoes a move that they
 * have not seen.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listEntriesFrom } from '../../server/audit/audit-records.js';
import { getPresentation, saveSlotMove } from '../../server/exhibitions/slots/slot-records.js';
import { nothingSaid } from '../../server/people/attendance.js';
import { savePersonChange } from '../../server/people/people-records.js';
import { anExhibition, exhibitionDay, on, type TestExhibition } from '../harness/builders/exhibition.js';
import { publishSlot } from '../harness/builders/publishing.js';
import { fillSheet } from '../harness/builders/scores.js';
import { startApp, type TestApp } from '../harness/start-app.js';

interface Check {
  allowed: boolean;
  problems: { field: string; message: string }[];
  warnings: { rule: string; message: string }[];
  says: string;
  revision: number;
}
interface SlotAnswer {
  id: string;
  startsAt: string;
  room: string;
  revision: number;
}

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ clock: { now: () => new Date(on('08:00')) } });
});
afterAll(() => app.close());

const boardOf = async (day: TestExhibition) =>
  (await day.planner.get(day.path)).json<{ slots: SlotAnswer[] }>().slots;
const to = (at: string, room = 'Room 12', more = {}) => ({ startsAt: on(at), minutes: 50, room, ...more });

describe('asking before a move', () => {
  it('says what stands in the way, in whose words, and writes nothing', async () => {
    const day = await anExhibition(app);
    const first = await day.slotId();
    const second = await day.slotId({ student: 1, at: '11:00', room: 'Library' });
    for (const id of [first, second]) await day.seat(id, { personId: day.advisor.id });
    const before = await boardOf(day);
    const check = async (body: object) =>
      (await day.planner.post(`/slots/${second}/move-check`, body)).json<Check>();

    const taken = await check(to('09:20'));
    expect(taken.allowed).toBe(false);
    expect(taken.problems).toEqual([
      { field: 'room', message: expect.stringContaining('Room 12 is taken') },
      { field: 'startsAt', message: expect.stringContaining('Amara Okafor is in Room 12') },
    ]);
    expect(taken.says).toContain('Yonas Tesfaye: Room 12, 9:20 AM to 10:10 AM. Room 12 is taken');

    const elsewhere = await check(to('09:20', 'Atrium'));
    expect(elsewhere.problems.map(({ field }) => field)).toEqual(['startsAt']);
    expect(await check(to('10:00', 'Atrium'))).toMatchObject({ allowed: true, problems: [], revision: 0 });
    expect((await check(to('11:00', 'library'))).says).toContain('This is where it is now.');
    expect(await boardOf(day)).toEqual(before);
  });

  it('takes the length of the slot when none is given', async () => {
    const day = await anExhibition(app);
    const id = await day.slotId();
    const answer = await day.planner.post(`/slots/${id}/move-check`, {
      startsAt: on('10:00'),
      room: 'Atrium',
    });
    expect(answer.json<{ minutes: number; endsAt: string }>()).toMatchObject({
      minutes: 50,
      endsAt: on('10:50'),
    });
  });

  it('says the same as the move itself', async () => {
    const day = await anExhibition(app);
    const first = await day.slotId();
    await day.slotId({ student: 1, at: '11:00' });
    for (const at of ['10:00', '10:10', '10:20', '11:40', '11:50']) {
      const check = await day.planner.post(`/slots/${first}/move-check`, to(at));
      const move = await day.planner.put(`/slots/${first}`, to(at));
      expect([at, check.json<Check>().allowed]).toEqual([at, move.status === 200]);
    }
  });
});

describe('two planners', () => {
  it('a stale move is told who stands where now, and what the other moved stays', async () => {
    const day = await anExhibition(app);
    const id = await day.slotId();
    const { client: other } = await day.join('Rosa Lind', ['registrar']);
    const moved = await other.put(`/slots/${id}`, to('10:00', 'Atrium', { revision: 0 }));
    expect(moved.json<SlotAnswer>()).toMatchObject({ revision: 1, room: 'Atrium' });

    const unseen = await day.planner.put(`/slots/${id}`, to('11:00', 'Library', { revision: undefined }));
    expect(unseen.status).toBe(428);
    for (const reply of [
      await day.planner.post(`/slots/${id}/move-check`, to('11:00', 'Library', { revision: 0 })),
      await day.planner.put(`/slots/${id}`, to('11:00', 'Library', { revision: 0 })),
    ]) {
      expect([reply.status, reply.json()]).toMatchObject([
        ...[409, { error: { code: 'stale', changes: [{ who: 'Rosa Lind', at: expect.any(String) }] } }],
      ]);
      const { message } = reply.json<{ error: { message: string } }>().error;
      expect(message).toMatch(/^Rosa Lind changed this on .*: Itzel Núñez is in Atrium at 10:00 AM now\./);
    }
    expect(await boardOf(day)).toMatchObject([{ room: 'Atrium', startsAt: on('10:00'), revision: 1 }]);
    const again = await day.planner.put(`/slots/${id}`, to('11:00', 'Library', { revision: 1 }));
    expect(again.json<SlotAnswer>().revision).toBe(2);
  });

  it('what has changed since it was seen is not taken out: moved, or with somebody more in the group', async () => {
    const day = await anExhibition(app);
    const id = await day.slotId();
    const { client: other } = await day.join('Rosa Lind', ['registrar']);
    const remove = (revision?: number) => day.planner.post(`/slots/${id}/remove`, { revision });
    expect((await remove()).status).toBe(428);
    const joined = await other.post(`/slots/${id}/members`, { studentId: day.students[1]!.id });
    expect(joined.json<SlotAnswer>().revision).toBe(1);
    const stale = await remove(0);
    expect([stale.status, stale.json()]).toMatchObject([
      ...[409, { error: { code: 'stale', changes: [{ who: 'Rosa Lind' }] } }],
    ]);
    const page = await day.planner.post(`/slots/${id}/remove`, { revision: '0' }, { as: 'page' });
    expect([page.status, page.text.includes('name="revision" value="1"')]).toEqual([409, true]);
    expect(await boardOf(day)).toHaveLength(1);
    expect((await remove(1)).status).toBe(200);
  });

  it('of many who move one slot at once from what they all see, exactly one does', async () => {
    const day = await anExhibition(app);
    const id = await day.slotId();
    const replies = await Promise.all(
      ['10:00', '11:00', '12:00', '13:00', '14:00'].map((at) =>
        day.planner.put(`/slots/${id}`, to(at, 'Atrium', { revision: 0 })),
      ),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409]);
    expect((await boardOf(day))[0]?.revision).toBe(1);
  });

  it('without script the form carries what it saw, and after a conflict what stands now', async () => {
    const day = await anExhibition(app);
    const id = await day.slotId();
    const seen = await day.planner.get(`/slots/${id}`, { as: 'page' });
    expect(seen.text).toContain('name="revision" value="0"');
    await day.planner.put(`/slots/${id}`, to('10:00', 'Atrium'));
    const refused = await day.planner.post(`/slots/${id}`, to('11:00', 'Library', { revision: 0 }), {
      as: 'page',
    });
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('Amara Okafor changed this on');
    expect(refused.text).toContain('name="revision" value="1"');
    expect(refused.text).toContain('Library');
  });

  it('a room that runs late counts as a move, too', async () => {
    const day = await anExhibition(app);
    await day.slotId();
    await day.move('open');
    await day.planner.post(`${day.path}/rooms/Room%2012/late`, { minutes: 10 });
    expect((await boardOf(day))[0]?.revision).toBe(1);
  });
});

describe('swapping two presentations', () => {
  async function aFullMorning() {
    const day = await anExhibition(app);
    const first = await day.slotId();
    const second = await day.slotId({ student: 1, at: '09:50' });
    const third = await day.slotId({ student: 2, at: '09:00', room: 'Library' });
    return { ...day, first, second, third };
  }
  const swap = async (day: TestExhibition, id: string, withSlotId: string, more = {}) => {
    const seen = new Map((await boardOf(day)).map((slot) => [slot.id, slot.revision]));
    return day.planner.post(`/slots/${id}/swap`, {
      ...{ withSlotId, revision: seen.get(id), withRevision: seen.get(withSlotId) ?? 0 },
      ...more,
    });
  };

  it('is one act on a day without a free place, on the record of both', async () => {
    const day = await aFullMorning();
    const reply = await swap(day, day.first, day.second, { revision: 0, withRevision: 0 });
    expect(reply.json<{ slots: SlotAnswer[] }>().slots).toMatchObject([
      { id: day.first, startsAt: on('09:50'), room: 'Room 12', revision: 1 },
      { id: day.second, startsAt: on('09:00'), room: 'Room 12', revision: 1 },
    ]);
    const acts = (await listEntriesFrom(day.home.scope, 1, 100)).filter(({ act }) => act === 'slot.swap');
    expect(acts).toMatchObject([
      { subject: { id: day.first }, detail: { withSlotId: day.second, to: { room: 'Room 12' } } },
      { subject: { id: day.second }, detail: { withSlotId: day.first, to: { room: 'Room 12' } } },
    ]);
    await swap(day, day.first, day.third);
    expect((await boardOf(day)).map(({ id, room }) => [id, room])).toEqual([
      [day.first, 'Library'],
      [day.second, 'Room 12'],
      [day.third, 'Room 12'],
    ]);
  });

  it.each([
    ['itself', (day: { first: string }) => day.first],
    ['nothing known', () => 'no-such-slot'],
  ])('with %s is refused beside the field', async (_name, withOf) => {
    const day = await aFullMorning();
    const refused = await swap(day, day.first, withOf(day));
    expect(refused.status).toBe(422);
    expect(refused.json<{ error: { fields: object[] } }>().error.fields).toMatchObject([
      { field: 'withSlotId', message: 'Choose another presentation of this exhibition.' },
    ]);
  });

  it('refuses double bookings and stale swaps, and needs a reason for a broken rule; nothing is half done', async () => {
    const day = await aFullMorning();
    await day.seat(day.first, { personId: day.advisor.id });
    const fourth = await day.slotId({ student: 2, at: '11:00', room: 'Library' }).catch(() => null);
    expect(fourth).toBeNull();
    const stale = await swap(day, day.first, day.second, { revision: 0, withRevision: 3 });
    expect(stale.status).toBe(409);
    await day.seat(day.second, { personId: day.advisor.id });
    const { person: judge } = await day.join('Ola Berg', ['advisor']);
    await day.seat(day.second, { personId: judge.id });
    await day.seat(day.third, { personId: judge.id });
    const before = await boardOf(day);
    const twice = await swap(day, day.first, day.second);
    expect(twice.status).toBe(422);
    expect(twice.text).toContain('Ola Berg is in Library');
    const attendance = { ...nothingSaid, hours: [`${exhibitionDay} 09:00-09:50`] };
    await savePersonChange(day.home.scope, day.advisor.id, { attendance });
    await day.planner.put(`/slots/${day.third}`, to('13:00', 'Library'));
    const why = await swap(day, day.first, day.third);
    expect(
      why.json<{ error: { fields: { field: string }[] } }>().error.fields.map(({ field }) => field),
    ).toEqual(['withSlotId', 'reason']);
    expect((await boardOf(day)).filter(({ id }) => id !== day.third)).toEqual(
      before.filter(({ id }) => id !== day.third),
    );
    const page = await day.planner.post(
      `/slots/${day.first}/swap`,
      { withSlotId: `${day.third}@1`, revision: 0 },
      { as: 'page' },
    );
    expect(page.text).toContain('id="f-swap-reason"');
    expect((await swap(day, day.first, day.third, { reason: 'A later bus.' })).status).toBe(200);
    expect((await getPresentation(day.home.scope, day.first)).moveReasons).toMatchObject([
      { rules: ['person-away'], reason: 'A later bus.' },
    ]);
  });

  it('needs to know what was seen, and takes nothing that is over or published', async () => {
    const day = await aFullMorning();
    for (const seen of [{}, { revision: 0 }, { withRevision: 0 }]) {
      const blind = await day.planner.post(`/slots/${day.first}/swap`, { withSlotId: day.second, ...seen });
      expect([blind.status, blind.text]).toEqual([428, expect.stringContaining('state-missing')]);
    }
    const now = app.context.clock.now();
    const { scope } = day.home;
    const past = { startsAt: new Date(now.getTime() - 3 * 3_600_000), room: 'Room 12' };
    const { startsAt, room } = await getPresentation(scope, day.second);
    await saveSlotMove(scope, day.second, past, now);
    for (const [one, other] of [
      [day.first, day.second],
      [day.second, day.first],
    ] as const) {
      const over = await swap(day, one, other);
      expect([over.status, over.text]).toEqual([409, expect.stringContaining('slot-over')]);
    }
    await saveSlotMove(
      scope,
      day.second,
      { startsAt: new Date(now.getTime() - 60_000), room: 'Atrium' },
      now,
    );
    for (const [one, other] of [
      [day.first, day.second],
      [day.second, day.first],
    ] as const) {
      const begun = await swap(day, one, other);
      expect([begun.status, begun.text]).toEqual([409, expect.stringContaining('slot-begun')]);
      const form = (await day.planner.get(`/slots/${one}`, { as: 'page' })).text;
      expect(form).not.toContain(`value="${other}@`);
    }
    const page = await day.planner.get(`/slots/${day.first}`, { as: 'page' });
    expect(page.text).not.toContain(`value="${day.second}@`);
    await saveSlotMove(scope, day.second, { startsAt, room }, now);
    const { person: judge, client } = await day.join('Ola Berg', ['advisor']);
    const { client: office } = await day.join('Mei Chen', ['registrar']);
    const seat = (await day.seat(day.second, { personId: judge.id, role: 'teacher' })).json<{
      seatId: string;
    }>();
    for (const verb of ['open', 'score']) await day.move(verb);
    await fillSheet(client, seat.seatId, ['meeting']);
    expect((await publishSlot(office, day.second)).status).toBe(200);
    for (const reply of [
      await swap(day, day.first, day.second),
      await swap(day, day.second, day.first),
      await day.planner.put(`/slots/${day.second}`, to('15:00')),
    ])
      expect([reply.status, reply.text]).toEqual([409, expect.stringContaining('published')]);
    for (const [one, other] of [
      [day.first, day.second],
      [day.second, day.first],
      [day.second, day.third],
    ] as const)
      expect((await day.planner.get(`/slots/${one}`, { as: 'page' })).text).not.toContain(`value="${other}@`);
    expect((await day.planner.get(`/slots/${day.first}`, { as: 'page' })).text).toContain(
      `value="${day.third}@`,
    );
  });

  it('is offered on the page of a presentation, with what the reader sees of the other', async () => {
    const day = await aFullMorning();
    const page = await day.planner.get(`/slots/${day.first}`, { as: 'page' });
    expect(page.text).toContain(`value="${day.second}@0"`);
    expect(page.text).not.toContain(`value="${day.first}@0"`);
  });
});

describe('a rule that a move would break', () => {
  /** Amara sits on both panels and can come from nine to eleven in the morning. */
  async function aDayWithHours() {
    const day = await anExhibition(app);
    const id = await day.slotId();
    await day.seat(id, { personId: day.advisor.id });
    const attendance = { ...nothingSaid, hours: [`${exhibitionDay} 09:00-11:00`] };
    await savePersonChange(day.home.scope, day.advisor.id, { attendance });
    return { ...day, id };
  }

  it('is told before, refused without a reason, and accepted with one, which stays in the record', async () => {
    const day = await aDayWithHours();
    const check = (await day.planner.post(`/slots/${day.id}/move-check`, to('12:00'))).json<Check>();
    expect(check).toMatchObject({
      allowed: true,
      problems: [],
      warnings: [{ rule: 'person-away', message: 'Amara Okafor cannot come at this time.' }],
    });
    expect(check.says).toContain('Amara Okafor cannot come at this time.');

    const refused = await day.planner.put(`/slots/${day.id}`, to('12:00'));
    expect(refused.status).toBe(422);
    expect(refused.json<{ error: { fields: object[] } }>().error.fields).toEqual([
      { field: 'reason', message: 'Amara Okafor cannot come at this time.' },
      { field: 'reason', message: expect.stringContaining('Say why') },
    ]);
    expect((await boardOf(day))[0]?.startsAt).toBe(on('09:00'));

    const reason = 'She takes the later bus.';
    expect((await day.planner.put(`/slots/${day.id}`, to('12:00', 'Room 12', { reason }))).status).toBe(200);
    const last = (await listEntriesFrom(day.home.scope, 1, 100)).findLast(({ act }) => act === 'slot.change');
    expect(last?.detail).toMatchObject({ accepted: ['person-away'], withReason: true });
    expect(JSON.stringify(last)).not.toContain(reason);
    const slot = await getPresentation(day.home.scope, day.id);
    expect(slot.moveReasons).toMatchObject([{ rules: ['person-away'], reason }]);
    // Those who plan read it where they look at the slot, and at the exhibition once the slot is removed.
    type Told = { moveReasons: object[] | null };
    const other = await day.join('Liam Byrne', ['advisor']);
    const told = async (path: string) => (await day.planner.get(path)).json<Told>().moveReasons;
    expect(await told(`/slots/${day.id}`)).toMatchObject([{ reason, byName: 'Amara Okafor' }]);
    expect((await other.client.get(`/slots/${day.id}`)).json<Told>().moveReasons).toBeNull();
    expect((await day.planner.get(`/slots/${day.id}`, { as: 'page' })).text).toContain(reason);
    expect(await told(day.path)).toEqual([]);
    expect((await day.planner.post(`/slots/${day.id}/remove`)).status).toBe(200);
    expect(await told(day.path)).toMatchObject([{ reason, byName: 'Amara Okafor' }]);
    expect((await other.client.get(day.path)).json<Told>().moveReasons).toBeNull();
    expect((await other.client.get(day.path)).text).not.toContain(reason);
  });

  it('of a seat that was given despite a conflict is still called that when its slot is removed', async () => {
    const day = await anExhibition(app);
    const id = await day.slotId();
    const guest = await day.home.person({ name: 'Jane Doe', roles: ['guest'] });
    const attendance = { ...nothingSaid, conflictIds: [day.students[0]!.id] };
    await savePersonChange(day.home.scope, guest.id, { attendance });
    const seat = { personId: guest.id, role: 'guest', conflictReason: 'Nobody else speaks Korean' };
    expect((await day.planner.post(`/slots/${id}/seats`, seat)).status).toBe(201);
    const whatOf = async (path: string) =>
      (await day.planner.get(path)).json<{ moveReasons: { what: string }[] }>().moveReasons[0]?.what;
    expect(await whatOf(`/slots/${id}`)).toBe('Added to the panel despite a conflict of interest');
    expect((await day.planner.post(`/slots/${id}/remove`)).status).toBe(200);
    expect(await whatOf(day.path)).toBe(
      'Added to the panel despite a conflict of interest (the presentation was removed later)',
    );
  });

  it('is marked on the board while it is broken, and asks for no second reason', async () => {
    const day = await aDayWithHours();
    const broken = async () =>
      (await day.planner.get(day.path)).json<{ broken: { rule: string; slotIds: string[] }[] }>().broken;
    expect(await broken()).toEqual([]);
    await day.planner.put(`/slots/${day.id}`, to('12:00', 'Room 12', { reason: 'The bus.' }));
    expect(await broken()).toMatchObject([{ rule: 'person-away', slotIds: [day.id] }]);
    const page = await day.planner.get(day.path, { as: 'page' });
    for (const shown of ['1 rule broken', 'Rules that are broken', 'Amara Okafor cannot come at this time.'])
      expect(page.text).toContain(shown);
    expect((await day.planner.put(`/slots/${day.id}`, to('13:00'))).status).toBe(200);
    expect((await day.planner.put(`/slots/${day.id}`, to('09:30'))).status).toBe(200);
    expect(await broken()).toEqual([]);
  });

  it('a reason does not buy a double booking', async () => {
    const day = await aDayWithHours();
    await day.slotId({ student: 1, at: '12:00' });
    const reply = await day.planner.put(`/slots/${day.id}`, to('12:20', 'Room 12', { reason: 'Because.' }));
    expect(reply.status).toBe(422);
    expect(reply.json<{ error: { fields: { field: string }[] } }>().error.fields).toMatchObject([
      { field: 'room' },
    ]);
  });

  it('without script the form asks for the reason beside what was typed', async () => {
    const day = await aDayWithHours();
    const body = to('12:00', 'Room 12', { revision: 0 });
    const asked = await day.planner.post(`/slots/${day.id}`, body, { as: 'page' });
    expect(asked.status).toBe(422);
    expect(asked.text).toContain('name="reason"');
    const done = await day.planner.post(`/slots/${day.id}`, { ...body, reason: 'The bus.' }, { as: 'page' });
    expect(done.status).toBe(303);
  });
});
