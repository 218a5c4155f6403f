/**
 * The sheet about a group: its rows once, the others for each member, sealed as one; and what is said of
 * somebody who did not come.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sealHolds } from '../../server/scores/score-sheet.js';
import { answersAbout, readRowId, sheetRubric } from '../../server/scores/group-rows.js';
import { aGroup, type TestGroup } from '../harness/builders/group.js';
import { anOperation, storedSheet } from '../harness/builders/scores.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const groupRows = ['clarity', 'evidence', 'organization', 'digital-media'];
const ownRows = ['language-use', 'presentation-skills', 'interaction-with-audience'];

interface Sheet {
  student: { name: string };
  group: { members: { name: string }[] } | null;
  criteria: { id: string; name: string; about: { id: string; name: string } | null }[];
  progress: { total: number; missing: string[] };
}

const sheetOf = async (group: TestGroup, seat = 0) =>
  (await (await group.as(`panelist-${seat}`)).get(`/seats/${group.seats[seat]!.id}/sheet`)).json<Sheet>();

const answer = async (group: TestGroup, criterionId: string, levelId = 'proficient') =>
  (await group.as('panelist-0')).post(`/seats/${group.seats[0]!.id}/sheet/operations`, {
    operations: [anOperation({ kind: 'set-level', criterionId, levelId })],
  });

describe('the rows', () => {
  it('stand once for the group, then for each member under their name', async () => {
    const group = await aGroup(app);
    const sheet = await sheetOf(group);
    expect(sheet.criteria.map(({ id }) => readRowId(id).criterionId)).toEqual([
      ...groupRows,
      ...ownRows,
      ...ownRows,
      ...ownRows,
    ]);
    expect(sheet.criteria.map(({ about }) => about?.name ?? null)).toEqual([
      ...groupRows.map(() => null),
      ...['Itzel Núñez', 'Yonas Tesfaye', 'Mei Lin'].flatMap((name) => ownRows.map(() => name)),
    ]);
    expect(sheet.progress.total).toBe(13);
    const page = await (
      await group.as('panelist-0')
    ).get(`/seats/${group.seats[0]!.id}/sheet`, {
      as: 'page',
    });
    expect(page.text.match(/class="sheet-about"/g)).toHaveLength(4);
  });

  it('are as ever where somebody presents alone, and where nothing is about the group', () => {
    const { rubric } = app.context.rubrics.bySlug('oral-communication');
    expect(sheetRubric(rubric, undefined)).toBe(rubric);
    const two = ['a', 'b'].map((slotId) => ({ slotId, studentId: slotId, absent: false }));
    const alone = app.context.rubrics.bySlug('exhibition').rubric;
    expect(sheetRubric(alone, two).criteria).toHaveLength(alone.criteria.length * 2);
  });

  it('take answers about their own members alone', async () => {
    const [group, other] = [await aGroup(app), await aGroup(app)];
    expect((await answer(group, group.row('language-use', 2))).status).toBe(200);
    for (const wrong of ['language-use', group.row('clarity', 1), other.row('language-use', 1)]) {
      const reply = await answer(group, wrong);
      expect(reply.status).toBe(422);
      expect(reply.text).toContain('criterionId');
    }
  });

  it('of one member are found again by their criteria', () => {
    const pin = { id: 'p', criterionId: 'language-use--b', artifactVersionId: 'v', place: null, note: '' };
    const said = {
      clarity: { levelId: 'advanced' },
      'language-use--a': { levelId: 'emerging' },
      'language-use--b': { levelId: 'proficient', pins: { p: pin as never } },
    };
    expect(answersAbout(said, 'b')).toEqual({
      clarity: { levelId: 'advanced' },
      'language-use': { levelId: 'proficient', pins: { p: { ...pin, criterionId: 'language-use' } } },
    });
  });
});

describe('the seal', () => {
  it('is set when every row about everybody is answered, and says who was there', async () => {
    const group = await aGroup(app);
    await group.fill(
      'panelist-0',
      { group: 'advanced', each: ['emerging', 'developing', 'proficient'] },
      false,
    );
    const client = await group.as('panelist-0');
    const path = `/seats/${group.seats[0]!.id}/sheet`;
    const operations = [
      anOperation({ kind: 'set-level', criterionId: group.row('language-use', 1), levelId: null }),
    ];
    await client.post(`${path}/operations`, { operations });
    const refused = await client.post(`${path}/submit`);
    expect(refused.status).toBe(422);
    expect(refused.text).toContain(`criteria.${group.row('language-use', 1)}`);
    expect(refused.text).toContain('Yonas Tesfaye: Language use');
    expect((await answer(group, group.row('language-use', 1))).status).toBe(200);
    expect((await client.post(`${path}/submit`)).status).toBe(200);
    const sealed = (await storedSheet(group, group.seats[0]!.id))!;
    expect(sealed.members?.map(({ studentId }) => studentId)).toEqual(
      group.members.map(({ student }) => student.id),
    );
    expect(sealHolds(sealed)).toBe(true);
    expect(sealHolds({ ...sealed, members: sealed.members!.slice(1) })).toBe(false);
  });

  it('asks for nothing about somebody who did not come, and refuses nothing that was said before', async () => {
    const group = await aGroup(app);
    await group.fill(
      'panelist-0',
      { group: 'advanced', each: ['emerging', 'developing', 'proficient'] },
      false,
    );
    expect((await group.absent(2)).status).toBe(200);
    const sheet = await sheetOf(group);
    expect([sheet.progress.total, sheet.progress.missing, sheet.group?.members.length]).toEqual([10, [], 2]);
    expect(sheet.student.name).toBe('Itzel Núñez, Yonas Tesfaye');
    // A phone that was away has this in its pocket still.
    expect((await answer(group, group.row('language-use', 2), 'emerging')).status).toBe(200);
    const client = await group.as('panelist-0');
    expect((await client.post(`/seats/${group.seats[0]!.id}/sheet/submit`)).status).toBe(200);
  });
});
