import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { projectRoot } from '../../server/project-root.js';
import { chromiumPath, mongodBinary, temporaryFolder } from '../harness/services.js';

let dataDir: string;
beforeEach(() => {
  dataDir = temporaryFolder();
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

function setup(environment: Record<string, string>): { code: number | null; says: string } {
  const settings = { MONGOD_BINARY: '', MONGODB_URI: '', PUPPETEER_EXECUTABLE_PATH: '', ...environment };
  const done = spawnSync(process.execPath, [path.join(projectRoot, 'server/cli/setup.mjs')], {
    env: { ...process.env, DATA_DIR: dataDir, ...settings },
    encoding: 'utf8',
  });
  expect(done.stdout).toBe('');
  return { code: done.status, says: done.stderr };
}

const found = (): Record<string, string> =>
  JSON.parse(readFileSync(path.join(dataDir, 'tools/found.json'), 'utf8')) as Record<string, string>;

function noteFound(programs: Record<string, string>): void {
  mkdirSync(path.join(dataDir, 'tools'), { recursive: true });
  writeFileSync(path.join(dataDir, 'tools/found.json'), JSON.stringify(programs));
}

describe('the set-up script', () => {
  it('notes the programs that the settings name, and has nothing to do the second time', () => {
    const settings = { MONGOD_BINARY: mongodBinary(), PUPPETEER_EXECUTABLE_PATH: chromiumPath() };
    expect(setup(settings).code).toBe(0);
    expect(found()).toEqual({ chromium: chromiumPath(), mongod: mongodBinary() });
    expect(setup({})).toEqual({ code: 0, says: 'set-up     nothing to do\n' });
  });

  it('keeps what an earlier run chose, and looks again when it is gone', () => {
    const fetched = path.join(dataDir, 'tools/mongodb-0.0.0/mongod');
    mkdirSync(path.dirname(fetched), { recursive: true });
    writeFileSync(fetched, '#!/bin/sh\necho "db version v0.0.0"\n', { mode: 0o755 });
    noteFound({ chromium: chromiumPath(), mongod: '/gone/mongod' });
    const { code, says } = setup({ PATH: path.dirname(process.execPath) });
    expect(code).toBe(0);
    expect(says).toContain(`${fetched}, 0.0.0 (one fetched earlier)`);
    expect(found()['mongod']).toBe(fetched);
  });

  it('needs no mongod where MONGODB_URI names a database', () => {
    noteFound({ chromium: chromiumPath() });
    expect(setup({ MONGODB_URI: 'mongodb://db.example/vitrine?replicaSet=rs' }).code).toBe(0);
    expect(found()).toEqual({ chromium: chromiumPath() });
  });

  it.each(['PUPPETEER_EXECUTABLE_PATH', 'MONGOD_BINARY'])(
    'refuses a wrong %s and says what mends it',
    (name) => {
      noteFound({ chromium: chromiumPath(), mongod: mongodBinary() });
      const { code, says } = setup({ [name]: '/no/such/program' });
      expect(code).toBe(1);
      expect(says).toContain(`${name} names /no/such/program, which is not a program that can be run.`);
      expect(says).toContain(`correct ${name}`);
      expect(says).not.toContain('    at ');
    },
  );
});
