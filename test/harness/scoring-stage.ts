/**
 * A stage for scoring without a network: an app behind a network that can be cut, devices in a real browser
 * at phone width that share nothing with each other, and what a score sheet's page shows and keeps.
 */
import puppeteer, { type BrowserContext, type Page } from 'puppeteer';
import { aPanel, storedSheet } from './builders/scores.js';
import type { Client } from './client.js';
import { cuttableNetwork } from './cuttable-network.js';
import { chromiumPath } from './services.js';
import { startApp, type TestApp } from './start-app.js';

export type Stage = Awaited<ReturnType<typeof aStage>>;

export async function aStage() {
  const app = await startApp();
  const network = await cuttableNetwork(app.url);
  const browser = await puppeteer.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] });
  const opened: BrowserContext[] = [];

  /** A device of its own: cookies, storage and service worker are shared with no other. */
  const aDevice = async (client: Client, path: string) => {
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
  };

  return {
    app,
    network,
    aDevice,
    aScorer: () => aScorer(app),
    /** No network for the page, and none for its service worker. */
    goOffline: async (page: Page): Promise<void> => {
      network.cut();
      await page.setOfflineMode(true);
    },
    goOnline: async (page: Page): Promise<void> => {
      network.mend();
      await page.setOfflineMode(false);
    },
    /** After a test: the network is whole, and nobody's device is left. */
    clear: async (): Promise<void> => {
      network.mend();
      for (const context of opened.splice(0)) await context.close();
    },
    close: async (): Promise<void> => {
      await browser.close();
      await network.close();
      await app.close();
    },
  };
}

async function aScorer(app: TestApp) {
  const panel = await aPanel(app, { rubric: 'oral-communication' });
  const client = await panel.as('panelist-0');
  const seatId = panel.seats[0]!.id;
  const path = `/seats/${seatId}/sheet`;
  return { panel, client, seatId, path, stored: () => storedSheet(panel, seatId) };
}

export async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 250; attempt += 1) {
    if (await condition().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`it did not happen: ${what}`);
}

export const level = (row: string, id: string) =>
  `label.level-choice:has(input[name="level.${row}"][value="${id}"])`;
export const isChosen = (page: Page, row: string, id: string) =>
  page.$eval(
    `input[name="level.${row}"][value="${id}"]`,
    (input) => (input as unknown as { checked: boolean }).checked,
  );
export const wordsIn = (page: Page, name: string) =>
  page.$eval(`textarea[name="${name}"]`, (area) => (area as unknown as { value: string }).value);
export const textOf = (page: Page, selector: string) =>
  page.$eval(selector, (node) => (node as unknown as { innerText: string }).innerText.replace(/\s+/g, ' '));
export const says = (page: Page, words: string | RegExp) =>
  until(`the page says ${String(words)}`, async () => {
    const text = await textOf(page, '.scoring-state');
    return typeof words === 'string' ? text.includes(words) : words.test(text);
  });
export const isReady = (page: Page) =>
  until('the page is kept for later', () =>
    page.$eval('html', (html) => html.getAttribute('data-offline') === 'ready'),
  );

/** How many sheets the browser's own store has answers of. */
export const storedAnswers = (page: Page): Promise<unknown> =>
  page.evaluate(`new Promise((resolve) => {
    const opening = indexedDB.open('vitrine-scores');
    opening.onsuccess = () => {
      const asked = opening.result.transaction('sheets').objectStore('sheets').getAll();
      asked.onsuccess = () => (opening.result.close(), resolve(asked.result.filter((kept) => kept.answer).length));
    };
  })`);

/** Whether the browser's own store holds these words, as an answer in the making or as a change that waits. */
export const storedWords = (page: Page, words: string): Promise<unknown> =>
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
