/**
 * Every page of the router, opened in a real browser by every persona that may open it: no axe violation, one first
 * heading, nothing wider than the screen, nothing refused by the content policy. The list of pages comes from the rows of
 * the permission matrix, so a new page is looked at by itself.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Result } from 'axe-core';
import puppeteer, { type Browser, type Page } from 'puppeteer';
import { permissionRows } from '../access/permission-rows/all.js';
import { personas, type Persona, type Row } from '../access/permission-rows/row.js';
import { buildWorld, type World } from '../harness/builders/world.js';
import { addressOf } from '../harness/knock.js';
import { chromiumPath } from '../harness/services.js';
import { startApp, type TestApp } from '../harness/start-app.js';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A phone by day and a desk by night: the four combinations differ pairwise in nothing that these two do not show. */
const views = [
  { width: 390, height: 844, scheme: 'light' },
  { width: 1280, height: 900, scheme: 'dark' },
] as const;

const pages = permissionRows.filter((row) => row.route.startsWith('GET '));
const opens = (row: Row, persona: Persona): boolean =>
  (row.expect[persona] ?? row.otherwise) === 'ok' ||
  (persona === 'visitor' && (row.expect.visitor ?? row.otherwise) === 'gone');

describe('every page', () => {
  let app: TestApp;
  let world: World;
  let browser: Browser;
  const windows = new Map<Persona, Page>();

  beforeAll(async () => {
    app = await startApp();
    world = await buildWorld(app);
    browser = await puppeteer.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] });
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await app.close();
  });

  /** The persona's own browser window, signed in. */
  async function windowOf(persona: Persona): Promise<Page> {
    const known = windows.get(persona);
    if (known) return known;
    const page = await (await browser.createBrowserContext()).newPage();
    const { cookies } = await world.client(persona);
    const domain = new URL(app.url).hostname;
    for (const [name, value] of cookies)
      await page.browserContext().setCookie({ ...{ name, value, domain, path: '/' }, ...aCookie });
    windows.set(persona, page);
    return page;
  }

  it.each(pages.map((row) => [row.route, row] as const))(
    '%s',
    async (_route, row) => {
      const path = addressOf(row, world);
      const seen = new Set<string>();
      const faults: string[] = [];
      for (const persona of personas.filter((each) => opens(row, each))) {
        const answer = await (await world.client(persona)).get(path, { as: 'page' });
        if (!answer.headers.get('content-type')?.startsWith('text/html') || answer.status >= 500) continue;
        // The frame around it is looked at on `/`, for everybody.
        const inside = path === '/' ? answer.text : answer.text.slice(answer.text.indexOf('<main'));
        const shape = inside.replace(/>[^<]*</g, '><');
        if (answer.status === 303 || seen.has(shape)) continue;
        seen.add(shape);
        const page = await windowOf(persona);
        for (const view of seen.size === 1 ? views : views.slice(0, 1)) {
          faults.push(
            ...(await faultsOf(page, app.url + path, view)).map(
              (fault) => `${persona} ${view.width}: ${fault}`,
            ),
          );
        }
      }
      expect(faults).toEqual([]);
    },
    120_000,
  );
});

const aCookie = { expires: -1, httpOnly: true, secure: false } as const;

async function faultsOf(page: Page, url: string, view: (typeof views)[number]): Promise<string[]> {
  const faults: string[] = [];
  const listen = (message: { type(): string; text(): string }) => {
    if (/Content.Security.Policy/i.test(message.text())) faults.push(message.text());
  };
  page.on('console', listen);
  await page.setViewport({ width: view.width, height: view.height });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: view.scheme }]);
  await page.goto(url, { waitUntil: 'load' });
  const shape = (await page.evaluate(
    `({ headings: document.querySelectorAll('h1').length, over: document.documentElement.scrollWidth - innerWidth, title: document.title })`,
  )) as { headings: number; over: number; title: string };
  if (shape.headings !== 1) faults.push(`${shape.headings} first headings`);
  if (shape.over > 0) faults.push(`${shape.over} px wider than the screen`);
  if (shape.title.startsWith(' ·')) faults.push('no title');
  await page.evaluate(axeSource);
  const { violations } = (await page.evaluate(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => ({ violations }))`,
  )) as { violations: Result[] };
  for (const violation of violations) {
    faults.push(
      `${violation.id}: ${violation.nodes
        .map((node) => node.html.slice(0, 120))
        .slice(0, 3)
        .join(' | ')}`,
    );
  }
  page.off('console', listen);
  return faults;
}
