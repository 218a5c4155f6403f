import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readConfig, variableNames, type ConfigError } from '../../server/config.js';
import { projectRoot } from '../../server/project-root.js';

const example = readFileSync(path.join(projectRoot, '.env.example'), 'utf8');
const shown = [...example.matchAll(/^#([A-Z][A-Z0-9_]*)=(.*)$/gm)];
const explanationBefore = (name: string): string => example.slice(0, example.indexOf(`#${name}=`));

describe('.env.example', () => {
  it('names every setting that the configuration reads, and no other', () => {
    expect(shown.map(([, name]) => name).sort()).toEqual([...variableNames].sort());
  });

  it('explains each of them: a sentence stands above it or above its group', () => {
    for (const [, name] of shown) {
      const group = explanationBefore(name!).split('\n\n').at(-1)!;
      expect(`${name}: ${group.split('\n').filter((line) => /^# \w/.test(line)).length > 0}`).toBe(
        `${name}: true`,
      );
    }
  });

  it('sets nothing by itself: a copy of it changes nothing', () => {
    expect(example.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
  });

  it.each(shown.filter(([, , value]) => value !== '').map(([, name, value]) => [name!, value!]))(
    'shows for %s a value that can be read: %s',
    (name, value) => {
      let problems: string[] = [];
      try {
        readConfig({ SECRET_KEY: 'x'.repeat(32), [name]: value });
      } catch (error) {
        problems = (error as ConfigError).problems;
      }
      // What it needs beside it may be missing here; the value itself must be good.
      expect(problems.filter((problem) => !/is missing|contradict|although/.test(problem))).toEqual([]);
    },
  );
});
