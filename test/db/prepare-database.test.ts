/** What a start does to a database that is empty, old, damaged, newer, or being prepared by somebody else. */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import mongoose from 'mongoose';
import {
  openDatabase,
  previewDatabase,
  sharedCollection,
  type OpenOptions,
} from '../../server/db/database.js';
import type { Migration } from '../../server/db/migration.js';
import { projectRoot } from '../../server/project-root.js';
import { testDatabaseUri } from '../harness/services.js';
import { testClock } from '../harness/test-clock.js';

const shelf = (indexes: Parameters<typeof sharedCollection>[2]['indexes']) =>
  sharedCollection('shelves', { name: String, room: String, seen: Date }, { indexes }).declaration;
const byName = { keys: { name: 1 }, unique: true } as const;
const byRoom = { keys: { room: 1, name: -1 } } as const;

let uri: string;
let connection: mongoose.Connection;
let said: string[];
let tests = 0;

beforeEach(async () => {
  tests += 1;
  uri = testDatabaseUri(`prepare ${tests}`);
  connection = await mongoose.createConnection(uri).asPromise();
  said = [];
});
afterEach(() => connection.close());

const say: OpenOptions['say'] = (key, params = {}) =>
  void said.push([key.replace('database.', ''), ...Object.values(params)].join(' '));
const open = async (options: Partial<OpenOptions> = {}): Promise<void> => {
  const db = await openDatabase(uri, {
    collections: [shelf([byName, byRoom])],
    clock: testClock,
    say,
    ...options,
  });
  await db.close();
};
const indexNames = async (): Promise<string[]> =>
  (await connection.collection('shelves').indexes()).map(({ name }) => String(name)).sort();
const migration = (name: string, run: Migration['run'] = () => Promise.resolve()): Migration => ({
  name,
  run,
});
const dataHash = async (): Promise<string> => String((await connection.db!.command({ dbHash: 1 }))['md5']);

describe('indexes at a start', () => {
  it('are made, and a second start has nothing to do', async () => {
    await open();
    await open();
    expect(await indexNames()).toEqual(['_id_', 'name_1', 'room_1_name_-1']);
    expect(said).toEqual([]);
  });

  it('that nobody declares are dropped, and named', async () => {
    await open();
    await connection.collection('shelves').createIndex({ seen: 1 });
    await open();
    expect(await indexNames()).toEqual(['_id_', 'name_1', 'room_1_name_-1']);
    expect(said).toEqual(['index.dropped shelves seen_1']);
  });

  it.each([
    ['not unique', { unique: false }],
    ['sparse', { unique: true, sparse: true }],
    ['partial', { unique: true, partialFilterExpression: { room: 'a' } }],
    ['with an end', { unique: true, expireAfterSeconds: 5 }],
    ['under another collation', { unique: true, collation: { locale: 'en' } }],
  ])('with other options are built again: %s', async (_name, options) => {
    await connection.collection('shelves').createIndex({ name: 1 }, options);
    await open();
    expect(said).toEqual(['index.dropped shelves name_1']);
    const index = (await connection.collection('shelves').indexes()).find(({ name }) => name === 'name_1')!;
    expect(index).toEqual({ v: 2, key: { name: 1 }, name: 'name_1', unique: true });
  });

  it('that only have another name are left', async () => {
    await connection.collection('shelves').createIndex({ name: 1 }, { unique: true, name: 'own' });
    await open();
    expect(await indexNames()).toEqual(['_id_', 'own', 'room_1_name_-1']);
    expect(said).toEqual([]);
  });

  it('of a newer version are not dropped by an older one that starts beside it', async () => {
    await open({ collections: [shelf([byName])] });
    await open();
    await open({ collections: [shelf([byName])] });
    expect(await indexNames()).toEqual(['_id_', 'name_1', 'room_1_name_-1']);
    expect(said).toEqual([]);
  });

  it('that the data does not allow stop the start; the message names documents and nothing personal', async () => {
    await connection.collection('shelves').insertMany(
      [
        ['a', 'Amina'],
        ['b', 'Amina'],
        ['c', 'Leonie'],
      ].map(([_id, name]) => ({ _id, name })) as never,
    );
    const problem = await open().catch((error: unknown) => error);
    expect(problem).toMatchObject({
      code: 'database-duplicates',
      params: { list: '\n  - shelves { name: … }: a, b' },
    });
  });

  it('are looked at again while the program runs', async () => {
    const db = await openDatabase(uri, { collections: [shelf([byName])], clock: testClock });
    await connection.collection('shelves').dropIndex('name_1');
    expect(await db.hasIndexes()).toBe(false);
    await db.close();
  });
});

describe('migrations', () => {
  const old = () => connection.collection('shelves').insertOne({ _id: 'old' as never, name: 'old' });

  it('are not run on an empty database, which has no old data', async () => {
    const first = migration('01-first', () => Promise.reject(new Error('it ran')));
    await open({ migrations: [first] });
    await open({ migrations: [first] });
    expect(said).toEqual([]);
  });

  it('run once, in their order, before the indexes', async () => {
    await old();
    const seen: string[] = [];
    const migrations = ['01-first', '02-second'].map((name) =>
      migration(name, async () => void seen.push(name, (await indexNames()).join())),
    );
    await open({ migrations });
    await open({ migrations });
    expect(seen).toEqual(['01-first', '_id_', '02-second', '_id_']);
    expect(said).toEqual([
      'migration.running 01-first',
      'migration.done 01-first',
      'migration.running 02-second',
      'migration.done 02-second',
    ]);
  });

  it('run once when several instances start together', async () => {
    await old();
    const count = migration('01-count', async ({ db }) => {
      await db.collection('counts').insertOne({});
      await new Promise((resolve) => setTimeout(resolve, 400));
    });
    await Promise.all([1, 2, 3].map(() => open({ migrations: [count] })));
    expect(await connection.collection('counts').countDocuments()).toBe(1);
    expect(said.filter((line) => line === 'waiting')).toHaveLength(2);
  });

  it('that fail stop the start with their own error, and run again at the next', async () => {
    await old();
    let attempts = 0;
    const flaky = migration('01-flaky', async () => {
      attempts += 1;
      if (attempts === 1) throw new RangeError('not yet');
    });
    await expect(open({ migrations: [flaky] })).rejects.toThrow(new RangeError('not yet'));
    await open({ migrations: [flaky] });
    expect(attempts).toBe(2);
  });

  it('of a newer program stop the start, and the message names them', async () => {
    await open({ migrations: [migration('01-first'), migration('02-newer')] });
    const before = await dataHash();
    await expect(open({ migrations: [migration('01-first')] })).rejects.toMatchObject({
      code: 'database-newer',
      params: { list: '02-newer' },
    });
    await expect(
      previewDatabase(uri, { collections: [shelf([byName])], clock: testClock, migrations: [] }),
    ).rejects.toMatchObject({ code: 'database-newer' });
    expect(await dataHash()).toBe(before);
  });

  it('are told by a dry run together with the indexes, and nothing is written', async () => {
    await old();
    await connection.collection('shelves').createIndex({ seen: 1 });
    const first = migration('01-first', async ({ db, dryRun, say: tell }) => {
      tell('would-write');
      if (!dryRun) await db.collection('shelves').deleteMany({});
    });
    const before = [await dataHash(), await indexNames()];
    await previewDatabase(uri, {
      collections: [shelf([byName])],
      clock: testClock,
      migrations: [first],
      say,
    });
    expect(said).toEqual([
      'migration.pending 01-first',
      'would-write',
      'index.would-drop shelves seen_1',
      'index.would-build shelves name_1',
    ]);
    expect([await dataHash(), await indexNames()]).toEqual(before);
  });

  it('stop when their instance was silent for so long that another has taken over', async () => {
    await old();
    const slow = migration('01-slow', async ({ db, stillOurs }) => {
      await db.collection('databasestate').updateOne({ _id: 'lock' as never }, { $set: { owner: 'other' } });
      await stillOurs();
      throw new Error('it went on');
    });
    await expect(open({ migrations: [slow] })).rejects.toThrow('has taken over');
  });

  describe('killed in the middle', () => {
    const program = path.join(
      projectRoot,
      'node_modules/.cache/vitrine',
      `slow-migration-${process.pid}.mjs`,
    );
    beforeAll(() =>
      build({
        entryPoints: [path.join(projectRoot, 'test/db/slow-migration.ts')],
        outfile: program,
        ...{ bundle: true, packages: 'external', platform: 'node', format: 'esm' },
      }),
    );
    afterAll(() => rmSync(program));

    it('are run again from their start, and end with the same', async () => {
      await old();
      const child = spawn(process.execPath, [program, uri], { stdio: ['ignore', 'pipe', 'inherit'] });
      const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
      while ((await lines.next()).value !== 'step 3');
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('exit', resolve));
      const done = await connection.collection('steps').countDocuments();
      expect(done).toBeGreaterThanOrEqual(3);
      expect(done).toBeLessThan(20);
      const { slowMigration } = await import('./slow-migration.js');
      await open({ migrations: [slowMigration(0)], leaseMilliseconds: 1000 });
      expect(await connection.collection('steps').countDocuments()).toBe(20);
      expect(said[0]).toBe('waiting');
      expect(said.at(-1)).toBe('migration.done 01-slow');
    });
  });
});
