/**
 * Small timetables for tests of the rules and of the solver: everybody is free, nothing is demanded, until a
 * test says otherwise.
 */
import {
  minuteMs,
  type Panelist,
  type PlannedSlot,
  type Presenter,
  type SchedulingProblem,
} from '../../server/schedule/problem.js';

export const nine = Date.UTC(2026, 10, 24, 14);
export const at = (minutes: number): number => nine + minutes * minuteMs;

const attendee = (id: string) => ({ id, name: id, available: null, taken: [], stepFree: false });
export const aPresenter = (id: string, more: Partial<Presenter> = {}): Presenter => ({
  ...attendee(id),
  ...{ advisorIds: [], guardianIds: [], siblingIds: [], mentorIds: [], interpreter: null },
  ...more,
});
export const aPanelist = (id: string, more: Partial<Panelist> = {}): Panelist => ({
  ...attendee(id),
  ...{ pool: 'teacher' as const, speaks: [], interprets: [] },
  ...more,
});

export const aProblem = (more: Partial<SchedulingProblem> = {}): SchedulingProblem => ({
  rooms: ['Library', 'Studio'].map((name) => ({ name, stepFree: false, taken: [] })),
  times: [0, 60, 120].map((start) => ({ startsAt: at(start), minutes: 50 })),
  presenters: [],
  people: [],
  panel: { advisor: 'no', family: 'no', mentor: 'no', teachers: 0, peers: 0, guests: 0 },
  conflicts: { advisor: 'allow', relative: 'allow', mentor: 'allow' },
  standing: [],
  ...more,
});

let slots = 0;
export const aSlot = (studentId: string, more: Partial<PlannedSlot> = {}): PlannedSlot => ({
  ...{ id: `slot ${(slots += 1)}`, studentId, room: 'Library', startsAt: at(0), minutes: 50, seats: [] },
  ...more,
});
