/** A rehearsal: sealed among the peers, read by the student at once, seen by nobody else, and never counted. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listResultsOfStudents } from '../../server/results/result-records.js';
import { getRehearsal } from '../../server/rehearsals/rehearsal-records.js';
import { findSchool, getTerm } from '../../server/school/school-records.js';
import { gatherFacts } from '../../server/transcript/gather-facts.js';
import type { Client } from '../harness/client.js';
import { anExhibition } from '../harness/builders/exhibition.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

interface RehearsalAnswer {
  id: string;
  rehearsal: boolean;
  seats: { name: string; sheet: string | null }[];
  sheets: { name: string; overallComment: string }[];
}

/** An advisory: Ana who presents, two peers, their advisor; a peer of another advisory and the office beside it. */
async function anAdvisory() {
  const day = await anExhibition(app);
  const { advisoryId } = day.students[0]!;
  const ana = await day.join('Ana Prado', ['student'], { advisoryId });
  const mei = await day.join('Mei Park', ['student'], { advisoryId });
  const ivo = await day.join('Ivo Pál', ['student'], { advisoryId });
  const stranger = await day.join('Noor Diaz', ['student']);
  const registrar = await day.join('Rut Olsen', ['registrar']);
  const otherAdvisor = await day.join('Otto Lind', ['advisor']);
  const start = (client: Client, more: Record<string, unknown> = {}) =>
    client.post(`/students/${ana.person.id}/rehearsals`, {
      ...{ title: 'The opening', rubric: 'exhibition', peerIds: [mei.person.id, ivo.person.id] },
      ...more,
    });
  return { day, ana, mei, ivo, stranger, registrar, otherAdvisor, start };
}

async function filled(client: Client, id: string, comment: string): Promise<Record<string, string>> {
  const sheet = (await client.get(`/rehearsals/${id}/sheet`)).json<{
    criteria: { id: string; levels: { id: string }[] }[];
  }>();
  const levels = sheet.criteria.map((row) => [`level.${row.id}`, row.levels.at(-1)!.id]);
  return { ...Object.fromEntries(levels), overall: comment, then: 'submit', once: `sending-${comment}` };
}
const submit = async (client: Client, id: string, comment: string) =>
  client.post(`/rehearsals/${id}/sheet`, await filled(client, id, comment));
const read = async (client: Client, id: string) =>
  (await client.get(`/rehearsals/${id}`)).json<RehearsalAnswer>();

describe('a rehearsal', () => {
  it('is never counted: everything that counts is word for word the same before, during and after', async () => {
    const { day, ana, mei, ivo, registrar, start } = await anAdvisory();
    const { scope, termId } = day.home;
    const counting = async () => {
      const school = (await findSchool(scope, scope.schoolId))!;
      const facts = await gatherFacts(app.context, scope, school, await getTerm(scope, termId), [ana.person]);
      const texts = await Promise.all(
        [day.planner, registrar.client].flatMap((client) =>
          ['/', '/exhibitions', '/students', `/students/${ana.person.id}`, '/seats', day.path].map(
            async (path) => (await client.get(path)).text,
          ),
        ),
      );
      const names = ['exhibitions', 'slots', 'seats', 'scoresheets', 'results', 'visits', 'reveals'];
      const db = app.context.db.connection.db!;
      const counts = await Promise.all(
        names.map((name) => db.collection(name).countDocuments({ schoolId: scope.schoolId })),
      );
      return JSON.stringify({
        facts: [...facts],
        results: await listResultsOfStudents(scope, [ana.person.id]),
        texts,
        counts,
      });
    };
    const before = await counting();
    const id = (await start(ana.client)).json<{ id: string }>().id;
    expect(await counting()).toBe(before);
    await submit(mei.client, id, 'canary-mei');
    await submit(ivo.client, id, 'canary-ivo');
    await ana.client.post(`/rehearsals/${id}/clock`);
    expect((await read(ana.client, id)).sheets).toHaveLength(2);
    expect(await counting()).toBe(before);
    expect(before).not.toContain('canary');
    expect((await ana.client.post(`/rehearsals/${id}/remove`)).status).toBe(200);
    expect(await counting()).toBe(before);
  });

  it('is sealed among the peers until their own sheet is in; the student reads each at once', async () => {
    const { ana, mei, ivo, start } = await anAdvisory();
    const { id } = (await start(ana.client)).json<RehearsalAnswer>();
    const draft = { once: 'sending-draft', overall: 'draft-canary' };
    expect((await mei.client.post(`/rehearsals/${id}/sheet`, draft)).status).toBe(200);
    for (const client of [ana.client, ivo.client])
      expect((await client.get(`/rehearsals/${id}`)).text).not.toContain('draft-canary');
    await submit(mei.client, id, 'canary-mei');
    expect((await read(ana.client, id)).sheets.map((sheet) => sheet.overallComment)).toEqual(['canary-mei']);
    for (const path of [`/rehearsals/${id}`, `/rehearsals/${id}/sheet`, '/rehearsals'])
      for (const as of ['json', 'page'] as const)
        expect((await ivo.client.get(path, { as })).text).not.toContain('canary-mei');
    const seen = await read(ivo.client, id);
    const told = Object.fromEntries(seen.seats.map((seat) => [seat.name, seat.sheet]));
    expect(told).toEqual({ 'Mei Park': null, 'Ivo Pál': 'not-started' });
    await submit(ivo.client, id, 'canary-ivo');
    expect((await read(ivo.client, id)).sheets).toHaveLength(2);
  });

  it('says on every screen that it is one', async () => {
    const { ana, mei, start } = await anAdvisory();
    const { id } = (await start(ana.client)).json<RehearsalAnswer>();
    for (const [client, path] of [
      [ana.client, `/rehearsals/${id}`],
      [ana.client, `/rehearsals/${id}/clock`],
      [mei.client, `/rehearsals/${id}/sheet`],
      [ana.client, `/students/${ana.person.id}/rehearsals/new`],
    ] as const) {
      const page = await client.get(path, { as: 'page' });
      expect([page.status, page.text.includes('Rehearsal.')]).toEqual([200, true]);
    }
    expect((await mei.client.get('/')).text).toContain('never counts');
    expect((await read(mei.client, id)).rehearsal).toBe(true);
  });

  it('is seen by nobody who was not asked, whatever office they hold', async () => {
    const { day, ana, stranger, registrar, otherAdvisor, start } = await anAdvisory();
    const { id } = (await start(ana.client)).json<RehearsalAnswer>();
    // The student's own advisor reads the comments, and takes no part.
    expect((await day.planner.post(`/rehearsals/${id}/sheet`, { once: 'sending-1' })).status).toBe(403);
    expect((await day.planner.post(`/rehearsals/${id}/remove`)).status).toBe(403);
    expect((await day.planner.post(`/rehearsals/${id}/clock`)).status).toBe(403);
    for (const client of [stranger.client, registrar.client, otherAdvisor.client]) {
      expect((await client.get(`/rehearsals/${id}`)).status).toBe(403);
      expect((await client.post(`/rehearsals/${id}/sheet`, { once: 'sending-1' })).status).toBe(403);
      expect((await client.post(`/rehearsals/${id}/remove`)).status).toBe(403);
    }
    const asked = (await start(ana.client, { withAdvisor: true })).json<RehearsalAnswer>();
    expect((await day.planner.get(`/rehearsals/${asked.id}`)).status).toBe(200);
    // An advisor who starts one listens to it.
    const theirs = await start(day.planner, { peerIds: [] });
    expect(theirs.status).toBe(201);
    expect((await ana.client.get(`/rehearsals/${theirs.json<RehearsalAnswer>().id}`)).status).toBe(200);
    expect((await start(stranger.client)).status).toBe(403);
  });

  it('lets the student’s advisors read comments and no level, tells everybody so, and forgets them with the rehearsal', async () => {
    const { day, ana, mei, otherAdvisor, registrar, start } = await anAdvisory();
    const { id } = (await start(ana.client)).json<RehearsalAnswer>();
    const body = await filled(mei.client, id, 'canary-mei');
    const row = Object.keys(body).find((field) => field.startsWith('level.'))!;
    const commented = { ...body, [row.replace('level.', 'comment.')]: 'canary-why' };
    await mei.client.post(`/rehearsals/${id}/sheet`, commented);
    const list = `/students/${ana.person.id}/rehearsals`;
    expect((await day.planner.get(list)).json<{ items: { id: string }[] }>().items).toMatchObject([{ id }]);
    expect((await day.planner.get(`/students/${ana.person.id}`, { as: 'page' })).text).toContain(`"${list}"`);
    const seen = await day.planner.get(`/rehearsals/${id}`);
    expect(seen.json()).toMatchObject({
      commentsOnly: true,
      sheets: [{ overallComment: 'canary-mei', rows: [{ level: null, comment: 'canary-why' }] }],
    });
    const page = await day.planner.get(`/rehearsals/${id}`, { as: 'page' });
    for (const shown of ['canary-mei', 'canary-why', 'as the student’s advisor'])
      expect(page.text).toContain(shown);
    const [, level] = /"level":"([^"]+)"/.exec((await ana.client.get(`/rehearsals/${id}`)).text)!;
    expect([seen.text.includes(`"${level}"`), page.text.includes(`>${level}<`)]).toEqual([false, false]);
    for (const { client } of [otherAdvisor, registrar, mei])
      expect((await client.get(list)).status).toBe(403);
    for (const [client, path] of [
      [ana.client, `/rehearsals/${id}`],
      [mei.client, `/rehearsals/${id}/sheet`],
      [ana.client, `${list}/new`],
      [mei.client, `/rehearsals/${id}/clock`],
    ] as const)
      expect((await client.get(path, { as: 'page' })).text).toContain('advisors can read the comments');
    // Of those from before nobody was told: they stay among who took part.
    await app.context.db.connection
      .db!.collection('rehearsals')
      .updateOne({ _id: id as never }, { $unset: { advisorsRead: 1 } });
    expect((await day.planner.get(`/rehearsals/${id}`)).status).toBe(403);
    expect((await day.planner.get(list)).text).not.toContain(id);
    expect((await ana.client.get(`/rehearsals/${id}`, { as: 'page' })).text).not.toContain(
      'advisors can read',
    );
    await app.context.db.connection
      .db!.collection('rehearsals')
      .updateOne({ _id: id as never }, { $set: { advisorsRead: true } });
    await ana.client.post(`/rehearsals/${id}/remove`);
    expect((await day.planner.get(`/rehearsals/${id}`)).status).toBe(404);
    expect((await day.planner.get(list)).text).not.toContain(id);
  });

  it('is offered on the page of the student to who may start it, and asks for nobody where there is no advisory', async () => {
    const { day, ana, registrar, stranger } = await anAdvisory();
    const link = `/students/${ana.person.id}/rehearsals/new`;
    for (const [client, offered] of [
      [ana.client, true],
      [day.planner, true],
      [registrar.client, false],
    ] as const) {
      const page = await client.get(`/students/${ana.person.id}`, { as: 'page' });
      expect([page.status, page.text.includes(link)]).toEqual([200, offered]);
    }
    const form = await day.planner.get(link, { as: 'page' });
    expect(form.text).toContain('Ana Prado presents to a few peers');
    const alone = await stranger.client.get(`/students/${stranger.person.id}/rehearsals/new`, { as: 'page' });
    expect([alone.status, alone.text.includes('As soon as the office has set one')]).toEqual([200, true]);
    expect(alone.text).not.toContain('name="rubric"');
  });

  it('takes a sheet once, whole, and as it was handed in', async () => {
    const { day, ana, mei, start } = await anAdvisory();
    const { id } = (await start(ana.client)).json<RehearsalAnswer>();
    const early = await mei.client.post(`/rehearsals/${id}/sheet`, { once: 'sending-1', then: 'submit' });
    expect([early.status, early.text]).toEqual([422, expect.stringContaining('criteria.')]);
    const body = await filled(mei.client, id, 'once');
    for (let sent = 0; sent < 2; sent += 1)
      expect((await mei.client.post(`/rehearsals/${id}/sheet`, body)).status).toBe(200);
    const late = await mei.client.post(`/rehearsals/${id}/sheet`, { once: 'sending-2', overall: 'Later' });
    expect(late.status).toBe(409);
    const record = await getRehearsal(day.home.scope, id);
    expect(record.seats.find((seat) => seat.personId === mei.person.id)?.overallComment).toBe('once');
  });

  it.each([
    ['nobody', { peerIds: [] }, 'peerIds'],
    ['somebody of another advisory', { peerIds: ['elsewhere'] }, 'peerIds'],
    ['a rubric that is not there', { rubric: 'gone' }, 'rubric'],
    ['no title', { title: ' ' }, 'title'],
  ])('is refused with %s', async (_name, more, field) => {
    const { ana, start } = await anAdvisory();
    const refused = await start(ana.client, more);
    expect(refused.status).toBe(422);
    expect(refused.json<{ error: { fields: { field: string }[] } }>().error.fields[0]!.field).toBe(field);
  });

  it('is taken away by the student alone, with everything that was said', async () => {
    const { ana, mei, start } = await anAdvisory();
    const { id } = (await start(ana.client)).json<RehearsalAnswer>();
    await submit(mei.client, id, 'gone-canary');
    expect((await mei.client.post(`/rehearsals/${id}/remove`)).status).toBe(403);
    expect((await ana.client.post(`/rehearsals/${id}/remove`)).status).toBe(200);
    expect((await mei.client.get(`/rehearsals/${id}`)).status).toBe(404);
    const left = await app.context.db.connection.db!.collection('rehearsals').find({}).toArray();
    expect(JSON.stringify(left)).not.toContain('gone-canary');
  });
});
