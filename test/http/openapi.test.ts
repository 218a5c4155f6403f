/** /openapi.json names every address, what it takes (files too) and what it sends back. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { entries, nameOf, shapeOf } from '../harness/router.js';
import { startApp, type TestApp } from '../harness/start-app.js';

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

let app: TestApp;
let paths: Paths;
beforeAll(async () => {
  app = await startApp({ jobs: false });
  paths = (await app.visitor().get('/openapi.json')).json<{ paths: Paths }>().paths;
});
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
