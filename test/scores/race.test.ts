/**
 * Requests that are under way while somebody closes, publishes or empties a seat: nothing sealed is missing,
 * nothing comes back.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { getSeat, saveConflictAccepted } from '../../server/exhibitions/seats/seat-records.js';
import { nothingSaid } from '../../server/people/attendance.js';
import { findActorFacts, savePersonChange } from '../../server/people/people-records.js';
import { panelLock, withLocks } from '../../server/db/record-locks.js';
import { findResult } from '../../server/results/result-records.js';
import { applyOperations, type Scoring } from '../../server/scores/apply-operations.js';
import { findSheet } from '../../server/scores/score-sheet-records.js';
import { submitSheet } from '../../server/scores/submit-sheet.js';
import { getExhibition } from '../../server/exhibitions/exhibition-records.js';
import { seeing } from '../harness/builders/seeing.js';
import { anOperation, aPanel, fillSheet, type TestPanel } from '../harness/builders/scores.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { publishSlot } from '../harness/builders/publishing.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

/** What a request of this panelist knows when it begins. */
async function aRequest(panel: TestPanel, at: number) {
  const { scope } = panel.home;
  const seat = await getSeat(scope, panel.seats[at]!.id);
  const exhibition = await getExhibition(scope, panel.exhibitionId);
  const rubric = await app.context.rubrics.byHash(exhibition.rubric.hash);
  const facts = (await findActorFacts(scope, seat.personId))!;
  const who = { personId: seat.personId, schoolId: scope.schoolId, networkId: null, seatIds: null };
  const scoring: Scoring = { seat, exhibition, rubric };
  return { scoring, actor: { ...who, ...facts, via: 'session' as const } };
}

const needs = () => ({
  clock: app.context.clock,
  extents: app.context.extents,
  isPublished: async () => false,
});

async function close(panel: TestPanel) {
  const registrar = await panel.as('registrar');
  const reason = 'The day is over';
  expect((await registrar.post(`/exhibitions/${panel.exhibitionId}/close`, { reason })).status).toBe(200);
}
async function publish(panel: TestPanel) {
  const registrar = await panel.as('registrar');
  expect((await publishSlot(registrar, panel.slotId)).status).toBe(200);
}
async function closeAndPublish(panel: TestPanel) {
  await close(panel);
  await publish(panel);
}

describe('a submit under way', () => {
  async function oneInOneReady() {
    const panel = await aPanel(app, { roles: ['teacher', 'mentor'] });
    await fillSheet(await panel.as('panelist-0'), panel.seats[0]!.id, [null]);
    await fillSheet(await panel.as('panelist-1'), panel.seats[1]!.id, [null], { submit: false });
    return panel;
  }

  it('comes too late when the exhibition was closed and the result published since it began', async () => {
    const panel = await oneInOneReady();
    const { scoring, actor } = await aRequest(panel, 1);
    await closeAndPublish(panel);
    const late = submitSheet(needs(), panel.home.scope, actor, scoring);
    await expect(late).rejects.toMatchObject({ code: 'not-open' });
    expect((await findSheet(panel.home.scope, scoring.seat.id))?.state).toBe('draft');
  });

  it('counts when the exhibition is closed in the middle of it, and is in the result that is published then', async () => {
    const panel = await oneInOneReady();
    const { scope } = panel.home;
    const { scoring, actor } = await aRequest(panel, 1);
    let asked = 0;
    const slow = {
      ...needs(),
      async isPublished() {
        // It has read an open exhibition by now.
        asked += 1;
        if (asked === 1) await close(panel);
        return false;
      },
    };
    await submitSheet(slow, scope, actor, scoring);
    expect((await findSheet(scope, scoring.seat.id))?.state).toBe('submitted');
    await publish(panel);
    const inResult = (await findResult(scope, panel.slotId))?.sheets.map((sheet) => sheet.seatId);
    expect(inResult?.sort()).toEqual(panel.seats.map(({ id }) => id).sort());
  });

  it('is refused once the result is published, also when the exhibition was opened again', async () => {
    const panel = await oneInOneReady();
    await closeAndPublish(panel);
    await panel.moveTo('scoring', 'closed');
    const reply = await (await panel.as('panelist-1')).post(`/seats/${panel.seats[1]!.id}/sheet/submit`);
    expect([reply.status, reply.json<{ error: { code: string } }>().error.code]).toEqual([409, 'published']);
  });
});

describe('a conflict of interest that is recorded while a submit waits for the panel', () => {
  it('stops it; once it is accepted, the same sheet counts', async () => {
    const panel = await aPanel(app, { roles: ['teacher'] });
    const { scope } = panel.home;
    await fillSheet(await panel.as('panelist-0'), panel.seats[0]!.id, [null], { submit: false });
    const { scoring, actor } = await aRequest(panel, 0);
    const { personId, studentId } = scoring.seat;
    const submitted = await withLocks(scope, [panelLock(panel.slotId)], async () => {
      // It has found no conflict, and waits for this lock.
      const waiting = submitSheet(needs(), scope, actor, scoring).then(
        () => 'submitted',
        (error: { code: string }) => error.code,
      );
      await savePersonChange(scope, personId, { attendance: { ...nothingSaid, conflictIds: [studentId] } });
      return { waiting };
    });
    expect(await submitted.waiting).toBe('conflict-of-interest');
    expect((await findSheet(scope, scoring.seat.id))?.state).toBe('draft');
    await saveConflictAccepted(scope, scoring.seat.id, [studentId], app.context.clock.now());
    expect((await submitSheet(needs(), scope, actor, scoring)).state).toBe('submitted');
    // What is in stays in, also when a conflict becomes known later.
    await savePersonChange(scope, personId, { attendance: { ...nothingSaid, conflictWords: 'my niece' } });
    expect((await submitSheet(needs(), scope, actor, scoring)).state).toBe('submitted');
  });
});

describe('a first change under way', () => {
  it('makes no sheet for a seat that was emptied since it began', async () => {
    const panel = await aPanel(app);
    const { scope } = panel.home;
    const { scoring, actor } = await aRequest(panel, 2);
    const registrar = await panel.as('registrar');
    const reads = seeing(registrar, `/exhibitions/${panel.exhibitionId}`);
    expect((await reads.post(`/seats/${scoring.seat.id}/remove`)).status).toBe(200);
    const operation = anOperation({ kind: 'set-overall' as const, comment: 'Too late' });
    await expect(applyOperations(needs(), scope, actor, scoring, [operation])).rejects.toMatchObject({
      status: 404,
    });
    expect(await findSheet(scope, scoring.seat.id)).toBeNull();
  });

  it('and the seat that is emptied at the same moment: one of them wins, never both', async () => {
    for (let round = 0; round < 5; round += 1) {
      const panel = await aPanel(app);
      const seatId = panel.seats[2]!.id;
      const [panelist, registrar] = [await panel.as('panelist-2'), await panel.as('registrar')];
      const operations = [anOperation({ kind: 'set-overall', comment: 'Just now' })];
      const { seats } = (await registrar.get(`/slots/${panel.slotId}`)).json<{
        seats: { id: string; seen: string }[];
      }>();
      const { seen } = seats.find(({ id }) => id === seatId)!;
      const [written, emptied] = await Promise.all([
        panelist.post(`/seats/${seatId}/sheet/operations`, { operations }),
        registrar.post(`/seats/${seatId}/remove`, { seen }),
      ]);
      const statuses = [written.status, emptied.status];
      expect([
        [200, 409],
        [404, 200],
      ]).toContainEqual(statuses);
      expect((await findSheet(panel.home.scope, seatId)) !== null).toBe(written.status === 200);
    }
  });
});
