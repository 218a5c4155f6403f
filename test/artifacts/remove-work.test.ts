/**
 * A work is withdrawn while nobody was shown it, and taken down everywhere after that; what was frozen with
 * it stays valid.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { countFileRemovals } from '../../server/artifacts/file-removal-records.js';
import { removeWaitingFiles } from '../../server/artifacts/remove-files.js';
import { listEntriesFrom } from '../../server/audit/audit-records.js';
import { hashOf } from '../../server/canonical.js';
import { checkSchool } from '../../server/cli/check-school.js';
import { findNamedKeys } from '../../server/erasure/named-files.js';
import { openDiskStorage } from '../../storage/disk-storage.js';
import { FileMissing, StorageFailure, type Storage } from '../../storage/storage.js';
import { anArtifact, dotPng, uploadForm } from '../harness/builders/artifacts.js';
import { aSnapshot } from '../harness/builders/portfolio.js';
import type { Client } from '../harness/client.js';
import { startApp, type TestApp, type TestSchool } from '../harness/start-app.js';

let app: TestApp;
let school: TestSchool;
let student: { id: string; client: Client };
let office: Client;
let family: Client;
let removing = true;
const folder = mkdtempSync(path.join(tmpdir(), 'vitrine-remove-'));

/** A storage that cannot remove anything while `removing` is false. */
async function stubbornStorage(): Promise<Storage> {
  const disk = await openDiskStorage(path.join(folder, 'files'));
  const remove = disk.remove.bind(disk);
  return Object.assign(disk, {
    remove: async (key: string) => {
      if (!removing) throw new StorageFailure(`removing ${key} failed`);
      await remove(key);
    },
  });
}

beforeAll(async () => {
  app = await startApp({ storage: await stubbornStorage() });
});
afterAll(async () => {
  await app?.close();
  rmSync(folder, { recursive: true, force: true });
});
let count = 0;
beforeEach(async () => {
  removing = true;
  count += 1;
  school = await app.aSchool();
  const guardian = await school.person({
    ...{ name: 'Rosa Kadir', roles: ['guardian'], email: `rosa${count}@removal.example` },
  });
  const { id } = await school.person({
    ...{ name: 'Amina Kadir', roles: ['student'], email: `amina${count}@removal.example` },
    guardianIds: [guardian.id],
  });
  await school.person({ name: 'Ole Bent', roles: ['registrar'], email: `ole${count}@removal.example` });
  student = { id, client: await app.as(`amina${count}@removal.example`) };
  office = await app.as(`ole${count}@removal.example`);
  family = await app.as(`rosa${count}@removal.example`);
});

const aPicture = (words: { title?: string; caption?: string } = {}) =>
  anArtifact(app, school, { studentId: student.id, ...words });
const check = async () =>
  (await checkSchool({ storage: app.context.storage, files: true }, school.scope)).problems;
const entriesOf = async (act: string) =>
  (await listEntriesFrom(school.scope, 1, 1000)).filter((entry) => entry.act === act);
const used = async () =>
  (await student.client.get(`/students/${student.id}/artifacts/new`)).json<{
    storage: { usedBytes: number };
  }>().storage.usedBytes;
const versionsOf = (artifactId: string) =>
  app.context.db.connection.collection<{ _id: string }>('artifactversions').find({ artifactId } as never);

describe('a work that nobody was shown', () => {
  it('is withdrawn by its student: record, bytes and use of storage are gone, and the entry has no content', async () => {
    const before = await used();
    const form = uploadForm([{ name: 'secret-name.png', bytes: dotPng }], { title: 'Secret title' });
    const added = await student.client.send('POST', `/students/${student.id}/artifacts`, form);
    const { id, version } = added.json<{ id: string; version: { file: { sha256: string } } }>();
    expect(await used()).toBe(before + dotPng.length);
    const answer = await student.client.post(`/artifacts/${id}/withdraw`, { reason: 'mistake' });
    expect(answer.json()).toEqual({ id, gone: true, filesWaiting: 0 });
    expect((await student.client.get(`/artifacts/${id}`)).status).toBe(404);
    await expect(app.context.storage.stat(`${student.id}/${version.file.sha256}`)).rejects.toThrow(
      FileMissing,
    );
    expect(await used()).toBe(before);
    const [entry] = await entriesOf('artifacts.withdraw');
    expect(entry).toMatchObject({ actorId: student.id, detail: { reason: 'mistake', numbers: [1] } });
    expect(JSON.stringify(entry)).not.toMatch(/secret/i);
    expect(await check()).toEqual([]);
  });

  it('keeps the bytes that another of their works has, until that one goes as well', async () => {
    const [one, two] = [await aPicture(), await aPicture({ title: 'The same picture' })];
    const key = one.version.file!.key;
    await student.client.post(`/artifacts/${one.artifact.id}/withdraw`, { reason: 'mistake' });
    expect((await student.client.get(`/artifacts/${two.artifact.id}/file`)).status).toBe(200);
    await student.client.post(`/artifacts/${two.artifact.id}/withdraw`, { reason: 'mistake' });
    await expect(app.context.storage.stat(key)).rejects.toThrow(FileMissing);
  });

  it('loses one version, and the one before is the newest again', async () => {
    const { artifact } = await anArtifact(app, school, { studentId: student.id, text: 'First words' });
    await student.client.post(`/artifacts/${artifact.id}/versions`, { text: 'Second words' });
    const answer = await student.client.post(`/artifacts/${artifact.id}/withdraw`, {
      ...{ reason: 'privacy', version: 2 },
    });
    expect(answer.json()).toMatchObject({ gone: false });
    expect((await student.client.get(`/artifacts/${artifact.id}`)).json()).toMatchObject({
      ...{ latest: 1, version: { text: 'First words' }, versions: [{ number: 1 }] },
    });
    expect(await check()).toEqual([]);
  });

  it('keeps its bytes when the same file comes in at the moment of the withdrawal', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { artifact } = await aPicture();
      const [, again] = await Promise.all([
        student.client.post(`/artifacts/${artifact.id}/withdraw`, { reason: 'mistake' }),
        aPicture({ title: 'Again' }),
      ]);
      expect((await student.client.get(`/artifacts/${again.artifact.id}/file`)).status).toBe(200);
      await student.client.post(`/artifacts/${again.artifact.id}/withdraw`, { reason: 'mistake' });
    }
    expect(await check()).toEqual([]);
  });

  it('is gone at once also where the storage fails, and the bytes follow as soon as it works again', async () => {
    const { artifact, version } = await aPicture();
    removing = false;
    const answer = await student.client.post(`/artifacts/${artifact.id}/withdraw`, { reason: 'mistake' });
    expect(answer.json()).toMatchObject({ gone: true, filesWaiting: 1 });
    expect((await student.client.get(`/artifacts/${artifact.id}`)).status).toBe(404);
    await app.context.storage.stat(version.file!.key);
    const needs = { ...app.context, log: { info: () => undefined, warn: () => undefined }, findNamedKeys };
    expect(await removeWaitingFiles(needs)).toBe(1);
    removing = true;
    expect(await removeWaitingFiles(needs)).toBe(0);
    await expect(app.context.storage.stat(version.file!.key)).rejects.toThrow(FileMissing);
    expect(await countFileRemovals({ db: app.context.db })).toBe(0);
  });
});

describe('a work in a submitted portfolio', () => {
  async function shownWork() {
    const picture = await anArtifact(app, school, {
      ...{
        studentId: student.id,
        title: 'Private title',
        caption: 'Private caption',
        altText: 'Private alt',
      },
      name: 'private-name.png',
    });
    const text = await anArtifact(app, school, { studentId: student.id, text: 'Private words of a text' });
    const artifactIds = [picture.artifact.id, text.artifact.id];
    const { snapshot } = await aSnapshot(app, school, { studentId: student.id, artifactIds });
    const href = `/portfolios/${snapshot.portfolioId}/snapshots/1`;
    return { picture, text, snapshot, href };
  }

  it('is not withdrawn; the family asks the office, which is told on its first page', async () => {
    const { picture } = await shownWork();
    const refused = await student.client.post(`/artifacts/${picture.artifact.id}/withdraw`, {
      reason: 'mistake',
    });
    expect(refused.status).toBe(409);
    const asked = await family.post(`/artifacts/${picture.artifact.id}/ask-removal`, {
      ...{ reason: 'privacy', note: 'Our house is in it' },
    });
    expect(asked.status).toBe(200);
    const page = `/artifacts/${picture.artifact.id}/remove`;
    const [theirs, ours] = await Promise.all(
      [family, office].map(async (client) => (await client.get(page, { as: 'page' })).text),
    );
    expect([theirs, theirs]).toEqual([
      expect.stringContaining('The office decides whether the work is taken down.'),
      expect.not.stringContaining('name="reason"'),
    ]);
    expect(ours).toContain('name="reason"');
    expect((await office.get('/removal-requests')).json()).toMatchObject({
      items: [{ artifactId: picture.artifact.id, by: { displayName: 'Rosa Kadir' }, reason: 'privacy' }],
    });
    expect((await office.get('/')).text).toContain('/removal-requests');
    expect((await office.post(`/artifacts/${picture.artifact.id}/keep`, {})).status).toBe(200);
    expect((await office.get('/removal-requests')).json()).toMatchObject({ items: [] });
  });

  it('is taken down: content and bytes vanish everywhere, the snapshot keeps its hash and is intact', async () => {
    const { picture, text, snapshot, href } = await shownWork();
    for (const { artifact } of [picture, text]) {
      const answer = await office.post(`/artifacts/${artifact.id}/take-down`, { reason: 'wrong-person' });
      expect(answer.json()).toMatchObject({ filesWaiting: 0, snapshots: 1 });
    }
    await expect(app.context.storage.stat(picture.version.file!.key)).rejects.toThrow(FileMissing);
    for (const reader of [student.client, office, family]) {
      expect((await reader.get(`/artifacts/${picture.artifact.id}/file`)).status).toBe(410);
      for (const page of [href, `/artifacts/${picture.artifact.id}`, `/artifacts/${text.artifact.id}`]) {
        const html = await reader.get(page, { as: 'page' });
        expect(html.text).toContain('This work was taken down on');
        expect(html.text).not.toMatch(/private/i);
      }
    }
    const after = (await student.client.get(href)).json<{ hash: string; intact: boolean }>();
    expect(after).toMatchObject({ hash: snapshot.hash, intact: true });
    expect(JSON.stringify(after)).not.toMatch(/private/i);
    const [entry] = await entriesOf('artifacts.take-down');
    expect(entry).toMatchObject({ detail: { reason: 'wrong-person' } });
    expect(JSON.stringify(entry)).not.toMatch(/private/i);
    expect(await check()).toEqual([]);
  });

  it('takes neither new words nor a new version afterwards, and is not taken down twice', async () => {
    const { picture } = await shownWork();
    const { id } = picture.artifact;
    await office.post(`/artifacts/${id}/take-down`, { reason: 'privacy' });
    expect((await student.client.send('PUT', `/artifacts/${id}`, { title: 'Back' })).status).toBe(409);
    expect((await student.client.post(`/artifacts/${id}/versions`, { text: 'Back' })).status).toBe(409);
    expect((await office.post(`/artifacts/${id}/take-down`, { reason: 'privacy' })).status).toBe(409);
    expect((await student.client.post(`/artifacts/${id}/ask-removal`, { reason: 'privacy' })).status).toBe(
      409,
    );
  });

  it.each<[string, (id: string, snapshotId: string) => Promise<unknown>, string]>([
    [
      'a version that is deleted',
      (id) => app.context.db.connection.collection('artifactversions').deleteMany({ artifactId: id }),
      'work',
    ],
    [
      'a version that is marked as taken down',
      (id) =>
        app.context.db.connection
          .collection('artifactversions')
          .updateOne(
            { artifactId: id },
            { $set: { file: null, takenDown: { at: new Date(0), by: 'x', reason: 'privacy' } } },
          ),
      'work',
    ],
    [
      'a snapshot that is shortened',
      async (_id, snapshotId) => {
        const content = { title: 'Shorter', statement: '', rubric: null, criteria: [], entries: [] };
        await app.context.db.connection
          .collection<{ _id: string }>('portfoliosnapshots')
          .updateOne({ _id: snapshotId }, { $set: { content, takenDownHash: hashOf(content) } });
      },
      'shortened portfolio',
    ],
  ])('without an entry is found: %s', async (_name, tamper, kind) => {
    const { picture, snapshot } = await shownWork();
    await tamper(picture.artifact.id, snapshot.id);
    expect((await check()).map((problem) => problem.kind)).toContain(kind);
  });
});

describe('what is sent', () => {
  it.each<[string, Record<string, unknown>, number]>([
    ['no reason', {}, 422],
    ['a reason that there is not', { reason: 'because' }, 422],
    ['a version that there is not', { reason: 'privacy', version: 7 }, 404],
    ['a version that is no number', { reason: 'privacy', version: 'two' }, 422],
  ])('is refused and nothing is removed: %s', async (_name, body, status) => {
    const { artifact } = await aPicture();
    expect((await student.client.post(`/artifacts/${artifact.id}/withdraw`, body)).status).toBe(status);
    expect((await office.post(`/artifacts/${artifact.id}/take-down`, body)).status).toBe(status);
    expect(await versionsOf(artifact.id).toArray()).toHaveLength(1);
  });
});
