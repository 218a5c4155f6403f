/**
 * A published result is corrected by a version with a reason: nothing that was published is lost, and
 * everybody concerned is told.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkSchool } from '../../server/cli/check-school.js';
import { findEarlierResult } from '../../server/results/earlier-result-records.js';
import { listDecisions } from '../../server/results/decision-records.js';
import { listSetAsides } from '../../server/exhibitions/counting/set-aside-records.js';
import { findResult } from '../../server/results/result-records.js';
import { frozenAt, resultHolds } from '../../server/results/result.js';
import { saveTranscripts } from '../../server/transcript/transcript-records.js';
import { publishSlot, seenState } from '../harness/builders/publishing.js';
import { aTalkingPanel, type Talking } from '../harness/builders/reveal.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import type { Client } from '../harness/client.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

interface Shown {
  publishedAt: string;
  correction: { version: number; reason: string; by: string | null } | null;
  versions: { version: number; current: boolean; shown: boolean; href: string }[];
  criteria: { id: string; outcome: { levelId: string | null; by: string } }[];
}
const outcomes = ({ criteria }: Shown) => criteria.map(({ outcome }) => outcome);
const reason = 'The second source was overlooked';

const correct = async (client: Client, { slotId }: Talking, body: object = {}) =>
  client.post(`/slots/${slotId}/result/corrections`, {
    ...(await seenState(client, slotId)),
    reason,
    ...body,
  });

async function published() {
  const panel = await aTalkingPanel(app, [['meeting'], ['meeting'], ['meeting']]);
  const office = await panel.as('registrar');
  expect((await publishSlot(office, panel.slotId)).status).toBe(200);
  return { panel, office, row: panel.rows[0]!, address: `/slots/${panel.slotId}/result` };
}
const problemsIn = async ({ home }: Talking) =>
  (await checkSchool({ storage: app.context.storage, files: false }, home.scope)).problems;

describe('a correction', () => {
  it('appends a version with a reason; the one before stays readable under its seal, and the records hold together', async () => {
    const { panel, office, row, address } = await published();
    const before = (await findResult(panel.home.scope, panel.slotId))!;
    const reply = await correct(office, panel, { levels: [`${row}:extending`] });
    expect([reply.status, reply.json()]).toMatchObject([201, { version: 2 }]);
    const after = (await findResult(panel.home.scope, panel.slotId))!;
    expect([resultHolds(after), after.publishedAt, after.sheets]).toEqual([
      true,
      before.publishedAt,
      before.sheets,
    ]);
    expect(after.correction).toMatchObject({ version: 2, reason, previousHash: before.hash });
    const kept = (await findEarlierResult(panel.home.scope, panel.slotId, 1))!;
    expect([kept.hash, resultHolds(kept)]).toEqual([before.hash, true]);
    expect(await listDecisions(panel.home.scope, panel.slotId)).toMatchObject([
      { kind: 'moderation', levelId: 'extending', reason, decidedAs: 'registrar' },
    ]);
    await correct(office, panel, { levels: [`${row}:building`], reason: 'And once more' });
    for (const who of ['student', 'guardian', 'registrar']) {
      const client = await panel.as(who);
      const now = (await client.get(address)).json<Shown>();
      expect(now.correction).toMatchObject({ version: 3, reason: 'And once more' });
      expect(now.versions.map(({ version, current }) => [version, current])).toEqual([
        [1, false],
        [2, false],
        [3, true],
      ]);
      const levels = await Promise.all(
        now.versions.map(async ({ href }) => outcomes((await client.get(href)).json<Shown>())[0]),
      );
      expect(levels).toEqual([
        { levelId: 'meeting', by: 'tally', level: 'Meeting' },
        { levelId: 'extending', by: 'moderation', level: 'Extending' },
        { levelId: 'building', by: 'moderation', level: 'Building' },
      ]);
    }
    const student = await panel.as('student');
    const shown = (await student.get(address, { as: 'page' })).text;
    // One level counts, and the top of the page says which, by whom and why.
    expect(shown).toContain('Extending → Building');
    expect((await student.get(address)).json()).toMatchObject({
      decided: [{ id: row, before: 'Extending', after: 'Building', reason: 'And once more' }],
    });
    expect(shown.match(/place-tally/g)).toHaveLength(panel.rows.length - 1);
    expect(shown).toContain('The scores alone came to: Meeting');
    for (const words of ['class="hash"', 'to talk about']) expect(shown).not.toContain(words);
    expect((await office.get(address, { as: 'page' })).text).toContain('class="hash"');
    const page = (await student.get(`${address}/versions/1`, { as: 'page' })).text;
    expect(page).toContain('It was corrected since.');
    expect((await office.get(`${address}/versions/4`)).status).toBe(404);
    expect(await problemsIn(panel)).toEqual([]);
  });

  it('is noticed when it is tampered with, and so is a version that is gone', async () => {
    const { panel, office, row } = await published();
    await correct(office, panel, { levels: [`${row}:extending`] });
    const { connection } = app.context.db;
    await connection
      .collection('results')
      .updateOne({ _id: panel.slotId as never }, { $set: { 'correction.reason': 'Another' } });
    await connection.collection('earlierresults').deleteOne({ slotId: panel.slotId });
    expect((await problemsIn(panel)).map(({ kind, problem }) => [kind, problem])).toEqual([
      ['result', 'the audit chain names it, and it is gone'],
      ['result', 'it no longer is what its hash was made from'],
    ]);
  });

  it('carries what its sender has seen: of two at the same moment one is made', async () => {
    const { panel, office, row, address } = await published();
    const admin = await panel.as('admin');
    const seen = await seenState(office, panel.slotId);
    const replies = await Promise.all(
      [office, admin].map((client, at) =>
        client.post(`${address}/corrections`, {
          ...{ ...seen, reason: `Reason ${at}`, levels: [`${row}:${at === 0 ? 'extending' : 'building'}`] },
        }),
      ),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409]);
    const told = replies.find(({ status }) => status === 409)!.text;
    expect(told).toContain('corrected the result');
    expect(await listDecisions(panel.home.scope, panel.slotId)).toHaveLength(1);
  });

  it('says what is wrong, and keeps what was typed', async () => {
    const { panel, office, row, address } = await published();
    const bad: [string, object, number, string][] = [
      ['no reason', { levels: [`${row}:extending`], reason: ' ' }, 422, 'reason'],
      ['an unknown level', { levels: [`${row}:none`] }, 422, 'levelId'],
      ['an unknown row', { levels: ['nothing:extending'] }, 422, 'criterionId'],
      ['something that is no row and level', { levels: ['extending'] }, 422, 'levels.0'],
      ['not yet without a row', { outcome: 'not-yet' }, 422, 'missed'],
      ['the level that stands', { levels: [`${row}:meeting`] }, 409, 'nothing-to-correct'],
      ['nothing', {}, 409, 'nothing-to-correct'],
    ];
    for (const [name, body, status, expected] of bad) {
      const reply = await correct(office, panel, body);
      const { error } = reply.json<{ error: { code: string; fields?: { field: string }[] } }>();
      expect([name, reply.status, error.fields?.[0]?.field ?? error.code]).toEqual([name, status, expected]);
    }
    const typed = { reason: 'Typed with care', outcome: 'not-yet' };
    const page = await office.post(
      `${address}/corrections`,
      { ...typed, ...(await seenState(office, panel.slotId)) },
      { as: 'page' },
    );
    expect([page.status, page.text.includes('Typed with care')]).toEqual([422, true]);
    expect((await findResult(panel.home.scope, panel.slotId))!.correction).toBeUndefined();
    const early = await aTalkingPanel(app, [['meeting'], ['meeting'], ['meeting']]);
    expect((await correct(await early.as('registrar'), early, { outcome: 'met' })).status).toBe(409);
  });

  it('may change met and not yet alone, in the words to the student', async () => {
    const { panel, office } = await published();
    const asked = { outcome: 'not-yet', missed: [panel.rows[1]], words: 'Bring the sources' };
    expect((await correct(office, panel, asked)).status).toBe(201);
    const view = (await (await panel.as('student')).get(`/slots/${panel.slotId}/result`)).json<{
      attainment: { outcome: string; words: string };
    }>();
    expect(view.attainment).toMatchObject({ outcome: 'not-yet', words: 'Bring the sources' });
    expect((await correct(office, panel, asked)).status).toBe(409);
    const byAdmin = { outcome: 'met', words: 'Bring the sources' };
    expect((await correct(await panel.as('admin'), panel, byAdmin)).status).toBe(201);
    const after = (await findResult(panel.home.scope, panel.slotId))!;
    expect([after.attainment?.outcome, after.attainment?.byName]).toEqual([
      'met',
      panel.people.registrar.displayName,
    ]);
  });

  it('sets a sheet aside: it stays in the record, marked, and counts nowhere any more', async () => {
    const panel = await aTalkingPanel(app, [['extending'], ['meeting'], ['meeting']]);
    const office = await panel.as('registrar');
    await publishSlot(office, panel.slotId);
    const [seat] = panel.seats;
    expect((await correct(office, panel, { setAside: ['nobody'] })).status).toBe(422);
    // Longer than 500 characters, with a letter of two units where a cut would go through it.
    const long = `${'a'.repeat(499)}🦉${'b'.repeat(300)}`;
    expect((await correct(office, panel, { setAside: [seat!.id], reason: long })).status).toBe(201);
    const [kept] = await listSetAsides(panel.home.scope, panel.slotId);
    expect(kept!.reason).toBe(long);
    const after = (await findResult(panel.home.scope, panel.slotId))!;
    expect(after.sheets.map(({ notCounted }) => notCounted?.why ?? null)).toEqual(['set-aside', null, null]);
    expect([after.tally.sheets, after.tally.criteria[0]!.scored, resultHolds(after)]).toEqual([2, 2, true]);
    const student = (await (await panel.as('student')).get(`/slots/${panel.slotId}/result`)).text;
    expect(student).not.toContain('canary-0');
    expect((await correct(office, panel, { countAgain: [seat!.id], reason: 'A mistake' })).status).toBe(201);
    expect((await findResult(panel.home.scope, panel.slotId))!.tally.sheets).toBe(3);
    expect(await problemsIn(panel)).toEqual([]);
  });

  it('is told to student and family, and shows transcripts that are older than the record', async () => {
    const { panel, office, row } = await published();
    const { home, people } = panel;
    const issuedAt = new Date(app.context.clock.now().getTime() - 3_600_000);
    const transcript = {
      ...{ id: randomUUID(), schoolId: home.school.id, serial: 1, number: 'T-1', code: randomUUID() },
      ...{ studentId: people.student.id, studentName: 'Itzel Núñez', termId: home.termId, termName: 'Fall' },
      ...{ jobId: null, state: 'issued' as const, snapshot: '{}', snapshotHash: 'x', factsHash: 'x' },
      ...{ template: 'standard', pageSize: 'letter' as const, pdf: { key: 'k', bytes: 1, sha256: 'x' } },
      ...{ issuedAt, issuedBy: people.registrar.id, issuedName: 'Mei Lin' },
      ...{ supersededBy: null, revokedAt: null, reason: null },
      results: [{ id: panel.slotId, version: 1 }],
    };
    await saveTranscripts(home.scope, [transcript]);
    const older = async () =>
      (await office.get('/transcripts')).json<{
        items: { outOfDate: { why: string; at: string } | null }[];
      }>().items[0]!.outOfDate;
    const news = async (who: string) =>
      (await (await panel.as(who)).get('/'))
        .json<{ news: { href: string }[] }>()
        .news.map(({ href }) => href);
    expect([await older(), await news('student')]).toEqual([null, []]);
    await correct(office, panel, { levels: [`${row}:extending`] });
    const corrected = await findResult(home.scope, panel.slotId);
    expect(await older()).toEqual({ why: 'corrected', at: frozenAt(corrected!).toISOString() });
    const link = [`/slots/${panel.slotId}/result`];
    expect([await news('student'), await news('guardian'), await news('otherStudent')]).toEqual([
      link,
      link,
      [],
    ]);
    const page = (await (await panel.as('student')).get(`/students/${people.student.id}`, { as: 'page' }))
      .text;
    expect(page).toContain('Out of date');
  });
});
