/** `npm run network`, as a script on somebody's own empty replica set runs it. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { projectRoot } from '../../server/project-root.js';
import { temporaryFolder, testDatabaseUri } from '../harness/services.js';
import { startApp, testPassword } from '../harness/start-app.js';
import { buildOnce, serverSecret } from '../harness/start-server.js';
import { dayFromNow } from '../harness/test-clock.js';

let dataDir: string;
const uri = testDatabaseUri('networkcommand');
beforeAll(() => {
  buildOnce();
  dataDir = temporaryFolder();
}, 120_000);
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

function run(...args: string[]): { code: number | null; text: string; error: string } {
  const program = path.join(projectRoot, '.build/server/cli/network.js');
  const done = spawnSync(process.execPath, [program, ...args], {
    env: {
      ...process.env,
      ...{ MONGODB_URI: uri, MONGOD_BINARY: '', SAMPLE_SCHOOL: '' },
      ...{ DATA_DIR: dataDir, SECRET_KEY: serverSecret, NODE_ENV: 'production' },
    },
    ...{ encoding: 'utf8', timeout: 60_000 },
  });
  return { code: done.status, text: done.stdout, error: done.stderr };
}

describe('npm run network', () => {
  it('adds a network and its staff on an empty replica set, then a school; the links work', async () => {
    const added = run(
      'add',
      'Rivers Network',
      '--staff',
      'Nia Ode',
      '--email',
      'nia@rivers.example',
      '--json',
    );
    expect([added.code, added.error]).toEqual([0, '']);
    const network = JSON.parse(added.text) as { network: { slug: string }; setPasswordPath: string };
    expect(network.network.slug).toBe('rivers-network');
    const school = run(
      ...['school', 'rivers-network', 'Riverbend', '--zone', 'Asia/Kolkata', '--term', 'Fall', '--json'],
      ...['--starts', dayFromNow(-10), '--ends', dayFromNow(90), '--name', 'Ada', '--email', 'ada@r.example'],
    );
    expect([school.code, school.error]).toEqual([0, '']);
    expect(run('staff', 'rivers-network', '--name', 'Omar', '--email', 'omar@rivers.example').text).toMatch(
      /^One-time link for Omar: \S*\/set-password\/\S+\n$/,
    );
    expect(run('close', 'riverbend', '--reason', 'It moves.').code).toBe(0);
    expect(JSON.parse(run('list', '--json').text)).toEqual({
      networks: [
        {
          ...{ slug: 'rivers-network', name: 'Rivers Network' },
          schools: [{ slug: 'riverbend', name: 'Riverbend', closed: true }],
          staff: [
            { email: 'nia@rivers.example', state: 'invited' },
            { email: 'omar@rivers.example', state: 'invited' },
          ],
        },
      ],
    });
    expect(run('open', 'riverbend').code).toBe(0);
    const app = await startApp({ databaseUri: uri, environment: { SECRET_KEY: serverSecret } });
    try {
      const nia = app.visitor();
      expect((await nia.post(network.setPasswordPath, { password: testPassword })).status).toBe(200);
      expect((await nia.get('/network/schools')).status).toBe(200);
    } finally {
      await app.close();
    }
  }, 180_000);

  it.each([
    'network',
    'transcripts',
    'check-records',
    'sweep-files',
    'migrate',
    'setup-code',
    'sample-school',
  ])('%s says how it is called when asked, and opens nothing', (command) => {
    const program = path.join(projectRoot, `.build/server/cli/${command}.js`);
    const done = spawnSync(process.execPath, [program, '--help'], {
      env: { ...process.env, MONGODB_URI: 'mongodb://127.0.0.1:1/nobody', DATA_DIR: '/nowhere' },
      ...{ encoding: 'utf8', timeout: 60_000 },
    });
    expect([done.status, done.stderr]).toEqual([0, '']);
    expect(done.stdout).toMatch(/^npm run /);
  });

  it.each([
    ['no command', [], 2, 'a command is missing'],
    ['an unknown command', ['burn'], 2, 'there is no command "burn"'],
    ['an unknown option', ['list', '--all'], 2, '--all'],
    ['an unknown school', ['open', 'nowhere'], 2, 'there is no school "nowhere"'],
    ['a taken name', ['add', 'Rivers Network'], 1, 'There is a network with this name already.'],
    [
      'a taken address',
      ['staff', 'rivers-network', '--name', 'N', '--email', 'nia@rivers.example'],
      1,
      'already',
    ],
    [
      'a broken address',
      ['staff', 'rivers-network', '--name', 'N', '--email', 'nia'],
      2,
      'is not an email address',
    ],
  ])(
    'says what is wrong with %s',
    (_case, args, code, message) => {
      const done = run(...args);
      expect([done.code, done.text]).toEqual([code, '']);
      expect(done.error).toContain(message);
      expect(done.error).not.toMatch(/^\s+at /m);
    },
    60_000,
  );
});
