/** A portfolio over real HTTP: made, reordered without JavaScript, and in two tabs nobody's words are lost. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { saveArtifact, saveArtifactVersion } from '../../server/artifacts/artifact-records.js';
import { pressOnPage } from '../harness/browser-form.js';
import { anArtifact } from '../harness/builders/artifacts.js';
import { aPortfolio, aSnapshot } from '../harness/builders/portfolio.js';
import { beginPortfolio, formOf, type View } from '../harness/portfolio-desk.js';
import type { Client, Reply } from '../harness/client.js';
import { startApp, type TestApp, type TestSchool } from '../harness/start-app.js';

let app: TestApp;
let school: TestSchool;
let student: Client;
let registrar: Client;
let studentId: string;

beforeAll(async () => {
  app = await startApp();
  school = await app.aSchool();
  await school.person({ name: 'Rosa', email: 'rosa@p.example', roles: ['registrar'] });
  const amina = await school.person({
    name: 'Amina Aziz',
    email: 'amina@p.example',
    roles: ['student'],
  });
  studentId = amina.id;
  student = await app.as('amina@p.example');
  registrar = await app.as('rosa@p.example');
});
afterAll(() => app?.close());

const fieldsOf = (reply: Reply) =>
  reply.json<{ error: { fields: { field: string }[] } }>().error.fields.map(({ field }) => field);

const begun = (body: Record<string, unknown> = {}) => beginPortfolio(student, studentId, body);

async function works(...titles: string[]): Promise<string[]> {
  const made = [];
  for (const title of titles)
    made.push((await anArtifact(app, school, { studentId, title, text: title })).artifact.id);
  return made;
}

const entriesFor = (ids: string[]) =>
  ids.map((artifactId) => ({ artifactId, reflection: `About ${artifactId}`, criterionIds: [] }));

describe('making a portfolio', () => {
  it('begins in the current term and keeps order, reflections and criteria', async () => {
    const { id, revision } = await begun({ rubric: 'exhibition' });
    const [a = '', b = ''] = await works('A', 'B');
    const criterion = app.context.rubrics.bySlug('exhibition').rubric.criteria[0]!.id;
    const entries = [
      { artifactId: b, reflection: 'It bent.', criterionIds: [criterion] },
      { artifactId: a, reflection: '', criterionIds: [] },
    ];
    const saved = await student.put(`/portfolios/${id}`, {
      title: 'Wood',
      statement: 'Try',
      entries,
      revision,
    });
    expect(saved.status).toBe(200);
    const view = (await student.get(`/portfolios/${id}`)).json<View>();
    expect(view.entries).toMatchObject(entries);
    expect(view).toMatchObject({ title: 'Wood', revision: revision + 1, state: 'draft' });
    expect(view.rubric?.hash).toBe(app.context.rubrics.bySlug('exhibition').hash);
  });

  it('moves, takes out and hangs works by buttons of the form alone', async () => {
    const { id, revision } = await begun();
    const [a = '', b = '', c = ''] = await works('A', 'B', 'C');
    const order = async () => (await student.get(`/portfolios/${id}`)).json<View>();
    await student.put(`/portfolios/${id}`, { entries: entriesFor([a, b]), revision });
    let view = await order();
    const press = async (fields: object) => {
      const reply = await student.post(`/portfolios/${id}`, { ...formOf(view), ...fields }, { as: 'page' });
      expect(reply.status).toBe(303);
      view = await order();
      return view.entries.map(({ artifactId }) => artifactId);
    };
    const idOf = (artifactId: string) => view.entries.find((entry) => entry.artifactId === artifactId)!.id;
    expect(await press({ move: `up:${idOf(b)}` })).toEqual([b, a]);
    expect(await press({ move: `down:${idOf(b)}`, 'entries.0.reflection': 'typed before' })).toEqual([a, b]);
    expect(view.entries[1]?.reflection).toBe('typed before');
    expect(await press({ add: c })).toEqual([a, b, c]);
    // What was written about it goes with it: that is asked first, and what was typed elsewhere is saved.
    expect(await press({ move: `remove:${idOf(b)}`, 'entries.0.reflection': 'typed with it' })).toEqual([
      a,
      b,
      c,
    ]);
    expect(view.entries[0]?.reflection).toBe('typed with it');
    const ask = `/portfolios/${id}?edit=yes&ask=${encodeURIComponent(`remove:${idOf(b)}`)}`;
    const asked = (await student.get(ask, { as: 'page' })).text;
    expect(asked).toContain('Take “B” out of this portfolio?');
    expect(asked).toContain('what you wrote about it');
    expect((await pressOnPage(student, asked, 'Take it out')).status).toBe(303);
    view = await order();
    expect(view.entries.map(({ artifactId }) => artifactId)).toEqual([a, c]);
    expect(await press({ move: `remove:${idOf(c)}` })).toEqual([a]);
  });

  it.each<[string, () => Promise<object>, string]>([
    [
      'a work of somebody else',
      async () => ({ entries: entriesFor([(await anArtifact(app, school)).artifact.id]) }),
      'entries.0.artifactId',
    ],
    [
      'a work that does not exist',
      async () => ({ entries: entriesFor(['nothing']) }),
      'entries.0.artifactId',
    ],
    [
      'the same work twice',
      async () => ({
        entries: entriesFor([...(await works('A')), 'x']).map((e, _at, all) => ({
          ...e,
          artifactId: all[0]!.artifactId,
        })),
      }),
      'entries.1.artifactId',
    ],
    [
      'a criterion without a rubric',
      async () => ({ entries: entriesFor(await works('A')).map((e) => ({ ...e, criterionIds: ['x'] })) }),
      'entries.0.criterionIds',
    ],
    ['a rubric that does not exist', async () => ({ rubric: 'nothing' }), 'rubric'],
    [
      'a reflection that is too long',
      async () => ({
        entries: entriesFor(await works('A')).map((e) => ({ ...e, reflection: 'x'.repeat(20_001) })),
      }),
      'entries.0.reflection',
    ],
    ['no revision', async () => ({ revision: undefined }), 'revision'],
    ['an empty title', async () => ({ title: ' ' }), 'title'],
  ])('refuses %s beside the field', async (_name, body, field) => {
    const { id, revision } = await begun();
    const reply = await student.put(`/portfolios/${id}`, { revision, ...(await body()) });
    expect([reply.status, fieldsOf(reply)]).toEqual([422, [field]]);
  });

  it('refuses a term that does not exist, and shows the form again', async () => {
    const reply = await student.post(
      `/students/${studentId}/portfolios`,
      { title: 'My <i>title</i>', termId: 'no' },
      { as: 'page' },
    );
    expect([reply.status, reply.text.includes('My &lt;i&gt;title&lt;/i&gt;')]).toEqual([422, true]);
  });

  it('drops the ticks of a rubric that was exchanged', async () => {
    const criterionIds = [app.context.rubrics.bySlug('exhibition').rubric.criteria[0]!.id];
    const before = await aPortfolio(app, school, { studentId, rubric: 'exhibition', criterionIds });
    // A form is asked first, with what is lost; nothing is until somebody says so.
    const path = `/portfolios/${before.id}`;
    const sent = { rubric: '', revision: before.revision, title: 'Typed with it' };
    const late = await student.post(path, sent, { as: 'page' });
    const now = (await student.get(path)).json<View>();
    expect(now).toMatchObject({
      title: 'Typed with it',
      rubric: { slug: 'exhibition' },
      entries: [{ criterionIds }],
    });
    const asked = (await student.get(late.headers.get('location')!, { as: 'page' })).text;
    expect(asked).toMatch(/Go on without a rubric\?[^]*1 selected criterion/);
    expect((await pressOnPage(student, asked, 'Change the rubric')).status).toBe(303);
    expect((await student.get(path)).json<View>()).toMatchObject({
      rubric: null,
      entries: [{ criterionIds: [] }],
    });
    // A program says what it means.
    const again = await aPortfolio(app, school, { studentId, rubric: 'exhibition', criterionIds });
    const reply = await student.put(`/portfolios/${again.id}`, { rubric: '', revision: again.revision });
    expect(reply.json<View>()).toMatchObject({ rubric: null, entries: [{ criterionIds: [] }] });
  });
});

describe('two tabs', () => {
  it('answers 409 to the slower one and writes nothing of it', async () => {
    const { id, revision } = await begun();
    expect((await student.put(`/portfolios/${id}`, { title: 'First', revision })).status).toBe(200);
    const slower = await student.put(`/portfolios/${id}`, { title: 'Second', revision });
    expect([slower.status, slower.json<{ error: { code: string } }>().error.code]).toEqual([
      409,
      'stale-revision',
    ]);
    expect((await student.get(`/portfolios/${id}`)).json<View>().title).toBe('First');
  });

  it('shows both on the page, keeps what was typed, and saves it on the second try', async () => {
    const portfolio = await aPortfolio(app, school, { studentId, reflection: 'at the start' });
    const old = (await student.get(`/portfolios/${portfolio.id}`)).json<View>();
    await student.put(`/portfolios/${old.id}`, {
      entries: old.entries.map((entry) => ({ ...entry, reflection: 'THEIRS' })),
      revision: old.revision,
    });
    const mine = { ...formOf(old), 'entries.0.reflection': 'MINE </textarea>' };
    const page = await student.post(`/portfolios/${old.id}`, mine, { as: 'page' });
    expect(page.status).toBe(409);
    expect(page.text).toContain('MINE &lt;/textarea&gt;</textarea>');
    expect(page.text).toContain('THEIRS');
    const revision = /name="revision" value="(\d+)"/.exec(page.text)?.[1];
    const again = await student.post(`/portfolios/${old.id}`, { ...mine, revision }, { as: 'page' });
    expect(again.status).toBe(303);
    expect((await student.get(`/portfolios/${old.id}`)).json<View>().entries[0]?.reflection).toBe(
      'MINE </textarea>',
    );
  });

  it('lets exactly one of many win', async () => {
    const { id, revision } = await begun();
    const replies = await Promise.all(
      [1, 2, 3, 4, 5].map((at) => student.put(`/portfolios/${id}`, { title: `T${at}`, revision })),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409]);
  });
});

it('shows every page', async () => {
  const { portfolio } = await aSnapshot(app, school, {
    studentId,
    rubric: 'exhibition',
    statement: 'I set out to <try>',
  });
  const draft = await aPortfolio(app, school, { studentId, rubric: 'exhibition' });
  const addresses = [
    `/students/${studentId}/portfolios`,
    `/portfolios/${portfolio.id}`,
    `/portfolios/${portfolio.id}/submit`,
    `/portfolios/${draft.id}/submit`,
    `/portfolios/${portfolio.id}/snapshots/1`,
  ];
  for (const address of addresses) {
    const page = await student.get(address, { as: 'page' });
    expect([address, page.status, page.text.includes('<h1')]).toEqual([address, 200, true]);
  }
  expect((await registrar.get(`/portfolios/${draft.id}`, { as: 'page' })).text).toContain('Only Amina Aziz');
});

it('answers a list with holes in it as wrong input, also where it would show the form again', async () => {
  const { id, revision } = await begun();
  for (const entries of [[null], ['x'], 'x', [[]]]) {
    const reply = await student.put(
      `/portfolios/${id}`,
      { entries, revision },
      { headers: { Accept: 'text/html' } },
    );
    expect([JSON.stringify(entries), reply.status]).toEqual([JSON.stringify(entries), 422]);
    expect(reply.text).toMatch(/class="[^"]*error-(summary|page)"/);
  }
});

it('finds and adds any of hundreds of works, page by page, with the ticks of other pages', async () => {
  const person = await school.person({ name: 'Wide Wall', email: 'wide@p.example', roles: ['student'] });
  const client = await app.as('wide@p.example');
  const now = app.context.clock.now();
  for (let at = 0; at < 130; at += 1) {
    const made = {
      ...{ schoolId: school.school.id, studentId: person.id, createdBy: person.id },
      // Many at the same moment: a page must not lose or repeat any.
      createdAt: new Date(now.getTime() - Math.floor(at / 40) * 60_000),
    };
    const title = at === 3 ? 'Étude of a chair' : `Work ${at}`;
    const words = { title, caption: '', altText: '', medium: 'text' as const };
    await saveArtifact(school.scope, { ...made, ...words, id: `w-${at}`, latest: 1 });
    await saveArtifactVersion(school.scope, {
      ...{ ...made, id: `v-${at}`, artifactId: `w-${at}`, number: 1, kind: 'text' as const },
      ...{ file: null, url: null, text: title, sha256: '0' },
    });
  }
  const { id } = await beginPortfolio(client, person.id, {});
  interface Found {
    works: { id: string }[];
    total: number;
    next: string | null;
  }
  const portion = (found: Found) => found.works.map((work) => work.id);
  const find = async (query: string) => (await client.get(`/portfolios/${id}/works?${query}`)).json<Found>();
  const seen: string[] = [];
  for (let after: string | null = '', pages = 0; after !== null && pages < 20; pages += 1) {
    const found: Found = await find(`after=${encodeURIComponent(after)}`);
    expect(found.total).toBe(130);
    seen.push(...portion(found));
    after = found.next;
  }
  expect([seen.length, new Set(seen).size]).toEqual([130, 130]);

  expect(portion(await find('search=etude%20CHAIR'))).toEqual(['w-3']);
  expect(portion(await find('search=nothing'))).toEqual([]);
  const page = (await client.get(`/portfolios/${id}/works?search=etude&add=w-99`, { as: 'page' })).text;
  expect(page).toMatch(/value="w-99" checked/);
  expect(page).toMatch(/value="w-3"(?! checked)/);
  const added = await client.post(`/portfolios/${id}/works`, { add: ['w-99', 'w-3'] }, { as: 'page' });
  expect(added.headers.get('location')).toBe(`/portfolios/${id}?edit=yes`);
  expect((await client.get(`/portfolios/${id}`)).json<View>().entries).toMatchObject([
    ...[{ artifactId: 'w-99' }, { artifactId: 'w-3' }],
  ]);
  const editing = (await client.get(`/portfolios/${id}`, { as: 'page' })).text;
  expect(editing).toContain('Search all works (128)');
  for (const add of [[], [(await anArtifact(app, school)).artifact.id], seen])
    expect((await client.post(`/portfolios/${id}/works`, { add })).status).toBe(422);
});
