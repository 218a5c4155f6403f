/**
 * What was typed into a form comes back into that form alone: not into one of another record, nor under
 * another row. Without script.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listOpenDrafts } from '../../server/forms/keep-draft.js';
import { formKey } from '../../server/forms/form-key.js';
import { openedMark } from '../../server/forms/opened-form.js';
import { formsOf, type PageForm } from '../../server/forms/page-forms.js';
import { anArtifact } from '../harness/builders/artifacts.js';
import { aPanel, type TestPanel } from '../harness/builders/scores.js';
import type { Client } from '../harness/client.js';
import { beginPortfolio, formOf, type View } from '../harness/portfolio-desk.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let app: TestApp;
let panel: TestPanel;
let student: Client;
let advisor: Client;
let studentId: string;
let portfolio: View;
beforeAll(async () => {
  app = await startApp();
  panel = await aPanel(app);
  studentId = panel.people.student.id;
  [student, advisor] = [await panel.as('student'), await panel.as('advisor')];
  const works = await Promise.all(
    ['Chair', 'Table', 'Lamp'].map((title) => anArtifact(app, panel.home, { studentId, title })),
  );
  const { id, revision } = await beginPortfolio(student, studentId);
  const add = works.map(({ artifact }) => artifact.id);
  portfolio = (await student.put(`/portfolios/${id}`, { revision, add })).json<View>();
});
afterAll(() => app.close());

const open = async (client: Client, path: string): Promise<string> => {
  const reply = await client.get(path, { as: 'page' });
  expect([path, reply.status]).toEqual([path, 200]);
  return reply.text;
};
const fieldOf = (form: PageForm, name: string) => form.fields.find((field) => field.name === name);
const hidden = (form: PageForm, name: string): string => fieldOf(form, name)?.attributes['value'] ?? '';
const textIn = (form: PageForm, name: string): string => fieldOf(form, name)?.text.trim() ?? '';
/** Forms of a page that go there, with the keys that their marks say. */
const formsTo = (page: string, action: string) =>
  formsOf(page)
    .filter(({ attributes }) => attributes['action'] === action)
    .map((form) => ({ form, key: hidden(form, '_opened').split(' ')[3]!.split(':')[1]! }));
const keep = async (client: Client, draft: object) => {
  const kept = await client.put('/drafts', draft);
  expect([kept.status, kept.text]).toEqual([200, expect.any(String)]);
};
const drafts = (personId: string) => listOpenDrafts(app.context, personId);

describe('several forms with one address', () => {
  it('each have their own draft, also when one of them is sent', async () => {
    const action = `/portfolios/${portfolio.id}/suggestions`;
    const page = `/portfolios/${portfolio.id}?edit=yes`;
    const before = formsTo(await open(advisor, page), action);
    expect(before.length).toBe(5);
    expect(new Set(before.map(({ key }) => key)).size).toBe(5);
    for (const [at, { form, key }] of before.entries())
      await keep(advisor, {
        ...{ action, form: key, page },
        fields: { field: hidden(form, 'field'), entryId: hidden(form, 'entryId'), text: `Typed for ${at}` },
      });
    const texts = async () =>
      formsTo(await open(advisor, page), action).map(({ form }) => textIn(form, 'text'));
    expect(await texts()).toEqual([0, 1, 2, 3, 4].map((at) => `Typed for ${at}`));
    const [, , second] = before;
    const sent = await advisor.post(
      action,
      {
        ...{ _opened: hidden(second!.form, '_opened'), field: 'reflection', text: 'Typed for 2' },
        entryId: hidden(second!.form, 'entryId'),
      },
      { as: 'page' },
    );
    expect(sent.status).toBe(303);
    expect(await texts()).toEqual(['Typed for 0', 'Typed for 1', '', 'Typed for 3', 'Typed for 4']);
    // The device is told which of them was saved.
    const keyInAnswer = (await drafts(panel.people.advisor.id)).map(({ form }) => form);
    expect(keyInAnswer).not.toContain(second!.key);
    const [first] = before;
    await advisor.post('/drafts/discard', { action, form: first!.key });
    expect((await texts())[0]).not.toBe('Typed for 0');
    for (const { key } of before) await advisor.post('/drafts/discard', { action, form: key });
    expect(await drafts(panel.people.advisor.id)).toEqual([]);
  });
});

describe('a form with one address for many records', () => {
  it('never shows what was typed for another of them', async () => {
    const action = `/students/${studentId}/narratives`;
    const page = `${action}/new?termId=${panel.home.termId}`;
    const [own] = formsTo(await open(advisor, page), action);
    const fields = { voice: hidden(own!.form, 'voice'), markdown: 'Written for this term' };
    const fill = async (form: string | undefined, termId: string) => {
      await keep(advisor, {
        action,
        ...(form === undefined ? {} : { form }),
        page,
        fields: { ...fields, termId },
      });
      const shown = textIn(formsTo(await open(advisor, page), action)[0]!.form, 'markdown');
      await advisor.post('/drafts/discard', { action });
      return shown;
    };
    expect(await fill(own!.key, panel.home.termId)).toBe('Written for this term');
    expect(await fill(formKey([{ name: 'termId', value: 'another-term' }]), 'another-term')).toBe('');
    expect(await fill(undefined, 'another-term')).toBe('');
    // A draft from before forms had a key goes by what it says of itself.
    const stored = app.context.db.connection.collection('formdrafts');
    for (const [termId, shown] of [
      [panel.home.termId, 'Written for this term'],
      ['another-term', ''],
    ] as const) {
      await keep(advisor, { action, page, fields: { ...fields, termId } });
      await stored.updateMany({ action }, { $unset: { form: '' } });
      const [form] = formsTo(await open(advisor, page), action);
      expect([termId, textIn(form!.form, 'markdown')]).toEqual([termId, shown]);
      await advisor.post('/drafts/discard', { action });
      expect(await drafts(panel.people.advisor.id)).toEqual([]);
    }
  });

  it('that was refused is kept for the one that it is about', async () => {
    const action = `/students/${studentId}/narratives`;
    const page = `${action}/new?termId=${panel.home.termId}`;
    const [own] = formsTo(await open(advisor, page), action);
    const late = app.visitor();
    const body = {
      _opened: hidden(own!.form, '_opened'),
      termId: panel.home.termId,
      markdown: 'Sent too late',
    };
    expect((await late.post(action, body, { as: 'page' })).status).toBe(303);
    expect((await drafts(panel.people.advisor.id)).map(({ form }) => form)).toEqual([own!.key]);
    await advisor.post('/drafts/discard', { action, form: own!.key });
  });
});

describe('the way back after signing in', () => {
  it('may be long, and never keeps anybody from signing in', async () => {
    const add = Array.from({ length: 30 }, (_, at) => `add=${`${at}`.padStart(36, '0')}`).join('&');
    const next = `/portfolios/${portfolio.id}/works?${add}`;
    const asked = await app.visitor().get(`/sign-in?next=${encodeURIComponent(next)}`, { as: 'page' });
    expect([asked.status, formsTo(asked.text, '/sign-in').map(({ form }) => hidden(form, 'next'))]).toEqual([
      ...[200, [next]],
    ]);
    for (const bad of [`/${'x'.repeat(2100)}`, '//evil.example', '/\\evil.example', '/a"b', ['/a', '/b']]) {
      const query = [bad].flat().map((each) => `next=${encodeURIComponent(each)}`);
      const page = await app.visitor().get(`/sign-in?${query.join('&')}`, { as: 'page' });
      const [form] = formsTo(page.text, '/sign-in');
      expect([bad, page.status, hidden(form!.form, 'next')]).toEqual([bad, 200, '/']);
    }
    const discarded = await student.post('/drafts/discard', { action: '/a', next: `/${'x'.repeat(2100)}` });
    expect(discarded.status).toBe(200);
  });

  it('brings the ticks back that were sent too late, also of other pages', async () => {
    const { artifact } = await anArtifact(app, panel.home, { studentId, title: 'Stool' });
    const action = `/portfolios/${portfolio.id}/works`;
    const page = await open(student, `${action}?add=${artifact.id}&search=nothing-like-it`);
    const mark = formsOf(page).find(({ buttonNames }) => buttonNames.includes('_opened'));
    expect(mark?.attributes['action']).toBe(action);
    const opened = /<button name="_opened" value="([^"]*)"/
      .exec(page)![1]!
      .replaceAll('&amp;', '&')
      .replaceAll('&#x3D;', '=');
    const late = await app.visitor().post(action, { _opened: opened, add: artifact.id }, { as: 'page' });
    const next = new URL(late.headers.get('location') ?? '', app.url).searchParams.get('next')!;
    expect([late.status, next.startsWith(`${action}?`)]).toEqual([303, true]);
    expect(await open(student, next)).toMatch(new RegExp(`name="add" value="${artifact.id}" checked`));
    await student.post('/drafts/discard', { action });
  });
});

describe('a guest whose visit has ended', () => {
  it('comes back by the pass, not by a sign-in that a guest does not have', async () => {
    const guest = {
      personId: panel.people.otherStudent.id,
      schoolId: panel.home.scope.schoolId,
      via: 'pass',
    };
    const [seat] = panel.seats;
    const action = `/seats/${seat!.id}/sheet/late`;
    const body = {
      _opened: openedMark(
        { writer: guest, key: app.context.config.keyFor('form'), now: app.context.clock.now() },
        `/seats/${seat!.id}/sheet ${action} typed:`,
      ),
      note: 'The phone was empty',
    };
    const late = await app.visitor().post(action, body, { as: 'page' });
    expect([late.status, late.headers.get('location')]).toEqual([303, '/pass?kept=1']);
    expect(await open(app.visitor(), '/pass?kept=1')).toContain('enter your pass again');
    expect(await open(app.visitor(), '/pass')).not.toContain('enter your pass again');
    expect((await drafts(guest.personId)).map(({ fields }) => fields)).toEqual([
      { note: 'The phone was empty' },
    ]);
  });
});

describe('an upload that is refused before it is read', () => {
  it('keeps its words and names its files, also when it is large', async () => {
    const [{ form } = { form: null }] = formsTo(
      await open(student, `/students/${studentId}/artifacts/new?kind=file`),
      `/students/${studentId}/artifacts?kind=file`,
    );
    const upload = new FormData();
    upload.append('_opened', hidden(form!, '_opened'));
    upload.append('files', new Blob([Buffer.alloc(66 * 1024 * 1024)]), 'welding.mp4');
    upload.append('title', 'How I weld');
    upload.append('caption', 'Filmed by Bo');
    const path = form!.attributes['action']!;
    const late = await app.visitor().send('POST', path, upload, { as: 'page' });
    expect(late.status).toBe(303);
    const [kept] = await drafts(studentId);
    expect(kept).toMatchObject({
      files: ['welding.mp4'],
      fields: { title: 'How I weld', caption: 'Filmed by Bo' },
    });
    await student.post('/drafts/discard', { action: path });
  });
});

describe('a reflection that was typed and not saved', () => {
  it('stays with its work when the works are in another order, and its words are shown when the work is gone', async () => {
    const action = `/portfolios/${portfolio.id}`;
    const page = `${action}?edit=yes`;
    const written = () => ({ ...formOf(portfolio), revision: String(portfolio.revision) });
    const typed = () => ({
      ...written(),
      ...{ 'entries.0.reflection': 'About the chair', 'entries.2.reflection': 'About the lamp' },
    });
    const put = async (change: object) =>
      (portfolio = (await student.put(action, { revision: portfolio.revision, ...change })).json<View>());
    const draft = { action, form: '', page, fields: typed() };
    await keep(student, draft);
    const [chair, table, lamp] = portfolio.entries.map(({ id }) => id);
    await put({ move: `down:${chair}` });
    const reflections = async () => {
      const [{ form } = { form: null }] = formsTo(await open(student, page), action);
      return portfolio.entries.map((_, at) => textIn(form!, `entries.${at}.reflection`));
    };
    expect(portfolio.entries.map(({ id }) => id)).toEqual([table, chair, lamp]);
    expect(await reflections()).toEqual(['', 'About the chair', 'About the lamp']);
    await put({ move: `remove:${lamp}` });
    expect(await reflections()).toEqual(['', 'About the chair']);
    expect(await open(student, page)).toContain('About the lamp');
    // Typing goes on on the page as it is now: what has no place on it is not lost.
    await keep(student, {
      ...draft,
      fields: { ...written(), 'entries.1.reflection': 'Chair, again' },
    });
    expect(await reflections()).toEqual(['', 'Chair, again']);
    expect(await open(student, page)).toContain('About the lamp');
    await student.post('/drafts/discard', { action, form: '' });
    expect(await open(student, page)).not.toContain('About the lamp');
  });
});
