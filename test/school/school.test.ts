import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { countAccounts } from '../../server/access/account-records.js';
import { countSchools } from '../../server/school/school-records.js';
import { createAccount } from '../../server/access/sign-in.js';
import { newId } from '../../server/ids.js';
import { findBrokenEntry } from '../../server/audit/append-audit.js';
import { dayIn, slugOf, termOn } from '../../server/school/school.js';
import { saveNetwork } from '../../server/school/school-records.js';
import { startApp, testPassword, type TestApp } from '../harness/start-app.js';
import { at, dayAfter, dayFromNow, today } from '../harness/test-clock.js';

const setupCode = 'opened-by-a-script-1';
const firstRun = {
  setupCode,
  name: 'Bergdorf Sekundarschule',
  timeZone: 'Europe/Berlin',
  termName: 'Fall',
  termStartsOn: dayFromNow(-77),
  termEndsOn: dayFromNow(33),
  administratorName: 'Ada Meyer',
  email: 'ada@berg.example',
  password: 'a long enough one',
};

describe('an empty installation', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ environment: { SETUP_CODE: setupCode } });
  });
  afterAll(() => app.close());

  it('leads to the first run, refuses a faint accent with its contrast, and keeps what was typed', async () => {
    expect((await app.visitor().get('/', { as: 'page' })).headers.get('location')).toBe('/first-run');
    const page = await app.visitor().post('/first-run', { ...firstRun, accent: '#ffdd00' }, { as: 'page' });
    expect(page.status).toBe(422);
    expect(page.text).toContain('value="Bergdorf Sekundarschule"');
    expect(page.text).toMatch(/contrast 1\.\d+ : 1, needed 4\.5 : 1/);
    expect(page.text).not.toContain(firstRun.password);
  });

  it.each([
    ['a term that ends before it starts', { termEndsOn: dayFromNow(-108) }, 'termEndsOn'],
    ['a zone that does not exist', { timeZone: 'Moon/Base' }, 'timeZone'],
    ['a short password', { password: 'short' }, 'password'],
    ['a day that does not exist', { termStartsOn: `${today().slice(0, 4)}-02-31` }, 'termStartsOn'],
  ])('refuses %s', async (_case, change, field) => {
    const answer = await app.visitor().post('/first-run', { ...firstRun, ...change });
    expect(answer.status).toBe(422);
    expect(
      answer.json<{ error: { fields: { field: string }[] } }>().error.fields.map((each) => each.field),
    ).toContain(field);
  });

  it('opens one school, signs its administrator in, and then never again', async () => {
    const [first, second] = await Promise.all([
      app.visitor().post('/first-run', firstRun),
      app.visitor().post('/first-run', { ...firstRun, name: 'Quite another', email: 'other@berg.example' }),
    ]);
    expect([first.status, second.status].sort()).toEqual([201, 404]);
    expect([await countSchools(app.context.db), await countAccounts(app.context.db)]).toEqual([1, 1]);
    expect((await app.visitor().get('/first-run')).status).toBe(404);
    expect((await app.visitor().post('/first-run', { ...firstRun, name: 'Another' })).status).toBe(404);
    const email = first.status === 201 ? firstRun.email : 'other@berg.example';
    const signedIn = app.visitor();
    expect((await signedIn.post('/sign-in', { email, password: firstRun.password })).status).toBe(200);
    const school = (await signedIn.get('/school')).json<{
      school: { slug: string };
      terms: { current: boolean }[];
    }>();
    expect(school.school.slug).toBe(first.status === 201 ? 'bergdorf-sekundarschule' : 'quite-another');
    expect(school.terms).toMatchObject([{ name: 'Fall', current: true }]);
  });
});

describe('a network', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ purpose: 'network' });
  });
  afterAll(() => app.close());

  it('adds a school whose administrator enters by a one-time link, and sees only its own schools', async () => {
    const networkId = newId();
    await saveNetwork(app.context.db, { id: networkId, slug: 'rivers', name: 'Rivers' });
    await createAccount({ db: app.context.db }, app.context.clock, {
      email: 'net@rivers.example',
      personId: newId(),
      schoolId: null,
      networkId,
      name: 'Nia Network',
      password: testPassword,
    });
    await app.aSchool({ name: 'Elsewhere' });
    const nia = await app.as('net@rivers.example');
    const { password, setupCode, ...withoutPassword } = firstRun;
    expect(setupCode).toBeTruthy();
    const added = await nia.post('/network/schools', { ...withoutPassword, email: 'head@school.example' });
    expect(added.status).toBe(201);
    const { setPasswordPath } = added.json<{ setPasswordPath: string }>();
    expect((await app.visitor().post(setPasswordPath, { password })).status).toBe(200);
    const typed = { ...withoutPassword, name: 'By a person', email: 'person@school.example' };
    const shown = await nia.post('/network/schools', typed, { as: 'page' });
    expect(shown.text).toMatch(/<code class="secret">http:\/\/[^<]+\/set-password\/[\w-]+<\/code>/);
    const list = (await nia.get('/network/schools')).json<{ items: { name: string }[] }>();
    expect(list.items.map((each) => each.name)).toEqual(['Bergdorf Sekundarschule', 'By a person']);
    expect((await nia.get('/students')).status).toBe(403);
  });
});

describe('the settings', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ purpose: 'settings' });
  });
  afterAll(() => app.close());

  it('change what is sent and nothing else, whatever the stored zone is called', async () => {
    const school = await app.aSchool();
    await school.person({ name: 'Ada', roles: ['admin'], email: 'ada@settings.example' });
    const ada = await app.as('ada@settings.example');
    const whole = {
      ...{ name: 'Hilltop', timeZone: 'Asia/Kolkata', accent: '#0F5C63', address: '1 Hill', motto: 'Up' },
      ...{
        pageSize: 'a4',
        voices: 'by-role',
        numberPrefix: 'HT',
        attempts: 'best',
        advisorOnPanel: 'forbid',
      },
    };
    expect((await ada.put('/school', whole)).status).toBe(200);
    type Shown = { school: Record<string, unknown> & { policies: Record<string, unknown> } };
    const shown = async () => (await ada.get('/school')).json<Shown>().school;
    const before = await shown();
    expect(before).toMatchObject({ timeZone: 'Asia/Kolkata', motto: 'Up' });
    for (const change of [
      { motto: 'Higher' },
      { pageSize: 'letter' },
      { timeZone: 'US/Eastern' },
      { accent: null },
    ]) {
      const expected = await shown();
      expect((await ada.put('/school', change)).status).toBe(200);
      if ('pageSize' in change) expected.policies = { ...expected.policies, ...change };
      else Object.assign(expected, change);
      expect(await shown()).toEqual(expected);
    }
    expect(await shown()).toMatchObject({
      policies: { attempts: 'best', panelConflicts: { advisor: 'forbid' } },
    });
    const page = (await ada.get('/school', { as: 'page' })).text;
    expect(page).toMatch(/<option value="US\/Eastern" selected>US\/Eastern, UTC−[45]<\/option>/);
    expect(page).toContain('<option value="Asia/Kolkata">Kolkata (Asia), UTC+5:30</option>');
    expect((await ada.put('/school', { timeZone: 'Moon/Base', motto: 'Lost' })).status).toBe(422);
    expect(await shown()).toMatchObject({ motto: 'Higher' });
  });
});

describe('the rules', () => {
  it('the last evening of a term in New York still belongs to it', () => {
    const evening = at('23:30', today(), 'America/New_York');
    expect(dayIn('America/New_York', evening)).toBe(today());
    expect(dayIn('UTC', evening)).toBe(dayAfter(today()));
    expect(dayIn('Asia/Tokyo', evening)).toBe(dayAfter(today()));
  });

  it.each([
    ['Riverbend School', 'riverbend-school'],
    ['École Élémentaire', 'ecole-elementaire'],
    ['北京学校', 'school'],
    ['  --  ', 'school'],
  ])('%s has the slug %s', (name, slug) => expect(slugOf(name)).toBe(slug));

  it.each([
    ['in the second term', 10, 'b'],
    ['between the terms', -30, 'a'],
    ['before both', -700, 'a'],
    ['after both', 700, 'b'],
  ])('%s the term is the right one', (_when, days, id) => {
    const term = { schoolId: 's', slug: '', name: '' };
    const terms = [
      { ...term, id: 'b', startsOn: dayFromNow(0), endsOn: dayFromNow(120) },
      { ...term, id: 'a', startsOn: dayFromNow(-240), endsOn: dayFromNow(-60) },
    ];
    expect(termOn(terms, dayFromNow(days))?.id).toBe(id);
  });

  it.each([
    ['in a term of the year', 10, 'fall'],
    ['in the part that is nobody’s but the year’s', 50, 'year'],
    ['where two terms overlap, in the later one', 65, 'late'],
    ['where two terms are the same, always in the same one', 110, 'twin-b'],
    ['after all of them', 700, 'twin-b'],
  ])('of terms that overlap, %s, one is the current one in whatever order they come', (_when, days, id) => {
    const aTerm = (name: string, from: number, until: number) => ({
      ...{ id: name, name, slug: name, schoolId: 's' },
      ...{ startsOn: dayFromNow(from), endsOn: dayFromNow(until) },
    });
    const terms = [
      aTerm('year', 0, 200),
      aTerm('fall', 0, 40),
      aTerm('mid', 55, 90),
      aTerm('late', 60, 95),
      aTerm('twin-a', 100, 150),
      aTerm('twin-b', 100, 150),
    ];
    for (const order of [terms, [...terms].reverse(), [...terms.slice(3), ...terms.slice(0, 3)]])
      expect(termOn(order, dayFromNow(days))?.id).toBe(id);
  });
});

describe('the audit chain', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ purpose: 'audit' });
  });
  afterAll(() => app.close());

  it('numbers acts without a gap when many happen at once, and notices a changed entry', async () => {
    const school = await app.aSchool();
    await school.person({ name: 'Rita', roles: ['registrar'], email: 'rita@audit.example' });
    const rita = await app.as('rita@audit.example');
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, number) =>
        rita.post('/people', { givenName: `P${number}`, roles: ['student'] }),
      ),
    );
    expect(answers.map((answer) => answer.status)).toEqual(Array(12).fill(201));
    await app.context.audit.settle(school.school.id);
    const entries = app.context.db.connection.collection('auditentries');
    const numbers = (await entries.find({ schoolId: school.school.id }).sort({ number: 1 }).toArray()).map(
      (entry) => entry['number'] as number,
    );
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => index + 1));
    expect(numbers.length).toBeGreaterThanOrEqual(13);
    expect(await findBrokenEntry(school.scope)).toBeNull();
    await entries.updateOne({ schoolId: school.school.id, number: 5 }, { $set: { act: 'people.nothing' } });
    expect(await findBrokenEntry(school.scope)).toBe(5);
  });
});
