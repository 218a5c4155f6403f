/**
 * The solver against every plan there is, on small timetables; and on a large one that it keeps every rule
 * and its own word.
 */
import { describe, expect, it } from '@jest/globals';
import { anneal } from '../../server/schedule/anneal.js';
import { compile } from '../../server/schedule/compile.js';
import type { SchedulingProblem } from '../../server/schedule/problem.js';
import { randomFrom } from '../../server/schedule/random.js';
import { brokenRules } from '../../server/schedule/rules.js';
import { solve } from '../../server/schedule/solve.js';
import { connectedness } from '../../server/schedule/connectedness.js';
import { aBigSchool } from './big-school.js';
import { bruteForce } from './brute-force.js';
import { aPanelist, aPresenter, aProblem, aSlot, at } from './problems.js';

/** Two or three students, two rooms, up to three times, a handful of people with moods. */
function aSmallProblem(seed: number): SchedulingProblem {
  const chance = randomFrom(seed);
  const sometimes = (share: number) => chance.next() < share;
  const pick = <T>(list: readonly T[]): T => list[chance.below(list.length)]!;
  const hours = () =>
    sometimes(0.3) ? [{ from: at(pick([0, 60])), until: at(pick([60, 120, 180])) }] : null;
  const people = [
    ...['okafor', 'ruiz', 'lund', 'sato'].map((id) =>
      aPanelist(id, {
        available: hours(),
        most: sometimes(0.2) ? 1 : null,
        conflictIds: sometimes(0.2) ? ['student 1'] : [],
        interprets: sometimes(0.3) ? ['Spanish'] : [],
        speaks: sometimes(0.4) ? ['Spanish'] : [],
        stepFree: sometimes(0.1),
      }),
    ),
    ...['guest one', 'guest two'].map((id) => aPanelist(id, { pool: 'guest', available: hours() })),
    aPanelist('mother', { pool: null, available: hours() }),
    aPanelist('father', { pool: null, available: hours() }),
  ];
  const presenters = Array.from({ length: 2 + chance.below(2) }, (_each, n) =>
    aPresenter(`student ${n}`, {
      advisorIds: [pick(['okafor', 'ruiz'])],
      guardianIds: n < 2 ? ['mother'] : ['father'],
      siblingIds: n < 2 ? [`student ${1 - n}`] : [],
      mentorIds: sometimes(0.5) ? ['guest one'] : [],
      interpreter: sometimes(0.3) ? 'Spanish' : null,
      stepFree: sometimes(0.2),
    }),
  );
  const standing = sometimes(0.3)
    ? [
        {
          ...aSlot('student 0', {
            startsAt: at(pick([0, 30])),
            seats: [{ personId: 'lund', role: 'teacher' as const }],
          }),
          begun: true,
        },
      ]
    : [];
  return aProblem({
    rooms: ['Library', 'Studio'].map((name) => ({ name, stepFree: sometimes(0.6), taken: [] })),
    times: aProblem().times.slice(0, 2 + chance.below(2)),
    presenters,
    people,
    standing,
    maxPanels: sometimes(0.3) ? 2 : null,
    together: sometimes(0.4) ? [['student 0', 'student 1']] : [],
    panel: {
      ...{
        advisor: pick(['no', 'must', 'where-known', 'wish']),
        mentor: pick(['no', 'wish', 'where-known']),
      },
      ...{ family: pick(['no', 'wish', 'must']), teachers: 1, peers: 0, guests: chance.below(2) },
    },
    conflicts: {
      ...{ advisor: 'allow', relative: pick(['allow', 'forbid']) },
      mentor: pick(['allow', 'allow', 'demand']),
    },
  });
}

const seeds = Array.from({ length: 60 }, (_each, n) => n + 1);

describe('small timetables', () => {
  const told = new Map<string, number>();
  it.each(seeds)('seed %i costs what the best of all plans costs', (seed) => {
    const problem = aSmallProblem(seed);
    if (problem.panel.family !== 'no') problem.conflicts.relative = 'allow';
    const { cost } = bruteForce(problem);
    const found = solve(problem, { seed, moves: 4000 });
    told.set(found.state, (told.get(found.state) ?? 0) + 1);
    expect({ state: found.state, cost: found.cost?.total ?? null, proven: found.proven }).toEqual({
      state: cost === null ? 'impossible' : 'planned',
      cost,
      proven: true,
    });
    if (cost === null) expect(found.reasons.length).toBeGreaterThan(0);
    else expect(found.bound).toBe(cost);
  });

  it('were of both kinds', () => {
    expect(told.get('planned')).toBeGreaterThan(15);
    expect(told.get('impossible')).toBeGreaterThan(5);
  });
});

describe('limits and wishes', () => {
  const students = [0, 1, 2, 3].map((n) => aPresenter(`student ${n}`, { advisorIds: ['okafor'] }));
  const times = [0, 60, 120, 180].map((start) => ({ startsAt: at(start), minutes: 50 }));
  const teachers = ['okafor', 'ruiz', 'lund'].map((id) => aPanelist(id));
  const panel = { ...aProblem().panel, teachers: 1 };
  const solved = (more: Partial<SchedulingProblem>) =>
    solve(aProblem({ presenters: students, people: teachers, times, panel, ...more }), {
      seed: 1,
      moves: 20_000,
    });
  const panelsOf = (found: ReturnType<typeof solve>, id: string) =>
    found.slots.filter((slot) => slot.seats.some((seat) => seat.personId === id));

  it('nobody sits on more panels than the school or they themselves want', () => {
    const people = [aPanelist('okafor', { most: 1 }), aPanelist('ruiz'), aPanelist('lund')];
    const found = solved({ people, maxPanels: 2 });
    expect(found.state).toBe('planned');
    expect(panelsOf(found, 'okafor').length).toBeLessThanOrEqual(1);
    for (const { id } of people) expect(panelsOf(found, id).length).toBeLessThanOrEqual(2);
  });

  it('nobody hears whom they declared a conflict with', () => {
    const people = teachers.map((each) => ({
      ...each,
      conflictIds: each.id === 'lund' ? [] : ['student 2'],
    }));
    const found = solved({ people });
    expect(found.slots.find(({ studentId }) => studentId === 'student 2')!.seats).toMatchObject([
      { personId: 'lund' },
    ]);
  });

  it('the advisor sits there where it can be, and is no reason to refuse where it cannot', () => {
    const wish = { ...panel, advisor: 'wish' as const };
    const all = solved({ panel: wish });
    expect(all.cost?.missedWishes).toBe(0);
    expect(panelsOf(all, 'okafor')).toHaveLength(4);
    const people = [
      aPanelist('okafor', { available: [{ from: at(0), until: at(115) }] }),
      ...teachers.slice(1),
    ];
    const some = solved({ panel: wish, people });
    expect(some.state).toBe('planned');
    expect(some.cost?.missedWishes).toBe(2);
    expect(panelsOf(some, 'okafor')).toHaveLength(2);
  });

  it('those who belong together present one right after another', () => {
    const found = solved({ together: [['student 0', 'student 3']], rooms: [aProblem().rooms[0]!] });
    const [a, b] = ['student 0', 'student 3'].map(
      (id) => found.slots.find(({ studentId }) => studentId === id)!.startsAt,
    );
    expect(Math.abs(a! - b!)).toBe(60 * 60_000);
    expect(found.cost?.apart).toBe(0);
  });

  it('nobody waits between two panels where it can be avoided', () => {
    const found = solved({ people: teachers, maxPanels: 2, rooms: [aProblem().rooms[0]!] });
    expect(found.cost?.idle).toBe(0);
  });
});

describe('a school day', () => {
  const size = { students: 40, rooms: 5, panelists: 30 };

  it('keeps every rule, hangs together, is the same for the same seed, and costs at least its bound', () => {
    const problem = aBigSchool(5, size);
    const found = solve(problem, { seed: 3, moves: 60_000 });
    expect(found.state).toBe('planned');
    expect(brokenRules(problem, found)).toEqual([]);
    expect(connectedness(found).connected).toBe(true);
    expect(found.cost!.total).toBeGreaterThanOrEqual(found.bound!);
    expect(solve(problem, { seed: 3, moves: 60_000 })).toEqual(found);
  });

  it('counts as it goes what the plan costs in the end', () => {
    const problem = aBigSchool(6, size);
    const found = anneal(compile(problem), randomFrom(4), { moves: 20_000, told: () => false });
    const { cost } = solve(problem, { seed: 4, moves: 20_000 });
    expect(found.hard).toBe(0);
    expect(cost!.total).toBe(found.soft);
  });

  it('plans round what stands, and touches nothing of it', () => {
    const problem = aBigSchool(5, size);
    const begun = {
      ...aSlot('student 1', { room: 'Room 2', startsAt: at(30), minutes: 70 }),
      ...{ seats: [{ personId: 'panelist 9', role: 'teacher' as const }], begun: true },
    };
    const half = { ...aSlot('student 2', { room: 'Room 3', startsAt: at(60), seats: [] }), begun: false };
    const found = solve({ ...problem, standing: [begun, half] }, { seed: 3, moves: 60_000 });
    expect(found.state).toBe('planned');
    expect({ ...found.slots.find((slot) => slot.id === begun.id), begun: true }).toEqual(begun);
    const filled = found.slots.find((slot) => slot.id === half.id)!;
    expect(filled).toMatchObject({ room: 'Room 3', startsAt: at(60) });
    expect(filled.seats.map((seat) => seat.role).sort()).toEqual(['advisor', 'guest', 'teacher']);
  });

  it('gives nobody of a group that stands another time', () => {
    const problem = aBigSchool(5, size);
    const group = {
      ...aSlot('student 1', { room: 'Room 2', startsAt: at(30) }),
      ...{ alsoIds: ['student 2', 'student 3'], begun: false },
    };
    const found = solve({ ...problem, standing: [group] }, { seed: 3, moves: 60_000 });
    expect(found.state).toBe('planned');
    expect(found.slots).toHaveLength(size.students - 2);
    for (const student of ['student 2', 'student 3'])
      expect(found.slots.filter((slot) => slot.studentId === student)).toEqual([]);
    expect(found.slots.find((slot) => slot.id === group.id)?.alsoIds).toEqual(['student 2', 'student 3']);
    expect(brokenRules(problem, found).filter(({ kind }) => kind === 'not-placed')).toEqual([]);
  });

  it('tells how far it is and stops when told to', () => {
    const shares: number[] = [];
    const told = (share: number) => shares.push(share) >= 3;
    solve(aBigSchool(5, size), { seed: 1, moves: 200_000, told });
    expect(shares.length).toBeLessThan(6);
    expect([...shares].sort((a, b) => a - b)).toEqual(shares);
  });
});
