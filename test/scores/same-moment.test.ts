/** Changes of many sheets that go out in one command: what becomes of one is told to its maker and touches no other. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import net from 'node:net';
import { getExhibition } from '../../server/exhibitions/exhibition-records.js';
import { getSeat, saveHandAnew } from '../../server/exhibitions/seats/seat-records.js';
import { findActorFacts } from '../../server/people/people-records.js';
import { applyOperations } from '../../server/scores/apply-operations.js';
import { findSheet, saveRestart } from '../../server/scores/score-sheet-records.js';
import { anOperation, aPanel, fillSheet, type TestPanel } from '../harness/builders/scores.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const vision = 'commitment-to-personal-vision';
const seatsAtOnce = 6;

/** Panelists whose sheets are begun, and how each sends a change as a request does, from the act on. */
async function panelists(panel: TestPanel) {
  const { scope } = panel.home;
  const needs = { clock: app.context.clock, extents: app.context.extents };
  const exhibition = await getExhibition(scope, panel.exhibitionId);
  const rubric = await app.context.rubrics.byHash(exhibition.rubric.hash);
  const send = async (at: number, operation: ReturnType<typeof anOperation>) => {
    const seat = await getSeat(scope, panel.seats[at]!.id);
    const facts = (await findActorFacts(scope, seat.personId))!;
    const who = { personId: seat.personId, schoolId: scope.schoolId, networkId: null, seatIds: null };
    const actor = { ...who, ...facts, via: 'session' as const };
    return () => applyOperations(needs, scope, actor, { seat, exhibition, rubric }, [operation as never]);
  };
  const first = panel.seats.map(() => anOperation({ kind: 'set-overall', comment: 'Begun' }));
  for (const at of panel.seats.keys()) await (await send(at, first[at]!))();
  return { first, send };
}

const aWholePanel = () => aPanel(app, { roles: Array.from({ length: seatsAtOnce }, () => 'teacher') });
const level = (levelId: string, more = {}) =>
  anOperation({ kind: 'set-level', criterionId: vision, levelId, ...more });

describe('changes of one moment', () => {
  it('all stand, each on its own sheet', async () => {
    const panel = await aWholePanel();
    const { send } = await panelists(panel);
    const operations = panel.seats.map(() => level('meeting', { device: 'a-phone-1', seen: 1, sequence: 1 }));
    const ready = await Promise.all(operations.map((operation, at) => send(at, operation)));
    const answers = await Promise.all(ready.map((go) => go()));
    for (const [at, { applied, sheet }] of answers.entries()) {
      expect(applied).toEqual([operations[at]!.id]);
      expect([sheet?.id, sheet?.revision]).toEqual([panel.seats[at]!.id, 2]);
      const stored = await findSheet(panel.home.scope, panel.seats[at]!.id);
      expect(stored?.journal.map((entry) => entry.operationId).at(-1)).toBe(operations[at]!.id);
      expect(stored?.responses[vision]?.levelId).toBe('meeting');
    }
  });

  it('a replay, a sealed sheet and a stale view among them disturb nobody', async () => {
    const panel = await aWholePanel();
    const { first, send } = await panelists(panel);
    const [, replayed, sealed, stale, , twice] = panel.seats;
    await fillSheet(await panel.as('panelist-2'), sealed!.id, ['meeting']);
    await (
      await send(3, level('building', { device: 'a-phone-1', seen: 1, sequence: 1 }))
    )();
    const fresh = level('meeting', { device: 'a-phone-9', seen: 1, sequence: 1 });
    const [one, other] = [level('building'), anOperation({ kind: 'set-overall', comment: 'Both stand' })];
    const ready = await Promise.all([
      send(0, fresh),
      send(1, first[1]!),
      send(2, level('beginning')),
      send(3, level('meeting', { device: 'a-phone-2', seen: 1, sequence: 1 })),
      send(4, level('meeting')),
      send(5, one),
      send(5, other),
    ]);
    const outcomes = await Promise.allSettled(ready.map((go) => go()));
    expect(outcomes.map((each) => each.status)).toEqual([
      ...['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled', 'fulfilled'],
    ]);
    expect((outcomes[2] as PromiseRejectedResult).reason).toMatchObject({ code: 'sealed' });
    const sheetOf = (seat: { id: string }) => findSheet(panel.home.scope, seat.id);
    expect((await sheetOf(replayed!))?.revision).toBe(1);
    expect((await sheetOf(sealed!))?.responses[vision]?.levelId).toBe('meeting');
    const asked = await sheetOf(stale!);
    expect([asked?.responses[vision]?.levelId, asked?.conflicts?.length]).toEqual(['building', 1]);
    const both = await sheetOf(twice!);
    expect(both?.journal.slice(1).map((entry) => entry.operationId)).toEqual([one.id, other.id]);
  });

  it('sent twenty times at once, by many, each counts once', async () => {
    const panel = await aWholePanel();
    const { send } = await panelists(panel);
    const operations = panel.seats.map(() => level('building'));
    const ready = await Promise.all(
      operations.flatMap((operation, at) => Array.from({ length: 20 }, () => send(at, operation))),
    );
    const answers = await Promise.all(ready.map((go) => go()));
    for (const [place, { applied }] of answers.entries())
      expect(applied).toEqual([operations[Math.floor(place / 20)]!.id]);
    for (const seat of panel.seats) expect((await findSheet(panel.home.scope, seat.id))?.revision).toBe(2);
  });
});

it('a sheet that no document can hold more of says that it is full, and keeps what it has', async () => {
  const panel = await aWholePanel();
  const { send } = await panelists(panel);
  const id = panel.seats[0]!.id as never;
  const filler = { $set: { 'journal.0.filler': 'x'.repeat(16 * 1024 * 1024 - 4000) } };
  await app.context.db.connection.collection('scoresheets').updateOne({ _id: id }, filler);
  const comment = 'x'.repeat(5000);
  const ready = await Promise.all([
    send(0, anOperation({ kind: 'set-overall', comment })),
    send(1, anOperation({ kind: 'set-overall', comment })),
  ]);
  const [full, other] = await Promise.allSettled(ready.map((go) => go()));
  expect(full).toMatchObject({ status: 'rejected', reason: { status: 409, code: 'too-many' } });
  expect(other?.status).toBe('fulfilled');
  expect((await findSheet(panel.home.scope, id))?.overallComment).toBe('Begun');
});

describe('a change that comes slowly', () => {
  it.each([
    ['that knows nothing', {}],
    ['that has seen the sheet', { device: 'a-phone-1', seen: 1, sequence: 1 }],
  ])('%s is not written on a sheet that began anew on another phone meanwhile', async (_name, origin) => {
    const panel = await aPanel(app);
    const { scope } = panel.home;
    const { first, send } = await panelists(panel);
    const late = [await send(0, level('meeting', origin)), await send(0, first[0]!)];
    const [seat] = panel.seats;
    const anew = { at: app.context.clock.now(), passAt: seat!.createdAt, passBy: null };
    await saveRestart(scope, seat!, anew);
    await saveHandAnew(scope, seat!.id, 'another-phone', anew);
    const outcomes = await Promise.allSettled(late.map((go) => go()));
    expect(outcomes).toMatchObject(late.map(() => ({ status: 'rejected', reason: { status: 403 } })));
    const sheet = await findSheet(scope, seat!.id);
    expect([sheet?.revision, sheet?.responses, sheet?.journal.at(-1)?.outcome]).toEqual([2, {}, 'anew']);
    const now = await send(0, level('building'));
    expect((await now()).sheet?.responses[vision]?.levelId).toBe('building');
  });

  it('is judged by the day as it is when it has come, not as it was when it was announced', async () => {
    const panel = await aPanel(app);
    const client = await panel.as('panelist-0');
    const body = JSON.stringify({ operations: [level('meeting')] });
    const { hostname, port } = new URL(app.url);
    const cookie = [...client.cookies].map((pair) => pair.join('=')).join('; ');
    const socket = net.connect({ host: hostname, port: Number(port) });
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    const ended = once(socket, 'close');
    socket.write(
      `POST /seats/${panel.seats[0]!.id}/sheet/operations HTTP/1.1\r\nHost: ${hostname}\r\nConnection: close\r\n` +
        `Accept: application/json\r\nContent-Type: application/json\r\nCookie: ${cookie}\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`,
    );
    const announced = performance.now();
    await panel.moveTo('closed', 'scoring');
    while (performance.now() - announced < 400) await new Promise((later) => setTimeout(later, 20));
    socket.write(body);
    await ended;
    expect(answer).toMatch(/^HTTP\/1\.1 409 /);
    expect(answer).toContain('"not-open"');
    expect(await findSheet(panel.home.scope, panel.seats[0]!.id)).toBeNull();
  });
});
