import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { countAccounts } from '../../server/access/account-records.js';
import { countSchools } from '../../server/school/school-records.js';
import { createAccount } from '../../server/access/sign-in.js';
import { newId } from '../../server/ids.js';
import { findBrokenEntry } from '../../server/audit/append-audit.js';
import { dayIn, slugOf, termOn } from '../../server/school/school.js';
import { saveNetwork } from '../../server/school/school-records.js';
import { startApp, testPassword, type TestApp } from '../harness/start-app.js';

const setupCode = 'opened-by-a-script-1';
const firstRun = {
  setupCode,
  name: 'Bergdorf Sekundarschule',
  timeZone: 'Europe/Berlin',
  termName: 'Fall',
  termStartsOn: '2026-09-01',
  termEndsOn: '2026-12-20',
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
    ['a term that ends before it starts', { termEndsOn: '2026-08-01' }, 'termEndsOn'],
    ['a zone that does not exist', { timeZone: 'Moon/Base' }, 'timeZone'],
    ['a short password', { password: 'short' }, 'password'],
    ['a day that does not exist', { termStartsOn: '2026-02-31' }, 'termStartsOn'],
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
    const { password, ...withoutPassword } = firstRun;
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

describe('the rules', () => {
  it('the last evening of a term in New York still belongs to it', () => {
    const evening = new Date('2026-09-01T03:30:00Z');
    expect(dayIn('America/New_York', evening)).toBe('2026-08-31');
    expect(dayIn('UTC', evening)).toBe('2026-09-01');
    expect(dayIn('Asia/Tokyo', evening)).toBe('2026-09-01');
  });

  it.each([
    ['Riverbend School', 'riverbend-school'],
    ['École Élémentaire', 'ecole-elementaire'],
    ['北京学校', 'school'],
    ['  --  ', 'school'],
  ])('%s has the slug %s', (name, slug) => expect(slugOf(name)).toBe(slug));

  it.each([
    ['2026-10-01', 'b'],
    ['2026-08-01', 'a'],
    ['2025-01-01', 'a'],
    ['2030-01-01', 'b'],
  ])('on %s the term is %s', (day, id) => {
    const term = { schoolId: 's', slug: '', name: '' };
    const terms = [
      { ...term, id: 'b', startsOn: '2026-09-01', endsOn: '2026-12-31' },
      { ...term, id: 'a', startsOn: '2026-01-01', endsOn: '2026-06-30' },
    ];
    expect(termOn(terms, day)?.id).toBe(id);
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
