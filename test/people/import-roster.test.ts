/**
 * The roster as one CSV: people, advisories and families come in, twice is the same, and what the school
 * wrote by hand stays.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { findAccountByEmail } from '../../server/access/account-records.js';
import { findBrokenEntry } from '../../server/audit/append-audit.js';
import { importRoster } from '../../server/people/import-roster.js';
import { listNameCorrectionsOf } from '../../server/people/name-correction-records.js';
import {
  getPerson,
  listAdvisories,
  listAllPeople,
  saveAdvisoryChange,
  savePersonChange,
} from '../../server/people/people-records.js';
import { readRoster } from '../../server/people/read-roster.js';
import { readRosterImport } from '../../server/people/roster-import-view.js';
import { actorOf } from '../harness/builders/transcript.js';
import { rosterDesk, sendRoster, type RosterDesk } from '../harness/roster-desk.js';
import { saveSchoolChange } from '../../server/school/school-records.js';
import { aNetwork } from '../harness/builders/handover.js';
import { startApp, testPassword, type TestApp } from '../harness/start-app.js';
import { dayFromNow } from '../harness/test-clock.js';

const heading =
  'role,id,given name,family name,email,grade,advisory,advisor email,guardian name,guardian email';
const sheet = [
  heading,
  'advisor,T1,Dana,Okafor,dana@imp.example,,Heron,,,',
  'student,S1,Zoë,Ñandú-Müller,zoe@imp.example,10,Heron,,Paula Ñandú,paula@home.example',
  'student,S2,Amanuel,Tesfaye,,11,Heron,,,',
  'student,S3,Mia,Ñandú-Müller,,9,Heron,,Paula Ñandú,paula@home.example',
].join('\n');

describe('the roster import', () => {
  let app: TestApp;
  let desk: RosterDesk;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    desk = await rosterDesk(app);
  });

  it('brings people, advisories and families in, and changes nothing the second time', async () => {
    const first = await desk.bringIn(sheet);
    expect(first).toMatchObject({
      created: 5,
      updated: 0,
      unchanged: 0,
      errors: [],
      advisories: { created: 1, updated: 0, names: ['Heron'] },
    });
    const people = await desk.everybody();
    const [heron] = await listAdvisories(desk.school.scope);
    const paula = people.get('Paula Ñandú')!;
    expect(heron).toMatchObject({ name: 'Heron', advisorIds: [people.get('Dana Okafor')!.id] });
    expect(people.get('Zoë Ñandú-Müller')).toMatchObject({
      sourcedId: 'S1',
      grade: '10',
      advisoryId: heron!.id,
      guardianIds: [paula.id],
      roles: ['student'],
    });
    expect(people.get('Mia Ñandú-Müller')).toMatchObject({ guardianIds: [paula.id], email: null });
    expect(paula.roles).toEqual(['guardian']);

    const before = await listAllPeople(desk.school.scope);
    const again = await desk.bringIn(sheet);
    expect(again).toMatchObject({
      created: 0,
      updated: 0,
      unchanged: 5,
      errors: [],
      advisories: { created: 0, updated: 0 },
      differences: [],
    });
    expect(await listAllPeople(desk.school.scope)).toEqual(before);
    expect(await findBrokenEntry(desk.school.scope)).toBeNull();
  });

  it('shows in a dry run exactly what the import then does, and writes nothing', async () => {
    await desk.bringIn(sheet);
    const changed = sheet.replace(',10,Heron', ',11,Osprey').concat('\nstudent,S4,New,Comer,,9,Osprey,,,');
    const before = await listAllPeople(desk.school.scope);
    const dry = await desk.bringIn(changed, { dryRun: 'true' });
    expect(dry).toMatchObject({ created: 1, updated: 1, unchanged: 4, advisories: { created: 1 } });
    expect(dry.differences.find((each) => each.kind === 'updated')).toEqual({
      kind: 'updated',
      name: 'Zoë Ñandú-Müller',
      roles: ['student'],
      changes: [
        { field: 'grade', from: '10', to: '11' },
        { field: 'advisoryId', from: 'Heron', to: 'Osprey' },
      ],
      remarks: [],
    });
    expect(await listAllPeople(desk.school.scope)).toEqual(before);
    expect(await listAdvisories(desk.school.scope)).toHaveLength(1);
    const real = await desk.bringIn(changed);
    expect(real.differences).toEqual(dry.differences);
    expect((await desk.everybody()).get('Zoë Ñandú-Müller')!.grade).toBe('11');
  });

  it('names every bad row by file, row and column, and keeps the good ones', async () => {
    const outcome = await desk.bringIn(
      [
        heading,
        'student,A1,Good,One,,10,,,,',
        'student,A2,,,,10,,,,',
        '',
        'wizard,A3,Wanda,Wise,,,,,,',
        'student,A4,Eve,Mail,not-an-address,10,,,,',
        'student,A1,Twice,Same,,10,,,,',
        'student,A5,Good,Two,,10,,,,',
      ].join('\n'),
    );
    expect(outcome.created).toBe(3);
    expect(outcome.errors.map(({ file, row, field }) => [file, row, field])).toEqual([
      ['roster.csv', 3, 'given name'],
      ['roster.csv', 5, 'role'],
      ['roster.csv', 6, 'email'],
      ['roster.csv', 7, 'id'],
    ]);
    expect(outcome.errors[1]!.message).toContain('wizard');
    expect([...(await desk.everybody()).keys()].sort()).toEqual([
      ...['Eve Mail', 'Good One', 'Good Two', 'Rita Registrar'],
    ]);
  });

  it('gives people with an e-mail an account that a one-time link opens, and nobody a password', async () => {
    await desk.bringIn(sheet);
    const zoe = (await desk.everybody()).get('Zoë Ñandú-Müller')!;
    const visitor = app.visitor();
    expect((await visitor.post('/sign-in', { email: zoe.email, password: '' })).status).toBe(422);
    const { setPasswordPath } = (await desk.registrar.post(`/people/${zoe.id}/invite`)).json<{
      setPasswordPath: string;
    }>();
    expect((await visitor.post(setPasswordPath, { password: testPassword })).status).toBe(200);
    await app.as(zoe.email!);
    await desk.bringIn(sheet.replace('zoe@imp.', 'zoe.new@imp.'));
    await app.as(desk.own('zoe.new@imp.example'));
  });

  it('does not take over an account of another school: it offers a membership', async () => {
    const other = await app.aSchool();
    await other.person({ name: 'Else Where', roles: ['advisor'], email: desk.own('else@imp.example') });
    const outcome = await desk.bringIn(
      `${heading}\nadvisor,X1,Else,Where,else@imp.example,,,,,\nstudent,X2,Fine,Fellow,,9,,,,`,
    );
    expect([outcome.created, outcome.errors]).toEqual([2, []]);
    // Nobody learns from a list who has an account at a school of no common network.
    expect(outcome.elsewhere).toEqual([]);
    const account = (await findAccountByEmail(app.context.db, desk.own('else@imp.example')))!;
    expect(account.memberships.map(({ schoolId }) => schoolId)).toEqual([other.school.id]);
    expect(account.offers).toEqual([
      expect.objectContaining({ schoolId: desk.school.school.id, hash: null }),
    ]);
  });

  it('asks whether a student who is known at another school has moved, and does not reject them', async () => {
    const networkId = await aNetwork(app, desk.own('net@imp.example'));
    await saveSchoolChange(desk.school.scope, { networkId });
    const other = await app.aSchool({ networkId });
    await other.person({ name: 'Moved Kid', roles: ['student'], email: desk.own('kid@imp.example') });
    await other.person({ name: 'Ma Kid', roles: ['guardian'], email: desk.own('ma@imp.example') });
    const rows = [
      'id,name,email,guardian name,guardian email',
      'M1,Moved Kid,kid@imp.example,Ma Kid,ma@imp.example',
    ];
    const outcome = await desk.bringIn([...rows, 'M2,Other Kid,,Ma Kid,ma@imp.example'].join('\n'));
    expect([outcome.created, outcome.errors]).toEqual([3, []]);
    expect([...outcome.elsewhere].sort((a, b) => a.name.localeCompare(b.name))).toEqual([
      { name: 'Ma Kid', student: false },
      { name: 'Moved Kid', student: true },
    ]);
  });

  it('keeps what the school added by hand: roles, guardians, the name as it is written', async () => {
    await desk.bringIn(sheet);
    const people = await desk.everybody();
    const dana = people.get('Dana Okafor')!;
    await desk.registrar.put(`/people/${dana.id}`, {
      givenName: 'Dana',
      familyName: 'Okafor',
      displayName: 'Dana “Dee” Okafor',
      roles: ['advisor', 'registrar'],
    });
    const again = await desk.bringIn(sheet);
    expect(again).toMatchObject({ updated: 0, unchanged: 5 });
    expect((await desk.everybody()).get('Dana “Dee” Okafor')!.roles).toEqual(['advisor', 'registrar']);
  });

  it('knows a guardian who is only named in a row, and changes nothing of them', async () => {
    await desk.bringIn(sheet);
    const mention = `${heading}\nstudent,S9,Ida,Ñandú,,9,Heron,,,paula@home.example`;
    expect(await desk.bringIn(mention)).toMatchObject({ created: 1, updated: 0, unchanged: 1, errors: [] });
    const people = await desk.everybody();
    expect(people.get('Ida Ñandú')!.guardianIds).toEqual([people.get('Paula Ñandú')!.id]);
  });

  it('leads a person from the file over the differences to the import without sending the file twice', async () => {
    const preview = await sendRoster(
      desk.registrar,
      desk.own(sheet),
      { dryRun: 'true' },
      { name: 'herbst.csv', as: 'page' },
    );
    expect(preview.status).toBe(200);
    expect(preview.text).toContain('Import 5 people');
    expect(preview.text).toContain('Zoë Ñandú-Müller');
    expect((await desk.everybody()).size).toBe(1);
    const kept = /name="kept" value="([^"]+)"/.exec(preview.text)![1]!;
    const imported = await desk.registrar.post('/people/import', { kept }, { as: 'page' });
    expect([imported.status, imported.headers.get('location')]).toEqual([303, '/people']);
    expect((await desk.everybody()).size).toBe(6);
    const gone = await desk.registrar.post('/people/import', { kept }, { as: 'page' });
    expect(gone.status).toBe(422);
    expect(gone.text).toContain('choose the file again');
  });

  it.each([
    ['runs', false],
    ['is interrupted', true],
  ])('leaves what the office changes while it %s, and says which rows it left out', async (_case, stops) => {
    const { scope, school } = desk.school;
    const rows = (grade: string, names = ['Amanuel', 'Mia']) =>
      [
        'role,id,given name,family name,email,grade,guardian name,guardian email,advisory',
        `advisor,T1,Dana,Okafor,dana@imp.example,,,,${grade === '9' ? 'Heron' : ''}`,
        `advisor,T2,Ed,Ito,ed@imp.example,,,,${grade === '9' ? '' : 'Heron'}`,
        ...(grade === '9' ? [] : ['teacher,T3,Nia,Odo,nia@imp.example,,,,']),
        `student,S1,Zoë,Müller,zoe@imp.example,${grade},Paula Müller,paula@home.example,`,
        `student,S2,${names[0]},Tesfaye,,${grade},,,`,
        `student,S3,${names[1]},Ito,,${grade},,,`,
        `student,S4,Lea,Roth,,${grade},,,`,
      ].join('\n');
    await desk.bringIn(rows('9'));
    const before = await desk.everybody();
    const [heron] = await listAdvisories(scope);
    const rita = actorOf(before.get('Rita Registrar')!);
    const [zoe, paula, mia] = ['Zoë Müller', 'Paula Müller', 'Mia Ito'].map((name) => before.get(name)!);
    const [amanuel, lea] = ['Amanuel Tesfaye', 'Lea Roth'].map((name) => before.get(name)!);
    const meanwhile = async () => {
      await desk.registrar.send('DELETE', `/people/${zoe!.id}/guardians/${paula!.id}`);
      await desk.registrar.post(`/people/${amanuel!.id}/deactivate`);
      await savePersonChange(scope, mia!.id, { givenName: 'Maya', displayName: 'Maya Ito' });
      await savePersonChange(scope, lea!.id, { grade: '12' });
      await saveAdvisoryChange(scope, heron!.id, { advisorIds: [rita.personId] });
    };
    const needs = {
      ...{ clock: app.context.clock, endFamilySeats: async () => undefined, isNamed: async () => false },
      ...{ upsertTerms: async () => undefined, askForHandovers: async () => undefined },
      tellMoved: () => undefined,
    };
    const roster = await readRoster(
      { name: 'r.csv', content: Buffer.from(desk.own(rows('10', ['Aman', 'Mia-Lou']))) },
      { school, today: dayFromNow(0), answers: new Map(), mayAsk: false },
    );
    const importId = desk.own('import@imp.');
    const order = {
      ...{ importId, uploadId: 'none', fileName: 'r.csv', roster, dryRun: false, endTies: [], ask: [] },
      answers: { same: [], two: [] },
    };
    const stop = new AbortController();
    let portions = 0;
    await importRoster(needs, scope, rita, {
      ...{ ...order, signal: stop.signal },
      progress: async () => {
        // Staff are in, and students are to come.
        if ((portions += 1) > 1) return;
        await meanwhile();
        if (stops) stop.abort();
      },
    });
    const signal = new AbortController().signal;
    if (stops) await importRoster(needs, scope, rita, { ...order, signal, progress: async () => undefined });
    const now = await Promise.all([zoe, amanuel, mia, lea].map((each) => getPerson(scope, each!.id)));
    expect(now).toMatchObject([
      { grade: '10', guardianIds: [] },
      { grade: '10', active: false, displayName: 'Aman Tesfaye' },
      { grade: '9', displayName: 'Maya Ito' },
      { grade: '12' },
    ]);
    const [correction] = await listNameCorrectionsOf(scope, amanuel!.id);
    expect(correction?.to.displayName).toBe('Aman Tesfaye');
    const t = (key: string, params = {}) => app.context.texts.t('en', key, params);
    const told = await readRosterImport({ t, scope }, { id: importId } as never, {
      ...{ page: 1, perPage: 20 },
    });
    expect((await listAdvisories(scope))[0]!.advisorIds).toEqual([rita.personId]);
    expect(told).toMatchObject({ created: 1, updated: 2, problems: 3, missing: 0 });
    expect(told.errors.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^The advisors of Heron were not changed/),
      expect.stringMatching(/^Mia-Lou Ito was not changed: somebody changed “Given name” here/),
      expect.stringMatching(/^Lea Roth was not changed: somebody changed “Grade” here/),
    ]);
  });
});
