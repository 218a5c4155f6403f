/** The proposal "met" or "not yet", and what of it is frozen: pure rules. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Bar } from '../../server/exhibitions/bar/bar.js';
import { readBar } from '../../server/exhibitions/bar/bar.js';
import { InvalidInput } from '../../server/errors.js';
import {
  proposeAttainment,
  decideAttainment,
  type AskedAttainment,
} from '../../server/results/attainment.js';
import type { Decision } from '../../server/results/decision.js';
import { isTallyOpen } from '../../server/results/reveal.js';
import { tallySheets } from '../../server/results/tally.js';
import type { Rubric, TallyPolicy } from '../../server/rubrics/rubric.js';

const levels = ['low', 'mid', 'high', 'top'];
const rows = ['a', 'b', 'c'];
const rubricBy = (policy: TallyPolicy): Rubric => ({
  slug: 'r',
  title: 'R',
  language: 'en',
  levels: levels.map((id, at) => ({ id, name: id.toUpperCase(), value: at + 1 })),
  criteria: rows.map((id) => ({ id, name: `Row ${id}`, descriptors: {} })),
  tally: { policy, threshold: 1 },
});
const rubric = rubricBy('median-low');
const bar: Bar = { levelId: 'high', criterionIds: null };

/** One line per sheet, one level per row; '-' is "not observed", '' unanswered. */
const tallied = (sheets: string[][], of = rubric) =>
  tallySheets(
    of,
    sheets.map((given, at) => ({
      seatId: `s${at}`,
      responses: Object.fromEntries(
        rows.map((id, row) => {
          const said = given[row] ?? '';
          return [id, { levelId: levels.includes(said) ? said : null, notObserved: said === '-' }];
        }),
      ),
    })),
  ).criteria;
const decided = (criterionId: string, levelId: string, turn = 1) =>
  ({ criterionId, levelId, kind: 'consensus', turn }) as Decision;

describe('the tally of a panel that talks', () => {
  it('is held back while voices are tied, and open once the row is decided', () => {
    const of = rubricBy('mode');
    const tied = {
      criteria: tallied(
        [
          ['mid', 'high', 'high'],
          ['high', 'high', 'high'],
        ],
        of,
      ),
    };
    expect(tied.criteria[0]).toMatchObject({ needsTalk: false, decision: { why: 'tie' } });
    const facts = { closed: false, published: false, tallyShown: false };
    expect([isTallyOpen(facts, tied, []), isTallyOpen(facts, tied, [decided('a', 'high')])]).toEqual([
      false,
      true,
    ]);
  });
});

describe('the proposal', () => {
  it.each<[string, string[][], Bar, Decision[], TallyPolicy, object]>([
    ['all rows at the bar', [['high', 'top', 'high']], bar, [], 'median-low', { outcome: 'met', missed: [] }],
    ['one below', [['high', 'mid', 'top']], bar, [], 'median-low', { outcome: 'not-yet', missed: ['b'] }],
    [
      'one below, not asked for',
      [['high', 'mid', 'top']],
      { levelId: 'high', criterionIds: ['a', 'c'] },
      [],
      'median-low',
      { outcome: 'met', reached: ['a', 'c'] },
    ],
    [
      'not observed is no miss by itself',
      [['high', '-', 'top']],
      bar,
      [],
      'median-low',
      { outcome: 'met', missed: [], notShown: ['b'] },
    ],
    ['nothing seen', [['-', '-', '']], bar, [], 'median-low', { outcome: null, notShown: rows }],
    [
      'not observed beside a miss',
      [['low', '-', 'top']],
      bar,
      [],
      'median-low',
      { outcome: 'not-yet', missed: ['a'], notShown: ['b'] },
    ],
    [
      'a decision of the panel speaks before the tally',
      [['low', 'high', 'high']],
      bar,
      [decided('a', 'low'), decided('a', 'high', 2)],
      'median-low',
      { outcome: 'met' },
    ],
    [
      'a decision on a row that nobody scored',
      [['-', 'high', 'high']],
      bar,
      [decided('a', 'mid')],
      'median-low',
      { outcome: 'not-yet', missed: ['a'], notShown: [] },
    ],
    [
      'voices that stand for themselves, on both sides',
      [
        ['mid', 'high', 'high'],
        ['high', 'high', 'top'],
      ],
      bar,
      [],
      'voices-only',
      { outcome: null, undecided: ['a'], reached: ['b', 'c'] },
    ],
    [
      'a tie above the bar is above the bar',
      [
        ['high', 'high', 'high'],
        ['top', 'top', 'top'],
      ],
      bar,
      [],
      'mode',
      { outcome: 'met', reached: rows },
    ],
    [
      'a mean is held against the value of the level',
      [
        ['mid', 'high', 'high'],
        ['high', 'high', 'top'],
      ],
      bar,
      [],
      'mean-of-values',
      { outcome: 'not-yet', missed: ['a'], reached: ['b', 'c'] },
    ],
    [
      'a mean that only rounding brings to the bar does not reach it',
      [['mid', 'high', 'high'], ...Array.from({ length: 249 }, () => ['high', 'high', 'high'])],
      bar,
      [],
      'mean-of-values',
      { outcome: 'not-yet', missed: ['a'], reached: ['b', 'c'] },
    ],
  ])('%s', (_name, sheets, asked, decisions, policy, expected) => {
    const of = rubricBy(policy);
    expect(proposeAttainment(of, asked, tallied(sheets, of), decisions)).toMatchObject(expected);
  });

  const said = fc.constantFrom(...levels, '-', '');
  const panel = fc.array(fc.array(said, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 5 });
  const anyBar = fc.record({
    levelId: fc.constantFrom(...levels),
    criterionIds: fc.option(fc.subarray(rows, { minLength: 1 }), { nil: null }),
  });

  it('names each row of the bar once, no other row, and never one as missed that nobody scored', () => {
    fc.assert(
      fc.property(panel, anyBar, (sheets, asked) => {
        const tally = tallied(sheets);
        const { outcome, ...named } = proposeAttainment(rubric, asked, tally);
        expect(Object.values(named).flat().sort()).toEqual(asked.criterionIds ?? rows);
        for (const id of named.missed)
          expect(tally.find((row) => row.criterionId === id)!.scored).toBeGreaterThan(0);
        expect(outcome === 'not-yet').toBe(named.missed.length > 0);
      }),
    );
  });

  it('a lower bar never turns met into not yet, and better marks miss no more', () => {
    fc.assert(
      fc.property(panel, fc.integer({ min: 1, max: 3 }), (sheets, at) => {
        const asked = { levelId: levels[at]!, criterionIds: null };
        const lower = { levelId: levels[at - 1]!, criterionIds: null };
        const better = sheets.map((given) =>
          given.map((one) =>
            levels[Math.min(3, levels.indexOf(one) + 1)] && levels.includes(one)
              ? levels[Math.min(3, levels.indexOf(one) + 1)]!
              : one,
          ),
        );
        const now = proposeAttainment(rubric, asked, tallied(sheets));
        for (const easier of [
          proposeAttainment(rubric, lower, tallied(sheets)),
          proposeAttainment(rubric, asked, tallied(better)),
        ])
          expect(easier.missed.filter((id) => !now.missed.includes(id))).toEqual([]);
      }),
    );
  });
});

describe('what is frozen', () => {
  const by = { personId: 'p', name: 'Amara Okafor' };
  const missedB = proposeAttainment(rubric, bar, tallied([['high', 'mid', 'high']]));
  const settle = (asked: AskedAttainment, of: Bar | null = bar, proposal = of && missedB) =>
    decideAttainment(rubric, of, proposal, asked, by);

  it('the proposal, when nobody says otherwise', () => {
    const proposed = { outcome: 'not-yet', missed: ['b'] };
    expect(settle({ words: ' Show the source. ' })).toMatchObject({
      ...proposed,
      proposed,
      reason: '',
      words: 'Show the source.',
    });
    expect(settle({ outcome: 'not-yet', missed: ['b'], reason: 'typed in vain' })!.reason).toBe('');
    expect(settle({ outcome: 'met', reason: 'Heard afterwards' })).toMatchObject({
      outcome: 'met',
      missed: [],
      proposed,
      reason: 'Heard afterwards',
      byName: 'Amara Okafor',
    });
  });

  it('nothing, where there is no bar and nobody says anything', () => {
    expect(settle({}, null)).toBeNull();
    expect(settle({ outcome: 'none' }, null)).toBeNull();
    expect(settle({ outcome: 'not-yet', missed: ['c', 'a'] }, null)).toMatchObject({
      missed: ['a', 'c'],
      bar: null,
      proposed: null,
    });
  });

  const nothingSeen = proposeAttainment(rubric, bar, tallied([['-', '-', '-']]));
  it.each<[string, () => unknown, string]>([
    ['another outcome without a reason', () => settle({ outcome: 'met' }), 'reason'],
    ['other rows without a reason', () => settle({ outcome: 'not-yet', missed: ['a', 'b'] }), 'reason'],
    ['no row named', () => settle({ outcome: 'not-yet', missed: [], reason: 'So' }), 'missed'],
    ['a row of another rubric', () => settle({ outcome: 'not-yet', missed: ['z'], reason: 'So' }), 'missed'],
    ['a bar, and nothing proposed or said', () => settle({}, bar, nothingSeen), 'outcome'],
    ['a bar, and "neither"', () => settle({ outcome: 'none' }), 'outcome'],
    ['words without an outcome', () => settle({ words: 'Work on it' }, null), 'outcome'],
  ])('is refused: %s', (_name, act, field) => {
    expect(act).toThrow(InvalidInput);
    try {
      act();
    } catch (error) {
      expect((error as InvalidInput).fields.map((each) => each.field)).toEqual([field]);
    }
  });
});

describe('a bar', () => {
  it('keeps the rows in the order of the rubric and refuses what the rubric does not have', () => {
    expect(readBar(rubric, { levelId: 'mid', criterionIds: ['c', 'a', 'a'] })).toEqual({
      levelId: 'mid',
      criterionIds: ['a', 'c'],
    });
    for (const wrong of [
      { levelId: 'none', criterionIds: null },
      { levelId: 'mid', criterionIds: ['z'] },
      { levelId: 'mid', criterionIds: [] },
    ])
      expect(() => readBar(rubric, wrong)).toThrow(InvalidInput);
  });
});
