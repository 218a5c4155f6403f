import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { countWords, narrativeHtml } from '../../server/narratives/narrative-html.js';
import { aPanel, type TestPanel } from '../harness/builders/scores.js';
import type { Client } from '../harness/client.js';
import { startApp, type TestApp } from '../harness/start-app.js';

interface Body {
  id: string;
  revision: number;
  state: string;
  markdown: string | null;
  latestVersion: number;
  current: { number: number; markdown: string; hash: string } | null;
}

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const begin = async (client: Client, panel: TestPanel, markdown = 'First words.') =>
  (await client.post(`/students/${panel.people.student.id}/narratives`, { markdown })).json<Body>();
const read = async (client: Client, id: string) => (await client.get(`/narratives/${id}`)).json<Body>();

describe('a narrative', () => {
  let panel: TestPanel;
  let advisor: Client;
  let student: Client;
  let guardian: Client;
  beforeAll(async () => {
    panel = await aPanel(app);
    [advisor, student, guardian] = await Promise.all([
      panel.as('advisor'),
      panel.as('student'),
      panel.as('guardian'),
    ]);
  });

  it('is begun once per term and voice; a draft is for nobody else', async () => {
    const draft = await begin(advisor, panel);
    expect((await begin(advisor, panel)).id).toBe(draft.id);
    for (const who of ['student', 'guardian', 'registrar', 'otherAdvisor', 'otherStudent']) {
      expect([who, (await (await panel.as(who)).get(`/narratives/${draft.id}`)).status]).toEqual([who, 403]);
    }
    const listed = await guardian.get(`/students/${panel.people.student.id}/narratives`);
    expect(listed.text).not.toContain(draft.id);
  });

  it('the student writes in a voice of their own, and only in that', async () => {
    const own = await begin(student, panel, 'My own words.');
    expect(own).toMatchObject({ voice: 'student', markdown: 'My own words.' });
    expect((await advisor.get(`/narratives/${own.id}`)).status).toBe(403);
    const path = `/students/${panel.people.student.id}/narratives`;
    expect((await student.post(path, { voice: 'advisor' })).status).toBe(403);
    expect((await (await panel.as('otherAdvisor')).post(path, {})).status).toBe(403);
  });

  it('is stored once something was written, not when its page is opened', async () => {
    const fresh = await aPanel(app);
    const writer = await fresh.as('student');
    const path = `/students/${fresh.people.student.id}/narratives`;
    const count = async () => (await writer.get(path)).json<{ items: unknown[] }>().items.length;
    const editor = await writer.get(`${path}/new`, { as: 'page' });
    expect([editor.status, await count()]).toEqual([200, 0]);
    const blank = await writer.post(path, { markdown: ' \n ' }, { as: 'page' });
    expect([blank.status, await count()]).toEqual([422, 0]);
    expect(blank.text).toContain('Write something first');
    const saved = await writer.post(path, { markdown: 'Kept.' }, { as: 'page' });
    expect([saved.status, await count()]).toEqual([303, 1]);
    expect((await writer.get(`${path}/new`, { as: 'page' })).headers.get('location')).toBe(
      saved.headers.get('location'),
    );
    const second = await writer.post(path, { markdown: 'From another window.' }, { as: 'page' });
    expect(second.status).toBe(409);
    expect(second.text).toContain('From another window.');
    expect(second.text).toContain('Kept.');
  });

  it('may be signed in the same step', async () => {
    const fresh = await aPanel(app);
    const path = `/students/${fresh.people.student.id}/narratives`;
    const reply = await (await fresh.as('advisor')).post(path, { markdown: 'All of it.', then: 'sign' });
    expect([reply.status, reply.json()]).toEqual([
      201,
      expect.objectContaining({ number: 1, markdown: 'All of it.' }),
    ]);
  });

  it('a save over somebody else’s save is refused, and what was typed is kept', async () => {
    const draft = await begin(advisor, panel);
    const saved = await advisor.put(`/narratives/${draft.id}`, {
      markdown: 'Second words.',
      revision: draft.revision,
    });
    expect(saved.json()).toMatchObject({ revision: draft.revision + 1, markdown: 'Second words.' });
    const stale = { markdown: 'Typed in another window.', revision: draft.revision };
    expect((await advisor.put(`/narratives/${draft.id}`, stale)).status).toBe(409);
    const page = await advisor.post(`/narratives/${draft.id}`, stale, { as: 'page' });
    expect(page.status).toBe(409);
    expect(page.text).toContain('Typed in another window.');
    expect(page.text).toContain('Second words.');
    expect((await read(advisor, draft.id)).markdown).toBe('Second words.');
  });

  it('signing freezes a version that family and office read; a new draft becomes version 2 beside it', async () => {
    const draft = await begin(advisor, panel);
    const signed = await advisor.post(`/narratives/${draft.id}/sign`, { markdown: 'Signed *once*.' });
    expect(signed.json()).toMatchObject({ number: 1, markdown: 'Signed *once*.' });
    const first = await read(guardian, draft.id);
    expect(first).toMatchObject({ markdown: null, current: { number: 1, markdown: 'Signed *once*.' } });

    const { revision } = await read(advisor, draft.id);
    await advisor.put(`/narratives/${draft.id}`, { markdown: 'A newer draft.', revision });
    expect((await read(guardian, draft.id)).current).toEqual(first.current);
    expect((await guardian.get(`/narratives/${draft.id}`)).text).not.toContain('A newer draft.');

    await advisor.post(`/narratives/${draft.id}/sign`);
    const registrar = await panel.as('registrar');
    expect((await read(registrar, draft.id)).current).toMatchObject({
      number: 2,
      markdown: 'A newer draft.',
    });
    const old = await registrar.get(`/narratives/${draft.id}/versions/1`);
    expect(old.json()).toMatchObject({ markdown: 'Signed *once*.', hash: first.current!.hash });
  });

  it('headings follow the heading above the text, on a page of its own and below the version', async () => {
    const draft = await begin(advisor, panel);
    const signed = await advisor.post(`/narratives/${draft.id}/sign`, { markdown: '### Deep\n\nWords.' });
    const { number } = signed.json<{ number: number }>();
    const pages = await Promise.all(
      ['', `/versions/${number}`].map((rest) =>
        guardian.get(`/narratives/${draft.id}${rest}`, { as: 'page' }),
      ),
    );
    expect(pages.map(({ text }) => /<h\d dir="auto">Deep/.exec(text)?.[0])).toEqual([
      '<h3 dir="auto">Deep',
      '<h2 dir="auto">Deep',
    ]);
  });

  it.each(['Her sign is \u{13000}.', '**Her** sign is &#x13000;.'])(
    '%s cannot be printed: it is refused where its author can still change it',
    async (markdown) => {
      const draft = await begin(advisor, panel);
      const signed = await advisor.post(`/narratives/${draft.id}/sign`, { markdown });
      expect(signed.status).toBe(422);
      expect(signed.json()).toMatchObject({
        error: {
          fields: [{ field: 'markdown', message: expect.stringContaining('(U+13000) in “\u{13000}.”') }],
        },
      });
    },
  );

  it('a browser saves the words and shows them once more before they are frozen', async () => {
    const fresh = await aPanel(app);
    const writer = await fresh.as('advisor');
    const draft = await begin(writer, fresh);
    const path = `/narratives/${draft.id}`;
    const typed = { markdown: 'Read *twice*.', revision: draft.revision };
    const asked = await writer.post(`${path}/sign`, typed, { as: 'page' });
    expect([asked.status, asked.headers.get('location')]).toEqual([303, `${path}/preview`]);
    expect(await read(writer, draft.id)).toMatchObject({ markdown: 'Read *twice*.', current: null });
    const preview = await writer.get(`${path}/preview`, { as: 'page' });
    expect(preview.text).toContain('Read <em>twice</em>.');
    const revision = /name="revision" value="(\d+)"/.exec(preview.text)?.[1];
    await writer.post(`${path}/sign`, { revision, previewed: 'yes' }, { as: 'page' });
    expect((await read(writer, draft.id)).current).toMatchObject({ number: 1, markdown: 'Read *twice*.' });
    expect((await (await fresh.as('guardian')).get(`${path}/preview`)).status).toBe(403);
  });

  it('nothing is signed empty or twice, nor by anybody else', async () => {
    const other = await aPanel(app);
    const client = await other.as('advisor');
    const draft = await begin(client, other, '  ');
    expect((await client.post(`/narratives/${draft.id}/sign`)).status).toBe(422);
    // The address behind a link is not printed.
    const markdown = 'Words [here](https://x.example/\u{13000}).';
    expect((await client.post(`/narratives/${draft.id}/sign`, { markdown })).status).toBe(200);
    expect((await client.post(`/narratives/${draft.id}/sign`)).status).toBe(409);
    expect((await advisor.post(`/narratives/${draft.id}/sign`)).status).toBe(404);
    expect((await (await other.as('otherAdvisor')).post(`/narratives/${draft.id}/sign`)).status).toBe(403);
  });
});

describe('a narrative as HTML', () => {
  it('has no table that would hold everybody up', () => {
    const head = `${'|h'.repeat(180)}|\n${'|-'.repeat(180)}|`;
    const text = `${head}\n${'x\n'.repeat(364)}`;
    expect(narrativeHtml(text)).not.toContain('<table');
    expect(narrativeHtml(`${text}\n`.repeat(20)).length).toBeLessThan(100_000);
    // A long text with an ordinary table keeps it.
    const usual = `${'A line.\n'.repeat(3000)}\n| a | b |\n|---|---|\n| c | d |\n\n${'A line.\n'.repeat(3000)}`;
    expect(narrativeHtml(usual)).toContain('<table');
  });

  it.each([
    [
      'paragraphs and emphasis',
      'One *two*\n\nThree',
      '<p dir="auto">One <em>two</em></p>\n<p dir="auto">Three</p>\n',
    ],
    [
      'headings follow those of the page without a gap',
      '### One\n##### Two\n## Three\n# Four\n### Five\n#### Six\n##### Seven\n###### Eight\n> ## Nine',
      '<h3 dir="auto">One</h3>\n<h4 dir="auto">Two</h4>\n<h3 dir="auto">Three</h3>\n<h3 dir="auto">Four</h3>\n' +
        '<h4 dir="auto">Five</h4>\n<h5 dir="auto">Six</h5>\n<h6 dir="auto">Seven</h6>\n<h6 dir="auto">Eight</h6>\n' +
        '<blockquote dir="auto">\n<h4 dir="auto">Nine</h4>\n</blockquote>\n',
    ],
    [
      'a heading that says nothing is left out',
      '#\n\n# &nbsp;\n\n# [](https://a.example)\n\n### Top\n\n#### `code`',
      '<h3 dir="auto">Top</h3>\n<h4 dir="auto"><code>code</code></h4>\n',
    ],
    ['raw HTML is text', '<b>x</b>', '<p dir="auto">&lt;b&gt;x&lt;/b&gt;</p>\n'],
    [
      'each block has its own direction and language',
      '# 한국어\n\nنور اُردو ٹھیک\n\n> 山田 さくら',
      '<h3 lang="ko" dir="auto">한국어</h3>\n<p lang="ur" dir="auto">نور اُردو ٹھیک</p>\n' +
        '<blockquote dir="auto">\n<p lang="ja" dir="auto">山田 さくら</p>\n</blockquote>\n',
    ],
    [
      'what most of a block is written in gives its language, and other letters in it theirs',
      'She thanked 박 준호 and (王小明), twice.\n\n다음 주에 Mr. Smith 선생님과 王小明\n\nالكتاب الذي قرأته پدرام هو كتاب جميل جدا',
      '<p dir="auto">She thanked <span lang="ko">박 준호</span> and (<span lang="zh-Hans">王小明</span>), twice.</p>\n' +
        '<p lang="ko" dir="auto">다음 주에 Mr. Smith 선생님과 <span lang="zh-Hans">王小明</span></p>\n' +
        '<p lang="ar" dir="auto">الكتاب الذي قرأته پدرام هو كتاب جميل جدا</p>\n',
    ],
    [
      'what was signed is what is printed',
      '(a) (c) (r) (p) (tm) +- ... !!!!! ,, -- --- `(c)`',
      '<p dir="auto">(a) (c) (r) (p) (tm) +- ... !!!!! ,, -- --- <code>(c)</code></p>\n',
    ],
    [
      'quotation marks are curled where they are no part of words and numbers',
      'She said "don\'t".\n\n5\'10" tall, "she" said.\n\nצה"ל וצ\'ק "כן"',
      '<p dir="auto">She said “don’t”.</p>\n<p dir="auto">5\'10" tall, "she" said.</p>\n' +
        '<p lang="he" dir="auto">צה"ל וצ\'ק "כן"</p>\n',
    ],
    [
      'tables',
      '| a | b |\n|---|---|\n| c | d |',
      '<table>\n<thead>\n<tr>\n<th dir="auto" scope="col">a</th>\n<th dir="auto" scope="col">b</th>\n</tr>\n</thead>\n' +
        '<tbody>\n<tr>\n<td dir="auto">c</td>\n<td dir="auto">d</td>\n</tr>\n</tbody>\n</table>\n',
    ],
    [
      'no pictures from elsewhere',
      '![a](https://x.example/a.png)',
      '<p dir="auto">!<a href="https://x.example/a.png" rel="nofollow noopener">a</a></p>\n',
    ],
  ])('%s', (_name, markdown, html) => {
    expect(narrativeHtml(markdown)).toBe(html);
  });

  it.each([
    '[x](javascript:alert(1))',
    '[x](data:text/html,hi)',
    '<img src=x onerror=alert(1)>',
    '<script>alert(1)</script>',
  ])('nothing that runs: %s', (markdown) => {
    expect(narrativeHtml(markdown)).not.toMatch(/<script|<img|href="(?:javascript|data)/);
  });

  it('counts words in every script', () => {
    expect(countWords('Two words 王小明 and don’t')).toBe(7);
  });
});
