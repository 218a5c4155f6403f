/**
 * Phones that had no network while somebody was erased: what they bring then is refused or left out, and
 * nothing of it is kept.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listAnchors } from '../../server/audit/audit-anchors.js';
import { checkSchool } from '../../server/cli/check-school.js';
import type { SchoolScope } from '../../server/db/database.js';
import { countOf, erase, letPass, textsLeft } from '../harness/builders/erasure.js';
import { aGroup } from '../harness/builders/group.js';
import { aPresentation } from '../harness/builders/presentation.js';
import { anOperation, aPanel, fillSheet, storedSheet } from '../harness/builders/scores.js';
import { aGallery, doorOf } from '../harness/builders/visits.js';
import type { Client } from '../harness/client.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { publishSlot } from '../harness/builders/publishing.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

async function problems(scope: SchoolScope) {
  await app.context.audit.settle(scope.schoolId);
  await app.context.anchors.flush();
  const anchors = await listAnchors(app.context.anchorFiles, scope.schoolId);
  return (await checkSchool({ storage: app.context.storage, files: true, anchors }, scope)).problems;
}
const send = (client: Client, seatId: string, ...changes: object[]) =>
  client.post(`/seats/${seatId}/sheet/operations`, { operations: changes.map(anOperation) });
const codeOf = (reply: { json<T>(): T }) => reply.json<{ error: { code: string } }>().error.code;

describe('whoever presented alone is erased', () => {
  it('no sheet about them begins, goes on, is submitted or published', async () => {
    const panel = await aPanel(app, { roles: ['teacher', 'mentor'] });
    const [first, second] = panel.seats.map(({ id }) => id) as [string, string];
    const [begun, fresh] = [await panel.as('panelist-0'), await panel.as('panelist-1')];
    await fillSheet(begun, first, ['meeting'], { comment: 'qx-late-words', submit: false });
    await letPass(app, panel.exhibitionId);
    await erase(await panel.as('admin'), panel.people.student);

    const words = { kind: 'set-overall', comment: 'qx-late-words' };
    for (const [client, seat] of [
      [begun, first],
      [fresh, second],
    ] as const) {
      const refused = await send(client, seat, words);
      expect([refused.status, codeOf(refused)]).toEqual([409, 'erased']);
      expect(refused.text).toContain('has been erased');
      const submitted = await client.post(`/seats/${seat}/sheet/submit`, { early: true });
      expect([submitted.status, codeOf(submitted)]).toEqual([409, 'erased']);
      const page = await client.get(`/seats/${seat}/sheet`, { as: 'page' });
      expect([page.status, page.text]).toEqual([200, expect.stringContaining('has been erased')]);
    }
    const office = await panel.as('registrar');
    const seated = { personId: panel.people.otherAdvisor.id, role: 'teacher' };
    expect((await office.post(`/slots/${panel.slotId}/seats`, seated)).status).toBe(409);
    await panel.moveTo('closed', 'scoring');
    const published = await publishSlot(office, panel.slotId);
    expect([published.status, codeOf(published)]).toEqual([409, 'erased']);
    expect(await textsLeft(app, ['qx-late-words'])).toEqual([]);
    expect(await problems(panel.home.scope)).toEqual([]);
  });

  it('a first change at the same moment comes before, or is refused: nothing of it stays', async () => {
    const panel = await aPanel(app, { roles: ['teacher', 'mentor', 'mentor'] });
    const clients = await Promise.all(panel.seats.map((_, at) => panel.as(`panelist-${at}`)));
    const admin = await panel.as('admin');
    await letPass(app, panel.exhibitionId);
    const words = { kind: 'set-overall', comment: 'qx-same-moment' };
    const [, ...replies] = await Promise.all([
      erase(admin, panel.people.student),
      ...clients.map((client, at) => send(client, panel.seats[at]!.id, words)),
    ]);
    expect(replies.every(({ status }) => status === 200 || status === 409)).toBe(true);
    expect(await textsLeft(app, ['qx-same-moment'])).toEqual([]);
  });

  it('a visitor whose form is sent again is not written down again', async () => {
    const gallery = await aGallery(app);
    const visitor = app.visitor();
    const form = { name: 'Rhea Resent', role: 'guest', once: 'words-of-one-form' };
    const visit = await gallery.comeIn(visitor, 1, form);
    const stored = await app.context.db.connection
      .collection('visits')
      .findOne({ _id: visit.split('/').at(-1) as never });
    const email = 'admin.of.visitors@test.example';
    await gallery.day.home.person({ name: 'Pat Doyle', roles: ['admin'], email });
    await erase(await app.as(email), { id: String(stored!['personId']), displayName: form.name });
    expect((await visitor.post(visit, { 'feedback.0': 'Rhea again' })).status).toBe(401);
    const again = await app.visitor().post(doorOf(gallery.signs[1]!), form);
    expect([again.status, codeOf(again)]).toEqual([409, 'erased']);
    expect(await textsLeft(app, ['Rhea'])).toEqual([]);
    expect((await app.visitor().post(doorOf(gallery.signs[1]!), { ...form, once: 'another' })).status).toBe(
      200,
    );
  });

  it('a stand of theirs takes no more visits', async () => {
    const gallery = await aGallery(app);
    const { day } = gallery;
    const visitor = app.visitor();
    const visit = await gallery.comeIn(visitor, 0, { name: 'Tess Caller', role: 'guest' });
    const slot = await app.context.db.connection
      .collection('slots')
      .findOne({ _id: gallery.slots[0] as never });
    const student = await app.context.db.connection
      .collection('people')
      .findOne({ _id: slot!['studentId'] as never });
    const email = 'admin.of.gallery@test.example';
    await day.home.person({ name: 'Pat Doyle', roles: ['admin'], email });
    await letPass(app, day.exhibitionId);
    await erase(await app.as(email), {
      id: String(student!._id),
      displayName: String(student!['displayName']),
    });
    const left = await visitor.post(visit, { 'feedback.0': 'qx-late-visit' });
    expect(left.status).toBeGreaterThanOrEqual(400);
    const door = await app.visitor().get(doorOf(gallery.signs[0]!), { as: 'page' });
    expect([door.status, door.text]).toEqual([410, expect.stringContaining('no more visits')]);
    expect(await textsLeft(app, ['qx-late-visit'])).toEqual([]);
  });
});

describe('one of a group is erased', () => {
  it('what a phone still says about them is left out, the rest is taken, and the sheet is complete without them', async () => {
    const group = await aGroup(app, { roles: ['teacher'] });
    const levels = { group: 'developing', each: ['developing', 'proficient', 'advanced'] };
    await group.fill('panelist-0', levels, false);
    await letPass(app, group.exhibitionId);
    const going = group.members[1]!;
    await erase(await group.as('admin'), going.student);

    const seatId = group.seats[0]!.id;
    const panelist = await group.as('panelist-0');
    const rows = Object.keys((await storedSheet(group, seatId))!.responses);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.join()).not.toContain(going.slotId);
    const about = (await panelist.get(`/seats/${seatId}/sheet`)).json<{ criteria: { id: string }[] }>();
    const own = about.criteria.find(({ id }) => id.includes(group.members[2]!.slotId))!.id;
    const theirs = own.replace(group.members[2]!.slotId, going.slotId);
    const operations = [theirs, own].map((criterionId) =>
      anOperation({ kind: 'set-comment', criterionId, comment: `qx-group ${criterionId}` }),
    );
    const taken = await panelist.post(`/seats/${seatId}/sheet/operations`, { operations });
    expect([taken.status, taken.json<{ applied: string[] }>().applied.sort()]).toEqual([
      200,
      operations.map(({ id }) => id).sort(),
    ]);
    expect((await panelist.post(`/seats/${seatId}/sheet/submit`, { early: true })).status).toBe(200);
    expect(await textsLeft(app, [`qx-group ${theirs}`])).toEqual([]);
    expect(await textsLeft(app, [`qx-group ${own}`])).not.toEqual([]);
    await group.moveTo('closed', 'scoring');
    expect((await group.publish(1)).status).toBe(409);
    expect((await group.publish(2)).status).toBe(200);
    expect(await problems(group.home.scope)).toEqual([]);
  });
});

describe('one of a group is erased while changes to its sheet are late', () => {
  it('later ones wait for the office as before, and neither those about them nor the note are left', async () => {
    const group = await aGroup(app, { roles: ['teacher'] });
    const [panelist, office] = [await group.as('panelist-0'), await group.as('registrar')];
    const seatId = group.seats[0]!.id;
    const late = `/seats/${seatId}/sheet/late`;
    const { criteria } = (await panelist.get(`/seats/${seatId}/sheet`)).json<{
      criteria: { id: string; about: { id: string } | null }[];
    }>();
    const [going, staying] = [group.members[1]!, group.members[2]!];
    const rowAbout = ({ student }: { student: { id: string } }) =>
      criteria.find(({ about }) => about?.id === student.id)!.id;
    const said = (member: typeof going, words: string) =>
      anOperation({ kind: 'set-comment', criterionId: rowAbout(member), comment: words });
    const decide = async (decision: string) => {
      const { items } = (await office.get('/late-sheets')).json<{
        items: { handedInAt: string; changes: number }[];
      }>();
      const { handedInAt, changes } = items[0]!;
      return { changes, reply: await office.post(`${late}/decide`, { decision, handedInAt }) };
    };
    await letPass(app, group.exhibitionId);
    await group.moveTo('closed', 'scoring');
    const first = [said(going, 'qx-declined'), said(staying, 'qx-kept-1')];
    await panelist.post(late, { operations: first, note: `About ${going.student.displayName}` });
    expect((await decide('decline')).reply.status).toBe(200);
    await panelist.post(late, { operations: [said(going, 'qx-waiting'), said(staying, 'qx-kept-2')] });
    await erase(await group.as('admin'), going.student);
    expect(await textsLeft(app, ['qx-declined', 'qx-waiting', 'About '])).toEqual([]);
    await panelist.post(late, { operations: [said(staying, 'qx-kept-3')] });
    const { changes, reply } = await decide('admit');
    expect([changes, reply.status]).toEqual([2, 200]);
    const stored = JSON.stringify((await storedSheet(group, seatId))!.responses);
    expect([stored.includes('qx-kept-3'), stored.includes('qx-kept-1')]).toEqual([true, false]);
    expect(await problems(group.home.scope)).toEqual([]);
  });
});

describe('somebody of the panel is erased', () => {
  it('neither an account nor a pass opens the seat again, and nothing is written under their name', async () => {
    const panel = await aPanel(app, { roles: ['teacher'] });
    const { home, people } = panel;
    const gus = await home.person({ name: 'Gus Latecomer', roles: ['panelist'], email: 'gus@late.example' });
    const { ids, guestPass } = await aPresentation(app, home, people.otherStudent, gus, 'scoring');
    const account = await app.as('gus@late.example');
    const phone = app.visitor();
    expect((await phone.post('/pass', { code: guestPass.code })).status).toBe(200);
    await fillSheet(phone, ids.guestSeat, ['meeting'], { comment: 'qx-guest-draft', submit: false });
    await letPass(app, ids.exhibition);
    const admin = await panel.as('admin');
    const seat = await app.context.db.connection.collection('seats').findOne({ _id: ids.guestSeat as never });
    const done = await erase(admin, { id: String(seat!['personId']), displayName: 'Guest' });
    expect([countOf(done, 'erased', 'seat'), countOf(done, 'erased', 'sheet-draft')]).toEqual([1, 1]);
    await erase(admin, gus);

    const words = { kind: 'set-overall', comment: 'qx-guest-draft' };
    expect((await send(account, ids.seat, words)).status).toBe(401);
    expect((await send(phone, ids.guestSeat, words)).status).toBe(401);
    const again = await phone.post('/pass', { code: guestPass.code });
    expect(again.status).toBeGreaterThanOrEqual(400);
    expect(await textsLeft(app, ['qx-guest-draft', 'Latecomer'])).toEqual([]);
    expect(await problems(home.scope)).toEqual([]);
  });
});
