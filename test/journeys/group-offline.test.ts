/**
 * A group's sheet on a phone that loses the network: what is about the group and about each member arrives
 * under its own row.
 */
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { aGroup } from '../harness/builders/group.js';
import { storedSheet } from '../harness/builders/scores.js';
import { aStage, isChosen, isReady, level, says, until, type Stage } from '../harness/scoring-stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await aStage();
});
afterEach(() => stage.clear());
afterAll(() => stage.close());

it('keeps every tap where it belongs, and a submit on the way', async () => {
  const group = await aGroup(stage.app);
  const seatId = group.seats[0]!.id;
  await group.fill('panelist-0', { group: 'developing', each: ['emerging', 'emerging', 'emerging'] }, false);
  const device = await stage.aDevice(await group.as('panelist-0'), `/seats/${seatId}/sheet`);
  const page = await device.open();
  await isReady(page);
  await stage.goOffline(page);
  const own = [0, 1, 2].map((member) => group.row('language-use', member));
  await page.tap(level('clarity', 'advanced'));
  for (const [at, row] of own.entries())
    await page.tap(level(row, ['developing', 'proficient', 'advanced'][at]!));
  await says(page, /4 .*wait/);
  await page.reload();
  for (const [at, row] of own.entries())
    expect(await isChosen(page, row, ['developing', 'proficient', 'advanced'][at]!)).toBe(true);
  await page.tap('button[value="review"]');
  await page.waitForSelector('#offline-review:not([hidden])');
  const words = await page.$eval(
    '#offline-review',
    (node) => (node as unknown as { innerText: string }).innerText,
  );
  expect(words).toContain('Mei Lin: Language use');
  await page.tap('#offline-review [data-submit]');
  await stage.goOnline(page);
  await until('it is sealed', async () => (await storedSheet(group, seatId))?.state === 'submitted');
  const stored = (await storedSheet(group, seatId))!;
  expect([stored.answer('clarity').levelId, ...own.map((row) => stored.answer(row).levelId)]).toEqual([
    'advanced',
    'developing',
    'proficient',
    'advanced',
  ]);
});
