/** What the office and administrators look up: background jobs, what files take, and who has left. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { saveJob } from '../../server/jobs/job-records.js';
import { newJob } from '../../server/jobs/job.js';
import { actorOf } from '../harness/builders/transcript.js';
import { anArtifact, dotPng } from '../harness/builders/artifacts.js';
import type { Client } from '../harness/client.js';
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
