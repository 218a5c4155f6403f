/**
 * A gigabyte comes in by the real server, a process of its own, and its memory stays small; and it goes out
 * again whole.
 */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Client } from '../harness/client.js';
import { temporaryFolder, testDatabaseUri } from '../harness/services.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { buildOnce, serverSecret, startServer, type RunningServer } from '../harness/start-server.js';

const MIB = 1024 * 1024;
const CHUNK = 256 * 1024;
const measurable = process.platform === 'linux';
let app: TestApp;
let server: RunningServer;
let client: Client;
let studentId: string;
let dataDir: string;

beforeAll(async () => {
  buildOnce();
  app = await startApp({ environment: { SECRET_KEY: serverSecret }, jobs: false });
  const school = await app.aSchool();
  studentId = (await school.person({ name: 'Amina', email: 'amina@m.example', roles: ['student'] })).id;
  client = await app.as('amina@m.example');
  dataDir = temporaryFolder();
  server = await startServer(dataDir, { MONGODB_URI: testDatabaseUri(), MONGOD_BINARY: '' });
}, 120_000);
afterAll(async () => {
  await server?.stop();
  await app?.close();
  if (dataDir) rmSync(dataDir, { recursive: true, force: true });
});

const cookie = () => [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ');

/** Resident memory of the server in bytes. */
function memoryOfServer(): number {
  const status = readFileSync(`/proc/${server.process.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}

async function upload(bytes: number): Promise<{ status: number; sha256: string; body: string }> {
  const boundary = `b${randomBytes(8).toString('hex')}`;
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="files"; filename="film.bin"\r\n\r\n`;
  const foot = `\r\n--${boundary}--\r\n`;
  const outgoing = httpRequest(`${server.url}/students/${studentId}/artifacts`, {
    method: 'POST',
    headers: {
      Cookie: cookie(),
      Accept: 'application/json',
      'Content-Type': `multipart/form-data; boundary=${boundary}`,
      'Content-Length': String(head.length + bytes + foot.length),
    },
  });
  const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>;
  const hash = createHash('sha256');
  const noise = randomBytes(CHUNK);
  outgoing.write(head);
  for (let at = 0; at < bytes; at += CHUNK) {
    const chunk = Buffer.from(noise.subarray(0, Math.min(CHUNK, bytes - at)));
    chunk.writeUInt32BE(at / CHUNK, 0);
    hash.update(chunk);
    if (!outgoing.write(chunk)) await once(outgoing, 'drain');
  }
  outgoing.end(foot);
  const [answer] = await answered;
  let body = '';
  for await (const piece of answer) body += String(piece);
  return { status: answer.statusCode ?? 0, sha256: hash.digest('hex'), body };
}

it('takes and gives a gigabyte with at most 64 MB more of memory', async () => {
  // The first upload loads code and opens connections: that is not what is measured.
  expect((await upload(8 * MIB)).status).toBe(201);
  const before = measurable ? memoryOfServer() : 0;
  let highest = before;
  const watch = setInterval(() => {
    if (measurable) highest = Math.max(highest, memoryOfServer());
  }, 10);
  const { status, sha256, body } = await upload(1024 * MIB);
  expect(status).toBe(201);
  const { version } = JSON.parse(body) as {
    version: { href: string; file: { sha256: string; bytes: number } };
  };
  expect(version.file).toMatchObject({ sha256, bytes: 1024 * MIB });

  const hash = createHash('sha256');
  const back = await fetch(server.url + version.href, { headers: { Cookie: cookie() } });
  for await (const piece of back.body!) hash.update(piece as Uint8Array);
  clearInterval(watch);
  expect(hash.digest('hex')).toBe(sha256);
  expect((highest - before) / MIB).toBeLessThanOrEqual(64);
}, 300_000);
