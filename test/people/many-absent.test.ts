/**
 * A file that has fewer people of the school than it leaves out: they leave together only where somebody
 * confirms how many they are.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { rosterDesk, type Outcome, type RosterDesk } from '../harness/roster-desk.js';
import { startApp, type TestApp } from '../harness/start-app.js';

interface Preview extends Outcome {
  id: string;
  kept: string;
  manyAbsent: number | null;
}

let app: TestApp;
let desk: RosterDesk;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  desk = await rosterDesk(app);
});

const names = [...'ABCDEFGHIJKL'].map((letter) => `${letter}da Kay`);
const fileOf = (count: number) =>
  ['role,id,name', ...names.slice(0, count).map((name, at) => `student,${at + 1},${name}`)].join('\n');
const hereNow = async () => [...(await desk.everybody()).values()].filter(({ active }) => active).length - 1;
const previewOf = async (count: number) => (await desk.bringIn(fileOf(count), { dryRun: 'true' })) as Preview;

describe('people who are not in a small file', () => {
  beforeEach(() => desk.bringIn(fileOf(12)));

  it('are offered together by their number, with a confirmation that names it', async () => {
    const preview = await previewOf(1);
    expect(preview.manyAbsent).toBe(11);
    const { text } = await desk.registrar.get(`/people/imports/${preview.id}`, { as: 'page' });
    expect(text).toContain('11 people are no longer in the file');
    expect(text).toContain('All 11 of them');
    expect(text).toContain('Yes, I mean all 11 people');
    expect(text).not.toContain('All others');
  });

  it('stay without the confirmation, and the preview comes back with what was chosen', async () => {
    const { kept } = await previewOf(1);
    const all = 'left:all absent';
    for (const leaving of [[], ['3']]) {
      const sent = { kept, answers: [all], leaving };
      const refused = await desk.registrar.post('/people/import', sent, { as: 'page' });
      expect(refused.status).toBe(422);
      expect(refused.text).toContain('11 people would leave at once');
      expect(refused.text).toMatch(/<input type="checkbox"[^>]*name="leaving"[^>]*value="11"/);
      expect(refused.text).toMatch(new RegExp(`<option value="${all}" selected>Has left`));
      expect(await hereNow()).toBe(12);
    }
    const direct = await desk.send(fileOf(1), { answers: all });
    expect([direct.status, direct.text]).toEqual([422, expect.stringContaining('11 people would leave')]);
    expect(await hereNow()).toBe(12);
  });

  it('leave once their number is confirmed, but for those of whom something else is said', async () => {
    const { kept, questions } = await previewOf(1);
    const stays = questions.find(({ text }) => text === names[5])!;
    const answers = ['graduated:all absent', `here:${stays.key}`];
    const done = await desk.registrar.post('/people/import', { kept, answers, leaving: '11' });
    expect([done.status, done.json<Outcome>().updated]).toEqual([200, 10]);
    expect(await hereNow()).toBe(2);
    expect((await desk.everybody()).get(names[5]!)!.active).toBe(true);
  });

  it('need no confirmation one by one, or where most of the school is in the file', async () => {
    const small = await previewOf(1);
    const one = small.questions.find(({ text }) => text === names[11])!;
    const answers = [`left:${one.key}`];
    expect((await desk.registrar.post('/people/import', { kept: small.kept, answers })).status).toBe(200);
    const large = await previewOf(8);
    expect(large.manyAbsent).toBeNull();
    const rest = await desk.bringIn(fileOf(8), { answers: 'left:all absent' });
    expect(rest.updated).toBe(3);
    expect(await hereNow()).toBe(8);
  });
});
