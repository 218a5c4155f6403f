/**
 * Evidence by people before a real browser, on a phone: a panelist takes over what the student points to and
 * draws a place of their own on a picture, without a network; the sheet keeps its place; the student sees
 * exactly that part of the picture.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import puppeteer, { type Browser, type BrowserContext, type Page } from 'puppeteer';
import { pinsOn } from '../../server/scores/sheet-pins.js';
import { aPinningPanel, type PinningPanel } from '../harness/builders/pins.js';
import { fillSheet, storedSheet } from '../harness/builders/scores.js';
import { cuttableNetwork, type CuttableNetwork } from '../harness/cuttable-network.js';
import { chromiumPath } from '../harness/services.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { publishSlot } from '../harness/builders/publishing.js';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const vision = 'commitment-to-personal-vision';
const row = `[data-evidence="${vision}"]`;

let app: TestApp;
let network: CuttableNetwork;
let browser: Browser;
beforeAll(async () => {
  app = await startApp();
  network = await cuttableNetwork(app.url);
  browser = await puppeteer.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] });
}, 60_000);
afterAll(async () => {
  await browser.close();
  await network.close();
  await app.close();
});

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (await condition().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`it did not happen: ${what}`);
}

async function phoneOf(panel: PinningPanel, who: string): Promise<BrowserContext> {
  const context = await browser.createBrowserContext();
  for (const [name, value] of (await panel.as(who)).cookies)
    await context.setCookie({ name, value, domain: '127.0.0.1' });
  return context;
}

async function open(context: BrowserContext, path: string): Promise<Page> {
  const page = await context.newPage();
  await page.setViewport({ width: 390, height: 844, hasTouch: true, isMobile: true });
  await page.goto(network.url + path, { waitUntil: 'load' });
  return page;
}

async function faults(page: Page): Promise<unknown> {
  await page.evaluate(axeSource);
  return page.evaluate(
    `axe.run(document).then(({ violations }) => violations.map((one) => one.id + ' ' + one.nodes[0].html))`,
  );
}

const textOf = (page: Page, selector: string): Promise<string> =>
  page.$eval(selector, (node) => (node as unknown as { innerText: string }).innerText);
const scrolled = (page: Page): Promise<unknown> => page.evaluate('Math.round(window.scrollY)');
const press = async (page: Page, selector: string): Promise<void> => {
  await page.$eval(selector, (node) =>
    (node as unknown as { scrollIntoView(how: object): void }).scrollIntoView({ block: 'center' }),
  );
  await page.tap(selector);
};

/** Drags a finger over the picture, from and to shares of its sides. */
async function draw(page: Page, from: [number, number], to: [number, number]): Promise<void> {
  const picture = (await page.$('#pinner [data-canvas]'))!;
  await until('the picture is there', () =>
    picture.$eval('img', (image) => (image as unknown as { naturalWidth: number }).naturalWidth > 0),
  );
  await picture.scrollIntoView();
  const box = (await picture.boundingBox())!;
  const at = ([x, y]: [number, number]) => [box.x + x * box.width, box.y + y * box.height] as const;
  await page.touchscreen.touchStart(...at(from));
  await page.touchscreen.touchMove(...at([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]));
  await page.touchscreen.touchMove(...at(to));
  await page.touchscreen.touchEnd();
}

it('a place is pinned on the phone, offline too, and the student sees it', async () => {
  const corner = { kind: 'region', x: 0, y: 0, width: 0.5, height: 0.5 };
  const panel = await aPinningPanel(app, {
    pinned: [vision],
    suggest: [{ kind: 'picture', criterionId: vision, place: corner, note: 'my best joint' }],
  });
  const { seatId, slotId, client } = panel;
  await fillSheet(client, seatId, ['meeting'], { submit: false });
  const stored = async () => (await storedSheet(panel, seatId))!;
  const context = await phoneOf(panel, 'panelist-0');
  const page = await open(context, `/seats/${seatId}/sheet`);
  await until('the page is kept for later', () =>
    page.$eval('html', (html) => html.getAttribute('data-offline') === 'ready'),
  );

  await press(page, `${row} [data-pin-take]`);
  await until('it is taken over', async () => (await textOf(page, row)).includes('Used'));
  await until('it stands', async () => pinsOn(await stored(), vision).length === 1);
  await until('nothing waits', async () =>
    (await textOf(page, '.scoring-state')).includes('saved on the server'),
  );

  network.cut();
  await page.setOfflineMode(true);
  await press(page, `${row} [data-pin-open]`);
  const before = await scrolled(page);
  expect(await faults(page)).toEqual([]);
  await draw(page, [0.5, 0.25], [0.9, 0.75]);
  await page.type('#pinner textarea[name="note"]', 'the seat itself');
  await press(page, '#pinner .primary');
  expect(await page.$('#pinner[open]')).toBeNull();
  expect(await scrolled(page)).toBe(before);
  await until('it waits on the phone', async () => (await textOf(page, row)).includes('the seat itself'));
  await until('the page says so', async () =>
    (await textOf(page, '.scoring-state')).includes('1 change waits'),
  );
  expect(pinsOn(await stored(), vision)).toHaveLength(1);

  await page.reload({ waitUntil: 'load' });
  await until('it is still there', async () => (await textOf(page, row)).includes('the seat itself'));
  // Looked at again without a network: the picture was kept, and the outline is where it was drawn.
  await press(page, `${row} [data-own]:last-child [data-pin-show]`);
  await until('the picture is there', () =>
    page.$eval('#pinner img', (image) => (image as unknown as { naturalWidth: number }).naturalWidth > 0),
  );
  const x = await page.$eval('#pinner .placed-line', (rect) => Number(rect.getAttribute('x')));
  expect(Math.abs(x - 0.5)).toBeLessThan(0.03);
  await press(page, '#pinner [data-pinner-close]');

  network.mend();
  await page.setOfflineMode(false);
  await until('it reached the server', async () => pinsOn(await stored(), vision).length === 2);
  const drawn = pinsOn(await stored(), vision).find(({ note }) => note === 'the seat itself')!;
  if (drawn.place.kind !== 'region') throw new Error('no region');
  for (const [side, share] of [
    ['x', 0.5],
    ['y', 0.25],
    ['width', 0.4],
    ['height', 0.5],
  ] as const)
    expect(Math.abs(drawn.place[side] - share)).toBeLessThan(0.03);

  await press(page, `${row} [data-own]:first-child [data-pin-drop]`);
  await until('one is removed', async () => pinsOn(await stored(), vision).length === 1);
  await page.goto(`${network.url}/seats/${seatId}/sheet/review`, { waitUntil: 'load' });
  expect(await faults(page)).toEqual([]);
  await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), press(page, 'form .primary')]);
  const sheet = await stored();
  expect(sheet.state).toBe('submitted');
  const [sealed] = pinsOn(sheet, vision);

  for (const at of [1, 2]) {
    await fillSheet(await panel.as(`panelist-${at}`), panel.seats[at]!.id, [null, 'building', 'building']);
  }
  expect((await publishSlot(await panel.as('registrar'), slotId)).status).toBe(200);
  const student = await open(await phoneOf(panel, 'student'), `/slots/${slotId}/result`);
  expect(await faults(student)).toEqual([]);
  const level = `[id="${vision}"] .place-proof`;
  await Promise.all([student.waitForNavigation({ waitUntil: 'load' }), press(student, level)]);
  expect(await faults(student)).toEqual([]);
  const words = await textOf(student, 'main');
  if (sealed!.note) expect(words).toContain(sealed!.note);
  expect(words).toContain('Part of the picture');
  const shown = await student.$eval('.placed-line', (rect) =>
    ['x', 'y', 'width', 'height'].map((side) => Number(rect.getAttribute(side))),
  );
  if (sealed!.place.kind !== 'region') throw new Error('no region');
  const { x: left, y, width, height } = sealed!.place;
  expect(shown).toEqual([left, y, width, height]);
}, 240_000);
