/** A body of which nothing arrives any more is ended; one that goes on slowly is not. */
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../harness/start-app.js';

let app: TestApp;
let upload: string;
let cookie: string;
beforeAll(async () => {
  app = await startApp({ environment: { UPLOAD_STALL_SECONDS: '1' }, jobs: false });
  const school = await app.aSchool();
  const { id } = await school.person({ name: 'Amina', roles: ['student'], email: 'amina@slow.example' });
  upload = `/students/${id}/artifacts`;
  const { cookies } = await app.as('amina@slow.example');
  cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
});
afterAll(() => app?.close());

interface Conversation {
  socket: Socket;
  /** Everything that was answered, once the server has closed the connection or enough was said. */
  answer: Promise<string>;
}

function post(path: string, headers: Record<string, string>): Conversation {
  const { hostname, port } = new URL(app.url);
  const socket = connect(Number(port), hostname);
  let said = '';
  const answer = new Promise<string>((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (/\r\n\r\n/.test(said)) resolve(said);
    });
    socket.on('close', () => resolve(said));
    socket.on('error', () => resolve(said));
  });
  const lines = Object.entries({ Host: 'localhost', Accept: 'application/json', ...headers });
  socket.write(
    `POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n`,
  );
  return { socket, answer };
}

it.each([
  ['a form', { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': '5000' }],
  ['JSON in pieces', { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' }],
  ['a file', { 'Content-Type': 'multipart/form-data; boundary=x', 'Content-Length': '900000' }],
])('%s that stops is told so and cut off', async (name, headers) => {
  const { answer, socket } = post(name === 'a file' ? upload : '/verify', { ...headers, Cookie: cookie });
  expect(await answer).toMatch(/^HTTP\/1\.1 408 [\s\S]*connection: close/i);
  socket.destroy();
});

it('a few bytes now and then are no progress', async () => {
  const { answer, socket } = post('/verify', {
    'Content-Type': 'application/json',
    'Content-Length': '900000',
  });
  const drip = setInterval(() => socket.write(' '), 100);
  expect(await answer).toMatch(/^HTTP\/1\.1 408 /);
  clearInterval(drip);
  socket.destroy();
});

it('one that goes on may take as long as it likes', async () => {
  const pieces = 16;
  const body = JSON.stringify({ code: '', more: 'x'.repeat(pieces * 2048) });
  const { answer, socket } = post('/verify', {
    'Content-Type': 'application/json',
    'Content-Length': String(body.length),
  });
  for (let at = 0; at < body.length; at += 2048) {
    socket.write(body.slice(at, at + 2048));
    await sleep(150);
  }
  expect(await answer).toMatch(/^HTTP\/1\.1 422 /);
  socket.destroy();
});
