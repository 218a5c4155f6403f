/** Each hard rule, once broken and once kept. */
import { describe, expect, it } from '@jest/globals';
import type { Plan, SchedulingProblem } from '../../server/schedule/problem.js';
import { brokenRules, ruleKinds, type RuleKind } from '../../server/schedule/rules.js';
import { connectedness } from '../../server/schedule/connectedness.js';
import { aPanelist, aPresenter, aProblem, aSlot, at } from './problems.js';

const ana = aPresenter('ana', { advisorIds: ['okafor'], guardianIds: ['mother'], mentorIds: ['bent'] });
const ben = aPresenter('ben', { guardianIds: ['mother'], siblingIds: ['ana'] });
const people = [
  ...[aPanelist('okafor'), aPanelist('ruiz'), aPanelist('mother', { pool: null })],
  ...[aPanelist('bent', { pool: 'guest' }), aPanelist('guest', { pool: 'guest' })],
  aPanelist('ben', { pool: 'peer' }),
];
const no = aProblem().panel;
const allow = aProblem().conflicts;
const teacher = (personId: string) => ({ personId, role: 'teacher' as const });

type Case = [RuleKind, Partial<SchedulingProblem>, Plan['slots'], Plan['slots']];
const cases: Case[] = [
  ['not-placed', {}, [], [aSlot('ana')]],
  [
    'room-twice',
    { presenters: [ana, ben] },
    [aSlot('ana'), aSlot('ben', { room: ' LIBRARY', startsAt: at(40) })],
    [aSlot('ana'), aSlot('ben', { startsAt: at(50) })],
  ],
  [
    'room-taken',
    { rooms: [{ name: 'Library', stepFree: true, taken: [{ from: at(30), until: at(60) }] }] },
    [aSlot('ana')],
    [aSlot('ana', { startsAt: at(60) })],
  ],
  [
    'person-twice',
    { presenters: [ana, ben] },
    [
      aSlot('ana', { seats: [{ personId: 'mother', role: 'family' }] }),
      aSlot('ben', { room: 'Studio', seats: [{ personId: 'mother', role: 'family' }] }),
    ],
    [
      aSlot('ana', { seats: [{ personId: 'mother', role: 'family' }] }),
      aSlot('ben', { startsAt: at(60), seats: [{ personId: 'mother', role: 'family' }] }),
    ],
  ],
  [
    'person-away',
    { people: [aPanelist('ruiz', { available: [{ from: at(60), until: at(120) }] })] },
    [aSlot('ana', { seats: [teacher('ruiz')] })],
    [aSlot('ana', { startsAt: at(70), seats: [teacher('ruiz')] })],
  ],
  [
    'person-elsewhere',
    { people: [aPanelist('ruiz', { taken: [{ from: at(0), until: at(30) }] })] },
    [aSlot('ana', { seats: [teacher('ruiz')] })],
    [aSlot('ana', { startsAt: at(30), seats: [teacher('ruiz')] })],
  ],
  [
    'own-panel',
    {},
    [aSlot('ana', { seats: [{ personId: 'ana', role: 'peer' }] })],
    [aSlot('ana', { seats: [{ personId: 'ben', role: 'peer' }] })],
  ],
  [
    'advisor-missing',
    { panel: { ...no, advisor: 'must' } },
    [aSlot('ana', { seats: [{ personId: 'ruiz', role: 'advisor' }] })],
    [aSlot('ana', { seats: [{ personId: 'okafor', role: 'advisor' }] })],
  ],
  [
    'family-missing',
    { conflicts: { ...allow, relative: 'demand' } },
    [aSlot('ana')],
    [aSlot('ana', { seats: [{ personId: 'mother', role: 'family' }] })],
  ],
  [
    'mentor-missing',
    { panel: { ...no, mentor: 'where-known' } },
    [aSlot('ana')],
    [aSlot('ana', { seats: [{ personId: 'bent', role: 'mentor' }] })],
  ],
  [
    'teachers-short',
    { panel: { ...no, advisor: 'must', teachers: 1 } },
    [aSlot('ana', { seats: [{ personId: 'okafor', role: 'advisor' }] })],
    [aSlot('ana', { seats: [{ personId: 'okafor', role: 'advisor' }, teacher('ruiz')] })],
  ],
  [
    'peers-short',
    { panel: { ...no, peers: 1 } },
    [aSlot('ana')],
    [aSlot('ana', { seats: [{ personId: 'ben', role: 'peer' }] })],
  ],
  [
    'guests-short',
    { panel: { ...no, guests: 2 } },
    [aSlot('ana', { seats: [{ personId: 'guest', role: 'guest' }] })],
    [
      aSlot('ana', {
        seats: [
          { personId: 'guest', role: 'guest' },
          { personId: 'bent', role: 'guest' },
        ],
      }),
    ],
  ],
  [
    'advisor-forbidden',
    { conflicts: { ...allow, advisor: 'forbid' } },
    [aSlot('ana', { seats: [teacher('okafor')] })],
    [aSlot('ana', { seats: [teacher('ruiz')] })],
  ],
  [
    'relative-forbidden',
    { presenters: [ben], conflicts: { ...allow, relative: 'forbid' } },
    [aSlot('ben', { seats: [{ personId: 'ana', role: 'peer' }] })],
    [aSlot('ben', { seats: [teacher('ruiz')] })],
  ],
  [
    'mentor-forbidden',
    { conflicts: { ...allow, mentor: 'forbid' } },
    [aSlot('ana', { seats: [{ personId: 'bent', role: 'guest' }] })],
    [aSlot('ana', { seats: [{ personId: 'guest', role: 'guest' }] })],
  ],
  [
    'interpreter-missing',
    {
      presenters: [{ ...ana, interpreter: 'es' }],
      people: [aPanelist('ruiz', { speaks: ['es'] }), aPanelist('okafor')],
    },
    [aSlot('ana', { seats: [teacher('ruiz'), teacher('okafor')] })],
    [aSlot('ana', { seats: [teacher('ruiz')] })],
  ],
  [
    'steps',
    {
      rooms: [
        { name: 'Library', stepFree: false, taken: [] },
        { name: 'Hall', stepFree: true, taken: [] },
      ],
      people: [aPanelist('ruiz', { stepFree: true })],
    },
    [aSlot('ana', { seats: [teacher('ruiz')] })],
    [aSlot('ana', { room: 'Hall', seats: [teacher('ruiz')] })],
  ],
  [
    'too-many-panels',
    { presenters: [ana, ben], maxPanels: 3, people: [aPanelist('ruiz', { most: 1 }), aPanelist('okafor')] },
    [
      aSlot('ana', { seats: [teacher('ruiz')] }),
      aSlot('ben', { startsAt: at(60), seats: [teacher('ruiz')] }),
    ],
    [
      aSlot('ana', { seats: [teacher('ruiz')] }),
      aSlot('ben', { startsAt: at(60), seats: [teacher('okafor')] }),
    ],
  ],
  [
    'declared-conflict',
    { people: [aPanelist('ruiz', { conflictIds: ['ana'] }), aPanelist('okafor')] },
    [aSlot('ana', { seats: [teacher('ruiz')] })],
    [aSlot('ana', { seats: [teacher('okafor')] })],
  ],
];

describe('the hard rules', () => {
  it('are all looked at here', () => {
    expect(cases.map(([kind]) => kind).sort()).toEqual([...ruleKinds].sort());
  });

  it.each(cases)('%s', (kind, more, broken, kept) => {
    const problem = aProblem({ presenters: [ana], people, ...more });
    expect(brokenRules(problem, { slots: broken }).map((rule) => rule.kind)).toContain(kind);
    expect(brokenRules(problem, { slots: kept }).map((rule) => rule.kind)).toEqual([]);
  });

  it('names who, and the slots', () => {
    const slots = [aSlot('ana', { seats: [teacher('ruiz')] }), aSlot('ana', { seats: [teacher('ruiz')] })];
    const found = brokenRules(aProblem({ presenters: [ana], people }), { slots });
    expect(found.filter((rule) => rule.personId === 'ruiz')).toEqual([
      {
        kind: 'person-twice',
        personId: 'ruiz',
        slotIds: slots.map((slot) => slot.id),
        message: 'schedule.broken.person-twice',
        params: { name: 'ruiz' },
      },
    ]);
  });

  it('a demand is nothing to those of whom the records name nobody', () => {
    const problem = aProblem({ presenters: [ben], conflicts: { ...allow, mentor: 'demand' } });
    expect(brokenRules(problem, { slots: [aSlot('ben')] })).toEqual([]);
  });
});

describe('how the raters are linked', () => {
  const slots = [
    aSlot('ana', { seats: [teacher('okafor'), teacher('ruiz')] }),
    aSlot('ben', { room: 'Studio', seats: [teacher('bent'), { personId: 'mother', role: 'family' }] }),
  ];

  it('falls apart where nobody serves in both rooms; family link nothing', () => {
    slots[0]!.seats.push({ personId: 'mother', role: 'family' });
    const found = connectedness({ slots });
    expect(found.connected).toBe(false);
    expect(found.groups.map(({ personIds, rooms }) => ({ personIds, rooms }))).toEqual([
      { personIds: ['okafor', 'ruiz'], rooms: ['Library'] },
      { personIds: ['bent'], rooms: ['Studio'] },
    ]);
  });

  it('holds together by one who serves in both', () => {
    const linked = [...slots, aSlot('cem', { room: 'Studio', seats: [teacher('ruiz'), teacher('bent')] })];
    expect(connectedness({ slots: linked })).toMatchObject({ connected: true, links: ['ruiz'] });
  });
});

describe('a group that presents together', () => {
  const slot = { ...aSlot('ana', { seats: [{ personId: 'mother', role: 'family' }] }), alsoIds: ['cleo'] };
  const cleo = aPresenter('cleo', { guardianIds: ['aunt'] });
  const problem = aProblem({
    presenters: [aPresenter('ana'), cleo],
    people: [...people, aPanelist('aunt', { pool: null })],
    conflicts: { ...allow, relative: 'forbid' },
  });

  it('is bound by the rules of every member', () => {
    const withAunt = { ...slot, seats: [{ personId: 'aunt', role: 'guest' as const }] };
    expect(brokenRules(problem, { slots: [withAunt] }).map(({ kind }) => kind)).toEqual([
      'relative-forbidden',
    ]);
    expect(brokenRules(problem, { slots: [{ ...withAunt, alsoIds: [] }] }).map(({ kind }) => kind)).toEqual([
      'not-placed',
    ]);
  });

  it('needs a room that every member can come into', () => {
    const rooms = [{ name: 'Library', stepFree: false, taken: [] }];
    const kinds = brokenRules(
      { ...problem, presenters: [aPresenter('ana'), { ...cleo, stepFree: true }], rooms },
      { slots: [{ ...slot, seats: [] }] },
    ).map(({ kind }) => kind);
    expect(kinds).toEqual(['steps']);
  });
});
