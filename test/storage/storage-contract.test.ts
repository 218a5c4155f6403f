/** One suite for every backend: what storage/storage.ts promises, on a real disk and on a real S3 server. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openStorage, type StorageSettings } from '../../storage/open-storage.js';
import { FileMissing, StorageFailure, type ListedFile, type Storage } from '../../storage/storage.js';
import { storageKey } from '../../storage/storage-key.js';
import { findS3Program, startS3Server, tellHowToGetS3, type S3Server } from '../harness/s3-server.js';
import { growthWhileWriting } from './growth.js';

const MIB = 1024 * 1024;
const type = 'application/octet-stream';

const s3 = await findS3Program();
let server: S3Server;

interface Backend {
  name: string;
  open(): Promise<StorageSettings>;
  close(settings: StorageSettings): Promise<void>;
  muchBytes: number;
  growthLimit: number;
}

const disk: Backend = {
  name: 'disk',
  open: async () => ({ kind: 'disk', folder: await mkdtemp(path.join(tmpdir(), 'vitrine-disk-')) }),
  close: async (settings) => {
    if (settings.kind === 'disk') await rm(settings.folder, { recursive: true, force: true });
  },
  muchBytes: 1024 * MIB,
  growthLimit: 64 * MIB,
};

const bucket: Backend = {
  name: 'S3',
  open: async () => {
    if ('missing' in s3) throw new Error(s3.missing);
    server = await startS3Server(s3.program);
    return { kind: 's3', ...server.settings };
  },
  close: () => server.stop(),
  muchBytes: 512 * MIB,
  growthLimit: 64 * MIB,
};

contract(disk);
if ('missing' in s3 && process.env.CI !== 'true') {
  it('NOT TESTED HERE, the contract on S3: without a server this only prints the command that brings one', () =>
    tellHowToGetS3(s3.missing));
} else contract(bucket);

function contract(backend: Backend): void {
  describe(`storage on ${backend.name}`, () => {
    let settings: StorageSettings;
    let storage: Storage;

    beforeAll(async () => {
      settings = await backend.open();
      storage = await openStorage(settings);
    });
    afterAll(async () => {
      if (settings) await backend.close(settings);
    });

    const small = Buffer.from('A chair made of one sheet of plywood');
    const contents = [
      { name: 'nothing', bytes: Buffer.alloc(0) },
      { name: 'a little', bytes: small },
      { name: 'exactly one part', bytes: randomBytes(5 * MIB) },
      { name: 'several parts', bytes: randomBytes(20 * MIB + 17) },
    ];

    it.each(contents)('gives back $name unchanged', async ({ bytes }) => {
      const key = keyOf(bytes);
      await storage.write(key, inPieces(bytes), { type });
      expect(await storage.stat(key)).toEqual({ bytes: bytes.length });
      expect((await readAll(storage, key)).equals(bytes)).toBe(true);
    });

    it('lets the same file be written again, also at the same time', async () => {
      const key = keyOf(small);
      await Promise.all([1, 2, 3].map(() => storage.write(key, inPieces(small), { type })));
      await storage.write(key, inPieces(small), { type });
      expect((await readAll(storage, key)).equals(small)).toBe(true);
    });

    it('keeps equal files of two owners apart', async () => {
      const [mine, theirs] = [keyOf(small), keyOf(small)];
      await storage.write(mine, inPieces(small), { type });
      await storage.write(theirs, inPieces(small), { type });
      await storage.remove(mine);
      expect((await readAll(storage, theirs)).equals(small)).toBe(true);
    });

    const ranges = [
      { name: 'the first byte', start: 0, end: 0 },
      { name: 'a middle piece', start: 5, end: 12 },
      { name: 'the last byte', start: small.length - 1, end: small.length - 1 },
      { name: 'more than there is', start: 30, end: 5000 },
    ];

    it.each(ranges)('reads $name', async ({ start, end }) => {
      const key = keyOf(small);
      await storage.write(key, inPieces(small), { type });
      expect(await readAll(storage, key, { start, end })).toEqual(small.subarray(start, end + 1));
    });

    it('refuses a range that begins behind the end', async () => {
      const key = keyOf(small);
      await storage.write(key, inPieces(small), { type });
      await expect(storage.read(key, { start: small.length, end: 5000 })).rejects.toBeInstanceOf(
        StorageFailure,
      );
    });

    it('says that a file is missing', async () => {
      const key = keyOf(randomBytes(8));
      await expect(storage.stat(key)).rejects.toBeInstanceOf(FileMissing);
      await expect(storage.read(key)).rejects.toBeInstanceOf(FileMissing);
      await expect(storage.read(key, { start: 0, end: 1 })).rejects.toBeInstanceOf(FileMissing);
    });

    it('removes a file, and is silent when there is none', async () => {
      const key = keyOf(small);
      await storage.write(key, inPieces(small), { type });
      await storage.remove(key);
      await expect(storage.stat(key)).rejects.toBeInstanceOf(FileMissing);
      await storage.remove(key);
      await storage.remove(keyOf(randomBytes(8)));
    });

    it.each([{ size: 100 }, { size: 20 * MIB }])(
      'keeps nothing of a source that breaks off ($size bytes)',
      async ({ size }) => {
        const bytes = randomBytes(size);
        const key = keyOf(bytes);
        const broken = new Error('the phone lost the network');
        const source = Readable.from(
          (function* () {
            yield bytes.subarray(0, size - 50);
            throw broken;
          })(),
        );
        await expect(storage.write(key, source, { type })).rejects.toMatchObject({
          name: 'StorageFailure',
          cause: broken,
        });
        await expect(storage.stat(key)).rejects.toBeInstanceOf(FileMissing);
      },
    );

    it('refuses a source that ends early without saying so', async () => {
      const bytes = randomBytes(9 * MIB);
      const key = keyOf(bytes);
      await expect(storage.write(key, inPieces(bytes.subarray(1)), { type })).rejects.toBeInstanceOf(
        StorageFailure,
      );
      await expect(storage.stat(key)).rejects.toBeInstanceOf(FileMissing);
    });

    it('refuses a source that was closed before it was read, and one closed on the way', async () => {
      const bytes = randomBytes(9 * MIB);
      const key = keyOf(bytes);
      const closed = inPieces(bytes);
      closed.destroy();
      await expect(storage.write(key, closed, { type })).rejects.toBeInstanceOf(StorageFailure);
      const closing = new Readable({ read: () => undefined });
      closing.push(bytes.subarray(0, 1000));
      setTimeout(() => closing.destroy(), 50);
      await expect(storage.write(key, closing, { type })).rejects.toBeInstanceOf(StorageFailure);
      await expect(storage.stat(key)).rejects.toBeInstanceOf(FileMissing);
    });

    it('leaves the good file in place when writing it again fails', async () => {
      const key = keyOf(small);
      await storage.write(key, inPieces(small), { type });
      await expect(storage.write(key, inPieces(Buffer.from('other')), { type })).rejects.toBeInstanceOf(
        StorageFailure,
      );
      expect((await readAll(storage, key)).equals(small)).toBe(true);
    });

    const sha256 = 'a'.repeat(64);
    const noKeys = [
      '',
      'x',
      `../${sha256}`,
      `a/../${sha256}`,
      `/etc/${sha256}`,
      `a/${sha256}/b`,
      `A/${sha256}`,
    ];

    it.each([...noKeys, `.incoming/${sha256}`, `a/${sha256.toUpperCase()}`, `a/${sha256}\0`])(
      'refuses %j as a key',
      async (key) => {
        await expect(storage.write(key, inPieces(small), { type })).rejects.toBeInstanceOf(StorageFailure);
        await expect(storage.read(key)).rejects.toBeInstanceOf(StorageFailure);
        await expect(storage.stat(key)).rejects.toBeInstanceOf(StorageFailure);
        await expect(storage.remove(key)).rejects.toBeInstanceOf(StorageFailure);
        await expect(storage.link(key, 60)).rejects.toBeInstanceOf(StorageFailure);
      },
    );

    it('can be opened again and still has everything', async () => {
      const key = keyOf(small);
      await storage.write(key, inPieces(small), { type });
      const again = await openStorage(settings);
      expect((await readAll(again, key)).equals(small)).toBe(true);
    });

    it('gives an address from which the file comes, or says that it has none', async () => {
      const key = keyOf(small);
      await storage.write(key, inPieces(small), { type });
      const link = await storage.link(key, 60, {
        type: 'text/plain',
        disposition: 'attachment; filename="x.txt"',
      });
      if (settings.kind === 'disk') {
        expect(link).toBeNull();
        return;
      }
      const answer = await fetch(link!);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('text/plain');
      expect(answer.headers.get('content-disposition')).toBe('attachment; filename="x.txt"');
      expect(Buffer.from(await answer.arrayBuffer())).toEqual(small);
    });

    it('lists every file once with its size and age, and not what is no file of its own', async () => {
      const written = new Map<string, Buffer>();
      for (let at = 0; at < 25; at += 1) {
        const bytes = randomBytes(at + 1);
        const key = keyOf(bytes);
        written.set(key, bytes);
        await storage.write(key, inPieces(bytes), { type });
      }
      const [removed] = written.keys();
      await storage.remove(removed!);
      const listed = new Map<string, ListedFile>();
      for await (const file of storage.list()) {
        expect(listed.has(file.key)).toBe(false);
        listed.set(file.key, file);
      }
      expect(listed.has(removed!)).toBe(false);
      written.delete(removed!);
      for (const [key, bytes] of written) {
        expect(listed.get(key)?.bytes).toBe(bytes.length);
        expect(listed.get(key)!.writtenAt.getTime()).toBeGreaterThan(0);
      }
    });

    it('lets go of a file whose reader loses interest', async () => {
      const bytes = randomBytes(4 * MIB);
      const key = keyOf(bytes);
      await storage.write(key, inPieces(bytes), { type });
      for (let reader = 0; reader < 60; reader += 1) {
        const stream = await storage.read(key);
        stream.destroy();
      }
      expect((await readAll(storage, key)).equals(bytes)).toBe(true);
    });

    it(`writes ${backend.muchBytes / MIB} MB without holding them in memory`, async () => {
      const figures = await growthWhileWriting(settings, backend.muchBytes);
      expect(figures.read).toBe(backend.muchBytes);
      expect(figures.growthWriting).toBeLessThanOrEqual(backend.growthLimit);
    }, 300_000);
  });
}

function keyOf(bytes: Buffer): string {
  return storageKey(randomUUID(), createHash('sha256').update(bytes).digest('hex'));
}

/** A stream in pieces of 64 KB, as from a network. */
function inPieces(bytes: Buffer): Readable {
  return Readable.from(
    (function* () {
      for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
    })(),
    { objectMode: false },
  );
}

async function readAll(
  storage: Storage,
  key: string,
  range?: { start: number; end: number },
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of await storage.read(key, range)) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}
