/** What the background worker does for a request of transcripts. */
import type { Config } from '../config.js';
import type { Database } from '../db/database.js';
import type { JobHandler } from '../jobs/run-jobs.js';
import type { Log } from '../log.js';
import { listPeopleByIds } from '../people/people-records.js';
import { findSchool, getTerm } from '../school/school-records.js';
import { CannotPrint } from './cannot-print.js';
import { issueTranscripts, type IssueNeeds } from './issue-transcripts.js';
import { listOpenTranscripts } from './transcript-records.js';
import type { TranscriptsOrder } from './request-transcripts.js';
import { verifyAddressOf } from './verify-address.js';

export const standardTemplate = 'standard';

/** Where issuing finds what it needs: parts of the context. */
export interface IssueSources extends Omit<IssueNeeds, 'publicAddress'> {
  config: Pick<Config, 'publicUrl' | 'host' | 'port'>;
}

export function issueNeeds(sources: IssueSources): IssueNeeds {
  const { storage, printer, templates, texts, rubrics, clock, config } = sources;
  return { storage, printer, templates, texts, rubrics, clock, publicAddress: verifyAddressOf(config) };
}

export function transcriptsJobHandler(sources: IssueSources & { db: Database; log: Log }): JobHandler {
  return async (job, desk) => {
    const order = job.payload as unknown as TranscriptsOrder;
    const [school, term] = await Promise.all([
      findSchool(sources.db, job.schoolId),
      getTerm(desk.scope, order.termId),
    ]);
    // What this job has issued before it was interrupted is left out at once.
    const open = await listOpenTranscripts(desk.scope, term.id, order.studentIds);
    const issued = new Set(
      open.filter((each) => each.state === 'issued' && each.jobId === job.id).map((each) => each.studentId),
    );
    const left = order.studentIds.filter((id) => !issued.has(id));
    const students = await listPeopleByIds(desk.scope, left);
    const total = order.studentIds.length;
    let done = total - students.length;
    await issueTranscripts(
      issueNeeds(sources),
      desk.scope,
      order.actor,
      { school: school!, term, students, template: standardTemplate, jobId: job.id, again: order.again },
      {
        signal: desk.signal,
        issued: () => desk.progress((done += 1), total),
        failed: async (student, error) => {
          sources.log.error(
            { err: error, student: student.id, job: job.id },
            'a transcript could not be issued',
          );
          if (error instanceof CannotPrint) await desk.problem(student.displayName, error.key, error.params);
          else await desk.problem(student.displayName, 'transcript.problem.not-printed');
          await desk.progress((done += 1), total);
        },
      },
    );
    return { href: `/terms/${term.id}/transcripts` };
  };
}
