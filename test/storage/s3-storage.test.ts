/** What only a bucket can show: no parts are left behind, and "denied" or "unreachable" is never called "missing". */
import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  ListMultipartUploadsCommand,
} from '@aws-sdk/client-s3';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { openS3Storage } from '../../storage/s3-storage.js';
import { StorageFailure, sweepsUnfinished, type Storage } from '../../storage/storage.js';
import { storageKey } from '../../storage/storage-key.js';
import { findS3Program, startS3Server, tellHowToGetS3, type S3Server } from '../harness/s3-server.js';

const found = await findS3Program();
const type = 'video/mp4';
const bytes = randomBytes(20 * 1024 * 1024);
const key = storageKey('amina', createHash('sha256').update(bytes).digest('hex'));

if ('missing' in found && process.env.CI !== 'true') {
  it('NOT TESTED HERE, a bucket: without an S3 server this only prints the command that brings one', () =>
    tellHowToGetS3(found.missing));
} else {
  describe('storage in a bucket', () => {
    let server: S3Server;
    let storage: Storage;

    beforeAll(async () => {
      if ('missing' in found) throw new Error(found.missing);
      server = await startS3Server(found.program);
      storage = await openS3Storage(server.settings);
    });
    afterAll(() => server?.stop());

    it('leaves no parts of an upload that breaks off', async () => {
      const source = Readable.from(
        (async function* () {
          yield bytes.subarray(0, 17_000_000);
          await new Promise((resolve) => setTimeout(resolve, 200));
          throw new Error('the phone lost the network');
        })(),
      );
      await expect(storage.write(key, source, { type })).rejects.toBeInstanceOf(StorageFailure);
      const parts = await server.client.send(new ListMultipartUploadsCommand({ Bucket: 'vitrine' }));
      expect(parts.Uploads ?? []).toEqual([]);
      const files = await server.client.send(new ListObjectsV2Command({ Bucket: 'vitrine' }));
      expect(files.Contents ?? []).toEqual([]);
    });

    it('gives up uploads in parts that a killed process left, by age', async () => {
      const where = { Bucket: 'vitrine', Key: key };
      await server.client.send(new CreateMultipartUploadCommand(where));
      if (!sweepsUnfinished(storage)) throw new Error('a bucket sweeps');
      const soon = new Date(performance.timeOrigin + performance.now() + 60_000);
      expect(await storage.sweepUnfinished(new Date(soon.getTime() - 3_600_000))).toBe(0);
      expect(await storage.sweepUnfinished(soon)).toBe(1);
      const left = await server.client.send(new ListMultipartUploadsCommand({ Bucket: 'vitrine' }));
      expect(left.Uploads ?? []).toEqual([]);
    });

    it('puts the prefix before every key', async () => {
      const inPart = await openS3Storage({ ...server.settings, prefix: 'riverbend/' });
      await inPart.write(key, Readable.from([bytes]), { type });
      const files = await server.client.send(new ListObjectsV2Command({ Bucket: 'vitrine' }));
      expect(files.Contents?.map((file) => file.Key)).toEqual([`riverbend/${key}`]);
      await inPart.remove(key);
    });

    it('gives no addresses unless the settings allow it', async () => {
      const closed = await openS3Storage({ ...server.settings, links: false });
      expect(await closed.link(key, 60)).toBeNull();
    });

    it('calls a lost bucket a failure, not a missing file', async () => {
      await server.client.send(new CreateBucketCommand({ Bucket: 'passing' }));
      const passing = await openS3Storage({ ...server.settings, bucket: 'passing' });
      await server.client.send(new DeleteBucketCommand({ Bucket: 'passing' }));
      await expect(passing.stat(key)).rejects.toBeInstanceOf(StorageFailure);
      await expect(passing.read(key)).rejects.toBeInstanceOf(StorageFailure);
    });

    const wrong = [
      {
        name: 'a wrong secret',
        change: { secretAccessKey: 'wrong' },
      },
      { name: 'a bucket that does not exist', change: { bucket: 'elsewhere' } },
      { name: 'a server that is not there', change: { endpoint: 'http://127.0.0.1:9' } },
    ];

    it.each(wrong)('refuses to open with $name', async ({ change }) => {
      await expect(openS3Storage({ ...server.settings, ...change })).rejects.toBeInstanceOf(StorageFailure);
    });
  });
}
