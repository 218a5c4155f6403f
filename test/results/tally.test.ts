import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { levelSteps, tallySheets, type TallySheet } from '../../server/results/tally.js';
import { parseRubric, TALLY_POLICIES, type Rubric, type TallyRule } from '../../server/rubrics/rubric.js';

const NOT_OBSERVED = 'not-observed';
const UNANSWERED = 'unanswered';

/** Seven positions with between-levels, and values that repeat (a and b) and rise unevenly. */
function aRubric(tally: TallyRule): Rubric {
  return parseRubric(
    {
      slug: 'seven',
      title: 'Seven positions',
      language: 'en',
      levels: [
        { id: 'a', name: 'A', value: 3 },
        { id: 'a-b', name: 'A/B', between: true, value: 3 },
        { id: 'b', name: 'B', value: 3 },
        { id: 'b-c', name: 'B/C', between: true, value: 3.25 },
        { id: 'c', name: 'C', value: 3.5 },
        { id: 'c-d', name: 'C/D', between: true, value: 3.75 },
        { id: 'd', name: 'D', value: 4 },
      ],
      criteria: [
        { id: 'row', name: 'Row', descriptors: { a: 'a', b: 'b', c: 'c', d: 'd' } },
        {
          id: 'group-row',
          name: 'Group row',
          unit: 'group',
          descriptors: { a: 'a', b: 'b', c: 'c', d: 'd' },
        },
        { id: 'whole', name: 'Whole', holistic: true, descriptors: { a: 'a', b: 'b', c: 'c', d: 'd' } },
      ],
      tally,
    },
    'seven.json',
  );
}

function answer(given: string): { levelId: string | null; notObserved: boolean } | undefined {
  if (given === UNANSWERED) return undefined;
  return given === NOT_OBSERVED
    ? { levelId: null, notObserved: true }
    : { levelId: given, notObserved: false };
}

function sheetsOf(voices: string[], criterionId = 'row'): TallySheet[] {
  return voices.map((given, at) => ({ seatId: `seat-${at}`, responses: { [criterionId]: answer(given) } }));
}

function rowOf(rule: TallyRule, voices: string[]) {
  return tallySheets(aRubric(rule), sheetsOf(voices)).criteria[0]!;
}

describe('the tally decides by the named policy', () => {
  const cases: [
    string,
    TallyRule,
    string[],
    Partial<{ levelId: string | null; number: number; why: string; tied: string[] }>,
  ][] = [
    ['median-low: odd number', { policy: 'median-low', threshold: 2 }, ['a', 'd', 'c'], { levelId: 'c' }],
    [
      'median-low: even number takes the lower middle',
      { policy: 'median-low', threshold: 2 },
      ['a', 'b', 'c', 'd'],
      { levelId: 'b' },
    ],
    [
      'median-high: even number takes the higher middle',
      { policy: 'median-high', threshold: 2 },
      ['a', 'b', 'c', 'd'],
      { levelId: 'c' },
    ],
    ['median-low: one voice', { policy: 'median-low', threshold: 2 }, ['b-c'], { levelId: 'b-c' }],
    [
      'median-low: a between-level can be the middle',
      { policy: 'median-low', threshold: 2 },
      ['b', 'b-c', 'd'],
      { levelId: 'b-c' },
    ],
    [
      'median-low: not observed is no voice',
      { policy: 'median-low', threshold: 2 },
      ['d', NOT_OBSERVED, NOT_OBSERVED],
      { levelId: 'd' },
    ],
    [
      'levels of equal value stay apart',
      { policy: 'median-low', threshold: 2 },
      ['a', 'b', 'b'],
      { levelId: 'b' },
    ],
    ['mode: most voices', { policy: 'mode', threshold: 2 }, ['a', 'c', 'c', 'd'], { levelId: 'c' }],
    [
      'mode: a tie decides nothing',
      { policy: 'mode', threshold: 2 },
      ['d', 'a', 'd', 'a', 'b'],
      { levelId: null, why: 'tie', tied: ['a', 'd'] },
    ],
    [
      'mode: equal values are not one level',
      { policy: 'mode', threshold: 2 },
      ['a', 'b'],
      { levelId: null, why: 'tie', tied: ['a', 'b'] },
    ],
    [
      'highest-agreed: two thirds by default',
      { policy: 'highest-agreed', threshold: 2 },
      ['b', 'c', 'd'],
      { levelId: 'c' },
    ],
    [
      'highest-agreed: three of four are needed for two thirds',
      { policy: 'highest-agreed', threshold: 2 },
      ['a', 'c', 'd', 'd'],
      { levelId: 'c' },
    ],
    [
      'highest-agreed: share 1 is the lowest voice',
      { policy: 'highest-agreed', share: 1, threshold: 2 },
      ['b', 'c', 'd'],
      { levelId: 'b' },
    ],
    [
      'highest-agreed: six tenths of five are three',
      { policy: 'highest-agreed', share: 0.6, threshold: 2 },
      ['a', 'b', 'c', 'd', 'd'],
      { levelId: 'c' },
    ],
    [
      'mean-of-values: a number and no level',
      { policy: 'mean-of-values', threshold: 2 },
      ['b', 'c', 'd'],
      { levelId: null, number: 3.5, why: 'number-only' },
    ],
    [
      'mean-of-values: not observed is not zero',
      { policy: 'mean-of-values', threshold: 2 },
      ['d', NOT_OBSERVED],
      { levelId: null, number: 4 },
    ],
    [
      'mean-of-values: two decimals',
      { policy: 'mean-of-values', threshold: 2 },
      ['a', 'a', 'c'],
      { levelId: null, number: 3.17 },
    ],
    [
      'voices-only: nothing is summed up',
      { policy: 'voices-only', threshold: 2 },
      ['a', 'd'],
      { levelId: null, why: 'voices-only' },
    ],
    ['no sheet at all', { policy: 'median-low', threshold: 2 }, [], { levelId: null, why: 'no-voice' }],
    [
      'nobody observed it',
      { policy: 'mean-of-values', threshold: 2 },
      [NOT_OBSERVED, UNANSWERED],
      { levelId: null, why: 'no-voice' },
    ],
  ];
  it.each(cases)('%s', (_name, rule, voices, expected) => {
    const { decision } = rowOf(rule, voices);
    expect(decision.levelId).toBe(expected.levelId);
    expect(decision.number).toBe(expected.number ?? null);
    expect(decision.tiedLevelIds).toEqual(expected.tied ?? []);
    if (expected.why) expect(decision.why).toBe(expected.why);
  });
});

describe('the tally shows the voices', () => {
  it('counts every level of the rubric, also those that nobody gave', () => {
    const { counts } = rowOf({ policy: 'median-low', threshold: 2 }, ['a', 'b', 'b', NOT_OBSERVED]);
    expect(counts.map((one) => `${one.levelId}:${one.voices}`)).toEqual([
      'a:1',
      'a-b:0',
      'b:2',
      'b-c:0',
      'c:0',
      'c-d:0',
      'd:0',
    ]);
  });

  it('counts between-levels as steps of the spread and asks for talk only beyond the threshold', () => {
    const near = rowOf({ policy: 'median-low', threshold: 2 }, ['b', 'c']);
    const far = rowOf({ policy: 'median-low', threshold: 2 }, ['b', 'c-d']);
    expect([near.spread, near.needsTalk]).toEqual([2, false]);
    expect([far.spread, far.needsTalk]).toEqual([3, true]);
    expect([far.lowestLevelId, far.highestLevelId]).toEqual(['b', 'c-d']);
  });

  it.each([
    ['mean-of-values', ['a', 'b'], 0],
    ['median-low', ['a', 'a-b', 'b'], 0],
    ['mode', ['a', 'b-c'], 1],
    ['highest-agreed', ['a-b', 'd'], 4],
  ] as const)('levels of one value are no step apart: %s %j', (policy, voices, spread) => {
    const row = rowOf({ policy, threshold: 0 }, [...voices]);
    expect([row.spread, row.needsTalk]).toEqual([spread, spread > 0]);
  });

  it('a between-level without a value is a step, unless both its neighbors have one value', () => {
    const levels = [{ value: 1 }, {}, { value: 1 }, {}, { value: 2 }, {}];
    expect(levelSteps({ levels } as never)).toEqual([0, 0, 0, 1, 2, 3]);
    expect(levelSteps({ levels: [{}, {}, {}] } as never)).toEqual([0, 1, 2]);
  });

  it('has no spread without a score, and zero for one voice', () => {
    expect(rowOf({ policy: 'mode', threshold: 0 }, [NOT_OBSERVED]).spread).toBeNull();
    expect(rowOf({ policy: 'mode', threshold: 0 }, ['d']).spread).toBe(0);
  });

  it('keeps group and holistic rows apart, and a holistic mark is not made of the rows', () => {
    const rubric = aRubric({ policy: 'median-low', threshold: 2 });
    const tally = tallySheets(rubric, [
      { seatId: 's', responses: { row: answer('a'), 'group-row': answer('a'), whole: answer('d') } },
    ]);
    expect(tally.criteria.map((one) => one.section)).toEqual(['individual', 'group', 'holistic']);
    expect(tally.criteria[2]!.decision.levelId).toBe('d');
    const without = tallySheets(rubric, sheetsOf(['a', 'a']));
    expect(without.criteria[2]!.decision).toMatchObject({ levelId: null, why: 'no-voice' });
  });

  it('refuses a level that the rubric does not have', () => {
    expect(() => rowOf({ policy: 'mode', threshold: 1 }, ['z'])).toThrow('no level "z"');
  });
});

const LEVELS = ['a', 'a-b', 'b', 'b-c', 'c', 'c-d', 'd'];
const place = (levelId: string | null): number => LEVELS.indexOf(levelId ?? '');
const voicesArbitrary = fc.array(fc.constantFrom(...LEVELS, NOT_OBSERVED, UNANSWERED), { maxLength: 9 });
const scoredArbitrary = fc.array(fc.constantFrom(...LEVELS), { minLength: 1, maxLength: 9 });

describe.each(TALLY_POLICIES)('whatever the panel says: %s', (policy) => {
  const rule: TallyRule = { policy, threshold: 2 };
  const summary = (voices: string[]) => {
    const { decision, counts, spread, needsTalk, scored } = rowOf(rule, voices);
    return { decision, counts, spread, needsTalk, scored };
  };

  it('the order of the voices does not matter', () => {
    fc.assert(
      fc.property(voicesArbitrary, fc.array(fc.nat(), { minLength: 9, maxLength: 9 }), (voices, keys) => {
        const shuffled = voices.map((voice, at) => ({ voice, key: keys[at]! })).sort((x, y) => x.key - y.key);
        expect(summary(shuffled.map((one) => one.voice))).toEqual(summary(voices));
      }),
    );
  });

  it('"not observed" and silence never count', () => {
    fc.assert(
      fc.property(
        voicesArbitrary,
        fc.array(fc.constantFrom(NOT_OBSERVED, UNANSWERED), { maxLength: 5 }),
        (voices, silent) => {
          expect(summary([...voices, ...silent])).toEqual(summary(voices));
        },
      ),
    );
  });

  it('the decision lies within the voices, and a unanimous panel gets its level', () => {
    fc.assert(
      fc.property(scoredArbitrary, (voices) => {
        const { decision } = rowOf(rule, voices);
        const places = voices.map(place);
        const [low, high] = [Math.min(...places), Math.max(...places)];
        if (decision.levelId !== null) {
          expect(voices).toContain(decision.levelId);
          expect(place(decision.levelId)).toBeGreaterThanOrEqual(low);
          expect(place(decision.levelId)).toBeLessThanOrEqual(high);
        }
        if (decision.number !== null) {
          const values = aRubric(rule).levels.map((one) => one.value!);
          expect(decision.number).toBeGreaterThanOrEqual(values[low]!);
          expect(decision.number).toBeLessThanOrEqual(values[high]!);
        }
        if (low === high && policy !== 'mean-of-values' && policy !== 'voices-only')
          expect(decision.levelId).toBe(voices[0]);
        decision.tiedLevelIds.forEach((tied) => expect(voices).toContain(tied));
        if (decision.why === 'tie') expect(decision.tiedLevelIds.length).toBeGreaterThan(1);
      }),
    );
  });
});

/** A mode may fall when its level loses a voice; the others never do. */
describe.each(TALLY_POLICIES.filter((policy) => policy !== 'mode'))('monotonic: %s', (policy) => {
  const rule: TallyRule = { policy, threshold: 2 };
  it('one voice moving up never pulls the decision down', () => {
    fc.assert(
      fc.property(scoredArbitrary, fc.nat(), fc.nat(), (voices, which, by) => {
        const at = which % voices.length;
        const raised = [...voices];
        raised[at] = LEVELS[Math.min(LEVELS.length - 1, place(voices[at]!) + (by % LEVELS.length))]!;
        const [before, after] = [rowOf(rule, voices).decision, rowOf(rule, raised).decision];
        expect(place(after.levelId)).toBeGreaterThanOrEqual(place(before.levelId));
        expect(after.number ?? 0).toBeGreaterThanOrEqual(before.number ?? 0);
      }),
    );
  });
});
