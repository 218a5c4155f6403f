/** One panel, one sheet each, and a result of their own for every member of the group. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findResult } from '../../server/results/result-records.js';
import { getTerm } from '../../server/school/school-records.js';
import { gatherFacts } from '../../server/transcript/gather-facts.js';
import type { TranscriptSnapshot } from '../../server/transcript/snapshot.js';
import { transcriptPrint } from '../../server/transcript/transcript-html.js';
import { resultHolds } from '../../server/results/result.js';
import { aGroup, type TestGroup } from '../harness/builders/group.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { testClock } from '../harness/test-clock.js';
import { decideOn, reviseOn } from '../harness/builders/publishing.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

interface View {
  sight: string;
  group: { slotId: string; name: string; current: boolean; readable: boolean; absent: boolean }[];
  criteria: { id: string; section: string; outcome: { levelId: string | null } }[];
  rows: { id: string; levels: { id: string; voices: number }[]; mayRevise: boolean; mayDecide: boolean }[];
}

const levels = (view: View) =>
  Object.fromEntries(view.criteria.map(({ id, outcome }) => [id, outcome.levelId]));

async function scored(): Promise<TestGroup> {
  const group = await aGroup(app);
  const each = ['emerging', 'developing', 'advanced'];
  await group.fill('panelist-0', { group: 'proficient', each });
  await group.fill('panelist-1', { group: 'proficient', each });
  await group.fill('panelist-2', { group: 'emerging', each: ['advanced', 'developing', 'advanced'] });
  return group;
}

describe('results of a group', () => {
  it('hold what is about the group and about this member, by the rubric’s own rows', async () => {
    const group = await scored();
    for (const [at, own] of ['emerging', 'developing', 'advanced'].entries()) {
      const view = (await group.result('registrar', at)).json<View>();
      expect(levels(view)).toEqual({
        clarity: 'proficient',
        evidence: 'proficient',
        organization: 'proficient',
        'digital-media': 'proficient',
        'language-use': own,
        'presentation-skills': own,
        'interaction-with-audience': own,
      });
      expect(view.group.map(({ current }) => current)).toEqual([0, 1, 2].map((each) => each === at));
    }
  });

  it('are published one by one, and each member and family reads their own alone', async () => {
    const group = await scored();
    const { client, guardian } = group.members[1]!;
    expect((await group.result(client, 1)).json<View>().sight).toBe('not-published');
    expect((await group.publish(1)).status).toBe(200);
    for (const reader of [client, guardian]) {
      const own = await group.result(reader, 1);
      expect(levels(own.json<View>())['language-use']).toBe('developing');
      expect(own.json<View>().group.map(({ readable }) => readable)).toEqual([false, true, false]);
      for (const other of [0, 2]) expect((await group.result(reader, other)).status).toBe(403);
      // What was said about the others is nowhere in the answer.
      expect(own.text).not.toContain('--');
    }
    expect((await group.result(group.members[0]!.client, 0)).json<View>().sight).toBe('not-published');
    const frozen = (await findResult(group.home.scope, group.members[1]!.slotId))!;
    expect(resultHolds(frozen)).toBe(true);
    expect([frozen.studentId, frozen.slot.together]).toEqual([group.members[1]!.student.id, 3]);
    expect(Object.keys(frozen.sheets[0]!.responses).sort()).toEqual(
      [
        'clarity',
        'digital-media',
        'evidence',
        'interaction-with-audience',
        'language-use',
        'organization',
        'presentation-skills',
      ].sort(),
    );
  });

  it('after the first, what is about the whole group stands; the others may still be talked about', async () => {
    const group = await scored();
    await group.publish(1);
    const chair = await group.as('panelist-0');
    const decide = (member: number, criterionId: string) =>
      decideOn(chair, group.members[member]!.slotId, {
        criterionId,
        kind: 'consensus',
        levelId: 'advanced',
        reason: 'We agreed after talking',
      });
    expect((await decide(0, 'clarity')).status).toBe(409);
    expect((await decide(0, 'language-use')).status).toBe(201);
    const page = (await chair.get(`/slots/${group.slotId}/reveal`)).json<View>();
    const may = Object.fromEntries(page.rows.map((row) => [row.id, row.mayDecide]));
    expect([may['clarity'], may['language-use']]).toEqual([false, true]);
    expect(levels((await group.result('registrar', 0)).json<View>())['language-use']).toBe('advanced');
    expect(levels((await group.result('registrar', 2)).json<View>())['language-use']).toBe('advanced');
    expect(levels((await group.result('registrar', 1)).json<View>())['language-use']).toBe('developing');
  });

  it('a row about the group is decided and revised once, on whoever’s page', async () => {
    const group = await scored();
    const [chair, third] = [await group.as('panelist-0'), await group.as('panelist-2')];
    const revised = await reviseOn(
      third,
      { slotId: group.members[2]!.slotId, seatId: group.seats[2]!.id },
      {
        id: 'revision-1',
        slotId: group.members[2]!.slotId,
        criterionId: 'clarity',
        levelId: 'proficient',
        reason: 'I had missed the summary',
      },
    );
    expect(revised.status).toBe(201);
    const own = await reviseOn(
      third,
      { slotId: group.members[0]!.slotId, seatId: group.seats[2]!.id },
      {
        id: 'revision-2',
        slotId: group.members[0]!.slotId,
        criterionId: 'language-use',
        levelId: 'emerging',
        reason: 'That was somebody else',
      },
    );
    expect(own.status).toBe(201);
    await decideOn(chair, group.members[1]!.slotId, {
      criterionId: 'evidence',
      kind: 'consensus',
      levelId: 'advanced',
      reason: 'All sources were named',
    });
    for (const at of [0, 1, 2]) {
      const view = (await chair.get(`/slots/${group.members[at]!.slotId}/reveal`)).json<View>();
      const clarity = view.rows.find(({ id }) => id === 'clarity');
      expect(clarity?.levels.find(({ id }) => id === 'proficient')?.voices).toBe(3);
      expect(levels((await group.result('registrar', at)).json<View>())['evidence']).toBe('advanced');
    }
    const first = (await chair.get(`/slots/${group.slotId}/reveal`)).json<View>();
    const row = first.rows.find(({ id }) => id === 'language-use');
    expect(row?.levels.find(({ id }) => id === 'emerging')?.voices).toBe(3);
  });

  it('a panelist still sees nothing before their own sheet is in', async () => {
    const group = await aGroup(app);
    await group.fill('panelist-1', { group: 'advanced', each: ['emerging', 'emerging', 'emerging'] });
    for (const at of [0, 1, 2]) {
      const reply = await group.result('panelist-0', at);
      expect(reply.json<View>().sight).toBe('own-sheet-first');
      expect(reply.json<View>().criteria).toEqual([]);
      expect(
        (await (await group.as('panelist-0')).get(`/slots/${group.members[at]!.slotId}/reveal`)).status,
      ).toBe(403);
    }
  });

  it('nothing is published about somebody who did not come', async () => {
    const group = await scored();
    await group.absent(2);
    const refused = await group.publish(2);
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('did not come');
    expect((await group.members[2]!.client.get(`/slots/${group.members[2]!.slotId}`)).status).toBe(200);
    expect((await group.publish(0)).status).toBe(200);
    expect((await group.result('registrar', 0)).json<View>().group.map(({ absent }) => absent)).toEqual([
      false,
      false,
      true,
    ]);
    expect((await group.absent(0)).status).toBe(409);
  });

  it('nobody sits down any more once something is published, whoever it is about', async () => {
    const group = await scored();
    await group.publish(2);
    const late = await group.registrar.post(`/slots/${group.slotId}/seats`, {
      name: 'Jun Sato',
      role: 'guest',
    });
    expect(late.status).toBe(409);
  });

  it('a sheet that another member’s result does without is asked about before this one is published', async () => {
    const group = await aGroup(app);
    const each = ['emerging', 'developing', 'advanced'];
    await group.fill('panelist-0', { group: 'proficient', each });
    await group.fill('panelist-1', { group: 'proficient', each }, false);
    expect((await group.publish(0)).status).toBe(200);
    // Handed in late and admitted.
    const panelist = await group.as('panelist-1');
    const seatId = group.seats[1]!.id;
    expect((await panelist.post(`/seats/${seatId}/sheet/late`, {})).status).toBe(200);
    const { registrar } = group;
    const { items } = (await registrar.get('/late-sheets')).json<{ items: { handedInAt: string }[] }>();
    const decision = { decision: 'admit', handedInAt: items[0]!.handedInAt };
    const admitted = await registrar.post(`/seats/${seatId}/sheet/late/decide`, decision);
    expect(admitted.json()).toMatchObject({ state: 'submitted' });
    const { warnings } = (await group.result('registrar', 1)).json<{ warnings: object[] }>();
    expect(warnings).toContainEqual(
      expect.objectContaining({ kind: 'missing-elsewhere', names: [expect.any(String)] }),
    );
  });

  it('the transcript says that they did not present alone, and which rows are the group’s', async () => {
    const group = await scored();
    await group.publish(2);
    const { home, members } = group;
    const { student } = members[2]!;
    const term = await getTerm(home.scope, home.termId);
    const facts = (await gatherFacts(app.context, home.scope, home.school, term, [student])).get(student.id)!;
    expect(facts.exhibitions[0]?.together).toEqual({
      students: 3,
      criteria: ['Clarity', 'Evidence', 'Organization', 'Digital media'],
    });
    const snapshot = {
      ...facts,
      ...{ number: 'R-1', code: 'abc', verifyUrl: 'https://vitrine.example/verify/abc' },
      issued: { at: testClock.now().toISOString(), by: 'Mei Lin', role: 'registrar' },
    } as unknown as TranscriptSnapshot;
    const { html } = await transcriptPrint(app.context, snapshot, {
      template: 'standard',
      pageSize: 'letter',
    });
    expect(html).toContain(
      'Presented in a group of 3; scored for all of them together: Clarity, Evidence, Organization, Digital media.',
    );
  });

  it('the family of every member presents, sits and subscribes as one', async () => {
    const group = await scored();
    const calendar = await group.members[2]!.guardian.get('/calendar/mine.ics', { as: 'page' });
    expect(calendar.text.match(/BEGIN:VEVENT/g)).toHaveLength(1);
    expect(calendar.text).toContain('Yonas Tesfaye');
  });
});
