/**
 * One panelist's sheet on two pages or two devices, in a real browser: pages of one phone agree, devices meet
 * in a conflict.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { fillSheet } from '../harness/builders/scores.js';
import {
  aStage,
  isChosen,
  isReady,
  level,
  says,
  textOf,
  until,
  type Stage,
} from '../harness/scoring-stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await aStage();
});
afterEach(() => stage.clear());
afterAll(() => stage.close());

describe('two pages on one phone', () => {
  it('show each other what they change, and make no conflict of it', async () => {
    const { client, path, stored } = await stage.aScorer();
    const device = await stage.aDevice(client, path);
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
    const { client, path, seatId, stored } = await stage.aScorer();
    const device = await stage.aDevice(client, path);
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
    const { panel, client, seatId, path, stored } = await stage.aScorer();
    await fillSheet(client, seatId, ['developing'], { submit: false });
    const phone = await (await stage.aDevice(client, path)).open();
    await isReady(phone);
    await stage.goOffline(phone);
    await phone.tap(level('clarity', 'advanced'));
    await says(phone, '1 change waits');
    stage.network.mend();

    const tablet = await (await stage.aDevice(await panel.as('panelist-0'), path)).open();
    await tablet.tap(level('clarity', 'proficient'));
    await until(
      'the tablet is first',
      async () => (await stored())?.answer('clarity').levelId === 'proficient',
    );

    await stage.goOnline(phone);
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
