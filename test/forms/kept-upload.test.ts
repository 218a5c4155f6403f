/**
 * What was typed with an upload that failed, in a real browser: it comes back where it belongs, says so, and
 * one press begins anew.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import puppeteer, { type Browser, type Page } from 'puppeteer';
import { aPanel, type TestPanel } from '../harness/builders/scores.js';
import { chromiumPath } from '../harness/services.js';
import { startApp, testPassword, type TestApp } from '../harness/start-app.js';
import { openWindow, phone, type Window } from '../harness/window.js';

let app: TestApp;
let browser: Browser;
let panel: TestPanel;
let folder: string;
let form: string;
beforeAll(async () => {
  [app, browser, folder] = await Promise.all([
    startApp(),
    puppeteer.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] }),
    mkdtemp(path.join(tmpdir(), 'kept-upload-')),
  ]);
  panel = await aPanel(app);
  form = `/students/${panel.people.student.id}/artifacts/new?kind=file`;
}, 60_000);
afterAll(async () => {
  await browser.close();
  await app.close();
  await rm(folder, { recursive: true });
});

const enter = async (): Promise<Window> => {
  const window = await openWindow(browser, app.url, phone);
  await window.signIn(panel.people.student.email!, testPassword);
  return window;
};
const says = (page: Page, words: string) =>
  page.waitForFunction(`document.body.innerText.includes(${JSON.stringify(words)})`, { timeout: 20_000 });
const typed = (page: Page) =>
  page.$$eval('main form[enctype] input[name=title], main form[enctype] textarea[name=caption]', (fields) =>
    fields.map((field) => (field as unknown as { value: string }).value),
  );
const words = ['Empty', 'What I kept from the hive.'];

describe('a work that could not be added', () => {
  it('keeps its words in that form; the next form says that they were kept and can be emptied', async () => {
    const file = path.join(folder, 'empty.pdf');
    await writeFile(file, '');
    const window = await enter();
    const { page } = window;
    await window.open(form);
    await window.upload(file);
    await page.type('input[name=title]', words[0]!);
    await page.type('textarea[name=caption]', words[1]!);
    await window.press('Add to my work');
    expect(await window.words()).toContain('“empty.pdf” is empty');
    expect(await typed(page)).toEqual(words);
    await says(page, 'Draft saved ');

    await window.open(form);
    expect(await typed(page)).toEqual(words);
    expect(await window.words()).toContain('What you typed before (');
    // What is typed now is discarded as well, and not saved while the page is left.
    await page.type('textarea[name=caption]', ' And more.');
    await window.press('Start with an empty form');
    expect(await typed(page)).toEqual(['', '']);
    await window.open(form);
    expect(await typed(page)).toEqual(['', '']);
    expect(await window.words()).not.toContain('What you typed before (');
    await window.close();
  }, 60_000);

  it('that only the device has says the same before the form, and stays away once it is emptied', async () => {
    const window = await enter();
    const { page } = window;
    await window.open(form);
    for (const { name } of await page.cookies()) if (name === 'vitrine') await page.deleteCookie({ name });
    await page.type('textarea[name=caption]', words[1]!);
    await says(page, 'You are signed out');
    await window.signIn(panel.people.student.email!, testPassword);

    await window.open(form);
    await says(page, 'was kept on this device and is in this form');
    // Still there once the server has it, too.
    await says(page, 'Draft saved ');
    expect(await window.words()).toContain('was kept on this device and is in this form');
    expect(await typed(page)).toEqual(['', words[1]]);
    await window.press('Start with an empty form');
    expect(await typed(page)).toEqual(['', '']);
    await window.open(form);
    expect(await typed(page)).toEqual(['', '']);
    await window.open('/drafts');
    expect(await window.words()).toContain('Everything you typed is saved');
    await window.close();
  }, 60_000);
});
