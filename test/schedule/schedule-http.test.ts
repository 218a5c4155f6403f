/**
 * From settings to slots over HTTP: decided, proposed by the background job, adopted once, and planned round
 * what stands.
 */

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DateTime } from 'luxon';
import { findBrokenEntry } from '../../server/audit/append-audit.js';
import { nothingSaid } from '../../server/people/attendance.js';
import { savePersonChange } from '../../server/people/people-records.js';
import { adoptProposal } from '../../server/schedule/adopt-proposal.js';
import type { ExhibitionPorts } from '../../server/exhibitions/exhibition-ports.js';
import { exhibitionPorts } from '../../server/ports.js';
import { actorOf } from '../harness/builders/transcript.js';
import { anExhibition, exhibitionDay, on, type TestExhibition } from '../harness/builders/exhibition.js';
import { schoolZone } from '../harness/test-clock.js';
import { startApp, type TestApp } from '../harness/start-app.js';

interface Proposed {
  state: string;
  proven: boolean;
  adds: { slots: number; seats: number };
  cost: { total: number } | null;
  bound: number | null;
  connected: boolean;
  reasons: { words: string; personIds: string[] }[];
  rooms: { room: string; slots: { studentId: string; startsAt: string; seats: { personId: string }[] }[] }[];
}
interface Day {
  slotCount: number;
  slots: {
    id: string;
    studentId: string;
    startsAt: string;
    room: string;
    seats: { id: string; role: string; chair: boolean }[];
  }[];
}

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const settings = {
  rooms: 'Library\nStudio\n',
  roomsWithSteps: 'studio',
  days: `${exhibitionDay} 09:00-12:00`,
  ...{ slotMinutes: 50, breakMinutes: 10, presenting: 'all' },
  ...{ advisor: 'where-known', family: 'no', mentor: 'no', teachers: 1, peers: 0, guests: 0 },
};

async function aDay(more: object = {}): Promise<TestExhibition> {
  const day = await anExhibition(app);
  for (const name of ['Ruiz', 'Lund', 'Sato']) await day.home.person({ name, roles: ['advisor'] });
  const kept = await day.planner.put(`${day.path}/schedule`, { ...settings, ...more });
  if (kept.status !== 200) throw new Error(`not kept: ${kept.status} ${kept.text}`);
  return day;
}

/** Asks for a proposal and waits for the job, however long the machine takes. */
async function propose(day: TestExhibition): Promise<string> {
  const asked = await day.planner.post(`${day.path}/schedule/proposals`);
  expect(asked.status).toBe(202);
  const { jobId } = asked.json<{ jobId: string }>();
  for (;;) {
    const job = (await day.planner.get(`/jobs/${jobId}`)).json<{ state: string; result: { href: string } }>();
    if (job.state === 'done') return job.result.href;
    if (job.state === 'failed') throw new Error('the search failed');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
const read = async <T>(day: TestExhibition, path: string) => (await day.planner.get(path)).json<T>();

describe('a timetable', () => {
  it('is proposed, changes nothing by itself, and is adopted once, slots and seats and all', async () => {
    const day = await aDay();
    const path = await propose(day);
    const proposed = await read<Proposed>(day, path);
    expect(proposed).toMatchObject({ state: 'ready', adds: { slots: 3, seats: 4 }, connected: true });
    expect(proposed.cost!.total).toBeGreaterThanOrEqual(proposed.bound!);
    expect((await read<Day>(day, day.path)).slotCount).toBe(0);
    const page = await day.planner.get(path, { as: 'page' });
    expect(page.text).toContain('Adopting adds 3 presentations and 4 seats');

    const both = await Promise.all([1, 2].map(() => day.planner.post(`${path}/adopt`)));
    expect(both.map((reply) => reply.status)).toEqual([200, 200]);
    expect((await day.planner.post(`${path}/adopt`)).json()).toEqual({
      state: 'adopted',
      slots: 0,
      seats: 0,
    });
    const { slots } = await read<Day>(day, day.path);
    expect(slots.map((slot) => slot.studentId).sort()).toEqual(day.students.map(({ id }) => id).sort());
    expect(slots.flatMap((slot) => slot.seats)).toHaveLength(4);
    expect(slots.every((slot) => slot.seats.filter((seat) => seat.chair).length === 1)).toBe(true);
    expect(slots.every((slot) => slot.startsAt >= on('09:00') && slot.startsAt <= on('11:00'))).toBe(true);
    expect((await read<Proposed>(day, path)).state).toBe('adopted');
    expect(await findBrokenEntry(day.home.scope)).toBeNull();
  });

  it('that was broken off between slots and seats has left nothing, and is adopted whole the next time', async () => {
    const day = await aDay();
    const path = await propose(day);
    const { context } = app;
    // The day is asked about first; the second question comes with the seats, when the slots are there.
    let asked = 0;
    const listSheetStates: ExhibitionPorts['listSheetStates'] = (...of) =>
      asked++ === 0
        ? exhibitionPorts.listSheetStates(...of)
        : Promise.reject(new Error('the process was killed here'));
    const needs = { ...exhibitionPorts, listSheetStates, clock: context.clock };
    const id = path.split('/').at(-1)!;
    const half = adoptProposal(needs, day.home.scope, actorOf(day.advisor), day.exhibitionId, id);
    await expect(half).rejects.toThrow('killed here');
    expect((await read<Day>(day, day.path)).slotCount).toBe(0);
    expect((await read<Proposed>(day, path)).state).toBe('ready');
    expect((await day.planner.post(`${path}/adopt`)).json()).toMatchObject({ slots: 3, seats: 4 });
    expect((await read<Day>(day, day.path)).slotCount).toBe(3);
  });

  it('plans round what stands; a panel whose sheet was begun is left alone', async () => {
    const day = await aDay({ advisor: 'no', teachers: 2 });
    const slotId = await day.slotId({ student: 1, at: '09:00', room: 'Library' });
    const half = await day.slotId({ student: 2, at: '09:00', room: 'Studio' });
    await day.seat(slotId, { personId: day.advisor.id, role: 'teacher' });
    const seat = (await read<Day>(day, day.path)).slots.find((slot) => slot.id === slotId)!.seats[0]!;
    for (const verb of ['open', 'score']) expect((await day.move(verb)).status).toBe(200);
    const operation = { id: randomUUID(), kind: 'set-overall', comment: 'So far' };
    const begun = await day.planner.post(`/seats/${seat.id}/sheet/operations`, { operations: [operation] });
    expect(begun.status).toBe(200);
    const path = await propose(day);
    expect((await day.planner.post(`${path}/adopt`)).json()).toEqual({
      state: 'adopted',
      slots: 1,
      seats: 4,
    });
    const { slots } = await read<Day>(day, day.path);
    expect(slots.find((slot) => slot.id === slotId)).toMatchObject({
      room: 'Library',
      seats: [{ id: seat.id }],
    });
    expect(slots.find((slot) => slot.id === half)!.seats).toHaveLength(2);
    expect(slots).toHaveLength(3);
  });

  it('is not adopted any more when the day has changed, and nothing of it is left behind', async () => {
    const day = await aDay();
    const path = await propose(day);
    const first = (await read<Proposed>(day, path)).rooms[0]!;
    const taken = first.slots[0]!;
    const other = day.students.findIndex(({ id }) => id !== taken.studentId);
    const at = DateTime.fromISO(taken.startsAt, { zone: schoolZone }).toFormat('HH:mm');
    await day.slotId({ student: other, at, room: first.room });
    const reply = await day.planner.post(`${path}/adopt`);
    expect(reply.status).toBe(409);
    expect(reply.text).toContain('Propose it again');
    const after = await read<Day>(day, day.path);
    expect(after.slots).toHaveLength(1);
    expect(after.slots[0]!.seats).toHaveLength(0);
    expect((await read<Proposed>(day, path)).state).toBe('ready');
  });

  it('that cannot be says which rule and for whom', async () => {
    const day = await aDay({ advisor: 'must' });
    const proposed = await read<Proposed>(day, await propose(day));
    expect(proposed).toMatchObject({ state: 'impossible', proven: true, cost: null });
    expect(proposed.reasons.map((each) => each.personIds[0]).sort()).toEqual(
      day.students
        .slice(1)
        .map(({ id }) => id)
        .sort(),
    );
    expect(proposed.reasons[0]!.words).toContain('own advisor must sit on the panel');
    expect((await day.planner.post(`${await propose(day)}/adopt`)).status).toBe(409);
  });

  it.each([
    ['days', { days: 'tomorrow' }, 'is not a time range'],
    ['days', { days: '16:00-20:00' }, 'needs a day'],
    ['days', { days: `${exhibitionDay} 09:00-09:30` }, 'fits in these hours'],
    ['rooms', { rooms: ' \n' }, 'at least one room'],
    ['teachers', { advisor: 'no', teachers: 0 }, 'Somebody must sit'],
    ['teachers', { advisor: 'wish', teachers: 0 }, 'Somebody must sit'],
    ['studentIds', { presenting: 'chosen' }, 'who is to present'],
    ['panelistIds', { panelistIds: ['nobody'] }, 'not of this school'],
    ['panelistIds', { panelistIds: [] }, 'Choose who may sit on panels'],
    ['panelistIds', { panelistGroups: [] }, 'Choose who may sit on panels'],
    ['panelistIds', { listening: 'all', panelistGroups: ['guest'] }, 'Choose “Only the people chosen below”'],
    ['studentIds', { presenting: undefined, studentIds: [] }, 'who is to present'],
    ['advisoryIds', { presenting: undefined, advisoryIds: [] }, 'who is to present'],
    ['studentIds', { presenting: 'all', studentGroups: ['advisory:'] }, 'Choose “Some students”'],
    ['studentIds', { presenting: 'advisories', studentIds: ['any'] }, 'Choose “Some students”'],
    ['advisoryIds', { presenting: 'all', advisoryIds: ['any'] }, 'Choose “Some advisories”'],
    ['panelistIds', { listening: 'chosen' }, 'Choose who may sit on panels'],
    ['panelistIds', { listening: 'chosen', panelistGroups: ['guest'] }, 'Choose who may sit on panels'],
    ['together', { together: 'Itzel Núñez; Nobody Known' }, 'No student is named “Nobody Known”'],
    ['maxPanels', { maxPanels: 0 }, '1'],
  ])('refuses %s of %j', async (field, more, words) => {
    const day = await anExhibition(app);
    const reply = await day.planner.put(`${day.path}/schedule`, { ...settings, ...more });
    expect(reply.status).toBe(422);
    const [problem] = reply.json<{ error: { fields: { field: string; message: string }[] } }>().error.fields;
    expect(problem).toEqual({ field, message: expect.stringContaining(words) });
  });

  it('is asked for once at a time, and not before something is decided or for a gallery', async () => {
    const day = await anExhibition(app);
    expect((await day.planner.post(`${day.path}/schedule/proposals`)).status).toBe(409);
    const gallery = await anExhibition(app, { format: 'gallery' });
    expect((await gallery.planner.put(`${gallery.path}/schedule`, settings)).status).toBe(409);
    expect((await gallery.planner.get(`${gallery.path}/schedule`, { as: 'page' })).text).toContain(
      'Visitors of a gallery come as they like',
    );
  });

  it('takes whole groups, and keeps who belongs together', async () => {
    const day = await anExhibition(app);
    const ruiz = await day.home.person({ name: 'Ruiz', roles: ['advisor'] });
    const guest = await day.home.person({ name: 'Ola Berg', roles: ['guest'] });
    await savePersonChange(day.home.scope, guest.id, {
      attendance: { ...nothingSaid, hours: [`${exhibitionDay} 10:00-11:00`] },
    });
    const keep = async (more: object) =>
      (await day.planner.put(`${day.path}/schedule`, { ...settings, ...more })).json<{
        listening: string;
        panelistIds: string[];
        together: string[][];
      }>();
    const ids = async (group: string) =>
      (await keep({ listening: 'chosen', panelistGroups: [group] })).panelistIds;
    expect(await ids('teacher')).toEqual(expect.arrayContaining([ruiz.id, day.advisor.id]));
    expect(await ids('teacher')).not.toContain(guest.id);
    expect(await ids('available')).toEqual([guest.id]);
    const [first, second] = day.students;
    const kept = await keep({ together: `${first!.displayName}; ${second!.id}`, maxPanels: 3 });
    expect(kept).toMatchObject({ listening: 'all', maxPanels: 3, together: [[first!.id, second!.id]] });
    const page = await day.planner.get(`${day.path}/schedule`, { as: 'page' });
    expect(page.text).not.toContain('multiple');
    expect(page.text).toContain(`${first!.displayName}; ${second!.displayName}`);
    // What a GET answers can be sent back as it is.
    const read = (await day.planner.get(`${day.path}/schedule`)).json<object>();
    const again = await day.planner.put(`${day.path}/schedule`, read);
    expect(again.json<object>()).toEqual({
      ...(read as { schedule: object }).schedule,
      seen: expect.any(String),
    });
  });

  it('two planners do not overwrite each other: the later one is told, and what was typed stays', async () => {
    const day = await anExhibition(app);
    const { client: other } = await day.join('Rosa Lind', ['registrar']);
    const path = `${day.path}/schedule`;
    // Both opened the page before anything was decided.
    expect((await other.put(path, settings)).status).toBe(200);
    const stale = await day.planner.post(path, { ...settings, rooms: 'Attic', seen: '' }, { as: 'page' });
    expect([stale.status, stale.text]).toEqual([409, expect.stringContaining('Rosa Lind changed this on')]);
    expect(stale.text).toMatch(/>\s*Attic/);
    expect((await other.put(path, settings)).status).toBe(428);
    const { schedule } = (await other.get(path)).json<{
      schedule: { seen: string; rooms: { name: string }[] };
    }>();
    expect(schedule.rooms.map(({ name }) => name)).toEqual(['Library', 'Studio']);
    expect((await day.planner.put(path, { ...settings, seen: schedule.seen })).status).toBe(200);
  });

  it('keeps what was typed when something is wrong with it', async () => {
    const day = await anExhibition(app);
    const body = { ...settings, days: 'some day', rooms: 'Attic\nCellar' };
    const reply = await day.planner.post(`${day.path}/schedule`, body, { as: 'page' });
    expect(reply.text).toMatch(/Attic\s+Cellar/);
    expect(reply.text).toContain('“some day” is not a time range');
    expect(reply.status).toBe(422);
  });
});
