import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { projectRoot } from '../../server/project-root.js';
import type { Rubric } from '../../server/rubrics/rubric.js';
import { openRubricLibrary } from '../../server/rubrics/rubric-library.js';
import { aPanel } from '../harness/builders/scores.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let app: TestApp;
let folder: string;
beforeAll(async () => {
  app = await startApp();
  folder = await mkdtemp(path.join(os.tmpdir(), 'rubrics-'));
  await cp(path.join(projectRoot, 'rubrics'), folder, { recursive: true });
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

const open = () => openRubricLibrary({ db: app.context.db, clock: app.context.clock, folder });

async function edit(change: (rubric: Rubric) => void): Promise<void> {
  const file = path.join(folder, 'agency.json');
  const rubric = JSON.parse(await readFile(file, 'utf8')) as Rubric;
  change(rubric);
  await writeFile(file, JSON.stringify(rubric));
}

describe('the rubric library', () => {
  it('keeps every version by its hash when a file is edited, also over a restart', async () => {
    const before = (await open()).bySlug('agency');
    await edit((rubric) => void (rubric.criteria[0]!.descriptors['emerging'] = 'New words.'));
    const library = await open();
    const after = library.bySlug('agency');
    expect(after.hash).not.toBe(before.hash);
    expect(after.rubric.criteria[0]!.descriptors['emerging']).toBe('New words.');
    expect(await library.byHash(before.hash)).toEqual(before.rubric);
    expect(await library.byHash(after.hash)).toEqual(after.rubric);
  });

  it('opened twice keeps one copy and its first date', async () => {
    const count = () => app.context.db.connection.collection('rubricversions').countDocuments();
    await open();
    const once = await count();
    await open();
    expect(await count()).toBe(once);
  });

  it('hands out rubrics that nobody can bend', async () => {
    const { rubric } = (await open()).bySlug('exhibition');
    expect(() => void (rubric.criteria[0]!.descriptors['beginning'] = 'bent')).toThrow(TypeError);
  });

  it('does not open with a faulty file, and says which', async () => {
    const untouched = await readFile(path.join(folder, 'agency.json'), 'utf8');
    await edit((rubric) => void delete rubric.criteria[0]!.descriptors['advanced']);
    await expect(open()).rejects.toThrow(
      'agency.json: criteria[0] (growth-mindset).descriptors: the level "advanced" has no descriptor',
    );
    await writeFile(path.join(folder, 'agency.json'), untouched);
  });

  it('knows no rubric by a wrong name or hash', async () => {
    const library = await open();
    expect(() => library.bySlug('nothing')).toThrow('not-found');
    await expect(library.byHash('0'.repeat(64))).rejects.toThrow('not-found');
  });
});

describe('the rubric pages', () => {
  it('show every rubric, one with all its words, and an older version by its hash', async () => {
    const panel = await aPanel(app);
    const client = await panel.as('student');
    const list = (await client.get('/rubrics')).json<{ items: { slug: string; hash: string }[] }>();
    expect(list.items.length).toBe(10);
    for (const { slug, hash } of list.items) {
      const rubric = (await client.get(`/rubrics/${slug}`)).json<{ hash: string; current: boolean }>();
      expect([rubric.hash, rubric.current]).toEqual([hash, true]);
      expect((await client.get(`/rubrics/${slug}`, { as: 'page' })).status).toBe(200);
    }
    await edit((rubric) => void (rubric.criteria[1]!.descriptors['emerging'] = 'Other new words.'));
    const other = (await open()).bySlug('agency').hash;
    const older = await client.get(`/rubrics/agency?hash=${other}`, { as: 'page' });
    expect([
      older.status,
      older.text.includes('Other new words.'),
      older.text.includes('an earlier version'),
    ]).toEqual([200, true, true]);
    expect((await client.get('/rubrics/nothing')).status).toBe(404);
    expect((await app.visitor().get('/rubrics')).status).toBe(401);
  });
});
