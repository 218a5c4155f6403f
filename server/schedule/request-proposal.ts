/** Asks for a timetable: a background job. Asking again while one is being searched gives the same job. */
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, isDuplicate, type SchoolScope } from '../db/database.js';
import { Conflict } from '../errors.js';
import { mayManageExhibitions } from '../exhibitions/exhibition.js';
import { getExhibition } from '../exhibitions/exhibition-records.js';
import { isOver, newJob, type Job } from '../jobs/job.js';
import { findJobByKey, saveJob } from '../jobs/job-records.js';
import { requirePermission } from '../people/person.js';
import { checkPlannable } from './keep-schedule.js';
import { countProposals } from './proposal-records.js';
import { findSchedule } from './schedule-records.js';
import { checkPlanner } from '../exhibitions/planners/planners.js';

export const scheduleJob = 'schedule';

export interface ScheduleOrder {
  exhibitionId: string;
  seed: number;
}

/** @throws Conflict while nothing was decided, for a gallery, and once the exhibition is closed */
export async function requestProposal(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  exhibitionId: string,
): Promise<Job> {
  requirePermission(mayManageExhibitions(actor));
  const exhibition = await getExhibition(scope, exhibitionId);
  checkPlanner(actor, exhibition);
  checkPlannable(exhibition);
  if (!(await findSchedule(scope, exhibitionId))) throw new Conflict('schedule.problem.nothing-decided');
  for (let number = 1 + (await countProposals(scope, exhibitionId)); ; number += 1) {
    const key = `${exhibitionId} ${number}`;
    const before = await findJobByKey(scope, scheduleJob, key);
    if (before && isOver(before)) continue;
    if (before) return before;
    try {
      return await inTransaction(scope, async (inside) => {
        const order: ScheduleOrder = { exhibitionId, seed: number };
        const asked = { kind: scheduleJob, key, payload: { ...order }, total: 100, small: false };
        const job = await saveJob(inside, newJob(scope, clock, actor, asked));
        await appendAudit(
          inside,
          clock,
          actor,
          'schedule.propose',
          { kind: 'job', id: job.id },
          { ...order },
        );
        return job;
      });
    } catch (error) {
      // Somebody asked in the same moment: theirs is the job.
      if (!isDuplicate(error)) throw error;
      number -= 1;
    }
  }
}
