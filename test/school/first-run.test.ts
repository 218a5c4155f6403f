/** Who may open an empty installation: whoever can read the console, or sets SETUP_CODE; nobody else, and only once. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { countAccounts } from '../../server/access/account-records.js';
import { countSchools } from '../../server/school/school-records.js';
import { createSetupCode, setupCodeHours } from '../../server/school/setup-code.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { dayFromNow, testClock } from '../harness/test-clock.js';

const school = {
  ...{
    name: 'Elm Street School',
    termName: 'Fall',
    termStartsOn: dayFromNow(-77),
    termEndsOn: dayFromNow(33),
  },
  ...{ administratorName: 'Ada Meyer', email: 'ada@elm.example', password: 'seven quiet otters' },
};
type Fields = { error: { fields: { field: string; message: string }[] } };

describe('the code that opens an empty installation', () => {
  let now = testClock.now();
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ clock: { now: () => now } });
  });
  afterAll(() => app.close());

  const open = (setupCode: string | undefined, more = {}) =>
    app.visitor().post('/first-run', { ...school, ...more, ...(setupCode ? { setupCode } : {}) });

  it.each([
    ['none', undefined, 'Please fill this in.'],
    ['a guess', 'AAAA-BBBB-CCCC', /wrong or has expired/],
    ['a very long one', 'A'.repeat(101), /at most 100/],
  ])('%s opens nothing and is named beside its field', async (_case, code, message) => {
    const reply = await open(code);
    expect(reply.status).toBe(422);
    expect(reply.json<Fields>().error.fields).toEqual([
      { field: 'setupCode', message: typeof message === 'string' ? message : expect.stringMatching(message) },
    ]);
    expect([await countSchools(app.context.db), await countAccounts(app.context.db)]).toEqual([0, 0]);
  });

  it('is stored only as a hash, and no longer works when it has expired', async () => {
    const code = await createSetupCode(app.context);
    expect(code).toMatch(/^[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}$/);
    const stored = await app.context.db.connection.collection('setupcodes').find().toArray();
    expect(JSON.stringify(stored)).not.toContain(code.replaceAll('-', ''));
    now = new Date(now.getTime() + setupCodeHours * 3_600_000);
    expect((await open(code)).status).toBe(422);
  });

  it('is told together with everything else that is wrong, each beside its field', async () => {
    const wrong = {
      ...{ setupCode: 'AAAA-BBBB-CCCC', name: '', email: 'ada', accent: '#ffff00', password: 'short' },
      termEndsOn: dayFromNow(-80),
    };
    const fields = (await open('AAAA-BBBB-CCCC', wrong)).json<Fields>().error.fields;
    const names = ['name', 'accent', 'termEndsOn', 'email', 'setupCode', 'password'];
    expect(fields.map(({ field }) => field).sort()).toEqual([...names].sort());
    const page = await app.visitor().post('/first-run', { ...school, ...wrong }, { as: 'page' });
    for (const name of names) expect(page.text).toContain(`id="f-${name}-problem"`);
    expect(await countSchools(app.context.db)).toBe(0);
  });

  it('stays on the page with everything else that was typed, except the password', async () => {
    const page = await app
      .visitor()
      .post('/first-run', { ...school, setupCode: 'AAAA-BBBB-CCCC' }, { as: 'page' });
    expect(page.status).toBe(422);
    expect(page.text).toContain('value="AAAA-BBBB-CCCC"');
    expect(page.text).toContain('value="Elm Street School"');
    expect(page.text).not.toContain(school.password);
  });

  it('each instance may print its own; one of them opens the school once, however it is typed', async () => {
    const first = await createSetupCode(app.context);
    const second = await createSetupCode(app.context);
    const replies = await Promise.all([
      open(first.toLowerCase().replaceAll('-', ' ')),
      open(second, { name: 'Quite another', email: 'other@elm.example' }),
    ]);
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 404]);
    expect([await countSchools(app.context.db), await countAccounts(app.context.db)]).toEqual([1, 1]);
    expect(await app.context.db.connection.collection('setupcodes').countDocuments()).toBe(0);
  });
});

it('guessing is stopped', async () => {
  const app = await startApp({ purpose: 'guesses' });
  try {
    const guess = (at: number) =>
      app.visitor().post('/first-run', { ...school, setupCode: `AAAA-AAAA-${1000 + at}` });
    const statuses: number[] = [];
    for (let at = 0; at < 40; at += 1) statuses.push((await guess(at)).status);
    expect(statuses).toContain(429);
    expect(statuses).not.toContain(201);
  } finally {
    await app.close();
  }
});

it('SETUP_CODE opens it for a script', async () => {
  const environment = { SETUP_CODE: 'a-code-of-the-script' };
  const app = await startApp({ purpose: 'script', environment });
  try {
    const opened = await app.visitor().post('/first-run', { ...school, setupCode: environment.SETUP_CODE });
    expect([opened.status, opened.headers.get('location')]).toEqual([201, '/']);
  } finally {
    await app.close();
  }
});
