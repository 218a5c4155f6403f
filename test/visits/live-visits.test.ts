/**
 * The student hears of visits as they come, also when the visitor's post reached another instance; other
 * students never do.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dayEventOf } from '../../server/exhibitions/board/live-routes.js';
import { aGallery } from '../harness/builders/visits.js';
import type { Client } from '../harness/client.js';
import { testDatabaseUri } from '../harness/services.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { on } from '../harness/builders/exhibition.js';

let one: TestApp;
let two: TestApp;
beforeAll(async () => {
  const databaseUri = testDatabaseUri('live-visits');
  const clock = { now: () => new Date(on('09:20')) };
  one = await startApp({ databaseUri, clock });
  two = await startApp({ databaseUri, clock });
});
afterAll(async () => {
  await two.close();
  await one.close();
});

/** Listens to the day; `heard` resolves with everything so far once it fits the pattern. */
async function listen(app: TestApp, client: Client, path: string) {
  const control = new AbortController();
  const cookie = [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const response = await fetch(`${app.url}${path}/events`, {
    headers: { Accept: 'text/event-stream', Cookie: cookie },
    signal: control.signal,
  });
  let text = '';
  const reading = (async () => {
    for await (const part of response.body ?? []) text += Buffer.from(part as Uint8Array).toString('utf8');
  })().catch(() => undefined);
  return {
    async heard(pattern: RegExp): Promise<string> {
      for (let tries = 0; !pattern.test(text); tries += 1) {
        if (tries > 1200) throw new Error(`not told within 30 s: ${text}`);
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      return text;
    },
    text: () => text,
    async stop() {
      control.abort();
      await reading;
    },
  };
}

it('approving is heard by the student on another instance', async () => {
  const gallery = await aGallery(one, {}, 'visitors');
  const guest = one.visitor();
  const visit = await gallery.comeIn(guest, 0, { name: 'Jun Sato' });
  await guest.post(visit, { once: 'sending-1', 'feedback.0': 'Words' });
  const reviewer = await listen(one, gallery.day.planner, gallery.day.path);
  const student = await listen(two, gallery.student, gallery.day.path);
  for (const line of [reviewer, student]) await line.heard(/event: whole/);
  const comments = `${gallery.day.path}/comments`;
  const { items } = (await gallery.day.planner.get(comments)).json<{
    items: { id: string; revision: number }[];
  }>();
  const ids = items.map(({ id, revision }) => `${id}:${revision}`);
  expect((await gallery.day.planner.post(`${comments}/approve`, { ids })).json()).toEqual({ approved: 1 });
  await student.heard(/event: change\ndata: \{"kind":"day"\}/);
  await reviewer.heard(/"kind":"visit"/);
  for (const line of [reviewer, student]) await line.stop();
});

it('over two instances', async () => {
  const gallery = await aGallery(one);
  const { day, student } = gallery;
  const other = await day.join('Mei Park', ['student']);
  const lines = {
    student: await listen(two, student, day.path),
    planner: await listen(two, day.planner, day.path),
    other: await listen(two, other.client, day.path),
  };
  for (const line of Object.values(lines)) await line.heard(/event: whole/);
  const guest = one.visitor();
  const visit = await gallery.comeIn(guest, 0, { name: 'Jun Sato' });
  const left = await guest.post(visit, { once: 'sending-1', 'feedback.0': 'secret-words' });
  expect(left.status).toBe(200);
  expect(await lines.student.heard(/event: change\ndata: \{"kind":"day"\}/)).not.toContain('secret-words');
  await lines.planner.heard(new RegExp(`"kind":"visit","slotId":"${gallery.slots[0]}"`));
  // Two instances: a stop on the one is heard on the other, by everybody, as is what it ends.
  await day.planner.post(`${day.path}/stands/stop`, { slotId: gallery.slots[0] });
  await lines.planner.heard(new RegExp(`"kind":"stand","slotId":"${gallery.slots[0]}"`));
  await lines.other.heard(/event: change/);
  // What comes later is heard by all: so nothing else came before it.
  await day.move('close');
  const told = await lines.other.heard(/event: change[^]*event: change/);
  expect(told.match(/event: change/g)).toHaveLength(2);
  for (const line of Object.values(lines)) await line.stop();
});

describe('what a listener is told of a visit', () => {
  const change = {
    schoolId: 'school',
    collection: 'visits',
    facts: { id: 'visit', exhibitionId: 'day', slotId: 'stand', studentId: 'ana', feedback: 'words' },
  };
  const day = { schoolId: 'school', exhibitionId: 'day', plans: false };
  it.each([
    ['the student', { ...day, studentIds: ['ana'] }, { kind: 'day' }],
    ['another student', { ...day, studentIds: ['mei'] }, null],
    ['whoever plans', { ...day, plans: true }, { kind: 'visit', slotId: 'stand' }],
    ['another school', { ...day, schoolId: 'other', plans: true }, null],
  ])('%s', (_who, listener, told) => {
    expect(dayEventOf(change, listener)).toEqual(told);
  });
});
