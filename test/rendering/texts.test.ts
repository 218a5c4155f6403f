import { describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createTexts, directionOf } from '../../server/rendering/texts.js';

function aLibrary(languages: Record<string, Record<string, object>>): string {
  const root = mkdtempSync(path.join(os.tmpdir(), 'vitrine-texts-'));
  for (const [language, rooms] of Object.entries(languages)) {
    mkdirSync(path.join(root, 'views/locales', language), { recursive: true });
    for (const [room, words] of Object.entries(rooms)) {
      writeFileSync(path.join(root, 'views/locales', language, `${room}.json`), JSON.stringify(words));
    }
  }
  return root;
}

const root = aLibrary({
  en: {
    wall: {
      title: 'The wall of {{name}}',
      works_one: '{{count}} work',
      works_other: '{{count}} works',
      only: 'Only in English',
      deep: { er: 'Deeper: a colon' },
    },
  },
  ar: { wall: { title: 'جدار {{name}}' } },
});

describe('texts', () => {
  const texts = createTexts({ projectRoot: root, missing: 'throw' });

  it('finds a sentence by file and path and puts the names in unescaped', () => {
    expect(texts.t('en', 'wall.title', { name: 'Ó & <Łukasz>' })).toBe('The wall of Ó & <Łukasz>');
    expect(texts.t('en', 'wall.deep.er')).toBe('Deeper: a colon');
  });

  it('speaks the language that was asked for and falls back to English', () => {
    expect(texts.t('ar', 'wall.title', { name: 'نور' })).toBe('جدار نور');
    expect(texts.t('ar', 'wall.only')).toBe('Only in English');
    expect(texts.t('fr-CA', 'wall.only')).toBe('Only in English');
  });

  it.each([
    ['en', ['Ana', 'Bo', 'Cy'], 'The wall of Ana, Bo, and Cy'],
    ['en', ['Ana', 'Bo'], 'The wall of Ana and Bo'],
    ['en', ['Ana'], 'The wall of Ana'],
    ['ar', ['نور', 'ليلى'], 'جدار نور وليلى'],
  ])('%s: names several people as the language does', (locale, name, sentence) => {
    expect(texts.t(locale, 'wall.title', { name })).toBe(sentence);
  });

  it('chooses the plural by count', () => {
    expect(texts.t('en', 'wall.works', { count: 1 })).toBe('1 work');
    expect(texts.t('en', 'wall.works', { count: 3 })).toBe('3 works');
  });

  it.each(['wall.nothing', 'wall.deep', 'nowhere.title', 'title', '', '.title'])(
    'refuses the key "%s"',
    (key) => {
      expect(() => texts.t('en', key)).toThrow(`"${key}"`);
      expect(texts.has('en', key)).toBe(false);
    },
  );

  it('shows the key where people would otherwise see an error page', () => {
    expect(createTexts({ projectRoot: root }).t('en', 'wall.nothing')).toBe('wall.nothing');
  });

  it('knows which languages run from right to left', () => {
    expect(['en', 'ar', 'ar-EG', 'zh', 'he'].map(directionOf)).toEqual(['ltr', 'rtl', 'rtl', 'ltr', 'rtl']);
  });
});
