/** The program as the README's section on deployment starts it: with a replica set of somebody's own, which is empty. */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { declaredIndexes, indexesOf } from '../harness/declared-indexes.js';
import { temporaryFolder, testDatabaseUri } from '../harness/services.js';
import { buildOnce, startServer } from '../harness/start-server.js';

let dataDir: string;

beforeAll(() => {
  buildOnce();
  dataDir = temporaryFolder();
}, 120_000);
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const external = (uri: string) => ({ MONGODB_URI: uri, MONGOD_BINARY: '', SAMPLE_SCHOOL: '' });

describe('a start with MONGODB_URI', () => {
  it('makes every index, and nothing else', async () => {
    const uri = testDatabaseUri('first');
    const server = await startServer(dataDir, external(uri));
    try {
      expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
      expect(await indexesOf(uri)).toEqual(declaredIndexes());
    } finally {
      await server.stop();
    }
  });
});
