/** The day as it happens, over real connections to two instances of the program on one database. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { SchoolScope } from '../../server/db/database.js';
import { dayEventOf, boardMark } from '../../server/exhibitions/board/live-routes.js';
import { saveSlotMove } from '../../server/exhibitions/slots/slot-records.js';
import { isNear } from '../../server/http/live-events.js';
import { sealPosition } from '../../server/http/seal-position.js';
import { listSeatsOfSlot } from '../../server/exhibitions/seats/seat-records.js';
import { savePersonChange } from '../../server/people/people-records.js';
import { anExhibition, on, type TestExhibition } from '../harness/builders/exhibition.js';
import type { Client } from '../harness/client.js';
import { testDatabaseUri } from '../harness/services.js';
import { startApp, type TestApp } from '../harness/start-app.js';

interface Card {
  slotId: string;
  room: string;
  board: string;
  list: string;
}

interface Told {
  id: string;
  event: string;
  data: { kind?: string; slotId?: string; state?: string; cards?: Card[] };
}

let one: TestApp;
let two: TestApp;
const lines: { stop(): void }[] = [];
beforeAll(async () => {
  const databaseUri = testDatabaseUri('live');
  one = await startApp({ databaseUri });
  two = await startApp({ databaseUri });
});
afterEach(() => lines.splice(0).forEach((line) => line.stop()));
afterAll(async () => {
  await two.close();
  await one.close();
});

/** Listens like a browser does, with the cookies of `client`. */
async function listen(app: TestApp, client: Client, path: string, after?: string, show = '') {
  const control = new AbortController();
  const cookie = [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const response = await fetch(`${app.url}${path}/events${show}`, {
    headers: { Accept: 'text/event-stream', Cookie: cookie, ...(after ? { 'Last-Event-ID': after } : {}) },
    signal: control.signal,
  });
  const told: Told[] = [];
  let text = '';
  const reading = (async () => {
    for await (const part of response.body ?? []) {
      text += Buffer.from(part as Uint8Array).toString('utf8');
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const field = (name: string) =>
          new RegExp(`^${name}: (.*)$`, 'm').exec(text.slice(0, end))?.[1] ?? '';
        if (field('event'))
          told.push({
            id: field('id'),
            event: field('event'),
            data: JSON.parse(field('data')) as Told['data'],
          });
        text = text.slice(end + 2);
      }
    }
  })().catch(() => undefined);
  const until = async (test: (list: Told[]) => boolean) => {
    for (let tries = 0; !test(told); tries += 1) {
      if (tries > 400) throw new Error(`not told within 10 s: ${JSON.stringify(told)}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  };
  const line = {
    response,
    told,
    until,
    changes: () => told.filter(({ event }) => event === 'change').map(({ data }) => data),
    stop: () => control.abort(),
    reading,
  };
  lines.push(line);
  if (response.ok) await until((list) => list.some(({ event }) => event === 'whole' || event === 'resumed'));
  return line;
}

const room = (day: TestExhibition, at: number) => day.slotId({ student: at, room: `Room ${at}` });

describe('the day as it happens', () => {
  it('is told by both instances, whichever of them was written to', async () => {
    const day = await anExhibition(one);
    const [here, there] = [
      await listen(one, day.planner, day.path),
      await listen(two, day.planner, day.path),
    ];
    const slotId = await day.slotId();
    await day.seat(slotId, { personId: day.advisor.id });
    for (const line of [here, there]) {
      await line.until(() => line.changes().length >= 2);
      expect(line.changes()).toEqual([
        { kind: 'slot', slotId },
        { kind: 'seat', slotId },
      ]);
    }
    expect(here.response.headers.get('content-type')).toContain('text/event-stream');
    expect(here.response.headers.get('cache-control')).toContain('no-store');
  });

  it.each(['one', 'two'] as const)(
    'goes on without a gap after a lost connection, at instance %s',
    async (which) => {
      const day = await anExhibition(one);
      const first = await listen(one, day.planner, day.path);
      const before = await room(day, 0);
      await first.until(() => first.changes().length === 1);
      first.stop();
      // Nobody listens now: what happens meanwhile is in no memory, only in the database's log.
      const missed = [await room(day, 1), await room(day, 2)];
      const again = await listen(which === 'one' ? one : two, day.planner, day.path, first.told.at(-1)!.id);
      expect(again.told.at(-1)?.event).toBe('resumed');
      expect(again.changes().map(({ slotId }) => slotId)).toEqual(missed);
      expect(missed).not.toContain(before);
      const seat = await day.seat(before, { personId: day.advisor.id });
      expect(seat.status).toBe(201);
      await again.until(() => again.changes().length === 3);
      expect(again.changes().at(-1)).toEqual({ kind: 'seat', slotId: before });
    },
  );

  it('whose position is no longer known is told to ask for the whole board', async () => {
    const day = await anExhibition(one);
    const old = sealPosition(one.context.config.keyFor('live-events'), `826000${'AB'.repeat(30)}`);
    for (const position of [old, 'AB'.repeat(30), `${old.slice(0, -4)}AAAA`]) {
      const line = await listen(one, day.planner, day.path, position);
      expect(line.told.map(({ event }) => event)).toEqual(['whole']);
    }
  });

  it('nobody learns from a position what has changed, or whether anything has', async () => {
    const day = await anExhibition(one);
    const student = await day.join('Hana Kim', ['student']);
    const slotId = await day.slotId();
    await day.move('open');
    const planner = await listen(one, day.planner, day.path);
    const positions = [(await listen(one, student.client, day.path)).told[0]!.id];
    await day.seat(slotId, { personId: day.advisor.id });
    await planner.until(() => planner.changes().length > 0);
    positions.push((await listen(one, student.client, day.path)).told[0]!.id);
    await day.move('score');
    const [seat] = await listSeatsOfSlot(day.home.scope, slotId);
    for (const said of positions) {
      const read = Buffer.from(said, 'base64url').toString('latin1') + Buffer.from(said, 'hex').toString();
      for (const id of [slotId, seat!.id]) expect(read).not.toContain(id);
    }
    expect(new Set(positions.map(({ length }) => length)).size).toBe(1);
  });

  it('what is taken away is told, and nothing of another exhibition', async () => {
    const [day, other] = [await anExhibition(one), await anExhibition(one)];
    const slotId = await day.slotId();
    const line = await listen(two, day.planner, day.path);
    await other.slotId();
    await day.planner.post(`/slots/${slotId}/remove`);
    await line.until(() => line.changes().length >= 1);
    expect(line.changes()).toEqual([{ kind: 'removed' }]);
  });

  it('only those who may read the board may listen', async () => {
    const day = await anExhibition(one);
    const stranger = await anExhibition(one);
    const student = await day.join('Hana Kim', ['student']);
    const status = async (client: Client) => (await listen(one, client, day.path)).response.status;
    expect(await status(one.visitor())).toBe(401);
    expect(await status(stranger.planner)).toBe(404);
    expect(await status(student.client)).toBe(403);
    await day.slotId();
    await day.move('open');
    expect(await status(student.client)).toBe(200);
  });
});

describe('a board that is open', () => {
  const board = '?show=board';
  const cardsOf = (line: { told: Told[] }) => line.told.flatMap(({ data }) => data.cards ?? []);
  const openDay = async () => {
    const day = await anExhibition(one);
    const student = await day.join('Hana Kim', ['student']);
    const slots = [await day.slotId({ room: 'Room 1' })];
    slots.push(
      (
        await day.planner.post(`${day.path}/slots`, {
          studentId: student.person.id,
          startsAt: on('14:00'),
          room: 'Room 2',
        })
      ).json<{ id: string }>().id,
    );
    await day.move('open');
    return { day, student, slots };
  };
  const heardBy = async (line: Awaited<ReturnType<typeof listen>>, slotId: string) =>
    line.until(() => cardsOf(line).some((card) => card.slotId === slotId));

  it('is sent the card that has changed, drawn as the page draws it, by either instance', async () => {
    const { day, slots } = await openDay();
    const line = await listen(two, day.planner, day.path, undefined, board);
    await day.seat(slots[0]!, { personId: day.advisor.id });
    await heardBy(line, slots[0]!);
    const card = cardsOf(line).at(-1)!;
    const page = await day.planner.get(day.path, { as: 'page' });
    for (const html of [card.board, card.list]) expect(page.text).toContain(html);
    expect(cardsOf(line).map(({ slotId }) => slotId)).not.toContain(slots[1]);
  });

  it('sends those who plan no card that they have seen already, although its rules are broken', async () => {
    const { day, slots } = await openDay();
    await day.seat(slots[0]!, { personId: day.advisor.id });
    await day.move('score');
    const [seat] = await listSeatsOfSlot(day.home.scope, slots[0]!);
    const sameMoment = { room: 'Room 1', startsAt: new Date(on('09:00')) };
    const before = await listen(one, day.planner, day.path, undefined, board);
    await saveSlotMove(day.home.scope, slots[1]!, sameMoment, one.context.clock.now());
    await heardBy(before, slots[1]!);
    const line = await listen(two, day.planner, day.path, undefined, board);
    await line.until((told) => told.some(({ event }) => event === 'parts'));
    const sheet = `/seats/${seat!.id}/sheet/operations`;
    const say = (comment: string) =>
      day.planner.post(sheet, { operations: [{ id: randomUUID(), kind: 'set-overall', comment }] });
    const already = line.told.length;
    expect((await say('Clear from the first word.')).status).toBe(200);
    await line.until((told) => told.slice(already).some(({ event }) => event === 'parts'));
    await line.until(() => cardsOf(line).some(({ slotId }) => slotId === slots[0]));
    await saveSlotMove(day.home.scope, slots[0]!, { minutes: 45 }, one.context.clock.now());
    await line.until(() => cardsOf(line).filter(({ slotId }) => slotId === slots[0]).length > 1);
    expect(cardsOf(line).map(({ slotId }) => slotId)).not.toContain(slots[1]);
  });

  it('sends a reader the cards that are theirs, and none of others', async () => {
    const { day, student, slots } = await openDay();
    const line = await listen(one, student.client, day.path, undefined, board);
    const other = await day.join('Ruth Abernathy', ['registrar']);
    await day.seat(slots[0]!, { personId: day.advisor.id });
    await day.seat(slots[1]!, { personId: other.person.id });
    await heardBy(line, slots[1]!);
    expect(new Set(cardsOf(line).map(({ slotId }) => slotId))).toEqual(new Set([slots[1]]));
    const page = await student.client.get(day.path, { as: 'page' });
    expect(page.text).toContain(cardsOf(line).at(-1)!.board);
  });

  it('gathers what happens at one moment', async () => {
    const { day, slots } = await openDay();
    const line = await listen(one, day.planner, day.path, undefined, board);
    const minutes = Array.from({ length: 12 }, (_each, at) => 30 + at);
    await Promise.all(
      minutes.map((each) =>
        saveSlotMove(day.home.scope, slots[0]!, { minutes: each }, one.context.clock.now()),
      ),
    );
    await heardBy(line, slots[0]!);
    await day.planner.put(`/slots/${slots[1]!}`, { room: 'Room 9', startsAt: on('14:00'), minutes: 50 });
    await heardBy(line, slots[1]!);
    expect(cardsOf(line).filter(({ slotId }) => slotId === slots[0]).length).toBeLessThan(6);
  });

  it.each([
    ['is gone', (id: string, scope: SchoolScope) => savePersonChange(scope, id, { active: false })],
    [
      'has lost the role',
      (id: string, scope: SchoolScope) => savePersonChange(scope, id, { roles: ['peer' as never] }),
    ],
  ])('whoever %s hears nothing more', async (_name, change) => {
    const { day, slots } = await openDay();
    const other = await day.join('Ruth Abernathy', ['registrar']);
    const line = await listen(one, other.client, day.path, undefined, board);
    const stays = await listen(one, day.planner, day.path, undefined, board);
    await change(other.person.id, day.home.scope);
    await day.seat(slots[0]!, { personId: day.advisor.id });
    await heardBy(stays, slots[0]!);
    await line.until(() => true);
    expect(cardsOf(line)).toEqual([]);
  });

  it('ends with the session', async () => {
    const { day, slots } = await openDay();
    const other = await day.join('Ruth Abernathy', ['registrar']);
    const line = await listen(one, other.client, day.path, undefined, board);
    await other.client.post('/sign-out');
    await savePersonChange(day.home.scope, other.person.id, { roles: ['registrar', 'advisor'] });
    await day.seat(slots[0]!, { personId: day.advisor.id });
    await line.reading;
    expect(cardsOf(line)).toEqual([]);
  });

  it('says nothing of sheets to anybody who does not plan, not even a card that has not changed', () => {
    const facts = { id: 's', exhibitionId: 'e', slotId: 'a', state: 'submitted' };
    expect(boardMark({ collection: 'scoresheets', facts }, 'e')).toEqual({
      slotId: 'a',
      plan: false,
      plannersOnly: true,
    });
    expect(boardMark({ collection: 'scoresheets', facts }, 'other')).toBeNull();
  });
});

describe('what a listener is told', () => {
  const day = { schoolId: 's', exhibitionId: 'e' };
  const sheet = {
    schoolId: 's',
    collection: 'scoresheets',
    facts: { id: 'x', exhibitionId: 'e', slotId: 'a', state: 'submitted', responses: { c: 'high' } },
  };
  it('of a sheet: planners its state and nothing else, everybody else not even that it went in', () => {
    expect(dayEventOf(sheet, { ...day, plans: true })).toEqual({
      kind: 'sheet',
      slotId: 'a',
      state: 'submitted',
    });
    expect(dayEventOf(sheet, { ...day, plans: false })).toBeNull();
  });
  it('nothing of another school', () => {
    expect(dayEventOf({ ...sheet, schoolId: 't' }, { ...day, plans: true })).toBeNull();
  });
});

it('the database’s log is read for those who were away for minutes, not for hours', () => {
  const position = (minutes: number) => `82${(1_000_000_000 + minutes * 60).toString(16)}00000001`;
  expect([isNear(position(0), position(15)), isNear(position(0), position(90))]).toEqual([true, false]);
  expect(isNear(position(5), position(0))).toBe(true);
  expect(isNear('', position(0))).toBe(false);
});
