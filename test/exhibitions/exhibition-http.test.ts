import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findBrokenEntry } from '../../server/audit/append-audit.js';
import { listEntriesFrom } from '../../server/audit/audit-records.js';
import { getExhibition } from '../../server/exhibitions/exhibition-records.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { anExhibition, exhibitionDay, on } from '../harness/builders/exhibition.js';

interface Problem {
  error: { code: string; message: string; fields?: { field: string; message: string }[] };
}

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

describe('planning an exhibition', () => {
  it('pins today’s rubric by hash and starts as a draft', async () => {
    const day = await anExhibition(app);
    const saved = await getExhibition(day.home.scope, day.exhibitionId);
    expect(saved.phase).toBe('draft');
    expect(saved.rubric).toEqual({ slug: 'exhibition', hash: app.context.rubrics.bySlug('exhibition').hash });
    expect(saved.slug).toBe('fall-exhibitions');
  });

  it('gives a second one of the same title another slug, also in the same moment', async () => {
    const day = await anExhibition(app);
    const body = {
      termId: day.home.termId,
      title: 'Fall exhibitions',
      rubric: 'exhibition',
      startsAt: on('09:00'),
    };
    const replies = await Promise.all([1, 2, 3].map(() => day.planner.post('/exhibitions', body)));
    expect(replies.map((reply) => reply.status)).toEqual([201, 201, 201]);
    const slugs = replies.map((reply) => reply.json<{ slug: string }>().slug).sort();
    expect(slugs).toEqual(['fall-exhibitions-2', 'fall-exhibitions-3', 'fall-exhibitions-4']);
  });

  it.each([
    ['an unknown rubric', { rubric: 'nothing' }, 'rubric'],
    ['an unknown term', { termId: 'nothing' }, 'termId'],
    ['no title', { title: ' ' }, 'title'],
    ['no time', { startsAt: 'tomorrow' }, 'startsAt'],
    [
      'a time that the calendar does not have',
      { startsAt: `${exhibitionDay.slice(0, 4)}-02-30T09:00` },
      'startsAt',
    ],
    ['slots of one minute', { slotMinutes: 1 }, 'slotMinutes'],
  ])('refuses %s beside the field', async (_name, change, field) => {
    const day = await anExhibition(app);
    const body = {
      termId: day.home.termId,
      title: 'Spring',
      rubric: 'exhibition',
      startsAt: on('09:00'),
      ...change,
    };
    const reply = await day.planner.post('/exhibitions', body);
    expect(reply.status).toBe(422);
    expect(reply.json<Problem>().error.fields?.map((each) => each.field)).toEqual([field]);
    const form = await day.planner.post('/exhibitions', body, { as: 'page' });
    expect(form.status).toBe(422);
    expect(form.text).toContain(`href="#f-${field}"`);
  });

  it('takes a form’s time as the school’s time', async () => {
    const day = await anExhibition(app);
    const form = {
      termId: day.home.termId,
      title: 'Winter',
      format: 'panel',
      rubric: 'exhibition',
      slotMinutes: 30,
      place: '',
    };
    const reply = await day.planner.post(
      '/exhibitions',
      { ...form, startsAt: `${exhibitionDay}T09:00` },
      { as: 'page' },
    );
    expect(reply.status).toBe(303);
    const id = reply.headers.get('location')!.split('/').at(-1)!;
    expect((await getExhibition(day.home.scope, id)).startsAt.toISOString()).toBe(on('09:00'));
  });

  it('settings change while it is a draft and not afterwards', async () => {
    const day = await anExhibition(app);
    const body = {
      termId: day.home.termId,
      title: 'Fall, second half',
      rubric: 'agency',
      startsAt: on('10:00'),
    };
    expect((await day.planner.put(day.path, body)).json<{ title: string }>().title).toBe('Fall, second half');
    await day.slotId();
    // From a page that was opened before: nothing of what is there now is overwritten, and what was typed stays.
    const seen = (await day.planner.get(day.path)).json<{ seen: string }>().seen;
    const { client: other } = await day.join('Rosa Lind', ['registrar']);
    expect((await other.put(day.path, { ...body, title: 'Unseen' })).status).toBe(428);
    expect((await other.put(day.path, { ...body, title: 'Winter', seen })).status).toBe(200);
    const stale = await day.planner.post(day.path, { ...body, title: 'Mine', seen }, { as: 'page' });
    expect([stale.status, stale.text]).toEqual([409, expect.stringContaining('Rosa Lind changed this on')]);
    expect(stale.text).toContain('value="Mine"');
    expect((await getExhibition(day.home.scope, day.exhibitionId)).title).toBe('Winter');
    expect((await day.move('open')).status).toBe(200);
    const late = await day.planner.put(day.path, body);
    expect(late.status).toBe(409);
    expect((await getExhibition(day.home.scope, day.exhibitionId)).rubric.slug).toBe('agency');
  });
});

describe('the phases over HTTP', () => {
  it('go forward when what they need is there, and back with a reason', async () => {
    const day = await anExhibition(app);
    expect((await day.move('open')).json<Problem>().error.message).toContain('at least one presentation');
    const slotId = await day.slotId();
    expect((await day.move('score')).status).toBe(409);
    expect((await day.move('open')).json<{ phase: string }>().phase).toBe('open');
    expect((await day.move('score')).json<Problem>().error.message).toContain(
      'at least one person to a panel',
    );
    expect((await day.seat(slotId, { personId: day.advisor.id })).status).toBe(201);
    expect((await day.move('withdraw')).status).toBe(422);
    expect((await day.move('withdraw', 'The hall is flooded')).json<{ phase: string }>().phase).toBe('draft');
    for (const verb of ['open', 'score', 'close']) expect((await day.move(verb)).status).toBe(200);
    expect((await day.move('reopen', 'One sheet is missing')).json<{ phase: string }>().phase).toBe(
      'scoring',
    );
  });

  it('each move stands in the audit chain, which says where a reason was given, and the chain holds', async () => {
    const day = await anExhibition(app);
    await day.slotId();
    await day.move('open');
    await day.move('withdraw', 'Too early');
    const entries = (await listEntriesFrom(day.home.scope, 1, 100)).filter(
      (each) => each.subject.id === day.exhibitionId,
    );
    expect(entries.map((each) => each.act)).toEqual([
      'exhibition.create',
      'slot.add',
      'exhibition.open',
      'exhibition.withdraw',
    ]);
    expect(entries.at(-1)?.detail).toMatchObject({ from: 'open', to: 'draft', withReason: true });
    // However many there are, each reason is read by those who plan.
    const exhibitions = app.context.db.connection.collection<{ _id: string; moveReasons: object[] }>(
      'exhibitions',
    );
    const [first] = (await exhibitions.findOne({ _id: day.exhibitionId }))!.moveReasons;
    const many = [...Array<object>(60)].map(() => first!);
    await exhibitions.updateOne({ _id: day.exhibitionId }, { $set: { moveReasons: many } });
    await day.move('open');
    await day.move('withdraw', 'Still too early');
    const { moveReasons } = (await day.planner.get(day.path)).json<{ moveReasons: object[] }>();
    expect(moveReasons).toHaveLength(61);
    expect(moveReasons.at(-1)).toMatchObject({
      ...{ what: 'Back to draft', reason: 'Still too early', byName: 'Amara Okafor' },
    });
    expect((await day.planner.get(day.path, { as: 'page' })).text).toContain('Still too early');
    expect(await findBrokenEntry(day.home.scope)).toBeNull();
  });

  it('two who open it at once: one does, the other is told that it is open', async () => {
    const day = await anExhibition(app);
    await day.slotId();
    const replies = await Promise.all([day.move('open'), day.move('open')]);
    expect(replies.map((reply) => reply.status).sort()).toEqual([200, 409]);
  });
});

describe('who sees what', () => {
  it('another school knows nothing of it', async () => {
    const [day, other] = [await anExhibition(app), await anExhibition(app)];
    const slotId = await day.slotId();
    for (const reply of [
      await other.planner.get(day.path),
      await other.planner.get(`/slots/${slotId}`),
      await other.planner.post(`${day.path}/slots`, {
        studentId: other.students[0]!.id,
        startsAt: on('05:00'),
        room: 'A',
      }),
      await other.planner.post(`${day.path}/open`),
      await other.planner.put(`/slots/${slotId}`, { startsAt: on('05:00'), minutes: 50, room: 'A' }),
    ]) {
      expect(reply.status).toBe(404);
    }
    const foreign = await day.planner.post(`${day.path}/slots`, {
      studentId: other.students[0]!.id,
      startsAt: on('05:00'),
      room: 'A',
    });
    expect(foreign.json<Problem>().error.fields?.[0]?.message).toContain('no such student');
    const list = (await other.planner.get('/exhibitions')).json<{ items: { id: string }[] }>();
    expect(list.items.map((each) => each.id)).toEqual([other.exhibitionId]);
  });

  it('students and families see an open day and only their own presentation in it', async () => {
    const day = await anExhibition(app);
    const guardian = await day.join('Rosa Núñez', ['guardian']);
    const child = await day.join('Ana Núñez', ['student'], { guardianIds: [guardian.person.id] });
    const stranger = await day.join('Bo Ek', ['student']);
    const reply = await day.planner.post(`${day.path}/slots`, {
      studentId: child.person.id,
      startsAt: on('09:00'),
      room: 'A',
    });
    const mine = reply.json<{ id: string }>().id;
    await day.slotId({ student: 1, room: 'B' });
    await day.seat(mine, { personId: day.advisor.id });
    expect((await child.client.get(day.path)).status).toBe(403);
    expect((await child.client.get(`/slots/${mine}`)).status).toBe(403);
    await day.move('open');
    for (const [who, expected] of [
      [child, [mine]],
      [guardian, [mine]],
      [stranger, []],
    ] as const) {
      const view = (await who.client.get(day.path)).json<{
        slots: { id: string; sheetsIn: unknown }[];
        counts: unknown;
      }>();
      expect(view.slots.map((slot) => slot.id)).toEqual(expected);
      expect(view.slots.every((slot) => slot.sheetsIn === null)).toBe(true);
      expect(view.counts).toBeNull();
    }
    expect((await stranger.client.get(`/slots/${mine}`)).status).toBe(403);
    expect((await child.client.post(`${day.path}/close`)).status).toBe(403);
  });

  it('pages the list and shows every page as HTML', async () => {
    const day = await anExhibition(app);
    const slotId = await day.slotId();
    await day.seat(slotId, { personId: day.advisor.id });
    const list = (await day.planner.get('/exhibitions?perPage=1')).json<{ total: number; pages: number }>();
    expect(list).toMatchObject({ total: 1, pages: 1 });
    const visited: [string, string][] = [
      ['/exhibitions', 'Fall exhibitions'],
      ['/exhibitions/new', 'Minutes for each presentation'],
      [`${day.path}/edit`, 'value="Fall exhibitions"'],
      [day.path, 'Itzel Núñez'],
      [`/slots/${slotId}`, 'Amara Okafor'],
      // A draft is not yet told to its panel, the planner's own seat included.
      ['/seats', 'You’re not on a panel yet'],
    ];
    for (const [path, expected] of visited) {
      const reply = await day.planner.get(path, { as: 'page' });
      expect([path, reply.status]).toEqual([path, 200]);
      expect(reply.text).toContain(expected);
    }
  });
});
