import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { variableNames } from '../../server/config.js';
import { projectRoot } from '../../server/project-root.js';

const MAX_WORDS = 1200;
const readme = readFileSync(path.join(projectRoot, 'README.md'), 'utf8');
/** Every page of documentation, with its text. */
const pages = ['.', '.readme', '.readme/decisions', '.github']
  .flatMap((folder) => readdirSync(path.join(projectRoot, folder)).map((name) => path.join(folder, name)))
  .filter((file) => file.endsWith('.md'))
  .map((file) => ({ file, text: readFileSync(path.join(projectRoot, file), 'utf8') }));
const { scripts } = JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

describe('the README', () => {
  it('explains every setting and no other', () => {
    const table = readme.split('<!-- configuration -->')[1]?.split('<!-- /configuration -->')[0] ?? '';
    const named = [...table.matchAll(/^\| `([A-Z0-9_]+)`/gm)].map((match) => match[1]);
    expect(named.sort()).toEqual([...variableNames].sort());
  });

  it('is read in a few minutes', () => {
    const words = readme.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
    expect([words.length, words.length <= MAX_WORDS]).toEqual([words.length, true]);
  });

  it('shows small pictures that are there', () => {
    const pictures = [...readme.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map((match) => match[1] ?? '');
    expect(pictures.length).toBe(3);
    for (const picture of pictures) {
      const file = path.join(projectRoot, picture);
      expect([picture, existsSync(file) && statSync(file).size < 90_000]).toEqual([picture, true]);
    }
  });
});

describe('the documentation', () => {
  it('names only commands that exist', () => {
    const named = pages.flatMap(({ file, text }) =>
      [...text.matchAll(/npm run ([a-z:-]+)/g)].map((match) => ({ file, name: match[1] ?? '' })),
    );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter(({ name }) => !(name in scripts))).toEqual([]);
  });

  it('links to files that are there', () => {
    const linked = pages.flatMap(({ file, text }) =>
      [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => ({ file, link: match[1] ?? '' })),
    );
    expect(linked.length).toBeGreaterThan(10);
    const isThere = ({ file, link }: { file: string; link: string }) =>
      existsSync(path.resolve(projectRoot, path.dirname(file), link));
    expect(linked.filter((each) => !isThere(each))).toEqual([]);
  });
});
