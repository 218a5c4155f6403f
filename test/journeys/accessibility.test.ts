/**
 * Every page of the router, asked for by every persona that may open it: it has the styles of everything on
 * it, and what is typed into any of its forms can be kept and shown again; its searches can be sent as they
 * are. Each page that looks different is opened in a real browser: no axe violation, one first heading,
 * nothing wider than the screen, nothing refused by the content policy. The list of pages comes from the rows
 * of the permission matrix, so a new page is looked at by itself.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import puppeteer, { type Browser, type Page } from 'puppeteer';
import { permissionRows } from '../access/permission-rows/all.js';
import { personas, type Persona, type Row } from '../access/permission-rows/row.js';
import { buildWorld, type World } from '../harness/builders/world.js';
import { addressOf, makerFor } from '../harness/knock.js';
import { unstyledClasses } from '../harness/page-classes.js';
import { faultsOf, views } from '../harness/page-faults.js';
import { fieldsLost, searchesOf, unmarkedForms } from '../harness/refill.js';
import { chromiumPath } from '../harness/services.js';
import { startApp, type TestApp } from '../harness/start-app.js';

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

  const styleOf = (name: string): string => app.context.assets.find(name)!.body.toString('utf8');

  it.each(pages.map((row) => [row.route, row] as const))(
    '%s',
    async (_route, row) => {
      const seen = new Set<string>();
      const faults: string[] = [];
      const make = makerFor(row, world);
      for (const persona of personas.filter((each) => opens(row, each))) {
        const path = addressOf(row, world, await make(persona));
        const { text, status, headers } = await (await world.client(persona)).get(path, { as: 'page' });
        if (!headers.get('content-type')?.startsWith('text/html') || status >= 500 || status === 303)
          continue;
        const wrong = [
          ...unstyledClasses(text, styleOf).map((name) => `.${name} has no style`),
          ...unmarkedForms(text).map((form) => `cannot be filled again: ${form}`),
          ...fieldsLost(text).map((field) => `loses ${field}`),
        ];
        for (const search of searchesOf(text, path)) {
          const found = await (await world.client(persona)).get(search, { as: 'page' });
          if (found.status >= 400) wrong.push(`its form cannot be sent as it is: ${search} ${found.status}`);
        }
        // The frame around it is looked at on `/`, for everybody.
        const inside = path === '/' ? text : text.slice(text.indexOf('<main'));
        const shape = looksOf(inside);
        if (!seen.has(shape)) {
          const among = seen.size === 0 ? views : views.slice(0, 1);
          wrong.push(...(await faultsOf(await windowOf(persona), app.url + path, among)));
        }
        seen.add(shape);
        faults.push(...wrong.map((fault) => `${persona}: ${fault}`));
      }
      expect(faults).toEqual([]);
    },
    120_000,
  );
});

/**
 * A page without what makes no difference to its looks: its words, ids, where links and forms lead, what
 * hidden fields carry.
 */
const looksOf = (html: string): string =>
  html
    .replace(/>[^<]*</g, '><')
    .replace(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, 'id')
    .replace(/ (href|action|formaction)="(?!#)[^"]*"/g, ' $1')
    .replace(/<input\b[^>]*\btype="hidden"[^>]*>/g, '<input type="hidden">');

const aCookie = { expires: -1, httpOnly: true, secure: false } as const;
