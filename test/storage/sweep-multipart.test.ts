/**
 * Uploads in parts that a dead process left in a bucket are given up by age, page by page; other programs'
 * uploads are left alone.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openS3Storage } from '../../storage/s3-storage.js';
import { sweepsUnfinished, type Storage } from '../../storage/storage.js';

const sha = 'a'.repeat(64);
const before = new Date('2026-11-17T15:00:00Z');
const uploads = [
  { key: `amina/${sha}`, id: 'old', at: '2026-11-16T15:00:00Z' },
  { key: `amina/${sha}`, id: 'young', at: '2026-11-17T15:00:01Z' },
  { key: 'backup/of-somebody-else.tar', id: 'foreign', at: '2026-11-01T00:00:00Z' },
  { key: `ben/${sha}`, id: 'old-too', at: '2026-11-10T00:00:00Z' },
];
const given: string[] = [];
let server: Server;
let storage: Storage;

/** The little of S3 that is needed: one upload a page. */
beforeAll(async () => {
  server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://localhost');
    if (request.method === 'DELETE') given.push(url.searchParams.get('uploadId')!);
    if (request.method !== 'GET')
      return void response.writeHead(request.method === 'DELETE' ? 204 : 200).end();
    const at = uploads.findIndex(({ id }) => id === url.searchParams.get('upload-id-marker')) + 1;
    const { key, id, at: initiated } = uploads[at]!;
    const more = at + 1 < uploads.length;
    response.setHeader('Content-Type', 'application/xml');
    response.end(
      `<?xml version="1.0"?><ListMultipartUploadsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">` +
        `<IsTruncated>${more}</IsTruncated><NextKeyMarker>${key}</NextKeyMarker><NextUploadIdMarker>${id}</NextUploadIdMarker>` +
        `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${initiated}</Initiated></Upload></ListMultipartUploadsResult>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  storage = await openS3Storage({
    bucket: 'vitrine',
    region: 'us-east-1',
    endpoint,
    accessKeyId: 'a',
    secretAccessKey: 'b',
  });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

it('gives up what is ours and older, and nothing else', async () => {
  if (!sweepsUnfinished(storage)) throw new Error('a bucket sweeps');
  expect(await storage.sweepUnfinished(before)).toBe(2);
  expect(given).toEqual(['old', 'old-too']);
});
