/**
 * The check-in desk: who is here, who is missing, a seat at once for somebody who comes late, and itineraries
 * to hand out.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Clock } from '../../server/clock.js';
import { savePersonChange } from '../../server/people/people-records.js';
import { getSeat } from '../../server/exhibitions/seats/seat-records.js';
import { neediest } from '../../server/exhibitions/check-in/check-in.js';
import { anExhibition, exhibitionDay, on, type TestExhibition } from '../harness/builders/exhibition.js';
import { passPath, type MadePass } from '../harness/builders/panel.js';
import { schoolDayFromNow } from '../harness/test-clock.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let time = '08:30';
let date = exhibitionDay;
const clock: Clock = { now: () => new Date(on(time, date)) };
let app: TestApp;
beforeAll(async () => {
  app = await startApp({ clock, jobs: false });
});
afterAll(() => app.close());

interface Desk {
  counts: { here: number; missing: number; people: number };
  people: { personId: string; name: string; state: string; next: { room: string } | null; panels: number }[];
  found: { personId: string; name: string }[];
}

async function aDay() {
  date = exhibitionDay;
  time = '08:30';
  const day = await anExhibition(app);
  const first = await day.slotId();
  const second = await day.slotId({ student: 1, room: 'Library' });
  const third = await day.slotId({ student: 2, at: '11:00', room: 'Library' });
  const { person: judge } = await day.join('Ola Berg', ['advisor']);
  const { person: late } = await day.join('Zoe Adler', ['advisor']);
  await day.seat(first, { personId: day.advisor.id });
  await day.seat(second, { personId: judge.id });
  await day.seat(third, { personId: judge.id });
  for (const verb of ['open', 'score']) await day.move(verb);
  const desk = async (search = '') =>
    (await day.planner.get(`${day.path}/check-in?search=${search}`)).json<Desk>();
  const act = (verb: string, personId: string) =>
    day.planner.post(`${day.path}/check-in/${verb}`, { personId });
  return { ...day, first, second, third, judge, late, desk, act };
}
const stateOf = async (day: { desk(): Promise<Desk> }, personId: string) =>
  (await day.desk()).people.find((each) => each.personId === personId)?.state;
const seatsAt = async (day: TestExhibition, slotId: string) =>
  (await day.planner.get(`/slots/${slotId}`)).json<{ seats: { personId: string }[] }>().seats;

const markAbsent = async (day: TestExhibition, slotId: string, student: number) =>
  day.planner.post(`/slots/${slotId}/members/absent`, {
    studentId: day.students[student]!.id,
    absent: 'yes',
  });

describe('where whoever presents did not come', () => {
  it('nobody is seated, nobody counts as sitting there, and nobody is missed', async () => {
    const day = await aDay();
    time = '09:05';
    expect((await markAbsent(day, day.second, 1)).status).toBe(200);
    await day.act('arrived', day.judge.id);
    const page = await day.planner.get(`${day.path}/check-in`, { as: 'page' });
    // The judge could sit elsewhere at this time.
    const own = page.text.split('Ola Berg</bdi>')[1]!;
    expect(own.slice(0, own.indexOf('</li>'))).toContain('Put in a seat now');
    const { people } = await day.desk();
    expect(people.find(({ name }) => name === 'Ola Berg')).toMatchObject({
      next: { slotId: day.third, absent: false },
    });
    const seated = await day.act('seats', day.late.id);
    expect(seated.status).toBe(201);
    expect((await seatsAt(day, day.second)).map(({ personId }) => personId)).not.toContain(day.late.id);
    expect((await seatsAt(day, day.first)).map(({ personId }) => personId)).toContain(day.late.id);
    const direct = await day.seat(day.second, { personId: day.late.id });
    expect([direct.status, direct.text]).toEqual([409, expect.stringContaining('marked as absent')]);
    // The desk for guests: the presentation that began last is the empty one.
    const guest = await day.planner.post(`${day.path}/judges`, { name: 'Jun Sato' });
    expect(guest.status).toBe(201);
    expect((await seatsAt(day, day.second)).length).toBe(1);
    const all = await day.planner.get(`${day.path}/itineraries?personId=${day.judge.id}`, { as: 'page' });
    expect(all.text).toContain('did not come');
  });
});

describe('who is here', () => {
  it('is about the day: a link that was tried before says nothing, and what was seen can be taken back', async () => {
    const day = await aDay();
    const made = (
      await day.seat(day.first, { name: 'Jun Sato', role: 'guest', pass: true })
    ).json<MadePass>();
    const { personId } = await getSeat(day.home.scope, made.seatId);
    const guest = { ...made, personId };
    date = schoolDayFromNow(1);
    expect((await app.visitor().post(passPath(guest))).status).toBe(200);
    date = exhibitionDay;
    time = '08:55';
    expect(await stateOf(day, guest.personId)).toBe('missing');
    expect((await app.visitor().post(passPath(guest))).status).toBe(200);
    expect(await stateOf(day, guest.personId)).toBe('here');
    const page = await day.planner.get(`${day.path}/check-in`, { as: 'page' });
    expect(page.text).toContain('Not here after all');
    time = '08:56';
    expect((await day.act('not-here', guest.personId)).status).toBe(200);
    expect(await stateOf(day, guest.personId)).toBe('missing');
    time = '08:57';
    await app.visitor().post(passPath(guest));
    expect(await stateOf(day, guest.personId)).toBe('here');
  });
});

describe('the check-in desk', () => {
  it('says who is expected, who is missing and who is here, and takes it back', async () => {
    const day = await aDay();
    expect(await stateOf(day, day.judge.id)).toBe('expected');
    time = '08:52';
    expect((await day.desk()).counts).toEqual({ here: 0, missing: 2, people: 2 });
    expect((await day.act('arrived', day.judge.id)).status).toBe(200);
    const desk = await day.desk();
    expect(desk.counts).toEqual({ here: 1, missing: 1, people: 2 });
    expect(desk.people.map(({ name, state, panels }) => [name, state, panels])).toEqual([
      ['Amara Okafor', 'missing', 1],
      ['Ola Berg', 'here', 2],
    ]);
    await day.act('not-here', day.judge.id);
    expect(await stateOf(day, day.judge.id)).toBe('missing');
    time = '10:30';
    expect(await stateOf(day, day.advisor.id)).toBe('never-came');
    expect((await day.act('arrived', day.late.id)).status).toBe(404);
  });

  it('seats somebody who comes late where they are needed most, in one step', async () => {
    const day = await aDay();
    time = '09:05';
    await day.act('arrived', day.advisor.id);
    expect((await day.desk('zoe')).found).toMatchObject([{ personId: day.late.id, name: 'Zoe Adler' }]);
    const seated = await day.act('seats', day.late.id);
    expect(seated.status).toBe(201);
    // Nobody is in the library.
    expect((await seatsAt(day, day.second)).map(({ personId }) => personId)).toContain(day.late.id);
    expect(await stateOf(day, day.late.id)).toBe('here');
    time = '13:00';
    expect((await day.act('seats', day.advisor.id)).status).toBe(409);
  });

  it('finds people of the day by name, room and organization, and goes on where it was', async () => {
    const day = await aDay();
    const { person } = await day.join('Ada Byron', ['guest'], { organisation: 'City Labs' });
    await day.seat(day.first, { personId: person.id, role: 'guest' });
    const named = async (search: string) => (await day.desk(search)).people.map(({ name }) => name);
    expect(await named('berg')).toEqual(['Ola Berg']);
    expect(await named('library')).toEqual(['Ola Berg']);
    expect(await named('city ada')).toEqual(['Ada Byron']);
    expect(await named('zoe')).toEqual([]);
    expect((await day.desk('zoe')).counts.people).toBe(3);
    const page = await day.planner.get(`${day.path}/check-in?search=library`, { as: 'page' });
    expect(page.text).toContain('Ola Berg</bdi>');
    expect(page.text).not.toContain('Ada Byron</bdi>');
    const form = { personId: day.judge.id, search: 'library & co', place: day.late.id };
    const noted = await day.planner.post(`${day.path}/check-in/arrived`, form, { as: 'page' });
    expect(noted.headers.get('location')).toBe(
      `${day.path}/check-in?search=library%20%26%20co#person-${day.late.id}`,
    );
  });

  it('lets somebody choose among the open seats, where they are needed most first', async () => {
    const day = await aDay();
    time = '09:05';
    await day.act('arrived', day.advisor.id);
    const open = async (personId: string) =>
      (await day.planner.get(`${day.path}/check-in/seats/${personId}`)).json<{
        seats: { slotId: string; room: string; here: number; underWay: boolean }[];
        reason: string | null;
      }>();
    const { seats } = await open(day.late.id);
    expect(seats.map(({ slotId, here, underWay }) => [slotId, here, underWay])).toEqual([
      [day.second, 0, true],
      [day.first, 1, true],
      [day.third, 0, false],
    ]);
    // Somebody who sits there is not offered the same seat, and not another one at the same time.
    expect((await open(day.judge.id)).seats).toEqual([]);
    expect((await open(day.judge.id)).reason).not.toBeNull();
    const page = await day.planner.get(`${day.path}/check-in/seats/${day.late.id}`, { as: 'page' });
    expect(page.text).toContain(`name="slotId" value="${day.first}"`);
    const chosen = { personId: day.late.id, slotId: day.third };
    const tapped = [await day.planner.post(`${day.path}/check-in/seats`, chosen)];
    tapped.push(await day.planner.post(`${day.path}/check-in/seats`, chosen));
    expect(tapped.map(({ status }) => status)).toEqual([201, 200]);
    expect((await seatsAt(day, day.third)).map(({ personId }) => personId)).toContain(day.late.id);
    expect((await seatsAt(day, day.second)).map(({ personId }) => personId)).not.toContain(day.late.id);
    const unknown = await day.planner.post(`${day.path}/check-in/seats`, { ...chosen, slotId: 'no-such' });
    expect([unknown.status, unknown.text]).toEqual([409, expect.stringContaining('Choose another seat')]);
  });

  it.each([
    ['while they present', '09:05'],
    ['when the presentation is more than half over', '09:40'],
    ['before the first one', '08:55'],
  ])('a second tap, two helpers at once and an old page mean the same seat: %s', async (_name, at) => {
    const day = await aDay();
    time = at;
    const both = await Promise.all([day.act('seats', day.late.id), day.act('seats', day.late.id)]);
    const again = await day.act('seats', day.late.id);
    const replies = [...both, again];
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
    expect(new Set(replies.map((reply) => reply.json<{ seatId: string }>().seatId)).size).toBe(1);
    const seated = await Promise.all([day.first, day.second, day.third].map((id) => seatsAt(day, id)));
    expect(seated.flat().filter(({ personId }) => personId === day.late.id)).toHaveLength(1);
    const page = await day.planner.post(
      `${day.path}/check-in/seats`,
      { personId: day.late.id },
      { as: 'page' },
    );
    expect((await day.planner.get(page.headers.get('location')!, { as: 'page' })).text).toContain(
      'Zoe Adler already has a seat',
    );
  });

  it('says what is wrong with the person, and finds students, who sit as peers', async () => {
    const day = await aDay();
    time = '09:05';
    const { person: left } = await day.join('Rui Costa', ['advisor']);
    await savePersonChange(day.home.scope, left.id, { active: false });
    for (const [id, words] of [
      ['no-such-person', 'no such person'],
      [left.id, 'has left'],
    ] as const) {
      const reply = await day.act('seats', id);
      expect([reply.status, reply.text]).toEqual([422, expect.stringContaining(words)]);
    }
    const { person: peer } = await day.join('Zoe Adamu', ['student']);
    expect((await day.desk('zoe')).found.map(({ name }) => name)).toEqual(['Zoe Adler', 'Zoe Adamu']);
    expect((await day.act('seats', peer.id)).status).toBe(201);
    expect((await seatsAt(day, day.second)).find(({ personId }) => personId === peer.id)).toMatchObject({
      role: 'peer',
    });
  });

  it('is about its day: nobody is noted the evening before, and who was here before a move is not here after it', async () => {
    const day = await aDay();
    expect((await day.act('arrived', day.judge.id)).status).toBe(200);
    for (const [slotId, at, room] of [
      [day.second, '09:00', 'Library'],
      [day.third, '11:00', 'Library'],
      [day.first, '09:00', 'Room 12'],
    ] as const) {
      const place = { startsAt: on(at, schoolDayFromNow(1)), minutes: 50, room };
      const moved = await day.planner.put(`/slots/${slotId}`, place);
      expect([moved.status, moved.text]).toEqual([200, expect.any(String)]);
    }
    const early = await day.act('arrived', day.advisor.id);
    expect([early.status, early.text]).toEqual([409, expect.stringContaining('another day')]);
    const page = await day.planner.get(`${day.path}/check-in`, { as: 'page' });
    expect(page.text).toContain('You can check people in on that day');
    expect(page.text).not.toContain('/check-in/arrived"');
    date = schoolDayFromNow(1);
    expect(await stateOf(day, day.judge.id)).toBe('expected');
    time = '08:55';
    expect((await day.desk()).counts).toEqual({ here: 0, missing: 2, people: 2 });
    expect((await day.act('arrived', day.judge.id)).status).toBe(200);
    expect((await day.desk()).counts.here).toBe(1);
    date = exhibitionDay;
  });

  it('is a page, and itineraries are one for each panelist', async () => {
    const day = await aDay();
    time = '08:55';
    const page = await day.planner.get(`${day.path}/check-in`, { as: 'page' });
    for (const words of ['Missing (2)', 'Ola Berg', 'Put in a seat now']) expect(page.text).toContain(words);
    const all = (await day.planner.get(`${day.path}/itineraries`)).json<{
      people: { name: string; stops: { room: string; studentName: string }[] }[];
    }>().people;
    expect(all.map(({ name, stops }) => [name, stops.map(({ studentName }) => studentName)])).toEqual([
      ['Amara Okafor', ['Itzel Núñez']],
      ['Ola Berg', ['Yonas Tesfaye', 'Mei Lin']],
    ]);
    const own = await day.planner.get(`${day.path}/itineraries?personId=${day.judge.id}`, { as: 'page' });
    expect(own.text).toContain('Mei Lin');
    expect(own.text).not.toContain('Itzel Núñez');
  });
});

it('what is under way comes before what is to come, and the emptiest panel first', () => {
  const slot = (id: string, at: string) => ({ id, startsAt: new Date(on(at)), minutes: 50 });
  const slots = [slot('over', '08:00'), slot('full', '09:00'), slot('empty', '09:00'), slot('soon', '10:00')];
  const order = neediest(slots, (id) => (id === 'full' ? 2 : 0), new Date(on('09:10')));
  expect(order.map(({ id }) => id)).toEqual(['empty', 'full', 'soon']);
  const late = neediest(slots, () => 0, new Date(on('09:30')));
  expect(late.map(({ id }) => id)).toEqual(['soon', 'full', 'empty']);
});
