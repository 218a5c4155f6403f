/** A portfolio is submitted and frozen over real HTTP; who may see what was submitted. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listEntriesFrom } from '../../server/audit/audit-records.js';
import { hashOf } from '../../server/canonical.js';
import {
  findSnapshotByNumber,
  listSnapshotKeys,
  saveSnapshot,
} from '../../server/portfolio/portfolio-records.js';
import { anArtifact } from '../harness/builders/artifacts.js';
import { saveSlotSnapshot } from '../../server/exhibitions/slots/slot-records.js';
import { aPanel } from '../harness/builders/scores.js';
import { aPortfolio, aSnapshot } from '../harness/builders/portfolio.js';
import { beginPortfolio, formOf, type View } from '../harness/portfolio-desk.js';
import type { Client } from '../harness/client.js';
import { startApp, type TestApp, type TestSchool } from '../harness/start-app.js';

interface Snapshot {
  number: number;
  hash: string;
  intact: boolean;
  content: {
    title: string;
    entries: { title: string; reflection: string; versionNumber: number; sha256: string }[];
  };
}

let app: TestApp;
let school: TestSchool;
let student: Client;
let other: Client;
let family: Client;
let otherFamily: Client;
let registrar: Client;
let studentId: string;

beforeAll(async () => {
  app = await startApp();
  school = await app.aSchool();
  const parent = await school.person({ name: 'Leyla Aziz', email: 'leyla@p.example', roles: ['guardian'] });
  await school.person({ name: 'Mei Li', email: 'mei@p.example', roles: ['guardian'] });
  await school.person({ name: 'Rosa', email: 'rosa@p.example', roles: ['registrar'] });
  await school.person({ name: 'Bo Li', email: 'bo@p.example', roles: ['student'] });
  const amina = await school.person({
    name: 'Amina Aziz',
    email: 'amina@p.example',
    roles: ['student'],
    guardianIds: [parent.id],
  });
  studentId = amina.id;
  student = await app.as('amina@p.example');
  other = await app.as('bo@p.example');
  family = await app.as('leyla@p.example');
  otherFamily = await app.as('mei@p.example');
  registrar = await app.as('rosa@p.example');
});
afterAll(() => app?.close());

const begun = (body: Record<string, unknown> = {}) => beginPortfolio(student, studentId, body);

describe('submitting', () => {
  it('freezes words, order and versions by hash, and later work changes nothing of it', async () => {
    const { artifact } = await anArtifact(app, school, { studentId, title: 'Chair', text: 'as submitted' });
    const { id, revision } = await aPortfolio(app, school, {
      studentId,
      artifactIds: [artifact.id],
      reflection: 'Then',
    });
    const reply = await student.post(`/portfolios/${id}/submit`, { revision });
    expect(reply.status).toBe(201);
    const frozen = reply.json<Snapshot>();
    expect(frozen).toMatchObject({
      number: 1,
      intact: true,
      content: { entries: [{ title: 'Chair', versionNumber: 1, reflection: 'Then' }] },
    });
    expect(frozen.hash).toMatch(/^[0-9a-f]{64}$/);

    await student.post(`/artifacts/${artifact.id}/versions`, { text: 'later' });
    await student.put(`/artifacts/${artifact.id}`, { title: 'Throne' });
    const now = (await student.get(`/portfolios/${id}`)).json<View>();
    await student.put(`/portfolios/${id}`, { title: 'Renamed', entries: [], revision: now.revision });
    const after = (await student.get(`/portfolios/${id}/snapshots/1`)).json<Snapshot>();
    expect(after).toEqual({
      ...frozen,
      student: expect.anything(),
      termName: expect.anything(),
      corrected: [],
    });
  });

  it('keeps the first version when it is submitted again', async () => {
    const { portfolio, snapshot } = await aSnapshot(app, school, { studentId, reflection: 'One' });
    const now = (await student.get(`/portfolios/${portfolio.id}`)).json<View>();
    expect(now.state).toBe('submitted');
    expect(
      (await student.post(`/portfolios/${portfolio.id}/submit`, { revision: now.revision })).status,
    ).toBe(409);
    const entries = now.entries.map((entry) => ({ ...entry, reflection: 'Two' }));
    const changed = (
      await student.put(`/portfolios/${now.id}`, { entries, revision: now.revision })
    ).json<View>();
    expect(changed.state).toBe('draft');
    expect((await student.post(`/portfolios/${now.id}/submit`, { revision: changed.revision })).status).toBe(
      201,
    );
    const reflections = [];
    for (const number of [1, 2]) {
      const { content } = (await student.get(`/portfolios/${now.id}/snapshots/${number}`)).json<Snapshot>();
      reflections.push(content.entries[0]?.reflection);
    }
    expect(reflections).toEqual(['One', 'Two']);
    expect(hashOf(snapshot.content)).toBe(snapshot.hash);
  });

  it('takes what has changed in a work since for a change: a new version, another label; and nothing else', async () => {
    const { artifact } = await anArtifact(app, school, { studentId, title: 'Stool', text: 'first' });
    const { id } = await aPortfolio(app, school, { studentId, artifactIds: [artifact.id] });
    const submit = async () => {
      const { revision } = (await student.get(`/portfolios/${id}`)).json<View>();
      const page = (await student.get(`/portfolios/${id}/submit`, { as: 'page' })).text;
      const reply = await student.post(`/portfolios/${id}/submit`, { revision });
      // The page offers exactly what is accepted.
      expect(page.includes('Submit to panel')).toBe(reply.status === 201);
      return reply;
    };
    expect((await submit()).status).toBe(201);
    expect((await submit()).status).toBe(409);

    await student.post(`/artifacts/${artifact.id}/versions`, { text: 'second' });
    expect((await student.get(`/portfolios/${id}`)).json()).toMatchObject({
      ...{ state: 'submitted', hasChanged: true },
      changedWorks: [{ kind: 'version', title: 'Stool', versionNumber: 2 }],
    });
    expect((await student.get(`/portfolios/${id}`, { as: 'page' })).text).toContain(
      'Stool: version 2 is new',
    );
    expect((await submit()).json()).toMatchObject({
      ...{ number: 2, content: { entries: [{ versionNumber: 2, text: 'second' }] } },
    });
    expect((await submit()).status).toBe(409);

    await student.put(`/artifacts/${artifact.id}`, { title: 'Stool', caption: 'Of one board' });
    expect((await submit()).json()).toMatchObject({ content: { entries: [{ caption: 'Of one board' }] } });
    expect((await submit()).status).toBe(409);
  });

  it('is refused while the words hold letters that no transcript can show', async () => {
    const { artifact } = await anArtifact(app, school, { studentId, title: 'Sign' });
    const { id, revision } = await aPortfolio(app, school, {
      ...{ studentId, artifactIds: [artifact.id], statement: 'My sign is \u{13000}.' },
    });
    const reply = await student.post(`/portfolios/${id}/submit`, { revision });
    expect(reply.status).toBe(422);
    expect(reply.json()).toMatchObject({
      error: { fields: [{ field: 'statement', message: expect.stringContaining('(U+13000)') }] },
    });
  });

  it('submits what was reviewed, not what somebody changed since', async () => {
    const { id, revision } = await aPortfolio(app, school, { studentId });
    await student.put(`/portfolios/${id}`, { title: 'Changed since', revision });
    expect((await student.post(`/portfolios/${id}/submit`, { revision })).status).toBe(409);
    expect((await student.get(`/portfolios/${id}/snapshots/1`)).status).toBe(404);
  });

  it('stays submitted when the same words are saved again, and saves before it goes to the review', async () => {
    const { portfolio } = await aSnapshot(app, school, { studentId });
    const now = (await student.get(`/portfolios/${portfolio.id}`)).json<View>();
    const to = async (fields: object) =>
      (
        await student.post(`/portfolios/${now.id}`, { ...formOf(now), ...fields }, { as: 'page' })
      ).headers.get('location');
    expect(await to({ then: 'review' })).toBe(`/portfolios/${now.id}/submit`);
    expect((await student.get(`/portfolios/${now.id}`)).json<View>()).toMatchObject({
      state: 'submitted',
      revision: now.revision,
    });
    expect(await to({ then: 'add-work', 'entries.0.reflection': 'typed' })).toContain(
      '/artifacts/new?next=/portfolios/',
    );
    expect((await student.get(`/portfolios/${now.id}`)).json<View>()).toMatchObject({
      state: 'draft',
      entries: [{ reflection: 'typed' }],
    });
  });

  it('refuses an empty one', async () => {
    const { id, revision } = await begun();
    expect((await student.post(`/portfolios/${id}/submit`, { revision })).status).toBe(422);
  });

  it('makes one snapshot of many clicks', async () => {
    const { id, revision } = await aPortfolio(app, school, { studentId });
    const replies = await Promise.all(
      [1, 2, 3, 4].map(() => student.post(`/portfolios/${id}/submit`, { revision })),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    expect((await student.get(`/portfolios/${id}`)).json<View>().latestSnapshot).toBe(1);
  });

  it('says so when a snapshot was tampered with', async () => {
    const { portfolio, snapshot } = await aSnapshot(app, school, { studentId });
    await saveSnapshot(school.scope, {
      ...snapshot,
      id: `${snapshot.id}x`,
      number: 2,
      content: { ...snapshot.content, title: 'Forged' },
    });
    const page = await student.get(`/portfolios/${portfolio.id}/snapshots/2`, { as: 'page' });
    expect(page.text).toContain('does not have the fingerprint');
  });
});

describe('who may see it', () => {
  it('keeps drafts from the family and shows them what was submitted', async () => {
    const { portfolio } = await aSnapshot(app, school, { studentId, title: 'Shown to my family' });
    await begun({ title: 'Not shown to anybody' });
    expect((await family.get(`/portfolios/${portfolio.id}`)).status).toBe(403);
    expect((await family.get(`/portfolios/${portfolio.id}/snapshots/1`)).status).toBe(200);
    const list = await family.get(`/students/${studentId}/portfolios`);
    expect(list.text).toContain('Shown to my family');
    expect(list.text).not.toContain('Not shown to anybody');
    expect((await otherFamily.get(`/portfolios/${portfolio.id}/snapshots/1`)).status).toBe(403);
    expect((await otherFamily.get(`/students/${studentId}/portfolios`)).status).toBe(403);
  });

  it('lets the registrar read and nobody but the student and their advisor write', async () => {
    const { id, revision } = await aPortfolio(app, school, { studentId });
    expect((await registrar.get(`/portfolios/${id}`)).status).toBe(200);
    for (const client of [registrar, other, family]) {
      expect((await client.put(`/portfolios/${id}`, { title: 'x', revision })).status).toBe(403);
      expect((await client.post(`/portfolios/${id}/submit`, { revision })).status).toBe(403);
    }
    expect((await other.get(`/portfolios/${id}`)).status).toBe(403);
    const elsewhere = await app.aSchool();
    await elsewhere.person({ name: 'Admin', email: 'admin@q.example', roles: ['admin'] });
    const stranger = await app.as('admin@q.example');
    expect((await stranger.get(`/portfolios/${id}`)).status).toBe(404);
    expect((await stranger.get(`/portfolios/${id}/snapshots/1`)).status).toBe(404);
  });
});

it('shows what was submitted first, and says which version comes next', async () => {
  const { id } = await aPortfolio(app, school, { studentId });
  const before = (await student.get(`/portfolios/${id}`)).json<View>();
  expect((await student.get(`/portfolios/${id}`, { as: 'page' })).text).not.toContain('was submitted');
  await student.post(`/portfolios/${id}/submit`, { revision: before.revision });
  const submitted = (await student.get(`/portfolios/${id}`, { as: 'page' })).text;
  expect(submitted).toContain('Version 1 was submitted and stays as it is.');
  expect(submitted).toContain('class="hung"');
  expect(submitted).not.toContain('name="revision"');
  const editing = (await student.get(`/portfolios/${id}?edit=yes`, { as: 'page' })).text;
  expect(editing).toContain('What you change here becomes version 2.');
  expect(editing).toContain('name="revision"');
  const now = (await student.get(`/portfolios/${id}`)).json<View>();
  await student.put(`/portfolios/${id}`, { title: 'Again', revision: now.revision });
  expect((await student.get(`/portfolios/${id}`, { as: 'page' })).text).toContain('name="revision"');
});

describe('an advisor', () => {
  interface Suggested extends View {
    suggestions: { id: string; field: string; text: string }[];
  }
  const settings = { name: 'A school', timeZone: 'America/New_York' };

  it('changes no word of a portfolio and suggests beside the text; the student accepts or not', async () => {
    const panel = await aPanel(app);
    const [advisor, owner] = [await panel.as('advisor'), await panel.as('student')];
    const { id } = await aPortfolio(app, panel.home, {
      ...{ studentId: panel.people.student.id, reflection: 'I measured twice.', statement: 'To build.' },
    });
    const view = async () => (await owner.get(`/portfolios/${id}`)).json<Suggested>();
    const before = await view();
    const entries = before.entries.map((entry) => ({ ...entry, reflection: 'REWRITTEN' }));
    const rewritten = await advisor.put(`/portfolios/${id}`, { entries, revision: before.revision });
    expect([rewritten.status, (await view()).entries]).toEqual([403, before.entries]);

    const suggest = (body: object) => advisor.post(`/portfolios/${id}/suggestions`, body);
    const entryId = before.entries[0]!.id;
    expect((await suggest({ field: 'reflection', entryId, text: 'I measured three times.' })).status).toBe(
      201,
    );
    expect((await suggest({ field: 'statement', text: 'To build a chair.' })).status).toBe(201);
    for (const [body, status] of [
      [{ field: 'statement', text: 'To build.' }, 422],
      [{ field: 'title', text: 'x'.repeat(201) }, 422],
      [{ field: 'reflection', entryId: 'nothing', text: 'x' }, 404],
    ] as const)
      expect([body, (await suggest(body)).status]).toEqual([body, status]);
    // Nobody's work is disturbed: the revision is what it was, and the words are.
    const now = await view();
    expect(now).toMatchObject({ revision: before.revision, statement: 'To build.', entries: before.entries });
    expect((await advisor.get(`/portfolios/${id}`, { as: 'page' })).text).toContain('Suggest changes');
    expect((await owner.get('/', { as: 'page' })).text).toContain('2 suggestions wait for your answer');
    const page = (await owner.get(`/portfolios/${id}`, { as: 'page' })).text;
    expect(page).toContain('Amara Okafor suggests');

    const [reflection, statement] = now.suggestions;
    // The button stands in the form of the portfolio: what was typed there is saved first.
    const typed = {
      ...formOf(now),
      statement: 'To build.',
      title: 'My title',
      suggestion: `accept:${reflection!.id}`,
    };
    expect((await owner.post(`/portfolios/${id}`, typed, { as: 'page' })).status).toBe(303);
    expect((await owner.post(`/portfolios/${id}/suggestions/${statement!.id}/decline`)).status).toBe(200);
    expect(await view()).toMatchObject({
      ...{ title: 'My title', statement: 'To build.', suggestions: [] },
      entries: [{ reflection: 'I measured three times.' }],
    });
  });

  it('suggests for a submitted portfolio, and its page says so before anybody edits', async () => {
    const panel = await aPanel(app);
    const [advisor, owner] = [await panel.as('advisor'), await panel.as('student')];
    const { portfolio } = await aSnapshot(app, panel.home, { studentId: panel.people.student.id });
    const path = `/portfolios/${portfolio.id}`;
    const texts = ['Two chairs', 'Three chairs'];
    for (const text of texts) await advisor.post(`${path}/suggestions`, { field: 'title', text });
    const { suggestions, waitingSuggestions } = (await owner.get(path)).json<
      Suggested & { waitingSuggestions: object[] }
    >();
    const href = `${path}?edit=yes#suggestion-${suggestions[0]!.id}`;
    const by = { id: panel.people.advisor.id, name: 'Amara Okafor' };
    expect(waitingSuggestions).toEqual([{ by, count: 2, href }]);
    for (const client of [owner, advisor]) {
      const html = (await client.get(path, { as: 'page' })).text;
      expect(html.replaceAll('&#x3D;', '=')).toContain(`href="${href}"`);
      expect(html).toContain('2 suggestions from Amara Okafor are waiting');
    }
    const editing = (await owner.get(`${path}?edit=yes`, { as: 'page' })).text;
    expect(editing).toContain(`id="suggestion-${suggestions[0]!.id}"`);
    for (const { id } of suggestions) await owner.post(`${path}/suggestions/${id}/decline`);
    expect((await owner.get(path, { as: 'page' })).text).not.toContain('waiting');
  });

  it('adds to a work and its label under their own name, on record, and the student is told', async () => {
    const panel = await aPanel(app);
    const [advisor, owner] = [await panel.as('advisor'), await panel.as('student')];
    const { id: whose } = panel.people.student;
    const name = panel.people.advisor.displayName;
    const { artifact } = await anArtifact(app, panel.home, {
      studentId: whose,
      title: 'My essay',
      text: 'My words',
    });
    const { id, revision } = await aPortfolio(app, panel.home, {
      studentId: whose,
      artifactIds: [artifact.id],
    });
    const submit = async (of: number) =>
      (await owner.post(`/portfolios/${id}/submit`, { revision: of })).json<Snapshot>();
    const own = await submit(revision);
    expect([own.intact, JSON.stringify(own).includes('labelBy')]).toEqual([true, false]);
    const work = `/artifacts/${artifact.id}`;
    const page = async (client: Client, path: string) => (await client.get(path, { as: 'page' })).text;
    expect(await page(owner, work)).not.toContain(name);

    expect((await advisor.put(work, { title: 'A better title' })).status).toBe(200);
    expect((await advisor.post(`${work}/versions`, { text: 'Better words' })).status).toBe(201);
    const shown = (await owner.get(work)).json<{ labelBy: object; versions: { by: object | null }[] }>();
    const author = { id: panel.people.advisor.id, name };
    expect([shown.labelBy, shown.versions.map(({ by }) => by)]).toEqual([author, [author, null]]);
    const acts = (await listEntriesFrom(panel.home.scope, 0, 10_000)).filter(
      ({ subject, actorId }) => subject.id === artifact.id && actorId === panel.people.advisor.id,
    );
    expect(acts.map(({ act }) => act).sort()).toEqual(['artifacts.relabel', 'artifacts.version']);
    // The student is told until they have seen it.
    expect(await page(owner, '/')).toContain('Somebody changed this work for you');
    expect(await page(owner, work)).toContain(`${name} changed this work`);
    expect(await page(owner, `/portfolios/${id}/submit`)).toMatch(
      new RegExp(`by ${name}[^]*Label by ${name}`),
    );
    expect((await owner.post(`${work}/seen`)).status).toBe(200);
    expect(await page(owner, '/')).not.toContain('Somebody changed this work for you');

    // Whoever is shown the portfolio sees whose it is, and it is frozen that way.
    const { revision: now } = (await owner.get(`/portfolios/${id}`)).json<View>();
    const both = await submit(now);
    expect(both).toMatchObject({ number: 2, intact: true });
    for (const client of [owner, await panel.as('registrar')])
      expect(await page(client, `/portfolios/${id}/snapshots/2`)).toMatch(
        new RegExp(`by ${name}[^]*Label by ${name}`),
      );
    // What the student writes is the student's again.
    await owner.put(work, { title: 'My title' });
    expect((await owner.get(work)).json<{ labelBy: object | null }>().labelBy).toBeNull();
    expect(await page(owner, `/portfolios/${id}/snapshots/2`)).toContain(`Label by ${name}`);
  });

  it('never has a suggestion take the place of words that were written after it', async () => {
    const panel = await aPanel(app);
    const [advisor, owner] = [await panel.as('advisor'), await panel.as('student')];
    const { id } = await aPortfolio(app, panel.home, {
      ...{ studentId: panel.people.student.id, reflection: 'As it was.' },
    });
    const view = async () => (await owner.get(`/portfolios/${id}`)).json<Suggested>();
    const entryId = (await view()).entries[0]!.id;
    const body = { field: 'reflection', entryId, text: 'As suggested.' };
    expect((await advisor.post(`/portfolios/${id}/suggestions`, body)).status).toBe(201);
    const [suggestion] = (await view()).suggestions;
    const press = async (act: string, reflection: string) =>
      owner.post(
        `/portfolios/${id}`,
        {
          ...formOf(await view()),
          'entries.0.reflection': reflection,
          suggestion: `${act}:${suggestion!.id}`,
        },
        { as: 'page' },
      );
    expect((await press('accept', 'Just typed.')).status).toBe(303);
    expect(await view()).toMatchObject({ entries: [{ reflection: 'Just typed.' }], suggestions: [body] });
    const both = (await owner.get(`/portfolios/${id}?edit=yes`, { as: 'page' })).text;
    for (const words of ['Just typed.', 'As suggested.', 'Replace my words', 'compare both'])
      expect(both).toContain(words);
    const accept = `/portfolios/${id}/suggestions/${suggestion!.id}/accept`;
    expect((await owner.post(accept)).status).toBe(409);
    const { revision } = await view();
    const put = { revision, suggestion: `accept:${suggestion!.id}` };
    expect((await owner.put(`/portfolios/${id}`, put)).status).toBe(409);
    expect((await view()).entries[0]!.reflection).toBe('Just typed.');
    expect((await press('replace', 'Just typed.')).status).toBe(303);
    expect(await view()).toMatchObject({ entries: [{ reflection: 'As suggested.' }], suggestions: [] });
  });

  it('submits for a student only where the school allows it; the snapshot and its panel say so, and the student is told', async () => {
    const panel = await aPanel(app);
    const { student: whose, advisor: who } = panel.people;
    const [advisor, owner, admin] = [
      await panel.as('advisor'),
      await panel.as('student'),
      await panel.as('admin'),
    ];
    const { id, revision } = await aPortfolio(app, panel.home, { studentId: whose.id });
    expect((await advisor.post(`/portfolios/${id}/submit`, { revision })).status).toBe(403);
    expect((await advisor.get(`/portfolios/${id}/submit`, { as: 'page' })).text).not.toContain(
      'Submit to panel',
    );
    const allowed = { ...settings, portfolioSubmitters: 'student-and-advisor' };
    expect((await admin.put('/school', allowed)).status).toBe(200);
    expect((await advisor.get(`/portfolios/${id}/submit`, { as: 'page' })).text).toContain(
      `You are submitting for ${whose.displayName}.`,
    );
    const reply = await advisor.post(`/portfolios/${id}/submit`, { revision });
    expect(reply.json()).toMatchObject({
      intact: true,
      submission: { author: { id: whose.id }, submitter: { id: who.id }, forStudent: true },
    });
    const by = `by ${who.displayName} for ${whose.displayName}`;
    expect((await owner.get(`/portfolios/${id}/snapshots/1`, { as: 'page' })).text).toContain(by);
    const submitted = (await findSnapshotByNumber(panel.home.scope, id, 1))!;
    await saveSlotSnapshot(panel.home.scope, panel.slotId, submitted.id);
    expect((await owner.get(`/slots/${panel.slotId}`, { as: 'page' })).text).toContain(by);

    expect((await owner.get('/', { as: 'page' })).text).toContain('Version 1 was submitted for you');
    const told = `${who.displayName} submitted version 1 for you`;
    expect((await owner.get(`/portfolios/${id}`, { as: 'page' })).text).toContain(told);
    expect((await owner.post(`/portfolios/${id}/seen`)).status).toBe(200);
    expect((await owner.get(`/portfolios/${id}`, { as: 'page' })).text).not.toContain(told);

    const [kept] = await listSnapshotKeys(panel.home.scope, id);
    expect([hashOf(submitted.content), submitted.content.submittedAs]).toEqual([kept!.hash, 'advisor']);
    const own = await aSnapshot(app, panel.home, { studentId: whose.id });
    expect(own.snapshot.content).not.toHaveProperty('submittedAs');
  });
});

it('the page of a presentation names the rubric and the version that its panel sees', async () => {
  const panel = await aPanel(app);
  const owner = await panel.as('student');
  type Slot = { rubric: { title: string; href: string }; portfolios: { version: object | null }[] };
  const slot = async (client = owner) => (await client.get(`/slots/${panel.slotId}`)).json<Slot>();
  const none = await slot();
  expect(none.portfolios).toMatchObject([{ version: null }]);
  expect((await owner.get(none.rubric.href)).status).toBe(200);
  const { snapshot } = await aSnapshot(app, panel.home, {
    ...{ studentId: panel.people.student.id, title: 'What wood can do' },
  });
  await saveSlotSnapshot(panel.home.scope, panel.slotId, snapshot.id);
  const version = { title: 'What wood can do', number: 1 };
  expect((await slot()).portfolios).toMatchObject([{ version, later: null }]);
  const page = (await owner.get(`/slots/${panel.slotId}`, { as: 'page' })).text;
  expect(page).toContain('What wood can do, version 1');
  expect(page).toContain(none.rubric.title);
  const panelist = await panel.as('panelist-0');
  const [seen] = (await slot(panelist)).portfolios as { version: { href: string } }[];
  expect((await panelist.get(seen!.version.href)).status).toBe(200);
  expect((await panelist.get(none.rubric.href)).status).toBe(200);
});
