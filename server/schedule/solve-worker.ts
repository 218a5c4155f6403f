/**
 * The thread in which a timetable is searched, so that the server goes on answering. Knows nothing but the
 * problem it is given.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { SchedulingProblem } from './problem.js';
import { solve, type Solution } from './solve.js';

export interface SolveOrder {
  problem: SchedulingProblem;
  seed: number;
}
export type SolveNews = { share: number } | { solution: Solution };

const { problem, seed } = workerData as SolveOrder;
let told = 0;
const solution = solve(problem, {
  seed,
  told(share) {
    if (share - told >= 0.02) {
      told = share;
      parentPort?.postMessage({ share } satisfies SolveNews);
    }
    return false;
  },
});
parentPort?.postMessage({ solution } satisfies SolveNews);
