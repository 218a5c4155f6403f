/** What only the disk can show: nothing half-written is seen or left behind, and trouble is never called "missing". */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openDiskStorage } from '../../storage/disk-storage.js';
import { FileMissing, StorageFailure, type Storage } from '../../storage/storage.js';
import { storageKey } from '../../storage/storage-key.js';

const type = 'image/png';
const bytes = randomBytes(300_000);
const key = storageKey('amina', createHash('sha256').update(bytes).digest('hex'));
let folder: string;
let storage: Storage;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'vitrine-disk-'));
  storage = await openDiskStorage(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('shows nothing before the last byte, and then everything', async () => {
  const source = new Readable({ read: () => undefined });
  const writing = storage.write(key, source, { type });
  source.push(bytes.subarray(0, 200_000));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await readdir(path.join(folder, '.incoming'))).toHaveLength(1);
  await expect(storage.stat(key)).rejects.toBeInstanceOf(FileMissing);
  source.push(bytes.subarray(200_000));
  source.push(null);
  await writing;
  expect(await storage.stat(key)).toEqual({ bytes: bytes.length });
  expect(await readdir(path.join(folder, '.incoming'))).toEqual([]);
});

const takeOver = (place: string) => storage.write(key, createReadStream(place), { type, place });

it('takes a file of this machine over without copying it, whatever becomes of its first name', async () => {
  const place = path.join(folder, 'received');
  await writeFile(place, bytes);
  await takeOver(place);
  expect((await stat(place)).ino).toBe((await stat(path.join(folder, key))).ino);
  // The same one again, and another one with the same bytes.
  await takeOver(place);
  await rm(place);
  await writeFile(place, bytes);
  await takeOver(place);
  await rm(place);
  expect(Buffer.concat(await (await storage.read(key)).toArray())).toEqual(bytes);
  expect(await readdir(path.join(folder, '.incoming'))).toEqual([]);
});

it('copies and checks what it cannot take over, and leaves nothing when it fails', async () => {
  const elsewhere = path.join('/dev/shm', path.basename(folder));
  const isElsewhere = await writeFile(elsewhere, bytes).then(
    async () => (await stat(elsewhere)).dev !== (await stat(folder)).dev,
    () => false,
  );
  if (isElsewhere) {
    await takeOver(elsewhere);
    await rm(elsewhere, { force: true });
    expect(Buffer.concat(await (await storage.read(key)).toArray())).toEqual(bytes);
    await storage.remove(key);
  }
  await expect(takeOver(path.join(folder, 'nothing'))).rejects.toBeInstanceOf(StorageFailure);
  await rm(path.join(folder, 'amina'), { recursive: true, force: true });
  await writeFile(path.join(folder, 'amina'), 'a file where a folder should be');
  const place = path.join(folder, 'received');
  await writeFile(place, bytes);
  await expect(takeOver(place)).rejects.toBeInstanceOf(StorageFailure);
  expect(await readdir(path.join(folder, '.incoming'))).toEqual([]);
});

it('leaves no temporary file when a write fails', async () => {
  await expect(storage.write(key, Readable.from([bytes, bytes]), { type })).rejects.toBeInstanceOf(
    StorageFailure,
  );
  expect(await readdir(path.join(folder, '.incoming'))).toEqual([]);
  expect(await readdir(folder)).toEqual(['.incoming']);
});

it('clears away what a dead process left, but not what another one is writing', async () => {
  const old = path.join(folder, '.incoming', 'old');
  await writeFile(old, 'half');
  const dayBeforeYesterday = new Date(Date.now() - 48 * 60 * 60 * 1000);
  await utimes(old, dayBeforeYesterday, dayBeforeYesterday);
  await writeFile(path.join(folder, '.incoming', 'fresh'), 'half');
  await openDiskStorage(folder);
  expect(await readdir(path.join(folder, '.incoming'))).toEqual(['fresh']);
});

it('calls a broken folder a failure, not a missing file', async () => {
  await writeFile(path.join(folder, 'amina'), 'a file where a folder should be');
  await expect(storage.stat(key)).rejects.toBeInstanceOf(StorageFailure);
  await expect(storage.read(key)).rejects.toBeInstanceOf(StorageFailure);
  await expect(storage.remove(key)).rejects.toBeInstanceOf(StorageFailure);
  await expect(storage.write(key, Readable.from([bytes]), { type })).rejects.toBeInstanceOf(StorageFailure);
});

it('refuses to open where no folder can be', async () => {
  const file = path.join(folder, 'file');
  await writeFile(file, '');
  await expect(openDiskStorage(path.join(file, 'inside'))).rejects.toBeInstanceOf(StorageFailure);
});
