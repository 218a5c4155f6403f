/** A name that somebody goes by beside the one in official papers: who sees which, and what files say of them. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { savePersonChange } from '../../server/people/people-records.js';
import { aCohort, issueAll, type TestCohort } from '../harness/builders/transcript.js';
import { readPdf } from '../harness/read-pdf.js';
import { oneRoster } from '../harness/builders/roster.js';
import { rosterDesk } from '../harness/roster-desk.js';
import { startApp, type TestApp, withPublicAddress } from '../harness/start-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp(withPublicAddress);
});
afterAll(() => app?.close());

interface Named {
  givenName: string;
  familyName: string;
  displayName: string;
  chosenName: string | null;
  legalName: string | null;
}

describe('a roster', () => {
  const row = (heading: string, line: string) => `id,grade,${heading}\nS1,9,${line}`;
  it.each([
    ['First name,Last name,Legal first name', 'Max,Ruiz,Maria', 'Max Ruiz', 'Maria Ruiz'],
    ['First name,Last name,Preferred name', 'Maria,Ruiz,Max', 'Max Ruiz', 'Maria Ruiz'],
    ['First name,Last name,Preferred name', 'Maria,Ruiz,Max Moreno', 'Max Moreno', 'Maria Ruiz'],
    ['Legal first name,Legal last name,Preferred first name', 'Maria,Ruiz,Max', 'Max Ruiz', 'Maria Ruiz'],
    [
      'First name,Last name,Preferred name,Preferred last name',
      'Maria,Ruiz,,Moreno',
      'Maria Moreno',
      'Maria Ruiz',
    ],
    ['Name,Legal name', 'Max Ruiz,María del Carmen Ruiz', 'Max Ruiz', 'María del Carmen Ruiz'],
    ['First name,Last name,Preferred name', 'Maria,Ruiz,', 'Maria Ruiz', null],
  ])('with the columns %s: %s is shown as %s', async (heading, line, displayName, legalName) => {
    const desk = await rosterDesk(app);
    await desk.bringIn(row(heading, line));
    const [person] = [...(await desk.everybody()).values()].filter(({ sourcedId }) => sourcedId === 'S1');
    expect([person?.displayName, person?.legalName]).toEqual([displayName, legalName]);
  });

  it('without a column for it takes no chosen name away, and tells a new legal one', async () => {
    const desk = await rosterDesk(app);
    await desk.bringIn(row('First name,Last name,Preferred name', 'Maria,Ruiz,Max'));
    const again = await desk.bringIn(row('First name,Last name', 'Maria,Ruiz'));
    expect(again).toMatchObject({ updated: 0 });
    await desk.bringIn(row('First name,Last name', 'Marta,Ruiz'));
    expect((await desk.everybody()).get('Max Ruiz')).toMatchObject({ legalName: 'Marta Ruiz' });
  });
});

it('a OneRoster file: the preferred name is shown, and the legal name is kept', async () => {
  const desk = await rosterDesk(app);
  const users =
    'sourcedId,status,enabledUser,givenName,middleName,familyName,preferredGivenName,preferredFamilyName\n' +
    's1,active,true,Ṣọlá,O.,Adébáyọ̀,Sola,\ns2,active,true,Amal,,Haddad,أمل,حداد\ns3,active,true,Li,,Wei,,';
  const roles =
    'sourcedId,status,userSourcedId,roleType,role,orgSourcedId\n' +
    [1, 2, 3].map((at) => `r${at},active,s${at},primary,student,school-1`).join('\n');
  await desk.bringIn(await oneRoster({ users: [] }, { 'users.csv': users, 'roles.csv': roles }));
  const people = await desk.everybody();
  expect(['Sola Adébáyọ̀', 'أمل حداد', 'Li Wei'].map((name) => people.get(name)?.legalName)).toEqual([
    'Ṣọlá O. Adébáyọ̀',
    'Amal Haddad',
    null,
  ]);
});

describe('the person’s page', () => {
  let cohort: TestCohort;
  beforeAll(async () => {
    cohort = await aCohort(app, { names: ['Amina Warsame'] });
  });
  const page = async (id: string) =>
    (await (await cohort.as('registrar')).get(`/people/${id}`)).json<{ person: Named }>().person;
  const body = (more: object) => {
    const { grade, advisoryId } = cohort.students[0]!;
    return { givenName: 'Amina', familyName: 'Warsame', roles: ['student'], grade, advisoryId, ...more };
  };

  it('takes both names; the chosen one is shown to everybody, the legal one to the office alone', async () => {
    const amina = cohort.students[0]!;
    const registrar = await cohort.as('registrar');
    const set = body({
      displayName: 'Amina Warsame',
      chosenName: 'Nova Warsame',
      legalName: 'Amina Xasan Warsame',
      // She has signed a narrative.
      frozenNames: 'keep',
    });
    expect((await registrar.put(`/people/${amina.id}`, set)).status).toBe(200);
    expect(await page(amina.id)).toMatchObject({
      displayName: 'Nova Warsame',
      chosenName: 'Nova Warsame',
      legalName: 'Amina Xasan Warsame',
    });
    const kept = body({ displayName: 'Nova Warsame' });
    expect((await registrar.put(`/people/${amina.id}`, kept)).status).toBe(200);
    expect(await page(amina.id)).toMatchObject({
      legalName: 'Amina Xasan Warsame',
      chosenName: 'Nova Warsame',
    });
    const advisor = await cohort.as('advisor');
    for (const path of [`/students/${amina.id}`, '/students']) {
      const seen = await advisor.get(path);
      expect([seen.status, seen.text.includes('Nova Warsame'), seen.text.includes('Xasan')]).toEqual([
        200,
        true,
        false,
      ]);
    }
    expect((await advisor.get(`/people/${amina.id}`)).status).toBe(403);
  });

  it('is printed on transcripts only where the school says so', async () => {
    const registrar = await cohort.as('registrar');
    await cohort.home.person({ name: 'Ada', roles: ['admin'], email: 'admin@names.example' });
    const admin = await app.as('admin@names.example');
    const textOf = async () => {
      await issueAll(cohort);
      const { items } = (await registrar.get('/transcripts')).json<{
        items: { id: string; state: string }[];
      }>();
      const { id } = items.find(({ state }) => state === 'issued')!;
      return (await readPdf((await registrar.get(`/transcripts/${id}.pdf`)).bytes)).pages.join(' ');
    };
    const chosen = await textOf();
    expect([chosen.includes('Nova Warsame'), chosen.includes('Xasan')]).toEqual([true, false]);
    expect((await admin.put('/school', { transcriptName: 'legal' })).status).toBe(200);
    expect(await textOf()).toContain('Amina Xasan Warsame');
  });
});

describe('the student number', () => {
  const fieldsOf = async (csv: string) => {
    const desk = await rosterDesk(app);
    await desk.bringIn(csv);
    const student = [...(await desk.everybody()).values()].find(({ roles }) => roles.includes('student'));
    return [student?.sourcedId, student?.studentNumber];
  };
  it.each([
    ['Student ID', 'L1', ['L1', 'L1']],
    ['student number', '0017', ['0017', '0017']],
    ['Student No.', '17', ['17', '17']],
    ['id', 'a8f3-77', ['a8f3-77', null]],
    ['sourcedId', 'a8f3-77', ['a8f3-77', null]],
    ['sourcedId,Student Number', 'a8f3-77,900001', ['a8f3-77', '900001']],
    ['Local ID,id', '900001,a8f3-77', ['a8f3-77', '900001']],
    ['id,identifier', 'a8f3-77,', ['a8f3-77', null]],
  ])('with the columns %s: %s', async (heading, line, expected) => {
    expect(await fieldsOf(`name,grade,${heading}\nMax Ruiz,9,${line}\n`)).toEqual(expected);
  });

  it('is the identifier of a OneRoster file, and of a student alone', async () => {
    const desk = await rosterDesk(app);
    const users =
      'sourcedId,status,enabledUser,givenName,familyName,identifier\n' +
      'u1,active,true,Max,Ruiz,900001\nu2,active,true,Ada,Berg,\nu3,active,true,Tea,One,777';
    const roles =
      'sourcedId,status,userSourcedId,roleType,role,orgSourcedId\n' +
      ['student', 'student', 'teacher']
        .map((role, at) => `r${at},active,u${at + 1},primary,${role},s1`)
        .join('\n');
    await desk.bringIn(
      await oneRoster({ users: [] }, { 'users.csv': users, 'roles.csv': roles.replaceAll('s1', 'school-1') }),
    );
    const people = await desk.everybody();
    expect(['Max Ruiz', 'Ada Berg', 'Tea One'].map((name) => people.get(name)?.studentNumber)).toEqual([
      '900001',
      null,
      null,
    ]);
  });

  it('is one student’s: a second row and a second person are told, two that a file exchanges are not', async () => {
    const desk = await rosterDesk(app);
    const head = 'id,student number,name,grade\n';
    const first = await desk.bringIn(`${head}a,1,Max Ruiz,9\nb,1,Ada Berg,9\nc,2,Tea One,9\n`);
    expect(first.errors).toMatchObject([{ row: 3, field: 'student number' }]);
    const second = await desk.bringIn(`${head}d,2,Uma Lind,9\n`);
    expect(second.errors).toMatchObject([{ row: 2, field: 'student number' }]);
    expect(await desk.bringIn(`${head}a,2,Max Ruiz,9\nc,1,Tea One,9\n`)).toMatchObject({
      errors: [],
      updated: 2,
    });
    const people = await desk.everybody();
    expect(['Max Ruiz', 'Tea One'].map((name) => people.get(name)?.studentNumber)).toEqual(['2', '1']);
    const body = { givenName: 'Uma', familyName: 'Lind', roles: ['student'], studentNumber: '2' };
    const refused = await desk.registrar.post('/people', body);
    expect([refused.status, refused.json()]).toMatchObject([
      422,
      { error: { fields: [{ field: 'studentNumber' }] } },
    ]);
  });

  it('is set on the form, found by searching, and printed; an id of an import is not', async () => {
    const cohort = await aCohort(app, { names: ['Amina Warsame', 'Ravi Menon'] });
    const registrar = await cohort.as('registrar');
    const [amina, ravi] = cohort.students;
    for (const { id } of cohort.students)
      await savePersonChange(cohort.home.scope, id, { sourcedId: `import-${id}` });
    const set = { givenName: 'Amina', familyName: 'Warsame', roles: ['student'], studentNumber: '900 001' };
    expect((await registrar.put(`/people/${amina!.id}`, set)).status).toBe(200);
    // What is left out stays.
    const others = { givenName: 'Amina', familyName: 'Warsame', roles: ['student'] };
    expect((await registrar.put(`/people/${amina!.id}`, others)).status).toBe(200);
    expect((await registrar.get(`/people/${amina!.id}`)).json()).toMatchObject({
      person: { studentNumber: '900 001' },
    });
    expect((await registrar.get(`/students/${amina!.id}`, { as: 'page' })).text).toContain('No. 900 001');
    for (const list of ['/people', '/students', `/terms/${cohort.home.termId}/transcripts`]) {
      const found = (await registrar.get(`${list}?search=900%20001`)).json<{ items: object[] }>();
      expect([list, found.items]).toMatchObject([list, [{}]]);
    }
    await issueAll(cohort);
    const { items } = (await registrar.get(`/terms/${cohort.home.termId}/transcripts`)).json<{
      items: { student: { id: string }; transcript: { id: string } }[];
    }>();
    const textOf = async (studentId: string) => {
      const { id } = items.find(({ student }) => student.id === studentId)!.transcript;
      return (await readPdf((await registrar.get(`/transcripts/${id}.pdf`)).bytes)).pages.join(' ');
    };
    expect(await textOf(amina!.id)).toMatch(/Student number\s*900 001/);
    const without = await textOf(ravi!.id);
    expect([without.includes('Student number'), without.includes('import-')]).toEqual([false, false]);
  });
});
