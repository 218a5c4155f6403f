/** What the page of a preview shows before anybody imports, and the page of the outcome after it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isFormula } from '../../server/people/formula-cells.js';
import { oddValueFinder } from '../../server/people/odd-values.js';
import { rosterDesk, sendRoster, type RosterDesk } from '../harness/roster-desk.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let app: TestApp;
let desk: RosterDesk;
beforeAll(async () => {
  app = await startApp();
  desk = await rosterDesk(app);
});
afterAll(() => app.close());

const pageOf = async (
  content: string,
  fields: Record<string, string> = {},
  { registrar } = desk,
): Promise<string> => {
  const { status, text } = await sendRoster(registrar, content, fields, { as: 'page' });
  expect(status).toBe(200);
  return text;
};

it('names who is new and leads to them', async () => {
  const roster = 'role,name\nstudent,Ana Sol\nwizard,Wanda Wise\n';
  const dry = await desk.bringIn(roster, { dryRun: 'true' });
  expect(dry).toMatchObject({ created: 1, added: [] });
  const text = await pageOf(roster);
  expect(text).toContain('wizard');
  const href = /<a class="label-title" href="(\/people\/[^"]+)">Ana Sol<\/a>/.exec(text)![1]!;
  const person = (await desk.registrar.get(href)).json<{ person: { displayName: string } }>().person;
  expect(person.displayName).toBe('Ana Sol');
});

it('says after the import what has become of a row, and before it what can be answered', async () => {
  const own = await rosterDesk(app);
  const roster = [
    'role,identifier,first name,last name,mail,class year',
    'wizard,1,Wanda,Wise,,',
    'student,2,=SUM(1),Sol,,9',
    'student,3,Ana,Sol,none,seven',
    'student,3,Bea,Luz,,9',
  ].join('\n');
  const preview = await own.bringIn(roster, { dryRun: 'true' });
  expect(preview.errors).toEqual([
    expect.objectContaining({ row: 2, field: 'role', message: expect.stringContaining('Say below') }),
    expect.objectContaining({ row: 3, field: 'first name', message: expect.stringContaining('formula') }),
    expect.objectContaining({ row: 4, field: 'mail', message: expect.stringContaining('row is imported') }),
    expect.objectContaining({ row: 5, field: 'identifier' }),
  ]);
  const before = await pageOf(roster, { dryRun: 'true' }, own);
  expect(before).toContain('Grades read: “seven” as 7.');
  expect(before).toContain('All other rows are imported.');
  const after = await pageOf(roster, {}, own);
  expect(after).toContain('and all others were imported');
  expect(after).toContain('Import the file again and say in the preview what it means');
  expect(after).toContain('the rest of the row was imported');
  expect(after).toContain('<a class="button" href="/people/import">Import the corrected file</a>');
  for (const promise of ['Say below', 'is imported', 'are imported', 'is left out'])
    expect(after).not.toContain(promise);
});

it.each<[string, string, boolean]>([
  ['a call', '=SUM(1)', true],
  ['a wide sign', '＝A1', true],
  ['another cell', '+B2', true],
  ['a call of another kind', '@SUM(A1:A9)', true],
  ['a program', "-cmd|'/C calc'!A0", true],
  ['a dash for nobody', '-', false],
  ['a name behind a dash', '-Ana', false],
  ['a group with a sign', '@Home', false],
  ['a group with a number', '+1 Crew', false],
  ['a name with a hyphen', 'Ann-Marie', false],
  ['a name', 'Sumaya', false],
])('of cells: %s', (_case, text, expected) => {
  expect(isFormula(text)).toBe(expected);
});

it('reads a text that is kept from losing its zeros as that text', async () => {
  const own = await rosterDesk(app);
  await own.bringIn('role,student number,name\nstudent,"=""0042""","=""Ana Zero"""\n');
  expect((await own.everybody()).get('Ana Zero')).toMatchObject({ studentNumber: '0042' });
});

describe('a preview', () => {
  const heading = 'role,student number,name,email,grade,advisory,guardian name,guardian email';

  it('shows all that is written of somebody new, also the names of the family', async () => {
    const roster = desk.own(
      [
        heading,
        'student,7001,Nia Okoye,nia@imp.example,9,Willow,Ola Okoye,ola@home.example',
        'student,7002,Bo Lind,,10,Willow,N/A,',
      ].join('\n'),
    );
    const { differences } = await desk.bringIn(roster, { dryRun: 'true' });
    const of = (name: string) =>
      differences.find((each) => each.name === name)!.changes.map(({ field, from, to }) => [field, from, to]);
    expect(of('Nia Okoye').sort()).toEqual(
      [
        ['advisoryId', '', 'Willow'],
        ['email', '', desk.own('nia@imp.example')],
        ['grade', '', '9'],
        ['guardianIds', '', 'Ola Okoye'],
        ['studentNumber', '', '7001'],
      ].sort(),
    );
    // What says that there is nobody makes nobody.
    expect(of('Bo Lind').map(([field]) => field)).not.toContain('guardianIds');
    expect(differences.map(({ name }) => name).sort()).toEqual(['Bo Lind', 'Nia Okoye', 'Ola Okoye']);
    const text = await pageOf(roster, { dryRun: 'true' });
    for (const shown of ['Grade 9', 'Student number 7001', 'Advisory Willow', 'Guardians Ola Okoye'])
      expect(text).toContain(`<bdi>${shown}</bdi>`);
  });

  it('lists the rows with problems in the order of the file above the button, which says how many are left out', async () => {
    const own = await rosterDesk(app);
    const roster = [
      heading,
      'student,8001,Amy One,none,9,Willow,,',
      'student,8002,Ben Two,not-an-address,9,Willow,,',
      'student,8001,Cat Three,,9,Willow,,',
      'student,8004,,,9,Willow,,',
    ].join('\n');
    const dry = await own.bringIn(roster, { dryRun: 'true' });
    expect(dry).toMatchObject({ created: 2, leftOut: 2 });
    expect(dry.errors.map(({ row }) => row)).toEqual([2, 3, 4, 5]);
    const text = await pageOf(roster, { dryRun: 'true' }, own);
    const button = 'Import 2 people (2 rows left out)';
    expect(text).toContain(button);
    expect(text.indexOf('4 rows to look at')).toBeGreaterThan(-1);
    expect(text.indexOf('4 rows to look at')).toBeLessThan(text.indexOf(button));
    expect(text).toContain('is not an email address. It is left out');
    await own.bringIn(roster);
    expect((await own.everybody()).get('Amy One')).toMatchObject({ email: null });
    expect((await own.everybody()).get('Ben Two')).toMatchObject({ email: null });
    // Nothing is left to import, and the page says why.
    expect(await pageOf(roster, { dryRun: 'true' }, own)).toContain('until these rows are corrected');
  });

  it('points at values that are probably mistyped, and only at those', async () => {
    const rows = Array.from({ length: 12 }, (_, at) => {
      const grade = ['9', '10', '11'][at % 3]!;
      return `student,${900100 + at},Student ${'ABCDEFGHIJKL'[at]} Lane,,${grade},Willow,,`;
    });
    rows.push('student,9.0E+05,Odd Number,,9,Willow,,', 'student,900120,Odd Grade,,91,Willow,,');
    rows.push(`student,900121,Odd Mail,none@${desk.school.school.slug}.example,10,Willow,,`);
    const roster = [heading, ...rows].join('\n');
    const { odd, differences } = await desk.bringIn(roster, { dryRun: 'true' });
    expect(odd).toEqual({
      total: 3,
      items: [
        { row: 14, name: 'Odd Number', remarks: [expect.stringContaining('a spreadsheet')] },
        { row: 15, name: 'Odd Grade', remarks: [expect.stringContaining('this grade')] },
        { row: 16, name: 'Odd Mail', remarks: [expect.stringContaining('email address')] },
      ],
    });
    expect(differences.find(({ name }) => name === 'Odd Grade')!.remarks).toHaveLength(1);
    const text = await pageOf(roster, { dryRun: 'true' });
    expect(text.indexOf('3 people with a value')).toBeLessThan(text.indexOf('Import 15 people'));
  });
});

it.each<[string, string[], string, string[]]>([
  ['a few rows have nothing usual', ['1001', '1002'], 'x9', []],
  ['another length', Array.from({ length: 9 }, (_, at) => `10${10 + at}`), '105', ['number-form']],
  ['numbers that grow', Array.from({ length: 20 }, (_, at) => String(at * 60)), '7', []],
  ['letters among digits', Array.from({ length: 9 }, (_, at) => String(7 ** at)), 'A17', ['number-form']],
  ['an error of a formula', [], '#N/A', ['number-damaged']],
])('of student numbers: %s', (_case, others, studentNumber, expected) => {
  const student = { id: '', roles: ['student' as const], grade: null, email: null };
  const all = [...others, studentNumber].map((number) => ({ ...student, studentNumber: number }));
  expect(oddValueFinder(all)(all.at(-1)!)).toEqual(expected);
});
