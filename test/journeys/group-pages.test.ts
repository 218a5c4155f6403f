/** The pages on which a group looks unlike somebody alone, in a real browser. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import puppeteer, { type Browser } from 'puppeteer';
import { aGroup, type TestGroup } from '../harness/builders/group.js';
import type { Client } from '../harness/client.js';
import { faultsOf } from '../harness/page-faults.js';
import { chromiumPath } from '../harness/services.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let app: TestApp;
let browser: Browser;
let group: TestGroup;
beforeAll(async () => {
  app = await startApp();
  browser = await puppeteer.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] });
  group = await aGroup(app);
  const each = ['emerging', 'developing', 'advanced'];
  await group.fill('panelist-0', { group: 'advanced', each });
  await group.fill('panelist-1', { group: 'emerging', each });
  await group.fill('panelist-2', { group: 'emerging', each: ['advanced', 'advanced', 'advanced'] }, false);
  await group.absent(2);
}, 120_000);
afterAll(async () => {
  await browser.close();
  await app.close();
});

async function look(client: Client, path: string): Promise<string[]> {
  const page = await (await browser.createBrowserContext()).newPage();
  const domain = new URL(app.url).hostname;
  for (const [name, value] of client.cookies)
    await page
      .browserContext()
      .setCookie({ name, value, domain, path: '/', expires: -1, httpOnly: true, secure: false });
  const faults = await faultsOf(page, app.url + path);
  await page.browserContext().close();
  return faults;
}

it.each<[string, (group: TestGroup) => [who: string, path: string]]>([
  ['the presentation, for those who plan', ({ slotId }) => ['registrar', `/slots/${slotId}`]],
  ['the day', ({ exhibitionId }) => ['registrar', `/exhibitions/${exhibitionId}`]],
  ['a sheet in the making', ({ seats }) => ['panelist-2', `/seats/${seats[2]!.id}/sheet`]],
  ['the sheet at a glance', ({ seats }) => ['panelist-2', `/seats/${seats[2]!.id}/sheet/review`]],
  ['a member’s result', ({ members }) => ['registrar', `/slots/${members[1]!.slotId}/result`]],
])('%s', async (_name, where) => {
  const [who, path] = where(group);
  expect(await look(await group.as(who), path)).toEqual([]);
});

it('the talk of the panel, and what a member reads in the end', async () => {
  await (await group.as('panelist-0')).post(`/slots/${group.slotId}/reveal`);
  const { slotId, client } = group.members[1]!;
  expect(await look(await group.as('panelist-0'), `/slots/${slotId}/reveal?decide=clarity`)).toEqual([]);
  await group.moveTo('closed', 'scoring');
  expect((await group.publish(1)).status).toBe(200);
  expect(await look(client, `/slots/${slotId}/result`)).toEqual([]);
});
