/** Works come in over real HTTP: every kind, every version, every right. How files go out: file-http.test.ts. */
import { createHash, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client, Reply } from '../harness/client.js';
import { anArtifact, dotPng, uploadForm as form } from '../harness/builders/artifacts.js';
import { aSnapshot } from '../harness/builders/portfolio.js';
import { startApp, type TestApp, type TestSchool } from '../harness/start-app.js';

const MIB = 1024 * 1024;
let app: TestApp;
let school: TestSchool;
let student: Client;
let other: Client;
let family: Client;
let studentId: string;

beforeAll(async () => {
  app = await startApp({ environment: { UPLOAD_MAX_MB: '2' } });
  school = await app.aSchool();
  const guardian = await school.person({ name: 'Leyla Aziz', email: 'leyla@a.example', roles: ['guardian'] });
  const amina = await school.person({
    name: 'Amina Aziz',
    email: 'amina@a.example',
    roles: ['student'],
    guardianIds: [guardian.id],
  });
  await school.person({ name: 'Bo Li', email: 'bo@a.example', roles: ['student'] });
  studentId = amina.id;
  student = await app.as('amina@a.example');
  other = await app.as('bo@a.example');
  family = await app.as('leyla@a.example');
});
afterAll(() => app?.close());

interface View {
  id: string;
  title: string;
  medium: string;
  version: {
    number: number;
    kind: string;
    href: string;
    file: { name: string; type: string; bytes: number };
  };
  artifacts: View[];
}

const send = (data: FormData, client = student): Promise<Reply> =>
  client.send('POST', `/students/${studentId}/artifacts`, data);

async function added(
  name: string,
  bytes: Buffer | string,
  fields: Record<string, string> = {},
): Promise<View> {
  const reply = await send(form([{ name, bytes }], fields));
  expect([reply.status, reply.text]).toEqual([201, expect.any(String)]);
  return reply.json<View>();
}

async function leftBehind(): Promise<string[]> {
  for (let attempt = 0; attempt < 40; attempt += 1) {
    const names = await readdir(path.join(app.context.config.dataDir, 'incoming')).catch(() => []);
    if (names.length === 0) return [];
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return readdir(path.join(app.context.config.dataDir, 'incoming'));
}

describe('bringing work in', () => {
  it('keeps the bytes, the words and the hash, and leaves no temporary file', async () => {
    const view = await added('chair.png', dotPng, {
      title: 'A chair',
      caption: 'One sheet',
      altText: 'A red chair',
    });
    expect(view).toMatchObject({
      title: 'A chair',
      caption: 'One sheet',
      altText: 'A red chair',
      medium: 'photo',
    });
    expect(view.version.file).toEqual({
      name: 'chair.png',
      type: 'image/png',
      bytes: dotPng.length,
      sha256: createHash('sha256').update(dotPng).digest('hex'),
    });
    expect((await student.get(view.version.href)).bytes.equals(dotPng)).toBe(true);
    expect(await leftBehind()).toEqual([]);
  });

  it('makes a piece of each of several files', async () => {
    const reply = await send(
      form([
        { name: 'one.png', bytes: dotPng },
        { name: 'two.txt', bytes: 'two' },
      ]),
    );
    expect(reply.json<View>().artifacts.map(({ title, medium }) => [title, medium])).toEqual([
      ['one', 'photo'],
      ['two', 'document'],
    ]);
  });

  it('takes every good file of several, and says of each other one why not', async () => {
    const files = [
      { name: 'one.png', bytes: dotPng },
      { name: 'none.png', bytes: '' },
      { name: 'film.mp4', bytes: randomBytes(2 * MIB + 1) },
      { name: 'two.txt', bytes: 'two' },
    ];
    const words = { title: 'My chair', caption: 'For the fair', altText: 'A red chair' };
    const reply = await send(form(files, words));
    const { artifacts, outcomes } = reply.json<{ artifacts: View[]; outcomes: object[] }>();
    expect(reply.status).toBe(201);
    expect(artifacts).toMatchObject([
      { title: 'My chair 1', caption: 'For the fair', altText: 'A red chair' },
      { title: 'My chair 2', caption: 'For the fair', altText: '' },
    ]);
    expect(outcomes).toEqual([
      { name: 'one.png', artifactId: artifacts[0]!.id, problem: null, warning: null },
      {
        name: 'none.png',
        artifactId: null,
        problem: expect.stringContaining('“none.png” is empty'),
        warning: null,
      },
      {
        name: 'film.mp4',
        artifactId: null,
        problem: expect.stringMatching(/larger .*: 2 MB at most/),
        warning: null,
      },
      { name: 'two.txt', artifactId: artifacts[1]!.id, problem: null, warning: null },
    ]);
    expect((await student.get(artifacts[0]!.version.href)).bytes.equals(dotPng)).toBe(true);
    expect(await leftBehind()).toEqual([]);

    const page = await student.send('POST', `/students/${studentId}/artifacts`, form(files), { as: 'page' });
    const wall = (await student.get(page.headers.get('location')!, { as: 'page' })).text;
    expect(wall).toContain('2 works added, 2 not: “none.png” is empty.');
  });

  it('takes the first twenty of more, and refuses all only where none is good', async () => {
    const many = Array.from({ length: 22 }, (_, at) => ({ name: `n${at}.txt`, bytes: `${at}` }));
    const { artifacts, outcomes } = (await send(form(many, { title: `${'x'.repeat(199)}y` }))).json<{
      artifacts: View[];
      outcomes: { problem: string | null }[];
    }>();
    expect(artifacts).toHaveLength(20);
    const described = await send(
      form(
        [
          { name: 'a.txt', bytes: 'a' },
          { name: 'b.txt', bytes: '' },
          { name: 'c.txt', bytes: 'c' },
        ],
        { altText: 'A red chair' },
      ),
    );
    // Without a picture among them the description is every work's.
    expect(described.json<{ artifacts: View[] }>().artifacts).toMatchObject([
      { altText: 'A red chair' },
      { altText: 'A red chair' },
    ]);
    expect(artifacts[19]!.title).toBe(`${'x'.repeat(197)} 20`);
    expect(outcomes.slice(20).map(({ problem }) => problem)).toEqual([
      expect.stringContaining('“n20.txt” is one too many'),
      expect.stringContaining('“n21.txt” is one too many'),
    ]);
    const bad = await send(
      form([
        { name: 'a.png', bytes: '' },
        { name: 'b.mp4', bytes: randomBytes(2 * MIB + 1) },
      ]),
    );
    expect([bad.status, bad.text]).toEqual([422, expect.stringMatching(/a\.png.*b\.mp4/s)]);
  });

  it('takes a link and a text as JSON', async () => {
    const link = await student.post(`/students/${studentId}/artifacts`, {
      url: 'https://example.org/x',
      title: 'A site',
    });
    expect([link.status, link.json<View>().medium]).toEqual([201, 'link']);
    const bare = await student.post(`/students/${studentId}/artifacts`, { url: 'example.org/creek?day=2' });
    expect(bare.json<View>().version).toMatchObject({ url: 'https://example.org/creek?day=2' });
    const onSite = await student.post(`/students/${studentId}/artifacts`, { url: 'example.org/report.pdf' });
    expect(onSite.json<View>().version).toMatchObject({ url: 'https://example.org/report.pdf' });
    const text = await student.post(`/students/${studentId}/artifacts`, { text: 'First line\r\nsecond' });
    expect(text.json<View>()).toMatchObject({
      medium: 'text',
      title: 'First line',
      version: { text: 'First line\nsecond' },
    });
  });

  it.each([
    ['nothing at all', {}, 'files'],
    ['a link that runs script', { url: 'javascript:alert(1)' }, 'url'],
    ['words that are no address', { url: 'my site' }, 'url'],
    ['the name of a file', { url: 'report.pdf' }, 'url'],
    ['the name of a picture, in capitals', { url: 'IMG_2041.JPG' }, 'url'],
    ['a link to a file', { url: 'file:///etc/passwd' }, 'url'],
    ['a title that is far too long', { text: 'x', title: 'x'.repeat(201) }, 'title'],
  ])('refuses %s beside the field', async (_name, body, field) => {
    const reply = await student.post(`/students/${studentId}/artifacts`, body);
    expect(reply.status).toBe(422);
    expect(reply.json<{ error: { fields: { field: string }[] } }>().error.fields[0]?.field).toBe(field);
  });

  it('shows the form again with what was typed', async () => {
    const data = form([{ name: 'empty.png', bytes: '' }], { title: 'My <b>chair</b>', caption: 'kept' });
    const reply = await student.send('POST', `/students/${studentId}/artifacts`, data, { as: 'page' });
    expect(reply.status).toBe(422);
    expect(reply.text).toContain('value="My &lt;b&gt;chair&lt;/b&gt;"');
    expect(reply.text).toContain('“empty.png” is empty');
    expect(await leftBehind()).toEqual([]);
  });

  it('refuses a file over the cap, keeps nothing of it, and says so on the form', async () => {
    const large = form([{ name: 'film.mp4', bytes: randomBytes(2 * MIB + 1) }]);
    expect((await send(large)).status).toBe(413);
    const page = await student.send('POST', `/students/${studentId}/artifacts`, large, { as: 'page' });
    expect([page.status, page.text.includes('larger than this installation accepts')]).toEqual([413, true]);
    expect(await leftBehind()).toEqual([]);
    const exactly = await send(form([{ name: 'film.bin', bytes: randomBytes(2 * MIB) }]));
    expect(exactly.status).toBe(201);
  });

  it('keeps nothing of an upload that breaks off', async () => {
    const before = (await student.get(`/students/${studentId}/artifacts`)).json<{ total: number }>().total;
    const boundary = 'cut';
    await new Promise<void>((resolve) => {
      const upload = httpRequest(`${app.url}/students/${studentId}/artifacts`, {
        method: 'POST',
        headers: {
          Cookie: [...student.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
          'Content-Type': `multipart/form-data; boundary=${boundary}`,
          'Content-Length': '1000000',
        },
      });
      upload.on('error', () => resolve());
      upload.write(
        `--${boundary}\r\nContent-Disposition: form-data; name="files"; filename="cut.bin"\r\n\r\n${'x'.repeat(300_000)}`,
      );
      setTimeout(() => upload.destroy(), 150);
    });
    expect(await leftBehind()).toEqual([]);
    expect((await student.get(`/students/${studentId}/artifacts`)).json<{ total: number }>().total).toBe(
      before,
    );
  });

  it('refuses a file under a name that no field has', async () => {
    const data = new FormData();
    data.append('surprise', new Blob(['x']), 'x.txt');
    expect((await send(data)).status).toBe(422);
  });
});

describe('versions', () => {
  it('adds beside the old ones, which stay as they were', async () => {
    const first = await added('plan.txt', 'first');
    const reply = await student.send(
      'POST',
      `/artifacts/${first.id}/versions`,
      form([{ name: 'plan.txt', bytes: 'second' }]),
    );
    expect([reply.status, reply.json<View>().version.number]).toEqual([201, 2]);
    expect((await student.get(`/artifacts/${first.id}/file`)).text).toBe('second');
    expect((await student.get(`/artifacts/${first.id}/file?version=1`)).text).toBe('first');
    expect((await student.get(`/artifacts/${first.id}/file?version=3`)).status).toBe(404);
  });

  it('gives every version a number of its own when several come at once', async () => {
    const { id } = await added('plan.txt', 'first');
    const replies = await Promise.all(
      [1, 2, 3, 4].map((at) => student.post(`/artifacts/${id}/versions`, { text: `v${at}` })),
    );
    expect(replies.map((reply) => reply.json<View>().version.number).sort()).toEqual([2, 3, 4, 5]);
  });

  it('takes one thing as a version, not two', async () => {
    const { id } = await added('plan.txt', 'first');
    expect(
      (await student.post(`/artifacts/${id}/versions`, { text: 'a', url: 'https://b.example' })).status,
    ).toBe(422);
  });

  it('changes the words on the label, not the work', async () => {
    const { id } = await added('plan.txt', 'first');
    expect((await student.put(`/artifacts/${id}`, { title: 'The plan', caption: 'drawn' })).status).toBe(200);
    expect((await student.put(`/artifacts/${id}`, { title: '' })).status).toBe(422);
    expect((await student.get(`/artifacts/${id}`)).json<View>()).toMatchObject({
      title: 'The plan',
      latest: 1,
    });
  });
});

describe('who may see it', () => {
  it('hides it from another student, and that it exists from another school', async () => {
    const { id } = await added('mine.txt', 'mine');
    for (const address of [`/artifacts/${id}`, `/artifacts/${id}/file`])
      expect((await other.get(address)).status).toBe(403);
    expect((await other.post(`/artifacts/${id}/versions`, { text: 'x' })).status).toBe(403);
    expect((await other.put(`/artifacts/${id}`, { title: 'x' })).status).toBe(403);
    expect((await send(form([{ name: 'x.txt', bytes: 'x' }]), other)).status).toBe(403);
    const elsewhere = await app.aSchool();
    await elsewhere.person({ name: 'Admin', email: 'admin@b.example', roles: ['admin'] });
    const stranger = await app.as('admin@b.example');
    for (const address of [`/artifacts/${id}`, `/artifacts/${id}/file`, `/students/${studentId}/artifacts`]) {
      expect((await stranger.get(address)).status).toBe(404);
    }
    expect((await app.visitor().get(`/artifacts/${id}/file`)).status).toBe(401);
  });

  it('shows the family the version that was submitted, and no other', async () => {
    const { artifact } = await anArtifact(app, school, { studentId, text: 'as submitted' });
    expect((await family.get(`/artifacts/${artifact.id}`)).status).toBe(403);
    await aSnapshot(app, school, { studentId, artifactIds: [artifact.id] });
    await student.post(`/artifacts/${artifact.id}/versions`, { text: 'not shown to anybody yet' });
    const seen = (await family.get(`/artifacts/${artifact.id}`)).json<{ versions: { number: number }[] }>();
    expect(seen.versions.map(({ number }) => number)).toEqual([1]);
    expect((await family.get(`/artifacts/${artifact.id}?version=2`)).status).toBe(404);
  });

  it.each(['/artifacts/nothing', '/artifacts/%2e%2e%2fx', '/artifacts/x/file', '/students/none/artifacts'])(
    'finds nothing at %s',
    async (address) => {
      expect([403, 404]).toContain((await student.get(address)).status);
    },
  );
});

describe('on screen', () => {
  it('shows the wall, the form in its three kinds and the work', async () => {
    const { id } = await added('chair.png', dotPng, { title: 'The chair', altText: 'A red chair' });
    const wall = await student.get(`/students/${studentId}/artifacts`, { as: 'page' });
    expect(wall.text).toContain('The chair');
    for (const kind of ['file', 'link', 'text']) {
      expect(
        (await student.get(`/students/${studentId}/artifacts/new?kind=${kind}`, { as: 'page' })).status,
      ).toBe(200);
    }
    const work = await student.get(`/artifacts/${id}`, { as: 'page' });
    expect(work.text).toContain('alt="A red chair"');
  });

  it('goes on to the portfolio that asked for the work, and nowhere else', async () => {
    const to = async (next: string) =>
      (
        await student.send(
          'POST',
          `/students/${studentId}/artifacts?next=${encodeURIComponent(next)}`,
          form([{ name: 'a.txt', bytes: 'a' }]),
          { as: 'page' },
        )
      ).headers.get('location');
    expect(await to('/portfolios/abc')).toMatch(/^\/portfolios\/abc\?add=/);
    expect(await to('https://evil.example')).toMatch(/^\/artifacts\//);
    expect(await to('//evil.example/portfolios/abc')).toMatch(/^\/artifacts\//);
  });
});
