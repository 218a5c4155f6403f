/** Publishing freezes what the panel said after its reveal; student, family and transcript read it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { outcomeOf } from '../../server/results/decision.js';
import { findResult } from '../../server/results/result-records.js';
import { resultHash } from '../../server/results/result.js';
import { listRevisions } from '../../server/results/revision-records.js';
import { listTerms, saveSchoolChange } from '../../server/school/school-records.js';
import { gatherFacts } from '../../server/transcript/gather-facts.js';
import { aTalkingPanel } from '../harness/builders/reveal.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

describe('publishing', () => {
  it('freezes voices, revisions and decisions under one hash; nothing is added afterwards', async () => {
    const panel = await aTalkingPanel(app);
    const { scope } = panel.home;
    const criterionId = panel.rows[0]!;
    await panel.revise('panelist-0', 0, { criterionId, levelId: 'meeting' });
    await panel.decide('panelist-0', { criterionId, kind: 'consensus', levelId: 'extending' });
    expect((await panel.publish()).status).toBe(200);
    expect((await panel.revise('panelist-1', 1, { criterionId, levelId: 'meeting' })).status).toBe(409);
    expect(
      (await panel.decide('admin', { criterionId, kind: 'moderation', levelId: 'meeting' })).status,
    ).toBe(409);
    const result = (await findResult(scope, panel.slotId))!;
    expect(result.sheets[0]!.responses[criterionId]!.levelId).toBe('extending');
    expect([result.revisions?.length, result.decisions?.length]).toEqual([1, 1]);
    expect(result.hash).toBe(resultHash(result));
    for (const changed of [
      { revisions: [] },
      { decisions: [] },
      { decisions: [{ ...result.decisions![0]!, reason: 'Another' }] },
    ]) {
      expect(resultHash({ ...result, ...changed })).not.toBe(result.hash);
    }
    const row = result.tally.criteria[0]!;
    expect(row.decision.levelId).toBe('building');
    expect(outcomeOf(row, result.decisions)).toEqual({ levelId: 'extending', by: 'consensus' });
    expect(outcomeOf(row)).toEqual({ levelId: 'building', by: 'tally' });
  });

  it('and revising at the same moment: one of them is done, and the other has not seen it', async () => {
    for (let round = 0; round < 3; round += 1) {
      const panel = await aTalkingPanel(app);
      const [revision, published] = await Promise.all([
        panel.revise('panelist-0', 0, { criterionId: panel.rows[0], levelId: 'meeting' }),
        panel.publish(),
      ]);
      const result = await findResult(panel.home.scope, panel.slotId);
      const stored = await listRevisions(panel.home.scope, panel.slotId);
      const done = [published.status === 200, revision.status === 201];
      expect(done).toEqual([result !== null, stored.length === 1]);
      expect(done[0]).not.toBe(done[1]);
      expect(result?.revisions).toBeUndefined();
    }
  });

  it('the transcript carries the decision where there is one, else the tally of the latest voices', async () => {
    const panel = await aTalkingPanel(app);
    const { scope, school } = panel.home;
    const [decided, revised] = panel.rows;
    await panel.decide('panelist-0', { criterionId: decided, kind: 'consensus', levelId: 'extending' });
    for (const at of [0, 1]) {
      await panel.revise(`panelist-${at}`, at, { criterionId: revised, levelId: 'building' });
    }
    await panel.publish();
    const term = (await listTerms(scope)).find((one) => one.id === panel.home.termId)!;
    const facts = (await gatherFacts(app.context, scope, school, term, [panel.people.student])).get(
      panel.people.student.id,
    )!;
    expect(facts.exhibitions[0]!.outcomes.map(({ level }) => level)).toEqual([
      'Extending',
      'Building',
      'Meeting',
    ]);
    expect(facts.rubrics[0]!.goals.map(({ history }) => history[0]?.levelId)).toEqual([
      'extending',
      'building',
      'meeting',
    ]);
  });

  it('a result without a talk hashes as it did before there was any', async () => {
    const panel = await aTalkingPanel(app);
    await panel.publish();
    const result = (await findResult(panel.home.scope, panel.slotId))!;
    expect([result.revisions, result.decisions]).toEqual([undefined, undefined]);
    expect(resultHash({ ...result, revisions: [], decisions: [] })).toBe(result.hash);
  });

  it('shows student and family first voice, later voice, decision and reasons; by role alone without a trace to a name', async () => {
    const panel = await aTalkingPanel(app);
    const { school, scope } = panel.home;
    await saveSchoolChange(scope, { policies: { ...school.policies, voices: 'by-role' } });
    const criterionId = panel.rows[0]!;
    await panel.revise('panelist-0', 0, { criterionId, levelId: 'meeting', reason: 'Reason of one voice' });
    await panel.decide('panelist-0', {
      criterionId,
      kind: 'consensus',
      levelId: 'extending',
      reason: 'Reason of the panel',
    });
    await panel.publish();
    for (const who of ['student', 'guardian']) {
      const client = await panel.as(who);
      for (const as of ['json', 'page'] as const) {
        const { status, text } = await client.get(`/slots/${panel.slotId}/result`, { as });
        expect(status).toBe(200);
        for (const seen of ['Reason of one voice', 'Reason of the panel', 'canary-0', 'canary-2', 'Staff'])
          expect(text).toContain(seen);
        for (const hidden of ['Noor Haddad', ...panel.seats.flatMap(({ id, personId }) => [id, personId])])
          expect([who, as, hidden, text.includes(hidden)]).toEqual([who, as, hidden, false]);
      }
      const { text } = await client.get(`/slots/${panel.slotId}/result`, { as: 'page' });
      expect(text).toContain('Result: Extending');
      expect(text).not.toContain('/reveal');
    }
  });
});
