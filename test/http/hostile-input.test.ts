/** Whatever is sent to whatever address: it is cleaned or refused, and never a fault of ours. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import { features } from '../../server/app.js';
import { loggablePath } from '../../server/log.js';
import { buildWorld, type World } from '../harness/builders/world.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { permissionRows } from '../access/permission-rows/all.js';

let app: TestApp;
let world: World;
beforeAll(async () => {
  app = await startApp({ jobs: false });
  world = await buildWorld(app);
}, 120_000);
afterAll(() => app?.close());

const controls = `a\u0000b\u001b[2J\u0085\u202e\u2066${'\u0301'.repeat(100)}\ud800\ufffe\r\nX: y`;
const deep = (depth: number): unknown => (depth === 0 ? 'end' : [{ a: deep(depth - 1) }]);

/** Each says what stands in a field. */
const hostile: Record<string, (field: string) => unknown> = {
  'controls and marks of direction': () => controls,
  'lists, objects and operators': (field) =>
    field.length % 2 ? { $gt: '', $where: '1' } : [controls, { a: 1 }, null],
  'numbers out of every range': (field) => (field.length % 2 ? 1e308 : -1e21),
  'one very long word': () => 'x'.repeat(100_000),
};

const keysOf = (schema: z.ZodType | undefined): string[] =>
  Object.keys((schema as { shape?: object })?.shape ?? {});
const entries = features
  .flatMap((router) => router.entries)
  // Ends the session with which the others are tried.
  .filter(({ path }) => !['/sign-out'].includes(path));

function pathOf(path: string, name: string, of: Record<string, string> | undefined, word: string): string {
  return path.replace(/:(\w+)/g, (_whole, param: string) => {
    const thing = of?.[param];
    const known = thing === undefined ? undefined : (world.ids[thing] ?? thing);
    return encodeURIComponent(known ?? (name.startsWith('GET') ? word : 'none'));
  });
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
const wellFormed = (text: string): string => Buffer.from(text).toString();

describe.each(Object.keys(hostile))('%s', (kind) => {
  it('in any field of any route is no fault', async () => {
    const faults: string[] = [];
    for (const { method, path, options } of entries) {
      const route = `${method.toUpperCase()} ${path}`;
      const { of } = permissionRows.find((row) => row.route === route) ?? {};
      const value = hostile[kind]!;
      const query = keysOf(options.query)
        .map((key) => `${key}=${encodeURIComponent(wellFormed(asText(value(key)).slice(0, 2000)))}`)
        .join('&');
      const body = Object.fromEntries(
        [...keysOf(options.body), 'extra\u0000'].map((key) => [key, value(key)]),
      );
      const persona = Array.isArray(options.who) && !options.who.includes('admin') ? 'student' : 'admin';
      const client = await world.client(persona);
      const paths = [
        ...new Set([pathOf(path, route, of, ''), pathOf(path, route, undefined, wellFormed(controls))]),
      ];
      for (const each of paths) {
        const reply = await client.send(
          method.toUpperCase(),
          `${each}?${query}`,
          method === 'get' ? undefined : body,
        );
        // Some acts end the session, and they succeed.
        if (reply.status === 401) world.forget(persona);
        if (reply.status >= 500) faults.push(`${route} ${reply.status}`);
      }
    }
    expect(faults).toEqual([]);
  }, 240_000);
});

it.each([
  ['a search with NUL', 'GET', '/people?search=%00', undefined, [200]],
  ['an address with NUL', 'GET', '/people/%00', undefined, [404]],
  ['an address that is no UTF-8', 'GET', '/people/%ff%fe', undefined, [400]],
  ['a query that is no UTF-8', 'GET', '/people?search=%ff%fe%c0', undefined, [200]],
  ['JSON nested a thousand times', 'POST', '/advisories', deep(1000), [400, 422]],
  ['JSON that is no object', 'POST', '/advisories', 'text', [400, 422]],
  ['a name with controls', 'POST', '/advisories', { name: `Room \u0000\u001b7\u202e\ntwo` }, [201]],
] as const)('%s', async (_name, method, path, body, statuses) => {
  world.forget('admin');
  const admin = await world.client('admin');
  const reply = await admin.send(method, path, body);
  expect(statuses).toContain(reply.status);
  if (reply.status === 201) expect((await admin.get('/advisories')).text).toContain('"Room 7 two"');
});

it.each([
  ['a field name with NUL', '--x\r\nContent-Disposition: form-data; name="a\0b"\r\n\r\nc\0d\r\n--x--\r\n'],
  [
    'a file name with controls',
    '--x\r\nContent-Disposition: form-data; name="files"; filename="a\0\x1b.txt"\r\n\r\nc\r\n--x--\r\n',
  ],
  ['a part without an end', '--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\nc'],
  [
    'fields that nest',
    `--x\r\nContent-Disposition: form-data; name="a${'[b]'.repeat(30)}"\r\n\r\nc\r\n--x--\r\n`,
  ],
  ['nothing at all', ''],
])('a multipart body with %s is no fault', async (_name, body) => {
  const student = await world.client('student');
  const reply = await student.send('POST', `/students/${world.ids['student']}/artifacts`, Buffer.from(body), {
    headers: { 'Content-Type': 'multipart/form-data; boundary=x' },
  });
  expect(reply.status).toBeLessThan(500);
});

it.each([
  ['Accept-Language', `${'a-'.repeat(4000)}x`],
  ['Range', `bytes=${'9'.repeat(4000)}-`],
  ['If-None-Match', '"a",'.repeat(2000)],
  ['Last-Event-ID', 'A'.repeat(4000)],
  ['Authorization', `Bearer ${'a'.repeat(4000)}`],
  ['X-Forwarded-For', '%'.repeat(4000)],
  ['Cookie', `vitrine-device=${'a'.repeat(4000)}; ; ; vitrine=${'%00'.repeat(500)}`],
])('a hostile %s header is no fault', async (name, value) => {
  const { file } = { file: `/artifacts/${world.ids['artifact']}/file` };
  const student = await world.client('student');
  for (const path of ['/', file, `/exhibitions/${world.ids['exhibition']}/events`]) {
    const reply = await student.get(path, { headers: { [name]: value } });
    expect([path, reply.status < 500]).toEqual([path, true]);
  }
});

describe('what a log says of an address', () => {
  /** Parts of addresses that say which thing is meant, and give nobody a right to it. */
  const known =
    /^(id|otherId|criterion|entry|guardianId|number|personId|pin|proposalId|room|signUpId|slug|studentId|suggestion|termId|version|code|secret)$/;
  const secret = /^(code|secret)$/;
  const places = entries.flatMap(({ path }) =>
    [...path.matchAll(/:(\w+)/g)].map(([, param = '']) => [param, path] as const),
  );

  it('never has a secret in it, however the address is written', () => {
    expect(places.filter(([param]) => !known.test(param))).toEqual([]);
    const secrets = places.filter(([param]) => secret.test(param));
    expect(secrets.length).toBeGreaterThan(5);
    for (const [param, path] of secrets) {
      const address = path.replace(`:${param}`, 'SeCrEt-1').replace(/:\w+/g, 'x');
      for (const asked of [address, address.toUpperCase(), `${address}/?x=SeCrEt-1`])
        expect([asked, /secret-1/i.test(loggablePath(asked))]).toEqual([asked, false]);
    }
  });
});
