/**
 * Tables for the office: everything that was said, in files that no spreadsheet takes for formulas, and never
 * before the reader's own sheet is in.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { listEntriesFrom } from '../../server/audit/audit-records.js';
import { formulaSafe, writeCsv } from '../../server/downloads/csv.js';
import { saveSeat, saveSeatSetAside } from '../../server/exhibitions/seats/seat-records.js';
import type { Person } from '../../server/people/person.js';
import { sealStudent } from '../../server/people/hand-over-student.js';
import { on } from '../harness/builders/exhibition.js';
import { aGroup } from '../harness/builders/group.js';
import { publishSlot, reviseOn, seenState } from '../harness/builders/publishing.js';
import { anOperation, aPanel, fillSheet, type TestPanel } from '../harness/builders/scores.js';
import { aGallery } from '../harness/builders/visits.js';
import type { Client } from '../harness/client.js';
import { startApp, type TestApp } from '../harness/start-app.js';

describe('text that a spreadsheet would calculate', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+1 555 0100', "'+1 555 0100"],
    ['-2', "'-2"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t'=1"],
    ['\r=1', "'\r'=1"],
    ['\n=1', "'\n'=1"],
    ['  =1', "'  =1"],
    ['\u200b=1', "'\u200b=1"],
    ['\ufeff=1', "'\ufeff=1"],
    ['\uFF1D1', "'\uFF1D1"],
    ['\uFF0B1', "'\uFF0B1"],
    ['\uFF20x', "'\uFF20x"],
    ['\uFF0D2', "'\uFF0D2"],
    ['\uFE66SUM', "'\uFE66SUM"],
    // Where a spreadsheet separates by semicolons or tabs, a cell begins in the middle.
    ['a;=cmd()', "a;'=cmd()"],
    ['a; "=cmd()"', `a;' "=cmd()"`],
    ['a\t+1', "a\t'+1"],
    ['Two things:\n- slower\r\n@home', "Two things:\n'- slower\r\n'@home"],
    ['=a;=b', "'=a;'=b"],
    ['a;\uFF1Dcmd', "a;'\uFF1Dcmd"],
    ['one; two; 3', 'one; two; 3'],
    ['a, -b', 'a, -b'],
    ['Good – 1 = 1', 'Good – 1 = 1'],
    ['Núñez, “Itzel”', 'Núñez, “Itzel”'],
  ])('%j is written as %j', (typed, written) => {
    expect(formulaSafe(typed)).toBe(written);
    const [, row] = parse(writeCsv({ columns: ['a', 'b'], rows: [[typed, -2]] }), {
      bom: true,
    }) as string[][];
    expect(row).toEqual([written, '-2']);
  });
});

let app: TestApp;
let panel: TestPanel;
beforeAll(async () => {
  app = await startApp({ jobs: false, clock: { now: () => new Date(on('09:20')) } });
  panel = await aPanel(app, { roles: ['teacher', 'mentor'], studentName: '=Itzel Núñez' });
  await fillSheet(await panel.as('panelist-0'), panel.seats[0]!.id, ['meeting'], {
    comment: '=HYPERLINK("http://evil.example")',
  });
});
afterAll(() => app.close());

const rowsOf = async (kind: string, who = 'registrar', of: TestPanel = panel) => {
  return read(kind, await of.as(who), of.exhibitionId);
};
const read = async (kind: string, client: Client, exhibitionId: string) => {
  const reply = await client.get(`/exhibitions/${exhibitionId}/downloads/${kind}.csv`);
  expect([kind, reply.status, reply.headers.get('content-type')]).toEqual([
    kind,
    200,
    'text/csv; charset=utf-8',
  ]);
  expect(reply.headers.get('content-disposition')).toContain('attachment');
  return parse(reply.text, { bom: true, columns: true }) as Record<string, string>[];
};

const rowId = (): string => app.context.rubrics.bySlug('exhibition').rubric.criteria[0]!.id;
const leftOut = async () =>
  (await (await panel.as('registrar')).get(`/exhibitions/${panel.exhibitionId}/downloads`)).json<{
    leftOut: object;
  }>().leftOut;

describe('the tables of an exhibition', () => {
  it('say when and where, who sits there, what was scored and written', async () => {
    expect(await rowsOf('slots')).toMatchObject([
      { Room: 'Room 12', Student: "'=Itzel Núñez", Seats: '2', 'Sheets in': '1', Attempt: '1' },
    ]);
    expect(await rowsOf('seats')).toMatchObject([
      { Panelist: 'Noor Haddad', Chair: 'yes', Sheet: 'submitted', Counts: 'yes' },
      { Panelist: 'Amara Okafor', Chair: 'no', Sheet: 'not started' },
    ]);
    // Who counts nowhere is in the table of seats alone, as on the board.
    const awaited = panel.seats[1]!.id;
    await saveSeatSetAside(panel.home.scope, awaited, app.context.clock.now());
    expect(await rowsOf('slots')).toMatchObject([{ Seats: '1', 'Sheets in': '1' }]);
    expect(await rowsOf('seats')).toHaveLength(2);
    await saveSeatSetAside(panel.home.scope, awaited, null);
    const scores = await rowsOf('scores');
    expect(scores.length).toBeGreaterThan(2);
    expect(scores[0]).toMatchObject({ Panelist: 'Noor Haddad', Level: 'Meeting' });
    const comments = await rowsOf('comments');
    expect(comments[0]!['Comment']).toBe('\'=HYPERLINK("http://evil.example")');
    expect(await rowsOf('visits')).toEqual([]);
    expect(await rowsOf('results')).toEqual([]);
    const entries = await listEntriesFrom(panel.home.scope, 1, 1000);
    const told = entries.filter(({ act }) => act === 'downloads.table').map(({ detail }) => detail['table']);
    expect(told.sort()).toEqual(['comments', 'results', 'scores', 'seats', 'slots', 'visits']);
  });

  it('leave out the sheets of a panel on which the reader still has to score, and say so', async () => {
    const { registrar, admin } = panel.people;
    const seat = async (mark: string, { id: personId, displayName: name }: Person, endedAt: Date | null) =>
      saveSeat(panel.home.scope, {
        ...panel.seats[0]!,
        ...{ id: `${panel.seats[0]!.id.slice(0, -4)}${mark}`, personId, name, chair: false, endedAt },
      });
    await seat('aaaa', registrar, null);
    // Somebody of the office who sits there no more owes nothing.
    await seat('bbbb', admin, app.context.clock.now());
    expect(await rowsOf('scores')).toEqual([]);
    expect(await rowsOf('comments')).toEqual([]);
    expect(await leftOut()).toEqual({ waiting: 1, handedOver: 0, openStands: 0 });
    expect((await rowsOf('scores', 'admin')).length).toBeGreaterThan(2);
  });

  it('have the published results, also for somebody of the office whose own sheet never came in', async () => {
    await panel.moveTo('closed', 'scoring');
    expect((await publishSlot(await panel.as('admin'), panel.slotId)).status).toBe(200);
    const results = await rowsOf('results');
    expect(results.length).toBeGreaterThan(2);
    expect(results[0]).toMatchObject({
      ...{ Tally: 'Meeting', 'Sheets that scored it': '1', Student: "'=Itzel Núñez" },
      ...{ Version: '1', Corrected: '', 'Reason for the correction': '' },
    });
    expect((await rowsOf('scores')).length).toBeGreaterThan(2);
    const client = await panel.as('admin');
    const corrected = await client.post(`/slots/${panel.slotId}/result/corrections`, {
      ...(await seenState(client, panel.slotId)),
      ...{ reason: 'The second source was overlooked', levels: [`${rowId()}:extending`] },
    });
    expect([corrected.status, corrected.text]).toEqual([201, expect.anything()]);
    expect((await rowsOf('results'))[0]).toMatchObject({
      ...{ Version: '2', Corrected: expect.stringMatching(/^\d{4}-/), 'Corrected by': 'Pat Doyle' },
      ...{ 'Reason for the correction': 'The second source was overlooked' },
      ...{ Tally: 'Meeting', 'Decision of the panel': 'Extending' },
    });
  });

  it('tell nothing of what was said about a student who was handed over, and say so', async () => {
    await sealStudent(panel.home.scope, app.context.clock.now(), panel.people.student.id);
    for (const kind of ['scores', 'comments', 'results'])
      expect([kind, await rowsOf(kind)]).toEqual([kind, []]);
    expect(await rowsOf('seats')).toHaveLength(4);
    expect(await leftOut()).toEqual({ waiting: 0, handedOver: 1, openStands: 0 });
  });

  it('are listed on a page for the office', async () => {
    const client = await panel.as('registrar');
    const page = await client.get(`/exhibitions/${panel.exhibitionId}/downloads`, { as: 'page' });
    expect(page.text).toContain(`/exhibitions/${panel.exhibitionId}/downloads/scores.csv`);
  });
});

it('of a group each presenter has all rows about them, with what was revised', async () => {
  const group = await aGroup(app);
  await group.fill(
    'panelist-0',
    { group: 'developing', each: ['emerging', 'developing', 'advanced'] },
    false,
  );
  const seat = `/seats/${group.seats[0]!.id}/sheet`;
  const own = app.context.rubrics
    .bySlug('oral-communication')
    .rubric.criteria.find(({ unit }) => unit !== 'group')!;
  const words = { kind: 'set-comment', criterionId: group.row(own.id, 1), comment: 'Of Yonas alone' };
  const chair = await group.as('panelist-0');
  expect((await chair.post(`${seat}/operations`, { operations: [anOperation(words)] })).status).toBe(200);
  await chair.post(`${seat}/operations`, {
    operations: [anOperation({ kind: 'set-overall', comment: 'Of everybody' })],
  });
  expect((await chair.post(`${seat}/submit`, { early: true })).status).toBe(200);
  await group.moveTo('closed', 'scoring');
  const revised = await reviseOn(
    chair,
    { slotId: group.members[1]!.slotId, seatId: group.seats[0]!.id },
    { criterionId: own.id, slotId: group.members[1]!.slotId, levelId: 'advanced' },
  );
  expect([revised.status, revised.text]).toEqual([201, expect.anything()]);

  const scores = await rowsOf('scores', 'registrar', group);
  const { criteria } = app.context.rubrics.bySlug('oral-communication').rubric;
  const names = group.members.map(({ student }) => student.displayName);
  for (const name of names)
    expect(scores.filter((row) => row['Student'] === name).map((row) => row['Criterion'])).toEqual(
      criteria.map((row) => row.name),
    );
  expect(scores.filter((row) => row['Criterion'] === own.name)).toMatchObject([
    { 'Applies to': 'the student', 'Level after revisions': 'Emerging', Revisions: '0' },
    { Level: 'Developing', 'Level after revisions': 'Advanced', Revisions: '1' },
    { Level: 'Advanced', 'Level after revisions': 'Advanced', 'Last revised': '' },
  ]);
  const comments = await rowsOf('comments', 'registrar', group);
  const said = (text: string) =>
    comments.filter((row) => row['Comment'] === text).map((row) => row['Student']);
  expect(said('Of Yonas alone')).toEqual(['Yonas Tesfaye']);
  expect(said('I heard the answer again')).toEqual(['Yonas Tesfaye']);
  expect(said('Of everybody')).toEqual(names);
});

it('scores of visitors are in no table while the stand is open', async () => {
  const gallery = await aGallery(app);
  const guest = app.visitor();
  const visit = await gallery.comeIn(guest, 0, { name: 'Jun Sato' });
  const { criteria } = (await guest.get(visit)).json<{ criteria: { id: string }[] }>();
  const left = { once: 'sending-1', 'feedback.0': 'Words', [`level.${criteria[0]!.id}`]: ':not-observed' };
  expect((await guest.post(visit, left)).status).toBe(200);
  const { day } = gallery;
  const { client: office } = await day.join('Ola Office', ['registrar']);
  const words = async () =>
    (await read('visits', office, day.path.split('/').at(-1)!)).map((row) => row['Words or level']);
  expect(await words()).toEqual(['Words']);
  expect((await office.get(`${day.path}/downloads`, { as: 'page' })).text).toContain('2 stands');
  expect((await day.move('close')).status).toBe(200);
  expect(await words()).toEqual(['Words', 'Not observed']);
});
