/**
 * Members of a group are children of different families: what belongs to one of them does not reach another
 * through the group.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { getSlot } from '../../server/exhibitions/slots/slot-records.js';
import { aGroup, workOfEach, type TestGroup } from '../harness/builders/group.js';
import { aPin } from '../harness/builders/pins.js';
import { aPortfolio } from '../harness/builders/portfolio.js';
import { anOperation } from '../harness/builders/scores.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { reviseOn } from '../harness/builders/publishing.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const passageOf = (at: number) => ({ kind: 'passage', quote: `What member ${at} alone`, start: 0 });
const send = async (group: TestGroup, operations: object[]) =>
  (await group.as('panelist-0')).post(`/seats/${group.seats[0]!.id}/sheet/operations`, { operations });

const each = ['emerging', 'developing', 'advanced'];
const everybodyScores = async (group: TestGroup) => {
  for (const who of ['panelist-0', 'panelist-1', 'panelist-2'])
    await group.fill(who, { group: 'proficient', each });
};

describe('members of a group', () => {
  it('do not read each other’s works where the panel has pinned them', async () => {
    const group = await aGroup(app);
    const versions = await workOfEach(app, group);
    const pinned = await send(group, [
      aPin('clarity', versions[0]!, passageOf(0)),
      aPin('clarity', versions[1]!, passageOf(1), 'Said of the second'),
      aPin(group.row('language-use', 0), versions[1]!, passageOf(1), 'Said of the second'),
    ]);
    expect(pinned.status).toBe(200);
    await everybodyScores(group);
    for (const at of [0, 1]) expect((await group.publish(at)).status).toBe(200);
    const result = `/slots/${group.slotId}/result`;
    const pages = [result, `${result}/evidence/clarity`, `${result}/evidence/language-use`];
    const [first, second] = group.members;
    for (const reader of [first!.client, first!.guardian]) {
      for (const path of pages) {
        for (const as of ['json', 'page'] as const) {
          const reply = await reader.get(path, { as });
          expect([path, reply.status]).toEqual([path, 200]);
          for (const words of ['The work of 1', 'What member 1', 'Said of the second'])
            expect(reply.text).not.toContain(words);
        }
      }
      expect((await reader.get(pages[1]!)).text).toContain('The work of 0');
    }
    const own = await second!.client.get(`/slots/${second!.slotId}/result/evidence/clarity`);
    expect(own.text).toContain('The work of 1');
    expect(own.text).not.toContain('The work of 0');
    for (const reader of [group.registrar, await group.as('panelist-2')])
      expect((await reader.get(pages[2]!)).text).toContain('The work of 1');
  });

  it('never sit on their own panel, also while they are said to be absent', async () => {
    const group = await aGroup(app);
    await group.absent(1);
    const seat = { personId: group.members[1]!.student.id, role: 'peer' };
    const reply = await group.registrar.post(`/slots/${group.slotId}/seats`, seat);
    expect(reply.status).toBe(422);
    expect(reply.text).toContain('their own presentation');
  });

  it('do not all go: whoever is left has come', async () => {
    const group = await aGroup(app);
    for (const at of [0, 1]) expect((await group.absent(at)).status).toBe(200);
    const last = { studentId: group.members[2]!.student.id };
    expect((await group.registrar.post(`/slots/${group.slotId}/members/remove`, last)).status).toBe(409);
  });

  it('who turn out to be absent take nothing along that a phone or a form has said of them before', async () => {
    const group = await aGroup(app);
    const versions = await workOfEach(app, group);
    await group.absent(1);
    const row = group.row('language-use', 1);
    const sent = await send(group, [
      anOperation({ kind: 'set-comment', criterionId: 'clarity', comment: 'Clear from the start' }),
      aPin(row, versions[1]!, passageOf(1)),
    ]);
    expect(sent.status).toBe(200);
    const form = { base: '2', nonce: 'a-form-from-before', [`comment.${row}`]: 'Spoke slowly and well' };
    const client = await group.as('panelist-0');
    const path = `/seats/${group.seats[0]!.id}/sheet`;
    expect((await client.post(`${path}/operations`, form, { as: 'page' })).status).toBe(303);
    await group.absent(1, false);
    const sheet = (await client.get(path)).json<{
      criteria: { id: string; pins: object[]; response: { comment: string } }[];
    }>();
    const about = sheet.criteria.find(({ id }) => id === row)!;
    expect([about.pins.length, about.response.comment]).toEqual([1, 'Spoke slowly and well']);
  });

  it('who did not come leave no result behind that somebody is asked to publish', async () => {
    const group = await aGroup(app);
    await everybodyScores(group);
    const past = { $set: { startsAt: new Date(app.context.clock.now().getTime() - 7_200_000) } };
    const { exhibitionId, slotId } = group;
    await app.context.db.connection.collection('slots').updateMany({ exhibitionId }, past);
    const advisor = await group.as('advisor');
    const isAsked = async () => (await advisor.get('/')).text.includes(`/slots/${slotId}/result`);
    expect(await isAsked()).toBe(true);
    await group.absent(0);
    expect(await isAsked()).toBe(false);
  });

  it('are revised apart: the id of a change to one is not taken for a change to another', async () => {
    const group = await aGroup(app);
    await everybodyScores(group);
    const client = await group.as('panelist-0');
    const revise = (member: number) =>
      reviseOn(
        client,
        { slotId: group.members[member]!.slotId, seatId: group.seats[0]!.id },
        {
          id: 'one-and-the-same',
          slotId: group.members[member]!.slotId,
          criterionId: 'language-use',
          levelId: 'proficient',
          reason: 'Heard it again',
        },
      );
    expect([(await revise(1)).status, (await revise(1)).status, (await revise(2)).status]).toEqual([
      201, 200, 409,
    ]);
  });

  it('who present again keep the work that a begun sheet is about', async () => {
    const group = await aGroup(app);
    const [first, second] = group.members;
    const startsAt = new Date(app.context.clock.now().getTime() + 3_600_000).toISOString();
    const again = await group.registrar.post(`/exhibitions/${group.exhibitionId}/slots`, {
      ...{ studentId: first!.student.id, withIds: [second!.student.id], attempt: 2 },
      ...{ startsAt, room: 'Room 14' },
    });
    const { id, group: planned } = again.json<{ id: string; group: { members: { slotId: string }[] } }>();
    const judge = { personId: group.seats[2]!.personId, role: 'mentor' };
    const seat = await group.registrar.post(`/slots/${id}/seats`, judge);
    const submitWork = async (): Promise<void> => {
      const studentId = second!.student.id;
      const portfolio = await aPortfolio(app, group.home, { studentId, rubric: 'oral-communication' });
      const { revision } = portfolio;
      const sent = await second!.client.post(`/portfolios/${portfolio.id}/submit`, { revision });
      expect(sent.status).toBe(201);
    };
    const shown = async () => (await getSlot(group.home.scope, planned.members[1]!.slotId)).snapshotId;
    await submitWork();
    const before = await shown();
    expect(before).not.toBeNull();
    const { seatId } = seat.json<{ seatId: string }>();
    const change = anOperation({ kind: 'set-comment', criterionId: 'clarity', comment: 'I have read it' });
    const begun = await (
      await group.as('panelist-2')
    ).post(`/seats/${seatId}/sheet/operations`, { operations: [change] });
    expect(begun.status).toBe(200);
    await submitWork();
    expect(await shown()).toBe(before);
  });
});
