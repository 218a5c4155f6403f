/**
 * Portfolios that come late: none before the exhibition opens, and versions that come while the panel already scores.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { scriptActor } from '../../server/access/actor.js';
import type { Clock } from '../../server/clock.js';
import { changePortfolio } from '../../server/portfolio/change-portfolio.js';
import { submitPortfolio } from '../../server/portfolio/submit-portfolio.js';
import { listSeatsOfExhibition, listSeatsOfSlot } from '../../server/exhibitions/seats/seat-records.js';
import { fillSheet } from '../harness/builders/scores.js';
import { publishSlot } from '../harness/builders/publishing.js';
import { pressOnPage } from '../harness/browser-form.js';
import { anExhibition, exhibitionDay, on, type TestExhibition } from '../harness/builders/exhibition.js';
import { aPortfolio, aSnapshot } from '../harness/builders/portfolio.js';
import type { Client } from '../harness/client.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { dayAfter } from '../harness/test-clock.js';

let time = '08:00';
let date = exhibitionDay;
const clock: Clock = { now: () => new Date(on(time, date)) };
let app: TestApp;
beforeAll(async () => {
  app = await startApp({ clock });
});
afterAll(() => app.close());

async function aDay() {
  time = '08:00';
  const day = await anExhibition(app);
  const slotId = await day.slotId();
  const { person, client: chair } = await day.join('Femi Bello', ['panelist']);
  await day.seat(slotId, { personId: person.id, role: 'teacher', chair: true });
  const studentId = day.students[0]!.id;
  const submit = () => aSnapshot(app, day.home, { studentId });
  const shown = async () =>
    (await day.planner.get(`/slots/${slotId}`)).json<{ snapshotId: string | null }>().snapshotId;
  return { day, slotId, chair, chairEmail: person.email!, studentId, submit, shown };
}

/** The chair gives the first answer. */
async function begin(day: TestExhibition, slotId: string, chair: Client): Promise<void> {
  const [own] = await listSeatsOfSlot(day.home.scope, slotId);
  await fillSheet(chair, own!.id, ['meeting'], { submit: false });
}

describe('opening an exhibition', () => {
  it('lists who has no portfolio, with links, and a page asks before it opens', async () => {
    const { day, studentId } = await aDay();
    const page = await day.planner.get(day.path, { as: 'page' });
    expect(page.text).toContain(`href="/students/${studentId}/portfolios"`);
    const asked = await pressOnPage(day.planner, page.text, 'Open the exhibition');
    expect([asked.status, asked.text]).toEqual([422, expect.stringContaining('f-withoutPortfolio-problem')]);
    const opened = await pressOnPage(day.planner, asked.text, 'Open the exhibition', {
      withoutPortfolio: true,
    });
    expect(opened.status).toBe(303);
  });

  it('asks programs, too, and again when somebody else is without one by then', async () => {
    const { day, studentId } = await aDay();
    const open = (body: object) => day.planner.send('POST', `${day.path}/open`, body);
    type Asked = { error: { code: string; seen: string; students: { id: string }[] } };
    const first = await open({});
    const { error } = first.json<Asked>();
    expect([first.status, error.code, error.students.map(({ id }) => id)]).toEqual([
      ...[409, 'unconfirmed', [studentId]],
    ]);
    await day.slotId({ student: 1, at: '11:00' });
    const seen = { withoutPortfolio: true, seen: error.seen };
    const other = await open(seen);
    expect([other.status, other.json<Asked>().error.students.length]).toEqual([409, 2]);
    expect((await open({ ...seen, seen: other.json<Asked>().error.seen })).status).toBe(200);
  });

  it('asks nothing where everybody has submitted one', async () => {
    const { day, submit } = await aDay();
    await submit();
    const page = await day.planner.get(day.path, { as: 'page' });
    expect((await pressOnPage(day.planner, page.text, 'Open the exhibition')).status).toBe(303);
  });
});

describe('a version that comes while the panel scores', () => {
  it('is offered, and the chair decides: shown from then on, or not asked again', async () => {
    const { day, slotId, chair, submit, shown } = await aDay();
    const first = await submit();
    await day.move('open');
    await day.move('score');
    expect(await shown()).toBe(first.snapshot.id);
    time = '09:10';
    // The panel has begun: from then on what it looks at stays.
    await begin(day, slotId, chair);
    const second = await submit();
    expect(await shown()).toBe(first.snapshot.id);
    const { client: registrar } = await day.join('Ada Lind', ['registrar']);
    for (const reader of [chair, registrar])
      expect((await reader.get('/')).text).toContain(
        'Itzel Núñez submitted a portfolio after scoring had opened',
      );
    const page = await chair.get(`/slots/${slotId}`, { as: 'page' });
    expect(page.text).toContain('version 1 (9:10');
    expect((await pressOnPage(chair, page.text, 'Keep what the panel sees now')).status).toBe(303);
    expect((await chair.get(`/slots/${slotId}`, { as: 'page' })).text).not.toContain('Show it to the panel');
    expect((await chair.get('/')).text).not.toContain('after scoring had opened');
    time = '09:20';
    const third = await submit();
    const offered = await chair.get(`/slots/${slotId}`, { as: 'page' });
    expect((await pressOnPage(chair, offered.text, 'Show it to the panel')).status).toBe(303);
    expect(await shown()).toBe(third.snapshot.id);
    const gone = await chair.post(`/slots/${slotId}/portfolio`, {
      snapshotId: second.snapshot.id,
      show: 'yes',
    });
    expect(gone.status).toBe(409);
    // Once the result is published, what the panel looked at stays.
    time = '09:30';
    const fourth = await submit();
    expect((await chair.get(`/slots/${slotId}`, { as: 'page' })).text).toContain('Show it to the panel');
    const office = (await day.join('Rosa Lind', ['registrar'])).client;
    const [seat] = await listSeatsOfSlot(day.home.scope, slotId);
    await fillSheet(chair, seat!.id, ['meeting']);
    expect((await publishSlot(office, slotId)).status).toBe(200);
    expect((await chair.get(`/slots/${slotId}`, { as: 'page' })).text).not.toContain('Show it to the panel');
    const fixed = await chair.post(`/slots/${slotId}/portfolio`, {
      snapshotId: fourth.snapshot.id,
      show: 'yes',
    });
    expect([fixed.status, fixed.json()]).toMatchObject([409, { error: { code: 'published' } }]);
    expect(await shown()).toBe(third.snapshot.id);
    for (const { snapshot } of [first, third])
      expect(
        (await chair.get(`/portfolios/${snapshot.portfolioId}/snapshots/${snapshot.number}`)).status,
      ).toBe(200);
  });

  it('is named, and a version of what the panel has comes before another portfolio', async () => {
    const { day, slotId, chair, studentId, shown } = await aDay();
    const bees = await aSnapshot(app, day.home, { studentId, title: 'Bees' });
    await day.move('open');
    await day.move('score');
    time = '09:10';
    await begin(day, slotId, chair);
    const { scope } = day.home;
    const actor = scriptActor(scope, 'test');
    const { portfolio } = bees;
    const changed = await changePortfolio(app.context, scope, actor, bees.portfolio, {
      ...{ title: 'Bees', statement: 'A year on the roof.', rubric: null, entries: portfolio.entries },
      revision: portfolio.revision + 1,
    });
    const newer = await submitPortfolio(app.context, scope, actor, changed, changed.revision);
    time = '09:20';
    const wood = await aSnapshot(app, day.home, { studentId, title: 'Wood' });
    const first = await chair.get(`/slots/${slotId}`, { as: 'page' });
    expect(first.text).toContain('“Bees”, version 2 (9:10');
    expect(first.text).toContain('The panel still sees an earlier version.');
    expect((await pressOnPage(chair, first.text, 'Show it to the panel')).status).toBe(303);
    expect(await shown()).toBe(newer.id);
    const second = await chair.get(`/slots/${slotId}`, { as: 'page' });
    expect(second.text).toContain('“Wood”, version 1 (9:20');
    expect(second.text).toContain('The panel still sees another portfolio, “Bees”.');
    expect((await pressOnPage(chair, second.text, 'Show it to the panel')).status).toBe(303);
    expect(await shown()).toBe(wood.snapshot.id);
    // What came before the last decision is not asked about again.
    expect((await chair.get(`/slots/${slotId}`, { as: 'page' })).text).not.toContain('Show it to the panel');
  });

  it('is decided by no chair whose seat or whose access has ended', async () => {
    const { day, slotId, chair, chairEmail, submit, shown } = await aDay();
    await day.move('open');
    await day.move('score');
    await begin(day, slotId, chair);
    const { snapshot } = await submit();
    const body = { snapshotId: snapshot.id, show: 'yes' };
    const seats = app.context.db.connection.collection<{ slotId: string }>('seats');
    const endSeat = (endedAt: Date | null) => seats.updateOne({ slotId }, { $set: { endedAt } });
    const refusedTo = async (client: Client) => {
      const page = await client.get(`/slots/${slotId}`, { as: 'page' });
      expect(page.text).not.toContain('Show it to the panel');
      expect((await client.post(`/slots/${slotId}/portfolio`, body)).status).toBe(403);
    };
    await endSeat(clock.now());
    await refusedTo(chair);
    await endSeat(null);
    expect((await chair.get(`/slots/${slotId}`, { as: 'page' })).text).toContain('Show it to the panel');
    // Nobody has closed the exhibition.
    date = dayAfter(exhibitionDay, 40);
    await refusedTo(await app.as(chairEmail));
    date = exhibitionDay;
    expect(await shown()).toBeNull();
  });

  it('is what the panel sees until scoring starts; after that the student, the chair and the office are told', async () => {
    const { day, chair } = await aDay();
    const { person, client } = await day.join('Own Student', ['student']);
    const planned = { studentId: person.id, startsAt: on('11:00'), room: 'Library' };
    const { id } = (await day.planner.post(`${day.path}/slots`, planned)).json<{ id: string }>();
    const [{ personId } = { personId: '' }] = await listSeatsOfExhibition(day.home.scope, day.exhibitionId);
    await day.seat(id, { personId, role: 'teacher', chair: true });
    const submit = async () => {
      const made = await aPortfolio(app, day.home, { studentId: person.id });
      const sent = await client.post(
        `/portfolios/${made.id}/submit`,
        { revision: made.revision },
        { as: 'page' },
      );
      expect(sent.status).toBe(303);
      return (await client.get(sent.headers.get('location') ?? '', { as: 'page' })).text;
    };
    const shown = async () =>
      (await day.planner.get(`/slots/${id}`)).json<{ snapshotId: string | null }>().snapshotId;
    await submit();
    await day.move('open');
    expect(await submit()).toContain('Submitted. This version stays as it is.');
    await day.move('score');
    const first = await shown();
    expect(first).not.toBeNull();
    expect((await chair.get('/')).text).not.toContain('after scoring had opened');
    time = '09:05';
    expect(await submit()).toContain('still sees the portfolio it has');
    expect(await shown()).toBe(first);
    expect((await chair.get('/')).text).toContain(
      'Own Student submitted a portfolio after scoring had opened',
    );
  });

  it('is decided by nobody without the chair', async () => {
    const { day, slotId, submit } = await aDay();
    const other = await day.join('Noor Haddad', ['panelist']);
    await day.seat(slotId, { personId: other.person.id, role: 'teacher' });
    await day.move('open');
    await day.move('score');
    const { snapshot } = await submit();
    const body = { snapshotId: snapshot.id, show: 'yes' };
    expect((await other.client.post(`/slots/${slotId}/portfolio`, body)).status).toBe(403);
  });
});
