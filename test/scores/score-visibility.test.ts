/** Who sees the voices of a panel, and what stands before them for everybody else: the seal as one table. */
import { describe, expect, it } from '@jest/globals';
import type { Actor } from '../../server/access/actor.js';
import { scoreVisibilityFor, type PanelFacts, type ScoreVisibility } from '../../server/scores/seal.js';

const anActor = (personId: string, more: Partial<Actor> = {}): Actor => ({
  ...{ personId, schoolId: 'school', networkId: null, name: personId, roles: [], via: 'session' },
  ...{ advisoryIds: [], childIds: [], seatIds: null },
  ...more,
});

const actors = {
  student: anActor('student', { roles: ['student'] }),
  'another student': anActor('other', { roles: ['student'] }),
  guardian: anActor('guardian', { roles: ['guardian'], childIds: ['student'] }),
  "somebody else's guardian": anActor('stranger', { roles: ['guardian'], childIds: ['other'] }),
  advisor: anActor('advisor', { roles: ['advisor'], advisoryIds: ['heron'] }),
  'another advisor': anActor('elsewhere', { roles: ['advisor'], advisoryIds: ['alder'] }),
  registrar: anActor('registrar', { roles: ['registrar'] }),
  panelist: anActor('panelist', { roles: ['panelist'] }),
  'advisor on the panel': anActor('panelist', { roles: ['advisor'], advisoryIds: ['heron'] }),
  'registrar on the panel': anActor('panelist', { roles: ['registrar'] }),
  'admitted guest': anActor('guest', { roles: ['guest'], seatIds: ['guest-seat'], via: 'pass' }),
  'guest of another seat': anActor('guest', { roles: ['guest'], seatIds: ['elsewhere'], via: 'pass' }),
  'guest who waits': anActor('waiting', { roles: ['guest'], seatIds: ['waiting-seat'], via: 'pass' }),
} satisfies Record<string, Actor>;
type Who = keyof typeof actors;

const seats: PanelFacts['seats'] = [
  { id: 'seat', personId: 'panelist', chair: true },
  { id: 'guest-seat', personId: 'guest', chair: false },
  {
    ...{ id: 'waiting-seat', personId: 'waiting', chair: false },
    admission: { askedAt: new Date(0), admittedAt: null } as NonNullable<
      PanelFacts['seats'][number]['admission']
    >,
  },
];
const allIn = new Map(seats.map(({ id }) => [id, 'submitted'] as const));

const aPanel = (more: Partial<PanelFacts> = {}): PanelFacts => ({
  student: { id: 'student', advisoryId: 'heron', guardianIds: ['guardian'] },
  ...{ seats, states: allIn, published: false, revealed: false, closed: false },
  ...more,
});

const outsiders: Who[] = [
  'another student',
  "somebody else's guardian",
  'another advisor',
  'guest of another seat',
];
const family: Who[] = ['student', 'guardian'];
const staff: Who[] = ['advisor', 'registrar'];
const onPanel: Who[] = ['panelist', 'admitted guest', 'advisor on the panel', 'registrar on the panel'];

const moments: [string, PanelFacts, Partial<Record<ScoreVisibility, Who[]>>][] = [
  [
    'while nobody has handed in',
    aPanel({ states: new Map() }),
    {
      'own-sheet-first': [...onPanel, 'guest who waits'],
      open: staff,
      'not-published': family,
      none: outsiders,
    },
  ],
  [
    'while one other sheet is missing',
    aPanel({ states: new Map([['seat', 'submitted']]) }),
    {
      'not-revealed': ['panelist', 'advisor on the panel', 'registrar on the panel'],
      'own-sheet-first': ['admitted guest', 'guest who waits'],
      open: staff,
      'not-published': family,
      none: outsiders,
    },
  ],
  [
    'once all are in, before the reveal',
    aPanel(),
    {
      'not-revealed': onPanel,
      'not-admitted': ['guest who waits'],
      open: staff,
      'not-published': family,
      none: outsiders,
    },
  ],
  [
    'once they are revealed',
    aPanel({ revealed: true }),
    {
      open: [...onPanel, ...staff],
      'not-admitted': ['guest who waits'],
      'not-published': family,
      none: outsiders,
    },
  ],
  [
    'once published, while the exhibition goes on and a sheet is missing',
    aPanel({ revealed: true, published: true, states: new Map([['guest-seat', 'submitted']]) }),
    {
      'own-sheet-first': ['panelist', 'advisor on the panel', 'registrar on the panel', 'guest who waits'],
      open: ['admitted guest', ...staff, ...family],
      none: outsiders,
    },
  ],
  [
    'once published and closed, whoever owes a sheet',
    aPanel({ revealed: true, published: true, closed: true, states: new Map() }),
    { open: [...onPanel, ...staff, ...family], 'not-admitted': ['guest who waits'], none: outsiders },
  ],
  [
    'closed and not published, while a sheet is missing',
    aPanel({ revealed: true, closed: true, states: new Map() }),
    {
      'own-sheet-first': [...onPanel, 'guest who waits'],
      open: staff,
      'not-published': family,
      none: outsiders,
    },
  ],
  [
    "after the panel's access has ended",
    aPanel({ revealed: true, published: true, closed: true, panelEndedAt: new Date(0) }),
    {
      ended: ['panelist', 'admitted guest', 'guest who waits'],
      open: ['advisor on the panel', 'registrar on the panel', ...staff, ...family],
      none: outsiders,
    },
  ],
];

describe.each(moments)('%s', (_moment, facts, expected) => {
  const rows = Object.entries(expected).flatMap(([sight, who]) => who.map((each) => [each, sight] as const));

  it('says something of everybody once', () => {
    expect(rows.map(([who]) => who).sort()).toEqual(Object.keys(actors).sort());
  });

  it.each(rows)('%s: %s', (who, sight) => {
    expect(scoreVisibilityFor(actors[who], facts)).toBe(sight);
  });
});
