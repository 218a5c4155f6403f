/**
 * A link for somebody's password is never quiet: owner and administrators are told, and what is signed within
 * a day says so.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findBrokenEntry } from '../../server/audit/append-audit.js';
import { signatureHolds, type NarrativeVersion } from '../../server/narratives/narrative.js';
import { sealHolds, type ScoreSheet } from '../../server/scores/score-sheet.js';
import { aPanel, fillSheet, type TestPanel } from '../harness/builders/scores.js';
import type { Client } from '../harness/client.js';
import { testClock } from '../harness/test-clock.js';
import { startApp, testPassword, type TestApp } from '../harness/start-app.js';
import { publishSlot } from '../harness/builders/publishing.js';

const hour = 3_600_000;
let now = testClock.now();
let app: TestApp;
let panel: TestPanel;
let registrar: Client;
beforeAll(async () => {
  app = await startApp({ clock: { now: () => now } });
  panel = await aPanel(app);
  registrar = await panel.as('registrar');
});
afterAll(() => app.close());

const linkFor = async (personId: string) => {
  const made = await registrar.post(`/people/${personId}/invite`);
  expect(made.status).toBe(201);
  return made.json<{ setPasswordPath: string }>().setPasswordPath;
};
const noticesOf = async (client: Client) =>
  (await client.get('/')).json<{ notices: { text: string }[] }>().notices.map(({ text }) => text);
const chosen = 'three green kettles';

describe('a password link', () => {
  it('ends nothing before it is used, and is told to its owner and the administrators until they have read it', async () => {
    const { advisor } = panel.people;
    await linkFor(advisor.id);
    const [owner, admin, other] = await Promise.all(['advisor', 'admin', 'otherAdvisor'].map(panel.as));
    expect(await noticesOf(owner!)).toEqual([
      expect.stringMatching(/^Mei Lin made a password link for your account\./),
    ]);
    expect(await noticesOf(admin!)).toEqual(['Mei Lin made a password link for Amara Okafor.']);
    expect([await noticesOf(other!), await noticesOf(registrar)]).toEqual([[], []]);
    const list = (await admin!.get('/password-links')).json<{ items: object[] }>().items;
    expect(list).toMatchObject([
      { personName: 'Amara Okafor', createdBy: 'Mei Lin', state: 'open', own: false },
    ]);
    expect((await other!.get('/password-links')).json<{ total: number }>().total).toBe(0);
    for (const client of [owner!, admin!]) {
      expect((await client.get('/', { as: 'page' })).text).toContain('made a password link');
      expect((await client.post('/password-links/read')).status).toBe(200);
      expect(await noticesOf(client)).toEqual([]);
    }
  });

  it('is no news to whoever begins with it, unless somebody makes a second one', async () => {
    const person = {
      givenName: 'Noor',
      familyName: 'Haddad',
      roles: ['advisor'],
      email: 'noor@links.example',
    };
    const added = (await registrar.post('/people', person)).json<{
      person: { id: string };
      setPasswordPath: string;
    }>();
    const noor = app.visitor();
    expect((await noor.post(added.setPasswordPath, { password: chosen })).status).toBe(200);
    expect(await noticesOf(noor)).toEqual([]);
    expect(await noticesOf(await panel.as('admin'))).toEqual([
      'Mei Lin made a password link for Noor Haddad.',
    ]);
    await linkFor(added.person.id);
    expect(await noticesOf(noor)).toHaveLength(2);
    await (await panel.as('admin')).post('/password-links/read');
  });

  it('for somebody who has a password works for a day', async () => {
    const path = await linkFor(panel.people.otherStudent.id);
    now = new Date(now.getTime() + 24 * hour);
    expect((await app.visitor().get(path)).status).toBe(404);
    expect((await app.visitor().post(path, { password: chosen })).status).toBe(404);
  });

  it.each([
    ['short', 'tiny'],
    ['common', 'Password1234'],
    ['a name', 'liam-byrne-2026'],
  ])('does not take a password that is %s, and stays usable', async (_case, password) => {
    const path = await linkFor(panel.people.otherAdvisor.id);
    const page = await app.visitor().post(path, { password }, { as: 'page' });
    expect([page.status, page.text]).toEqual([422, expect.stringContaining('f-password-problem')]);
    expect((await app.visitor().get(path)).status).toBe(200);
  });
});

describe('what an account signs after a link was used', () => {
  let somebody: Client;
  const stored = <T extends object>(name: string, filter: object) =>
    app.context.db.connection.collection(name).findOne<T>(filter);
  const beginAndSign = async () => {
    const draft = await somebody.post(`/students/${panel.people.student.id}/narratives`, {
      markdown: 'She did it.',
    });
    const { id, revision } = draft.json<{ id: string; revision: number }>();
    const markdown = `Words at ${now.toISOString()}`;
    const signed = await somebody.post(`/narratives/${id}/sign`, { markdown, revision });
    expect([signed.status, signed.text]).toEqual([expect.any(Number), expect.stringContaining('"number"')]);
    return id;
  };

  beforeAll(async () => {
    const path = await linkFor(panel.people.advisor.id);
    now = new Date(now.getTime() + hour);
    somebody = app.visitor();
    expect((await somebody.post(path, { password: chosen })).status).toBe(200);
    expect((await app.visitor().post(path, { password: chosen })).status).toBe(404);
  });

  it('carries a mark for a day: the narrative, in its record, on its page and under its hash', async () => {
    now = new Date(now.getTime() + 23 * hour);
    const id = await beginAndSign();
    const version = (await stored<NarrativeVersion>('narrativeversions', { narrativeId: id }))!;
    expect(version.passwordLink).toMatchObject({ createdByName: 'Mei Lin' });
    expect(signatureHolds(version)).toBe(true);
    expect(signatureHolds({ ...version, passwordLink: undefined as never })).toBe(false);
    const reader = await panel.as('student');
    const shown = (await reader.get(`/narratives/${id}`)).json<{ current: { passwordLink: object } }>();
    expect(shown.current.passwordLink).toMatchObject({ createdBy: 'Mei Lin' });
    expect((await reader.get(`/narratives/${id}`, { as: 'page' })).text).toContain(
      'Signed within a day after a password link made by Mei Lin was used',
    );
    const entry = await stored<{ detail: object }>('auditentries', { act: 'narrative.sign' });
    expect(entry!.detail).toMatchObject({ passwordLink: { createdById: panel.people.registrar.id } });
  });

  it('the score sheet, too, and the result that holds it', async () => {
    const seat = panel.seats.find(({ personId }) => personId === panel.people.advisor.id)!;
    await fillSheet(somebody, seat.id, [null]);
    const sheet = (await stored<ScoreSheet & { _id: string }>('scoresheets', { _id: seat.id }))!;
    expect(sheet.passwordLink).toMatchObject({ createdByName: 'Mei Lin' });
    expect(sealHolds({ ...sheet, id: sheet._id })).toBe(true);
    expect((await somebody.get(`/seats/${seat.id}/sheet/review`, { as: 'page' })).text).toContain(
      'Mei Lin was used',
    );
    await panel.moveTo('closed', 'scoring');
    const published = await publishSlot(registrar, panel.slotId);
    expect([published.status, published.text]).toEqual([expect.any(Number), expect.any(String)]);
    const result = await registrar.get(`/slots/${panel.slotId}/result`);
    expect(result.json<{ signedByLink: object[] }>().signedByLink).toMatchObject([
      { what: 'sheet', name: 'Amara Okafor', passwordLink: { createdBy: 'Mei Lin' } },
    ]);
    expect((await registrar.get(`/slots/${panel.slotId}/result`, { as: 'page' })).text).toContain(
      'Amara Okafor submitted this sheet within a day',
    );
  });

  it('after that day nothing is marked', async () => {
    now = new Date(now.getTime() + 2 * hour);
    somebody = app.visitor();
    const email = (await stored<{ email: string }>('accounts', {
      'memberships.personId': panel.people.advisor.id,
    }))!.email;
    expect((await somebody.post('/sign-in', { email, password: testPassword })).status).toBe(422);
    expect((await somebody.post('/sign-in', { email, password: chosen })).status).toBe(200);
    const id = await beginAndSign();
    const version = await stored<NarrativeVersion>('narrativeversions', { narrativeId: id, number: 2 });
    expect(version).not.toHaveProperty('passwordLink');
    expect(await findBrokenEntry(panel.home.scope)).toBeNull();
  });
});
