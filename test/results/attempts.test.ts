/** Which of several attempts counts: pure rules. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { standingsOf, type Attempt, type AttemptChoice } from '../../server/results/attempts.js';

const anAttempt = (
  id: string,
  attempt: number,
  outcome: 'met' | 'not-yet' | null = null,
  missed = 1,
  more: Partial<Attempt> = {},
): Attempt => ({
  id,
  studentId: 'ana',
  exhibitionId: 'fall',
  slot: { attempt, startsAt: new Date(attempt * 1000) },
  ...(outcome
    ? { attainment: { outcome, missed: outcome === 'met' ? [] : Array<string>(missed).fill('row') } }
    : {}),
  ...more,
});
const aChoice = (slotId: string | null, turn = 1, more: Partial<AttemptChoice> = {}): AttemptChoice => ({
  ...{ id: `c${turn}`, schoolId: 's', studentId: 'ana', exhibitionId: 'fall', slotId, reason: 'So', turn },
  ...{ at: new Date(0), chosenBy: 'p', chosenByName: 'P', ...more },
});
const counting = (...given: Parameters<typeof standingsOf>) =>
  [...standingsOf(...given)].filter(([, standing]) => standing.counts).map(([id, { by }]) => `${id} ${by}`);

describe('the attempt that counts', () => {
  const [first, second, third] = [
    anAttempt('1', 1, 'met'),
    anAttempt('2', 2, 'not-yet', 2),
    anAttempt('3', 3, 'not-yet', 1),
  ];
  it.each<[string, Attempt[], 'latest' | 'best', AttemptChoice[], string[]]>([
    ['is the only one', [first], 'latest', [], ['1 only']],
    ['is the latest', [third, first, second], 'latest', [], ['3 latest']],
    ['is the one that met the bar', [first, second, third], 'best', [], ['1 best']],
    ['is the one that missed fewer rows', [second, third], 'best', [], ['3 best']],
    ['is the latest of equals', [anAttempt('1', 1), anAttempt('2', 2)], 'best', [], ['2 best']],
    ['is the one somebody chose', [first, second, third], 'latest', [aChoice('2')], ['2 choice']],
    [
      'follows the latest choice',
      [first, second],
      'latest',
      [aChoice('2', 1), aChoice('1', 2)],
      ['1 choice'],
    ],
    [
      'is the rule’s again after a choice was given back',
      [first, second],
      'latest',
      [aChoice('1', 1), aChoice(null, 2)],
      ['2 latest'],
    ],
    [
      'passes over a choice of what is not published',
      [first, second],
      'latest',
      [aChoice('9')],
      ['2 latest'],
    ],
    [
      'does not follow the choice of another exhibition',
      [first, second],
      'latest',
      [aChoice('1', 1, { exhibitionId: 'spring' })],
      ['2 latest'],
    ],
  ])('%s', (_name, attempts, rule, choices, expected) => {
    expect(counting(attempts, rule, choices)).toEqual(expected);
  });

  it('attempts in another exhibition belong to the first one; other students and exhibitions stand apart', () => {
    const elsewhere = anAttempt('2', 2, 'met', 0, {
      exhibitionId: 'retakes',
      slot: { attempt: 2, startsAt: new Date(9), attemptOf: 'fall' },
    });
    const other = anAttempt('3', 1, null, 0, { studentId: 'ben' });
    const spring = anAttempt('4', 1, null, 0, { exhibitionId: 'spring' });
    const given = [anAttempt('1', 1, 'not-yet'), elsewhere, other, spring];
    expect(counting(given, 'latest', []).sort()).toEqual(['2 latest', '3 only', '4 only']);
    expect(
      standingsOf(given, 'latest', [])
        .get('1')!
        .attempts.map(({ id }) => id),
    ).toEqual(['1', '2']);
  });

  it('of each student and exhibition exactly one counts, whatever the order in which they come', () => {
    const attempts = fc.uniqueArray(
      fc.record({
        student: fc.constantFrom('ana', 'ben'),
        exhibition: fc.constantFrom('fall', 'spring'),
        attempt: fc.integer({ min: 1, max: 4 }),
        outcome: fc.constantFrom('met', 'not-yet', null),
        missed: fc.integer({ min: 1, max: 3 }),
      }),
      { selector: ({ student, exhibition, attempt }) => `${student} ${exhibition} ${attempt}`, minLength: 1 },
    );
    fc.assert(
      fc.property(attempts, fc.constantFrom('latest', 'best'), fc.integer(), (drawn, rule, seed) => {
        const given = drawn.map(({ student, exhibition, attempt, outcome, missed }) =>
          anAttempt(`${student}-${exhibition}-${attempt}`, attempt, outcome, missed, {
            studentId: student,
            exhibitionId: exhibition,
          }),
        );
        const shuffled = [...given].sort((a, b) => ((a.id.length * seed) % 7) - ((b.id.length * seed) % 7));
        const standing = standingsOf(given, rule, []);
        expect([...standingsOf(shuffled, rule, []).entries()].sort()).toEqual([...standing.entries()].sort());
        const chains = new Set(given.map(({ studentId, exhibitionId }) => `${studentId} ${exhibitionId}`));
        const counted = given.filter(({ id }) => standing.get(id)!.counts);
        expect(new Set(counted.map(({ studentId, exhibitionId }) => `${studentId} ${exhibitionId}`))).toEqual(
          chains,
        );
        expect(counted).toHaveLength(chains.size);
        if (rule === 'best')
          for (const one of counted)
            if (one.attainment?.outcome !== 'met')
              expect(standing.get(one.id)!.attempts.some((each) => each.attainment?.outcome === 'met')).toBe(
                false,
              );
      }),
    );
  });
});
