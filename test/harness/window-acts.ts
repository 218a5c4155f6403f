/** What people do more than once on a journey. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from '@jest/globals';
import type { Browser } from 'puppeteer';
import type { Client } from './client.js';
import { openWindow, type Window } from './window.js';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A window in which the person of this client is signed in. */
export async function openSignedIn(
  browser: Browser,
  url: string,
  viewport: Parameters<typeof openWindow>[2],
  client: Client,
): Promise<Window> {
  const window = await openWindow(browser, url, viewport);
  const domain = new URL(url).hostname;
  for (const [name, value] of client.cookies) {
    const cookie = { name, value, domain, path: '/', expires: -1, httpOnly: true, secure: false };
    await window.page.browserContext().setCookie(cookie);
  }
  return window;
}

/** What axe finds on the page: the rule and the first place. */
export async function faults(window: Pick<Window, 'page'>): Promise<string[]> {
  await window.page.evaluate(axeSource);
  return (await window.page.evaluate(
    `axe.run(document).then(({ violations }) => violations.map((one) => one.id + ' ' + one.nodes[0].html))`,
  )) as string[];
}

/** The address behind a link's name. */
export async function pathOf(window: Window, name: string): Promise<string> {
  await window.press(name);
  return window.path();
}

/** Answers every row with the level at `place` (0 is the lowest), says something, reviews and seals. */
export async function scoreSheet(window: Window, place: number, comment: string): Promise<void> {
  const rows = await window.page.$$('fieldset[data-criterion]');
  expect(rows.length).toBeGreaterThan(1);
  for (const row of rows) {
    const level = (await row.$$('label.level-choice:not(.apart)'))[place]!;
    await level.evaluate((node) =>
      (node as unknown as { scrollIntoView(how: object): void }).scrollIntoView({ block: 'center' }),
    );
    await level.click();
  }
  await window.fill('To the student, overall', comment);
  await window.press('Review and submit');
  await window.press('Submit to the panel');
  expect(await window.words()).toContain('sealed');
}

/** Watches the page of a job until it says that it is finished. */
export async function finished(window: Window): Promise<void> {
  for (let look = 0; look < 120; look += 1) {
    if ((await window.words()).includes('Finished')) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
    await window.open(window.path());
  }
  throw new Error(`the job did not finish:\n${await window.words()}`);
}

/** A download with the window's own session. */
export async function downloadPdf(window: Window, address: string): Promise<Buffer> {
  const cookie = (await window.page.browserContext().cookies())
    .map(({ name, value }) => `${name}=${value}`)
    .join('; ');
  const answer = await fetch(address, { headers: { cookie } });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/pdf']);
  return Buffer.from(await answer.arrayBuffer());
}
