/** Each style sheet is on some page, and a guest's first score sheet is small. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import puppeteer, { type Browser } from 'puppeteer';
import { COMMON_STYLES, PAGE_STYLES, pageSheetOf } from '../../server/rendering/page-styles.js';
import { aGuestPass, passPath } from '../harness/builders/panel.js';
import { styleSheets } from '../harness/page-classes.js';
import { chromiumPath } from '../harness/services.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let app: TestApp;
let browser: Browser;
beforeAll(async () => {
  [app, browser] = await Promise.all([
    startApp({ jobs: false }),
    puppeteer.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] }),
  ]);
}, 120_000);
afterAll(async () => {
  await browser.close();
  await app.close();
});

describe('the styles of pages', () => {
  it('are all there, and every sheet is on some page', () => {
    const used = new Set([
      ...COMMON_STYLES,
      ...Object.keys(PAGE_STYLES).flatMap((name) => PAGE_STYLES[name]!),
      'print',
    ]);
    expect([...used].map((name) => `${name}.css`).sort()).toEqual([...styleSheets].sort());
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
