/** Erasing somebody whose files are in a bucket: the bytes are gone there, and those of others stay. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { openS3Storage } from '../../storage/s3-storage.js';
import { anArtifact } from '../harness/builders/artifacts.js';
import { countOf, erase } from '../harness/builders/erasure.js';
import { findS3Program, startS3Server, tellHowToGetS3, type S3Server } from '../harness/s3-server.js';
import { startApp, type TestApp } from '../harness/start-app.js';

const found = await findS3Program();

if ('missing' in found && process.env.CI !== 'true') {
  it('NOT TESTED HERE, a bucket: without an S3 server this only prints the command that brings one', () =>
    tellHowToGetS3(found.missing));
} else {
  describe('files in a bucket', () => {
    let server: S3Server;
    let app: TestApp;
    beforeAll(async () => {
      if ('missing' in found) throw new Error(found.missing);
      server = await startS3Server(found.program);
      app = await startApp({ storage: await openS3Storage(server.settings) });
    });
    afterAll(async () => {
      await app?.close();
      await server?.stop();
    });

    it('are gone with the person, and those of others stay', async () => {
      const school = await app.aSchool();
      const email = `${randomUUID()}@admin.example`;
      await school.person({ name: 'Pat Doyle', roles: ['admin'], email });
      const keys = async () =>
        ((await server.client.send(new ListObjectsV2Command({ Bucket: 'vitrine' }))).Contents ?? []).map(
          ({ Key }) => Key!.split('/')[0],
        );
      const [going, staying] = [
        await school.person({ name: 'Going Away', roles: ['student'] }),
        await school.person({ name: 'Staying Here', roles: ['student'] }),
      ];
      // The same bytes twice: each student has a file of their own.
      for (const { id } of [going, staying])
        for (const words of ['a chair', 'a table'])
          await anArtifact(app, school, { studentId: id, bytes: Buffer.from(words) });
      expect((await keys()).sort()).toEqual([going.id, going.id, staying.id, staying.id].sort());
      const done = await erase(await app.as(email), going);
      expect(done).toMatchObject({ state: 'done', filesWaiting: 0 });
      expect(countOf(done, 'erased', 'work-version')).toBe(2);
      expect(await keys()).toEqual([staying.id, staying.id]);
    });
  });
}
