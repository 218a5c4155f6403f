/**
 * The process that erases a person is killed with -9 in the middle: another one finishes it, and everything
 * is counted once.
 */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { listEntriesFrom } from '../../server/audit/audit-records.js';
import { checkSchool } from '../../server/cli/check-school.js';
import { aRehearsal } from '../harness/builders/rehearsals.js';
import { temporaryFolder, testDatabaseUri } from '../harness/services.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { buildOnce, serverSecret, startServer, type RunningServer } from '../harness/start-server.js';

/** So many that the work takes a while. */
const HEARD = 1000;
const folder = temporaryFolder();
const uri = testDatabaseUri('killed');
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

const collection = (name: string) => app.context.db.connection.collection(name);
const appName = 'erase-killed';
const ownUri = `${uri}${uri.includes('?') ? '&' : '?'}appName=${appName}`;
const start = async () => (server = await startServer(folder, { MONGODB_URI: ownUri, MONGOD_BINARY: '' }));

/** A transaction that a killed server had open holds its records for a minute; as if that were over. */
async function endTransactions(): Promise<void> {
  const database = app.context.db.connection.db!.admin();
  const $match = { appName, transaction: { $exists: true } };
  const { cursor } = await database.command({
    ...{ aggregate: 1, cursor: {} },
    pipeline: [{ $currentOp: { allUsers: true, idleSessions: true } }, { $match }],
  });
  for (const { lsid } of cursor.firstBatch) await database.command({ killAllSessionsByPattern: [{ lsid }] });
}

it('goes on where it was killed, and ends', async () => {
  const school = await app.aSchool();
  const email = `${randomUUID()}@admin.example`;
  await school.person({ name: 'Pat Doyle', roles: ['admin'], email });
  const presenter = await school.person({ name: 'Yonas Tesfaye', roles: ['student'] });
  const listener = await school.person({ name: 'Quenby Listener', roles: ['student'] });
  const made = await aRehearsal(app, school, presenter, listener);
  const rehearsal = (await collection('rehearsals').findOne({ _id: made as never }))!;
  const more = Array.from({ length: HEARD - 1 }, () => ({ ...rehearsal, _id: randomUUID() as never }));
  await collection('rehearsals').insertMany(more);
  const admin = await app.as(email);
  await start();
  const asked = await admin.post(`/people/${listener.id}/erase`, {
    ...{ ground: 'person-asks', reason: 'They wrote to us.', confirm: 'Quenby Listener' },
  });
  expect(asked.status).toBe(201);
  const { id } = asked.json<{ id: string }>();
  const erasure = async () => (await collection('erasures').findOne({ _id: id as never }))!;
  const done = async () => Number((await erasure())['counts']['erased_rehearsal-sheet'] ?? 0);
  while ((await done()) === 0) await sleep(1);
  await server!.kill();
  await endTransactions();
  const then = await done();
  expect((await erasure())['state']).toBe('running');
  expect(then).toBeLessThan(HEARD);
  expect(await collection('rehearsals').countDocuments({ 'seats.personId': listener.id })).toBe(HEARD - then);
  // As if its lease had run out.
  await collection('jobs').updateOne({ kind: 'erasure' }, { $set: { 'lease.until': new Date(0) } });
  await start();
  const until = performance.now() + 90_000;
  while ((await erasure())['state'] !== 'done' && performance.now() < until) await sleep(20);
  expect(await erasure()).toMatchObject({ state: 'done', traces: null });
  expect(await done()).toBe(HEARD);
  expect(await collection('rehearsals').countDocuments({ 'seats.name': 'Quenby Listener' })).toBe(0);
  await app.context.audit.settle(school.scope.schoolId);
  const entries = (await listEntriesFrom(school.scope, 1, 5000)).filter(
    ({ act, detail }) => act === 'people.erase-records' && detail['collection'] === 'rehearsals',
  );
  expect(entries.reduce((sum, { detail }) => sum + Number(detail['count']), 0)).toBe(HEARD);
  expect((await checkSchool({ storage: app.context.storage, files: true }, school.scope)).problems).toEqual(
    [],
  );
}, 180_000);
