/** What a proposal costs, as its page says it: names are joined as the reader's language joins them. */
import { expect, it } from '@jest/globals';
import { createTexts } from '../../server/rendering/texts.js';
import type { TimetableProposal } from '../../server/schedule/proposal.js';
import { costWords } from '../../server/schedule/schedule-view.js';
import { aPanelist, aPresenter, aProblem, aSlot, at } from './problems.js';
import type { MessageParams } from '../../server/errors.js';

const texts = createTexts({ missing: 'throw' });

/** Nobody of these students' families can come. */
function wordsOf(names: readonly string[], locale: string): string[] {
  const late = [{ from: at(600), until: at(660) }];
  const problem = aProblem({
    presenters: names.map((name) => aPresenter(name, { guardianIds: [`of ${name}`] })),
    people: names.map((name) => aPanelist(`of ${name}`, { pool: null, available: late })),
  });
  const proposal: TimetableProposal = {
    ...{ id: 'p', schoolId: 's', exhibitionId: 'e', seed: 1, state: 'ready', proven: true, bound: 0 },
    ...{ reasons: [], broken: [], seconds: 1, createdAt: new Date(at(0)), adoptedAt: null },
    slots: names.map((name, n) => aSlot(name, { startsAt: at(60 * n) })),
    cost: { roomChanges: 0, loadExcess: 0, familyAway: names.length, extraGroups: 0, total: 8 },
  };
  const t = (key: string, params?: MessageParams) => texts.t('en', key, params);
  return costWords(proposal, problem, (id) => id, { t, locale }).map(({ words }) => words);
}

const told = (names: string) => expect.arrayContaining([expect.stringMatching(new RegExp(`: ${names}$`))]);

it.each([
  ['en', ['Ana'], 'Ana'],
  ['en', ['Ana', 'Bo'], 'Ana and Bo'],
  ['en', ['Ana', 'Bo', 'Cy'], 'Ana, Bo, and Cy'],
  ['es', ['Ana', 'Bo', 'Cy'], 'Ana, Bo y Cy'],
])('%s: %j', (locale, names, sentence) => {
  expect(wordsOf(names, locale)).toEqual(told(sentence));
});

it('says how many more there are', () => {
  const names = Array.from({ length: 8 }, (_each, n) => `S${n}`);
  expect(wordsOf(names, 'en')).toEqual(told('S0, S1, S2, S3, S4, S5, and 2 more'));
});
