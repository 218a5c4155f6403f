/** Searches a timetable in a thread of its own. Ends the thread when nobody waits for it any more. */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { projectRoot } from '../project-root.js';
import type { Solution } from './solve.js';
import type { SolveNews, SolveOrder } from './solve-worker.js';

/** The built file: a thread cannot read TypeScript by itself, and tests are run after a build too. */
const workerFile = path.join(projectRoot, '.build/server/schedule/solve-worker.js');

/**
 * @param told how far it is, 0 to 1
 * @returns null when `signal` was aborted first
 */
export function solveInThread(
  order: SolveOrder,
  signal: AbortSignal,
  told: (share: number) => void,
): Promise<Solution | null> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      resolve(null);
      return;
    }
    const worker = new Worker(workerFile, { workerData: order });
    const end = (settle: () => void) => {
      signal.removeEventListener('abort', stop);
      void worker.terminate();
      settle();
    };
    const stop = () => end(() => resolve(null));
    signal.addEventListener('abort', stop);
    worker.on('message', (news: SolveNews) => {
      if ('share' in news) told(news.share);
      else end(() => resolve(news.solution));
    });
    worker.on('error', (error) => end(() => reject(error)));
    worker.on('exit', () => end(() => reject(new Error('the thread ended without a timetable'))));
  });
}
