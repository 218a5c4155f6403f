/**
 * Boards at their fullest: what is said and sent grows with the presentations, never with their pairs; each
 * record is read once.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { saveSlots } from '../../server/exhibitions/slots/slot-records.js';
import type { Slot } from '../../server/exhibitions/slots/slot.js';
import { saveSeats } from '../../server/exhibitions/seats/seat-records.js';
import type { Seat } from '../../server/exhibitions/seats/seat.js';
import { brokenRules } from '../../server/schedule/rules.js';
import { anExhibition, on, type TestExhibition } from '../harness/builders/exhibition.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { watchQuestions } from '../harness/watch-questions.js';
import { aProblem } from '../schedule/problems.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ jobs: false });
});
afterAll(() => app.close());

/** So many attempts of the first student at one moment in one room, each with the advisor on its panel. */
async function fill(day: TestExhibition, count: number): Promise<void> {
  const { schoolId } = day.home.scope;
  const createdAt = app.context.clock.now();
  const exhibitionId = day.exhibitionId;
  const studentId = day.students[0]!.id;
  const slots = Array.from({ length: count }, (_each, at): Slot => ({
    ...{ id: randomUUID(), schoolId, exhibitionId, termId: day.home.termId, studentId, createdAt },
    ...{ startsAt: new Date(on('14:00')), minutes: 50, room: 'Hall', attempt: at + 1, snapshotId: null },
  }));
  await saveSlots(day.home.scope, slots);
  await saveSeats(
    day.home.scope,
    slots.map((slot): Seat => ({
      ...{ id: randomUUID(), schoolId, exhibitionId, studentId, slotId: slot.id, createdAt },
      ...{ personId: day.advisor.id, name: day.advisor.displayName, role: 'teacher', chair: false },
      ...{ pass: null, createdBy: day.advisor.id },
    })),
  );
}

interface Day {
  slots: { id: string }[];
  pages: { page: number; pages: number; total: number };
  broken: { rule: string; slotIds: string[] }[];
  counts: { slots: number; seats: number };
}
const page = { as: 'page' } as const;

describe('a board of 400 presentations at one moment', () => {
  let day: TestExhibition;
  beforeAll(async () => {
    day = await anExhibition(app);
    await fill(day, 400);
  });

  it('says once per room and person what runs into each other', async () => {
    const { broken } = (await day.planner.get(day.path)).json<Day>();
    const twice = broken.filter(({ rule }) => rule.endsWith('-twice'));
    expect(twice.map(({ rule, slotIds }) => [rule, slotIds.length])).toEqual([
      ['room-twice', 400],
      ['person-twice', 400],
      ['person-twice', 400],
    ]);
  });

  it('is one page of 300 and one of the rest, each of a size', async () => {
    const first = (await day.planner.get(day.path)).json<Day>();
    const second = (await day.planner.get(`${day.path}?page=2`)).json<Day>();
    expect(first.pages).toMatchObject({ page: 1, pages: 2, total: 400 });
    expect(new Set([...first.slots, ...second.slots].map(({ id }) => id)).size).toBe(400);
    expect(second.slots).toHaveLength(100);
    expect(second.counts).toMatchObject({ slots: 400, seats: 400 });
    const html = await day.planner.get(day.path, page);
    expect(html.bytes.length / 300).toBeLessThan(6000);
    expect(html.text).toContain(`${day.path}?page&#x3D;2`);
  });

  it('reads each record once', async () => {
    const end = await watchQuestions(app.context.db);
    await day.planner.get(day.path, page);
    const asked = await end();
    const read = (name: string) => asked.filter(({ collection }) => collection === name);
    expect(read('seats').map((each) => each.read)).toEqual([400]);
    expect(read('scoresheets')).toHaveLength(1);
    for (const { question, read: documents } of asked)
      expect([question, documents <= 401]).toEqual([question, true]);
  });

  it('shows a reader theirs without reading those of others', async () => {
    const reader = await day.join('Hana Kim', ['student']);
    await day.move('open');
    const end = await watchQuestions(app.context.db);
    const answer = (await reader.client.get(day.path)).json<Day>();
    const asked = await end();
    expect(answer.slots).toEqual([]);
    for (const { question, read } of asked) expect([question, read <= 5]).toEqual([question, true]);
  });
});

describe('what runs into each other', () => {
  const slot = (id: string, minute: number, minutes = 30) => ({
    ...{ id, studentId: id, room: 'Library', startsAt: minute * 60_000, minutes, seats: [] },
  });
  it.each([
    ['one after the other', [slot('a', 0), slot('b', 30)], []],
    ['two at once', [slot('a', 0), slot('b', 29)], [['a', 'b']]],
    ['three in a chain', [slot('a', 0), slot('b', 20), slot('c', 45)], [['a', 'b', 'c']]],
    ['a long one over two', [slot('a', 0, 90), slot('b', 10, 20), slot('c', 60)], [['a', 'b', 'c']]],
    [
      'two pairs',
      [slot('a', 0), slot('b', 10), slot('c', 60), slot('d', 61)],
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
  ])('%s', (_name, slots, chains) => {
    const found = brokenRules(aProblem({}), { slots }).filter(({ kind }) => kind === 'room-twice');
    expect(found.map(({ slotIds }) => slotIds)).toEqual(chains);
  });
});
