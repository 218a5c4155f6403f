/**
 * Which job comes next: small ones do not wait behind batches, schools take turns, and no kind takes more
 * places than it has.
 */
import { describe, expect, it } from '@jest/globals';
import { chooseJob, jobsThatYield, TURN, type Limits, type OpenJob } from '../../server/jobs/choose-job.js';
import { fromNow } from '../harness/test-clock.js';

const at = (seconds: number) => fromNow({ seconds });

const aJob = (id: string, schoolId: string, more: Partial<OpenJob> & { since?: number } = {}): OpenJob => {
  const { since = 0, ...fields } = more;
  return {
    ...{ id, schoolId, kind: 'print', small: false, state: 'waiting', attempts: 0 },
    ...{ progress: { done: 0, total: 9 }, createdAt: at(since), startedAt: null, lease: null },
    ...fields,
  };
};
const running = (id: string, schoolId: string, startedAt = at(0), more: Partial<OpenJob> = {}) =>
  aJob(id, schoolId, {
    ...{ state: 'running', startedAt, lease: { owner: 'w', until: at(1000) } },
    ...more,
  });

interface Case {
  open: OpenJob[];
  limits?: Limits;
  mine?: string[];
  served?: Record<string, Date>;
  now?: Date;
}
const seen = ({ open, mine = [], served = {}, now = at(10) }: Case) => ({
  ...{ open, mine: new Set(mine), servedAt: new Map(Object.entries(served)), now },
});
const limitsOf = ({ limits = { print: { atOnce: 2, yields: true } } }: Case): Limits => limits;
const one: Limits = { print: { atOnce: 1, yields: true } };

const next: [string, Case, string | null][] = [
  ['nothing where nothing waits', { open: [] }, null],
  ['the oldest of one school', { open: [aJob('b', 'S', { since: 2 }), aJob('a', 'S')] }, 'a'],
  [
    'a small one before an older batch',
    { open: [aJob('a', 'S'), aJob('s', 'S', { since: 9, small: true })] },
    's',
  ],
  [
    'the school that was served least recently',
    { open: [aJob('a', 'A'), aJob('b', 'B', { since: 5 })], served: { A: at(4), B: at(2) } },
    'b',
  ],
  [
    'a school that was never served',
    { open: [aJob('a', 'A'), aJob('b', 'B', { since: 5 })], served: { A: at(4) } },
    'b',
  ],
  [
    'a school that has nothing running elsewhere',
    {
      open: [running('x', 'A'), aJob('a', 'A'), aJob('b', 'B', { since: 5 })],
      served: { A: at(1), B: at(5) },
    },
    'b',
  ],
  [
    'no second batch: its place is for small ones',
    { open: [running('x', 'A'), aJob('b', 'B')], mine: ['x'] },
    null,
  ],
  [
    'a single one beside a batch',
    { open: [running('x', 'A'), aJob('b', 'B'), aJob('s', 'A', { small: true })], mine: ['x'] },
    's',
  ],
  [
    'a batch rather than a second small one, so that it is not starved',
    {
      open: [running('x', 'A', at(0), { small: true }), aJob('b', 'B'), aJob('s', 'A', { small: true })],
      mine: ['x'],
    },
    'b',
  ],
  [
    'a batch that has been overtaken for a minute',
    {
      open: [aJob('b', 'B', { since: -90 }), aJob('s', 'A', { small: true })],
      limits: one,
      served: { A: at(9) },
    },
    'b',
  ],
  ['nothing of a kind that it does not know', { open: [aJob('a', 'A', { kind: 'other' })] }, null],
  ['nothing that is to be stopped', { open: [aJob('a', 'A', { cancelRequestedAt: at(1) })] }, null],
  [
    'what a dead worker has left',
    { open: [running('a', 'A', at(0), { lease: { owner: 'dead', until: at(5) } })] },
    'a',
  ],
  [
    'nothing of a school that has one running of a kind that runs alone',
    { open: [running('x', 'A'), aJob('a', 'A')], limits: { print: { atOnce: 3, onePerSchool: true } } },
    null,
  ],
];

const steppingBack: [string, Case, string[]][] = [
  ['a batch keeps its turn', { open: [running('x', 'A', at(9)), aJob('b', 'B')], mine: ['x'] }, []],
  [
    'a batch that had its turn makes way for another school',
    { open: [running('x', 'A', at(10 - TURN / 1000)), aJob('b', 'B')], mine: ['x'] },
    ['x'],
  ],
  ['not for its own school', { open: [running('x', 'A', at(-60)), aJob('b', 'A')], mine: ['x'] }, []],
  [
    'not for a small one that has a place',
    { open: [running('x', 'A', at(-60)), aJob('s', 'B', { small: true })], mine: ['x'] },
    [],
  ],
  [
    'at once for a small one where there is one place only',
    { open: [running('x', 'A', at(10)), aJob('s', 'A', { small: true })], mine: ['x'], limits: one },
    ['x'],
  ],
  [
    'not where a job cannot go on where it was',
    { open: [running('x', 'A', at(-60)), aJob('b', 'B')], mine: ['x'], limits: { print: { atOnce: 1 } } },
    [],
  ],
  ['not for another instance', { open: [running('x', 'A', at(-60)), aJob('b', 'B')] }, []],
];

describe('the order of jobs', () => {
  it.each(next)('takes up %s', (_name, given, id) => {
    expect(chooseJob(limitsOf(given), seen(given))?.id ?? null).toBe(id);
  });

  it.each(steppingBack)('%s', (_name, given, ids) => {
    expect(jobsThatYield(limitsOf(given), seen(given))).toEqual(ids);
  });

  it('three schools with three batches each are served in turns', () => {
    const batches = ['A', 'B', 'C'].flatMap((school, number) =>
      [0, 1, 2].map((since) => aJob(`${school}${since}`, school, { since: number + since / 10 })),
    );
    const served: Record<string, Date> = {};
    const order: string[] = [];
    for (let turn = 0; batches.length > 0; turn += 1) {
      const job = chooseJob(one, seen({ open: batches, served }))!;
      batches.splice(batches.indexOf(job), 1);
      served[job.schoolId] = at(turn);
      order.push(job.schoolId);
    }
    expect(order.join('')).toBe('ABCABCABC');
  });
});
