/**
 * What goes over the wire: pages, data and assets compressed; streams, ranges and what other sites ask for as they are.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import http from 'node:http';
import { mayCompress } from '../../server/http/compress-answers.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ jobs: false });
});
afterAll(() => app.close());

interface Wire {
  headers: http.IncomingHttpHeaders;
  bytes: Buffer;
}

/** As it comes over the wire, before anybody unpacks it. */
const ask = (path: string, headers: Record<string, string>) =>
  new Promise<Wire>((resolve, reject) => {
    http
      .get(app.url + path, { headers }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => resolve({ headers: response.headers, bytes: Buffer.concat(parts) }));
      })
      .on('error', reject);
  });

const html = { Accept: 'text/html' };
const plainOf = ({ headers, bytes }: Wire): string =>
  (headers['content-encoding'] === 'br'
    ? brotliDecompressSync(bytes)
    : headers['content-encoding'] === 'gzip'
      ? gunzipSync(bytes)
      : bytes
  ).toString('utf8');

describe('what goes over the wire', () => {
  it.each([
    ['a page, to a browser', '/sign-in', { ...html, 'Accept-Encoding': 'gzip, deflate, br' }, 'br'],
    ['a page, to an older one', '/sign-in', { ...html, 'Accept-Encoding': 'gzip' }, 'gzip'],
    ['a page, to one that cannot unpack', '/sign-in', { ...html, 'Accept-Encoding': 'identity' }, undefined],
    ['data', '/openapi.json', { Accept: 'application/json', 'Accept-Encoding': 'br' }, 'br'],
    [
      'a page that another site asks for',
      '/sign-in',
      { ...html, 'Accept-Encoding': 'br', 'Sec-Fetch-Site': 'cross-site' },
      undefined,
    ],
    ['a few bytes', '/healthz', { Accept: 'application/json', 'Accept-Encoding': 'br' }, undefined],
  ])('%s', async (_name, path, headers, encoding) => {
    const wire = await ask(path, headers);
    expect(wire.headers['content-encoding']).toBe(encoding);
    expect(plainOf(wire)).toBe(plainOf(await ask(path, { Accept: headers.Accept })));
    if (encoding) expect(wire.headers.vary).toMatch(/accept-encoding/i);
  });

  it.each(['br', 'gzip', 'identity'])('a style sheet in %s, whole and cached for ever', async (encoding) => {
    const address = app.context.assets.url('styles/common.css').replace(/^(?!\/)/, '/');
    const wire = await ask(address, { 'Accept-Encoding': encoding });
    expect(plainOf(wire)).toBe(app.context.assets.find('styles/common.css')!.body.toString('utf8'));
    expect(wire.headers).toMatchObject({
      'content-length': String(wire.bytes.length),
      vary: 'Accept-Encoding',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    expect(wire.headers['content-encoding']).toBe(encoding === 'identity' ? undefined : encoding);
  });

  it.each([
    ['an event stream', { 'Content-Type': 'text/event-stream; charset=utf-8' }, 200, false],
    ['a part of a file', { 'Content-Type': 'text/plain', 'Content-Range': 'bytes 0-9/90' }, 206, false],
    ['a file that comes in parts', { 'Content-Type': 'text/plain', 'Accept-Ranges': 'bytes' }, 200, false],
    ['a picture', { 'Content-Type': 'image/jpeg' }, 200, false],
    ['a printed page', { 'Content-Type': 'application/pdf' }, 200, false],
    ['an archive', { 'Content-Type': 'application/zip' }, 200, false],
    ['of no type', {}, 200, false],
    ['a calendar', { 'Content-Type': 'text/calendar; charset=utf-8' }, 200, true],
    ['a table', { 'Content-Type': 'text/csv; charset=utf-8' }, 200, true],
    ['an error page', { 'Content-Type': 'text/html; charset=utf-8' }, 404, true],
  ])('%s', (_name, headers: Record<string, string>, statusCode, expected) => {
    const answer = { statusCode, getHeader: (name: string) => headers[name] };
    expect(mayCompress({ get: () => undefined } as never, answer)).toBe(expected);
  });
});
