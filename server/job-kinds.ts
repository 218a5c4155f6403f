/** The kinds of background jobs, and what each does. */
import { exhibitionPorts, familyPorts } from './ports.js';
import type { Context } from './context.js';
import { erasureJobHandler } from './erasure/erasure-job.js';
import { erasureJob } from './erasure/request-erasure.js';
import { askForHandovers } from './handover/ask-handover.js';
import { handoverJob, handoverJobHandler } from './handover/copy-record.js';
import { startJobRunner, type JobKind, type JobRunner, type JobRunnerOptions } from './jobs/run-jobs.js';
import { rosterJob, rosterPreviewJob } from './people/request-import.js';
import { rosterJobHandler } from './people/roster-job.js';
import { scheduleJob } from './schedule/request-proposal.js';
import { scheduleJobHandler } from './schedule/schedule-job.js';
import { isNamed } from './transcript/find-naming.js';
import { transcriptsJob } from './transcript/request-transcripts.js';
import { transcriptsJobHandler } from './transcript/transcripts-job.js';

/**
 * What background jobs do. Transcripts have one place for a batch and one for the single transcript that
 * somebody waits for; a timetable keeps a core busy by itself.
 */
export function jobKinds(context: Context): Record<string, JobKind> {
  const { clock } = context;
  const roster = rosterJobHandler({
    ...context,
    ...familyPorts,
    isNamed,
    askForHandovers: (scope, actor, asks) => askForHandovers({ clock }, scope, actor, asks),
  });
  return {
    [transcriptsJob]: { run: transcriptsJobHandler(context), atOnce: 2, yields: true },
    [rosterJob]: { run: roster, atOnce: 2, onePerSchool: true, apart: true },
    [rosterPreviewJob]: { run: roster, atOnce: 2, apart: true },
    [handoverJob]: { run: handoverJobHandler(context), atOnce: 2, yields: true },
    [erasureJob]: { run: erasureJobHandler(context), atOnce: 2, onePerSchool: true, yields: true },
    [scheduleJob]: { run: scheduleJobHandler({ ...exhibitionPorts, clock }), atOnce: 1 },
  };
}

/** The background work of this process. @param workApart for large jobs, where the process can do that */
export const startJobs = (context: Context, workApart?: JobRunnerOptions['workApart']): JobRunner =>
  startJobRunner({ ...context, kinds: jobKinds(context), ...(workApart ? { workApart } : {}) });
