/** Every page has the styles of everything on it, and a guest's first score sheet is small. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import puppeteer, { type Browser } from 'puppeteer';
import { projectRoot } from '../../server/project-root.js';
import { COMMON_STYLES, PAGE_STYLES, pageSheetOf } from '../../server/rendering/page-styles.js';
import { permissionRows } from '../access/permission-rows/all.js';
import { aGuestPass, passPath } from '../harness/builders/panel.js';
import { buildWorld, type World } from '../harness/builders/world.js';
import { knock, letIn, methodOf } from '../harness/knock.js';
import { fieldsLost, unmarkedForms } from '../harness/refill.js';
import { chromiumPath } from '../harness/services.js';
import { startApp, type TestApp } from '../harness/start-app.js';

const folder = path.join(projectRoot, 'views/styles');
const sheets = readdirSync(folder).filter((name) => name.endsWith('.css'));
const cssOf = (name: string): string =>
  readFileSync(path.join(folder, name), 'utf8').replace(/\/\*[^]*?\*\//g, '');
const classesIn = (css: string): string[] =>
  [...css.matchAll(/([^{}]+)\{/g)].flatMap(([, selector]) =>
    [...selector!.matchAll(/\.(-?[a-z_][\w-]*)/gi)].map((match) => match[1]!),
  );
const known = new Set(sheets.flatMap((name) => classesIn(cssOf(name))));

let app: TestApp;
let browser: Browser;
let world: World;
beforeAll(async () => {
  app = await startApp({ jobs: false });
  [world, browser] = await Promise.all([
    buildWorld(app),
    puppeteer.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] }),
  ]);
}, 120_000);
afterAll(async () => {
  await browser.close();
  await app.close();
});

const linked = (html: string): string[] =>
  [...html.matchAll(/<link rel="stylesheet" href="\/assets\/([^"]+)"/g)].map((match) => match[1]!);

describe('the styles of a page', () => {
  const rows = permissionRows.filter((row) => methodOf(row) === 'GET' && letIn(row).length > 0);
  it.each(rows.map((row) => [row.route, row] as const))(
    '%s has those of all its classes',
    async (_name, row) => {
      for (const persona of letIn(row)) {
        const made = await row.anew?.(world, persona);
        const { text, headers } = await knock(world, row, persona, made, { as: 'page' });
        if (!(headers.get('content-type') ?? '').includes('text/html') || linked(text).length === 0) continue;
        // The same walk over all pages: what is typed into any form of them can be kept and shown again.
        expect([persona, unmarkedForms(text), fieldsLost(text)]).toEqual([persona, [], []]);
        const have = new Set(
          linked(text).flatMap((name) => classesIn(app.context.assets.find(name)!.body.toString('utf8'))),
        );
        const used = [...text.matchAll(/ class="([^"]*)"/g)].flatMap((match) => match[1]!.split(/\s+/));
        const bare = used.filter((name) => known.has(name) && !have.has(name));
        expect([persona, [...new Set(bare)]]).toEqual([persona, []]);
      }
    },
  );

  it('are all there, and every sheet is on some page', () => {
    const used = new Set([
      ...COMMON_STYLES,
      ...Object.keys(PAGE_STYLES).flatMap((name) => PAGE_STYLES[name]!),
      'print',
    ]);
    expect([...used].map((name) => `${name}.css`).sort()).toEqual([...sheets].sort());
    for (const name of Object.keys(PAGE_STYLES))
      expect([name, app.context.assets.find(pageSheetOf(name)) !== null]).toEqual([name, true]);
  });
});

describe("a guest's first score sheet", () => {
  const MAX_BYTES = 40 * 1024;

  it('loads at most 40 KB over the wire, with everything that it needs', async () => {
    const { day, pass } = await aGuestPass(app);
    await day.move('open');
    await day.move('score');
    const guest = app.visitor();
    const entered = await guest.post(passPath(pass), {});
    expect(entered.status).toBe(200);
    const context = await browser.createBrowserContext();
    for (const [name, value] of guest.cookies) await context.setCookie({ name, value, domain: '127.0.0.1' });
    const page = await context.newPage();
    await page.setViewport({ width: 390, height: 844, isMobile: true, hasTouch: true });
    const line = await page.createCDPSession();
    await line.send('Network.enable');
    const urls = new Map<string, string>();
    const loaded: [string, number][] = [];
    line.on('Network.requestWillBeSent', ({ requestId, request }) => urls.set(requestId, request.url));
    line.on('Network.loadingFinished', ({ requestId, encodedDataLength }) =>
      loaded.push([new URL(urls.get(requestId) ?? app.url).pathname, encodedDataLength]),
    );
    await page.goto(`${app.url}/seats/${pass.seatId}/sheet`, { waitUntil: 'networkidle0' });
    expect(await page.$('form')).not.toBeNull();
    const total = loaded.reduce((sum, [, bytes]) => sum + bytes, 0);
    expect(loaded.map(([name]) => name).filter((name) => name.includes('/fonts/'))).toEqual([]);
    expect({ total, small: total <= MAX_BYTES, loaded }).toMatchObject({ small: true });
    if (process.env.SHOW_WEIGHT) console.log(total, loaded);
    await context.close();
  });
});
