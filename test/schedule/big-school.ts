/** A school day as large as schools have them, the same for the same seed: 120 students, 12 rooms, 60 panelists. */
import { minuteMs, type SchedulingProblem } from '../../server/schedule/problem.js';
import { randomFrom } from '../../server/schedule/random.js';
import { aPanelist, aPresenter, aProblem, nine } from './problems.js';

export interface Size {
  students: number;
  rooms: number;
  panelists: number;
  /** Left out: 2 days of 7 presentations. */
  days?: number;
  perDay?: number;
}

export function aBigSchool(
  seed: number,
  { students, rooms, panelists, days = 2, perDay = 7 }: Size,
): SchedulingProblem {
  const chance = randomFrom(seed);
  const advisors = Math.floor(panelists / 5);
  const teachers = Math.floor(panelists / 2);
  const day = 24 * 60 * minuteMs;
  const whichDays = Array.from({ length: days }, (_each, at) => at);
  const times = whichDays.flatMap((at) =>
    Array.from({ length: perDay }, (_each, n) => ({
      startsAt: nine + at * day + n * 60 * minuteMs,
      minutes: 50,
    })),
  );
  const morning = whichDays.map((at) => ({ from: nine + at * day, until: nine + at * day + 230 * minuteMs }));
  const late = whichDays.map((at) => ({
    from: nine + at * day + 235 * minuteMs,
    until: nine + at * day + 12 * 60 * minuteMs,
  }));
  const guardians = Array.from({ length: Math.ceil(students * 0.9) }, (_each, at) =>
    aPanelist(`guardian ${at}`, { pool: null, available: chance.next() < 0.3 ? late : null }),
  );
  const panel = Array.from({ length: panelists }, (_each, at) =>
    aPanelist(`panelist ${at}`, {
      pool: at < advisors + teachers ? 'teacher' : 'guest',
      interprets: at % 9 === 0 ? ['Spanish'] : at % 13 === 0 ? ['Arabic'] : [],
      stepFree: at === advisors + 3,
      available: at >= advisors && chance.next() < 0.2 ? morning : null,
    }),
  );
  const presenters = Array.from({ length: students }, (_each, at) =>
    aPresenter(`student ${at}`, {
      advisorIds: [`panelist ${at % advisors}`],
      guardianIds: [`guardian ${at % guardians.length}`],
      siblingIds: [at + guardians.length, at - guardians.length]
        .filter((other) => other >= 0 && other < students)
        .map((other) => `student ${other}`),
      interpreter: chance.next() < 0.1 ? (chance.next() < 0.7 ? 'Spanish' : 'Arabic') : null,
      stepFree: chance.next() < 0.03,
    }),
  );
  return aProblem({
    rooms: Array.from({ length: rooms }, (_each, at) => ({
      name: `Room ${at + 1}`,
      stepFree: at % 3 === 0,
      taken: [],
    })),
    times,
    presenters,
    people: [...panel, ...guardians],
    panel: { advisor: 'must', family: 'no', mentor: 'no', teachers: 1, peers: 0, guests: 1 },
  });
}
