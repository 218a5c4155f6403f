import { describe, expect, it } from '@jest/globals';
import { parseRubric, rubricHash, RubricProblems, type Rubric } from '../../server/rubrics/rubric.js';

type Change = (rubric: Rubric) => unknown;

function aRubricFile(): Rubric {
  return {
    slug: 'small',
    title: 'Small',
    language: 'en',
    levels: [
      { id: 'low', name: 'Low' },
      { id: 'low-high', name: 'Low/High', between: true },
      { id: 'high', name: 'High' },
    ],
    criteria: [{ id: 'clarity', name: 'Clarity', descriptors: { low: 'Dim.', high: 'Bright.' } }],
    tally: { policy: 'median-low', threshold: 1 },
  };
}

function problemsOf(change: Change): string[] {
  const file = structuredClone(aRubricFile());
  const changed = change(file) ?? file;
  try {
    parseRubric(changed, 'small.json');
  } catch (error) {
    if (error instanceof RubricProblems) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('a rubric file is refused with the place and the reason', () => {
  const cases: [string, Change, string][] = [
    ['not an object', () => 'text', 'small.json: the file: Invalid input'],
    ['a missing title', (r) => ({ ...r, title: undefined }), 'small.json: title: Invalid input'],
    ['a misspelt field', (r) => ({ ...r, critera: [] }), 'Unrecognized key: "critera"'],
    ['a slug with a space', (r) => ({ ...r, slug: 'my rubric' }), 'slug: use small letters'],
    ['one level only', (r) => ({ ...r, levels: [r.levels[0]] }), 'small.json: levels: Too small'],
    ['two levels with one id', (r) => void (r.levels[2]!.id = 'low'), 'levels: the id "low" is used twice'],
    [
      'a between-level at the end',
      (r) => void (r.levels[2]!.between = true),
      'levels[2]: a between-level needs a full level on both sides',
    ],
    [
      'falling values',
      (r) => void ((r.levels[0]!.value = 4), (r.levels[2]!.value = 3)),
      'levels: values may repeat but must not fall',
    ],
    [
      'a value on one level only',
      (r) => void (r.levels[0]!.value = 4),
      'levels: either every full level has a value or none has',
    ],
    [
      'two rows with one id',
      (r) => void r.criteria.push(r.criteria[0]!),
      'criteria: the id "clarity" is used twice',
    ],
    [
      'a missing descriptor',
      (r) => void delete r.criteria[0]!.descriptors['high'],
      'criteria[0] (clarity).descriptors: the level "high" has no descriptor',
    ],
    [
      'a descriptor of an unknown level',
      (r) => void (r.criteria[0]!.descriptors['top'] = 'x'),
      'there is no level "top"',
    ],
    [
      'a descriptor of a between-level',
      (r) => void (r.criteria[0]!.descriptors['low-high'] = 'x'),
      'the level "low-high" is not described',
    ],
    [
      'an empty descriptor',
      (r) => void (r.criteria[0]!.descriptors['low'] = '  '),
      'criteria[0].descriptors.low: Too small',
    ],
    [
      'a described level that does not exist',
      (r) => void (r.describedLevels = ['low', 'high', 'top']),
      'describedLevels: there is no level "top"',
    ],
    [
      'an unknown policy',
      (r) => ({ ...r, tally: { policy: 'average', threshold: 1 } }),
      'tally.policy: Invalid option',
    ],
    [
      'a threshold beyond the scale',
      (r) => void (r.tally.threshold = 3),
      'tally.threshold: there are not so many level steps',
    ],
    [
      'a mean without values',
      (r) => void (r.tally.policy = 'mean-of-values'),
      'tally.policy: mean-of-values needs a value on every level',
    ],
    [
      'a share without its policy',
      (r) => void (r.tally.share = 0.7),
      'tally.share: only highest-agreed uses a share',
    ],
    [
      'an unknown part',
      (r) => ({ ...r, criteria: [{ ...r.criteria[0], part: 'sung' }] }),
      'criteria[0].part: Invalid option',
    ],
  ];
  it.each(cases)('%s', (_name, change, expected) => {
    expect(problemsOf(change).join('\n')).toContain(expected);
  });

  it('tells all problems at once', () => {
    expect(problemsOf((r) => void ((r.levels[2]!.id = 'low'), (r.tally.threshold = 9)))).toHaveLength(3);
  });

  it('accepts values that repeat and rise unevenly', () => {
    expect(problemsOf((r) => void ((r.levels[0]!.value = 3), (r.levels[2]!.value = 3)))).toEqual([]);
  });
});

describe('the hash of a rubric', () => {
  const file = aRubricFile();
  it('does not see key order or $schema', () => {
    const turned = Object.fromEntries(Object.entries({ $schema: 'x', ...file }).reverse());
    expect(rubricHash(parseRubric(turned, 'small.json'))).toBe(rubricHash(parseRubric(file, 'small.json')));
  });
  it('sees a changed word of one descriptor', () => {
    const edited = structuredClone(file);
    edited.criteria[0]!.descriptors['low'] = 'Dimmer.';
    expect(rubricHash(edited)).not.toBe(rubricHash(file));
  });
});
