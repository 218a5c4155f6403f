/** A portfolio is submitted and frozen over real HTTP; who may see what was submitted. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hashOf } from '../../server/canonical.js';
import { saveSnapshot } from '../../server/portfolio/portfolio-records.js';
import { anArtifact } from '../harness/builders/artifacts.js';
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
