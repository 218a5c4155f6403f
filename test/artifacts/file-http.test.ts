/** Files go out over real HTTP: what they really are, under any name, in parts; nothing that runs in the app's name. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { dotPng, uploadForm } from '../harness/builders/artifacts.js';
import type { Client } from '../harness/client.js';
import { startApp, type TestApp } from '../harness/start-app.js';

interface View {
  id: string;
  version: { href: string; file: { name: string }; size: { width: number; height: number } | null };
}

let app: TestApp;
let student: Client;
let studentId: string;

beforeAll(async () => {
  app = await startApp();
  const school = await app.aSchool();
  studentId = (await school.person({ name: 'Amina', email: 'amina@f.example', roles: ['student'] })).id;
  student = await app.as('amina@f.example');
});
afterAll(() => app?.close());

async function added(name: string, bytes: Buffer | string): Promise<View> {
  const reply = await student.send('POST', `/students/${studentId}/artifacts`, uploadForm([{ name, bytes }]));
  expect([reply.status, reply.text]).toEqual([201, expect.any(String)]);
  return reply.json<View>();
}

describe('what a file is and how it goes out', () => {
  const page = '<!doctype html><script>alert(document.cookie)</script>';
  const svg =
    '<?xml version="1.0"?><!-- x --><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
  /** The byte order mark of UTF-16 is how a sound file may begin, too. */
  const wide = Buffer.from(`\ufeff${page}`, 'utf16le');
  const pdf = '%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF';
  it.each([
    ['a picture', 'photo.png', dotPng, 'image/png', 'inline'],
    ['a PDF', 'paper.pdf', pdf, 'application/pdf', 'inline'],
    ['HTML that is called a photo', 'photo.jpg', page, 'text/html; charset=utf-8', 'attachment'],
    ['HTML in UTF-16', 'photo.jpg', wide, 'text/html; charset=utf-8', 'attachment'],
    [
      'HTML in UTF-16, the other way round',
      'x.mp3',
      Buffer.from(wide).swap16(),
      'text/html; charset=utf-8',
      'attachment',
    ],
    ['HTML in UTF-16 without a mark', 'x.mp3', wide.subarray(2), 'text/html; charset=utf-8', 'attachment'],
    ['SVG that is called a photo', 'photo.png', svg, 'image/svg+xml', 'attachment'],
    ['SVG behind a byte order mark', 'x.svg', `\ufeff  ${svg}`, 'image/svg+xml', 'attachment'],
    ['text', 'notes.txt', 'Just notes, ünïcode', 'text/plain; charset=utf-8', 'attachment'],
    ['bytes', 'data.jpg', Buffer.from([0, 1, 2, 3, 255, 254]), 'application/octet-stream', 'attachment'],
  ])('%s', async (_name, name, bytes, type, disposition) => {
    const { version } = await added(name, bytes);
    const reply = await student.get(version.href);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe(type);
    expect(reply.headers.get('content-disposition')).toMatch(new RegExp(`^${disposition}; `));
    expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
    expect(reply.headers.get('content-security-policy')).toMatch(
      type === 'application/pdf' ? /default-src 'none'/ : /sandbox/,
    );
    const saved = await student.get(`${version.href}&download=1`);
    expect(saved.headers.get('content-disposition')).toMatch(/^attachment; /);
  });

  it('keeps the size of a picture the way up in which it was taken, and pages reserve its place', async () => {
    const sideways = await sharp({ create: { width: 600, height: 400, channels: 3, background: '#123' } })
      .jpeg()
      .withMetadata({ orientation: 6 })
      .toBuffer();
    const { id, version } = await added('door.jpg', sideways);
    expect(version.size).toEqual({ width: 400, height: 600 });
    const pageOf = async (path: string) => (await student.get(path, { as: 'page' })).text;
    expect(await pageOf(`/artifacts/${id}`)).toMatch(/<img [^>]* width="400" height="600"/);
    expect(await pageOf(`/students/${studentId}/artifacts`)).toMatch(/<img [^>]* width="181" height="272"/);
    expect((await added('broken.png', dotPng.subarray(0, 20))).version.size).toBeNull();
    expect((await added('notes.txt', 'Just notes')).version.size).toBeNull();
  });

  it.each([
    ['photo.jpg', page, /“photo.jpg” is named like a picture and contains a text/],
    ['song.mp3', dotPng, /“song.mp3” is named like a recording and contains a picture/],
    ['photo.jpg', dotPng, /^Added\.$/],
    ['notes', 'Just notes', /^Added\.$/],
  ])('tells whoever brings in %s whether it is what its name says', async (name, bytes, said) => {
    const path = `/students/${studentId}/artifacts`;
    const reply = await student.send('POST', path, uploadForm([{ name, bytes }]), { as: 'page' });
    expect(reply.status).toBe(303);
    const { text } = await student.get(reply.headers.get('location')!, { as: 'page' });
    expect(/role="status">.*?<span>(.*?)<\/span>/s.exec(text)?.[1]).toMatch(said);
  });

  it.each([
    ['../../etc/passwd', 'passwd', 'filename="passwd"'],
    ['C:\\Users\\amina\\chair.png', 'chair.png', 'filename="chair.png"'],
    [
      'Zoë’s 椅子.png',
      'Zoë’s 椅子.png',
      `filename="Zoe_s __.png"; filename*=UTF-8''Zo%C3%AB%E2%80%99s%20%E6%A4%85%E5%AD%90.png`,
    ],
    ['كرسي.png', 'كرسي.png', `filename="____.png"; filename*=UTF-8''%D9%83%D8%B1%D8%B3%D9%8A.png`],
    ['a"b;c=d.png', 'a"b;c=d.png', `filename="a_b;c=d.png"; filename*=UTF-8''a%22b%3Bc%3Dd.png`],
    ['gnp\u202egpj.exe', 'gnpgpj.exe', 'filename="gnpgpj.exe"'],
    ['x\r\nSet-Cookie: a=b.png', 'xSet-Cookie: a=b.png', 'filename="xSet-Cookie: a=b.png"'],
    ['...', 'file', 'filename="file"'],
    [`${'long'.repeat(80)}.png`, `${'long'.repeat(44)}.png`, `filename="${'long'.repeat(44)}.png"`],
  ])('makes the name %j harmless', async (given, kept, disposition) => {
    const { version } = await added(given, dotPng);
    expect(version.file.name).toBe(kept);
    const reply = await student.get(version.href);
    expect(reply.headers.get('content-disposition')).toBe(`inline; ${disposition}`);
    expect(reply.headers.get('set-cookie') ?? '').not.toContain('a=b');
  });

  describe('in parts', () => {
    const bytes = randomBytes(1000);
    let href: string;
    beforeAll(async () => {
      href = (await added('data.bin', bytes)).version.href;
    });

    it.each([
      ['bytes=0-0', 206, 'bytes 0-0/1000', [0, 1]],
      ['bytes=10-19', 206, 'bytes 10-19/1000', [10, 20]],
      ['bytes=990-', 206, 'bytes 990-999/1000', [990, 1000]],
      ['bytes=-5', 206, 'bytes 995-999/1000', [995, 1000]],
      ['bytes=-5000', 206, 'bytes 0-999/1000', [0, 1000]],
      ['bytes=500-99999', 206, 'bytes 500-999/1000', [500, 1000]],
      ['bytes=0-1,5-6', 200, null, [0, 1000]],
      ['bytes=9-3', 200, null, [0, 1000]],
      ['lines=1-2', 200, null, [0, 1000]],
      ['bytes=-', 200, null, [0, 1000]],
      ['bytes=1000-', 416, 'bytes */1000', [0, 0]],
      ['bytes=-0', 416, 'bytes */1000', [0, 0]],
    ])('%s', async (range, status, contentRange, [from, to]) => {
      const reply = await student.get(href, { headers: { Range: range } });
      expect([reply.status, reply.headers.get('content-range')]).toEqual([status, contentRange]);
      expect(reply.bytes.equals(bytes.subarray(from, to))).toBe(true);
    });

    it('sends nothing again that the browser has, and a part only of what it knows', async () => {
      const etag = (await student.get(href)).headers.get('etag')!;
      const known = await student.get(href, { headers: { 'If-None-Match': `"x", W/${etag}` } });
      expect([known.status, known.bytes.length]).toEqual([304, 0]);
      const same = await student.get(href, { headers: { Range: 'bytes=0-4', 'If-Range': etag } });
      expect(same.status).toBe(206);
      const changed = await student.get(href, { headers: { Range: 'bytes=0-4', 'If-Range': '"older"' } });
      expect([changed.status, changed.bytes.length]).toEqual([200, 1000]);
    });

    it('tells the length without sending the file', async () => {
      const head = await student.send('HEAD', href);
      expect([head.status, head.headers.get('content-length'), head.bytes.length]).toEqual([200, '1000', 0]);
    });
  });
});
