/**
 * The score sheet in a real browser at phone width: what is chosen is saved, what cannot be sent waits and is not lost.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AxePuppeteer } from '@axe-core/puppeteer';
import puppeteer, { type Browser, type BrowserContext, type Page } from 'puppeteer';
import { aPanel, fillSheet, storedSheet } from '../harness/builders/scores.js';
import { chromiumPath } from '../harness/services.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let app: TestApp;
let browser: Browser;
beforeAll(async () => {
  app = await startApp();
  browser = await puppeteer.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] });
});
afterAll(async () => {
  await browser.close();
  await app.close();
});

const opened: BrowserContext[] = [];
afterEach(async () => {
  for (const context of opened.splice(0)) await context.close();
});

async function aPhone() {
  const panel = await aPanel(app, { rubric: 'oral-communication' });
  const client = await panel.as('panelist-0');
  const seatId = panel.seats[0]!.id;
  const context = await browser.createBrowserContext();
  opened.push(context);
  const open = async (path = `/seats/${seatId}/sheet`): Promise<Page> => {
    const page = await context.newPage();
    await page.setViewport({ width: 390, height: 844, hasTouch: true, isMobile: true });
    for (const [name, value] of client.cookies) await context.setCookie({ name, value, domain: '127.0.0.1' });
    await page.goto(app.url + path, { waitUntil: 'load' });
    return page;
  };
  return { panel, client, seatId, open, stored: () => storedSheet(panel, seatId) };
}

const levelOf = (row: string, level: string) =>
  `label.level-choice:has(input[name="level.${row}"][value="${level}"])`;
const stateOf = (page: Page) =>
  page.$eval('.scoring-state', (line) =>
    (line as unknown as { innerText: string }).innerText.replace(/\s+/g, ' '),
  );

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 250; attempt += 1) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('it did not happen within 25 seconds');
}

describe('the score sheet on a phone', () => {
  it('saves a tap at once and words after a pause, and says so', async () => {
    const { open, stored } = await aPhone();
    const page = await open();
    await page.tap(levelOf('clarity', 'p-a'));
    await until(async () => (await stored())?.answer('clarity').levelId === 'p-a');
    await page.type('textarea[name="comment.clarity"]', 'Clear from the start.');
    await until(async () => (await stored())?.answer('clarity').comment === 'Clear from the start.');
    await until(async () => /^1 of 7 saved on the server \d/.test(await stateOf(page)));
    expect(await page.$$eval('.dot.answered', (dots) => dots.length)).toBe(1);
    expect(
      await page.$eval(levelOf('clarity', 'p-a'), (label) => label.getBoundingClientRect().height),
    ).toBeGreaterThanOrEqual(44);
  });

  it('keeps what cannot be sent, over a closed page too, and sends it once the way is open', async () => {
    const { open, stored } = await aPhone();
    const page = await open();
    await page.setOfflineMode(true);
    await page.tap(levelOf('evidence', 'developing'));
    await until(async () => (await stateOf(page)).includes('saved on this phone · 1 change waits'));
    await page.tap(levelOf('evidence', 'proficient'));
    await until(async () => (await stateOf(page)).includes('saved on this phone · 2 changes wait'));
    expect(await stored()).toBeNull();
    await page.close();

    const again = await open();
    await until(async () => (await stored())?.answer('evidence').levelId === 'proficient');
    expect((await stored())?.journal.length).toBe(2);
    expect(
      await again.$eval(
        `${levelOf('evidence', 'proficient')} input`,
        (input) => (input as unknown as { checked: boolean }).checked,
      ),
    ).toBe(true);
  });

  it('sends again what the server took without being able to say so, and it counts once', async () => {
    const { open, stored } = await aPhone();
    const page = await open();
    let cut = 0;
    await page.setRequestInterception(true);
    page.on('request', (request) => {
      if (!request.url().endsWith('/operations') || cut > 0) return void request.continue();
      cut += 1;
      // The server gets it, the phone never hears of it.
      void fetch(request.url(), {
        method: 'POST',
        headers: { ...request.headers(), cookie: cookies },
        body: request.postData() ?? '',
      }).then(() => request.abort('connectionreset'));
    });
    const cookies = (await page.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    await page.tap(levelOf('clarity', 'advanced'));
    await until(async () => /saved on the server/.test(await stateOf(page)));
    expect(cut).toBe(1);
    expect((await stored())?.journal.length).toBe(1);
  });

  it('does not move the page when the dots follow', async () => {
    const { open } = await aPhone();
    const page = await open();
    await page.$eval('#c-language-use', (row) => row.scrollIntoView());
    const before = await page.evaluate('window.scrollY');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await page.evaluate('window.scrollY')).toBe(before);
    expect(await page.$eval('[data-dot="language-use"]', (dot) => dot.getAttribute('aria-current'))).toBe(
      'true',
    );
  });

  it('goes from the last answer over the review to the seal', async () => {
    const { open, client, seatId, stored } = await aPhone();
    await fillSheet(client, seatId, ['proficient', null], { submit: false });
    const page = await open();
    await page.type('textarea[name="overall"]', 'Well argued.');
    await Promise.all([page.waitForNavigation(), page.tap('.scoring-foot .primary')]);
    expect((await stored())?.overallComment).toBe('Well argued.');
    expect(page.url()).toContain('/review');
    await Promise.all([page.waitForNavigation(), page.tap('form .primary')]);
    expect((await stored())?.state).toBe('submitted');
    expect(await page.$('input[type="radio"]')).toBeNull();
  });
});

describe('accessibility', () => {
  it('axe finds nothing on the pages of rubrics, scores and results', async () => {
    const { open, client, seatId, panel } = await aPhone();
    await fillSheet(client, seatId, ['proficient', 'e-d', null], { comment: 'Words.', submit: false });
    const paths = [
      '/rubrics',
      '/rubrics/oral-communication',
      `/seats/${seatId}/sheet`,
      `/seats/${seatId}/sheet/review`,
    ];
    const found: string[] = [];
    const check = async (path: string) => {
      const page = await open(path);
      const { violations } = await new AxePuppeteer(page).analyze();
      found.push(...violations.map((one) => `${path}: ${one.id} ${one.nodes[0]?.html ?? ''}`));
      await page.close();
    };
    for (const path of paths) await check(path);
    await client.post(`/seats/${seatId}/sheet/submit`);
    for (const path of [`/seats/${seatId}/sheet`, `/slots/${panel.slotId}/result`]) await check(path);
    expect(found).toEqual([]);
  });
});
