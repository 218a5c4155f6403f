/** The day as it happens, over real connections to two instances of the program on one database. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { dayEventOf } from '../../server/exhibition/live-routes.js';
import { sealPosition } from '../../server/http/seal-position.js';
import { listSeatsOfSlot } from '../../server/panel/seat-records.js';
import { anExhibition, type TestExhibition } from '../harness/builders/exhibition.js';
import type { Client } from '../harness/client.js';
import { testDatabaseUri } from '../harness/services.js';
import { startApp, type TestApp } from '../harness/start-app.js';

interface Told {
  id: string;
  event: string;
  data: { kind?: string; slotId?: string; state?: string };
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
async function listen(app: TestApp, client: Client, path: string, after?: string) {
  const control = new AbortController();
  const cookie = [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const response = await fetch(`${app.url}${path}/events`, {
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
