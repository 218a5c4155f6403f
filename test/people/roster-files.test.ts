/**
 * The files rosters come in: every encoding and separator schools send is read; what is no roster is refused
 * at the field.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { unpackedBytes } from '../../server/people/read-roster-zip.js';
import { listAdvisories, saveAdvisoryChange } from '../../server/people/people-records.js';
import { zipOf } from '../harness/builders/roster.js';
import { rosterDesk, type Outcome, type RosterDesk } from '../harness/roster-desk.js';
import { startApp, type TestApp } from '../harness/start-app.js';

describe('the file of a roster', () => {
  let app: TestApp;
  let desk: RosterDesk;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    desk = await rosterDesk(app);
  });

  it.each([
    [
      'a byte order mark and semicolons',
      Buffer.from('\ufeffRolle;id;First Name;Last Name\r\n;1;Jürgen;Groß\r\n'),
      'Jürgen Groß',
    ],
    ['tabs in UTF-16', Buffer.from('\ufeffid\tname\n1\tÅsa Öberg\n', 'utf16le'), 'Åsa Öberg'],
    ['UTF-16 without a mark', Buffer.from('id,name\r\n1,雨桐 陈\r\n', 'utf16le'), '雨桐 陈'],
    [
      'UTF-16 without a mark the other way round',
      Buffer.from('id,name\n1,Åsa Öberg\n', 'utf16le').swap16(),
      'Åsa Öberg',
    ],
    ['Windows-1252', Buffer.from('id,name\n1,José Núñez\n', 'latin1'), 'José Núñez'],
    [
      'quotes and line breaks inside a cell',
      Buffer.from('id,name,organisation\n1,"O""Neil, Sam","Line one\nline two"\n'),
      'Sam O"Neil',
    ],
    [
      'letters and quotation marks that only Windows-1252 has',
      Buffer.from([
        ...Buffer.from('id;name\n1;'),
        0x8a,
        ...Buffer.from('a'),
        0x9a,
        ...Buffer.from('a D'),
        0x92,
        0xc0,
      ]),
      'Šaša D’À',
    ],
    [
      'titles above the headings',
      Buffer.from('My School,,\nPrinted today,,\nLast,First Name,x\n,Pat,\n'),
      'Pat',
    ],
    [
      'a line that names the separator',
      Buffer.from('sep=;\r\ngiven name;family name\r\nAna;Be,ta\r\n'),
      'Ana Be,ta',
    ],
    ['bars', Buffer.from('Report;a;b\nName|Grade\nKim Lee|9\n'), 'Kim Lee'],
    [
      'headings that every page repeats',
      Buffer.from('name,id\nAna Beta,1\nname,id\nCy Delta,2\n'),
      'Cy Delta',
    ],
    [
      'headings of a last name before the first one',
      Buffer.from('Role,LastFirst,Grade\nstudent,"Kay, Ida",9\n'),
      'Ida Kay',
    ],
    [
      'a last name first without a comma',
      Buffer.from(
        'Student Name (Last, First),Grade\nKay Ida,9\n'.replace(
          'Student Name (Last, First)',
          '"Student Name (Last, First)"',
        ),
      ),
      'Ida Kay',
    ],
    ['German headings', Buffer.from('Rolle;Vorname;Nachname\nstudent;Ida;Groß\n'), 'Ida Groß'],
    [
      'Arabic, Chinese and Amharic',
      Buffer.from('id,given name,family name\n1,ليلى,حسن\n2,雨桐,陈\n3,መቅደስ,ታደሰ\n'),
      'መቅደስ ታደሰ',
    ],
  ])('reads %s', async (_name, bytes, person) => {
    const outcome = await desk.bringIn(bytes);
    expect(outcome.errors).toEqual([]);
    expect([...(await desk.everybody()).keys()]).toContain(person);
  });

  it('says in the preview which row has the headings and which of them are used', async () => {
    const file =
      'Roster of today\n\nStudent_id,Last_name,First_name,Contact_name,Contact_email,Bus\nC1,Doe,Jane,Mo Doe,mo@home.example,12';
    const preview = (await desk.bringIn(file, { dryRun: 'true' })) as Outcome & {
      id: string;
      columns: unknown;
    };
    expect([preview.created, preview.columns]).toEqual([
      2,
      expect.objectContaining({ row: 3, ignored: ['Bus'] }),
    ]);
    const page = await desk.registrar.get(`/people/imports/${preview.id}`, { as: 'page' });
    expect(page.text).toContain('The headings are in row 3.');
    expect(page.text).toContain('Contact_name as guardian name');
  });

  it('places students by the name of who leads their advisory, and says how many are in none', async () => {
    const file =
      'Student ID,Name,Role,Advisor\n1,Ana Ortiz,advisor,\nS1,Jo Be,student,Ana Ortiz\nS2,No One,student,\n';
    const preview = (await desk.bringIn(file, { dryRun: 'true' })) as Outcome & {
      id: string;
      withoutAdvisory: number;
    };
    expect([preview.errors, preview.withoutAdvisory]).toEqual([[], 1]);
    const page = await desk.registrar.get(`/people/imports/${preview.id}`, { as: 'page' });
    expect(page.text).toContain('1 student in this file will be in no advisory');
    await desk.bringIn(file);
    const [advisory] = await listAdvisories(desk.school.scope);
    const people = await desk.everybody();
    expect(advisory).toMatchObject({ name: 'Ana Ortiz', advisorIds: [people.get('Ana Ortiz')!.id] });
    expect(people.get('Jo Be')!.advisoryId).toBe(advisory!.id);
    // An advisory that the school calls by another name is found by the one who leads it.
    const more = 'Student ID,Name,Homeroom Teacher\nS3,Al Ce,"Ortiz, Ana"\n';
    expect((await desk.bringIn(more)).advisories).toMatchObject({ created: 0, updated: 0 });
    expect((await desk.everybody()).get('Al Ce')!.advisoryId).toBe(advisory!.id);
  });

  it('moves no student and no advisor by a name that may be somebody else’s', async () => {
    const first =
      'Student ID,Name,Role,Email,Advisory\n1,Ada Lee,advisor,ada@imp.example,Heron\n2,Bo Lee,advisor,bo@imp.example,Heron\n' +
      '3,Cy Ito,advisor,cy@imp.example,Osprey\nS1,Jo Be,student,,Heron\nS2,Al Ce,student,,Osprey\n';
    expect((await desk.bringIn(first)).advisories).toMatchObject({ created: 2 });
    await desk.school.person({ name: 'Pat Kim', roles: ['admin'] });
    const ids = new Map([...(await desk.everybody())].map(([name, { id }]) => [name, id]));
    const { scope } = desk.school;
    const led = async () => (await listAdvisories(scope)).map(({ name, advisorIds }) => [name, advisorIds]);
    const own = async () => (await desk.everybody()).get('Jo Be')!.advisoryId;
    const [heron, osprey] = (await listAdvisories(scope)).sort((a, b) => (a.name < b.name ? -1 : 1));
    await saveAdvisoryChange(scope, osprey!.id, { advisorIds: [ids.get('Cy Ito')!] });
    const [before, home] = [await led(), await own()];
    expect(home).toBe(heron!.id);
    const told = async (file: string) => (await desk.bringIn(file)).errors.map(({ message }) => message);
    // Nobody, an administrator, and a word in the row of an advisor.
    for (const advisor of ['Ms. Lee', 'Pat Kim'])
      expect(
        await told(`Student ID,Name,Role,Advisor\n1,Ada Lee,advisor,yes\nS1,Jo Be,student,${advisor}\n`),
      ).toEqual([expect.stringContaining(`exactly one advisor named ${advisor}. Their students keep`)]);
    // An advisory led by two, by the name of one.
    expect(await told('Student ID,Name,Advisory,Advisor\nS1,Jo Be,Heron,"Lee, Ada"\n')).toEqual([]);
    expect(await told('Student ID,Name,Advisory,Advisor\nS1,Jo Be,Heron,Cy Ito\n')).toEqual([
      expect.stringContaining('Cy Ito doesn’t lead this advisory'),
    ]);
    expect([await led(), await own()]).toEqual([before, home]);
    // Somebody who leads two.
    await saveAdvisoryChange(scope, heron!.id, { advisorIds: [ids.get('Ada Lee')!, ids.get('Cy Ito')!] });
    expect(await told('Student ID,Name,Advisor\nS1,Jo Be,Cy Ito\n')).toEqual([
      expect.stringContaining('Cy Ito leads more than one advisory'),
    ]);
    expect(await own()).toBe(home);
    expect(await listAdvisories(scope)).toHaveLength(2);
    // By the name of the only one who leads it, a student moves.
    await saveAdvisoryChange(scope, heron!.id, { advisorIds: [ids.get('Ada Lee')!, ids.get('Bo Lee')!] });
    expect(await told('Student ID,Name,Advisor\nS1,Jo Be,Cy Ito\n')).toEqual([]);
    expect(await own()).toBe(osprey!.id);
    // An address says for certain who leads it.
    await told('Student ID,Name,Advisory,Advisor email\nS1,Jo Be,Heron,cy@imp.example\n');
    expect((await listAdvisories(scope)).find(({ id }) => id === heron!.id)!.advisorIds).toEqual([
      ids.get('Cy Ito'),
    ]);
  });

  it('reads UTF-8 with a bad byte as UTF-8, and refuses the row with it', async () => {
    const bytes = Buffer.concat([
      Buffer.from('id,name\n1,José Núñez\n2,Zoë Žižek\n3,Bad '),
      Buffer.from([0xe9]),
      Buffer.from(' One\n'),
    ]);
    const outcome = await desk.bringIn(bytes);
    expect(outcome.errors).toMatchObject([{ row: 4, field: 'name' }]);
    expect([...(await desk.everybody()).keys()].sort()).toEqual([
      'José Núñez',
      'Rita Registrar',
      'Zoë Žižek',
    ]);
  });

  it.each([
    ['a control character', '\u0001'],
    ['a control character of an old encoding', '\u0092'],
    ['what stands for a lost letter', '\ufffd'],
    ['a zero byte', '\0'],
  ])('refuses %s in a name by its row, and stores nothing of it', async (_name, sign) => {
    const outcome = await desk.bringIn(
      `name,grade\nGood One,9\nD${sign}Arcy Two,9\n${'Good Three,9\n'.repeat(1)}`,
    );
    expect(outcome.errors).toMatchObject([{ row: 3, field: 'name' }]);
    expect([...(await desk.everybody()).keys()].sort()).toEqual(['Good One', 'Good Three', 'Rita Registrar']);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0, 10, 0, 0])],
    ['a table without names', Buffer.from('id,grade\n1,10\n')],
    [
      'a role under headings that nobody knows',
      Buffer.from('Funkcja;Imię;Nazwisko;Stan\nstudent;Ida;Kay;active\n'),
    ],
    ['rows without headings', Buffer.from('student,Ida,Kay\nstudent,Uma,Kay\n')],
    ['an open quotation mark', Buffer.from('id,name\n1,"Anna\n')],
    ['a damaged zip', Buffer.from('PK\x03\x04 this is no zip')],
  ])('refuses %s at the field, and changes nothing', async (_name, bytes) => {
    const reply = await desk.send(bytes);
    expect(reply.status).toBe(422);
    expect(reply.json<{ error: { fields: { field: string }[] } }>().error.fields).toEqual([
      expect.objectContaining({ field: 'roster' }),
    ]);
    expect((await desk.everybody()).size).toBe(1);
  });

  it.each([
    ['Total students: 1', 'id,name,grade\n1,Ana Be,9\n,Total students: 1,'],
    ['Total', 'given name,family name,grade\nAna,Be,9\nTotal:,1,'],
    ['the end', 'name,grade\nAna Be,9\n*** End of report ***,'],
    ['the end in two columns', 'given name,family name\nAna,Be\nEnd of,report'],
    ['when it was printed', 'name,grade\nAna Be,9\n,\nPrinted 11/28/2030,'],
    ['the page', 'name,grade\nPage 1 of 2,\nAna Be,9'],
    ['a rule', 'name,grade\nAna Be,9\n----------,'],
    ['a number', 'name,grade\nAna Be,9\n1,'],
  ])('asks whether a line of a report is a person: %s', async (_case, file) => {
    const outcome = await desk.bringIn(file);
    expect(outcome).toMatchObject({ created: 1, questions: [{ kind: 'line' }] });
    expect(outcome.errors).toMatchObject([{ field: '' }]);
    expect([...(await desk.everybody()).keys()].sort()).toEqual(['Ana Be', 'Rita Registrar']);
    const { key } = outcome.questions[0]!;
    expect((await desk.bringIn(file, { answers: `person:${key}` })).created).toBe(1);
  });

  it('takes nobody for a line of a report who has such a name', async () => {
    const names = [
      'Page Smith',
      'Total Garcia',
      'Run Li',
      'Report Card',
      'Rose End',
      'Date Masamune',
      'Sam S1',
    ];
    const outcome = await desk.bringIn(
      `id,name,grade\n${names.map((name, at) => `${at},${name},9`).join('\n')}`,
    );
    expect(outcome).toMatchObject({ created: names.length, questions: [] });
  });

  it('leaves out what is no address, and brings everybody in', async () => {
    const outcome = await desk.bringIn(
      [
        'name,email,advisory,advisor email,guardian name,guardian email,guardian ids',
        'Ana Be,N/A,Heron,none,Mo Be,-,',
        `Cy De,-,,,Al De,al@home.example; bo@home.example,${'x '.repeat(25)}`,
        'Ed Ef,ed@imp..example,,,,,',
      ].join('\n'),
    );
    expect(outcome.errors.map(({ row, field }) => [row, field])).toEqual([
      ...[
        [2, 'guardian email'],
        [2, 'email'],
        [2, 'advisor email'],
        [3, 'guardian email'],
        [3, 'guardian ids'],
        [3, 'email'],
        [4, 'email'],
      ],
    ]);
    const people = await desk.everybody();
    expect([...people.keys()].sort()).toEqual(['Al De', 'Ana Be', 'Cy De', 'Mo Be', 'Rita Registrar']);
    expect(people.get('Ana Be')!.guardianIds).toEqual([people.get('Mo Be')!.id]);
  });

  it('counts a zip as large as what is in it', async () => {
    const zip = await zipOf({ 'users.csv': 'x'.repeat(400_000) });
    expect([zip.length < 100_000, (await unpackedBytes(zip)) >= 400_000]).toEqual([true, true]);
    const table = Buffer.from('id,name\n1,Ida\n');
    expect(await unpackedBytes(table)).toBe(table.length);
    expect(await unpackedBytes(Buffer.from('PK no zip'))).toBe(9);
  });

  it('refuses two files of one name in a zip, and names both', async () => {
    const zip = await zipOf({
      'a/users.csv': 'sourcedId\n',
      'b/users.csv': 'sourcedId\n',
      'b/demographics.csv': '',
    });
    const reply = await desk.send(zip);
    expect([reply.status, reply.text]).toEqual([422, expect.stringMatching(/a\/users\.csv.*b\/users\.csv/)]);
  });

  const mebibytes = (count: number, letter: string): Buffer => Buffer.alloc(count * 1024 * 1024, letter);
  const manifest = { 'manifest.csv': 'propertyName,value\n' };
  /** A zip that says of its last file that it is short. */
  const lying = async (): Promise<Buffer> => {
    const zip = await zipOf({ 'roster.csv': mebibytes(160, 'a') });
    zip.writeUInt32LE(10, zip.lastIndexOf(Buffer.from('PK\x01\x02', 'latin1')) + 24);
    return zip;
  };
  it.each<[string, () => Promise<Buffer> | Buffer, number, RegExp]>([
    ['a file over the limit', () => mebibytes(16, 'a'), 413, /larger than/],
    ['one line of 50 MB', () => mebibytes(50, 'a'), 413, /larger than/],
    ['one line of 49 MB in a zip', () => zipOf({ 'roster.csv': mebibytes(49, 'a') }), 422, /20,?000 char/],
    ['one line of 51 MB in a zip', () => zipOf({ 'roster.csv': mebibytes(51, 'a') }), 422, /than 50 MB/],
    ['10,000 columns', () => Buffer.from(`${'name,'.repeat(10_000)}\nAna\n`), 422, /250 columns/],
    [
      '10,000 columns of one name in a zip',
      () => zipOf({ 'a.csv': ',name'.repeat(10_000) }),
      422,
      /250 columns/,
    ],
    [
      'a zip of 1,000 files',
      () => zipOf(Object.fromEntries(Array.from({ length: 1000 }, (_each, at) => [`${at}.csv`, 'name\n']))),
      422,
      /100 files/,
    ],
    ['one huge file in a zip', () => zipOf({ ...manifest, 'users.csv': mebibytes(160, 'a') }), 422, /150 MB/],
    [
      'several that are huge together',
      () => zipOf({ ...manifest, 'users.csv': mebibytes(80, 'a'), 'roles.csv': mebibytes(80, 'b') }),
      422,
      /150 MB/,
    ],
    ['a zip that lies about a size', lying, 422, /damaged|150 MB/],
    ['a zip in a zip', async () => zipOf({ 'roster.zip': await zipOf(manifest) }), 422, /manifest/],
  ])('refuses %s before it fills the memory', async (_name, file, status, message) => {
    const reply = await desk.send(await file(), {}, 'bomb.zip');
    expect([reply.status, reply.text]).toEqual([status, expect.stringMatching(message)]);
    expect((await desk.everybody()).size).toBe(1);
  });
});
