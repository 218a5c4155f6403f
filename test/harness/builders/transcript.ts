/**
 * A cohort that is ready for its transcripts: published results, signed narratives, and everybody who may or
 * may not read them.
 */
import { randomUUID } from 'node:crypto';
import type { Actor } from '../../../server/access/actor.js';
import { appendAudits } from '../../../server/audit/append-audit.js';
import { saveExhibition } from '../../../server/exhibitions/exhibition-records.js';
import { beginNarrative, signNarrative } from '../../../server/narratives/write-narrative.js';
import { saveAdvisory } from '../../../server/people/people-records.js';
import type { Person } from '../../../server/people/person.js';
import { resultHash, type FrozenSheet, type Result } from '../../../server/results/result.js';
import { saveResults } from '../../../server/results/result-records.js';
import { tallySheets } from '../../../server/results/tally.js';
import type { Client } from '../client.js';
import type { TestApp, TestSchool } from '../start-app.js';
import { at, dayFromNow } from '../test-clock.js';
import { advisorText, studentText } from './narrative-texts.js';

export interface TestCohort {
  home: TestSchool;
  students: Person[];
  advisor: Person;
  guardian: Person;
  registrar: Person;
  otherStudent: Person;
  as(who: 'student' | 'advisor' | 'guardian' | 'registrar' | 'otherStudent'): Promise<Client>;
}

const defaultNames = ['Amina Warsame-Okonkwo', 'محمد عبد الرحمن', '王小明', 'ደስታ ኃይሌ'];

export const actorOf = (person: Person, more: Partial<Actor> = {}): Actor => ({
  personId: person.id,
  schoolId: person.schoolId,
  networkId: null,
  name: person.displayName,
  roles: person.roles,
  advisoryIds: [],
  childIds: [],
  seatIds: null,
  via: 'session',
  ...more,
});

/** @param options.names one student each; the first one signs in as `student` and has the guardian */
export async function aCohort(app: TestApp, options: { names?: string[] } = {}): Promise<TestCohort> {
  const home = await app.aSchool();
  const mark = randomUUID().slice(0, 8);
  // One session per person: signing in is rate limited.
  const sessions = new Map<string, Promise<Client>>();
  const mailOf = (who: string) => `${who}.${mark}@test.example`;
  const remembered = (who: string) => {
    const known = sessions.get(who) ?? app.as(mailOf(who));
    sessions.set(who, known);
    return known;
  };
  const advisor = await home.person({
    name: 'Marisol Quintanilla',
    roles: ['advisor'],
    email: mailOf('advisor'),
  });
  const advisoryId = randomUUID();
  await saveAdvisory(home.scope, {
    id: advisoryId,
    schoolId: home.school.id,
    slug: `cedar-${mark}`,
    name: 'Cedar',
    advisorIds: [advisor.id],
  });
  const guardian = await home.person({
    name: 'Hodan Warsame',
    roles: ['guardian'],
    email: mailOf('guardian'),
  });
  const registrar = await home.person({
    name: 'Ruth Abernathy',
    roles: ['registrar'],
    email: mailOf('registrar'),
  });
  const otherStudent = await home.person({
    name: 'Yonas Tesfaye',
    roles: ['student'],
    email: mailOf('otherStudent'),
  });
  const students: Person[] = [];
  for (const [index, name] of (options.names ?? defaultNames).entries()) {
    students.push(
      await home.person({
        name,
        roles: ['student'],
        advisoryId,
        grade: '11',
        guardianIds: index === 0 ? [guardian.id] : [],
        ...(index === 0 ? { email: mailOf('student') } : {}),
      }),
    );
  }
  await publishResults(app, home, students, registrar);
  for (const student of students) await signBoth(app, home, student, advisor, advisoryId);
  return { home, students, advisor, guardian, registrar, otherStudent, as: remembered };
}

async function publishResults(
  app: TestApp,
  home: TestSchool,
  students: Person[],
  registrar: Person,
): Promise<void> {
  const { rubric, hash } = app.context.rubrics.bySlug('learning-goals');
  const startsAt = at('09:00', dayFromNow(-60));
  const exhibitionId = randomUUID();
  await saveExhibition(home.scope, {
    id: exhibitionId,
    schoolId: home.school.id,
    termId: home.termId,
    slug: `spring-${exhibitionId.slice(0, 8)}`,
    title: 'Spring exhibition',
    format: 'panel',
    rubric: { slug: rubric.slug, hash },
    phase: 'closed',
    startsAt,
    place: 'Library',
    slotMinutes: 50,
    createdAt: startsAt,
    createdBy: registrar.id,
  });
  const panelists = ['Zoë Vandenbroucke', 'Jun Sato', 'Ada Kowalski'];
  const results = students.map((student, of) => {
    const sheets = panelists.map((panelistName, voice): FrozenSheet => ({
      seatId: randomUUID(),
      panelistId: randomUUID(),
      panelistName,
      role: voice === 0 ? ('mentor' as const) : ('teacher' as const),
      chair: voice === 1,
      responses: Object.fromEntries(
        rubric.criteria.slice(0, -1).map((criterion, row) => [
          criterion.id,
          {
            levelId: rubric.levels[(row + of + (voice === 2 ? 1 : 0)) % rubric.levels.length]!.id,
            notObserved: false,
            comment: '',
            notes: {},
          },
        ]),
      ),
      overallComment: '',
      submittedAt: startsAt,
      hash: 'f'.repeat(64),
    }));
    const content: Omit<Result, 'hash'> = {
      id: randomUUID(),
      schoolId: home.school.id,
      studentId: student.id,
      exhibitionId,
      termId: home.termId,
      rubric: { slug: rubric.slug, hash },
      tally: tallySheets(rubric, sheets),
      sheets,
      slot: { startsAt, minutes: 50, room: 'Room 2', attempt: 1, exhibitionTitle: 'Spring exhibition' },
      voices: 'named',
      publishedAt: startsAt,
      publishedBy: registrar.id,
    };
    return { ...content, hash: resultHash(content) };
  });
  await saveResults(home.scope, results);
  await appendAudits(
    home.scope,
    app.context.clock,
    actorOf(registrar),
    'results.publish',
    results.map(({ id, hash }) => ({ subject: { kind: 'result', id }, detail: { hash } })),
  );
}

async function signBoth(
  app: TestApp,
  home: TestSchool,
  student: Person,
  advisor: Person,
  advisoryId: string,
) {
  const writers = [
    {
      actor: actorOf(advisor, { advisoryIds: [advisoryId] }),
      voice: 'advisor' as const,
      markdown: advisorText,
    },
    { actor: actorOf(student), voice: 'student' as const, markdown: studentText },
  ];
  for (const { actor, voice, markdown } of writers) {
    const begun = { student, termId: home.termId, voice, markdown };
    const narrative = await beginNarrative(app.context, home.scope, actor, begun);
    await signNarrative(app.context, home.scope, actor, { student, narrativeId: narrative.id });
  }
}

export interface JobBody {
  id: string;
  state: string;
  progress: { done: number; total: number };
  problems: { subject: string; words: string }[];
  result: { href: string } | null;
}

/** Waits until the job has come to its end. */
export async function jobDone(client: Client, jobId: string, seconds = 60): Promise<JobBody> {
  const until = performance.now() + seconds * 1000;
  for (;;) {
    const job = (await client.get(`/jobs/${jobId}`)).json<JobBody>();
    if (job.state === 'done' || job.state === 'failed') return job;
    if (performance.now() > until)
      throw new Error(`The job is still ${job.state} after ${seconds} s: ${JSON.stringify(job.progress)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Asks for the transcripts of the cohort's term and waits for them. */
export async function issueAll(cohort: TestCohort, body: object = {}): Promise<JobBody> {
  const registrar = await cohort.as('registrar');
  const answer = await registrar.post(`/terms/${cohort.home.termId}/transcripts`, body);
  if (answer.status !== 202) throw new Error(`${answer.status} ${answer.text}`);
  return jobDone(registrar, answer.json<{ jobId: string }>().jobId);
}
