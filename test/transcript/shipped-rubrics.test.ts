/**
 * Every shipped rubric in print: a transcript with an outcome for each of its rows, and every level among
 * them, is issued whole.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { saveExhibition } from '../../server/exhibitions/exhibition-records.js';
import { saveResults } from '../../server/results/result-records.js';
import { resultHash, type FrozenSheet, type Result } from '../../server/results/result.js';
import { tallySheets } from '../../server/results/tally.js';
import { isGroupRow } from '../../server/scores/group-rows.js';
import type { Rubric } from '../../server/rubrics/rubric.js';
import { aCohort, issueAll, type TestCohort } from '../harness/builders/transcript.js';
import { readGlyphs } from '../harness/read-glyphs.js';
import { readPdf, type ReadPdf } from '../harness/read-pdf.js';
import { startApp, withPublicAddress, type TestApp } from '../harness/start-app.js';
import { at, dayFromNow } from '../harness/test-clock.js';

const words = (count: number, word: string) => Array.from({ length: count }, () => word).join(' ');
/** As long as a person's, an exhibition's and a room's name may be. */
const longName = `Amina ${words(8, 'Warsame-Okonkwo')}`;
const longTitle = words(11, 'Exhibition of the year').slice(0, 190).trim();

let app: TestApp;
let cohort: TestCohort;
let rubrics: Rubric[];
const printed = new Map<string, { read: ReadPdf; outside: string[] }>();

/** @param levelOf by the number of the row; null: not observed */
async function publish(rubric: Rubric, studentId: string, levelOf: (row: number) => string | null) {
  const { home, registrar } = cohort;
  const { hash } = app.context.rubrics.bySlug(rubric.slug);
  const startsAt = at('09:00', dayFromNow(-60));
  const exhibitionId = randomUUID();
  const ref = { slug: rubric.slug, hash };
  await saveExhibition(home.scope, {
    ...{ id: exhibitionId, schoolId: home.school.id, termId: home.termId, slug: exhibitionId },
    ...{ title: longTitle, format: 'panel', rubric: ref, phase: 'closed', startsAt, place: longTitle },
    ...{ slotMinutes: 50, createdAt: startsAt, createdBy: registrar.id },
  });
  const responses = rubric.criteria.map((criterion, row) => {
    const levelId = levelOf(row);
    const response = { levelId, notObserved: levelId === null, comment: words(300, 'Because.'), notes: {} };
    return [criterion.id, response] as const;
  });
  const sheets = [1, 2, 3].map((voice): FrozenSheet => ({
    ...{ seatId: randomUUID(), panelistId: randomUUID(), panelistName: longName, role: 'teacher' },
    ...{ chair: voice === 1, responses: Object.fromEntries(responses), submittedAt: startsAt },
    ...{ overallComment: words(300, 'Feedback.'), hash: 'f'.repeat(64) },
  }));
  const slot = { startsAt, minutes: 50, room: longName, attempt: 1, exhibitionTitle: longTitle };
  const content: Omit<Result, 'hash'> = {
    ...{ id: randomUUID(), schoolId: home.school.id, studentId, exhibitionId, termId: home.termId },
    ...{ rubric: ref, tally: tallySheets(rubric, sheets), sheets, voices: 'named' },
    slot: { ...slot, ...(rubric.criteria.some(isGroupRow) ? { together: 3 } : {}) },
    ...{ publishedAt: startsAt, publishedBy: registrar.id },
  };
  await saveResults(home.scope, [{ ...content, hash: resultHash(content) }]);
}

beforeAll(async () => {
  app = await startApp(withPublicAddress);
  cohort = await aCohort(app, { names: [longName, 'Amina Warsame'] });
  rubrics = app.context.rubrics.list();
  const [first, second] = cohort.students;
  for (const rubric of rubrics) {
    const { levels, criteria } = rubric;
    // The levels between two others first: they are said with both of them.
    await publish(rubric, first!.id, (row) => levels[(2 * row + 1) % levels.length]!.id);
    await publish(rubric, second!.id, (row) =>
      row === criteria.length - 1 ? null : levels[(2 * row) % levels.length]!.id,
    );
  }
  const job = await issueAll(cohort);
  expect(job.problems).toEqual([]);
  const registrar = await cohort.as('registrar');
  const { items } = (await registrar.get('/transcripts')).json<{
    items: { id: string; studentId: string }[];
  }>();
  for (const { id, studentId } of items) {
    const { bytes } = await registrar.get(`/transcripts/${id}.pdf`);
    printed.set(studentId, { read: await readPdf(bytes), outside: (await readGlyphs(bytes)).outside });
  }
}, 120_000);
afterAll(() => app.close());

describe.each([0, 1])('the transcript of student %s, with all shipped rubrics', (student) => {
  const ofStudent = () => printed.get(cohort.students[student]!.id)!;

  it('has every row and every level of them on its pages', () => {
    const whole = ofStudent().read.pages.join(' ');
    expect(rubrics.length).toBeGreaterThan(5);
    const lacking = rubrics.flatMap(({ title, criteria, levels }) =>
      [title, ...criteria.map(({ name }) => name), ...levels.map(({ name }) => name)].filter(
        (text) => !whole.includes(text),
      ),
    );
    expect(lacking).toEqual([]);
    // The second student has such a row of each, on the cover, in the goals and at the exhibition; the other
    // one of one.
    const unobserved = whole.split('Not observed').length - 1;
    if (student === 1) expect(unobserved).toBeGreaterThanOrEqual(3 * rubrics.length);
  });

  it('has no text over the edge of a page', () => expect(ofStudent().outside).toEqual([]));
});
