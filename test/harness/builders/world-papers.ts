/**
 * The papers of the permission matrix' student: a signed narrative, an issued transcript, and the job that
 * somebody asked for.
 */
import { newId } from '../../../server/ids.js';
import { newJob } from '../../../server/jobs/job.js';
import { saveJob } from '../../../server/jobs/job-records.js';
import { beginNarrative, signNarrative } from '../../../server/narratives/write-narrative.js';
import type { Person } from '../../../server/people/person.js';
import { issueTranscripts } from '../../../server/transcript/issue-transcripts.js';
import { issueNeeds } from '../../../server/transcript/transcripts-job.js';
import { getTerm } from '../../../server/school/school-records.js';
import { withPublicAddress, type TestApp, type TestSchool } from '../start-app.js';
import { actorOf } from './transcript.js';

/** Ids of `narrative` (the advisor's, signed once), `transcript`, `code` and `job` (asked for by the registrar). */
export async function studentPapers(
  app: TestApp,
  home: TestSchool,
  people: { student: Person; advisor: Person; registrar: Person },
): Promise<{ narrative: string; transcript: string; code: string; job: string }> {
  const { context } = app;
  const { student, registrar } = people;
  const advisor = actorOf(people.advisor, { advisoryIds: student.advisoryId ? [student.advisoryId] : [] });
  const begun = { student, termId: home.termId, voice: 'advisor' as const, markdown: 'Words.' };
  const narrative = await beginNarrative(context, home.scope, advisor, begun);
  await signNarrative(context, home.scope, advisor, { student, narrativeId: narrative.id });
  const issued = await issuedTranscript(app, home, people);
  const asked = { kind: 'transcripts', key: newId(), payload: {}, total: 1 };
  const waiting = newJob(home.scope, context.clock, actorOf(registrar), asked);
  const job = await saveJob(home.scope, {
    ...{ ...waiting, state: 'done', progress: { done: 1, total: 1 }, attempts: 1 },
    ...{ startedAt: waiting.createdAt, finishedAt: waiting.createdAt },
  });
  return { narrative: narrative.id, transcript: issued.id, code: issued.code, job: job.id };
}

/** One more transcript of the student, issued by the registrar; the one before is superseded. */
export async function issuedTranscript(
  { context }: TestApp,
  home: TestSchool,
  { student, registrar }: { student: Person; registrar: Person },
): Promise<{ id: string; code: string }> {
  const term = await getTerm(home.scope, home.termId);
  let issued = { id: '', code: '' };
  await issueTranscripts(
    { ...issueNeeds(context), publicAddress: withPublicAddress.environment.PUBLIC_URL },
    home.scope,
    actorOf(registrar),
    { school: home.school, term, students: [student], template: 'standard', jobId: null, again: true },
    {
      issued: ({ transcript }) => {
        issued = transcript;
      },
      failed: (_student, error) => {
        throw error;
      },
    },
  );
  return issued;
}
