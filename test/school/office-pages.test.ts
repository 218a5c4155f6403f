/** What the office and administrators look up: background jobs, what files take, and who has left. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { saveJob } from '../../server/jobs/job-records.js';
import { newJob } from '../../server/jobs/job.js';
import { actorOf } from '../harness/builders/transcript.js';
import { anExhibition, exhibitionDay } from '../harness/builders/exhibition.js';
import { anArtifact, dotPng } from '../harness/builders/artifacts.js';
import type { Client } from '../harness/client.js';
import { listEntriesFrom } from '../../server/audit/audit-records.js';
import { getPerson } from '../../server/people/people-records.js';
import { dayFromNow } from '../harness/test-clock.js';
import { startApp, type TestApp, type TestSchool } from '../harness/start-app.js';
import type { Person } from '../../server/people/person.js';

let app: TestApp;
let school: TestSchool;
let admin: Client;
let registrar: Person;
beforeAll(async () => {
  app = await startApp({ jobs: false });
  school = await app.aSchool();
  await school.person({ name: 'Ada Ray', roles: ['admin'], email: 'ada@pages.example' });
  registrar = await school.person({ name: 'Rita Hall', roles: ['registrar'], email: 'rita@pages.example' });
  admin = await app.as('ada@pages.example');
});
afterAll(() => app?.close());

const asPage = { as: 'page' } as const;
const page = async (path: string) => (await admin.get(path, { as: 'page' })).text;

it('background jobs of the school are listed with who asked and how far they are, and canceled there', async () => {
  expect(await page('/jobs')).toContain('No background jobs yet');
  const add = (of: TestSchool, key: string) => {
    const order = { kind: 'roster', key, payload: {}, total: 40 };
    return saveJob(of.scope, newJob(of.scope, app.context.clock, actorOf(registrar), order));
  };
  const job = await add(school, 'a');
  await add(await app.aSchool(), 'b');
  const listed = (await admin.get('/jobs')).json<{
    total: number;
    items: { id: string; state: string; byName: string }[];
  }>();
  expect(listed).toMatchObject({ total: 1, items: [{ id: job.id, state: 'waiting', byName: 'Rita Hall' }] });
  const shown = await page('/jobs');
  expect(shown).toContain('Waiting its turn');
  expect(shown).toContain(`action="/jobs/${job.id}/cancel"`);
  expect((await admin.post(`/jobs/${job.id}/cancel`)).status).toBe(200);
  expect(await page('/jobs')).not.toContain(`action="/jobs/${job.id}/cancel"`);
});

it('how far a job came is counted in the words for one and for many, and a finished search only says that it is finished', async () => {
  const line = async (kind: string, done: number, total: number, subjects: string[] = []) => {
    const order = { kind, key: `${kind} ${done} ${total}`, payload: {}, total };
    const begun = newJob(school.scope, app.context.clock, actorOf(registrar), order);
    const problems = subjects.map((subject) => ({ subject, message: 'jobs.problem.gave-up' }));
    const over = { ...begun, state: 'done' as const, progress: { done, total }, problems };
    await saveJob(school.scope, over);
    return (await page(`/jobs/${over.id}`)).replace(/<[^>]*>/g, '').replace(/\s+/g, ' ');
  };
  expect(await line('erasure', 1, 1)).toContain('Finished 1 of 1 step ');
  expect(await line('erasure', 2, 2)).toContain('Finished 2 of 2 steps ');
  expect(await line('roster', 1, 1)).toContain('1 of 1 person ');
  expect(await line('roster-preview', 1, 40)).toContain('1 difference found ');
  expect(await line('roster-preview', 2, 40)).toContain('2 differences found ');
  expect(await line('transcripts', 2, 2, ['Ann'])).toContain('1 of 2 transcripts issued, 1 not');
  expect(await line('transcripts', 3, 3, ['Ann'])).toContain('1 problem ');
  expect(await line('schedule', 100, 100)).not.toContain('searched');
});

it('administrators see what the files of the school take and may take', async () => {
  await anArtifact(app, school, { title: 'Dot' });
  expect((await admin.put('/school', { schoolQuota: 5 })).status).toBe(200);
  const { storageUse } = (await admin.get('/school')).json<{
    storageUse: { usedBytes: number; quotaBytes: number };
  }>();
  expect(storageUse).toEqual({ usedBytes: dotPng.length, quotaBytes: 5 * 1024 * 1024 });
  expect(await page('/school')).toContain('of 5 MB');
  const office = await app.as('rita@pages.example');
  expect((await office.get('/school')).json<{ storageUse: unknown }>().storageUse).toBeNull();
});

it('people who have left are found, and only when they are asked for', async () => {
  const gone = await school.person({ name: 'Gone Girl', roles: ['student'] });
  expect((await admin.post(`/people/${gone.id}/deactivate`)).status).toBe(200);
  const names = async (query: string) =>
    (await admin.get(`/people${query}`))
      .json<{ items: { displayName: string }[] }>()
      .items.map(({ displayName }) => displayName);
  expect(await names('')).not.toContain('Gone Girl');
  expect(await names('?presence=left')).toEqual(['Gone Girl']);
  expect(await names('?presence=all')).toEqual(expect.arrayContaining(['Gone Girl', 'Rita Hall']));
  expect(await names('?presence=left&role=advisor')).toEqual([]);
  expect(await page('/people?presence=left')).toContain('has left');
  expect((await admin.get('/people?presence=somewhere')).status).toBe(422);
});

const actsOf = async (): Promise<string[]> =>
  (await listEntriesFrom(school.scope, 1, 500)).map(({ act }) => act);

it('an advisory with a mistyped name is renamed, emptied into another one and deleted', async () => {
  const add = async (name: string) => (await admin.post('/advisories', { name })).json<{ id: string }>().id;
  const [right, wrong] = [await add('Willow'), await add('Wilow')];
  const student = await school.person({ name: 'Wes Moved', roles: ['student'], advisoryId: wrong });
  const left = await school.person({ name: 'Lou Left', roles: ['student'], advisoryId: wrong });
  expect((await admin.post(`/people/${left.id}/deactivate`)).status).toBe(200);
  expect((await admin.post(`/advisories/${wrong}`, { name: 'Willow' }, { as: 'page' })).status).toBe(422);
  const list = await page('/advisories');
  expect(list).toContain(`move=${wrong}#`);
  // Each advisory beside all others would be a page that grows with their square.
  expect(list).not.toContain(`<option value="${right}"`);
  const shown = await page(`/advisories?move=${wrong}`);
  expect(shown).toContain('Move 1 student');
  expect(shown.match(/<option value="[^"]+"/g)).toEqual([`<option value="${right}"`]);
  expect(shown).not.toContain('Delete Wilow');
  const refused = await admin.send('DELETE', `/advisories/${wrong}`);
  expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('1 student is in')]);
  expect((await admin.post(`/advisories/${wrong}/move`, { to: wrong })).status).toBe(422);
  const moved = await admin.post(`/advisories/${wrong}/move`, { to: right });
  expect(moved.json()).toEqual({ id: wrong, moved: 2, exhibitions: [] });
  for (const { id } of [student, left]) expect((await getPerson(school.scope, id)).advisoryId).toBe(right);
  const { items } = (await admin.get('/advisories')).json<{ items: { name: string; students: number }[] }>();
  expect(items.map(({ name, students }) => [name, students])).toEqual([
    ['Willow', 1],
    ['Wilow', 0],
  ]);
  expect((await admin.post(`/advisories/${wrong}/remove`, {}, { as: 'page' })).status).toBe(303);
  expect((await admin.send('DELETE', `/advisories/${wrong}`)).status).toBe(404);
  expect(await page('/advisories')).not.toContain('Wilow');
  expect(await actsOf()).toEqual(
    expect.arrayContaining(['people.advisory-move', 'people.advisory-remove', 'people.change']),
  );
});

it('a timetable follows an advisory that is moved, and one that keeps it from being deleted is named', async () => {
  const day = await anExhibition(app, { title: 'Winter exhibitions' });
  const { client: office } = await day.join('Rita Olsen', ['registrar']);
  const add = async (name: string) => (await office.post('/advisories', { name })).json<{ id: string }>().id;
  const [oak, elm] = [await add('Oak'), await add('Elm')];
  await day.home.person({ name: 'Wes Moved', roles: ['student'], advisoryId: oak });
  const settings = (more: object) => ({
    ...{ rooms: 'Library', days: `${exhibitionDay} 09:00-12:00`, slotMinutes: 50, breakMinutes: 10 },
    ...{ advisor: 'no', family: 'no', mentor: 'no', teachers: 1, peers: 0, guests: 0, ...more },
  });
  const path = `${day.path}/schedule`;
  const keep = (more: object) => day.planner.put(path, settings(more));
  const chosen = async () =>
    (await day.planner.get(path)).json<{
      schedule: { presenting: { advisoryIds: string[] }; seen: string };
    }>().schedule;
  expect((await keep({ presenting: 'advisories', advisoryIds: [oak] })).status).toBe(200);
  const { seen } = await chosen();
  const moved = await office.post(`/advisories/${oak}/move`, { to: elm });
  expect(moved.json()).toMatchObject({ moved: 1, exhibitions: [{ title: 'Winter exhibitions' }] });
  expect((await chosen()).presenting.advisoryIds).toEqual([elm]);
  const body = settings({ presenting: 'advisories', advisoryIds: [oak], seen });
  const late = await office.put(path, body);
  expect([late.status, late.text]).toEqual([409, expect.stringContaining('Rita Olsen changed this')]);
  expect((await office.send('DELETE', `/advisories/${oak}`)).status).toBe(200);

  expect((await office.post(`/advisories/${elm}/move`, { to: await add('Ash') }, asPage)).status).toBe(303);
  expect((await office.get('/advisories', asPage)).text).toContain('in the schedule of: Winter exhibitions.');
  expect((await keep({ presenting: 'advisories', advisoryIds: [elm] })).status).toBe(200);
  const refused = await office.send('DELETE', `/advisories/${elm}`);
  expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('Winter exhibitions')]);
  expect((await keep({ presenting: 'all' })).status).toBe(200);
  expect((await office.send('DELETE', `/advisories/${elm}`)).status).toBe(200);
});

it('what is made in a term while it is deleted is either refused, or keeps the term', async () => {
  const student = await school.person({ name: 'Mo Maker', roles: ['student'], email: 'mo@pages.example' });
  const own = await app.as('mo@pages.example');
  for (let round = 0; round < 4; round += 1) {
    const span = { startsOn: dayFromNow(-500), endsOn: dayFromNow(-480) };
    const term = await admin.post('/terms', { name: `Short ${round}`, ...span });
    const { id: termId } = term.json<{ id: string }>();
    const exhibition = {
      ...{ termId, title: 'Late', format: 'panel', rubric: 'exhibition', slotMinutes: 30 },
      ...{ startsAt: `${dayFromNow(3)}T09:00`, place: 'Hall' },
    };
    const internship = { termId, organisation: 'Zoo', startsOn: dayFromNow(-490), mentorName: 'Kim' };
    const [removed, ...made] = await Promise.all([
      admin.send('DELETE', `/terms/${termId}`),
      admin.post('/exhibitions', exhibition),
      own.post(`/students/${student.id}/portfolios`, { termId, title: 'Mine' }),
      own.post(`/students/${student.id}/narratives`, { termId, markdown: 'So far' }),
      own.put(`/students/${student.id}/plan`, { termId, aim: 'To see', revision: 0 }),
      own.post(`/students/${student.id}/internships`, internship),
      admin.put(`/people/${student.id}/enrollments/${termId}`, { grade: '9', status: 'enrolled' }),
      admin.post(`/terms/${termId}/current`),
    ]);
    expect(made.filter(({ status }) => status >= 500)).toEqual([]);
    const kept = made.filter(({ status }) => status < 300).length;
    expect([removed.status, kept > 0]).toEqual(kept > 0 ? [409, true] : [200, false]);
    expect((await admin.post(`/terms/${school.termId}/current`)).status).toBe(200);
  }
});

it('a term that was made by mistake is deleted, one that something names is not, and the answer says what', async () => {
  const add = async (name: string) => {
    const term = { name, startsOn: dayFromNow(-700), endsOn: dayFromNow(-600) };
    return (await admin.post('/terms', term)).json<{ id: string }>().id;
  };
  const [mistake, used] = [await add('Mistake'), await add('Used')];
  const student = await school.person({ name: 'Uma Used', roles: ['student'] });
  const enrolled = { grade: '9', status: 'enrolled' };
  expect((await admin.put(`/people/${student.id}/enrollments/${used}`, enrolled)).status).toBe(200);
  // A change writes down what was assumed of every old term, which is nobody's record.
  const change = { givenName: 'Uma', familyName: 'Used', roles: ['student'], grade: '10' };
  expect((await admin.put(`/people/${student.id}`, change)).status).toBe(200);
  const refused = await admin.send('DELETE', `/terms/${used}`);
  expect(refused.status).toBe(409);
  expect(refused.text).toContain('1 recorded enrollment');
  const current = await admin.send('DELETE', `/terms/${school.termId}`);
  expect([current.status, current.text]).toEqual([409, expect.stringContaining('current term')]);
  // They share their days, which whoever saves the second one is told in words.
  const saved = await admin.post(
    `/terms/${mistake}`,
    { name: 'Mistake', startsOn: dayFromNow(-610), endsOn: dayFromNow(-500) },
    { as: 'page' },
  );
  expect(saved.status).toBe(303);
  expect(await page('/school')).toContain('Two terms share days: Mistake (');
  expect(await page('/school')).toContain('Delete Mistake');
  expect((await admin.post(`/terms/${mistake}/remove`, {}, { as: 'page' })).status).toBe(303);
  expect((await admin.send('DELETE', `/terms/${mistake}`)).status).toBe(404);
  expect(await page('/school')).not.toContain('Mistake');
  expect(await actsOf()).toContain('school.term-remove');
  const kept = await app.context.db.connection.collection('enrollments').countDocuments({ termId: mistake });
  expect(kept).toBe(0);
});

it('the page of somebody who has left asks how they left, and offers neither leaving nor a password', async () => {
  const gone = await school.person({ name: 'Gil Gone', roles: ['student'], email: 'gil@pages.example' });
  expect(await page(`/people/${gone.id}`)).toContain('Deactivate this person');
  expect((await admin.post(`/people/${gone.id}/deactivate`)).status).toBe(200);
  const text = await page(`/people/${gone.id}`);
  expect(text).toContain('Save how they left');
  expect(text).toContain('Reactivate this person');
  for (const words of ['Deactivate this person', 'Make a new password link'])
    expect(text).not.toContain(words);
});

it('a registrar finds the terms in the main navigation, and a page that is not there leads back', async () => {
  const office = await app.as('rita@pages.example');
  const home = await office.get('/', { as: 'page' });
  expect(home.text).toContain('href="/school"');
  const settings = await office.get('/school', { as: 'page' });
  expect(settings.text).toContain('Only an administrator can change');
  const from = async (referer: string) =>
    (await office.get('/people/nobody', { as: 'page', headers: { Referer: referer } })).text;
  const found = await from(`${app.url}/people/import`);
  expect(found).toContain('href="/people/import">Back to the page before</a>');
  expect(found).toContain('Go to the start page');
  for (const elsewhere of ['https://other.example/people', `${app.url}//other.example/`, 'nonsense'])
    expect(await from(elsewhere)).not.toContain('Back to the page before');
});
