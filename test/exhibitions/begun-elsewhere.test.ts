/** The seal against whoever hands out passes: a pass opens the door, but never what another phone has written. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { saveExhibitionChange } from '../../server/exhibitions/exhibition-records.js';
import { wrongReturnsPerHour } from '../../server/exhibitions/passes/enter-seat.js';
import { sealHolds } from '../../server/scores/score-sheet.js';
import { findSheet } from '../../server/scores/score-sheet-records.js';
import { aGuestPass, passPath, type MadePass } from '../harness/builders/panel.js';
import { anOperation } from '../harness/builders/scores.js';
import type { Client } from '../harness/client.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { publishSlot } from '../harness/builders/publishing.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

interface Sheet {
  criteria: { id: string; levels: { id: string }[]; response: { levelId: string | null } }[];
  returnCode: string | null;
  anew: { passBy: string | null; passAt: string }[];
}
const words = 'Nobody but me may read this yet';

/** A guest who has scored one row and said something. */
async function aBegunSheet() {
  const { day, slotId, pass } = await aGuestPass(app);
  const panelist = await day.join('Noor Haddad', ['panelist']);
  await day.seat(slotId, { personId: panelist.person.id, role: 'teacher', chair: true });
  await day.move('open');
  await day.move('score');
  const guest = app.visitor();
  await guest.post(passPath(pass));
  const path = `/seats/${pass.seatId}/sheet`;
  const sheet = (await guest.get(path)).json<Sheet>();
  const [row] = sheet.criteria;
  const operations = [
    { kind: 'set-level', criterionId: row!.id, levelId: row!.levels[1]!.id },
    { kind: 'set-comment', criterionId: row!.id, comment: words },
  ].map(anOperation);
  const saved = await guest.post(`${path}/operations`, { operations });
  if (saved.status !== 200) throw new Error(saved.text);
  return { day, slotId, pass, guest, path, row: row!, returnCode: sheet.returnCode!, panelist };
}

const renew = async (planner: Client, seatId: string) =>
  (await planner.post(`/seats/${seatId}/pass`)).json<MadePass>();
const errorCode = (reply: { json<T>(): T }) => reply.json<{ error: { code: string } }>().error.code;

describe('after closing', () => {
  it('a guest whose pass has ended gets a new one, and hands in what waits on their phone', async () => {
    const { day, guest, path, pass, row } = await aBegunSheet();
    const closed = { phase: 'closed' as const, closedAt: app.context.clock.now() };
    await saveExhibitionChange(day.home.scope, day.exhibitionId, 'scoring', closed);
    const ended = new Date(app.context.clock.now().getTime() - 3_600_000);
    await app.context.db.connection
      .collection<{ _id: string }>('seats')
      .updateOne({ _id: pass.seatId }, { $set: { 'pass.expiresAt': ended } });
    expect((await guest.get(path)).status).toBe(401);
    const renewed = await renew(day.planner, pass.seatId);
    await guest.post(passPath(renewed));
    expect((await guest.get(path)).json()).toMatchObject({ takesScores: false, takesLate: true });
    const change = { kind: 'set-level', criterionId: row.id, levelId: row.levels[0]!.id };
    const late = await guest.post(`${path}/late`, { operations: [anOperation(change)] });
    expect([late.status, late.json()]).toMatchObject([200, { state: 'waiting' }]);
  });
});

describe('who may make a pass', () => {
  it('only for people without an account', async () => {
    const { day, slotId, panelist } = await aBegunSheet();
    const seats = (await day.planner.get(`/slots/${slotId}`)).json<{
      seats: { id: string; personId: string; handlesPass: boolean }[];
    }>().seats;
    const seat = seats.find((each) => each.personId === panelist.person.id)!;
    expect(seat.handlesPass).toBe(false);
    expect((await day.planner.post(`/seats/${seat.id}/pass`)).status).toBe(409);
    const other = await day.join('Femi Bello', ['panelist']);
    const withPass = await day.seat(slotId, { personId: other.person.id, role: 'teacher', pass: true });
    expect([withPass.status, withPass.text]).toEqual([422, expect.stringContaining('has an account')]);
    const byMail = await day.seat(slotId, { name: 'Bello, Femi', email: other.person.email, role: 'guest' });
    expect([byMail.status, byMail.json<MadePass>().passUrl]).toEqual([201, null]);
  });

  it('an advisor who has nothing to do with the presentation lets guests in as a planner, and makes no pass of another’s guest before', async () => {
    const { day, slotId, pass } = await aBegunSheet();
    const { client: stranger, person } = await day.join('Liam Byrne', ['advisor']);
    const refused = [
      await stranger.post(`/seats/${pass.seatId}/pass`),
      await stranger.post(`/seats/${pass.seatId}/pass/revoke`),
    ];
    expect(refused.map((reply) => reply.status)).toEqual([403, 403]);
    const judge = { name: 'Ada Kowalski', slotId };
    expect((await stranger.post(`${day.path}/judges`, judge)).status).toBe(403);
    expect((await day.planner.post(`${day.path}/planners`, { personId: person.id })).status).toBe(201);
    const late = await stranger.post(`${day.path}/judges`, judge);
    expect(late.status).toBe(201);
    const own = await stranger.post(`/seats/${late.json<MadePass>().seatId}/pass`);
    expect(own.status).toBe(201);
  });
});

describe('a pass on a sheet that was begun', () => {
  it('the one that was handed out first, and a renewed one, show nothing of it on another phone', async () => {
    const { day, pass, path, guest } = await aBegunSheet();
    const curious = app.visitor();
    const first = await curious.post(passPath(pass));
    expect([first.status, errorCode(first)]).toEqual([409, 'begun-elsewhere']);
    const renewed = await renew(day.planner, pass.seatId);
    const second = await curious.post(passPath(renewed));
    const page = await curious.post(passPath(renewed), {}, { as: 'page' });
    expect([second.status, page.status]).toEqual([409, 409]);
    expect(page.text).toContain('Started on another phone');
    for (const reply of [first, second, page]) expect(reply.text).not.toContain(words);
    for (const asked of [path, '/seats', `${path}/review`])
      expect((await curious.get(asked)).status).toBe(401);
    // The guest's own phone is known again, whatever pass opens the door to it.
    expect((await guest.post(passPath(renewed))).status).toBe(200);
    expect((await guest.get(path)).text).toContain(words);
  });

  it('somebody who was in before the guest began is out from then on', async () => {
    const { pass, day } = await aGuestPass(app);
    await day.move('open');
    await day.move('score');
    const [curious, guest] = [app.visitor(), app.visitor()];
    for (const each of [curious, guest]) await each.post(passPath(pass));
    const path = `/seats/${pass.seatId}/sheet`;
    const { criteria } = (await curious.get(path)).json<Sheet>();
    const operation = (comment: string) => ({
      operations: [anOperation({ kind: 'set-comment', criterionId: criteria[0]!.id, comment })],
    });
    expect((await guest.post(`${path}/operations`, operation(words))).status).toBe(200);
    const late = await curious.post(`${path}/operations`, operation('mine'));
    expect([late.status, late.text.includes(words)]).toEqual([401, false]);
    expect((await curious.get(path)).status).toBe(401);
    expect((await guest.get(path)).text).toContain(words);
  });

  it('two who begin at the same moment: one holds the sheet, the other is told nothing of it', async () => {
    const { pass, day } = await aGuestPass(app);
    await day.move('open');
    await day.move('score');
    const phones = [app.visitor(), app.visitor()];
    for (const each of phones) await each.post(passPath(pass));
    const path = `/seats/${pass.seatId}/sheet`;
    const { criteria } = (await phones[0]!.get(path)).json<Sheet>();
    const replies = await Promise.all(
      phones.map((phone, at) =>
        phone.post(`${path}/operations`, {
          operations: [
            anOperation({ kind: 'set-comment', criterionId: criteria[at]!.id, comment: `by phone ${at}` }),
          ],
        }),
      ),
    );
    const taken = replies.map((reply) => reply.status === 200);
    expect(taken.filter(Boolean)).toHaveLength(1);
    const [winner, loser] = [taken.indexOf(true), taken.indexOf(false)];
    expect(replies[loser]!.text).not.toContain('by phone');
    const journal = (await findSheet(day.home.scope, pass.seatId))!.journal;
    expect(journal.map(({ change }) => 'comment' in change && change.comment)).toEqual([
      `by phone ${winner}`,
    ]);
  });

  it('goes on with the code that the first phone shows; wrong ones are counted', async () => {
    const { day, pass, path, guest, returnCode } = await aBegunSheet();
    const renewed = await renew(day.planner, pass.seatId);
    const other = app.visitor();
    const wrong = await other.post(passPath(renewed), { returning: 'ZZZ ZZZ' }, { as: 'page' });
    expect([wrong.status, wrong.text]).toEqual([422, expect.stringContaining('not the return code')]);
    expect((await other.post(passPath(renewed), { returning: returnCode })).status).toBe(200);
    expect((await other.get(path)).text).toContain(words);
    const own = (await other.get(path)).json<Sheet>().returnCode;
    expect(own).not.toBe(returnCode);
    await guest.post(passPath(renewed));
    expect((await guest.get(path)).status).toBe(200);

    const guesser = app.visitor();
    let last = 0;
    for (let guess = 0; guess < wrongReturnsPerHour; guess += 1)
      last = (await guesser.post(passPath(renewed), { returning: `YYYY${10 + guess}` })).status;
    expect(last).toBe(429);
    // Whoever holds the first phone is not locked out by somebody who guesses.
    expect((await guesser.post(passPath(renewed), { returning: own })).status).toBe(200);
  });
});

describe('the phone is dead and the code with it', () => {
  it('the guest begins anew; what was written stays in the journal, is shown to nobody, and everybody is told', async () => {
    const { day, pass, path, slotId, guest, row, returnCode, panelist } = await aBegunSheet();
    const renewed = await renew(day.planner, pass.seatId);
    const other = app.visitor();
    const page = await other.post(passPath(renewed), { anew: 'yes' }, { as: 'page' });
    expect([page.status, page.headers.get('location')]).toEqual([303, path]);
    const sheet = await other.get(path);
    expect(sheet.text).not.toContain(words);
    const view = sheet.json<Sheet>();
    expect(view.criteria.every(({ response }) => response.levelId === null)).toBe(true);
    expect(view.anew.map((each) => each.passBy)).toEqual(['Amara Okafor']);
    expect((await other.get(path, { as: 'page' })).text).toContain('with a pass that Amara Okafor made');
    // Nothing of it comes back as a conflict either.
    const asked = await other.post(`${path}/operations`, {
      operations: [
        {
          ...anOperation({ kind: 'set-comment', criterionId: row.id, comment: 'anew' }),
          device: 'another-phone',
          seen: 0,
          sequence: 1,
        },
      ],
    });
    expect(asked.json<{ conflicts: unknown[] }>().conflicts).toEqual([]);
    expect(asked.text).not.toContain(words);
    // The first phone, found again, no longer holds the sheet.
    expect((await guest.post(passPath(renewed))).status).toBe(409);
    expect((await guest.post(passPath(renewed), { returning: returnCode })).status).toBe(422);
    expect((await findSheet(day.home.scope, pass.seatId))!.journal.map((entry) => entry.outcome)).toEqual([
      undefined,
      undefined,
      'anew',
      undefined,
    ]);

    const rows = view.criteria.map(({ id, levels }) =>
      anOperation({ kind: 'set-level', criterionId: id, levelId: levels[0]!.id }),
    );
    await other.post(`${path}/operations`, { operations: rows });
    expect((await other.post(`${path}/submit`, { early: true })).status).toBe(200);
    const sealed = (await findSheet(day.home.scope, pass.seatId))!;
    expect([sealHolds(sealed), sealHolds({ ...sealed, anew: [] })]).toEqual([true, false]);
    const slot = await panelist.client.get(`/slots/${slotId}`, { as: 'page' });
    expect(slot.text).toContain('with a pass that Amara Okafor made');
    await saveExhibitionChange(day.home.scope, day.exhibitionId, 'scoring', { phase: 'closed' });
    const published = await publishSlot(day.planner, slotId);
    expect(published.status).toBe(200);
    const result = await day.planner.get(`/slots/${slotId}/result`, { as: 'page' });
    expect(result.text).toContain('with a pass that Amara Okafor made');
    expect(result.text).not.toContain(words);
  });

  it('a sealed sheet begins no more, and stays closed to another phone with all that it opens', async () => {
    const { day, pass, path, slotId, guest } = await aBegunSheet();
    const { criteria } = (await guest.get(path)).json<Sheet>();
    const operations = criteria.map(({ id, levels }) =>
      anOperation({ kind: 'set-level', criterionId: id, levelId: levels[0]!.id }),
    );
    await guest.post(`${path}/operations`, { operations });
    expect((await guest.post(`${path}/submit`, { early: true })).status).toBe(200);
    const renewed = await renew(day.planner, pass.seatId);
    const other = app.visitor();
    const reply = await other.post(passPath(renewed), { anew: true });
    expect([reply.status, errorCode(reply)]).toEqual([409, 'begun-elsewhere']);
    for (const asked of [path, `/slots/${slotId}/result`, `/slots/${slotId}/reveal`])
      expect((await other.get(asked)).status).toBe(401);
  });
});

it('signing out on a phone that was lent proves nothing afterwards', async () => {
  const { pass, guest, path } = await aBegunSheet();
  await guest.post('/sign-out');
  expect((await guest.post(passPath(pass))).status).toBe(409);
  expect((await guest.get(path)).status).toBe(401);
});
