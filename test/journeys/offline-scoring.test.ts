/**
 * Scoring without a network, in a real browser at phone width: the page opens and works, nothing is lost when
 * the tab dies, everything reaches the server exactly once; somebody else sees none of it.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { fillSheet } from '../harness/builders/scores.js';
import {
  aStage,
  isChosen,
  isReady,
  level,
  says,
  storedAnswers,
  storedWords,
  textOf,
  until,
  wordsIn,
  type Stage,
} from '../harness/scoring-stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await aStage();
});
afterEach(() => stage.clear());
afterAll(() => stage.close());

describe('a panelist without network', () => {
  it('scores, loses the tab, goes on, submits, and all of it arrives once', async () => {
    const { client, path, seatId, stored } = await stage.aScorer();
    await fillSheet(client, seatId, ['developing'], { submit: false });
    const before = (await stored())!.journal.length;
    const device = await stage.aDevice(client, path);
    const first = await device.open();
    await isReady(first);

    await stage.goOffline(first);
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
    // The words that were left by the tap are enough for that to be said: what counts is that the tap has arrived, too.
    await until('the tap lies on the phone', async () => Boolean(await storedWords(second, 'proficient')));
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

    await stage.goOnline(second);
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
    const { panel, client, path, stored } = await stage.aScorer();
    const device = await stage.aDevice(client, path);
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
    const { panel, client, path, stored } = await stage.aScorer();
    const device = await stage.aDevice(client, path);
    const page = await device.open();
    await isReady(page);
    await stage.goOffline(page);
    await page.tap(level('clarity', 'advanced'));
    await says(page, 'saved on this phone');
    await page.close();
    stage.network.mend();
    await device.signIn(await panel.as('panelist-2'));
    const stranger = await device.open();
    expect(await stranger.$('#sheet')).toBeNull();
    expect(await stranger.content()).not.toContain('Itzel');
    await stranger.close();
    // Refused once, the copy of the sheet is gone as well.
    stage.network.cut();
    const offline = await device.context.newPage();
    await expect(offline.goto(stage.network.url + path)).rejects.toThrow();
    await offline.close();
    stage.network.mend();
    expect(await stored()).toBeNull();
    // It waits for its owner alone.
    await device.signIn(await panel.as('panelist-0'));
    await device.open();
    await until('it went out', async () => (await stored())?.answer('clarity').levelId === 'advanced');
  });

  it('keeps the newest content of an asset and forgets what had its name before', async () => {
    const { client, path } = await stage.aScorer();
    const device = await stage.aDevice(client, path);
    const page = await device.open();
    await isReady(page);
    const names = () =>
      page.evaluate(`caches.open('vitrine-assets').then(async (cache) =>
        (await cache.keys()).map(({ url }) => new URL(url).pathname))`) as Promise<string[]>;
    const now = (await names()).filter((name) => name.includes('/common-'));
    expect(now).toHaveLength(1);
    const old = [
      now[0]!.replace(/-[0-9a-f]+\.css$/, '-0123456789ab.css'),
      '/assets/score-sheet-0123456789ab.js',
    ];
    await page.evaluate(`caches.open('vitrine-assets').then((cache) => Promise.all(
      ${JSON.stringify(old)}.map((name) => cache.put(name, new Response('old')))))`);
    await page.reload();
    await isReady(page);
    await until('the old ones are gone', async () => !(await names()).some((name) => old.includes(name)));
    expect(await names()).toEqual(expect.arrayContaining(now));
  });

  it('who signs out leaves no copy of a sheet behind', async () => {
    const { client, path } = await stage.aScorer();
    const device = await stage.aDevice(client, path);
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
