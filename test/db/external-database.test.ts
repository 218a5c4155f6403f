/**
 * The program and its commands as the README's section on deployment starts them: with a replica set of
 * somebody's own, which is empty.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import mongoose from 'mongoose';
import { projectRoot } from '../../server/project-root.js';
import { declaredIndexes, indexesOf } from '../harness/declared-indexes.js';
import { temporaryFolder, testDatabaseUri } from '../harness/services.js';
import { buildOnce, serverSecret, startServer } from '../harness/start-server.js';

let dataDir: string;

beforeAll(() => {
  buildOnce();
  dataDir = temporaryFolder();
}, 120_000);
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const external = (uri: string) => ({ MONGODB_URI: uri, MONGOD_BINARY: '', SAMPLE_SCHOOL: '' });

function run(script: string, uri: string, ...args: string[]): { code: number | null; text: string } {
  const { [script]: command = '' } = scripts;
  const done = spawnSync(process.execPath, [path.join(projectRoot, '.build/server/cli', command), ...args], {
    env: {
      ...process.env,
      ...external(uri),
      DATA_DIR: dataDir,
      SECRET_KEY: serverSecret,
      NODE_ENV: 'production',
    },
    ...{ encoding: 'utf8', timeout: 60_000 },
  });
  return { code: done.status, text: `${done.stdout}${done.stderr}` };
}
const scripts: Record<string, string> = {
  sample: 'sample-school.js',
  transcripts: 'transcripts.js',
  'check-records': 'check-records.js',
  migrate: 'migrate.js',
};

describe('a start with MONGODB_URI', () => {
  it('makes every index and nothing else, also when two instances start at once', async () => {
    const uri = testDatabaseUri('first');
    const servers = await Promise.all([1, 2].map(() => startServer(dataDir, external(uri))));
    try {
      for (const { url } of servers) {
        const ready = await fetch(`${url}/readyz`);
        expect([ready.status, await ready.json()]).toMatchObject([200, { parts: { indexes: true } }]);
      }
      expect(await indexesOf(uri)).toEqual(declaredIndexes());
      const connection = await mongoose.createConnection(uri).asPromise();
      await connection.collection('jobs').dropIndex('schoolId_1_kind_1_key_1');
      await connection.close();
      // It looks every few seconds.
      let status = 200;
      while (status === 200) {
        await new Promise((resolve) => setTimeout(resolve, 250));
        status = (await fetch(`${servers[0]!.url}/readyz`)).status;
      }
      expect(status).toBe(503);
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
    }
  }, 120_000);

  it('refuses duplicates in a message that names them, never with a stack', async () => {
    const uri = testDatabaseUri('duplicates');
    const connection = await mongoose.createConnection(uri).asPromise();
    await connection
      .collection('accounts')
      .insertMany(['a', 'b'].map((_id) => ({ _id, email: 'same@example.org' })) as never);
    await connection.close();
    const started = await startServer(dataDir, external(uri)).then(
      () => 'it started',
      (error: Error) => error.message,
    );
    for (const text of [started, run('check-records', uri).text, run('migrate', uri).text]) {
      expect(text).toContain('accounts { email: … }: a, b');
      expect(text).not.toMatch(/^\s+at /m);
      expect(text).not.toContain('same@example.org');
    }
  }, 120_000);
});

describe('a command with MONGODB_URI', () => {
  it.each([
    ['transcripts', ['--out', '/nowhere']],
    ['check-records', []],
    ['migrate', []],
  ])(
    '%s makes every index',
    async (script, args) => {
      const uri = testDatabaseUri(script);
      const { text } = run(script, uri, ...args);
      expect(text).not.toMatch(/^\s+at /m);
      expect(await indexesOf(uri)).toEqual(declaredIndexes());
    },
    60_000,
  );

  it('sample refuses, and changes nothing', async () => {
    const uri = testDatabaseUri('sample');
    expect(run('sample', uri).code).toBe(1);
    expect(await indexesOf(uri)).toEqual([]);
  }, 60_000);

  it('migrate --dry-run tells what it would do, and changes nothing', async () => {
    const uri = testDatabaseUri('dry');
    const { code, text } = run('migrate', uri, '--dry-run');
    expect(code).toBe(0);
    expect(text).toContain('Would build index schoolId_1_kind_1_key_1 of jobs.');
    expect(await indexesOf(uri)).toEqual([]);
    expect(run('migrate', uri, '--nonsense').code).toBe(2);
  }, 60_000);

  it('says in one line that the database does not answer, without the password', () => {
    const nobody =
      'mongodb://someone:secret-word@127.0.0.1:9/vitrine?replicaSet=rs0&serverSelectionTimeoutMS=500';
    const { code, text } = run('check-records', nobody);
    expect(code).toBe(1);
    expect(text).toContain('127.0.0.1:9');
    expect(text).not.toMatch(/secret-word|^\s+at /m);
  }, 60_000);
});
