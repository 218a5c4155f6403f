/**
 * Addresses that leave a page (QR codes, signs, calendars, links for a password) never name a host that the
 * request has made up.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { configuredOrigin, isOwnHost } from '../../server/http/origin.js';
import { saveSampleLoad } from '../../server/school/sample-load-records.js';
import { projectRoot } from '../../server/project-root.js';
import { anExhibition, on } from '../harness/builders/exhibition.js';
import { aCohort, issueAll } from '../harness/builders/transcript.js';
import { aGallery, type TestGallery } from '../harness/builders/visits.js';
import type { Client } from '../harness/client.js';
import { startApp, type TestApp } from '../harness/start-app.js';

const clock = { now: () => new Date(on('09:20')) };
let app: TestApp;
let behind: TestApp;
let gallery: TestGallery;
let registrar: Client;
let panel: { planner: Client; slotId: string };
beforeAll(async () => {
  app = await startApp({ clock });
  // Jobs are done by the other one: both look for them in the same database.
  behind = await startApp({
    ...{ clock, jobs: false },
    environment: { PUBLIC_URL: 'http://vitrine.school.example' },
  });
  gallery = await aGallery(app);
  registrar = (await gallery.day.join('Rita', ['registrar'])).client;
  const day = await anExhibition(app);
  panel = { planner: day.planner, slotId: await day.slotId({ at: '11:00' }) };
});
afterAll(async () => {
  await behind?.close();
  await app?.close();
});

/** As a program that names the host itself, which fetch does not. The link for a password is told on its page alone. */
function ask(client: Client, at: TestApp, host: string, method: string, to: string, body?: object) {
  const headers = {
    ...{ Host: host, 'Content-Type': 'application/json' },
    Accept: to === '/people' ? 'text/html' : 'application/json',
    Cookie: [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
  };
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const { hostname, port } = new URL(at.url);
    const sent = request({ hostname, port, method, path: to, headers }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.on('end', () =>
        resolve({ status: answer.statusCode!, text: Buffer.concat(pieces).toString('utf8') }),
      );
    });
    sent.on('error', reject);
    sent.end(body && JSON.stringify(body));
  });
}

const person = { givenName: 'Neo', familyName: 'New', roles: ['advisor'] };
let people = 0;
/** Everything that makes an address, and who asks for it. */
const surfaces: Record<string, () => [client: Client, method: string, path: string, body?: object]> = {
  'the address of a calendar': () => [gallery.day.planner, 'POST', '/calendar/feed', {}],
  'a calendar file': () => [gallery.day.planner, 'GET', `${gallery.day.path}/calendar.ics`],
  'the signs of stands': () => [
    gallery.day.planner,
    'POST',
    `${gallery.day.path}/stands/signs`,
    { all: 'yes' },
  ],
  'the sign of one stand': () => [gallery.day.planner, 'POST', `/slots/${gallery.slots[0]!}/stand-pass`, {}],
  'the pass of a seat': () => [
    panel.planner,
    'POST',
    `/slots/${panel.slotId}/seats`,
    { name: `Jun ${(people += 1)}`, role: 'guest' },
  ],
  'a link for a password': () => [
    registrar,
    'POST',
    '/people',
    { ...person, email: `neo${(people += 1)}@origin.example` },
  ],
};
const forged = (port: string): string[] => [
  'evil.example',
  `evil.example:${port}`,
  `localhost.evil.example:${port}`,
  `127.0.0.1.evil.example:${port}`,
  '127.0.0.1:1',
  'localhost',
];

describe.each(Object.keys(surfaces))('%s', (name) => {
  it('names this machine, whatever Host was sent', async () => {
    const { port } = new URL(app.url);
    for (const host of forged(port)) {
      const [client, method, to, body] = surfaces[name]!();
      const { status, text } = await ask(client, app, host, method, to, body);
      expect([host, [200, 201].includes(status) || text]).toEqual([host, true]);
      // A calendar breaks its lines; a picture in a page names its format.
      const said = text.replace(/\r\n /g, '').replaceAll('http://www.w3.org', '');
      const addresses = [...said.matchAll(/https?:\/\/([^/",\s]+)/g)].map((found) => found[1]);
      expect([host, [...new Set(addresses)]]).toEqual([host, [`localhost:${port}`]]);
      expect(text).not.toContain('evil.example');
    }
  });
});

it('a calendar’s address has the host that was asked where it is this machine, and PUBLIC_URL where that is set', async () => {
  const { port } = new URL(app.url);
  const feed = async (at: TestApp, host: string) => {
    const { text } = await ask(gallery.day.planner, at, host, 'POST', '/calendar/feed', {});
    return new URL((JSON.parse(text) as { feedUrl: string }).feedUrl).origin;
  };
  expect(await feed(app, `127.0.0.1:${port}`)).toBe(`http://127.0.0.1:${port}`);
  expect(await feed(app, `localhost:${port}`)).toBe(`http://localhost:${port}`);
  expect(await feed(behind, 'evil.example')).toBe('http://vitrine.school.example');
});

/** Pages that show such an address to whoever makes it. */
const pages: Record<string, () => [client: Client, path: string, body: object]> = {
  'the address of a calendar': () => [gallery.day.planner, '/calendar/feed', {}],
  'the signs of stands': () => [gallery.day.planner, `${gallery.day.path}/stands/signs`, { all: 'yes' }],
  'the pass of a seat': () => [
    panel.planner,
    `/slots/${panel.slotId}/seats`,
    { name: `Jun ${(people += 1)}`, role: 'guest' },
  ],
  'a link for a password': () => [
    registrar,
    '/people',
    { ...person, email: `neo${(people += 1)}@origin.example` },
  ],
};
const warning = 'works on this machine only';

describe.each(Object.keys(pages))('%s', (name) => {
  it.each([
    ['no PUBLIC_URL', null, true],
    ['a loopback one', 'http://127.0.0.1:3000', true],
    ['one that others open', 'http://vitrine.school.example', false],
  ])('with %s', async (_case, publicUrl, isWarned) => {
    app.context.config.publicUrl = publicUrl;
    const [client, path, body] = pages[name]!();
    const { status, text } = await client.post(path, body, { as: 'page' });
    app.context.config.publicUrl = null;
    expect([status === 201 ? 200 : status, text.includes(warning)]).toEqual([200, isWarned]);
  });
});

it('links in messages: the office is told on its first page and in the settings, where any are sent', async () => {
  const told = async (path: string) => (await registrar.get(path, { as: 'page' })).text.includes(warning);
  const both = async () => [await told('/'), await told('/school')];
  expect(await both()).toEqual([false, false]);
  app.context.mailer = { send: () => Promise.resolve(), close: () => undefined };
  expect(await both()).toEqual([true, true]);
  app.context.config.publicUrl = 'http://vitrine.school.example';
  expect(await both()).toEqual([false, false]);
  app.context.config.publicUrl = null;
  // People who are made up get no messages that matter.
  const note = { state: 'done' as const, pid: 0, startedAt: clock.now() };
  await saveSampleLoad(app.context.db, { id: gallery.day.home.school.slug, ...note });
  expect(await both()).toEqual([false, false]);
  app.context.mailer = null;
});

it.each([
  ['192.168.1.5:3000', true],
  ['school-server:3000', true],
  ['School-Server.local:3000', true],
  ['127.0.0.1:3000', true],
  ['[::1]:3000', true],
  ['192.168.1.5:3001', false],
  ['192.168.1.5', false],
  ['192.168.1.6:3000', false],
  ['school-server.evil.example:3000', false],
  ['evil.example:3000', false],
  ['user@192.168.1.5:3000', false],
  ['192.168.1.5:3000/evil', false],
  ['evil.example:3000#localhost:3000', false],
  ['', false],
])('%j is this machine: %s', (host, expected) => {
  const own = { address: '192.168.1.5', port: 3000 };
  expect(isOwnHost(host, own, ['0.0.0.0', 'school-server', 'school-server.local'])).toBe(expected);
});

it.each([
  ['127.0.0.1', 'http://localhost:3000'],
  ['::1', 'http://localhost:3000'],
  ['localhost', 'http://localhost:3000'],
  // `localhost` does not lead there.
  ['127.0.0.2', 'http://127.0.0.2:3000'],
  ['192.168.1.5', 'http://192.168.1.5:3000'],
  ['fd00::5', 'http://[fd00::5]:3000'],
])('listening on %s is called %s', (host, address) => {
  expect(configuredOrigin({ publicUrl: null, host, port: 3000 })).toBe(address);
  const publicUrl = 'https://vitrine.school.example';
  expect(configuredOrigin({ publicUrl, host, port: 3000 })).toBe(publicUrl);
});

it('transcripts of a sample school print the name that signs and the start message have', async () => {
  const cohort = await aCohort(app, { names: ['Amina Warsame'] });
  const note = { state: 'done' as const, pid: 0, startedAt: clock.now() };
  await saveSampleLoad(app.context.db, { id: cohort.home.school.slug, ...note });
  expect((await issueAll(cohort)).problems).toEqual([]);
  const office = await cohort.as('registrar');
  const [issued] = (await office.get('/transcripts')).json<{ items: { id: string; code: string }[] }>().items;
  const { verifyUrl } = (await office.get(`/transcripts/${issued!.id}/snapshot`)).json<{
    verifyUrl: string;
  }>();
  expect(verifyUrl).toBe(`${configuredOrigin(app.context.config)}/verify/${issued!.code}`);
  const { text } = await ask(gallery.day.planner, app, 'evil.example', 'POST', '/calendar/feed', {});
  const { feedUrl } = JSON.parse(text) as { feedUrl: string };
  expect(new URL(verifyUrl).hostname).toBe(new URL(feedUrl).hostname);
  // Those that were issued with 127.0.0.1 lead to the same page.
  expect((await app.visitor().get(`/verify/${issued!.code}`)).status).toBe(200);
});

it('no other code makes addresses from what a request says of its host', () => {
  const reads =
    /get\(\s*'host'|headers\.host\b|\[['"]host['"]\]|\.(?:request|req)\.hostname|request\.hostname|forwarded-host/i;
  const files = readdirSync(path.join(projectRoot, 'server'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .filter((name) => reads.test(readFileSync(path.join(projectRoot, 'server', name), 'utf8')));
  // The second one only compares it with where the browser says it comes from.
  expect(files.map((name) => name.split(path.sep).join('/')).sort()).toEqual([
    'http/origin.ts',
    'http/same-origin.ts',
  ]);
});
