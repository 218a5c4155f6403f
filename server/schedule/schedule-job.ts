/** What the background worker does for a request of a timetable: gathers, searches in a thread, keeps the proposal. */
import type { Clock } from '../clock.js';
import { getExhibition } from '../exhibitions/exhibition-records.js';
import type { JobHandler } from '../jobs/run-jobs.js';
import { gatherProblem } from './gather-problem.js';
import { saveProposal } from './proposal-records.js';
import type { ScheduleOrder } from './request-proposal.js';
import { findSchedule } from './schedule-records.js';
import { solveInThread } from './solve-in-thread.js';
import type { ExhibitionPorts } from '../exhibitions/exhibition-ports.js';

export function scheduleJobHandler(needs: ExhibitionPorts & { clock: Clock }): JobHandler {
  return async (job, { scope, signal, progress }) => {
    const { exhibitionId, seed } = job.payload as unknown as ScheduleOrder;
    const exhibition = await getExhibition(scope, exhibitionId);
    const schedule = await findSchedule(scope, exhibitionId);
    const { problem } = await gatherProblem(needs, scope, exhibition, schedule);
    const started = performance.now();
    // Told in order: a later share must not be overtaken by an earlier one.
    let telling: Promise<unknown> = Promise.resolve();
    const solution = await solveInThread({ problem, seed }, signal, (share) => {
      telling = telling.then(() => progress(Math.floor(share * 100), 100)).catch(() => undefined);
    });
    await telling;
    if (!solution) return null;
    const { state, slots, cost, bound, proven, reasons, broken } = solution;
    await saveProposal(scope, {
      ...{ id: job.id, schoolId: job.schoolId, exhibitionId, seed },
      state: state === 'planned' ? 'ready' : state,
      ...{ slots, cost, bound, proven, reasons, broken },
      seconds: (performance.now() - started) / 1000,
      createdAt: needs.clock.now(),
      adoptedAt: null,
    });
    await progress(100, 100);
    return { href: `/exhibitions/${exhibitionId}/schedule/proposals/${job.id}` };
  };
}
