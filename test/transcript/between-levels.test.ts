/** A level between two others has no words of its own: the card of a goal says what it lies between. */
import { expect, it } from '@jest/globals';
import { factsHash } from '../../server/transcript/facts-hash.js';
import type { TranscriptFacts } from '../../server/transcript/gather-facts.js';
import { goalView, type Translate } from '../../server/transcript/goal-view.js';
import type { TranscriptGoal, TranscriptRubric } from '../../server/transcript/snapshot.js';

const level = (id: string, between = false) => ({ id, name: id.toUpperCase(), between, describes: null });
const goal = (levelId: string, more: Partial<TranscriptGoal> = {}): TranscriptGoal => ({
  ...{ id: 'clarity', name: 'Clarity', description: null, meaning: null },
  history: [{ termId: 'fall', levelId, on: '2026-11-17T15:00:00.000Z', attempt: 1 }],
  ...more,
});
const rubric = (goals: TranscriptGoal[]): TranscriptRubric => ({
  ...{ slug: 'oral', hash: 'hash', title: 'Oral communication', credit: null, goals },
  levels: [level('low'), level('mid', true), level('high')],
});
const t: Translate = (key, params = {}) => [key, ...Object.values(params)].join(' ');
const meaningOf = (one: TranscriptGoal) =>
  goalView({ terms: [{ id: 'fall', name: 'Fall' }] }, rubric([one]), one, t).meaning;

it.each([
  [
    'with what the rubric says of both',
    goal('mid', { neighbors: { lower: 'Mumbles', upper: 'Speaks up' } }),
    'transcript.goals.between LOW HIGH transcript.goals.neighbor LOW Mumbles transcript.goals.neighbor HIGH Speaks up',
  ],
  ['in a document from before that was kept', goal('mid'), 'transcript.goals.between LOW HIGH'],
  ['and of any other level what the rubric says', goal('high', { meaning: 'Speaks up' }), 'Speaks up'],
  ['or nothing', goal('high'), null],
])('%s', (_case, one, words) => {
  expect(meaningOf(one)).toBe(words);
});

it('a document from before that was kept says the same, so that no new one is issued for it', () => {
  const school = { name: 'Riverbend', timeZone: 'America/New_York' };
  const hashWith = (one: TranscriptGoal) =>
    factsHash({
      ...{ school, student: { name: 'Ana' }, rubrics: [rubric([one])], exhibitions: [] },
    } as unknown as TranscriptFacts);
  const kept = goal('mid', { neighbors: { lower: 'Mumbles', upper: 'Speaks up' } });
  expect(hashWith(kept)).toBe(hashWith(goal('mid')));
  expect(hashWith(kept)).not.toBe(hashWith(goal('high')));
});
