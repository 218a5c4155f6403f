/**
 * The main job from end to end, by people before a real browser: student, panelist and guest on a phone, the
 * others at a desk. From the roster to the PDF that a stranger verifies. Each step stands on the one before;
 * when one fails, so do those after it.
 */
import { writeFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DateTime } from 'luxon';
import puppeteer, { type Browser } from 'puppeteer';
import sharp from 'sharp';
import { findBrokenEntry } from '../../server/audit/append-audit.js';
import { readPdf } from '../harness/read-pdf.js';
import { chromiumPath, temporaryFolder } from '../harness/services.js';
import {
  startApp,
  testPassword,
  withPublicAddress,
  type TestApp,
  type TestSchool,
} from '../harness/start-app.js';
import { at, clockFrom, schoolZone } from '../harness/test-clock.js';
import { downloadPdf, finished, pathOf, scoreSheet } from '../harness/window-acts.js';
import { desk, openWindow, phone, type Window } from '../harness/window.js';

const roster = `role,id,given name,family name,email,grade,advisory,advisor email,guardian name,guardian email,organisation
advisor,A1,Amara,Okafor,amara@school.example,,Cedar,,,,
student,S1,Itzel,Núñez,itzel@school.example,11,Cedar,amara@school.example,Rosa Núñez,rosa@family.example,
student,S2,Yonas,Tesfaye,,11,Cedar,amara@school.example,,,
panelist,P1,Femi,Bello,femi@harbor.example,,,,,,Harbor Lab
student,S3,,,,11,Cedar,,,,
`;

let app: TestApp;
let home: TestSchool;
let browser: Browser;
let folder: string;
const windows: Window[] = [];
const open = async (viewport: typeof phone | typeof desk): Promise<Window> => {
  const window = await openWindow(browser, app.url, viewport);
  windows.push(window);
  return window;
};

beforeAll(async () => {
  app = await startApp({ ...withPublicAddress, clock: clockFrom(at('10:00')) });
  home = await app.aSchool({ name: 'Riverbend School' });
  await home.person({ name: 'Mei Lin', roles: ['registrar'], email: 'registrar@school.example' });
  browser = await puppeteer.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] });
  folder = temporaryFolder();
}, 60_000);
afterAll(async () => {
  await browser.close();
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

let broken = '';
/** A step of the journey; one that stands on a broken one says so at once. */
const step = (name: string, work: () => Promise<void>): void =>
  it(name, async () => {
    if (broken) throw new Error(`not tried: "${broken}" did not work`);
    broken = name;
    await work();
    broken = '';
  });

describe('from the roster to the verified transcript', () => {
  let registrar: Window, advisor: Window, student: Window, panelist: Window, guest: Window;
  let studentPath = '';
  let slotPath = '';
  let passCode = '';
  let pdf: Buffer = Buffer.alloc(0);
  let verifyPath = '';

  step(
    'the registrar brings in the roster: the bad row is named, the good ones come in, again changes nothing',
    async () => {
      registrar = await open(desk);
      await registrar.signIn('registrar@school.example', testPassword);
      const file = path.join(folder, 'roster.csv');
      writeFileSync(file, roster);
      await registrar.open('/people/import');
      await registrar.upload(file);
      await registrar.pressOn('main form button.primary');
      expect(await registrar.words()).toContain('Itzel Núñez');
      expect(await registrar.textOf('table.register tbody tr')).toContain('6');
      await registrar.pressOn('main form button.primary');
      await registrar.open('/people/import');
      await registrar.upload(file);
      await registrar.pressOn('main form button.primary');
      expect(await registrar.words()).toMatch(/New people\s*0\s*Changed people\s*0\s*Unchanged people\s*5/);
      expect(await registrar.page.$('main form input[name=kept]')).toBeNull();
      await registrar.open('/students');
      studentPath = await pathOf(registrar, 'Itzel Núñez');
    },
  );

  step('people choose their passwords by the link that the registrar gives them', async () => {
    const enter = async (name: string, viewport: typeof phone | typeof desk): Promise<Window> => {
      await registrar.open(`/people?search=${encodeURIComponent(name)}`);
      await registrar.press(name);
      await registrar.press('Make a new password link');
      const link = new URL(await registrar.textOf('code.secret'), app.url).pathname;
      const window = await open(viewport);
      await window.open(link);
      await window.fill('New password', testPassword);
      await window.press('Save the password and sign in');
      return window;
    };
    [student, advisor, panelist] = [
      await enter('Itzel Núñez', phone),
      await enter('Amara Okafor', desk),
      await enter('Femi Bello', phone),
    ];
  });

  step('the student uploads a photo by phone, writes why, and submits the portfolio', async () => {
    const photo = path.join(folder, 'bridge.jpg');
    writeFileSync(
      photo,
      await sharp({ create: { width: 640, height: 480, channels: 3, background: '#8a6' } })
        .jpeg()
        .toBuffer(),
    );
    await student.open(`${studentPath}/artifacts/new`);
    await student.upload(photo);
    await student.fill('Title (optional)', 'The model bridge');
    await student.fill(
      'Description for those who cannot see it (optional)',
      'A bridge of spruce, a meter long',
    );
    await student.press('Add to my work');
    await student.open(`${studentPath}/portfolios`);
    await student.fill('Title', 'Bridges that hold');
    await student.fill(
      'What did you set out to do? (optional)',
      'To find out how little wood carries my own weight.',
    );
    await student.choose('Rubric', 'Exhibition');
    await student.press('Start');
    await student.tick('The model bridge');
    await student.press('Save');
    await student.fill(
      'What does this work show?',
      'It carried 61 kilograms and broke at 64, where I had expected it.',
    );
    await student.press('Save');
    await student.press('Review and submit');
    await student.press('Submit to panel');
    expect(await student.words()).toContain('Submitted');
  });

  step('the advisor plans the exhibition, the slot and the panel; the guest’s pass is made', async () => {
    await advisor.open('/exhibitions/new');
    await advisor.fill('Title', 'Fall exhibitions');
    await advisor.choose('Rubric', 'Exhibition');
    const now = DateTime.fromJSDate(app.context.clock.now(), { zone: schoolZone }).toFormat(
      "yyyy-MM-dd'T'HH:mm",
    );
    await advisor.fill('Starts', now);
    await advisor.fill('Place (optional)', 'Main hall');
    await advisor.press('Plan it');
    const day = advisor.path();
    await advisor.tick('Itzel Núñez');
    await advisor.fill('Room', 'Room 12');
    await advisor.press('Add presentations');
    await advisor.pressOn('.board-wrap a.board-slot');
    slotPath = advisor.path();
    await advisor.fill('Search by name', 'Amara');
    await advisor.tick('Amara Okafor');
    await advisor.tick('Leads the panel (chair)');
    await advisor.press('Add to panel');
    await advisor.fill('Search by name', 'Femi');
    await advisor.tick('Femi Bello');
    await advisor.choose('Role', 'Mentor');
    await advisor.press('Add to panel');
    await advisor.fill('Name', 'Jun Sato');
    await advisor.press('Add and make a pass');
    expect(await advisor.page.$('.qr svg')).not.toBeNull();
    passCode = await advisor.textOf('.pass-code');
    await advisor.open(day);
    await advisor.press('Open the exhibition');
    await advisor.press('Start scoring');
    expect(await advisor.words()).toContain('Presenting now');
  });

  step('the panelist scores by phone, having seen nobody else’s opinion', async () => {
    await panelist.open('/');
    await panelist.open('/seats');
    await panelist.press('Score now');
    await panelist.tap('The work');
    expect(await panelist.words()).toContain('Bridges that hold');
    await panelist.tap('Back to the sheet');
    await scoreSheet(panelist, 1, 'You measured before you believed.');
    await advisor.open(slotPath);
    expect(await advisor.words()).toContain('1 of 3 sheets in');
  });

  step('the guest types the six characters and scores, too', async () => {
    guest = await open(phone);
    await guest.open('/pass');
    await guest.fill('Your pass', passCode.toLowerCase());
    await guest.press('Come in');
    expect(await guest.words()).not.toContain('You measured before you believed.');
    await scoreSheet(guest, 2, 'I would hire you to build it.');
  });

  step('the chair scores, the result is published, and only then the student sees every voice', async () => {
    await advisor.open(slotPath);
    await advisor.press('Open my score sheet');
    await scoreSheet(advisor, 1, 'You have learned to doubt.');
    await student.open(`${slotPath}/result`);
    expect(await student.words()).not.toContain('You measured before you believed.');
    await advisor.open(`${slotPath}/result`);
    await advisor.press('Publish to Itzel Núñez');
    await student.open(`${slotPath}/result`);
    const seen = await student.words();
    for (const voice of [
      'You measured before you believed.',
      'I would hire you to build it.',
      'You have learned to doubt.',
    ]) {
      expect(seen).toContain(voice);
    }
  });

  step('advisor and student each sign their narrative', async () => {
    const sign = async (window: Window, begin: string, text: string) => {
      await window.open(`${studentPath}/narratives`);
      await window.press(begin);
      await window.fill('The narrative', text);
      await window.press('Preview and sign version 1');
      expect(await window.words()).toContain(text);
      await window.press('Sign version 1');
      expect(await window.words()).toContain(text);
    };
    await sign(
      advisor,
      'Write the advisor’s narrative',
      'Itzel builds until it breaks, and then she asks why.',
    );
    await sign(student, 'Write in my own words', 'I wanted to know where it breaks. Now I know how to ask.');
  });

  step('the registrar issues the transcripts of the term and watches the progress', async () => {
    await registrar.open('/transcripts');
    await registrar.press('Prepare and issue');
    await registrar.tick('Also issue transcripts that are incomplete');
    await registrar.press('Issue 2 transcripts, 1 of them incomplete');
    expect(registrar.path()).toMatch(/^\/jobs\//);
    await finished(registrar);
    await registrar.press('See the transcripts');
    await registrar.open('/transcripts');
    const row = await registrar.page.$$eval('table.register tbody tr', (rows) =>
      rows
        .map((each) => (each as unknown as { innerText: string }).innerText)
        .find((text) => text.includes('Itzel')),
    );
    await registrar.press(row?.trim().split(/\s/)[0] ?? '');
    verifyPath = `/verify/${(await registrar.textOf('main a[href^="/verify/"]')).trim()}`;
    pdf = await downloadPdf(registrar, `${app.url}${registrar.path()}.pdf?download=1`);
  });

  step('the PDF says it all: who, what for, the levels, the voices, both narratives', async () => {
    const { pages, tagged, language } = await readPdf(pdf);
    const text = pages.join(' ');
    for (const expected of [
      'Itzel Núñez',
      'Riverbend School',
      'how little wood carries my own weight',
      'Fall exhibitions',
      'Itzel builds until it breaks',
      'I wanted to know where it breaks',
    ]) {
      expect(text).toContain(expected);
    }
    expect([tagged, language?.slice(0, 2)]).toEqual([true, 'en']);
  });

  step('a stranger without an account verifies it: identical, and one changed byte is noticed', async () => {
    const stranger = await open(phone);
    await stranger.open(verifyPath);
    expect(await stranger.words()).toContain('Genuine and valid');
    const compare = async (bytes: Buffer): Promise<string> => {
      const file = path.join(folder, 'given.pdf');
      writeFileSync(file, bytes);
      await stranger.open(verifyPath);
      await stranger.upload(file);
      await stranger.press('Compare');
      return stranger.textOf('#compare');
    };
    expect(await compare(pdf)).toContain('Identical');
    const changed = Buffer.from(pdf);
    changed.writeUInt8(changed.readUInt8(changed.length >> 1) ^ 1, changed.length >> 1);
    expect(await compare(changed)).toContain('Different');
  });

  step('every act of it stands in an unbroken audit record', async () => {
    expect(await findBrokenEntry(home.scope)).toBeNull();
  });
});
