/**
 * What a student and a school may keep, uploads at the same moment included; and a disk that is full says so
 * before anything is lost.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DiskFull, isDiskFull } from '../../server/disk-space.js';
import { sweepUploads } from '../../server/artifacts/sweep-uploads.js';
import { openDiskStorage } from '../../storage/disk-storage.js';
import { StorageFailure, type Storage } from '../../storage/storage.js';
import { utimes, writeFile, mkdir } from 'node:fs/promises';
import { anArtifact, uploadForm } from '../harness/builders/artifacts.js';
import type { Client } from '../harness/client.js';
import { startApp, type TestApp, type TestSchool } from '../harness/start-app.js';
import { testClock } from '../harness/test-clock.js';

const KIB = 1024;
let app: TestApp;
let school: TestSchool;
let full = false;
let free = Infinity;
const folder = mkdtempSync(path.join(tmpdir(), 'vitrine-quota-'));

/** A disk on which nothing more can be written while `full` is set. */
async function fillableStorage(): Promise<Storage> {
  const disk = await openDiskStorage(path.join(folder, 'files'));
  return {
    read: (key, range) => disk.read(key, range),
    stat: (key) => disk.stat(key),
    remove: (key) => disk.remove(key),
    list: () => disk.list(),
    link: (key, seconds) => disk.link(key, seconds),
    async write(key, body, meta) {
      if (!full) return disk.write(key, body, meta);
      body.destroy();
      throw new StorageFailure(`writing ${key} failed`, {
        cause: Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }),
      });
    },
  };
}

beforeAll(async () => {
  app = await startApp({
    storage: await fillableStorage(),
    freeBytes: async () => free,
    environment: { STUDENT_QUOTA_MB: '1', SCHOOL_QUOTA_MB: '3' },
  });
});
beforeEach(async () => {
  school = await app.aSchool();
  full = false;
  free = Infinity;
});
afterAll(async () => {
  await app?.close();
  rmSync(folder, { recursive: true, force: true });
});

let count = 0;
async function aStudent(): Promise<{ id: string; client: Client }> {
  const email = `student${(count += 1)}@quota.example`;
  const { id } = await school.person({ name: 'Amina', roles: ['student'], email });
  return { id, client: await app.as(email) };
}
const files = (...kilobytes: number[]) =>
  uploadForm(
    kilobytes.map((each, at) => ({ name: `work${at}.txt`, bytes: Buffer.alloc(each * KIB, `${at}`) })),
  );
const add = async ({ id, client }: Awaited<ReturnType<typeof aStudent>>, ...kilobytes: number[]) =>
  client.send('POST', `/students/${id}/artifacts`, files(...kilobytes));
const use = async (id: string) =>
  (
    await app.context.db.connection
      .collection<{ _id: string; bytes: number }>('storageuses')
      .findOne({ _id: id })
  )?.bytes;

describe('quotas', () => {
  it('refuse what does not fit, say how much is used, and leave the rest usable', async () => {
    const student = await aStudent();
    expect((await add(student, 900)).status).toBe(201);
    const refused = await add(student, 200);
    expect(refused.status).toBe(413);
    expect(refused.json<{ error: { message: string } }>().error.message).toMatch(/900 kB of 1 MB/i);
    expect((await add(student, 100)).status).toBe(201);
    expect(await use(student.id)).toBe(1000 * KIB);
  });

  it('are shown before they are reached', async () => {
    const student = await aStudent();
    const form = () => student.client.get(`/students/${student.id}/artifacts/new`);
    expect((await form()).json()).toMatchObject({
      storage: { usedBytes: 0, quotaBytes: KIB * KIB, low: false },
    });
    await add(student, 900);
    expect((await form()).json()).toMatchObject({ storage: { usedBytes: 900 * KIB, low: true } });
  });

  it('cannot be exceeded by uploads at the same moment', async () => {
    const student = await aStudent();
    const replies = await Promise.all(Array.from({ length: 8 }, () => add(student, 300)));
    const statuses = replies.map(({ status }) => status);
    expect([statuses.filter((each) => each === 201).length, new Set(statuses)]).toEqual([
      3,
      new Set([201, 413]),
    ]);
    expect(await use(student.id)).toBe(900 * KIB);
  });

  it('refuse of several works those alone that do not fit', async () => {
    const student = await aStudent();
    const reply = await add(student, 600, 700, 300);
    const { artifacts, outcomes } = reply.json<{
      artifacts: unknown[];
      outcomes: { problem: string | null }[];
    }>();
    expect([reply.status, artifacts.length, await use(student.id)]).toEqual([201, 2, 900 * KIB]);
    expect(outcomes.map(({ problem }) => problem)).toEqual([
      null,
      expect.stringMatching(/“work1.txt”: There is no room/),
      null,
    ]);
  });

  it('of the school hold for all its students together', async () => {
    const students = [await aStudent(), await aStudent(), await aStudent(), await aStudent()];
    const statuses = [];
    for (const student of students) statuses.push((await add(student, 1000)).status);
    expect(statuses).toEqual([201, 201, 201, 413]);
  });

  it('count what was there before they were introduced', async () => {
    const student = await aStudent();
    await anArtifact(app, school, { studentId: student.id, bytes: Buffer.alloc(800 * KIB) });
    expect((await add(student, 300)).status).toBe(413);
    expect((await add(student, 200)).status).toBe(201);
  });

  it('take nothing for an upload that came to nothing', async () => {
    const student = await aStudent();
    full = true;
    expect((await add(student, 500)).status).toBe(507);
    expect([await use(student.id), await use(school.school.id)]).toEqual([0, 0]);
  });

  it('are the school’s to set, and stay when another field is saved', async () => {
    await school.person({ name: 'Ada', roles: ['admin'], email: `ada${(count += 1)}@quota.example` });
    const admin = await app.as(`ada${count}@quota.example`);
    const settings = {
      name: 'One',
      timeZone: 'America/New_York',
      pageSize: 'letter',
      voices: 'named',
      numberPrefix: 'A',
    };
    expect((await admin.put('/school', { ...settings, studentQuota: 2 })).status).toBe(200);
    expect((await admin.put('/school', { ...settings, name: 'Two' })).status).toBe(200);
    const seen = (await admin.get('/school')).json<{ school: { policies: { storage: unknown } } }>();
    expect(seen.school.policies.storage).toEqual({ studentMegabytes: 2 });
    const student = await aStudent();
    expect((await add(student, 1500)).status).toBe(201);
  });
});

describe('a full disk', () => {
  it.each([
    ['answers 507 with what to do', { accept: 'json' }],
    ['tells it on the page', { accept: 'page' }],
  ])('%s', async (_name, { accept }) => {
    const student = await aStudent();
    full = true;
    const reply = await student.client.send('POST', `/students/${student.id}/artifacts`, files(1), {
      as: accept as 'json' | 'page',
    });
    expect([reply.status, reply.text]).toEqual([507, expect.stringContaining('no space left for files')]);
  });

  it('refuses uploads while there is still room for everything else, and shows in /readyz', async () => {
    const student = await aStudent();
    free = 100 * KIB * KIB;
    expect((await add(student, 1)).status).toBe(507);
    const text = await student.client.send('POST', `/students/${student.id}/artifacts`, {
      text: 'Some words',
    });
    expect(text.status).toBe(201);
    const ready = await app.visitor().get('/readyz');
    expect([ready.status, ready.json()]).toMatchObject([
      503,
      { status: 'not-ready', parts: { space: false } },
    ]);
    free = Infinity;
    expect((await app.visitor().get('/readyz')).status).toBe(200);
  });

  it('is said at start, with the folder and how much is needed', async () => {
    await expect(startApp({ purpose: 'full', freeBytes: async () => 3 * KIB * KIB })).rejects.toThrow(
      DiskFull,
    );
    await expect(startApp({ purpose: 'full', freeBytes: async () => 3 * KIB * KIB })).rejects.toThrow(
      /full: 3 MB are free, and at least 64 MB are needed/,
    );
  });

  it.each([
    ['Node', { code: 'ENOSPC' }, true],
    ['a quota of the system', { code: 'EDQUOT' }, true],
    ['MongoDB', { code: 14031, codeName: 'OutOfDiskSpace' }, true],
    ['a storage that says why', new StorageFailure('x', { cause: { code: 'ENOSPC' } }), true],
    ['another failure', { code: 'EACCES' }, false],
    ['nothing', null, false],
  ])('is recognized: %s', (_name, error, expected) => {
    expect(isDiskFull(error)).toBe(expected);
  });
});

it('unfinished uploads are swept by age, finished files never', async () => {
  const data = path.join(folder, 'data');
  const storage = await openDiskStorage(path.join(data, 'files'));
  const key = `one/ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad`;
  await storage.write(key, Readable.from([Buffer.from('abc')]), { type: 'text/plain' });
  const now = testClock.now();
  const places = [path.join(data, 'files', '.incoming'), path.join(data, 'incoming')];
  for (const place of places) {
    await mkdir(place, { recursive: true });
    for (const [name, hours] of [
      ['old', 25],
      ['new', 23],
    ] as const) {
      const at = new Date(now.getTime() - hours * 3_600_000);
      await writeFile(path.join(place, name), 'half');
      await utimes(path.join(place, name), at, at);
    }
  }
  const log = { info: () => undefined, warn: () => undefined };
  expect(await sweepUploads({ storage, dataDir: data, log }, now)).toBe(2);
  expect(places.map((place) => readdirSync(place))).toEqual([['new'], ['new']]);
  expect(await storage.stat(key)).toEqual({ bytes: 3 });
});
