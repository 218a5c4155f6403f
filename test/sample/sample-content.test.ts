/** The words of the sample school: complete, everybody's own, and never the same sentence twice. */
import { fresh } from '../../server/sample-school/score-sheets.js';
import { describe, expect, it } from '@jest/globals';
import { scenes } from '../../server/sample-school/art/make-photo.js';
import { makeSound } from '../../server/sample-school/art/make-sound.js';
import { moments, readContent, readStudent } from '../../server/sample-school/read-content.js';

const students = await readContent();
const words = (text: string): number => text.split(/\s+/).filter(Boolean).length;

describe('the content of the sample school', () => {
  it('has sixty students in four advisories and all four grades, each with an interest of their own', () => {
    expect(students).toHaveLength(60);
    expect([...new Set(students.map(({ advisory }) => advisory))]).toEqual([
      'heron',
      'alder',
      'kestrel',
      'otter',
    ]);
    expect([...new Set(students.map(({ grade }) => grade))].sort()).toEqual(['10', '11', '12', '9']);
    expect(new Set(students.map(({ interest }) => interest)).size).toBe(60);
    expect(new Set(students.map(({ displayName }) => displayName)).size).toBe(60);
  });

  it('has names in Arabic, Chinese, Ethiopic and Cyrillic script, with marks and with great length', () => {
    const names = students.map(({ displayName }) => displayName).join('\n');
    for (const script of ['Arabic', 'Han', 'Ethiopic', 'Cyrillic']) {
      expect(names).toMatch(new RegExp(`\\p{Script=${script}}`, 'u'));
    }
    expect(names).toMatch(/[ńėșêā]/);
    expect(Math.max(...students.map(({ displayName }) => displayName.length))).toBeGreaterThan(40);
  });

  it('has narratives of both voices for both finished terms, long ones for the last', () => {
    for (const { key, narratives, aims } of students) {
      const { advisor, student } = narratives.latest;
      expect({ key, fits: words(advisor) >= 120 && words(advisor) <= 250 }).toEqual({ key, fits: true });
      expect({ key, fits: words(student) >= 80 && words(student) <= 180 }).toEqual({ key, fits: true });
      expect(words(narratives.earlier.advisor)).toBeGreaterThan(8);
      expect(words(narratives.earlier.student)).toBeGreaterThan(8);
      for (const moment of moments) expect(aims[moment]).not.toBe('');
    }
  });

  it('never says a sentence of more than eight words twice', () => {
    const seen = new Map<string, string>();
    const twice: string[] = [];
    for (const { key, narratives } of students) {
      for (const text of moments.flatMap((moment) => Object.values(narratives[moment]))) {
        for (const sentence of text.split(/(?<=[.!?。።؟])\s+/)) {
          const plain = sentence
            .toLowerCase()
            .replace(/[^\p{L}\p{N} ]/gu, '')
            .trim();
          if (words(plain) <= 8) continue;
          if (seen.has(plain)) twice.push(`${key} and ${seen.get(plain)}: ${sentence}`);
          seen.set(plain, key);
        }
      }
    }
    expect(seen.size).toBeGreaterThan(600);
    expect(twice).toEqual([]);
  });

  it('shows works in every term that can be drawn, played or read', () => {
    for (const { key, works } of students) {
      for (const moment of moments) {
        expect({ key, moment, some: works.some((work) => work.moment === moment) }).toEqual({
          key,
          moment,
          some: true,
        });
      }
      for (const work of works) {
        expect(words(work.caption) * words(work.reflection)).toBeGreaterThan(0);
        if (work.medium === 'photo') expect(Object.keys(scenes)).toContain(work.what);
        if (work.medium === 'audio') expect(makeSound(work.what, 'a').length).toBeGreaterThan(100_000);
        if (work.medium === 'text') expect(words(work.body)).toBeGreaterThan(20);
        if (work.medium === 'link') expect(work.what).toMatch(/^https:\/\/[\w.-]+\.example\//);
      }
    }
    const media = new Set(students.flatMap(({ works }) => works.map(({ medium }) => medium)));
    expect([...media].sort()).toEqual(['audio', 'link', 'pdf', 'photo', 'text']);
  });

  it('has families with several children at the school', () => {
    const children = new Map<string, number>();
    for (const name of students.flatMap(({ guardians }) => guardians))
      children.set(name, (children.get(name) ?? 0) + 1);
    expect([...children.values()].filter((count) => count > 1).length).toBeGreaterThanOrEqual(4);
  });

  it('refuses a file in which something is missing, by name', () => {
    expect(() => readStudent('heron', 'somebody', '# Some Body\n\n- grade: 9\n')).toThrow(
      /heron\/somebody: no "stand"/,
    );
  });
});

it('no two panelists of one presentation say the same sentence, not even about different works', () => {
  const hooks = ['the hive on the roof', 'my field notes'];
  const said = new Set<string>();
  const say = (...words: string[]) => fresh(said, hooks, () => words.shift() ?? '');
  expect(say('I believe the hive on the roof.')).toBe('I believe the hive on the roof.');
  expect(say('I believe my field notes.')).toBe('');
  expect(say('I believe my field notes.', 'My field notes are kept well.')).toBe(
    'My field notes are kept well.',
  );
});
