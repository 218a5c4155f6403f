/** What protects passwords in production: tests hash with less work, so this one asks a process of its own. */
import { expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { projectRoot } from '../../server/project-root.js';

const secrets = pathToFileURL(path.join(projectRoot, '.build/server/access/secrets.js')).href;
const script = `
  const { hashPassword, passwordMatches } = await import(${JSON.stringify(secrets)});
  const hash = await hashPassword('correct horse battery');
  console.log(hash);
  console.log(await passwordMatches(hash, 'correct horse battery'), await passwordMatches(hash, 'correct horse'));
`;

it('passwords are hashed with argon2id, 19 MiB and two passes', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  const [hash, matches] = stdout.trim().split('\n');
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  expect(matches).toBe('true false');
});
