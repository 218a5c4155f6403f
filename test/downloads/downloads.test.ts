/** Tables for the office: everything that was said, in files that no spreadsheet takes for formulas, and never before the reader's own sheet is in. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { formulaSafe, writeCsv } from '../../server/downloads/csv.js';
import { saveSeat } from '../../server/panel/seat-records.js';
import { publishSlot } from '../harness/builders/publishing.js';
import { aPanel, fillSheet, type TestPanel } from '../harness/builders/scores.js';
import { startApp, type TestApp } from '../harness/start-app.js';

describe('text that a spreadsheet would calculate', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+1 555 0100', "'+1 555 0100"],
    ['-2', "'-2"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', "'\r=1"],
    ['\n=1', "'\n=1"],
    ['  =1', "'  =1"],
    ['\u200b=1', "'\u200b=1"],
    ['\ufeff=1', "'\ufeff=1"],
    ['\uFF1D1', "'\uFF1D1"],
    ['\uFF0B1', "'\uFF0B1"],
    ['\uFF20x', "'\uFF20x"],
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
  app = await startApp({ jobs: false });
  panel = await aPanel(app, { roles: ['teacher', 'mentor'], studentName: '=Itzel Núñez' });
  await fillSheet(await panel.as('panelist-0'), panel.seats[0]!.id, ['meeting'], {
    comment: '=HYPERLINK("http://evil.example")',
  });
});
afterAll(() => app.close());

const rowsOf = async (kind: string, who = 'registrar') => {
  const reply = await (await panel.as(who)).get(`/exhibitions/${panel.exhibitionId}/downloads/${kind}.csv`);
  expect([kind, reply.status, reply.headers.get('content-type')]).toEqual([
    kind,
    200,
    'text/csv; charset=utf-8',
  ]);
  expect(reply.headers.get('content-disposition')).toContain('attachment');
  return parse(reply.text, { bom: true, columns: true }) as Record<string, string>[];
};

describe('the tables of an exhibition', () => {
  it('say when and where, who sits there, what was scored and written', async () => {
    expect(await rowsOf('slots')).toMatchObject([
      { Room: 'Room 12', Student: "'=Itzel Núñez", Seats: '2', 'Sheets in': '1', Attempt: '1' },
    ]);
    expect(await rowsOf('seats')).toMatchObject([
      { Panelist: 'Noor Haddad', Chair: 'yes', Sheet: 'submitted', Counts: 'yes' },
      { Panelist: 'Amara Okafor', Chair: 'no', Sheet: 'not started' },
    ]);
    const scores = await rowsOf('scores');
    expect(scores.length).toBeGreaterThan(2);
    expect(scores[0]).toMatchObject({ Panelist: 'Noor Haddad', Level: 'Meeting' });
    const comments = await rowsOf('comments');
    expect(comments[0]!['Comment']).toBe('\'=HYPERLINK("http://evil.example")');
    expect(await rowsOf('visits')).toEqual([]);
    expect(await rowsOf('results')).toEqual([]);
  });

  it('have the published results', async () => {
    await panel.moveTo('closed', 'scoring');
    expect((await publishSlot(await panel.as('registrar'), panel.slotId)).status).toBe(200);
    const results = await rowsOf('results');
    expect(results.length).toBeGreaterThan(2);
    expect(results[0]).toMatchObject({ Tally: 'Meeting', Voices: '1', Student: "'=Itzel Núñez" });
  });

  it('leave out the sheets of a panel on which the reader still has to score', async () => {
    const { registrar } = panel.people;
    await saveSeat(panel.home.scope, {
      ...panel.seats[0]!,
      ...{
        id: `${panel.seats[0]!.id.slice(0, -4)}aaaa`,
        personId: registrar.id,
        name: 'Mei Lin',
        chair: false,
      },
    });
    expect(await rowsOf('scores')).toEqual([]);
    expect(await rowsOf('comments')).toEqual([]);
    expect((await rowsOf('scores', 'admin')).length).toBeGreaterThan(2);
  });

  it('are listed on a page for the office', async () => {
    const client = await panel.as('registrar');
    const page = await client.get(`/exhibitions/${panel.exhibitionId}/downloads`, { as: 'page' });
    expect(page.text).toContain(`/exhibitions/${panel.exhibitionId}/downloads/scores.csv`);
  });
});
