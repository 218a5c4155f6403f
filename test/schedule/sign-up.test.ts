/**
 * Signing up by a link, without an account: guests say when they can come, the office decides, and the
 * timetable may seat them.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findAccountByEmail } from '../../server/access/account-records.js';
import { listEntriesFrom } from '../../server/audit/audit-records.js';
import { appendAttempt } from '../../server/access/attempts-records.js';
import { inTransaction } from '../../server/db/database.js';
import { getExhibition } from '../../server/exhibitions/exhibition-records.js';
import { nothingSaid } from '../../server/people/attendance.js';
import { findPerson, listAllPeople, savePersonChange } from '../../server/people/people-records.js';
import type { ErasedPerson } from '../../server/person-traces.js';
import { erasePersonFromTimetables } from '../../server/schedule/erase-person.js';
import { exhibitionPorts } from '../../server/ports.js';
import { gatherProblem } from '../../server/schedule/gather-problem.js';
import { findSchedule } from '../../server/schedule/schedule-records.js';
import { findSignUp, listSignUps } from '../../server/schedule/sign-up-records.js';
import { findSignUpLink } from '../../server/schedule/sign-up-link-records.js';
import {
  MAX_WAITING,
  MAX_WAITING_PER_SUBNET,
  signUpsPerDevice,
  signUpsPerSubnetAMinute,
  signUpStates,
} from '../../server/schedule/sign-up.js';
import { signUp } from '../../server/schedule/change-sign-up.js';
import { wrongLinksPerDevice } from '../../server/schedule/open-sign-up.js';
import { anExhibition, exhibitionDay, type TestExhibition } from '../harness/builders/exhibition.js';
import type { Client } from '../harness/client.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let app: TestApp;
let day: TestExhibition;
let office: Client;
let open: string;
const morning = `${exhibitionDay} 09:00-12:00`;
const afternoon = `${exhibitionDay} 13:00-16:00`;

const settings = () => ({
  ...{ rooms: 'Library', days: `${morning}\n${afternoon}`, slotMinutes: 50, teachers: 0, guests: 1 },
  ...{ listening: 'chosen', panelistIds: [day.advisor.id] },
});
const pathOf = (url: string): string => new URL(url).pathname;
const makeLink = async (): Promise<string> =>
  pathOf((await day.planner.post(`${day.path}/sign-up-link`)).json<{ signUpUrl: string }>().signUpUrl);

beforeAll(async () => {
  app = await startApp({ jobs: false });
  day = await anExhibition(app);
  office = (await day.join('Mei Chen', ['registrar'])).client;
  const kept = await day.planner.put(`${day.path}/schedule`, settings());
  if (kept.status !== 200) throw new Error(kept.text);
  open = await makeLink();
});
afterAll(() => app.close());

interface Own {
  state: string;
  when: string;
  days: string[];
  most: number | null;
  conflictWords: string;
  changeUrl: string;
}
interface Listed {
  id: string;
  name: string;
  state: string;
  conflictWords: string;
  declaresConflict: boolean;
}
/** The first of each state, those that wait first. */
const listAll = async (exhibitionId = day.exhibitionId) =>
  (
    await Promise.all(signUpStates.map((state) => listSignUps(day.home.scope, exhibitionId, state, 1)))
  ).flatMap(({ items }) => items);
/** A browser with a cookie of its own: those without share one limit. */
const aDevice = async () => {
  const device = app.visitor();
  await device.get(open);
  return device;
};
const signUpAs = async (name: string, more: object = {}) => {
  const reply = await (await aDevice()).post(open, { name, when: 'these', days: [morning], ...more });
  if (reply.status !== 201) throw new Error(`${reply.status} ${reply.text}`);
  const { changeUrl } = reply.json<Own>();
  const found = (await listAll()).find((each) => each.state === 'waiting' && each.name === name)!;
  return { id: found.id, own: pathOf(changeUrl) };
};
/** As somebody who has just read it. */
const decide = async (id: string, verb: string, client = office, more: object = {}) => {
  const seen = (await findSignUp(day.home.scope, id))!.changedAt.toISOString();
  return client.post(`${day.path}/sign-ups/${id}/${verb}`, { seen, ...more });
};
const actsOn = async (id: string) =>
  (await listEntriesFrom(day.home.scope, 1, 1000))
    .filter(({ subject }) => subject.kind === 'sign-up' && subject.id === id)
    .map(({ act }) => act);

describe('the sign-up page', () => {
  it('is a plain page for whoever has the link, names no student, and is kept nowhere', async () => {
    const page = await app.visitor().get(open, { as: 'page' });
    expect(page.status).toBe(200);
    expect(page.text).toContain('Fall exhibitions');
    expect(page.text).toContain(`value="${morning}"`);
    for (const { displayName } of day.students) expect(page.text).not.toContain(displayName);
    expect(page.headers.get('cache-control')).toContain('no-store');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(page.text).not.toContain('You are signed in');
    const known = await office.get(open, { as: 'page' });
    expect(known.text).toMatch(/signed in as Mei Chen.*href="\/availability"/);
    const stored = JSON.stringify(
      await app.context.db.connection.collection('signuplinks').find({}).toArray(),
    );
    expect(stored).not.toContain(open.split('/').at(-1));
  });

  it('takes what a guest says and shows their own link once; sent twice it is one sign-up', async () => {
    const guest = app.visitor();
    const said = {
      ...{ name: 'Ada Byron', organisation: 'City Labs', email: 'Ada@Labs.example', once: 'the-same-form' },
      ...{ when: 'these', days: [morning], most: 2, speaks: 'spanish', conflictWords: 'I coach Itzel' },
    };
    const page = await guest.post(open, said, { as: 'page' });
    expect([page.status, page.text]).toEqual([201, expect.stringContaining('/my-sign-up/')]);
    const again = (await guest.post(open, { ...said, most: 3 })).json<Own>();
    expect(page.text).toContain(pathOf(again.changeUrl));
    const listed = await listAll();
    expect(listed.filter(({ name }) => name === 'Ada Byron')).toMatchObject([
      { email: 'ada@labs.example', organisation: 'City Labs', hours: [morning], most: 3, state: 'waiting' },
    ]);
    // Another person with the same form, as by the Back button of a tablet on the table.
    await guest.post(open, { ...said, name: 'Bo Lin' });
    expect(await listAll()).toHaveLength(2);
    expect(JSON.stringify(listed)).not.toContain(again.changeUrl.split('/').at(-1));
  });

  it.each([
    ['name', { name: '' }],
    ['days', { days: [] }],
    ['email', { email: 'no address' }],
    ['hours', { hours: 'after lunch' }],
    ['when', { when: 'never' }],
    ['most', { most: 0 }],
  ])('refuses a wrong %s beside the field, and nothing typed is lost', async (field, body) => {
    const said = { name: 'Cy Young', when: 'these', days: [morning], conflictWords: 'my niece', ...body };
    const reply = await app.visitor().post(open, said);
    expect(reply.status).toBe(422);
    expect(reply.json<{ error: { fields: object[] } }>().error.fields).toContainEqual(
      expect.objectContaining({ field }),
    );
    const page = await app.visitor().post(open, said, { as: 'page' });
    expect([page.status, page.text]).toEqual([422, expect.stringContaining('my niece')]);
  });

  it('tells nobody whether a name or an address is known, and takes nobody’s account', async () => {
    const { person } = await day.join('Rosa Núñez', ['guardian']);
    const { id } = await signUpAs('Rosa Núñez', { email: person.email });
    const seen = (await findSignUp(day.home.scope, id))!.changedAt.toISOString();
    const path = `${day.path}/sign-ups/${id}/accept`;
    const done = await office.post(path, { seen, person: 'new' }, { as: 'page' });
    expect(done.status).toBe(303);
    expect((await office.get(`${day.path}/sign-ups`, { as: 'page' })).text).toContain('belongs to somebody');
    const accepted = (await findSignUp(day.home.scope, id))!;
    expect(accepted.personId).not.toBe(person.id);
    const made = await findPerson(day.home.scope, accepted.personId!);
    expect(made).toMatchObject({ displayName: 'Rosa Núñez', roles: ['guest'], email: null });
    expect((await findAccountByEmail(day.home.scope, person.email!))?.memberships).toMatchObject([
      { personId: person.id },
    ]);
  });
});

describe('the link', () => {
  it('is renewed and ended; who has signed up keeps their own', async () => {
    const { own } = await signUpAs('Di Ortiz');
    const old = open;
    open = await makeLink();
    expect((await app.visitor().get(old)).status).toBe(404);
    expect((await day.planner.post(`${day.path}/sign-up-link/end`)).status).toBe(200);
    const ended = await app.visitor().get(open, { as: 'page' });
    expect([ended.status, ended.text]).toEqual([410, expect.stringContaining('no longer takes sign-ups')]);
    const late = { name: 'Late', when: 'always', conflictWords: 'my niece Inés' };
    expect((await app.visitor().post(open, late)).status).toBe(410);
    // Whoever had the form open keeps what they typed, whether the link was ended or renewed.
    for (const [link, status] of [
      [open, 410],
      [old, 404],
    ] as const) {
      const refused = await app.visitor().post(link, late, { as: 'page' });
      expect([refused.status, refused.text]).toEqual([status, expect.stringContaining('my niece Inés')]);
    }
    expect((await day.planner.post(`${day.path}/sign-up-link/end`)).status).toBe(409);
    expect((await app.visitor().get(own)).status).toBe(200);
    open = await makeLink();
    expect((await app.visitor().get(open)).status).toBe(200);
  });

  it('is not found by trying: wrong ones are refused by device, and the right one still opens', async () => {
    const guesser = app.visitor();
    const status = async () => (await guesser.get('/sign-up/not-the-link')).status;
    for (let count = 0; count < wrongLinksPerDevice; count += 1) expect(await status()).toBe(404);
    expect(await status()).toBe(429);
    expect((await guesser.get(open)).status).toBe(200);
  });
});

describe('the office', () => {
  it('reads who signed up; words about students are for the office alone', async () => {
    await signUpAs('Eve Moss', { conflictWords: 'I am the parent of Mei' });
    const readBy = async (client: Client) =>
      (await client.get(`${day.path}/sign-ups`))
        .json<{ signUps: Listed[] }>()
        .signUps.find(({ name }) => name === 'Eve Moss');
    expect(await readBy(office)).toMatchObject({ conflictWords: 'I am the parent of Mei', state: 'waiting' });
    expect(await readBy(day.planner)).toMatchObject({ conflictWords: '', declaresConflict: true });
    const page = await office.get(`${day.path}/sign-ups`, { as: 'page' });
    expect(page.text).toContain('I am the parent of Mei');
    expect((await day.planner.get(`${day.path}/sign-ups`, { as: 'page' })).text).not.toContain(
      'parent of Mei',
    );
  });

  it('accepts: a guest whom the timetable of this exhibition may seat, once', async () => {
    const { id } = await signUpAs('Fay Wong', { most: 2, conflictWords: 'I coach Itzel' });
    const { personId } = (await decide(id, 'accept', day.planner)).json<{ personId: string }>();
    expect(await findPerson(day.home.scope, personId)).toMatchObject({
      ...{ displayName: 'Fay Wong', roles: ['guest'], active: true },
      attendance: {
        ...{ hours: [morning], most: 2, conflictWords: 'I coach Itzel' },
        ...{ awayFrom: [], comesTo: [day.exhibitionId] },
      },
    });
    expect((await findSchedule(day.home.scope, day.exhibitionId))?.panelistIds).toContain(personId);
    const settle = (await office.get('/availability/conflicts')).json<{ people: { id: string }[] }>();
    expect(settle.people.map((each) => each.id)).toContain(personId);
    expect([(await decide(id, 'accept')).status, (await decide(id, 'decline')).status]).toEqual([409, 409]);
    const people = await listAllPeople(day.home.scope);
    expect(people.filter(({ displayName }) => displayName === 'Fay Wong')).toHaveLength(1);
  });

  it('gives a guest to the exhibition of the link alone: a later one takes them where somebody chooses them', async () => {
    const { id } = await signUpAs('Pia Lund');
    const { personId } = (await decide(id, 'accept')).json<{ personId: string }>();
    const later = await day.planner.post('/exhibitions', {
      ...{ termId: day.home.termId, title: 'A later day', format: 'panel', rubric: 'exhibition' },
      ...{ startsAt: `${exhibitionDay}T09:00`, place: '', slotMinutes: 50 },
    });
    const exhibitionId = later.json<{ id: string }>().id;
    const path = `/exhibitions/${exhibitionId}/schedule`;
    const poolThere = async (chosen: object) => {
      const seen = (await day.planner.get(path)).json<{ schedule: { seen?: string } | null }>().schedule
        ?.seen;
      const reply = await day.planner.put(path, { ...settings(), ...chosen, ...(seen ? { seen } : {}) });
      if (reply.status !== 200) throw new Error(reply.text);
      const schedule = await findSchedule(day.home.scope, exhibitionId);
      const exhibition = await getExhibition(day.home.scope, exhibitionId);
      const { problem } = await gatherProblem(exhibitionPorts, day.home.scope, exhibition, schedule);
      return problem.people.find((person) => person.id === personId)?.pool;
    };
    expect(await poolThere({ listening: 'all', panelistIds: [] })).toBeUndefined();
    expect(await poolThere({ panelistGroups: ['guest', 'available'] })).toBeUndefined();
    const page = await day.planner.get(path, { as: 'page' });
    expect(page.text).toContain('Guests who signed up for other exhibitions');
    expect(await poolThere({ panelistIds: [personId] })).toBe('guest');
  });

  it('accepts while a planner has the timetable open: the guest stays chosen until somebody who saw them decides otherwise', async () => {
    const path = `${day.path}/schedule`;
    const read = async () =>
      (await day.planner.get(path)).json<{ schedule: { seen: string; panelistIds: string[] } }>().schedule;
    const keep = async (seen: string) => (await day.planner.put(path, { ...settings(), seen })).status;
    const before = await read();
    const { id } = await signUpAs('Lou Reyes');
    const { personId } = (await decide(id, 'accept')).json<{ personId: string }>();
    expect(await keep(before.seen)).toBe(200);
    const after = await read();
    expect(after.panelistIds).toEqual([day.advisor.id, personId]);
    // Somebody has kept the settings since.
    expect(await keep(before.seen)).toBe(409);
    const second = await decide((await signUpAs('Mo Reyes')).id, 'accept');
    const seen = await read();
    expect(seen.panelistIds).toContain(second.json<{ personId: string }>().personId);
    expect(await keep(seen.seen)).toBe(200);
    expect((await read()).panelistIds).toEqual([day.advisor.id]);
    expect(await keep(seen.seen)).toBe(409);
  });

  it('decides on what it has read: a guest may become somebody else meanwhile', async () => {
    const { id, own } = await signUpAs('Jane Doe', { organisation: 'City Labs' });
    const { changedAt: seen } = (await office.get(`${day.path}/sign-ups`))
      .json<{ signUps: (Listed & { changedAt: string })[] }>()
      .signUps.find((each) => each.id === id)!;
    const path = `${day.path}/sign-ups/${id}`;
    expect((await app.visitor().put(own, { name: 'The Principal', when: 'always' })).status).toBe(200);
    for (const verb of ['accept', 'decline']) {
      const refused = await office.post(`${path}/${verb}`, { seen });
      expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('The Principal')]);
      expect((await office.post(`${path}/${verb}`)).status).toBe(428);
    }
    expect((await findSignUp(day.home.scope, id))?.state).toBe('waiting');
    const page = await office.get(`${day.path}/sign-ups`, { as: 'page' });
    const now = (await findSignUp(day.home.scope, id))!.changedAt.toISOString();
    expect(page.text).toContain(`name="seen" value="${now}"`);
    expect((await office.post(`${path}/accept`, { seen: now })).status).toBe(200);
  });

  it('declines until the exhibition closes: it can be taken back, and the guest’s link says so meanwhile', async () => {
    const said = { email: 'gus@labs.example', conflictWords: 'my niece' };
    const { id, own } = await signUpAs('Gus Hall', said);
    expect((await decide(id, 'decline')).json<object>()).toMatchObject({ state: 'declined', personId: null });
    const page = await app.visitor().get(own, { as: 'page' });
    expect([page.status, page.text]).toEqual([410, expect.stringContaining('can’t place you')]);
    expect(page.text).toContain('Withdraw my sign-up');
    expect((await app.visitor().put(own, { when: 'always' })).status).toBe(410);
    expect((await office.get(`${day.path}/sign-ups`, { as: 'page' })).text).toContain('Move back to waiting');
    expect((await decide(id, 'reconsider')).status).toBe(200);
    expect(await findSignUp(day.home.scope, id)).toMatchObject({
      ...said,
      state: 'waiting',
      hours: [morning],
    });
    expect((await decide(id, 'reconsider')).status).toBe(409);
    expect((await decide(id, 'accept')).status).toBe(200);
  });

  it('asks whether somebody with the same name and address is the same person: then they are one', async () => {
    const { scope } = day.home;
    const guardian = await day.home.person({
      ...{ name: 'Tomás Ruiz', roles: ['guardian'] },
    });
    const attendance = { ...nothingSaid, hours: ['Mon 16:00-18:00'], speaks: ['Spanish'] };
    // Without an account.
    await savePersonChange(scope, guardian.id, { email: 'ruiz@home.example', attendance });
    const other = await signUpAs('Clara Ruiz', { email: 'ruiz@home.example' });
    const { id, own } = await signUpAs('tomas ruiz', { email: 'ruiz@home.example', conflictWords: 'my son' });
    const listed = (await office.get(`${day.path}/sign-ups`)).json<{
      signUps: (Listed & { samePeople: object[] })[];
    }>().signUps;
    const sameAs = (of: string) => listed.find((each) => each.id === of)!.samePeople;
    expect(sameAs(other.id)).toEqual([]);
    expect(sameAs(id)).toEqual([{ id: guardian.id, name: 'Tomás Ruiz', roles: ['guardian'] }]);
    const seen = (await findSignUp(scope, id))!.changedAt.toISOString();
    const path = `${day.path}/sign-ups/${id}/accept`;
    for (const person of ['', day.advisor.id]) {
      const refused = await office.post(path, { seen, person }, { as: 'page' });
      expect([refused.status, refused.text]).toEqual([
        422,
        expect.stringContaining(`f-${id}-person-problem`),
      ]);
    }
    const accepted = await office.post(path, { seen, person: guardian.id });
    expect(accepted.json<object>()).toMatchObject({ state: 'accepted', personId: guardian.id });
    expect(await findPerson(scope, guardian.id)).toMatchObject({
      ...{ displayName: 'Tomás Ruiz', roles: ['guardian', 'guest'], email: 'ruiz@home.example' },
      attendance: {
        ...{ hours: ['Mon 16:00-18:00', morning], speaks: ['Spanish'], conflictWords: 'my son' },
        comesTo: [day.exhibitionId],
      },
    });
    // That the office took the two for one proves nothing to whoever has the link.
    const page = await app.visitor().get(own, { as: 'page' });
    expect([page.status, page.text]).toEqual([410, expect.stringContaining('already has you')]);
    expect(page.text).not.toContain('Mon 16:00');
    // Nothing else changes by it, and nothing else is said.
    expect(page.text).toContain('changes nothing else');
    expect((await app.visitor().put(own, { when: 'never' })).status).toBe(410);
    // Their second sign-up is theirs, too, also where the address is not on their record.
    const { personId } = (await decide(other.id, 'accept')).json<{ personId: string }>();
    expect(await findPerson(scope, personId)).toMatchObject({ email: null });
    const second = await signUpAs('Clara Ruiz', { email: 'ruiz@home.example', once: 'another form' });
    expect((await decide(second.id, 'accept')).status).toBe(422);
    expect((await decide(second.id, 'accept', office, { person: personId })).json<object>()).toMatchObject({
      personId,
    });
  });
});

describe('somebody whom the school knows', () => {
  const offer = { days: [], hours: 'Mon-Sun 9-11 AM', most: 1 };
  const known = async (name: string, roles: ('advisor' | 'guardian')[], attendance: object | null) => {
    const person = await day.home.person({ name, roles });
    const email = `${person.id.toLowerCase()}@home.example`;
    await savePersonChange(day.home.scope, person.id, {
      ...{ email, attendance: attendance && { ...nothingSaid, ...attendance } },
    });
    const { id } = await signUpAs(name, { ...offer, email });
    const accept = (client: Client) => decide(id, 'accept', client, { person: person.id });
    return { accept, now: async () => (await findPerson(day.home.scope, person.id))!.attendance };
  };

  it('is joined to a sign-up by the office alone, and of staff that takes nothing away', async () => {
    const teacher = await known('Tess Moor', ['advisor'], null);
    const refused = await teacher.accept(day.planner);
    expect([refused.status, refused.text]).toEqual([422, expect.stringContaining('Ask the office')]);
    expect((await teacher.accept(office)).status).toBe(200);
    expect(await teacher.now()).toMatchObject({ hours: [], most: null });
    const busy = await known('Ulla Moor', ['advisor'], { hours: ['Mon 16:00-18:00'], most: 5 });
    expect((await busy.accept(office)).status).toBe(200);
    expect(await busy.now()).toMatchObject({
      ...{ hours: ['Mon 16:00-18:00', `${exhibitionDay} 09:00-11:00`], most: 5 },
    });
  });

  it('comes to other exhibitions as before: hours of every week are taken for the days of this one', async () => {
    const guardian = await known('Vera Moor', ['guardian'], null);
    expect((await guardian.accept(office)).status).toBe(200);
    expect(await guardian.now()).toMatchObject({ hours: [`${exhibitionDay} 09:00-11:00`], most: 1 });
  });
});

describe('who waits for an answer', () => {
  interface Told {
    next: { href: string; title: string } | null;
    tasks: { href: string; title: string }[];
  }
  const taskOf = async (client: Client) => {
    const { next, tasks } = (await client.get('/')).json<Told>();
    return [...(next ? [next] : []), ...tasks].find(({ href }) => href === `${day.path}/sign-ups`)?.title;
  };
  const waitingOn = async (client: Client) =>
    (await client.get(day.path)).json<{ waitingSignUps: number | null }>().waitingSignUps;

  it('is a task of those who plan, and a number at the link, until all are decided', async () => {
    const other = (await day.join('Ines Rau', ['advisor'])).client;
    const { id } = await signUpAs('Quin Abe');
    const count = (await listAll()).filter(({ state }) => state === 'waiting').length;
    for (const client of [office, day.planner]) {
      expect(await taskOf(client)).toContain(`${count} guests have signed up`);
      expect(await waitingOn(client)).toBe(count);
      expect((await client.get(day.path, { as: 'page' })).text).toContain(`(${count} waiting)`);
    }
    expect([await taskOf(other), await waitingOn(other)]).toEqual([undefined, null]);
    for (const each of await listAll())
      if (each.state === 'waiting' && each.id !== id) await decide(each.id, 'decline');
    expect(await taskOf(office)).toContain('1 guest has signed up');
    await decide(id, 'accept');
    expect([await taskOf(office), await waitingOn(office)]).toEqual([undefined, 0]);
    expect((await office.get(day.path, { as: 'page' })).text).not.toContain('waiting)');
  });
});

describe('one’s own link', () => {
  it('changes the sign-up; once accepted, also when the person can come, and the office’s answers stay', async () => {
    const { id, own } = await signUpAs('Hal Reed', { conflictWords: 'my nephew' });
    const guest = app.visitor();
    const renamed = { name: 'Hal P. Reed', days: [afternoon], most: '4', conflictWords: 'my nephew' };
    expect((await guest.post(own, renamed)).json<Own>()).toMatchObject({ days: [afternoon], most: 4 });
    // What a program reads it can send back.
    const read = (await guest.get(own)).json<Own>();
    expect((await guest.put(own, read)).json<Own>()).toEqual(read);
    expect((await guest.put(own, { ...read, color: 'red' })).status).toBe(422);
    const { personId } = (await decide(id, 'accept')).json<{ personId: string }>();
    const person = async () => findPerson(day.home.scope, personId);
    const seen = async () => ({ seen: (await guest.get(own)).json<{ seen: string }>().seen });
    const settled = { students: day.students[0]!.displayName, words: 'my nephew' };
    expect((await office.post(`/availability/conflicts/${personId}`, settled)).status).toBe(200);
    expect((await guest.get(own)).json<Own>()).toMatchObject({ state: 'accepted', conflictWords: '' });
    const changed = { name: 'Somebody Else', days: [morning, afternoon], conflictWords: 'and Yonas' };
    expect((await guest.put(own, changed)).status).toBe(428);
    const opened = await seen();
    // The office has called them.
    const told = { ...(await person())!.attendance!, hours: [afternoon], most: 2 };
    await savePersonChange(day.home.scope, personId, { attendance: told });
    expect((await guest.put(own, { ...changed, ...opened })).status).toBe(409);
    expect((await guest.get(own)).json<Own>()).toMatchObject({ days: [afternoon], most: 2 });
    const listed = (await office.get(`${day.path}/sign-ups`)).json<{ signUps: Listed[] }>().signUps;
    expect(listed.find((each) => each.id === id)).toMatchObject({ hours: [afternoon], most: 2 });
    expect((await guest.put(own, { ...changed, ...(await seen()) })).status).toBe(200);
    expect(await person()).toMatchObject({
      displayName: 'Hal P. Reed',
      attendance: {
        ...{ hours: [morning, afternoon], most: null, conflictIds: [day.students[0]!.id] },
        conflictWords: 'and Yonas',
      },
    });
    expect((await guest.put(own, { when: 'never', ...(await seen()) })).json<Own>().when).toBe('never');
    expect((await person())?.attendance?.awayFrom).toContain(day.exhibitionId);
    expect((await guest.put(own, { when: 'always', ...(await seen()) })).json<Own>().when).toBe('always');
    expect((await person())?.attendance).toMatchObject({ hours: [] });
    expect((await person())?.attendance?.awayFrom).not.toContain(day.exhibitionId);
  });

  it('changes nothing of somebody who has an account by now', async () => {
    const { id, own } = await signUpAs('Ida Voss');
    const { personId } = (await decide(id, 'accept')).json<{ personId: string }>();
    const { person } = await day.join('Ida Voss', ['panelist']);
    await app.context.db.connection
      .collection<{ _id: string }>('signups')
      .updateOne({ _id: id }, { $set: { personId: person.id } });
    const refused = await app.visitor().put(own, { when: 'never' });
    expect([refused.status, refused.text]).toEqual([410, expect.stringContaining('Sign in')]);
    expect((await findPerson(day.home.scope, person.id))?.attendance).toBeFalsy();
    expect(personId).not.toBe(person.id);
  });
});

describe('the same form sent again', () => {
  const said = {
    name: 'Uma Sand',
    when: 'these',
    days: [morning],
    conflictWords: 'my niece',
    once: 'a form',
  };
  const idOf = async (name: string) => (await listAll()).find((each) => each.name === name)!.id;

  it('changes what waits, with an entry of its own, and nothing where nothing is new', async () => {
    const guest = await aDevice();
    await guest.post(open, said);
    const id = await idOf('Uma Sand');
    const { changedAt } = (await findSignUp(day.home.scope, id))!;
    expect((await guest.post(open, said)).status).toBe(201);
    expect((await findSignUp(day.home.scope, id))?.changedAt).toEqual(changedAt);
    expect((await guest.post(open, { ...said, most: 2 })).json<Own>().most).toBe(2);
    expect(await actsOn(id)).toEqual(['sign-up.make', 'sign-up.change']);
  });

  it('once accepted, changes what is known of the person, as their own link does, unless the office has since', async () => {
    const id = await idOf('Uma Sand');
    const { personId } = (await decide(id, 'accept')).json<{ personId: string }>();
    const person = async () => (await findPerson(day.home.scope, personId))!.attendance!;
    const device = await aDevice();
    const send = (more: object) => device.post(open, { ...said, most: 2, ...more });
    expect((await send({})).status).toBe(201);
    expect(await person()).toMatchObject({ hours: [morning], conflictWords: 'my niece' });
    expect((await send({ days: [afternoon] })).json<Own>()).toMatchObject({
      ...{ state: 'accepted', days: [afternoon] },
    });
    expect(await person()).toMatchObject({ hours: [afternoon], conflictWords: 'my niece' });
    await savePersonChange(day.home.scope, personId, { attendance: { ...(await person()), most: 1 } });
    const refused = await send({ days: [morning] });
    expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('your own link')]);
    expect(await person()).toMatchObject({ hours: [afternoon], most: 1 });
    // Once the office has seen to the words, they say nothing new; others do, whatever times the office knows by now.
    const settle = async () => {
      const words = { students: day.students[0]!.displayName, words: (await person()).conflictWords };
      expect((await office.post(`/availability/conflicts/${personId}`, words)).status).toBe(200);
    };
    await settle();
    expect((await send({ days: [afternoon] })).status).toBe(201);
    expect(await person()).toMatchObject({ conflictWords: '' });
    const more = { days: [afternoon], conflictWords: 'I am an aunt of Jun-ho' };
    expect((await send(more)).status).toBe(201);
    const known = { hours: [afternoon], most: 1 };
    expect(await person()).toMatchObject({ ...known, conflictWords: more.conflictWords });
    await settle();
    expect((await send(more)).status).toBe(201);
    expect(await person()).toMatchObject({ ...known, conflictWords: '' });
    expect((await send({ days: [afternoon] })).status).toBe(201);
    expect(await person()).toMatchObject({ ...known, conflictWords: 'my niece' });
  });

  it('once declined, is told so, and what was typed is still there', async () => {
    const form = { ...said, name: 'Vic Reed', conflictWords: 'my neighbor Inés' };
    const guest = await aDevice();
    await guest.post(open, form);
    await decide(await idOf('Vic Reed'), 'decline');
    const told = await guest.post(open, { ...form, most: 5 });
    expect([told.status, told.text]).toEqual([410, expect.stringContaining('can’t place you')]);
    const page = await guest.post(open, { ...form, most: 5 }, { as: 'page' });
    expect([page.status, page.text]).toEqual([410, expect.stringContaining('can’t place you')]);
    expect(page.text).toContain('my neighbor Inés');
    expect((await findSignUp(day.home.scope, await idOf('Vic Reed')))?.most).toBeNull();
  });
});

describe('what is not needed any more', () => {
  it('is taken back by its guest at any time; whoever was accepted cannot come then', async () => {
    const { scope } = day.home;
    const guest = app.visitor();
    const [waiting, declined, accepted] = [
      await signUpAs('Wes Gray'),
      await signUpAs('Xia Gray'),
      await signUpAs('Yan Gray', { conflictWords: 'my niece' }),
    ];
    await decide(declined.id, 'decline');
    const { personId } = (await decide(accepted.id, 'accept')).json<{ personId: string }>();
    const page = await guest.get(waiting.own, { as: 'page' });
    expect(page.text).toContain(`action="${waiting.own}/withdraw"`);
    const done = await guest.post(`${waiting.own}/withdraw`, {}, { as: 'page' });
    expect([done.status, done.text]).toEqual([200, expect.stringContaining('has been deleted')]);
    for (const { own } of [declined, accepted])
      expect((await guest.post(`${own}/withdraw`)).json<object>()).toEqual({ withdrawn: true });
    for (const { id, own } of [waiting, declined, accepted]) {
      expect(await findSignUp(scope, id)).toBeNull();
      expect((await guest.get(own)).status).toBe(404);
      expect((await guest.post(`${own}/withdraw`)).status).toBe(404);
      expect((await actsOn(id)).at(-1)).toBe('sign-up.withdraw');
    }
    expect((await findPerson(scope, personId))?.attendance?.awayFrom).toEqual([day.exhibitionId]);
  });

  it('is told to those who plan when it was accepted, also of somebody the school knows, until one of them has seen it', async () => {
    const { scope } = day.home;
    const known = await day.home.person({ name: 'Zora Gray', roles: ['guardian'] });
    await savePersonChange(scope, known.id, { email: 'zora@home.example' });
    const more = { email: 'zora@home.example', organisation: 'City Labs' };
    const { id, own } = await signUpAs('Zora Gray', more);
    expect((await decide(id, 'accept', office, { person: known.id })).status).toBe(200);
    const { attendance } = (await findPerson(scope, known.id))!;
    const seat = { personId: known.id, role: 'guest' };
    const seated = await day.planner.post(`/slots/${await day.slotId()}/seats`, seat);
    expect(seated.status).toBe(201);
    expect((await app.visitor().post(`${own}/withdraw`)).status).toBe(200);
    expect((await findPerson(scope, known.id))!.attendance).toEqual(attendance);
    const tasks = async (client: Client) => {
      const { next, tasks: others } = (await client.get('/')).json<{
        next: object | null;
        tasks: object[];
      }>();
      return [next, ...others];
    };
    const task = expect.objectContaining({
      title: '2 accepted guests have withdrawn',
      line: expect.stringContaining('still on 1 panel'),
    });
    expect(await tasks(office)).toContainEqual(task);
    expect(await tasks(day.planner)).toContainEqual(task);
    const left = (await listAll()).filter(({ state, name }) => state === 'withdrawn' && name === 'Zora Gray');
    expect(left).toMatchObject([
      { personId: known.id, organisation: null, email: null, conflictWords: '', hours: [] },
    ]);
    expect((await office.get(`${day.path}/sign-ups`, { as: 'page' })).text).toContain('Take them off panels');
    const path = `${day.path}/sign-ups/${left[0]!.id}/dismiss`;
    expect((await day.planner.post(path, {}, { as: 'page' })).status).toBe(303);
    expect(await tasks(office)).toContainEqual(
      expect.objectContaining({ title: 'Yan Gray was accepted and has withdrawn', line: 'Fall exhibitions' }),
    );
    expect((await day.planner.post(path)).status).toBe(404);
    const waiting = await signUpAs('Zora Gray');
    expect((await office.post(`${day.path}/sign-ups/${waiting.id}/dismiss`)).status).toBe(409);
  });

  it('goes when the exhibition is closed: what waits and what was declined', async () => {
    const { scope } = day.home;
    const made = await day.planner.post('/exhibitions', {
      ...{ termId: day.home.termId, title: 'Over soon', format: 'panel', rubric: 'exhibition' },
      ...{ startsAt: `${exhibitionDay}T09:00`, place: '', slotMinutes: 50 },
    });
    const { id: exhibitionId } = made.json<{ id: string }>();
    const path = `/exhibitions/${exhibitionId}`;
    const slot = await day.planner.post(`${path}/slots`, {
      ...{ studentId: day.students[1]!.id, startsAt: `${exhibitionDay}T09:00`, room: 'Loft' },
    });
    await day.planner.post(`/slots/${slot.json<{ id: string }>().id}/seats`, {
      ...{ personId: day.advisor.id, role: 'teacher' },
    });
    const link = (await day.planner.post(`${path}/sign-up-link`)).json<{ signUpUrl: string }>();
    const owns: Record<string, string> = {};
    for (const name of ['Waiting', 'Declined', 'Accepted']) {
      const reply = await app.visitor().post(pathOf(link.signUpUrl), { name, when: 'always' });
      owns[name] = pathOf(reply.json<Own>().changeUrl);
    }
    for (const { id, name, changedAt } of await listAll(exhibitionId))
      if (name !== 'Waiting')
        await office.post(`${path}/sign-ups/${id}/${name === 'Accepted' ? 'accept' : 'decline'}`, {
          seen: changedAt.toISOString(),
        });
    for (const verb of ['open', 'score', 'close']) {
      const moved = await office.post(`${path}/${verb}`, { withoutPortfolio: true });
      if (moved.status === 409)
        await office.post(`${path}/${verb}`, {
          ...{ withoutPortfolio: true, seen: moved.json<{ error: { seen?: string } }>().error.seen },
        });
    }
    expect((await getExhibition(scope, exhibitionId)).phase).toBe('closed');
    expect((await listAll(exhibitionId)).map(({ name }) => name)).toEqual(['Accepted']);
    const visitor = app.visitor();
    for (const as of ['json', 'page'] as const) {
      const over = await visitor.get(pathOf(link.signUpUrl), { as });
      expect([over.status, over.text]).toEqual([410, expect.stringContaining('is over')]);
    }
    const late = { name: 'Late', when: 'always', conflictWords: 'my niece Inés' };
    const refused = await visitor.post(pathOf(link.signUpUrl), late, { as: 'page' });
    expect([refused.status, refused.text]).toEqual([410, expect.stringContaining('my niece Inés')]);
    expect((await visitor.get(owns['Waiting']!)).status).toBe(404);
    // Whoever had the page open, and was found to be in time, while somebody closed it.
    const inTime = signUp(
      {
        clock: app.context.clock,
        key: Buffer.alloc(32),
      },
      scope,
      (await findSignUpLink(scope, exhibitionId))!,
      { ...{ name: 'In time', organisation: null, email: null, conflictWords: '' }, ...nothingSaid },
      { once: 'in-time', cameFrom: 'here' },
    );
    await expect(inTime).rejects.toMatchObject({ status: 410, code: 'sign-up-over' });
    const own = await visitor.get(owns['Accepted']!, { as: 'page' });
    expect([own.status, own.text]).toEqual([410, expect.stringContaining('Withdraw my sign-up')]);
    expect((await visitor.post(`${owns['Accepted']!}/withdraw`)).status).toBe(200);
    expect(await listAll(exhibitionId)).toEqual([]);
  });
});

describe('a link that somebody abuses', () => {
  let link: { linkId: string; exhibitionId: string; path: string };
  const attend = { name: 'Real Guest', when: 'always' };
  beforeAll(async () => {
    const made = await day.planner.post('/exhibitions', {
      ...{ termId: day.home.termId, title: 'Abused', format: 'panel', rubric: 'exhibition' },
      ...{ startsAt: `${exhibitionDay}T09:00`, place: '', slotMinutes: 50 },
    });
    const exhibitionId = made.json<{ id: string }>().id;
    const { signUpUrl } = (await day.planner.post(`/exhibitions/${exhibitionId}/sign-up-link`)).json<{
      signUpUrl: string;
    }>();
    const { id: linkId } = (await findSignUpLink(day.home.scope, exhibitionId))!;
    link = { linkId, exhibitionId, path: pathOf(signUpUrl) };
  });

  it('has a share for each part of the network, and is full of sign-ups nobody decided on; a new link takes guests at once', async () => {
    const { exhibitionId, path } = link;
    expect((await app.visitor().post(path, attend)).status).toBe(201);
    const [first] = await listAll(exhibitionId);
    const waiting = app.context.db.connection.collection<{ _id: string }>('signups');
    const stored = (await waiting.findOne({ _id: first!.id }))!;
    const fill = (count: number, mark: string, more: object) =>
      waiting.insertMany(
        Array.from({ length: count }, (_each, at) => ({
          ...{ ...stored, ...more, _id: `${mark}-${at}`, secretHash: `${mark}-${at}` },
        })),
      );
    const full = async () => {
      const { status, text } = await app.visitor().post(link.path, attend);
      return [status, text.includes('contact the school')];
    };
    await fill(MAX_WAITING_PER_SUBNET - 1, 'near', {});
    expect(await full()).toEqual([409, true]);
    // Others may still: nobody keeps them out.
    await waiting.updateMany({ _id: /^near-/ }, { $set: { cameFrom: 'elsewhere' } });
    expect(await full()).toEqual([201, false]);
    await fill(MAX_WAITING, 'far', { cameFrom: 'elsewhere' });
    expect(await full()).toEqual([409, true]);
    const renewed = await day.planner.post(`/exhibitions/${exhibitionId}/sign-up-link`);
    link.path = pathOf(renewed.json<{ signUpUrl: string }>().signUpUrl);
    expect((await app.visitor().post(link.path, attend)).status).toBe(201);
  });

  it('is cleared page by page: many are declined at once, and as many wait again', async () => {
    const path = `/exhibitions/${link.exhibitionId}/sign-ups`;
    interface Pages {
      counts: { waiting: number; declined: number };
      pages: { page: number; pages: number };
      signUps: { id: string; changedAt: string; state: string }[];
    }
    const read = async (query = '') => (await office.get(`${path}${query}`)).json<Pages>();
    const before = await read('?page=2');
    expect([before.pages.page, before.signUps.length]).toEqual([2, 50]);
    expect(before.pages.pages).toBe(Math.ceil(before.counts.waiting / 50));
    const page = await office.get(`${path}?page=2`, { as: 'page' });
    expect(page.text).toContain('Decline the 50 on this page');
    const listed = before.signUps.map(({ id, changedAt }) => `${id}@${changedAt}`);
    for (const [verb, button] of [
      ['decline', 'chosen'],
      ['reconsider', 'listed'],
    ] as const) {
      const none = await office.post(`${path}/${verb}`, { which: 'chosen', listed }, { as: 'page' });
      expect([none.status, none.text]).toEqual([422, expect.stringContaining('Choose at least one sign-up')]);
      // One has been changed by its guest since.
      const stale = [`${before.signUps[0]!.id}@${new Date(0).toISOString()}`, ...listed.slice(1)];
      const reply = await office.post(`${path}/${verb}`, { which: button, [button]: stale });
      expect(reply.json<object>()).toEqual({ done: 49, left: 1 });
      const { counts } = await read();
      expect(counts.declined).toBe(verb === 'decline' ? 49 : 0);
      expect(counts.waiting).toBe(before.counts.waiting - counts.declined);
    }
    expect((await day.planner.post(`${path}/decline`, { chosen: ['no such line'] })).status).toBe(422);
  });

  it('takes so many of one device in an hour, and of one part of the network in a minute, whatever cookies they have', async () => {
    const { db, clock } = app.context;
    const now = clock.now();
    // In the window of now and in the next, which may begin meanwhile; one makes the record, so that the
    // others only count.
    const attempts = async (what: string, whom: string, seconds: number, count: number) => {
      for (const at of [now, new Date(now.getTime() + seconds * 1000)]) {
        const attempt = () => appendAttempt(db, what, whom, seconds, at);
        await attempt();
        await Promise.all(Array.from({ length: count - 1 }, attempt));
      }
    };
    const subnet = '127.0.0';
    await attempts('sign-up', `no device\n${subnet}\n${link.linkId}`, 3600, signUpsPerDevice);
    const typed = { ...attend, name: 'One More', conflictWords: 'my niece' };
    const newcomer = await app.visitor().post(link.path, typed, { as: 'page' });
    expect([newcomer.status, newcomer.text]).toEqual([429, expect.stringContaining('my niece')]);
    const device = app.visitor();
    await device.get(link.path);
    expect((await device.post(link.path, attend)).status).toBe(201);
    await attempts('sign-up-subnet', `${subnet}\n${link.linkId}`, 60, signUpsPerSubnetAMinute);
    expect((await device.post(link.path, { ...attend, name: 'Another' })).status).toBe(429);
    expect((await device.post(open, attend)).status).toBe(201);
  });
});

it('erasing a person takes what they signed up with, what nobody accepted under their name, and their name in words of others', async () => {
  const scope = day.home.scope;
  const { id } = await signUpAs('Joy Adeyemi', { email: 'joy@labs.example' });
  const { personId } = (await decide(id, 'accept')).json<{ personId: string }>();
  const waiting = await signUpAs('Joy Adeyemi');
  const other = await signUpAs('Kim Park', { conflictWords: 'I am a friend of Joy Adeyemi' });
  const father = await signUpAs('Tayo Adeyemi', { email: 'adeyemi@home.example' });
  const same = await signUpAs('joy adeyemi', { email: 'adeyemi@home.example' });
  const person = {
    ...{ id: personId, ids: [personId], names: ['Joy Adeyemi'], email: 'adeyemi@home.example' },
    ...{ sourcedId: null, byName: true, mark: 'Erased', at: app.context.clock.now() },
  } as unknown as ErasedPerson;
  const erase = async (erased: ErasedPerson) => {
    for (const part of erasePersonFromTimetables)
      await inTransaction(scope, async (inside) => void (await part.erase?.(inside, erased, '')));
  };
  await erase({ ...person, byName: false });
  expect(await findSignUp(scope, same.id)).toBeNull();
  expect(await findSignUp(scope, waiting.id)).not.toBeNull();
  await erase(person);
  // Who shares the family's address has signed up for themselves.
  expect(await findSignUp(scope, father.id)).not.toBeNull();
  expect(await findSignUp(scope, id)).toBeNull();
  expect(await findSignUp(scope, waiting.id)).toBeNull();
  expect((await findSignUp(scope, other.id))?.conflictWords).not.toContain('Joy');
});
