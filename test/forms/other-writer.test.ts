/**
 * A form that is sent by somebody else than it was opened by, as far as the session says: another school of
 * one account, a merged record.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listOpenDrafts } from '../../server/forms/keep-draft.js';
import type { Person } from '../../server/people/person.js';
import { pressOnPage } from '../harness/browser-form.js';
import type { Client } from '../harness/client.js';
import { startApp, testPassword, type TestApp, type TestSchool } from '../harness/start-app.js';

const email = 'ada@both.example';

let app: TestApp;
let [north, south]: TestSchool[] = [];
let here: Person;
let there: string;
beforeAll(async () => {
  app = await startApp();
  [north, south] = [await app.aSchool({ name: 'North School' }), await app.aSchool({ name: 'South School' })];
  here = await north.person({ name: 'Ada Lund', roles: ['admin', 'registrar'], email });
  await south.person({ name: 'Sam Office', roles: ['registrar'], email: 'office@south.example' });
  const office = await app.as('office@south.example');
  const added = await office.post('/people', {
    ...{ givenName: 'Ada', familyName: 'Lund', email },
    roles: ['advisor'],
  });
  const joined = added.json<{ person: { id: string }; setPasswordPath: string }>();
  there = joined.person.id;
  expect((await (await app.as(email)).post(joined.setPasswordPath)).status).toBe(200);
});
afterAll(() => app.close());

const open = async (client: Client, path: string): Promise<string> => {
  const reply = await client.get(path, { as: 'page' });
  expect([path, reply.status]).toEqual([path, 200]);
  return reply.text;
};
const signedInTo = async (personId: string): Promise<Client> => {
  const client = await app.as(email);
  expect((await client.post(`/memberships/${personId}/use`)).status).toBe(200);
  return client;
};
const markOf = (page: string): string => /data-writer="([^"]+)"/.exec(page)![1]!;

describe('a form that was opened in another school of the same account', () => {
  it('is kept, says so, and comes back filled in after switching back, also where the role here is another', async () => {
    const ada = await signedInTo(here.id);
    const page = await open(ada, '/school');
    expect((await ada.post(`/memberships/${there}/use`)).status).toBe(200);
    const refused = await pressOnPage(ada, page, 'Save settings', { motto: 'Typed in the North' });
    expect([refused.status, refused.text.includes('Somebody else')]).toEqual([409, false]);
    expect(refused.text).toContain(
      'You are working in South School now, and this form belongs to North School',
    );
    expect(refused.text).toContain('What you typed is kept. Switch back to North School');
    expect(await open(ada, '/drafts')).toContain('You have one more unsaved text at North School.');
    const main = refused.text.slice(refused.text.indexOf('<main'));
    const back = await pressOnPage(ada, main, 'Switch to North School');
    expect([back.status, back.headers.get('location')]).toEqual([303, '/school?kept=1']);
    const filled = await open(ada, '/school?kept=1');
    expect(filled).toContain('value="Typed in the North"');
    expect(filled).toContain('Your last changes were not saved.');
    expect((await pressOnPage(ada, filled, 'Save settings')).status).toBe(303);
    expect(await listOpenDrafts(app.context, here.id)).toEqual([]);
  });

  it('goes on saving its draft for the school in which it was opened, and says where its writer is', async () => {
    const ada = await signedInTo(here.id);
    const mark = markOf(await open(ada, '/school'));
    const keep = (client: Client, motto: string) =>
      client.put('/drafts', { action: '/school', page: '/school', fields: { motto }, writer: mark });
    const state = (client: Client) => client.get('/drafts/state', { headers: { 'X-Page-Writer': mark } });
    expect((await keep(ada, 'First')).json()).toMatchObject({ elsewhere: false });
    expect((await ada.post(`/memberships/${there}/use`)).status).toBe(200);
    expect((await keep(ada, 'Second words')).json()).toMatchObject({ elsewhere: true });
    expect((await state(ada)).json()).toEqual({ signedIn: true, elsewhere: true });
    expect(await listOpenDrafts(app.context, there)).toEqual([]);
    const [draft] = await listOpenDrafts(app.context, here.id);
    expect(draft).toMatchObject({ schoolId: north!.school.id, fields: { motto: 'Second words' } });
    const stranger = await app.as('office@south.example');
    expect([(await keep(stranger, 'Third')).status, (await state(stranger)).status]).toEqual([401, 401]);
    await (await signedInTo(here.id)).post('/drafts/discard', { action: '/school' });
  });

  it('is shown to nobody else who has signed in since, whatever it is refused for', async () => {
    const page = await open(await signedInTo(here.id), '/school');
    const office = await app.as('office@south.example');
    const refused = await pressOnPage(office, page, 'Save settings', { motto: 'For Ada alone' });
    expect([refused.status, refused.text.includes('For Ada alone')]).toEqual([409, false]);
    expect(refused.text).toContain('Somebody else has signed in on this device');
    const ada = await signedInTo(here.id);
    expect(await open(ada, '/school?kept=1')).toContain('value="For Ada alone"');
    await ada.post('/drafts/discard', { action: '/school' });
  });
});

describe('a form that was opened before its writer’s two records were merged', () => {
  it('is saved as the one who stays, and a draft is kept for that one', async () => {
    const from = await north!.person({ name: 'Bo Berg', roles: ['admin'], email: 'bo@north.example' });
    const into = await north!.person({ name: 'Bo Berg', roles: ['admin'] });
    const bo = await app.as('bo@north.example');
    const path = '/school';
    const page = await open(bo, path);
    const merged = await (
      await signedInTo(here.id)
    ).post(`/people/${into.id}/merge/${from.id}`, { reason: 'Twice' });
    expect(merged.status).toBe(200);
    const fields = { motto: 'Typed before' };
    const kept = await bo.put('/drafts', { action: path, page: path, fields, writer: markOf(page) });
    expect([kept.status, (await listOpenDrafts(app.context, into.id)).length]).toEqual([200, 1]);
    const late = app.visitor();
    expect((await pressOnPage(late, page, 'Save settings', { motto: 'Typed too late' })).status).toBe(303);
    const [waiting] = await listOpenDrafts(app.context, into.id);
    expect(waiting?.fields).toMatchObject({ motto: 'Typed too late' });
    expect((await pressOnPage(bo, page, 'Save settings', { motto: 'To build a boat' })).status).toBe(303);
    expect(await open(bo, path)).toContain('To build a boat');
    expect(await listOpenDrafts(app.context, into.id)).toEqual([]);
  });
});

describe('a form with nothing but a file', () => {
  it('names the file that was lost when the sign-in had ended, on its own page', async () => {
    const mail = 'kid@north.example';
    const { id } = await north!.person({ name: 'Lea Moss', roles: ['student'], email: mail });
    const student = await app.as(mail);
    const upload = new FormData();
    upload.append('files', new Blob(['A bridge']), 'bridge.txt');
    upload.append('title', 'Bridge');
    const made = await student.send('POST', `/students/${id}/artifacts?kind=file`, upload);
    const path = made.headers.get('location') ?? '';
    const page = await open(student, path);
    const action = `${path}/versions`;
    const mark = new RegExp(`action="${action}"[^>]*><input type="hidden" name="_opened" value="([^"]*)"`);
    student.cookies.delete('vitrine');
    const version = new FormData();
    version.append('_opened', mark.exec(page)![1]!.replaceAll('&#x3D;', '='));
    version.append('file', new Blob(['A better bridge']), 'bridge 2.txt');
    const late = await student.send('POST', action, version, { as: 'page' });
    const next = `${path}?kept=1`;
    expect([late.status, late.headers.get('location')]).toEqual([
      303,
      `/sign-in?next=${encodeURIComponent(next)}`,
    ]);
    await student.post('/sign-in', { email: mail, password: testPassword, next }, { as: 'page' });
    const back = await open(student, next);
    expect(back).toContain('Your file was not saved. Please choose it again.');
    expect(back).toMatch(/<details open>.*One file couldn’t be kept.*bridge 2\.txt.*<form[^>]*\/versions"/s);
    expect(await open(student, '/drafts')).toContain('bridge 2.txt');
  });
});
