/** What a browser needs to install the score sheet and to open it without a network. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aPanel } from '../harness/builders/scores.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

describe('the installable sheet', () => {
  it('has a service worker for the whole site that is asked for anew at every visit', async () => {
    const { status, headers } = await app.visitor().get('/sw.js');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^text\/javascript/);
    expect(headers.get('service-worker-allowed')).toBe('/');
    expect(headers.get('cache-control')).toBe('no-cache');
  });

  it('has a manifest whose pictures exist, and names it', async () => {
    const panel = await aPanel(app);
    const client = await panel.as('panelist-0');
    const sheet = await client.get(`/seats/${panel.seats[0]!.id}/sheet`, { as: 'page' });
    expect(sheet.text).toContain('<link rel="manifest" href="/manifest.webmanifest">');
    const answer = await app.visitor().get('/manifest.webmanifest');
    expect(answer.headers.get('content-type')).toMatch(/^application\/manifest\+json/);
    const manifest = answer.json<{
      display: string;
      scope: string;
      icons: { src: string; sizes: string; type: string }[];
    }>();
    expect([manifest.display, manifest.scope]).toEqual(['standalone', '/']);
    for (const { src, type } of manifest.icons) {
      const picture = await client.get(src);
      expect([picture.status, picture.headers.get('content-type')]).toEqual([200, type]);
    }
    // Phones that take no SVG: one picture by a link, two in the manifest.
    const bitmaps = manifest.icons.filter(({ type }) => type === 'image/png').map(({ sizes }) => sizes);
    expect(new Set(bitmaps)).toEqual(new Set(['192x192', '512x512']));
    const link = /<link rel="apple-touch-icon" href="([^"]+)">/.exec(sheet.text)?.[1];
    const { bytes } = await client.get(link!);
    expect([bytes.toString('latin1', 1, 4), bytes.readUInt32BE(16)]).toEqual(['PNG', 180]);
  });
});
