/** Two schools of a network, a student of the first one with a record, and everybody who may or may not read it. */
import { randomUUID } from 'node:crypto';
import { createAccount } from '../../../server/access/sign-in.js';
import { handoverJobHandler } from '../../../server/handover/copy-record.js';
import { newId } from '../../../server/ids.js';
import { getJob } from '../../../server/jobs/job-records.js';
import { saveNetwork, saveSchoolChange } from '../../../server/school/school-records.js';
import type { Person } from '../../../server/people/person.js';
import type { Client } from '../client.js';
import { testPassword, type TestApp, type TestSchool } from '../start-app.js';
import { anArtifact } from './artifacts.js';
import { aSnapshot } from './portfolio.js';
import { aCohort, type TestCohort } from './transcript.js';

export interface TestMove {
  networkId: string;
  cohort: TestCohort;
  north: TestSchool;
  south: TestSchool;
  student: Person;
  /** Shown in a submitted portfolio, and never shown. */
  works: { shown: string; hidden: string };
  office: { north: Client; south: Client };
  mail: { south: string; network: string };
}

/** A network with staff. */
export async function aNetwork(app: TestApp, email: string): Promise<string> {
  const id = newId();
  await saveNetwork(app.context.db, { id, slug: `net-${id.slice(0, 8)}`, name: 'Rivers' });
  await createAccount({ db: app.context.db }, app.context.clock, {
    ...{ email, personId: newId(), schoolId: null, networkId: id, name: 'Nia Network' },
    password: testPassword,
  });
  return id;
}

export async function aMove(app: TestApp): Promise<TestMove> {
  const mark = randomUUID().slice(0, 8);
  const mail = { south: `south.${mark}@move.example`, network: `network.${mark}@move.example` };
  const networkId = await aNetwork(app, mail.network);
  const cohort = await aCohort(app, { names: ['Amina Warsame-Okonkwo'] });
  const north = cohort.home;
  await saveSchoolChange(north.scope, { networkId, name: `North ${mark}` });
  const south = await app.aSchool({ name: `South ${mark}`, networkId });
  await south.person({ name: 'Sam Office', roles: ['registrar'], email: mail.south });
  const student = cohort.students[0]!;
  const shown = await anArtifact(app, north, { studentId: student.id, title: 'A chair of one sheet' });
  await aSnapshot(app, north, {
    ...{ studentId: student.id, artifactIds: [shown.artifact.id], reflection: 'I measured twice.' },
  });
  const hidden = await anArtifact(app, north, {
    ...{ studentId: student.id, title: 'A draft', text: 'Nobody has seen this yet.' },
  });
  return {
    ...{ networkId, cohort, north, south, student, mail },
    works: { shown: shown.artifact.id, hidden: hidden.artifact.id },
    office: { north: await cohort.as('registrar'), south: await app.as(mail.south) },
  };
}

/** Offers the student of a move; the id of the handover. */
export async function anOffer({ office, student, south }: TestMove): Promise<string> {
  const offered = await office.north.post(`/people/${student.id}/handover`, {
    ...{ schoolId: south.school.id, reason: 'The family moves.' },
  });
  if (offered.status !== 201) throw new Error(`offer: ${offered.status} ${offered.text}`);
  return offered.json<{ id: string }>().id;
}

/** Works on the job of a handover, in an app whose own jobs do not run, until `most` parts are told as done. */
export async function copyRecord(
  app: TestApp,
  { south }: Pick<TestMove, 'south'>,
  jobId: string,
  { most = Infinity, onPart = async () => undefined }: { most?: number; onPart?: () => Promise<void> } = {},
): Promise<void> {
  const stopping = new AbortController();
  const run = handoverJobHandler(app.context);
  let told = 0;
  await run(await getJob(south.scope, jobId), {
    scope: south.scope,
    signal: stopping.signal,
    progress: async () => {
      await onPart();
      told += 1;
      if (told >= most) stopping.abort('lost');
    },
    problem: async (subject, message) => {
      throw new Error(`${subject}: ${message}`);
    },
  });
}
