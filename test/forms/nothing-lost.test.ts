/**
 * What somebody typed into a form is never lost: not when the sign-in ends, not when the form is refused.
 * Without script.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { savePersonChange } from '../../server/people/people-records.js';
import { StorageFailure } from '../../storage/storage.js';
import { draftsBeyond } from '../../server/forms/draft-room.js';
import { listDraftLines } from '../../server/forms/form-draft-records.js';
import { MAX_PERSON_BYTES } from '../../server/forms/form-draft.js';
import { openedMark } from '../../server/forms/opened-form.js';
import { listOpenDrafts } from '../../server/forms/keep-draft.js';
import { pressOnPage, type Filled } from '../harness/browser-form.js';
import { aPanel, type TestPanel } from '../harness/builders/scores.js';
import type { Client, Reply } from '../harness/client.js';
import { startApp, testPassword, type TestApp } from '../harness/start-app.js';
import { dayFromNow } from '../harness/test-clock.js';

const words = 'Ada built a bridge.\r\n\r\nIt "holds" <twelve> people & a dog: 橋 جسر';
const onPage = 'Ada built a bridge.\n\nIt &quot;holds&quot; &lt;twelve&gt; people &amp; a dog: 橋 جسر';

let app: TestApp;
let panel: TestPanel;
beforeAll(async () => {
  app = await startApp();
  panel = await aPanel(app);
});
afterAll(() => app.close());

const open = async (client: Client, path: string): Promise<string> => {
  const reply = await client.get(path, { as: 'page' });
  expect([path, reply.status]).toEqual([path, 200]);
  return reply.text;
};
const endSession = (client: Client) => {
  client.cookies.delete('vitrine');
  expect([...client.cookies.keys()]).not.toContain('vitrine');
};
const signIn = (client: Client, email: string, next: string): Promise<Reply> =>
  client.post('/sign-in', { email, password: testPassword, next }, { as: 'page' });
const nextOf = (reply: Reply): string =>
  new URL(reply.headers.get('location') ?? '', app.url).searchParams.get('next') ?? '';
const draftsOf = (personId: string) => listOpenDrafts(app.context, personId);

/** Fills a form of a page whose sign-in has ended, signs in where that leads to, and comes back. */
async function pressTooLate(client: Client, email: string, path: string, button: string, filled: Filled) {
  const page = await open(client, path);
  endSession(client);
  const refused = await pressOnPage(client, page, button, filled);
  expect([refused.status, refused.headers.get('location')]).toEqual([
    303,
    expect.stringMatching(/^\/sign-in\?/),
  ]);
  const next = nextOf(refused);
  const asked = await client.get(`/sign-in?next=${encodeURIComponent(next)}`, { as: 'page' });
  expect(asked.text).toContain('What you typed is kept');
  // A wrong password first: the way back is not forgotten.
  const wrong = await client.post('/sign-in', { email, password: 'wrong', next }, { as: 'page' });
  expect(wrong.text).toContain(
    `name="next" value="${next.replaceAll('&', '&amp;').replaceAll('=', '&#x3D;')}"`,
  );
  const signed = await signIn(client, email, next);
  expect([signed.status, signed.headers.get('location')]).toEqual([303, next]);
  return { next, back: await client.get(next, { as: 'page' }) };
}

describe('a form that is sent after the sign-in has ended', () => {
  const emailOf = (who: string) => panel.people[who as keyof TestPanel['people']].email!;

  it('comes back filled in on its own page, is saved by the next press, and then no draft is left', async () => {
    const advisor = await panel.as('advisor');
    const path = `/students/${panel.people.student.id}/narratives/new?termId=${panel.home.termId}`;
    const { next, back } = await pressTooLate(advisor, emailOf('advisor'), path, 'Save draft', {
      markdown: words,
    });
    expect(next.startsWith(path)).toBe(true);
    expect([back.status, back.text.includes(onPage)]).toEqual([200, true]);
    expect(back.text).toContain('Your last changes were not saved.');
    expect(back.text).toContain('You tried to save this');
    const list = await advisor.get(`/students/${panel.people.student.id}/narratives`);
    expect(list.json<{ items: unknown[] }>().items).toEqual([]);
    const saved = await pressOnPage(advisor, back.text, 'Save draft');
    expect(saved.status).toBe(303);
    const read = await advisor.get(saved.headers.get('location')!);
    expect(read.json<{ markdown: string }>().markdown).toBe(words.replaceAll('\r\n', '\n'));
    expect(await draftsOf(panel.people.advisor.id)).toEqual([]);
  });

  it('is for its writer alone, whoever signs in there, and is encrypted where it is stored', async () => {
    const student = await panel.as('student');
    const path = `/students/${panel.people.student.id}/narratives/new?termId=${panel.home.termId}`;
    const page = await open(student, path);
    endSession(student);
    const refused = await pressOnPage(student, page, 'Save draft', { markdown: words });
    const next = nextOf(refused);
    const other = emailOf('otherStudent');
    expect((await signIn(student, other, next)).status).toBe(303);
    for (const address of [next, '/drafts', '/']) {
      const seen = await student.get(address, { as: 'page' });
      expect([address, seen.text.includes('Ada built')]).toEqual([address, false]);
    }
    for (const who of ['guardian', 'registrar', 'admin'] as const)
      expect((await (await panel.as(who)).get('/drafts')).text).not.toContain('Ada built');
    const stored = await app.context.db.connection.collection('formdrafts').find({}).toArray();
    expect(stored.length).toBeGreaterThan(0);
    expect(JSON.stringify(stored)).not.toContain('Ada built');
    const writer = await panel.as('student');
    expect((await open(writer, '/drafts')).includes('Ada built a bridge.')).toBe(true);
    expect((await open(writer, path)).includes(onPage)).toBe(true);
    await pressOnPage(writer, await open(writer, path), 'Start with an empty form');
    expect((await open(writer, path)).includes('Ada built')).toBe(false);
  });
});

describe('whoever is signed in by then', () => {
  it('does not save what somebody else typed before; it waits for its writer', async () => {
    const student = await panel.as('student');
    const path = `/students/${panel.people.student.id}/plan`;
    const page = await open(student, path);
    expect((await signIn(student, panel.people.otherStudent.email!, '/')).status).toBe(303);
    const refused = await pressOnPage(student, page, 'Save', { aim: 'To build bridges' });
    expect([refused.status, refused.text.includes('To build bridges')]).toEqual([409, false]);
    expect(refused.text).toContain('Somebody else has signed in on this device');
    expect((await student.get('/drafts')).text).not.toContain('bridges');
    const writer = await panel.as('student');
    expect(await open(writer, path)).toContain('To build bridges');
    // A program that keeps a draft says for whom.
    const mark = /data-writer="([^"]+)"/.exec(page)![1]!;
    const keep = (client: Client) =>
      client.put('/drafts', { action: path, page: path, fields: { aim: 'More' }, writer: mark });
    expect([(await keep(writer)).status, (await keep(student)).status]).toEqual([200, 401]);
    const state = (client: Client) =>
      client.get('/drafts/state', { headers: { 'X-Page-Writer': mark } }).then(({ status }) => status);
    expect([await state(writer), await state(student)]).toEqual([200, 401]);
    await writer.post('/drafts/discard', { action: path });
  });

  it('programs are refused as ever', async () => {
    const reply = await app.visitor().put('/narratives/none', { markdown: words, revision: 1 });
    expect([reply.status, reply.json<{ error: { code: string } }>().error.code]).toEqual([
      401,
      'sign-in-needed',
    ]);
  });

  it('a form without a mark is kept for whoever the session was of', async () => {
    const admin = await panel.as('admin');
    await app.context.db.connection
      .collection('sessions')
      .updateMany({ 'session.personId': panel.people.admin.id }, { $set: { 'session.since': 0 } });
    const headers = { Referer: `${app.url}/school` };
    const late = await admin.post('/school', { motto: 'Kept by its session' }, { as: 'page', headers });
    expect([late.status, nextOf(late)]).toEqual([303, '/school?kept=1']);
    await signIn(admin, panel.people.admin.email!, nextOf(late));
    expect(await open(admin, nextOf(late))).toContain('value="Kept by its session"');
    await admin.post('/drafts/discard', { action: '/school' });
  });

  it('a form without a mark is not kept for anybody, and can be copied', async () => {
    const path = `/students/${panel.people.student.id}/narratives`;
    const reply = await app.visitor().post(path, { markdown: words }, { as: 'page' });
    expect([reply.status, reply.text.includes(onPage)]).toEqual([401, true]);
  });
});

describe('a draft', () => {
  it('that is older than what is saved says so, and both are shown', async () => {
    const student = await panel.as('student');
    const id = panel.people.student.id;
    const path = `/students/${id}/plan`;
    expect(
      (await student.put(path, { termId: panel.home.termId, aim: 'First aim', revision: 0 })).status,
    ).toBe(200);
    const page = await open(student, path);
    const revision = /name="revision" value="(\d+)"/.exec(page)![1]!;
    const kept = await student.put('/drafts', {
      ...{ action: path, page: path },
      fields: { termId: panel.home.termId, revision, aim: 'My longer aim', goals: '' },
    });
    expect(kept.status).toBe(200);
    const draft = await open(student, path);
    expect(draft).toContain('\nMy longer aim</textarea>');
    expect(draft).toContain('only you can see it');
    expect(draft).not.toContain('and the saved text is below it');
    const other = await panel.as('advisor');
    expect(
      (await other.put(path, { termId: panel.home.termId, aim: 'Their aim', revision: Number(revision) }))
        .status,
    ).toBe(200);
    const both = await open(student, path);
    expect(both).toContain('and the saved text is below it');
    expect(both).toMatch(/My longer aim<\/textarea><details class="saved-text" open>.*Their aim<\/pre>/s);
    expect((await pressOnPage(student, both, 'Save')).status).toBe(303);
    expect(await open(student, path)).not.toContain('only you can see it');
    expect((await student.get(path)).text).toContain('My longer aim');
  });

  it('is refused beyond a megabyte, and with an address of another site', async () => {
    const student = await panel.as('student');
    const keep = (change: object) =>
      student.put('/drafts', { action: '/a', page: '/a', fields: { words: 'x' }, ...change });
    expect((await keep({ fields: { words: 'x'.repeat(1_100_000) } })).status).toBe(413);
    for (const address of ['//evil.example', 'https://evil.example', '/\\evil.example', 'a']) {
      expect([address, (await keep({ action: address })).status]).toEqual([address, 422]);
      expect([address, (await keep({ page: address })).status]).toEqual([address, 422]);
    }
  });
});

describe('how much is kept of one person', () => {
  const lines = () => listDraftLines(app.context.db, panel.people.otherStudent.id);
  const sum = async () => (await lines()).reduce((bytes, line) => bytes + (line.bytes ?? 0), 0);

  it('is bounded in bytes: the oldest make room, and what is sent without a sign-in takes the place of none', async () => {
    const student = await panel.as('otherStudent');
    const large = 'x'.repeat(900_000);
    const keep = (at: number) =>
      student.put('/drafts', { action: `/a/${at}`, page: '/a', fields: { words: large } });
    const late = async (at: number, words: string) => {
      const writer = { personId: panel.people.otherStudent.id, schoolId: panel.home.scope.schoolId };
      const [key, now] = [app.context.config.keyFor('form'), app.context.clock.now()];
      const action = `/students/${writer.personId}/plan?at=${at}`;
      const opened = openedMark({ writer, key, now }, `/late ${action} typed:`);
      const reply = await app.visitor().post(action, { _opened: opened, aim: words }, { as: 'page' });
      return [reply.status, (await lines()).filter(({ refused }) => refused).length];
    };
    for (const at of [1, 2, 3, 4]) expect((await keep(at)).status).toBe(200);
    expect(await late(1, 'Sent too late')).toEqual([303, 1]);
    // It has no room beside what was typed, takes the place of nothing, and is shown to be copied.
    expect(await late(2, `Too long ${large}`)).toEqual([401, 1]);
    expect((await lines()).length).toBe(5);
    for (const at of [5, 6, 7]) expect((await keep(at)).status).toBe(200);
    expect(await sum()).toBeLessThanOrEqual(MAX_PERSON_BYTES);
    // The short one has room beside the newest.
    const left = (await lines()).map(({ action }) => action).sort();
    expect(left).toEqual(['/a/4', '/a/5', '/a/6', '/a/7', expect.stringContaining('plan?at=1')]);
    const first = (await student.get('/drafts?perPage=1')).json<{ items: unknown[]; total: number }>();
    expect([first.items.length, first.total]).toEqual([1, (await lines()).length]);
    for (const { action } of await lines()) await student.post('/drafts/discard', { action });
  });

  it('is bounded in number for what is sent without a sign-in, which takes the place of no draft', async () => {
    const line = (at: number, refused: boolean) => ({
      ...{ id: String(at), action: `/${at}`, form: null, bytes: 10, refused },
      ...{ savedAt: app.context.clock.now(), expiresAt: app.context.clock.now() },
    });
    const own = Array.from({ length: 90 }, (_, at) => line(at, false));
    const sent = Array.from({ length: 80 }, (_, at) => line(100 + at, true));
    const beyond = draftsBeyond([...sent, ...own]);
    expect([beyond.length, beyond.some(({ refused }) => !refused)]).toEqual([70, false]);
  });
});

describe('a form that is refused comes back with what was typed', () => {
  const settings = { motto: 'Learn by "doing" & caring' };
  const inSettings = 'value="Learn by &quot;doing&quot; &amp; caring"';
  const pressSettings = async (admin: Client, more: Filled = {}) =>
    pressOnPage(admin, await open(admin, '/school'), 'Save settings', { ...settings, ...more });

  it('after a conflict, beside what is saved by now', async () => {
    const advisor = await panel.as('advisor');
    const [draft] = (await advisor.get(`/students/${panel.people.student.id}/narratives`)).json<{
      items: { id: string; revision: number }[];
    }>().items;
    const path = `/narratives/${draft!.id}`;
    const page = await open(advisor, `${path}?edit=1`);
    expect(
      (await advisor.put(path, { markdown: 'Saved on the phone.', revision: draft!.revision })).status,
    ).toBe(200);
    for (const button of ['Save draft', 'Preview and sign version 1']) {
      const stale = await pressOnPage(advisor, page, button, { markdown: words });
      expect([button, stale.status, stale.text.includes(`${onPage}</textarea>`)]).toEqual([
        button,
        409,
        true,
      ]);
      expect(stale.text).toContain('Saved on the phone.</pre>');
    }
  });

  it('after a wrong field', async () => {
    const admin = await panel.as('admin');
    const reply = await pressSettings(admin, { accent: 'red' });
    expect([reply.status, reply.text.includes(inSettings), reply.text.includes('value="red"')]).toEqual([
      ...[422, true, true],
    ]);
  });

  it('after a wrong field, in the state that its writer has seen: nothing of somebody else is overwritten', async () => {
    const [admin, registrar] = [await panel.as('admin'), await panel.as('registrar')];
    const exhibition = {
      ...{ title: 'The next day', termId: panel.home.termId, format: 'panel', rubric: 'exhibition' },
      ...{ startsAt: `${dayFromNow(3)}T09:00`, slotMinutes: 30 },
    };
    const { id } = (await admin.post('/exhibitions', exhibition)).json<{ id: string }>();
    const path = `/exhibitions/${id}/edit`;
    const page = await open(admin, path);
    const other = await pressOnPage(registrar, await open(registrar, path), 'Save changes', {
      place: 'The new hall',
    });
    expect(other.status).toBe(303);
    const wrong = await pressOnPage(admin, page, 'Save changes', { title: 'A long day', slotMinutes: '1' });
    expect(wrong.status).toBe(422);
    const late = await pressOnPage(admin, wrong.text, 'Save changes', { slotMinutes: '20' });
    expect([late.status, late.text.includes(panel.people.registrar.displayName)]).toEqual([409, true]);
  });

  it('when the form is not permitted any more', async () => {
    const admin = await panel.as('admin');
    const page = await open(admin, '/school');
    await savePersonChange(panel.home.scope, panel.people.admin.id, { roles: ['registrar'] });
    const reply = await pressOnPage(admin, page, 'Save settings', settings);
    await savePersonChange(panel.home.scope, panel.people.admin.id, { roles: ['admin'] });
    expect([reply.status, reply.text.includes('Learn by &quot;doing&quot; &amp; caring')]).toEqual([
      403,
      true,
    ]);
  });

  it('when it is too large', async () => {
    const advisor = await panel.as('advisor');
    const path = `/students/${panel.people.student.id}/plan`;
    const goals = `Begin. ${'x'.repeat(2_100_000)}`;
    const reply = await pressOnPage(advisor, await open(advisor, path), 'Save', { aim: 'Kept aim', goals });
    expect([reply.status, reply.text.includes('Kept aim'), reply.text.includes('Begin. xxx')]).toEqual([
      ...[413, true, true],
    ]);
  });

  it('when another site seems to have sent it: to be read, never to be sent', async () => {
    const admin = await panel.as('admin');
    for (const headers of [{ 'Sec-Fetch-Site': 'cross-site' }, { Origin: 'https://evil.example' }]) {
      const reply = await admin.post('/school', { motto: 'Typed long ago' }, { as: 'page', headers });
      expect([reply.status, reply.text.includes('Typed long ago')]).toEqual([403, true]);
      expect(reply.text).not.toContain('Send again');
    }
    expect((await admin.get('/school')).text).not.toContain('Typed long ago');
  });

  it('when the storage does not answer, or something unforeseen happens: to be sent again', async () => {
    const student = await panel.as('student');
    const id = panel.people.student.id;
    const page = await open(student, `/students/${id}/artifacts/new?kind=file`);
    const upload = () => {
      const form = new FormData();
      form.append(
        '_opened',
        /artifacts\?kind&#x3D;file[^>]*><input type="hidden" name="_opened" value="([^"]*)"/
          .exec(page)![1]!
          .replaceAll('&#x3D;', '='),
      );
      form.append('files', new Blob([`A bridge ${Math.random()}`]), 'bridge.txt');
      form.append('title', 'Bridge 4');
      form.append('caption', words);
      return student.send('POST', `/students/${id}/artifacts?kind=file`, form, { as: 'page' });
    };
    const { storage } = app.context;
    const { write } = storage;
    for (const [error, status] of [
      [new StorageFailure('away'), 503],
      [new Error('unforeseen'), 500],
    ] as const) {
      storage.write = () => Promise.reject(error);
      const reply = await upload();
      storage.write = write;
      expect([status, reply.status, reply.text.includes(onPage)]).toEqual([status, status, true]);
      expect(reply.text).toContain('Send again');
    }
    // Without a sign-in the words are kept, and the files are named as lost.
    endSession(student);
    const late = await upload();
    expect([late.status, nextOf(late)]).toEqual([303, expect.stringContaining('kept=1')]);
    await signIn(student, panel.people.student.email!, '/');
    const back = await open(student, nextOf(late));
    expect(back).toContain(onPage);
    expect(back).toContain('value="Bridge 4"');
    expect(back).toMatch(/One file couldn’t be kept.*bridge\.txt/s);
  });
});
