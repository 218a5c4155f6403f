/**
 * The panel's talk by people before a real browser, on phones: the reveal, a second thought, the consensus,
 * and what the student reads.
 */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import puppeteer, { type Browser } from 'puppeteer';
import { aTalkingPanel, type Talking } from '../harness/builders/reveal.js';
import { chromiumPath } from '../harness/services.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { phone, type Window } from '../harness/window.js';
import { faults, openSignedIn } from '../harness/window-acts.js';

let app: TestApp;
let browser: Browser;
beforeAll(async () => {
  app = await startApp();
  browser = await puppeteer.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] });
}, 60_000);
afterAll(async () => {
  await browser.close();
  await app.close();
});

/** A phone on which this person is signed in. */
const phoneOf = async (panel: Talking, who: string): Promise<Window> =>
  openSignedIn(browser, app.url, phone, await panel.as(who));

it('is opened by the chair, revised, settled, published and read', async () => {
  const panel = await aTalkingPanel(app, [
    ['extending', 'meeting', 'meeting'],
    ['beginning', 'meeting', 'meeting'],
  ]);
  const slot = `/slots/${panel.slotId}`;
  const [chair, advisor, late, student] = await Promise.all(
    ['panelist-0', 'panelist-1', 'panelist-2', 'student'].map((who) => phoneOf(panel, who)),
  );

  await advisor!.open(`${slot}/result`);
  expect(await advisor!.words()).toContain('Your sheet is sealed.');
  await advisor!.press('See who is still missing');
  expect(await advisor!.words()).toContain('Jun Sato');
  expect(await advisor!.words()).not.toContain('canary-0');

  await chair!.open(`${slot}/reveal`);
  expect(await faults(chair!)).toEqual([]);
  await chair!.press('Open the scores now');
  const opened = await chair!.words();
  for (const seen of ['canary-0', 'canary-1', 'From Beginning to Extending', 'Close together:'])
    expect(opened).toContain(seen);
  expect(await faults(chair!)).toEqual([]);

  await late!.open(`${slot}/result`);
  expect(await late!.words()).not.toContain('canary');

  await advisor!.open(`${slot}/result`);
  await advisor!.press('Go to the panel’s discussion');
  await advisor!.press('Revise my score: Commitment to Personal Vision');
  expect(await faults(advisor!)).toEqual([]);
  await advisor!.tick('Meeting');
  await advisor!.fill('What changed your mind?', 'The notebook shows the trials.');
  await advisor!.press('Revise with this reason');
  expect(await advisor!.words()).toContain('first Beginning, now Meeting');

  await chair!.open(`${slot}/reveal`);
  await chair!.press('Record a decision: Commitment to Personal Vision');
  expect(await faults(chair!)).toEqual([]);
  await chair!.tick('Meeting');
  await chair!.fill('Why?', 'We read the notebook together.');
  await chair!.press('Record the decision');
  expect(await chair!.words()).toContain('Result: Meeting');

  await student!.open(`${slot}/result`);
  expect(await student!.words()).not.toMatch(/canary|notebook/);
  await panel.moveTo('closed', 'scoring');
  await chair!.open(`${slot}/result`);
  // A sheet is missing.
  await chair!.tick('I have looked at it. Publish anyway');
  await chair!.press('Publish to Itzel Núñez');
  await student!.open(`${slot}/result`);
  const read = await student!.words();
  for (const seen of [
    'canary-0',
    'canary-1',
    'first Beginning, now Meeting',
    'The notebook shows the trials.',
    'Result: Meeting',
    'We read the notebook together.',
  ]) {
    expect(read).toContain(seen);
  }
  expect(await faults(student!)).toEqual([]);
}, 120_000);
