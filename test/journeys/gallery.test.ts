/**
 * A visitor with a phone at two stands of a gallery: scan, a name once, a few words, no network for a while;
 * and the student reads.
 */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import puppeteer, { type Browser } from 'puppeteer';
import { aGallery, doorOf } from '../harness/builders/visits.js';
import type { Client } from '../harness/client.js';
import { chromiumPath } from '../harness/services.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { openWindow, phone, type Window } from '../harness/window.js';
import { faults, openSignedIn } from '../harness/window-acts.js';
import { on } from '../harness/builders/exhibition.js';

let app: TestApp;
let browser: Browser;
beforeAll(async () => {
  app = await startApp({ clock: { now: () => new Date(on('09:20')) } });
  browser = await puppeteer.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] });
}, 60_000);
afterAll(async () => {
  await browser.close();
  await app.close();
});

const phoneOf = (client: Client): Promise<Window> => openSignedIn(browser, app.url, phone, client);

/** Waits until the page says so. */
const says = (window: Window, text: string) =>
  window.page.waitForFunction(`document.body.innerText.includes(${JSON.stringify(text)})`, {
    timeout: 60_000,
    polling: 200,
  });

it('visits two stands, and nothing typed is lost', async () => {
  const gallery = await aGallery(app);
  const [visitor, student] = await Promise.all([
    openWindow(browser, app.url, phone),
    phoneOf(gallery.student),
  ]);
  await student.open(`/slots/${gallery.slots[0]}/visits`);
  expect(await student.words()).toContain('Your first visitor’s words');
  expect(await faults(student)).toEqual([]);

  await visitor.open(doorOf(gallery.signs[0]!));
  expect(await faults(visitor)).toEqual([]);
  await visitor.fill('Your name', 'Jun Sato');
  await visitor.tick('Mentor');
  await visitor.press('See the work');
  expect(await faults(visitor)).toEqual([]);
  await visitor.fill('What stayed with me', 'How she tied the last knot.');

  // The page goes away before anything was sent: what was typed is on the phone.
  await visitor.open(visitor.path());
  await says(visitor, 'Kept on this phone');
  expect(
    await visitor.page.$eval('[name="feedback.0"]', (node) => (node as unknown as { value: string }).value),
  ).toBe('How she tied the last knot.');

  await visitor.page.setOfflineMode(true);
  await visitor.tap('Leave it here');
  await says(visitor, 'No network. It is kept on this phone');
  expect(await faults(visitor)).toEqual([]);
  await visitor.page.setOfflineMode(false);
  await says(visitor, 'Thank you. Ana Prado will be glad of it.');
  expect(await visitor.words()).toContain('You can change it until');

  // The student's page follows by itself.
  await says(student, 'How she tied the last knot.');
  expect(await student.words()).toContain('One person visited');
  expect(await faults(student)).toEqual([]);

  await visitor.open(doorOf(gallery.signs[1]!));
  await visitor.press('Continue as Jun Sato');
  await visitor.tap('Score as well').catch(() => visitor.page.click('details.visit-score summary'));
  await visitor.tick('Extending');
  await visitor.press('Leave it here');
  expect(await visitor.words()).toContain('Thank you. Yonas Tesfaye');
  await visitor.open('/visits');
  expect(await visitor.words()).toContain('Ana Prado');
  expect(await faults(visitor)).toEqual([]);
}, 180_000);
