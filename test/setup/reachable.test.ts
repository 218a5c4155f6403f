/** A server that others reach: what it refuses to start with, and what its console says. */
import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from '@jest/globals';
import { createAccount } from '../../server/access/sign-in.js';
import {
  hasKnownPassword,
  resetSamplePasswords,
  samplePasswordFor,
} from '../../server/sample-school/sample-passwords.js';
import { readConfig, type ConfigError } from '../../server/config.js';
import { newId } from '../../server/ids.js';
import { isLoopbackHost, isThisMachineOnly } from '../../server/reachable.js';
import { besideServer } from '../harness/beside-server.js';
import { visitorOf } from '../harness/client.js';
import { temporaryFolder } from '../harness/services.js';
import { buildOnce, startServer } from '../harness/start-server.js';
import { dayFromNow } from '../harness/test-clock.js';

const base = { SECRET_KEY: 'x'.repeat(32) };
const config = (environment: Record<string, string>) => readConfig({ ...base, ...environment });
const problems = (environment: Record<string, string>): string[] => {
  try {
    config(environment);
    return [];
  } catch (error) {
    return (error as ConfigError).problems;
  }
};

describe('whether others reach the server', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.0.0.2', true],
    ['::1', true],
    ['[::1]', true],
    ['0:0:0:0:0:0:0:1', true],
    ['::ffff:127.0.0.1', true],
    ['LocalHost', true],
    ['school.localhost', true],
    ['0.0.0.0', false],
    ['::', false],
    ['192.168.1.20', false],
    ['127.example.org', false],
    ['localhost.example.org', false],
    ['', false],
    ['localhost.', true],
    ['[::ffff:7f00:1]', true],
    ['ip6-localhost', true],
  ])('%s is this machine alone: %s', (host, expected) => expect(isLoopbackHost(host)).toBe(expected));

  it.each([
    ['http://127.0.0.1:3000', true],
    ['http://127.1', true],
    ['http://2130706433', true],
    ['http://[::1]:3000', true],
    ['http://[::ffff:127.0.0.1]', true],
    ['http://localhost', true],
    ['http://LOCALHOST.:80', true],
    ['http://vitrine.localhost', true],
    ['http://localhost.localdomain', true],
    ['http://0.0.0.0:3000', true],
    ['http://0', true],
    ['http://[::]', true],
    ['http://192.168.1.20:3000', false],
    ['http://10.0.0.4', false],
    ['http://[fd00::4]', false],
    ['https://vitrine.school.example', false],
    ['https://localhost.school.example', false],
    ['https://127.example.org', false],
  ])('a code with %s leads to the reader’s own machine: %s', (address, expected) =>
    expect(isThisMachineOnly(new URL(address).hostname)).toBe(expected),
  );

  it.each([
    ['nothing set', {}, false],
    ['HOST', { HOST: '0.0.0.0', PUBLIC_URL: 'http://192.168.1.20:3000' }, true],
    ['an address on this machine', { PUBLIC_URL: 'http://localhost:3000' }, false],
    ['an address for others', { PUBLIC_URL: 'http://school.example' }, true],
    ['a proxy in front', { TRUST_PROXY: '1' }, true],
  ])('%s', (_case, environment: Record<string, string>, expected) => {
    const { reachable, sampleSchool } = config(environment);
    // The sample school comes by itself only where nobody else can sign in to it.
    expect({ reachable, sampleSchool }).toEqual({ reachable: expected, sampleSchool: !expected });
    expect(samplePasswordFor({ reachable }) === 'vitrine').toBe(!expected);
  });
});

describe('https before a proxy that is not trusted', () => {
  it('is refused by name, because nobody could sign in', () => {
    expect(problems({ PUBLIC_URL: 'https://school.example' })).toEqual([
      expect.stringMatching(
        /^TRUST_PROXY is 0 although PUBLIC_URL=https:\/\/school\.example: .*X-Forwarded-Proto/,
      ),
    ]);
    expect(problems({ PUBLIC_URL: 'https://school.example', TRUST_PROXY: '1' })).toEqual([]);
  });
});

describe('the real server', () => {
  const dataDir = temporaryFolder();
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  it('prints a setup code that opens it, and does not serve known passwords to others', async () => {
    buildOnce();
    const server = await startServer(dataDir);
    const printed = () => /first-run with the setup code ([2-9A-Z-]{14})/.exec(server.output())?.[1];
    for (let waited = 0; !printed() && waited < 100; waited += 1)
      await new Promise((resolve) => setTimeout(resolve, 50));
    const opened = await visitorOf(server.url).post('/first-run', {
      ...{ setupCode: printed(), name: 'Elm Street', termName: 'Fall' },
      ...{ termStartsOn: dayFromNow(-77), termEndsOn: dayFromNow(33), administratorName: 'Ada Meyer' },
      ...{ email: 'ada@elm.example', password: 'seven quiet otters' },
    });
    expect(opened.status).toBe(201);
    await besideServer(dataDir, ({ context }) =>
      createAccount({ db: context.db }, context.clock, {
        ...{ email: 'registrar@riverbend.example', personId: newId(), schoolId: null, password: 'vitrine' },
      }),
    );
    await server.stop();

    const reachable = { TRUST_PROXY: '1' };
    await expect(startServer(dataDir, reachable)).rejects.toThrow(
      /have a password that everybody knows[\s\S]*npm run sample -- --new-passwords/,
    );
    const again = await startServer(dataDir);
    await besideServer(dataDir, async ({ context }) => {
      expect(await hasKnownPassword(context)).toBe(true);
      const password = await resetSamplePasswords(context);
      expect(password).toMatch(/^[2-9A-Z-]{14}$/);
      expect(await hasKnownPassword(context)).toBe(false);
    });
    await again.stop();
    const served = await startServer(dataDir, reachable);
    expect((await visitorOf(served.url).get('/healthz')).status).toBe(200);
    expect(await served.stop()).toBe(0);
  }, 120_000);
});
