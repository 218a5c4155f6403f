/** A large roster at the real program: a thread of its own brings it in, and what it did is in the record. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { findBrokenEntry } from '../../server/audit/append-audit.js';
import { temporaryFolder, testDatabaseUri } from '../harness/services.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { buildOnce, serverSecret, startServer, type RunningServer } from '../harness/start-server.js';

const folder = temporaryFolder();
const uri = testDatabaseUri('large-job');
let app: TestApp;
let server: RunningServer | null = null;

beforeAll(async () => {
  buildOnce();
  app = await startApp({
    ...{ databaseUri: uri, dataDir: folder, jobs: false },
    environment: { SECRET_KEY: serverSecret },
  });
}, 120_000);
afterAll(async () => {
  await server?.kill();
  await app?.close();
  rmSync(folder, { recursive: true, force: true });
});

it('is brought in by a thread of its own, which ends with it', async () => {
  const school = await app.aSchool();
  const email = `${randomUUID()}@admin.example`;
  await school.person({ name: 'Pat Doyle', roles: ['admin'], email });
  const admin = await app.as(email);
  // Few people in a large file: nobody has to wait for thousands of rows here.
  const padding = 'x'.repeat(10_000);
  const rows = Array.from({ length: 12 }, (_, at) => `Given${at},Family${at},N${at},student,${padding}`);
  const form = new FormData();
  const csv = ['first name,last name,student number,role,note', ...rows].join('\n');
  form.append('roster', new Blob([csv]), 'roster.csv');
  const asked = await admin.post('/people/import', form);
  const { jobId } = asked.json<{ jobId: string }>();
  server = await startServer(folder, { MONGODB_URI: uri, MONGOD_BINARY: '', LOG_LEVEL: 'info' });
  const job = async () => (await admin.get(`/jobs/${jobId}`)).json<{ state: string; progress: object }>();
  for (let tries = 0; (await job()).state !== 'done' && tries < 600; tries += 1) await sleep(50);
  expect(await job()).toMatchObject({ state: 'done', progress: { done: 12, total: 12 } });
  expect(server.output()).toContain('a large job has a thread of its own');
  const found = await app.context.db.connection
    .collection('people')
    .countDocuments({ schoolId: school.school.id, roles: 'student' });
  expect(found).toBe(12);
  expect(await findBrokenEntry(school.scope)).toBeNull();
  const act = { schoolId: school.school.id, act: 'people.import' };
  expect(await app.context.db.connection.collection('auditentries').countDocuments(act)).toBe(1);
  expect(await server.stop()).toBe(0);
  server = null;
}, 120_000);
