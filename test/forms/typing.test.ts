/**
 * What the script of the forms does in a real browser: drafts, copies on the device, asking before leaving,
 * signing out.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import puppeteer, { type Browser, type Page } from 'puppeteer';
import { aPanel, type TestPanel } from '../harness/builders/scores.js';
import { chromiumPath } from '../harness/services.js';
import { startApp, testPassword, type TestApp } from '../harness/start-app.js';
import { desk, openWindow, type Window } from '../harness/window.js';

let app: TestApp;
let browser: Browser;
let panel: TestPanel;
let path: string;
beforeAll(async () => {
  [app, browser] = await Promise.all([
    startApp(),
    puppeteer.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] }),
  ]);
  panel = await aPanel(app);
  path = `/students/${panel.people.student.id}/narratives/new?termId=${panel.home.termId}`;
}, 60_000);
afterAll(async () => {
  await browser.close();
  await app.close();
});

const enter = async (who: 'student' | 'admin' | 'advisor'): Promise<Window> => {
  const window = await openWindow(browser, app.url, desk);
  await window.signIn(panel.people[who].email!, testPassword);
  return window;
};
const says = (page: Page, words: string) =>
  page.waitForFunction(
    `document.querySelector('.draft-state')?.textContent.includes(${JSON.stringify(words)})`,
    {
      timeout: 20_000,
    },
  );
const typed = (page: Page) => page.$eval('textarea', ({ value }) => value);
const copies = (page: Page) =>
  page.evaluate(
    "Object.entries(localStorage).filter(([name]) => name.startsWith('vitrine-typed:'))",
  ) as Promise<string[][]>;

describe('somebody who types a long text', () => {
  it('finds it again after clicking away, and it ends when the form is saved', async () => {
    const window = await enter('student');
    const { page } = window;
    await window.open(path);
    await page.type('textarea', 'I learned to weld.');
    await says(page, 'Draft saved ');
    const kept = await copies(page);
    expect([kept.length, JSON.stringify(kept).includes('weld')]).toEqual([1, false]);
    await window.open('/');
    await window.open(path);
    expect(await typed(page)).toBe('I learned to weld.');
    expect(await window.words()).toContain('What you typed before (');
    await window.press('Save draft');
    expect(await copies(page)).toEqual([]);
    await window.open('/drafts');
    expect(await window.words()).toContain('Everything you typed is saved');
    await window.close();
  }, 60_000);

  it('without a connection keeps it on the device, and sends it as soon as there is one', async () => {
    const window = await enter('advisor');
    const { page } = window;
    await window.open(path);
    await page.setOfflineMode(true);
    await page.type('textarea', 'Written on the train.');
    await says(page, 'saved on this device');
    // Sent without a connection, the page stays as it is.
    await page.click('form.narrative-form button.primary');
    await says(page, 'Not sent: there is no connection.');
    expect(await typed(page)).toBe('Written on the train.');
    await page.setOfflineMode(false);
    await says(page, 'Draft saved ');
    expect((await (await panel.as('advisor')).get('/drafts')).text).toContain('Written on the train.');
    // Whoever signs out leaves nothing on the device; the server keeps the draft.
    await page.type('textarea', ' More.');
    await window.press('Sign out');
    expect(await copies(page)).toEqual([]);
    await window.signIn(panel.people.advisor.email!, testPassword);
    await window.open(path);
    expect(await typed(page)).toBe('Written on the train. More.');
    await window.close();
  }, 60_000);

  it('is told of an ended sign-in while typing, and loses nothing by sending the form then', async () => {
    const window = await enter('student');
    const { page } = window;
    const plan = `/students/${panel.people.student.id}/plan`;
    await window.open(plan);
    for (const { name } of await page.cookies()) if (name === 'vitrine') await page.deleteCookie({ name });
    await page.type('textarea[name="aim"]', 'To build a bridge');
    await says(page, 'You are signed out');
    await window.press('Save');
    expect(await window.words()).toContain('What you typed is kept');
    await window.fill('Email or username', panel.people.student.email!);
    await window.fill('Password', testPassword);
    await window.press('Sign in');
    expect(await page.$eval('textarea[name="aim"]', ({ value }) => value)).toBe('To build a bridge');
    await window.press('Save');
    expect((await (await panel.as('student')).get(plan)).text).toContain('To build a bridge');
    await window.close();
  }, 60_000);
});

describe('a form that was refused', () => {
  it('keeps what was sent last, also where the device has an older copy', async () => {
    const window = await enter('student');
    const { page } = window;
    const plan = `/students/${panel.people.student.id}/plan`;
    await window.open(plan);
    await page.setOfflineMode(true);
    await page.type('textarea[name="goals"]', 'Older');
    await says(page, 'saved on this device');
    const long = 'x'.repeat(2100);
    await page.evaluate(`document.querySelector('textarea[name="aim"]').value = '${long}'`);
    await page.setOfflineMode(false);
    await Promise.all([
      page.waitForNavigation(),
      page.evaluate(`document.querySelector('textarea[name="aim"]').form.submit()`),
    ]);
    await says(page, 'Draft saved ');
    expect(await page.$eval('textarea[name="aim"]', ({ value }) => value)).toBe(long);
    expect(await window.words()).not.toContain('somebody has saved a newer version');
    await window.close();
  }, 60_000);
});

describe('somebody who changes a form without long texts', () => {
  it('is asked before the page is left, and not when nothing was changed or it is saved', async () => {
    const window = await enter('admin');
    const { page } = window;
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.type());
      void dialog.accept();
    });
    await window.open('/school');
    await window.open('/');
    expect(asked).toEqual([]);
    await window.open('/school');
    await page.type('input[name="motto"]', 'Learn by doing');
    await window.press('Save settings');
    expect(asked).toEqual([]);
    await page.type('input[name="motto"]', ' and caring');
    await window.open('/');
    expect(asked).toEqual(['beforeunload']);
    // Signing out loses it as well.
    await window.open('/school');
    asked.length = 0;
    await window.press('Sign out');
    expect(asked).toEqual([]);
    await window.signIn(panel.people.admin.email!, testPassword);
    await window.open('/school');
    await page.type('input[name="motto"]', ' and joy');
    await window.press('Sign out');
    expect(asked).toEqual(['confirm']);
    await window.close();
  }, 60_000);
});
