import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { variableNames } from '../../server/config.js';
import { projectRoot } from '../../server/project-root.js';

const readme = readFileSync(path.join(projectRoot, 'README.md'), 'utf8');
const { scripts } = JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

describe('the README', () => {
  it('explains every setting and no other', () => {
    const table = readme.split('<!-- configuration -->')[1]?.split('<!-- /configuration -->')[0] ?? '';
    const named = [...table.matchAll(/^\| `([A-Z0-9_]+)`/gm)].map((match) => match[1]);
    expect(named.sort()).toEqual([...variableNames].sort());
  });

  it('names only commands that exist', () => {
    const named = new Set([...readme.matchAll(/npm run ([a-z:-]+)/g)].map((match) => match[1] ?? ''));
    expect([...named].filter((name) => !(name in scripts))).toEqual([]);
  });

  it('shows small pictures that are there', () => {
    const pictures = [...readme.matchAll(/\]\((\.readme\/[^)]+)\)/g)].map((match) => match[1] ?? '');
    expect(pictures.length).toBe(3);
    for (const picture of pictures) {
      const file = path.join(projectRoot, picture);
      expect([picture, existsSync(file) && statSync(file).size < 90_000]).toEqual([picture, true]);
    }
  });
});
