/**
 * The result of a stand: visitors' scores are seen by nobody while others may still come, then they are
 * voices like all others.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Clock } from '../../server/clock.js';
import { findResult } from '../../server/results/result-records.js';
import { resultHash } from '../../server/results/result.js';
import { saveSchoolChange } from '../../server/school/school-records.js';
import { exhibitionDay, on } from '../harness/builders/exhibition.js';
import { aGallery, type TestGallery } from '../harness/builders/visits.js';
import type { Client } from '../harness/client.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { dayAfter } from '../harness/test-clock.js';
import { publishSlot } from '../harness/builders/publishing.js';

/** A second later at every look, so that what comes later is later. */
let seconds = 0;
let date = exhibitionDay;
const clock: Clock = { now: () => new Date(Date.parse(on('09:20', date)) + (seconds += 1) * 1000) };
let app: TestApp;
beforeAll(async () => {
  app = await startApp({ clock });
});
afterAll(() => app.close());

interface ResultAnswer {
  sight: string;
  publishedAt: string | null;
  voices: { name: string | null; role: string; visit: boolean }[];
  criteria: { id: string; scored: number; outcome: { levelId: string | null } }[];
  overall: { comment: string }[];
  visits: { name: string | null; feedback: { words: string }[]; hidden: boolean }[];
}

const resultOf = (client: Client, gallery: TestGallery) => client.get(`/slots/${gallery.slots[0]}/result`);

/** Three visitors: two score the first row, one of them rudely; the third leaves words alone. */
async function aVisitedStand() {
  const gallery = await aGallery(app);
  const visitors = [
    { name: 'Jun Sato', level: 'beginning', words: 'Kind words', comment: 'comment-canary-0' },
    { name: 'Ana Lima', level: 'extending', words: 'Rude words', comment: 'comment-canary-1' },
    { name: 'Ida Berg', level: null, words: 'Only words', comment: '' },
  ];
  const visits: string[] = [];
  for (const [at, { name, level, words, comment }] of visitors.entries()) {
    const guest = app.visitor();
    const visit = await gallery.comeIn(guest, 0, { name, once: `form-${at}` });
    const { criteria } = (await guest.get(visit)).json<{ criteria: { id: string }[] }>();
    const score = level ? { [`level.${criteria[0]!.id}`]: level, comment } : {};
    const left = await guest.post(visit, { once: `sending-${at}`, 'feedback.0': words, ...score });
    if (left.status !== 200) throw new Error(`${name}: ${left.text}`);
    visits.push(visit);
  }
  return { gallery, visits };
}

describe('the scores of visitors', () => {
  it('are in no answer to anybody while the stand takes visits, and it cannot be published', async () => {
    const { gallery } = await aVisitedStand();
    const registrar = (await gallery.day.join('Ivo Pál', ['registrar'])).client;
    for (const client of [gallery.student, gallery.guardian, gallery.day.planner, registrar]) {
      for (const path of [
        `/slots/${gallery.slots[0]}/result`,
        `/slots/${gallery.slots[0]}/visits`,
        `/slots/${gallery.slots[0]}`,
        gallery.day.path,
      ]) {
        const { text } = await client.get(path);
        for (const secret of ['comment-canary', '"voices":1', '"levelId":"extending"'])
          expect([path, text.includes(secret)]).toEqual([path, false]);
      }
    }
    expect((await resultOf(registrar, gallery)).json<ResultAnswer>()).toMatchObject({
      sight: 'open',
      voices: [],
    });
    const early = await publishSlot(registrar, gallery.slots[0]!);
    expect([early.status, early.text]).toEqual([409, expect.stringContaining('Close the gallery first')]);
  });

  it('are voices once the gallery is closed: tallied, published, frozen, and read by the student', async () => {
    const { gallery, visits } = await aVisitedStand();
    const { day, student } = gallery;
    await day.move('close');
    const staff = (await resultOf(day.planner, gallery)).json<ResultAnswer>();
    expect(staff.voices.map(({ name, visit }) => [name, visit])).toEqual([
      ['Jun Sato', true],
      ['Ana Lima', true],
    ]);
    expect(staff.criteria[0]!).toMatchObject({ scored: 2, outcome: { levelId: 'beginning' } });
    expect(staff.visits.map((visit) => visit.name)).toEqual(['Jun Sato', 'Ana Lima', 'Ida Berg']);
    expect((await resultOf(student, gallery)).json<ResultAnswer>()).toMatchObject({
      sight: 'not-published',
      voices: [],
      visits: [],
    });
    await day.planner.post(`${visits[1]}/hide`, { reason: 'Rude' });
    const published = await publishSlot(day.planner, gallery.slots[0]!);
    expect(published.status).toBe(200);
    const record = (await findResult(day.home.scope, gallery.slots[0]!))!;
    const { hash, ...content } = record;
    expect(resultHash(content)).toBe(hash);
    expect(record.visits?.map((visit) => visit.feedback[0]!.words)).toEqual([
      'Kind words',
      'Rude words',
      'Only words',
    ]);
    const read = await resultOf(student, gallery);
    const seen = read.json<ResultAnswer>();
    // What was set aside still counts; its words do not reach the student.
    expect(seen.criteria[0]!.scored).toBe(2);
    expect(seen.overall.map(({ comment }) => comment)).toEqual(['comment-canary-0']);
    expect(seen.visits.map(({ feedback }) => feedback[0]!.words)).toEqual(['Kind words', 'Only words']);
    expect(read.text).not.toContain('Rude words');
    const page = await student.get(`/slots/${gallery.slots[0]}/result`, { as: 'page' });
    expect(page.text).toContain('Only words');
    expect(page.text).not.toMatch(/Rude words|comment-canary-1/);
    const office = (await resultOf(day.planner, gallery)).json<ResultAnswer>();
    expect(office.visits.map(({ hidden }) => hidden)).toEqual([false, true, false]);
  });

  it('lead to no name where the school shows roles', async () => {
    const { gallery } = await aVisitedStand();
    const { home } = gallery.day;
    await saveSchoolChange(home.scope, {
      policies: { ...home.school.policies, voices: 'by-role' },
    });
    await gallery.day.move('close');
    await publishSlot(gallery.day.planner, gallery.slots[0]!);
    const read = await resultOf(gallery.student, gallery);
    expect(read.text).not.toMatch(/Sato|Lima|Berg/);
    expect(read.json<ResultAnswer>().visits).toHaveLength(3);
  });

  it('that nobody left make no result', async () => {
    const gallery = await aGallery(app);
    const guest = app.visitor();
    const visit = await gallery.comeIn(guest, 0, { name: 'Jun Sato' });
    await guest.post(visit, { once: 'sending-1', 'feedback.0': 'Words alone' });
    await gallery.day.move('close');
    const refused = await publishSlot(gallery.day.planner, gallery.slots[0]!);
    expect(refused.status).toBe(409);
  });
});

it('a stand whose day is over is told by one number everywhere, also while its gallery goes on and a panelist is missing', async () => {
  const { gallery } = await aVisitedStand();
  const { day, slots } = gallery;
  const taskOf = async () => {
    const home = await day.planner.get('/');
    return home.text.includes(`/slots/${slots[0]}/result`);
  };
  const line = async () => {
    const { items, counts } = (await day.planner.get(`${day.path}/results`)).json<{
      items: { slotId: string; state: string; submitted: number; awaited: number; seen: string | null }[];
      counts: Record<string, number>;
    }>();
    return { ...items.find(({ slotId }) => slotId === slots[0])!, counts };
  };
  expect([await taskOf(), (await line()).state]).toEqual([false, 'waiting']);
  date = dayAfter(exhibitionDay);
  expect([await taskOf(), (await line()).submitted]).toEqual([true, 2]);
  date = exhibitionDay;
  const { person } = await day.join('Ola Berg', ['advisor']);
  expect((await day.seat(slots[0]!, { personId: person.id })).status).toBe(201);
  date = dayAfter(exhibitionDay);
  const asked = await line();
  expect(asked).toMatchObject({ state: 'disputed', submitted: 2, awaited: 1, counts: { disputed: 1 } });
  expect(asked.seen).not.toBeNull();
  date = exhibitionDay;
});
