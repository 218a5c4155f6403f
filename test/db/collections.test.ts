/** The list of collections is what the sources declare and use: nothing is missing, nothing is there twice. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { collections } from '../../server/collections.js';
import { projectRoot } from '../../server/project-root.js';

const sources = readdirSync(path.join(projectRoot, 'server'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({
    name: `server/${name.split(path.sep).join('/')}`,
    text: readFileSync(path.join(projectRoot, 'server', name), 'utf8'),
  }));
const listed = collections.map(({ name }) => name);

/** What the sources say: each match of `pattern` with its first group. */
const found = (pattern: RegExp): { file: string; name: string }[] =>
  sources.flatMap(({ name, text }) =>
    [...text.matchAll(pattern)].map((match) => ({ file: name, name: match[1]! })),
  );

describe('the list of collections', () => {
  it('holds every collection that a source declares, once', () => {
    // A constant stands for a name in one place.
    const declared = found(
      /\b(?:schoolCollection|sharedCollection|declareCollection)(?:<[^(]*>)?\(\s*('[^']+'|\w+),/g,
    )
      .filter(({ file }) => file !== 'server/db/database.ts')
      .map(({ name }) => (name === 'sessions' ? name : name.slice(1, -1)));
    expect(declared.length).toBeGreaterThan(40);
    expect([...listed].sort()).toEqual([...declared].sort());
    expect(new Set(listed).size).toBe(listed.length);
  });

  it('holds every collection that is used by its name', () => {
    const used = [
      ...found(/\.collection\('([^']+)'\)/g),
      ...found(/\bcollection: '([^']+)'/g),
      ...found(/\bcoll: '([^']+)'/g),
    ].filter(({ name }) => !name.startsWith('system.'));
    expect(used.length).toBeGreaterThan(5);
    expect(used.filter(({ name }) => !listed.includes(name))).toEqual([]);
  });
});
