/**
 * Scoring without a network, in a real browser at phone width: the page opens and works, nothing is lost when the tab dies,
 * everything reaches the server exactly once; two devices of one panelist meet in a conflict; somebody else sees none of it.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import puppeteer, { type Browser, type BrowserContext, type Page } from 'puppeteer';
import { aPanel, fillSheet, storedSheet } from '../harness/builders/scores.js';
import type { Client } from '../harness/client.js';
import { cuttableNetwork, type CuttableNetwork } from '../harness/cuttable-network.js';
import { chromiumPath } from '../harness/services.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let app: TestApp;
let network: CuttableNetwork;
let browser: Browser;
beforeAll(async () => {
  app = await startApp();
  network = await cuttableNetwork(app.url);
  browser = await puppeteer.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] });
});
const opened: BrowserContext[] = [];
afterEach(async () => {
  network.mend();
  for (const context of opened.splice(0)) await context.close();
});
afterAll(async () => {
  await browser.close();
  await network.close();
  await app.close();
});

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 250; attempt += 1) {
    if (await condition().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`it did not happen: ${what}`);
}

/** A device of its own: cookies, storage and service worker are shared with no other. */
async function aDevice(client: Client, path: string) {
  const context = await browser.createBrowserContext();
  opened.push(context);
  const signIn = async (as: Client): Promise<void> => {
    for (const [name, value] of as.cookies) await context.setCookie({ name, value, domain: '127.0.0.1' });
  };
  const open = async (offline = false): Promise<Page> => {
    const page = await context.newPage();
    await page.setViewport({ width: 390, height: 844, hasTouch: true, isMobile: true });
    if (offline) await page.setOfflineMode(true);
    await page.goto(network.url + path, { waitUntil: 'load' });
    return page;
  };
  await signIn(client);
  return { context, open, signIn };
}

/** No network for the page, and none for its service worker. */
async function goOffline(page: Page): Promise<void> {
  network.cut();
  await page.setOfflineMode(true);
}
async function goOnline(page: Page): Promise<void> {
  network.mend();
  await page.setOfflineMode(false);
}

const level = (row: string, id: string) =>
  `label.level-choice:has(input[name="level.${row}"][value="${id}"])`;
const isChosen = (page: Page, row: string, id: string) =>
  page.$eval(
    `input[name="level.${row}"][value="${id}"]`,
    (input) => (input as unknown as { checked: boolean }).checked,
  );
const wordsIn = (page: Page, name: string) =>
  page.$eval(`textarea[name="${name}"]`, (area) => (area as unknown as { value: string }).value);
const textOf = (page: Page, selector: string) =>
  page.$eval(selector, (node) => (node as unknown as { innerText: string }).innerText.replace(/\s+/g, ' '));
const says = (page: Page, words: string | RegExp) =>
  until(`the page says ${String(words)}`, async () => {
    const text = await textOf(page, '.scoring-state');
    return typeof words === 'string' ? text.includes(words) : words.test(text);
  });
const isReady = (page: Page) =>
  until('the page is kept for later', () =>
    page.$eval('html', (html) => html.getAttribute('data-offline') === 'ready'),
  );

/** How many sheets the browser's own store has answers of. */
const storedAnswers = (page: Page): Promise<unknown> =>
  page.evaluate(`new Promise((resolve) => {
    const opening = indexedDB.open('vitrine-scores');
    opening.onsuccess = () => {
      const asked = opening.result.transaction('sheets').objectStore('sheets').getAll();
      asked.onsuccess = () => (opening.result.close(), resolve(asked.result.filter((kept) => kept.answer).length));
    };
  })`);

/** Whether the browser's own store holds these words, as an answer in the making or as a change that waits. */
const storedWords = (page: Page, words: string): Promise<unknown> =>
  page.evaluate(`new Promise((resolve) => {
    const opening = indexedDB.open('vitrine-scores');
    opening.onsuccess = () => {
      const read = opening.result.transaction(['drafts', 'changes']);
      const drafts = read.objectStore('drafts').getAll();
      const changes = read.objectStore('changes').getAll();
      read.oncomplete = () => {
        opening.result.close();
        resolve(JSON.stringify([drafts.result, changes.result]).includes(${JSON.stringify(words)}));
      };
    };
  })`);

async function aScorer() {
  const panel = await aPanel(app, { rubric: 'oral-communication' });
  const client = await panel.as('panelist-0');
  const seatId = panel.seats[0]!.id;
  const path = `/seats/${seatId}/sheet`;
  return { panel, client, seatId, path, stored: () => storedSheet(panel, seatId) };
}

describe('a panelist without network', () => {
  it('scores, loses the tab, goes on, submits, and all of it arrives once', async () => {
    const { client, path, seatId, stored } = await aScorer();
    await fillSheet(client, seatId, ['developing'], { submit: false });
    const before = (await stored())!.journal.length;
    const device = await aDevice(client, path);
    const first = await device.open();
    await isReady(first);

    await goOffline(first);
    await first.tap(level('clarity', 'advanced'));
    await says(first, 'saved on this phone · 1 change waits');
    await first.type('textarea[name="overall"]', 'You never looked at your no');
    // "Saved on this phone" stood there since the tap: what counts is that the last letter has arrived, too.
    await until('the words lie on the phone', async () =>
      Boolean(await storedWords(first, 'looked at your no')),
    );
    await first.close();

    const second = await device.open(true);
    expect(await isChosen(second, 'clarity', 'advanced')).toBe(true);
    await until('the words are back', async () =>
      (await wordsIn(second, 'overall')).includes('looked at your no'),
    );
    await second.type('textarea[name="overall"]', 'tes.');
    await second.tap(level('evidence', 'proficient'));
    await says(second, 'changes wait');
    await second.reload({ waitUntil: 'load' });
    await until('the row is still answered', () => isChosen(second, 'evidence', 'proficient'));

    await second.tap('.scoring-foot .primary');
    await until('the review opens', () =>
      second.$eval('#offline-review', (part) => !part.hasAttribute('hidden')),
    );
    expect(await textOf(second, '[data-review="clarity"] [data-review-answer]')).toBe('Advanced');
    await second.tap('[data-submit]');
    await says(second, 'will be submitted when the network is back');
    expect((await stored())?.journal.length).toBe(before);

    await goOnline(second);
    await until('the sheet is sealed', async () => (await stored())?.state === 'submitted');
    const sheet = (await stored())!;
    expect(sheet.answer('clarity').levelId).toBe('advanced');
    expect(sheet.answer('evidence').levelId).toBe('proficient');
    expect(sheet.overallComment).toBe('You never looked at your notes.');
    const ids = sheet.journal.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(sheet.journal.slice(before).every(({ outcome }) => outcome === undefined)).toBe(true);
    const levels = sheet.journal.slice(before).filter(({ change }) => change.kind === 'set-level');
    expect(levels.length).toBe(2);
  });

  it('whose session ends keeps what waits, and it goes out after signing in again', async () => {
    const { panel, client, path, stored } = await aScorer();
    const device = await aDevice(client, path);
    const page = await device.open();
    await isReady(page);
    await device.context.deleteCookie(...(await device.context.cookies()));
    await page.tap(level('clarity', 'advanced'));
    await says(page, 'You are signed out');
    await says(page, 'saved on this phone · 1 change waits');
    expect(await stored()).toBeNull();
    await page.close();
    await device.signIn(await panel.as('panelist-0'));
    await device.open();
    await until('it went out', async () => (await stored())?.answer('clarity').levelId === 'advanced');
  });

  it('leaves nothing to see or send for somebody else on the same phone', async () => {
    const { panel, client, path, stored } = await aScorer();
    const device = await aDevice(client, path);
    const page = await device.open();
    await isReady(page);
    await goOffline(page);
    await page.tap(level('clarity', 'advanced'));
    await says(page, 'saved on this phone');
    await page.close();
    network.mend();
    await device.signIn(await panel.as('panelist-2'));
    const stranger = await device.open();
    expect(await stranger.$('#sheet')).toBeNull();
    expect(await stranger.content()).not.toContain('Itzel');
    await stranger.close();
    // Refused once, the copy of the sheet is gone as well.
    network.cut();
    const offline = await device.context.newPage();
    await expect(offline.goto(network.url + path)).rejects.toThrow();
    await offline.close();
    network.mend();
    expect(await stored()).toBeNull();
    // It waits for its owner alone.
    await device.signIn(await panel.as('panelist-0'));
    await device.open();
    await until('it went out', async () => (await stored())?.answer('clarity').levelId === 'advanced');
  });

  it('keeps the newest content of an asset and forgets what had its name before', async () => {
    const { client, path } = await aScorer();
    const device = await aDevice(client, path);
    const page = await device.open();
    await isReady(page);
    const names = () =>
      page.evaluate(`caches.open('vitrine-assets').then(async (cache) =>
        (await cache.keys()).map(({ url }) => new URL(url).pathname))`) as Promise<string[]>;
    const now = (await names()).filter((name) => name.includes('/vitrine-'));
    expect(now).toHaveLength(1);
    const old = ['/assets/vitrine-0123456789ab.css', '/assets/score-sheet-0123456789ab.js'];
    await page.evaluate(`caches.open('vitrine-assets').then((cache) => Promise.all(
      ${JSON.stringify(old)}.map((name) => cache.put(name, new Response('old')))))`);
    await page.reload();
    await isReady(page);
    await until('the old ones are gone', async () => !(await names()).some((name) => old.includes(name)));
    expect(await names()).toEqual(expect.arrayContaining(now));
  });

  it('who signs out leaves no copy of a sheet behind', async () => {
    const { client, path } = await aScorer();
    const device = await aDevice(client, path);
    const page = await device.open();
    await isReady(page);
    const kept = () =>
      page.evaluate(`caches.keys().then((names) => names.filter((name) => name.includes('sheets')).length)`);
    expect(await kept()).toBe(1);
    await page.tap(level('clarity', 'advanced'));
    await says(page, 'saved on the server');
    expect(await storedAnswers(page)).toBe(1);
    await page.evaluate(`fetch('/sign-out', { method: 'POST' })`);
    await until('the copy is gone', async () => (await kept()) === 0);
    await until('no answer is left', async () => (await storedAnswers(page)) === 0);
  });
});

describe('two pages on one phone', () => {
  it('show each other what they change, and make no conflict of it', async () => {
    const { client, path, stored } = await aScorer();
    const device = await aDevice(client, path);
    const [one, other] = [await device.open(), await device.open()];
    await one.bringToFront();
    await one.tap(level('clarity', 'advanced'));
    await until('the other page shows it', () => isChosen(other, 'clarity', 'advanced'));
    await other.bringToFront();
    await other.tap(level('clarity', 'proficient'));
    await until('the first page shows it', () => isChosen(one, 'clarity', 'proficient'));
    await until('it stands', async () => (await stored())?.answer('clarity').levelId === 'proficient');
    expect((await stored())?.journal.map(({ outcome }) => outcome)).toEqual([undefined, undefined]);
  });

  it('send what an earlier version of the page left behind', async () => {
    const { client, path, seatId, stored } = await aScorer();
    const device = await aDevice(client, path);
    const page = await device.open();
    const left = {
      id: 'left-behind-1',
      order: '1',
      change: { kind: 'set-level', criterionId: 'clarity', levelId: 'advanced' },
    };
    await page.evaluate(
      `localStorage.setItem('vitrine.score.${seatId}.left-behind-1', ${JSON.stringify(JSON.stringify(left))})`,
    );
    await page.reload();
    await until('it went out', async () => (await stored())?.answer('clarity').levelId === 'advanced');
    expect((await stored())?.journal.map(({ operationId }) => operationId)).toEqual(['left-behind-1']);
    expect(await page.evaluate('localStorage.length')).toBe(0);
  });
});

describe('two devices of one panelist', () => {
  it('meet in a conflict that shows both answers, and submit waits for the choice', async () => {
    const { panel, client, seatId, path, stored } = await aScorer();
    await fillSheet(client, seatId, ['developing'], { submit: false });
    const phone = await (await aDevice(client, path)).open();
    await isReady(phone);
    await goOffline(phone);
    await phone.tap(level('clarity', 'advanced'));
    await says(phone, '1 change waits');
    network.mend();

    const tablet = await (await aDevice(await panel.as('panelist-0'), path)).open();
    await tablet.tap(level('clarity', 'proficient'));
    await until(
      'the tablet is first',
      async () => (await stored())?.answer('clarity').levelId === 'proficient',
    );

    await goOnline(phone);
    await until('both answers stand on the page', async () => (await phone.$('[data-conflict]')) !== null);
    const box = await textOf(phone, '[data-criterion="clarity"] [data-conflict]');
    expect(box).toMatch(/On this device\W+Advanced/i);
    expect(box).toMatch(/another device or page\W+Proficient/i);
    expect((await stored())?.answer('clarity').levelId).toBe('proficient');
    expect((await client.post(`/seats/${seatId}/sheet/submit`)).status).toBe(409);

    await phone.tap('[data-conflict] [data-keep="mine"]');
    await until('the choice counts', async () => (await stored())?.answer('clarity').levelId === 'advanced');
    await until('the box is gone', async () => (await phone.$('[data-conflict]')) === null);
    expect(await isChosen(phone, 'clarity', 'advanced')).toBe(true);
    expect((await client.post(`/seats/${seatId}/sheet/submit`)).status).toBe(200);
  });
});
