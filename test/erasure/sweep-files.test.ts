/**
 * Files that no record names are removed once they are a day old, and never one that a record names, whatever names it.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { removeUnnamedFile } from '../../server/artifacts/remove-files.js';
import { collections } from '../../server/collections.js';
import { findNamedKeys, keysWithoutFile, namingFields } from '../../server/erasure/named-files.js';
import { sweepFiles } from '../../server/erasure/sweep-files.js';
import { openDiskStorage } from '../../storage/disk-storage.js';
import { FileMissing, StorageFailure, type Storage } from '../../storage/storage.js';
import { storageKey } from '../../storage/storage-key.js';
import { anArtifact } from '../harness/builders/artifacts.js';
import { startApp, type TestApp, type TestSchool } from '../harness/start-app.js';

const hour = 60 * 60 * 1000;
const folder = mkdtempSync(path.join(tmpdir(), 'vitrine-sweep-'));
let app: TestApp;
let school: TestSchool;
let storage: Storage;
beforeAll(async () => {
  storage = await openDiskStorage(folder);
  app = await startApp({ storage });
  school = await app.aSchool();
});
afterAll(async () => {
  await app?.close();
  rmSync(folder, { recursive: true, force: true });
});

const sweep = (dryRun = false, over: Partial<Parameters<typeof sweepFiles>[0]> = {}) =>
  sweepFiles({ ...app.context, storage, removeUnnamedFile, ...over }, dryRun);
const isThere = (key: string) =>
  storage.stat(key).then(
    () => true,
    (error: unknown) => {
      if (error instanceof FileMissing) return false;
      throw error;
    },
  );
/** As old as the tests' clock says. */
async function age(key: string, hours: number): Promise<string> {
  const at = new Date(app.context.clock.now().getTime() - hours * hour);
  await utimes(path.join(folder, key), at, at);
  return key;
}
async function anUnnamedFile(hours: number, owner: string = randomUUID()): Promise<string> {
  const bytes = randomBytes(64);
  const key = storageKey(owner, createHash('sha256').update(bytes).digest('hex'));
  await storage.write(key, Readable.from([bytes]), { type: 'text/plain' });
  return age(key, hours);
}

describe('the sweep', () => {
  it('removes what no record names and is older than a day, and nothing else', async () => {
    const { artifact, version } = await anArtifact(app, school, { bytes: randomBytes(64) });
    const named = await age(version.file!.key, 1000);
    const old = await anUnnamedFile(25, artifact.studentId);
    const ofNobody = await anUnnamedFile(1000);
    const young = await anUnnamedFile(23);
    expect(await sweep(true)).toMatchObject({
      files: 4,
      unnamed: 2,
      unnamedBytes: 128,
      removed: 0,
      young: 1,
    });
    expect(await Promise.all([named, old, ofNobody, young].map(isThere))).toEqual([true, true, true, true]);
    expect(await sweep()).toMatchObject({ unnamed: 2, removed: 2, failed: 0 });
    expect(await Promise.all([named, old, ofNobody, young].map(isThere))).toEqual([true, false, false, true]);
  });

  it.each(namingFields.map(({ collection, field }) => [collection, field] as const))(
    'leaves a file that only %s names in %s',
    async (collection, field) => {
      const key = await anUnnamedFile(1000);
      const [outer, inner] = field.split('.');
      await app.context.db.connection
        .collection<Record<string, unknown> & { _id: string }>(collection)
        .insertOne({ _id: randomUUID(), schoolId: 'another', [outer!]: { [inner!]: key }, ...unique() });
      await sweep();
      expect(await isThere(key)).toBe(true);
    },
  );

  it('asks again at the moment of removal: a record that came in since keeps its file', async () => {
    const key = await anUnnamedFile(1000);
    const removed = await removeUnnamedFile(
      {
        ...{ storage, db: app.context.db },
        findNamedKeys: async () => new Set([key]),
      },
      school.school.id,
      key,
    );
    expect([removed, await isThere(key)]).toEqual([false, true]);
    expect([...(await findNamedKeys({ db: app.context.db }, [key]))]).toEqual([]);
  });

  it('goes on where one file cannot be removed, and says so', async () => {
    const [stuck, other] = [await anUnnamedFile(1000), await anUnnamedFile(1000)];
    const stubborn: Storage = Object.assign(Object.create(storage) as Storage, {
      remove: async (key: string) => {
        if (key === stuck) throw new StorageFailure(`removing ${key} failed`);
        await storage.remove(key);
      },
    });
    const log = { info: () => undefined, warn: () => undefined };
    expect(await sweep(false, { storage: stubborn, log })).toMatchObject({ failed: 1 });
    expect([await isThere(stuck), await isThere(other)]).toEqual([true, false]);
  });
});

/** Values that unique indexes ask for. */
const unique = () => ({
  ...{ artifactId: randomUUID(), number: randomUUID(), serial: Math.random(), code: randomUUID() },
  ...{ studentId: randomUUID(), termId: randomUUID() },
});

describe('the list of fields that name a file', () => {
  /** Fields that hold a key, or a free shape that may hold one. */
  const known = [...namingFields, ...keysWithoutFile].map(
    ({ collection, field }) => `${collection}.${field}`,
  );

  it('has every field of every collection that is called like one', () => {
    const found = collections.flatMap(({ name, schema }) =>
      Object.keys(schema.paths)
        .filter((field) => /(^|\.)(file|pdf|key|storageKey|fileKey)$/i.test(field))
        .map((field) => `${name}.${field}`),
    );
    const keyed = (field: string) => known.some((each) => each === field || each.startsWith(`${field}.`));
    // Keys of other things, and the name of a table in a roster.
    const others = ['jobs.key', 'attempts.key', 'rosterchanges.file'];
    expect(found.filter((field) => !keyed(field) && !others.includes(field))).toEqual([]);
    expect(
      known.filter((each) => !found.some((field) => each === field || each.startsWith(`${field}.`))),
    ).toEqual([]);
  });
});
