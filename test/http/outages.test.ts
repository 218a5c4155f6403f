/**
 * A database or a bucket that hangs, is cut off or changes its primary: people get a calm answer soon, and
 * everything goes on afterwards.
 */
import { rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import mongoose from 'mongoose';
import { openDatabase, sharedCollection } from '../../server/db/database.js';
import { openEmbeddedMongod } from '../../server/local/embedded-mongod.js';
import { openS3Storage } from '../../storage/s3-storage.js';
import type { Storage } from '../../storage/storage.js';
import { cuttableNetwork } from '../harness/cuttable-network.js';
import { mongodBinary, temporaryFolder, testDatabaseUri } from '../harness/services.js';
import { startApp } from '../harness/start-app.js';
import { buildOnce, mongodPid, startServer, type RunningServer } from '../harness/start-server.js';
import { testClock } from '../harness/test-clock.js';

/** Far below the minute after which browsers and proxies give up. */
const patience = 25_000;
/** Asks the database, and needs no account. */
const question = '/verify/ABCDEFGHJKMN';

const ask = (url: string, accept = 'application/json', path = question): Promise<Response> =>
  fetch(`${url}${path}`, { headers: { Accept: accept }, signal: AbortSignal.timeout(patience) });

async function expectCalm(url: string): Promise<void> {
  const [json, page, ready] = await Promise.all([
    ask(url),
    ask(url, 'text/html'),
    ask(url, 'application/json', '/readyz'),
  ]);
  expect([json.status, json.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await json.json()).toMatchObject({ error: { code: 'unavailable' } });
  expect([page.status, page.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await page.text()).toContain('Please try again in a moment');
  expect(ready.status).toBe(503);
  expect(await ready.json()).toMatchObject({
    status: 'not-ready',
    parts: { database: false, storage: true },
  });
  // Nobody waits for a server that is known to be away any longer than for one that hangs.
  expect((await ask(url)).status).toBe(503);
}

async function expectBack(url: string): Promise<void> {
  while ((await ask(url)).status === 503) await new Promise((resolve) => setTimeout(resolve, 200));
  expect((await ask(url)).status).toBe(404);
  expect((await ask(url, 'application/json', '/readyz')).status).toBe(200);
}

describe('a database', () => {
  let dataDir: string;
  let server: RunningServer;
  beforeAll(async () => {
    buildOnce();
    dataDir = temporaryFolder();
    server = await startServer(dataDir);
  }, 120_000);
  afterAll(async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('that hangs', async () => {
    await ask(server.url);
    const mongod = mongodPid(dataDir)!;
    process.kill(mongod, 'SIGSTOP');
    try {
      await expectCalm(server.url);
    } finally {
      process.kill(mongod, 'SIGCONT');
    }
    await expectBack(server.url);
  }, 120_000);

  it('that answers but writes nothing', async () => {
    const mongod = await openEmbeddedMongod({ dataDir, binary: mongodBinary(), mode: 'tool' });
    const connection = await mongoose.createConnection(mongod.uri).asPromise();
    const admin = connection.db!.admin();
    await admin.command({ fsync: 1, lock: true });
    const answer = await ask(server.url).finally(() => admin.command({ fsyncUnlock: 1 }));
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    await connection.close();
    await mongod.stop();
    await expectBack(server.url);
  }, 120_000);

  it('that is cut off', async () => {
    const uri = new URL(testDatabaseUri());
    const network = await cuttableNetwork(`http://${uri.host}`);
    uri.host = new URL(network.url).host;
    uri.searchParams.delete('replicaSet');
    uri.searchParams.set('directConnection', 'true');
    const app = await startApp({ databaseUri: uri.href, jobs: false });
    try {
      network.cut();
      await expectCalm(app.url);
      network.mend();
      await expectBack(app.url);
    } finally {
      network.mend();
      await app.close();
      await network.close();
    }
  }, 120_000);

  it('whose primary steps down: what is written meanwhile waits for the next one', async () => {
    const own = temporaryFolder();
    const mongod = await openEmbeddedMongod({ dataDir: own, binary: mongodBinary(), mode: 'tool' });
    const notes = sharedCollection<{ id: string; count: number }>(
      'notes',
      { count: Number },
      { indexes: [] },
    );
    const db = await openDatabase(mongod.uri, { collections: [notes.declaration], clock: testClock });
    try {
      await notes.in(db).insert({ id: 'n', count: 0 });
      const stepDown = { replSetStepDown: 1, secondaryCatchUpPeriodSecs: 0, force: true };
      const down = db.connection.db!.admin().command(stepDown);
      for (let count = 0; count < 20; count += 1)
        await notes.in(db).updateOne({ id: 'n' }, { $inc: { count: 1 } });
      await down;
      expect(await notes.in(db).get('n')).toEqual({ id: 'n', count: 20 });
    } finally {
      await db.close();
      await mongod.stop();
      rmSync(own, { recursive: true, force: true });
    }
  }, 120_000);
});

describe('a bucket', () => {
  const key = `one/${'0'.repeat(64)}`;
  let server: Server;
  let hangs = false;
  let storage: Storage;
  beforeAll(async () => {
    server = createServer((request, response) => {
      request.resume();
      if (!hangs) response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    storage = await openS3Storage({
      ...{ bucket: 'files', region: 'us-east-1', accessKeyId: 'a', secretAccessKey: 'b' },
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    });
    hangs = true;
  });
  afterAll(() => server.closeAllConnections());

  const calls: [string, () => Promise<unknown>][] = [
    ['read', () => storage.read(key)],
    ['stat', () => storage.stat(key)],
    ['remove', () => storage.remove(key)],
    ['write', () => storage.write(key, Readable.from(['x'.repeat(64)]), { type: 'text/plain' })],
  ];
  it('that hangs is a failure soon, whatever it is asked; what waits for it is answered with 503', async () => {
    const app = await startApp({ purpose: 'bucket', storage, jobs: false });
    const outcomes = await Promise.all(
      calls.map(([, call]) => call().then(String, (error: Error) => error.name)),
    );
    const ready = await ask(app.url, 'application/json', '/readyz');
    await app.close();
    expect(outcomes).toEqual(calls.map(() => 'StorageFailure'));
    expect(await ready.json()).toMatchObject({ parts: { storage: false, database: true } });
  }, 60_000);

  it('that is gone is a failure, too', async () => {
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
    const outcomes = await Promise.all(
      calls.map(([, call]) => call().then(String, (error: Error) => error.name)),
    );
    expect(outcomes).toEqual(calls.map(() => 'StorageFailure'));
  }, 60_000);
});
