/** Asks for a term's transcripts: a background job. The same request while it is under way gives the same job. */
import { runsSchool, type Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import { hashOf } from '../canonical.js';
import type { Clock } from '../clock.js';
import type { Config } from '../config.js';
import { inTransaction, isDuplicate, type SchoolScope } from '../db/database.js';
import { InvalidInput } from '../errors.js';
import { isOver, newJob, type Job } from '../jobs/job.js';
import { findJobByKey, saveJob } from '../jobs/job-records.js';
import { listPeopleByIds } from '../people/people-records.js';
import { listEnrolledIds } from '../people/read-enrollments.js';
import { isFormerStudent, requirePermission } from '../people/person.js';
import type { Term } from '../school/school.js';
import { listMissed } from './term-records.js';
import { checkVerifyAddress, verifyAddressOf } from './verify-address.js';

export const transcriptsJob = 'transcripts';

export interface TranscriptsOrder {
  termId: string;
  studentIds: string[];
  again: boolean;
  actor: Pick<Actor, 'personId' | 'name' | 'via'>;
}

/**
 * @throws Conflict `public-url-needed` where its papers would lead nobody here
 * @param input.studentIds everybody enrolled in the term when left out
 * @param input.requestKey what the caller calls this request: the same key never makes a second job
 */
export async function requestTranscripts(
  { clock, config }: { clock: Clock; config: Pick<Config, 'publicUrl' | 'host' | 'port'> },
  scope: SchoolScope,
  actor: Actor,
  input: { term: Term; studentIds: readonly string[] | null; again: boolean; requestKey: string | null },
): Promise<Job> {
  requirePermission(runsSchool(actor));
  await checkVerifyAddress(scope, verifyAddressOf(config));
  const students = await listEnrolledIds(scope, input.term.id, await listMissed(scope, input.term.id));
  const wanted = input.studentIds === null ? students : [...new Set(input.studentIds)];
  const known = new Set(students);
  const others = wanted.filter((id) => !known.has(id));
  // Who left before enrollments were recorded is in no term's list, and can be named.
  const former = others.length > 0 ? (await listPeopleByIds(scope, others)).filter(isFormerStudent) : [];
  if (former.length < others.length) {
    throw new InvalidInput([{ field: 'studentIds', message: 'transcript.problem.student-unknown' }]);
  }
  if (wanted.length === 0) {
    throw new InvalidInput([{ field: 'studentIds', message: 'transcript.problem.nobody' }]);
  }
  const order: TranscriptsOrder = {
    termId: input.term.id,
    studentIds: wanted,
    again: input.again,
    actor: { personId: actor.personId, name: actor.name, via: actor.via },
  };
  const key = input.requestKey ? `asked ${input.requestKey}` : await freeKey(scope, order);
  try {
    return await inTransaction(scope, async (inside) => {
      const asked = { kind: transcriptsJob, key, payload: { ...order }, total: order.studentIds.length };
      const job = await saveJob(inside, newJob(scope, clock, actor, asked));
      const detail = { term: order.termId, students: wanted.length };
      await appendAudit(inside, clock, actor, 'transcript.request', { kind: 'job', id: job.id }, detail);
      return job;
    });
  } catch (error) {
    // The same request has made its job before, and has been written down with it.
    const earlier = isDuplicate(error) ? await findJobByKey(scope, transcriptsJob, key) : null;
    if (!earlier) throw error;
    return earlier;
  }
}

/** Names the content of the request and, once such a job is over, how many were before it. */
async function freeKey(scope: SchoolScope, { termId, studentIds, again }: TranscriptsOrder): Promise<string> {
  const content = hashOf({ termId, studentIds: [...studentIds].sort(), again });
  for (let before = 0; ; before += 1) {
    const key = `${content} ${before}`;
    const earlier = await findJobByKey(scope, transcriptsJob, key);
    if (!earlier || !isOver(earlier)) return key;
  }
}
