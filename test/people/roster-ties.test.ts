/** A roster that does not name a guardian any more: the tie ends when a person says so, and never by itself. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { aPresentation } from '../harness/builders/presentation.js';
import type { Client } from '../harness/client.js';
import { rosterDesk, sendRoster, type Outcome } from '../harness/roster-desk.js';
import { listEntriesFrom } from '../../server/audit/audit-records.js';
import { listSeatsOfSlot, saveSeat } from '../../server/exhibitions/seats/seat-records.js';
import { newId } from '../../server/ids.js';
import { startApp, testPassword, type TestApp } from '../harness/start-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.close());

const heading = 'id,name,email,guardian name,guardian email';
const before = `${heading}\nC1,Custody Kid,ck@imp.example,Pa Kid,pa@home.example`;
const after = `${heading}\nC1,Custody Kid,ck@imp.example,Ma Kid,ma@home.example`;

type Tied = Outcome & {
  id: string;
  kept: string;
  unnamed: { key: string; student: string; guardian: string }[];
};

it('asks in the preview, keeps the tie without an answer, and with one ends it from that moment', async () => {
  const desk = await rosterDesk(app);
  await desk.bringIn(before);
  const people = await desk.everybody();
  const [kid, pa] = [people.get('Custody Kid')!, people.get('Pa Kid')!];
  expect(kid.guardianIds).toEqual([pa.id]);
  const link = (await desk.registrar.post(`/people/${pa.id}/invite`)).json<{ setPasswordPath: string }>();
  const family = app.visitor();
  expect((await family.post(link.setPasswordPath, { password: testPassword })).status).toBe(200);
  const panelist = await desk.school.person({ name: 'Jun Sato', roles: ['panelist'] });
  const { ids } = await aPresentation(app, desk.school, kid, panelist, 'scoring');
  await saveSeat(desk.school.scope, {
    ...{ id: newId(), schoolId: desk.school.school.id, slotId: ids.slot, exhibitionId: ids.exhibition },
    ...{ studentId: kid.id, personId: pa.id, name: 'Pa Kid', role: 'family', chair: false, pass: null },
    ...{ createdAt: app.context.clock.now(), createdBy: 'test' },
  });
  const reads = async () => [
    (await family.get(`/students/${kid.id}`)).status,
    (await family.get(`/slots/${ids.slot}`)).status,
  ];
  expect(await reads()).toEqual([200, 200]);

  const preview = (await desk.bringIn(after, { dryRun: 'true' })) as Tied;
  expect(preview.unnamed).toEqual([
    { key: `${kid.id} ${pa.id}`, student: 'Custody Kid', guardian: 'Pa Kid' },
  ]);
  const page = await desk.registrar.get(`/people/imports/${preview.id}`, { as: 'page' });
  expect(page.text).toContain('Pa Kid, for Custody Kid');
  expect(page.text).toContain('name="endTies"');

  const silent = await desk.registrar.post('/people/import', { kept: preview.kept });
  expect(silent.status).toBe(200);
  const both = (await desk.everybody()).get('Custody Kid')!;
  const ma = (await desk.everybody()).get('Ma Kid')!;
  expect([both.guardianIds, await reads()]).toEqual([
    [pa.id, ma.id],
    [200, 200],
  ]);

  const asked = (await desk.bringIn(after, { dryRun: 'true' })) as Tied;
  const endTies = asked.unnamed.map(({ key }) => key);
  const done = await desk.registrar.post('/people/import', { kept: asked.kept, endTies });
  expect([done.status, done.json<Tied>().unnamed]).toEqual([200, []]);
  expect((await desk.everybody()).get('Custody Kid')!.guardianIds).toEqual([ma.id]);
  expect(await reads()).toEqual([403, 403]);
  const seats = await listSeatsOfSlot(desk.school.scope, ids.slot);
  expect(seats.map(({ personId }) => personId)).not.toContain(pa.id);
  const acts = (await listEntriesFrom(desk.school.scope, 1, 500)).map(({ act }) => act);
  expect(acts).toContain('seat.remove');
});

it('asks also about a guardian whom the roster itself once brought in, and about nobody of whom the file says nothing', async () => {
  const desk = await rosterDesk(app);
  const sheet = (guardian: string) =>
    `role,id,given name,family name,guardian ids\nguardian,G1,Ida,Holm,\nguardian,G2,Olav,Holm,\nstudent,S1,Mia,Holm,${guardian}`;
  await desk.bringIn(sheet('G1'));
  const nothing = (await desk.bringIn(sheet(''), { dryRun: 'true' })) as Tied;
  expect(nothing.unnamed).toEqual([]);
  const other = (await desk.bringIn(sheet('G2'))) as Tied;
  expect(other.unnamed.map(({ guardian }) => guardian)).toEqual(['Ida Holm']);
  expect((await desk.everybody()).get('Mia Holm')!.guardianIds).toHaveLength(2);
});

it('makes nobody a guardian again by itself: it asks, also where the file has another address for them', async () => {
  const desk = await rosterDesk(app);
  await desk.bringIn(before);
  const people = await desk.everybody();
  const [kid, pa] = [people.get('Custody Kid')!, people.get('Pa Kid')!];
  const path = `/people/${kid.id}/guardians`;
  expect((await desk.registrar.send('DELETE', `${path}/${pa.id}`)).status).toBe(200);
  const guardians = async () => (await desk.everybody()).get('Custody Kid')!.guardianIds;
  for (const file of [before, before.replace('pa@home', 'new@home'), before.replace('pa@home.example', '')]) {
    const silent = await desk.bringIn(file);
    expect(silent.questions).toMatchObject([{ kind: 'tie', text: 'Pa Kid, for Custody Kid' }]);
    expect(silent.errors).toMatchObject([{ row: 2, field: 'guardian name' }]);
    expect([silent.created, await guardians()]).toEqual([0, []]);
  }
  const { key } = (await desk.bringIn(before, { dryRun: 'true' })).questions[0]!;
  expect(key).toBe(`tie ${kid.id} ${pa.id}`);
  const order = { name: 'nightly', scopes: ['people:import', 'read'] };
  const made = await desk.registrar.post('/account/tokens', order);
  const headers = { Authorization: `Bearer ${made.json<{ token: string }>().token}` };
  const visitor = app.visitor();
  const program: Client = {
    ...visitor,
    get: (to) => visitor.get(to, { headers }),
    send: (method, to, body) => visitor.send(method, to, body, { headers }),
  };
  const byToken = await sendRoster(program, desk.own(before), { answers: `restore:${key}` });
  expect([byToken.json<Outcome>().questions, byToken.json<Outcome>().errors]).toMatchObject([
    [],
    [{ row: 2, field: 'guardian name' }],
  ]);
  expect(await guardians()).toEqual([]);
  expect(await desk.bringIn(before, { answers: `restore:${key}` })).toMatchObject({ updated: 1, errors: [] });
  expect(await guardians()).toEqual([pa.id]);
  // Whoever was made a guardian again by the office is one for the next file.
  await desk.registrar.send('DELETE', `${path}/${pa.id}`);
  expect((await desk.registrar.post(path, { personId: pa.id })).status).toBe(201);
  expect(await desk.bringIn(before)).toMatchObject({ updated: 0, questions: [], errors: [] });
  const { givenName, familyName, roles } = kid;
  await desk.registrar.put(`/people/${kid.id}`, { givenName, familyName, roles, guardianIds: [] });
  expect((await desk.bringIn(before)).questions).toMatchObject([{ kind: 'tie' }]);
});

it('ends no tie that the file still names, whatever is sent', async () => {
  const desk = await rosterDesk(app);
  await desk.bringIn(before);
  const people = await desk.everybody();
  const [kid, pa] = [people.get('Custody Kid')!, people.get('Pa Kid')!];
  await desk.bringIn(before, { endTies: `${kid.id} ${pa.id}` });
  expect((await desk.everybody()).get('Custody Kid')!.guardianIds).toEqual([pa.id]);
});

it('takes only guardians for guardians, as the form does, and tells the row', async () => {
  const desk = await rosterDesk(app);
  const heading = 'role,id,name,guardian ids';
  const people = 'advisor,T1,Tea Cher,\nguardian,G1,Gua Rdian,\nstudent,S1,Sam One,\nstudent,S2,Sue Two,';
  const outcome = await desk.bringIn(`${heading}\n${people}T1 S1 S2 G1`);
  expect(outcome.errors.map(({ row, field, message }) => [row, field, message.split(' ')[0]])).toEqual([
    [5, 'guardian ids', 'T1'],
    [5, 'guardian ids', 'S1'],
    [5, 'guardian ids', 'S2'],
  ]);
  const everybody = await desk.everybody();
  expect(everybody.get('Sue Two')!.guardianIds).toEqual([everybody.get('Gua Rdian')!.id]);
});
