/**
 * How much of a form is kept in memory: of all its fields together, whoever sent it, and of a stranger's
 * upload nothing.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import express, { type Request } from 'express';
import { receiveFiles } from '../../server/artifacts/receive-file.js';
import type { Context } from '../../server/context.js';
import { openedMark } from '../../server/forms/opened-form.js';
import { MAX_FIELD_BYTES } from '../../server/http/form-reader.js';
import { run } from '../../server/http/run-handler.js';
import { sentFormOf } from '../../server/http/sent-form.js';
import { testClock } from '../harness/test-clock.js';

const MEGABYTE = 1024 * 1024;
const key = Buffer.alloc(32, 1);
const clock = testClock;
const config = { keysFor: () => [key], uploadMaxBytes: MEGABYTE };
const context = { config, clock } as unknown as Context;
const mark = openedMark(
  { writer: { personId: 'ida-1', schoolId: null }, key, now: clock.now() },
  '/a - typed:',
);
const folder = path.join(tmpdir(), 'vitrine-form-reader');

let server: Server;
/** Bytes of text that the last request left in memory. */
let kept: number;
const bytesOf = ({ body }: Request) => Buffer.byteLength(JSON.stringify(body ?? {}));
beforeAll(async () => {
  const app = express();
  app.post('/refused', async (request, response) => {
    if (request.query['session']) Object.assign(request, { session: { personId: 'ida-1' } });
    const { fields } = await sentFormOf(request, response, context);
    kept = bytesOf(request);
    response.json(Object.keys(fields));
  });
  app.post('/received', async (request, response) => {
    const read = receiveFiles({ folder, maxBytes: MEGABYTE, maxFiles: 1, fieldNames: ['files'] });
    const error = await run(read, request, response).catch((problem: unknown) => problem);
    kept = bytesOf(request);
    response.status((error as { status?: number } | undefined)?.status ?? 200).end();
  });
  server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => void server.close());

async function send(where: string, fields: [string, string][]): Promise<Response> {
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  const { port } = server.address() as AddressInfo;
  return fetch(`http://127.0.0.1:${port}${where}`, { method: 'POST', body: form });
}
const many: [string, string][] = Array.from({ length: 12 }, (_, at) => [`f${at}`, 'x'.repeat(MEGABYTE)]);

describe('an upload with many long texts', () => {
  it('of a stranger leaves nothing in memory', async () => {
    expect(await (await send('/refused', many)).json()).toEqual([]);
    expect(kept).toBeLessThan(10);
    // Nor with a mark that was made up, or one that comes too late.
    await send('/refused', [['_opened', `${mark}x`], ...many]);
    expect(kept).toBeLessThan(10);
    await send('/refused', [...many.slice(0, 1), ['_opened', mark]]);
    expect(kept).toBeLessThan(10);
  });

  it.each([
    ['with the mark of its writer', '/refused', [['_opened', mark], ...many] as [string, string][]],
    ['of somebody with a session', '/refused?session=1', many],
  ])(
    '%s leaves what one form may have, and not more than one field beyond it',
    async (_name, where, fields) => {
      expect(await (await send(where, fields)).json()).toContain('f0');
      expect(kept).toBeGreaterThan(MEGABYTE);
      expect(kept).toBeLessThan(MAX_FIELD_BYTES + MEGABYTE + 10_000);
    },
  );

  it('is refused where files are received', async () => {
    expect((await send('/received', many)).status).toBe(413);
    expect(kept).toBeLessThan(MAX_FIELD_BYTES + MEGABYTE + 10_000);
    expect((await send('/received', many.slice(0, 1))).status).toBe(200);
  });
});
