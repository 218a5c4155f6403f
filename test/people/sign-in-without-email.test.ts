/**
 * People without an e-mail sign in: by a username, a letter that is printed for a class, or a password that
 * the advisor sets for a child.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findAccountByEmail, findAccountOfPerson } from '../../server/access/account-records.js';
import { isUsername, suggestUsername, usernameShape } from '../../server/access/username.js';
import { newId } from '../../server/ids.js';
import { saveAdvisory, savePersonChange } from '../../server/people/people-records.js';
import { setChildPassword } from '../../server/people/child-password.js';
import type { Person } from '../../server/people/person.js';
import { chosenPerHour } from '../../server/people/sign-in-routes.js';
import type { Client } from '../harness/client.js';
import { startApp, type TestApp, type TestSchool } from '../harness/start-app.js';

const password = 'nine Gray herons wait';
let app: TestApp;
let school: TestSchool;
let advisor: Client;
let registrar: Client;
let advisoryId: string;
beforeAll(async () => {
  app = await startApp();
  school = await app.aSchool();
  const lead = await school.person({ name: 'Ada Visor', roles: ['advisor'], email: 'ada@letters.example' });
  await school.person({ name: 'Rita Registrar', roles: ['registrar'], email: 'rita@letters.example' });
  await school.person({ name: 'Otto Admin', roles: ['admin'], email: 'otto@letters.example' });
  advisoryId = newId();
  await saveAdvisory(school.scope, {
    ...{ id: advisoryId, schoolId: school.school.id, slug: 'heron', name: 'Heron', advisorIds: [lead.id] },
  });
  advisor = await app.as('ada@letters.example');
  registrar = await app.as('rita@letters.example');
});
afterAll(() => app?.close());
const child = (name: string): Promise<Person> => school.person({ name, roles: ['student'], advisoryId });
const enters = (email: string, secret = password) =>
  app.visitor().post('/sign-in', { email, password: secret });

it.each(['José Ruiz', 'สมชาย ใจดี', 'A', '', 'Maximiliana Featherstonehaugh-Cholmondeley the Third'])(
  'a username for %p can be typed and is no address',
  (name) => {
    const username = suggestUsername(name);
    expect(username).toMatch(usernameShape);
    expect(isUsername(username)).toBe(true);
  },
);

describe('letters for a class', () => {
  it('let each student choose a password once, by a code that is typed as it comes', async () => {
    const [ona, kim] = [await child('Ona Pell'), await child('Kim Lee')];
    const choice = await advisor.get(`/advisories/${advisoryId}/letters`, { as: 'page' });
    expect(choice.text).toContain('Ona Pell');
    const made = await advisor.post(`/advisories/${advisoryId}/letters`, { studentIds: [ona.id, kim.id] });
    expect(made.status).toBe(201);
    const { letters } = made.json<{ letters: { personId: string; signsInWith: string; code: string }[] }>();
    expect(letters.map(({ personId }) => personId).sort()).toEqual([ona.id, kim.id].sort());
    const letter = letters.find(({ personId }) => personId === ona.id)!;
    const typed = letter.code.toLowerCase().replaceAll('-', ' ');
    const found = await app.visitor().post('/start', { code: typed });
    const { setPasswordPath } = found.json<{ setPasswordPath: string }>();
    expect((await app.visitor().post(setPasswordPath, { password })).status).toBe(200);
    expect((await enters(letter.signsInWith.toUpperCase())).status).toBe(200);
    expect((await app.visitor().post('/start', { code: typed })).status).toBe(422);
    const printed = await advisor.post(
      `/advisories/${advisoryId}/letters`,
      { studentIds: [kim.id] },
      { as: 'page' },
    );
    expect(printed.text).toContain('<svg');
    expect(printed.text).toContain('Kim Lee');
    // The script shows the button; without it the page says how to print.
    expect(printed.text).toMatch(/<button[^>]*data-print hidden>/);
    expect(printed.text).toMatch(/assets\/print-[^"]+\.js/);
    expect(printed.text).toContain('<noscript>To print, use Ctrl+P');
    expect(printed.headers.get('cache-control')).toContain('no-store');
  });

  it('leave out who signs in with an address, and want somebody', async () => {
    const mail = await school.person({
      name: 'Mel Mail',
      roles: ['student'],
      advisoryId,
      email: 'mel@letters.example',
    });
    const made = await registrar.post(`/advisories/${advisoryId}/letters`, { studentIds: [mail.id] });
    expect(made.json()).toMatchObject({
      letters: [],
      left: [{ name: 'Mel Mail', reason: expect.stringContaining('sign in with an email') }],
    });
    expect((await registrar.post(`/advisories/${advisoryId}/letters`, { studentIds: [] })).status).toBe(422);
  });
});

describe('letters', () => {
  it('for a class are made although one student cannot get one', async () => {
    const [fine, aide, sent] = [await child('Fin Fine'), await child('Abe Aide'), await child('Sue Sent')];
    await savePersonChange(school.scope, aide.id, { roles: ['student', 'panelist'] });
    // An address that nobody has opened an account for.
    await savePersonChange(school.scope, sent.id, { email: 'sue@letters.example' });
    const studentIds = [aide.id, sent.id, fine.id];
    const made = await advisor.post(`/advisories/${advisoryId}/letters`, { studentIds });
    const view = made.json<{ letters: { name: string }[]; left: { name: string; reason: string }[] }>();
    expect(view.letters.map(({ name }) => name)).toEqual(['Fin Fine']);
    expect(view.left.sort((a, b) => a.name.localeCompare(b.name))).toEqual([
      { personId: aide.id, name: 'Abe Aide', reason: expect.stringContaining('another role') },
      { personId: sent.id, name: 'Sue Sent', reason: expect.stringContaining('email address') },
    ]);
  });
});

describe('the password of a child', () => {
  it('that is refused leaves the letter, the account and the administrators as they were', async () => {
    const lou = await child('Lou Letter');
    const made = await advisor.post(`/advisories/${advisoryId}/letters`, { studentIds: [lou.id] });
    const { code } = made.json<{ letters: { code: string }[] }>().letters[0]!;
    expect((await advisor.post(`/people/${lou.id}/password`, { password: '12345' })).status).toBe(422);
    const lea = await child('Lea None');
    expect((await advisor.post(`/people/${lea.id}/password`, { password: '12345' })).status).toBe(422);
    expect(await findAccountOfPerson(school.scope, lea.id)).toBeNull();
    expect((await (await app.as('otto@letters.example')).get('/password-links')).text).not.toContain('Lea');
    expect((await app.visitor().post('/start', { code })).status).toBe(200);
  });

  it('is set by the advisor, told to the administrators, and marks what is signed after it', async () => {
    const tom = await child('Tom Tiny');
    const set = await advisor.post(`/people/${tom.id}/password`, { password });
    const { username } = set.json<{ username: string }>();
    expect((await enters(username)).status).toBe(200);
    const account = await findAccountOfPerson(school.scope, tom.id);
    expect(account?.lastLink?.createdByName).toBe('Ada Visor');
    const home = await (await app.as('otto@letters.example')).get('/password-links');
    expect(home.text).toContain('Tom Tiny');
    const page = await advisor.get(`/people/${tom.id}/sign-in`, { as: 'page' });
    expect(page.text).toContain(`Signs in as ${username}.`);
  });

  it('is not set where they became somebody else while it was checked', async () => {
    const kit = await child('Kit Quick');
    const lead = (await findAccountByEmail(app.context.db, 'ada@letters.example'))!;
    const actor = {
      personId: lead.personId,
      name: 'Ada Visor',
      roles: ['advisor'],
      advisoryIds: [advisoryId],
    };
    const needs = {
      ...{ db: app.context.db, clock: app.context.clock },
      accountFacts: async () => {
        await savePersonChange(school.scope, kit.id, { roles: ['student', 'panelist'] });
        return { ownWords: [], closed: null };
      },
    };
    await expect(
      setChildPassword(
        needs as never,
        school.scope,
        { ...actor, seatIds: null, via: 'session' } as never,
        kit,
        password,
      ),
    ).rejects.toMatchObject({ status: 409 });
    expect(await findAccountOfPerson(school.scope, kit.id)).toBeNull();
  });

  it.each<[string, () => Promise<Person>, number]>([
    [
      'who has an address',
      () =>
        school.person({
          name: 'Ed Mail',
          roles: ['student'],
          advisoryId,
          email: `ed${newId()}@letters.example`,
        }),
      409,
    ],
    ['of another advisory', () => school.person({ name: 'Al Other', roles: ['student'] }), 403],
    ['who is no student', () => school.person({ name: 'Gus Guardian', roles: ['guardian'] }), 403],
  ])('is not set for somebody %s', async (_name, make, status) => {
    const person = await make();
    expect((await advisor.post(`/people/${person.id}/password`, { password })).status).toBe(status);
  });
});

describe('a username', () => {
  it('is chosen by the office alone, and not often: that one is taken says who is at other schools', async () => {
    const [mia, lee] = [await child('Mia Moon'), await child('Lee Sun')];
    const made = await advisor.post(`/people/${mia.id}/username`, { username: 'taken.elsewhere' });
    const { username } = made.json<{ username: string }>();
    expect(username).toMatch(/^mia\.moon/);
    const again = await advisor.post(`/people/${mia.id}/username`, { username: 'another.name' });
    expect(again.json()).toEqual({ username });
    const page = await advisor.get(`/people/${lee.id}/sign-in`, { as: 'page' });
    expect([page.text.includes('name="username"'), page.text.includes('made of the name')]).toEqual([
      false,
      true,
    ]);
    await school.person({ name: 'Olga Office', roles: ['registrar'], email: 'olga@letters.example' });
    const office = await app.as('olga@letters.example');
    const statuses: number[] = [];
    for (let at = 0; at <= chosenPerHour; at += 1)
      statuses.push((await office.post(`/people/${lee.id}/username`, { username })).status);
    expect(statuses).toEqual([...Array.from({ length: chosenPerHour }, () => 422), 429]);
    expect((await office.post(`/people/${lee.id}/username`, {})).status).toBe(200);
  });

  it('is given by the office, belongs to one person, and gives way to an address', async () => {
    const gus = await school.person({ name: 'Gus Roe', roles: ['guardian'] });
    const other = await school.person({ name: 'Gil Roe', roles: ['guardian'] });
    const give = (person: Person, username: string) =>
      registrar.post(`/people/${person.id}/username`, { username });
    expect((await give(gus, 'gus.roe.home')).json()).toEqual({ username: 'gus.roe.home' });
    expect((await give(other, 'GUS.roe.home')).status).toBe(422);
    expect((await give(other, 'no@address')).status).toBe(422);
    const link = await registrar.post(`/people/${gus.id}/invite`);
    const { setPasswordPath } = link.json<{ setPasswordPath: string }>();
    expect((await app.visitor().post(setPasswordPath, { password })).status).toBe(200);
    expect((await enters('gus.roe.home')).status).toBe(200);
    const change = { givenName: 'Gus', familyName: 'Roe', roles: ['guardian'], email: 'gus@letters.example' };
    expect((await registrar.put(`/people/${gus.id}`, change)).status).toBe(200);
    expect((await enters('gus@letters.example')).status).toBe(200);
    expect((await enters('gus.roe.home')).status).toBe(422);
    expect((await give(gus, 'gus.again')).status).toBe(409);
    const away = await app.aSchool();
    await away.person({ name: 'Elle Sewhere', roles: ['guardian'], email: 'elle@letters.example' });
    expect((await give(other, 'gil.roe.home')).status).toBe(200);
    const gil = { givenName: 'Gil', familyName: 'Roe', roles: ['guardian'], email: 'elle@letters.example' };
    const refused = await registrar.put(`/people/${other.id}`, gil);
    expect([refused.status, refused.text]).toEqual([422, expect.stringContaining('at another school')]);
  });
});
