/** Why there can be no timetable: each reason is named with those for whom the rule cannot hold. */
import { describe, expect, it } from '@jest/globals';
import { compile } from '../../server/schedule/compile.js';
import { whyImpossible, type ReasonKind } from '../../server/schedule/impossible.js';
import { matching } from '../../server/schedule/matching.js';
import type { SchedulingProblem } from '../../server/schedule/problem.js';
import { aPanelist, aPresenter, aProblem, at } from './problems.js';

const no = aProblem().panel;
const early = [{ from: at(0), until: at(60) }];
const many = (count: number, more: Parameters<typeof aPresenter>[1] = {}) =>
  Array.from({ length: count }, (_each, n) => aPresenter(`student ${n}`, more));

const cases: [ReasonKind, string[], Partial<SchedulingProblem>][] = [
  ['no-advisor', ['ana'], { presenters: [aPresenter('ana')], panel: { ...no, advisor: 'must' } }],
  [
    'no-family',
    ['ana'],
    { presenters: [aPresenter('ana', { guardianIds: ['left'] })], panel: { ...no, family: 'must' } },
  ],
  [
    'no-mentor',
    ['ana'],
    {
      presenters: [aPresenter('ana', { mentorIds: ['bent'] })],
      people: [aPanelist('bent', { pool: 'guest' })],
      panel: { ...no, mentor: 'must' },
      conflicts: { advisor: 'allow', relative: 'allow', mentor: 'forbid' },
    },
  ],
  [
    'teachers-few',
    ['ana'],
    { presenters: [aPresenter('ana')], people: [aPanelist('ruiz')], panel: { ...no, teachers: 2 } },
  ],
  [
    'no-interpreter',
    ['ana'],
    {
      presenters: [aPresenter('ana', { interpreter: 'Somali' })],
      people: [aPanelist('ruiz', { interprets: ['Spanish'] })],
      panel: { ...no, teachers: 1 },
    },
  ],
  ['no-step-free-room', ['ana'], { presenters: [aPresenter('ana', { stepFree: true })] }],
  ['no-time', ['ana'], { presenters: [aPresenter('ana', { available: [{ from: at(10), until: at(50) }] })] }],
  [
    'no-room-then',
    ['ana'],
    {
      presenters: [aPresenter('ana', { available: early })],
      rooms: [{ name: 'Library', stepFree: false, taken: early }],
    },
  ],
  [
    'rooms-taken',
    ['ana', 'bo'],
    {
      presenters: [aPresenter('ana'), aPresenter('bo')],
      rooms: [{ name: 'Library', stepFree: false, taken: [{ from: at(-600), until: at(6000) }] }],
    },
  ],
  [
    'no-common-time',
    ['ana', 'mother'],
    {
      presenters: [aPresenter('ana', { guardianIds: ['mother'], available: early })],
      people: [aPanelist('mother', { pool: null, available: [{ from: at(60), until: at(200) }] })],
      panel: { ...no, family: 'must' },
    },
  ],
  [
    'times-few',
    ['student 0', 'student 1', 'student 2'],
    { presenters: [...many(3, { available: early }), aPresenter('ana')] },
  ],
  [
    'person-times-few',
    ['okafor'],
    {
      presenters: many(4, { advisorIds: ['okafor'] }),
      people: [aPanelist('okafor'), aPanelist('ruiz')],
      panel: { ...no, advisor: 'must' },
    },
  ],
  [
    'person-most',
    ['okafor'],
    {
      presenters: many(2, { advisorIds: ['okafor'] }),
      people: [aPanelist('okafor', { most: 1 }), aPanelist('ruiz')],
      panel: { ...no, advisor: 'must' },
    },
  ],
  [
    'pool-most',
    [],
    {
      presenters: many(3),
      people: [aPanelist('ruiz'), aPanelist('lund')],
      panel: { ...no, teachers: 1 },
      maxPanels: 1,
    },
  ],
  [
    'panels-few',
    [],
    { presenters: many(4), people: [aPanelist('ruiz'), aPanelist('lund')], panel: { ...no, teachers: 2 } },
  ],
];

describe('why there can be no timetable', () => {
  it.each(cases)('%s, of %j', (kind, personIds, more) => {
    const found = whyImpossible(compile(aProblem(more)));
    expect(found.map((each) => ({ kind: each.kind, personIds: each.personIds }))).toEqual([
      { kind, personIds },
    ]);
  });

  it('says nothing where counting proves nothing', () => {
    expect(whyImpossible(compile(aProblem({ presenters: many(6) })))).toEqual([]);
  });
});

describe('a matching', () => {
  it('moves others on to make place', () => {
    expect(matching([[0, 1], [0], [1, 2]], [1, 1, 1]).size).toBe(3);
  });
  it('names all who have no place but those that are too few', () => {
    const { size, tooMany, theirPlaces } = matching([[0, 1], [0], [2, 3], [1], [0, 1]], [1, 1, 1, 1]);
    expect({ size, tooMany, theirPlaces: theirPlaces.sort() }).toEqual({
      size: 3,
      tooMany: [0, 1, 3, 4],
      theirPlaces: [0, 1],
    });
  });
});
