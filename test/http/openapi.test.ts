/** /openapi.json tells the whole truth: every address, what it takes (files too) and exactly what it sends back. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { rooms } from '../../server/app.js';
import type { RouteEntry } from '../../server/http/route.js';
import { permissionRows } from '../access/permission-rows/all.js';
import { personas, type Row } from '../access/permission-rows/row.js';
import { buildWorld, type World } from '../harness/builders/world.js';
import type { Client, Reply } from '../harness/client.js';
import { startApp, testPassword, type TestApp } from '../harness/start-app.js';

interface Schema {
  $ref?: string;
  type?: string;
  format?: string;
  items?: Schema;
  properties?: Record<string, Schema>;
}
type Content = Record<string, { schema: Schema }>;
interface Operation {
  requestBody?: { content: Content };
  responses: Record<string, { content?: Content }>;
}
type Paths = Record<string, Record<string, Operation>>;

const entries = rooms.flatMap((room) => room.entries);
const nameOf = ({ method, path }: RouteEntry) => `${method.toUpperCase()} ${path}`;
const entryOf = (name: string) => entries.find((entry) => nameOf(entry) === name)!;

let app: TestApp;
let world: World;
let paths: Paths;
beforeAll(async () => {
  app = await startApp();
  world = await buildWorld(app);
  paths = (await app.visitor().get('/openapi.json')).json<{ paths: Paths }>().paths;
}, 120_000);
afterAll(() => app.close());

/** `POST /people/:id` as the document has it. */
function described(name: string): Operation | undefined {
  const [method = '', path = ''] = name.split(' ');
  return paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
}

describe('the description of every address', () => {
  it('has every route of the router', () => {
    expect(entries.length).toBeGreaterThan(80);
    expect(entries.map(nameOf).filter((name) => !described(name))).toEqual([]);
  });

  it.each([
    'POST /sign-in',
    'POST /sign-out',
    'GET /account/tokens',
    'POST /account/tokens',
    'POST /people/import',
    'GET /students',
    'GET /students/:id',
    'POST /students/:id/artifacts',
    'POST /artifacts/:id/versions',
    'GET /artifacts/:id',
    'GET /artifacts/:id/file',
    'POST /students/:id/portfolios',
    'PUT /portfolios/:id',
    'POST /portfolios/:id/submit',
    'GET /rubrics',
    'GET /rubrics/:slug',
    'POST /exhibitions',
    'POST /exhibitions/:id/open',
    'POST /exhibitions/:id/slots',
    'POST /slots/:id/seats',
    'GET /pass/:code',
    'POST /pass/:code',
    'GET /seats/:id/sheet',
    'POST /seats/:id/sheet/operations',
    'POST /seats/:id/sheet/submit',
    'GET /slots/:id/result',
    'POST /slots/:id/result/publish',
    'POST /students/:id/narratives',
    'PUT /narratives/:id',
    'POST /narratives/:id/sign',
    'POST /terms/:id/transcripts',
    'GET /jobs/:id',
    'GET /transcripts/:id',
    'GET /transcripts/:id.pdf',
    'GET /verify/:code',
    'POST /verify/:code',
    'GET /healthz',
    'GET /readyz',
    'GET /openapi.json',
  ])('keeps the promised address %s', (name) => {
    expect(described(name)).toBeDefined();
  });

  it('says of every writing route what it answers', () => {
    const silent = entries.filter(
      ({ method, options }) => method !== 'get' && !options.answer && !options.answerType,
    );
    expect(silent.map(nameOf)).toEqual([]);
  });

  it('gives every list its pages', () => {
    const lists = entries.filter(
      ({ method, options }) => method === 'get' && 'items' in shapeOf(options.answer),
    );
    expect(lists.length).toBeGreaterThan(10);
    const bare = lists.filter(({ options }) =>
      ['page', 'pages', 'perPage', 'total'].some((field) => !(field in shapeOf(options.answer))),
    );
    expect(bare.map(nameOf)).toEqual([]);
  });
});

const shapeOf = (schema: z.ZodType | undefined): object =>
  schema instanceof z.ZodObject ? schema.shape : {};

describe('uploads', () => {
  const uploads = entries.filter(({ options }) => options.files);

  it('stand where works, rosters and PDFs come in', () => {
    expect(uploads.map(nameOf)).toEqual(
      expect.arrayContaining([
        'POST /people/import',
        'POST /students/:id/artifacts',
        'POST /artifacts/:id/versions',
        'POST /verify/:code',
      ]),
    );
  });

  it.each(uploads.map((entry) => [nameOf(entry), entry] as const))(
    '%s takes a binary field',
    (name, entry) => {
      const fields = described(name)?.requestBody?.content['multipart/form-data']?.schema.properties ?? {};
      const files = Object.entries(fields).filter(([, field]) => (field.items ?? field).format === 'binary');
      expect(files.length).toBeGreaterThan(0);
      expect(files.map(([field]) => field)).toEqual(Object.keys(entry.options.fileFields ?? {}));
    },
  );

  it('keeps the words beside the files, and JSON for what comes without one', () => {
    const content = described('POST /students/:id/artifacts')?.requestBody?.content ?? {};
    expect(content['multipart/form-data']?.schema.properties).toMatchObject({
      files: { type: 'array', items: { type: 'string', format: 'binary' } },
      title: {},
    });
    expect(content['application/json']?.schema.properties).toMatchObject({ url: {}, text: {} });
  });
});

/** What was sent, as the route itself has promised: its status, every field, and for acts no field more. */
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
