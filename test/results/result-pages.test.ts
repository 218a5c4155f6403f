/** The pages of a result, and that what was published stays as it was whatever happens around it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listResultsOfStudents } from '../../server/results/result-records.js';
import { distinctInitials } from '../../server/people/distinct-initials.js';
import { initialsOf } from '../../server/people/person.js';
import { aPublishedResult } from '../harness/builders/results.js';
import { aPanel, anOperation } from '../harness/builders/scores.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { publishSlot } from '../harness/builders/publishing.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

describe('a published result', () => {
  it('shows every voice, the decision and the words of the level on the page of student and family', async () => {
    const { panel } = await aPublishedResult(app, { comment: 'You <em>listened</em>.' });
    for (const who of ['student', 'guardian']) {
      const { status, text } = await (
        await panel.as(who)
      ).get(`/slots/${panel.slotId}/result`, { as: 'page' });
      expect(status).toBe(200);
      expect(text.match(/You &lt;em&gt;listened&lt;\/em&gt;\./g)?.length).toBe(9);
      expect(text).toContain('Panel result: Meeting');
      expect(text).toContain('<abbr title="Noor Haddad, Staff">NH</abbr>');
      expect(text).not.toContain('/result/publish');
    }
  });

  it('does not change when the exhibition is opened again and somebody writes', async () => {
    const { panel, result } = await aPublishedResult(app, { levels: [['meeting'], ['building']] });
    await panel.moveTo('scoring', 'closed');
    const seatId = panel.seats[2]!.id;
    const late = await panel.as('panelist-2');
    const operations = [anOperation({ kind: 'set-overall', comment: 'Later words' })];
    expect((await late.post(`/seats/${seatId}/sheet/operations`, { operations })).status).toBe(200);
    await publishSlot(await panel.as('registrar'), panel.slotId);
    expect(await listResultsOfStudents(panel.home.scope, [panel.people.student.id])).toEqual([result]);
  });

  it('is asked for by nobody before anything was submitted', async () => {
    const panel = await aPanel(app);
    const { text } = await (await panel.as('registrar')).get(`/slots/${panel.slotId}/result`, { as: 'page' });
    expect(text).toContain('will appear here when the first sheet is submitted');
    expect(text).toContain('No sheet has been submitted yet.');
  });
});

describe('the published interface', () => {
  it('describes rubrics, scores and results', async () => {
    const { paths } = (await app.visitor().get('/openapi.json')).json<{ paths: Record<string, object> }>();
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining([
        '/rubrics',
        '/rubrics/{slug}',
        '/seats/{id}/sheet',
        '/seats/{id}/sheet/operations',
        '/seats/{id}/sheet/submit',
        '/slots/{id}/result',
        '/slots/{id}/result/publish',
      ]),
    );
    expect(JSON.stringify(paths['/seats/{id}/sheet/operations'])).toContain('set-level');
  });
});

describe('initials', () => {
  const cases: [string, string][] = [
    ['Amara Okafor', 'AO'],
    ['Plato', 'P'],
    ['Cornelius Habte, PharmD', 'CH'],
    ['Okafor, Amara', 'OA'],
    ["(Bo) 'Al", 'BA'],
    ['María José de la Cruz', 'MC'],
    ['李 美玲', '李美'],
    ['ዮናስ ተስፋዬ', 'ዮተ'],
    ['  ', ''],
  ];
  it.each(cases)('of %s are %s', (name, initials) => expect(initialsOf(name)).toBe(initials));

  const together: [string[], string[]][] = [
    [
      ['Amara Okafor', 'Jun Sato'],
      ['AO', 'JS'],
    ],
    [
      ['Amara Okafor', 'Ada Oyelaran', 'Jun Sato'],
      ['AmO', 'AdO', 'JS'],
    ],
    [
      ['Amara Okafor', 'Amina Oyelaran'],
      ['AmOk', 'AmOy'],
    ],
    [
      ['Amara Okafor', 'Amara Okafor'],
      ['AmOk1', 'AmOk2'],
    ],
    [
      ['Guest', 'Guest', 'Teacher'],
      ['Gu1', 'Gu2', 'T'],
    ],
    [
      ['李 美玲', '李 美花'],
      ['李美玲', '李美花'],
    ],
  ];
  it.each(together)('of %j can be told apart: %j', (names, marks) =>
    expect(distinctInitials(names)).toEqual(marks),
  );
});
