import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../../server/project-root.js';
import { describedLevelIds, rubricSchema, type Rubric } from '../../server/rubrics/rubric.js';
import { readRubricFiles } from '../../server/rubrics/rubric-files.js';

const shipped = path.join(projectRoot, 'rubrics');

describe('the shipped rubrics', () => {
  let rubrics: Map<string, Rubric>;
  beforeAll(async () => {
    rubrics = new Map((await readRubricFiles(shipped)).map((rubric) => [rubric.slug, rubric]));
  });

  it('are the starter rubrics, each with its rows', () => {
    expect(
      Object.fromEntries(
        [...rubrics].map(([slug, rubric]) => [slug, `${rubric.criteria.length} × ${rubric.levels.length}`]),
      ),
    ).toEqual({
      agency: '2 × 7',
      collaboration: '3 × 7',
      exhibition: '3 × 4',
      'learning-goals': '6 × 5',
      'literary-analysis-task': '7 × 4',
      'mathematics-task': '5 × 4',
      'oral-communication': '7 × 7',
      'science-task': '7 × 4',
      'single-point-exhibition': '4 × 3',
      'social-studies-task': '9 × 4',
    });
  });

  it('credit the structure and use no descriptor twice', () => {
    for (const rubric of rubrics.values()) expect(rubric.credit).toMatch(/written for Vitrine/);
    const texts = [...rubrics.values()].flatMap((rubric) =>
      rubric.criteria.flatMap((row) => Object.values(row.descriptors)),
    );
    expect(texts.length).toBe(206);
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('carry unequal and repeated values where a school has them', () => {
    const slugs = ['literary-analysis-task', 'mathematics-task', 'science-task', 'social-studies-task'];
    for (const slug of slugs)
      expect(rubrics.get(slug)!.levels.map((level) => level.value)).toEqual([3, 3, 3.5, 4]);
  });

  it('describe only "Meets" in the single-point rubric, and leave both sides to free text', () => {
    const single = rubrics.get('single-point-exhibition')!;
    expect(describedLevelIds(single)).toEqual(['meets']);
    expect(single.levels.filter((level) => level.freeText).map((level) => level.id)).toEqual([
      'growing-toward',
      'goes-beyond',
    ]);
  });

  it('know written and oral rows, holistic marks and group rows', () => {
    const rows = (slug: string) => rubrics.get(slug)!.criteria;
    expect(
      rows('literary-analysis-task')
        .filter((row) => row.part)
        .map((row) => `${row.id} ${row.part}`),
    ).toEqual(['conventions written', 'presentation oral']);
    for (const slug of ['literary-analysis-task', 'social-studies-task', 'science-task']) {
      expect(
        rows(slug)
          .filter((row) => row.holistic)
          .map((row) => row.name),
      ).toEqual(['Overall']);
    }
    expect(rows('oral-communication').some((row) => row.unit === 'group')).toBe(true);
    expect(rows('oral-communication').some((row) => row.unit === 'individual')).toBe(true);
  });

  it('have the description for editors that the program itself checks by', async () => {
    const described = JSON.parse(await readFile(path.join(shipped, 'rubric.schema.json'), 'utf8')) as unknown;
    expect(described).toEqual(JSON.parse(JSON.stringify(z.toJSONSchema(rubricSchema))));
  });
});

describe('a faulty folder', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'rubrics-'));
    const good = JSON.parse(await readFile(path.join(shipped, 'agency.json'), 'utf8')) as Rubric;
    await writeFile(path.join(folder, 'agency.json'), JSON.stringify(good));
    await writeFile(path.join(folder, 'other-name.json'), JSON.stringify(good));
    await writeFile(path.join(folder, 'broken.json'), '{ "slug": ');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is refused with every faulty file named', async () => {
    const message = await readRubricFiles(folder).then(
      () => '',
      (error: Error) => error.message,
    );
    expect(message).toContain('broken.json: not valid JSON');
    expect(message).toContain(
      'other-name.json: slug: it is "agency", so the file must be called agency.json',
    );
    expect(message).not.toContain('rubrics: agency.json');
  });
});
