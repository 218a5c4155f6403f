/**
 * The board by hand before a real browser: by drag, by a swap, by the arrow keys, against a rule, against
 * somebody else, and taken back.
 */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { DateTime } from 'luxon';
import puppeteer, { type Browser } from 'puppeteer';
import { nothingSaid } from '../../server/people/attendance.js';
import { savePersonChange } from '../../server/people/people-records.js';
import { anExhibition, exhibitionDay, on, type TestExhibition } from '../harness/builders/exhibition.js';
import { chromiumPath } from '../harness/services.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { schoolZone } from '../harness/test-clock.js';
import { desk, phone, type Window } from '../harness/window.js';
import { faults, openSignedIn } from '../harness/window-acts.js';

const patience = { timeout: 30_000 };

let app: TestApp;
let browser: Browser;
beforeAll(async () => {
  app = await startApp({ clock: { now: () => new Date(on('08:00')) } });
  browser = await puppeteer.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] });
}, 60_000);
afterAll(async () => {
  await browser.close();
  await app.close();
});

interface Shown {
  id: string;
  startsAt: string;
  room: string;
}
const clockOf = ({ startsAt, room }: Shown): string =>
  `${DateTime.fromISO(startsAt, { zone: schoolZone }).toFormat('HH:mm')} ${room}`;

/** Three presentations on one morning; the first stands in Room 12 from 9:00 to 9:50. */
async function aMorning() {
  const day = await anExhibition(app);
  const first = await day.slotId();
  const second = await day.slotId({ student: 1, at: '11:00', room: 'Library' });
  const third = await day.slotId({ student: 2, at: '11:00', room: 'Room 12' });
  const where = async (id: string) => {
    const { slots } = (await day.planner.get(day.path)).json<{ slots: Shown[] }>();
    return clockOf(slots.find((slot) => slot.id === id)!);
  };
  return { ...day, first, second, third, where };
}

async function boardIn(day: TestExhibition, viewport: typeof desk | typeof phone): Promise<Window> {
  const window = await openSignedIn(browser, app.url, viewport, day.planner);
  await window.open(day.path);
  await window.page.waitForSelector('.moves-slots', patience);
  return window;
}

/** Waits until the bar of the move says this. */
const says = (window: Window, words: string) =>
  window.page.waitForFunction(
    `document.getElementById('move-bar').innerText.includes(${JSON.stringify(words)})`,
    patience,
  );
/** Waits until the board, as the server draws it, shows this slot there. */
const shows = (window: Window, id: string, room: string, time: string) =>
  window.page.waitForSelector(
    `table [data-slot="${id}"][data-room="${room}"][data-starts="${on(time)}"]:not(.held)`,
    patience,
  );

/**
 * Takes a slot by its middle and carries it so many five-minute columns and so many pixels down; the button
 * stays pressed.
 */
async function carry(window: Window, id: string, columns: number, down: number): Promise<void> {
  const { x, y, column } = (await window.page.evaluate(`(() => {
    const place = document.querySelector('table [data-slot="${id}"]');
    place.scrollIntoView({ block: 'center' });
    const box = place.querySelector('.board-slot').getBoundingClientRect();
    const table = place.closest('table');
    const names = table.querySelector('thead th').getBoundingClientRect().width;
    const column = (table.getBoundingClientRect().width - names) / Number(table.dataset.columns);
    return { x: box.x + box.width / 2, y: box.y + box.height / 2, column };
  })()`)) as { x: number; y: number; column: number };
  await window.page.mouse.move(x, y);
  await window.page.mouse.down();
  await window.page.mouse.move(x + (columns * column) / 2, y + down / 2, { steps: 4 });
  await window.page.mouse.move(x + columns * column, y + down, { steps: 4 });
}

it('drags to a free time, shows a broken rule before the drop, and puts back what is refused', async () => {
  const day = await aMorning();
  const window = await boardIn(day, desk);

  await carry(window, day.first, 12, 0);
  await says(window, 'Nothing is in the way.');
  await window.page.mouse.up();
  await says(window, 'Moved.');
  await shows(window, day.first, 'Room 12', '10:00');
  expect(await day.where(day.first)).toBe('10:00 Room 12');

  await carry(window, day.first, 10, 0);
  await says(window, 'Room 12 is taken from 11:00 AM to 11:50 AM.');
  expect(await window.page.$('.board-ghost.broken')).not.toBeNull();
  await window.page.mouse.up();
  await window.page.waitForSelector('.board-note', patience);
  expect(await window.textOf('.board-note')).toContain('Room 12 is taken');
  expect(await window.page.$('.board-ghost')).toBeNull();
  await shows(window, day.first, 'Room 12', '10:00');
  expect(await day.where(day.first)).toBe('10:00 Room 12');
  expect(await faults(window)).toEqual([]);

  await window.page.reload();
  await window.page.waitForSelector('.moves-slots', patience);
  await window.page.keyboard.down('Control');
  await window.page.keyboard.press('z');
  await window.page.keyboard.up('Control');
  await shows(window, day.first, 'Room 12', '09:00');
  expect(await day.where(day.first)).toBe('09:00 Room 12');

  await carry(window, day.first, 24, 0);
  await says(window, 'Swap with Mei Lin');
  await window.page.mouse.up();
  await window.page.waitForSelector('.board-note', patience);
  await window.tap('Swap with Mei Lin');
  await says(window, 'Swapped.');
  await shows(window, day.first, 'Room 12', '11:00');
  await shows(window, day.third, 'Room 12', '09:00');
  expect([await day.where(day.first), await day.where(day.third)]).toEqual([
    '11:00 Room 12',
    '09:00 Room 12',
  ]);
  expect(await faults(window)).toEqual([]);
  await window.close();
}, 180_000);

it('moves by the arrow keys between times and rooms, and Escape leaves it', async () => {
  const day = await aMorning();
  const window = await boardIn(day, desk);
  const take = `#take-board-${day.first}`;
  const press = async (...keys: string[]) => {
    for (const key of keys) await window.page.keyboard.press(key as 'Enter');
  };
  await window.page.focus(take);
  await press('Enter');
  await window.page.waitForSelector(`${take}[aria-pressed="true"]`, patience);
  await press('ArrowRight', 'ArrowRight', 'ArrowUp');
  await window.page.waitForFunction(
    `document.getElementById('move-says').textContent.includes('Itzel Núñez: Library, 9:10 AM to 10:00 AM. Nothing is in the way.')`,
    patience,
  );
  expect(await faults(window)).toEqual([]);
  await press('Escape');
  await window.page.waitForSelector(`${take}[aria-pressed="false"]`, patience);
  expect(await day.where(day.first)).toBe('09:00 Room 12');

  await press('Enter', 'ArrowRight', 'ArrowUp', 'Enter');
  await shows(window, day.first, 'Library', '09:05');
  expect(await day.where(day.first)).toBe('09:05 Library');
  expect(await window.page.evaluate('document.activeElement.id')).toBe(take.slice(1));
  await window.tap('Undo');
  await shows(window, day.first, 'Room 12', '09:00');
  await window.close();
}, 180_000);

it('follows another planner, and a move that has not seen theirs is refused in words', async () => {
  const day = await aMorning();
  const window = await boardIn(day, desk);
  await window.page.waitForFunction(`document.getElementById('live').textContent !== ''`, patience);
  await window.page.focus(`#take-board-${day.first}`);
  await window.page.keyboard.press('Enter');
  await window.page.keyboard.press('ArrowRight');
  await says(window, 'Nothing is in the way.');
  await day.planner.put(`/slots/${day.first}`, { startsAt: on('12:00'), minutes: 50, room: 'Library' });
  await says(window, 'Somebody has moved this');
  await shows(window, day.first, 'Library', '12:00');
  expect(await day.where(day.first)).toBe('12:00 Library');
  await window.close();
}, 180_000);

it('shows a rule that may be broken for a reason, and asks for the reason before it goes there', async () => {
  const day = await aMorning();
  await day.seat(day.first, { personId: day.advisor.id });
  const attendance = { ...nothingSaid, hours: [`${exhibitionDay} 09:00-10:00`] };
  await savePersonChange(day.home.scope, day.advisor.id, { attendance });
  const window = await boardIn(day, desk);
  await carry(window, day.first, 12, 0);
  await says(window, 'Amara Okafor cannot come at this time.');
  expect(await window.page.$('.board-ghost.warned')).not.toBeNull();
  await window.page.mouse.up();
  await window.page.waitForFunction(`document.activeElement.id === 'move-reason'`, patience);
  expect(await faults(window)).toEqual([]);
  expect(await day.where(day.first)).toBe('09:00 Room 12');
  await window.page.keyboard.type('She takes the later bus.');
  await window.page.keyboard.press('Enter');
  await says(window, 'Moved.');
  await shows(window, day.first, 'Room 12', '10:00');
  expect(await window.textOf(`table [data-slot="${day.first}"] .broken`)).toContain('1 rule broken');
  await window.close();
}, 180_000);

it('moves on a phone by the buttons of the bar', async () => {
  const day = await aMorning();
  const window = await boardIn(day, phone);
  const take = (await window.page.$(`#take-list-${day.second}`))!;
  await take.evaluate((node) =>
    (node as unknown as { scrollIntoView(how: object): void }).scrollIntoView({ block: 'center' }),
  );
  await take.tap();
  await says(window, 'Library · 11:00 AM');
  expect(await faults(window)).toEqual([]);
  await window.tap('Earlier');
  await window.tap('Room below');
  await says(window, 'Room 12 is taken from 11:00 AM to 11:50 AM.');
  await window.tap('Room above');
  await says(window, 'Nothing is in the way.');
  await window.tap('Put it here');
  await says(window, 'Moved.');
  expect(await day.where(day.second)).toBe('10:55 Library');
  await window.close();
}, 180_000);
