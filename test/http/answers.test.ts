/** What is sent is what /openapi.json promises: the status, every field, and from acts no field more. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RouteEntry } from '../../server/http/route.js';
import { permissionRows } from '../access/permission-rows/all.js';
import { personas, type Row } from '../access/permission-rows/row.js';
import { buildWorld, type World } from '../harness/builders/world.js';
import type { Client, Reply } from '../harness/client.js';
import { entryOf, shapeOf } from '../harness/router.js';
import { startApp, testPassword, type TestApp } from '../harness/start-app.js';

let app: TestApp;
let world: World;
beforeAll(async () => {
  app = await startApp();
  world = await buildWorld(app);
}, 120_000);
afterAll(() => app.close());

function keepsItsWord(entry: RouteEntry, reply: Reply): void {
  expect({ status: reply.status, text: reply.status < 300 ? '' : reply.text }).toEqual({
    status: entry.options.status ?? 200,
    text: '',
  });
  if (entry.options.answerType) {
    expect(reply.headers.get('content-type')).not.toBeNull();
    return;
  }
  const sent = reply.json<object>();
  const { error } = entry.options.answer!.safeParse(sent);
  expect(error?.issues ?? []).toEqual([]);
  const promised = shapeOf(entry.options.answer);
  if (entry.method !== 'get' && Object.keys(promised).length > 0)
    expect(Object.keys(sent).filter((field) => !(field in promised))).toEqual([]);
}

describe('what is sent', () => {
  const reading = permissionRows.filter((row) => {
    const { route } = row;
    const entry = entryOf(route);
    return route.startsWith('GET ') && entry.options.answer !== undefined && allowedOf(row) !== undefined;
  });

  it.each(reading.map((row) => [row.route, row] as const))(
    '%s sends what it promises',
    async (_name, row) => {
      const reply = await (await allowed(row)).get(addressOf(row));
      keepsItsWord(entryOf(row.route), reply);
    },
  );

  const admin = () => world.client('admin');
  const acts: [string, () => Promise<Reply>][] = [
    ['POST /sign-out', async () => (await admin()).post('/sign-out')],
    [
      'PUT /school',
      async () =>
        (await admin()).put('/school', {
          name: 'Riverbend',
          timeZone: 'America/New_York',
          pageSize: 'a4',
          voices: 'named',
          numberPrefix: 'RB',
        }),
    ],
    [
      'PUT /terms/:id',
      async () =>
        (await admin()).put(`/terms/${world.ids['term']}`, {
          name: 'Year',
          startsOn: '2026-01-01',
          endsOn: '2026-12-31',
        }),
    ],
    ['POST /terms/:id/current', async () => (await admin()).post(`/terms/${world.ids['term']}/current`)],
    [
      'POST /terms',
      async () =>
        (await admin()).post('/terms', { name: 'Next', startsOn: '2027-01-01', endsOn: '2027-06-30' }),
    ],
    [
      'POST /account/password',
      async () =>
        (await world.client('otherGuardian')).post('/account/password', {
          current: testPassword,
          password: testPassword,
        }),
    ],
    [
      'POST /people/:id/invite',
      async () => {
        const made = await (
          await admin()
        ).post('/people', {
          givenName: 'Di',
          roles: ['advisor'],
          email: 'di@word.example',
        });
        const { person } = made.json<{ person: { id: string } }>();
        return (await admin()).post(`/people/${person.id}/invite`);
      },
    ],
    ['POST /advisories', async () => (await admin()).post('/advisories', { name: 'Sandpiper' })],
    [
      'PUT /advisories/:id',
      async () => (await admin()).put(`/advisories/${world.ids['spareAdvisory']}`, { name: 'Plover' }),
    ],
    [
      'POST /people',
      async () =>
        (await admin()).post('/people', { givenName: 'Ada', roles: ['advisor'], email: 'ada@word.example' }),
    ],
    [
      'PUT /people/:id',
      async () =>
        (await admin()).put(`/people/${world.ids['sparePerson']}`, { givenName: 'Bo', roles: ['student'] }),
    ],
    ['POST /account/tokens', async () => (await admin()).post('/account/tokens', { name: 'nightly' })],
    [
      'POST /account/tokens/:id/revoke',
      async () => {
        const client = await admin();
        const { id } = (await client.post('/account/tokens', { name: 'old' })).json<{ id: string }>();
        return client.post(`/account/tokens/${id}/revoke`);
      },
    ],
    [
      'POST /set-password/:secret',
      async () => {
        const invited = await (
          await admin()
        ).post('/people', {
          givenName: 'Cy',
          roles: ['advisor'],
          email: 'cy@word.example',
        });
        const { setPasswordPath } = invited.json<{ setPasswordPath: string }>();
        return app.visitor().post(setPasswordPath, { password: 'a bridge of reeds' });
      },
    ],
    ['POST /verify', async () => app.visitor().post('/verify', { code: world.ids['code'] })],
    [
      'POST /verify/:code',
      async () =>
        app.visitor().send('POST', `/verify/${world.ids['code']}`, aForm('file', 'no PDF', 'a.pdf')),
    ],
    [
      'POST /people/import',
      async () => (await admin()).send('POST', '/people/import', aForm('roster', roster, 'roster.csv')),
    ],
    [
      'POST /students/:id/artifacts',
      async () =>
        (await world.client('student')).send(
          'POST',
          `/students/${world.ids['student']}/artifacts`,
          aForm('files', 'Reeds and rope.', 'notes.txt'),
        ),
    ],
    [
      'POST /artifacts/:id/versions',
      async () =>
        (await world.client('student')).send(
          'POST',
          `/artifacts/${world.ids['artifact']}/versions`,
          aForm('file', 'Reeds, rope and tar.', 'notes.txt'),
        ),
    ],
  ];
  it.each(acts)('%s sends what it promises', async (name, act) => {
    keepsItsWord(entryOf(name), await act());
  });
});

const roster = 'role,id,given name,family name\nstudent,W1,Ines,Ward\n';

function aForm(field: string, content: string, fileName: string): FormData {
  const form = new FormData();
  form.append(field, new Blob([content]), fileName);
  return form;
}

/** Somebody whom the permission matrix lets in. */
function allowedOf(row: Row) {
  return personas.find((persona) => (row.expect[persona] ?? row.otherwise) === 'ok');
}
const allowed = (row: Row): Promise<Client> => world.client(allowedOf(row)!);

function addressOf(row: Row): string {
  const path = row.route.split(' ')[1] ?? '';
  return path.replace(/:(\w+)/g, (_all, name: string) => {
    const named = row.of?.[name] ?? name;
    return encodeURIComponent(name === 'slug' ? named : (world.ids[named] ?? named));
  });
}
