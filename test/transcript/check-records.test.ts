/** What may never change, changed behind the program's back: the walk finds each, and nothing is built on it. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { Readable } from 'node:stream';
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkSchool } from '../../server/cli/check-school.js';
import { appendAudit } from '../../server/audit/append-audit.js';
import { frozen } from '../../server/audit/frozen-record.js';
import { frozenOfVersion, type ArtifactVersion } from '../../server/artifacts/artifact.js';
import { hashOf } from '../../server/canonical.js';
import { projectRoot } from '../../server/project-root.js';
import { findSheet } from '../../server/scores/score-sheet-records.js';
import { sheetHash } from '../../server/scores/score-sheet.js';
import { storageKey } from '../../storage/storage-key.js';
import { aPanel, fillSheet } from '../harness/builders/scores.js';
import { aCohort, jobDone } from '../harness/builders/transcript.js';
import { chromiumPath, temporaryFolder, testDatabaseUri } from '../harness/services.js';
import { startApp, type TestApp, withPublicAddress } from '../harness/start-app.js';
import { clockOfProcess } from '../harness/test-clock.js';
import { publishSlot } from '../harness/builders/publishing.js';

let app: TestApp;
const folder = temporaryFolder();
beforeAll(async () => {
  app = await startApp({ ...withPublicAddress, dataDir: path.join(folder, 'data') });
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Past the program, as somebody with the database in hand would. */
const tamper = (collection: string, id: string, update: Record<string, unknown>) =>
  app.context.db.connection.collection(collection).updateOne({ _id: id } as never, update);
const check = (schoolId: string, files = true) =>
  checkSchool({ storage: app.context.storage, files }, { db: app.context.db, schoolId });

async function aPublishedPanel() {
  const panel = await aPanel(app, { roles: ['teacher'] });
  await fillSheet(await panel.as('panelist-0'), panel.seats[0]!.id, [null], { comment: 'Well argued' });
  const registrar = await panel.as('registrar');
  return { panel, registrar, sheetId: panel.seats[0]!.id, slotId: panel.slotId };
}

describe('a sealed sheet that was changed', () => {
  it('is not published, and the answer says so', async () => {
    const { panel, registrar, sheetId, slotId } = await aPublishedPanel();
    await tamper('scoresheets', sheetId, { $set: { overallComment: 'Never said' } });
    const reply = await publishSlot(registrar, slotId);
    expect([reply.status, reply.json<{ error: { code: string } }>().error.code]).toEqual([
      500,
      'seal-broken',
    ]);
    expect(
      (await registrar.get(`/slots/${panel.slotId}/result`)).json<{ publishedAt: null }>().publishedAt,
    ).toBeNull();
    expect((await check(panel.home.school.id)).problems.map(({ kind, id }) => [kind, id])).toEqual([
      ['score sheet', sheetId],
    ]);
  });

  it('with a hash made for it is found by the audit chain', async () => {
    const { panel, sheetId } = await aPublishedPanel();
    const sheet = (await findSheet(panel.home.scope, sheetId))!;
    const forged = { ...sheet, overallComment: 'Never said' };
    const hash = sheetHash(forged, sheet.submittedAt!);
    await tamper('scoresheets', sheetId, { $set: { overallComment: 'Never said', hash } });
    const { problems } = await check(panel.home.school.id);
    expect(problems).toEqual([
      { kind: 'score sheet', id: sheetId, problem: 'its hash is not the one in the audit chain' },
    ]);
  });
});

it('a result and an entry of the audit chain that were changed are found', async () => {
  const { panel, registrar, slotId } = await aPublishedPanel();
  expect((await publishSlot(registrar, slotId)).status).toBe(200);
  const before = await check(panel.home.school.id);
  expect([before.problems, before.checked.result, before.checked['score sheet']]).toEqual([[], 1, 1]);
  await tamper('results', panel.slotId, { $set: { voices: 'named', publishedBy: 'somebody-else' } });
  await app.context.audit.settle();
  await app.context.db.connection
    .collection('auditentries')
    .updateOne({ schoolId: panel.home.school.id, act: 'results.publish' }, { $set: { actorId: 'nobody' } });
  const { problems } = await check(panel.home.school.id);
  expect(problems.map(({ kind }) => kind)).toEqual(['audit entry', 'result']);
});

it('what the audit chain names and nobody finds any more is missed', async () => {
  const { panel, registrar, sheetId, slotId } = await aPublishedPanel();
  expect((await publishSlot(registrar, slotId)).status).toBe(200);
  expect((await check(panel.home.school.id)).problems).toEqual([]);
  await tamper('scoresheets', sheetId, { $set: { state: 'draft' } });
  await app.context.db.connection.collection('results').deleteOne({ _id: panel.slotId as never });
  const problem = 'the audit chain names it, and it is gone';
  expect((await check(panel.home.school.id)).problems).toEqual([
    { kind: 'score sheet', id: sheetId, problem },
    { kind: 'result', id: panel.slotId, problem },
  ]);
});

it('works and files: missing, changed, or named by another hash', async () => {
  const { home, students } = await aCohort(app, { names: ['Amina Warsame'] });
  const [student] = students;
  const words = Buffer.from('The river in four seasons');
  const sha256 = (await import('node:crypto')).createHash('sha256').update(words).digest('hex');
  const key = storageKey(student!.id, sha256);
  const version = (id: string, more: object) => ({
    _id: id,
    schoolId: home.school.id,
    artifactId: id,
    studentId: student!.id,
    number: 1,
    kind: 'file',
    file: { key, name: 'river.txt', bytes: words.length, sha256, type: 'text/plain' },
    url: null,
    text: null,
    sha256,
    createdAt: app.context.clock.now(),
    createdBy: student!.id,
    ...more,
  });
  const works = app.context.db.connection.collection('artifactversions');
  await works.insertMany([
    version(`whole-${key}`, {}),
    version(`text-${key}`, { kind: 'text', file: null, text: 'Changed words' }),
  ] as never);
  for (const { _id, ...stored } of await works.find({ schoolId: home.school.id }).toArray()) {
    const id = String(_id);
    const content = frozenOfVersion({ id, ...stored } as unknown as ArtifactVersion);
    const by = { personId: 'x', via: 'script' as const };
    await appendAudit(
      home.scope,
      app.context.clock,
      by,
      'artifacts.add',
      { kind: 'artifact', id },
      {
        ...frozen('work', id, content),
      },
    );
  }
  const missing = await check(home.school.id);
  expect(missing.problems.map(({ kind, problem }) => `${kind}: ${problem}`).sort()).toEqual([
    'file: it is missing',
    'work: it no longer is what its hash was made from',
  ]);
  await app.context.storage.write(key, Readable.from([words]), { type: 'text/plain' });
  expect((await check(home.school.id)).problems.map(({ kind }) => kind)).toEqual(['work']);
  expect((await check(home.school.id, false)).checked.file).toBe(0);
});

describe('npm run check-records', () => {
  async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const env = {
      ...process.env,
      DATA_DIR: path.join(folder, 'data'),
      MONGODB_URI: testDatabaseUri(),
      SECRET_KEY: 'a-secret-for-tests-only-0123456789abcdef',
      PUPPETEER_EXECUTABLE_PATH: chromiumPath(),
      LOG_LEVEL: 'error',
      ...clockOfProcess(),
    };
    delete (env as Record<string, string>)['MONGOD_BINARY'];
    const program = path.join(projectRoot, '.build/server/cli/check-records.js');
    return promisify(execFile)(process.execPath, [program, ...args], { env }).then(
      (done) => ({ code: 0, ...done }),
      (error: { code: number; stdout: string; stderr: string }) => error,
    );
  }

  it('says what holds with exit code 0, what does not with 1, and a wrong call with 2', async () => {
    const { home } = await aCohort(app, { names: ['Amina Warsame'] });
    const slug = home.school.slug;
    const whole = await run('--school', slug, '--json');
    expect([whole.code, whole.stderr]).toEqual([0, '']);
    expect(JSON.parse(whole.stdout)).toMatchObject({ holds: true, schools: 1, problems: [] });

    const narrative = await app.context.db.connection
      .collection('narrativeversions')
      .findOne({ schoolId: home.school.id });
    await tamper('narrativeversions', String(narrative!._id), { $set: { markdown: 'Never signed' } });
    const changed = await run('--school', slug);
    expect([changed.code, changed.stderr]).toEqual([1, expect.stringContaining(`${slug}: narrative`)]);
    const wrong = await run('--everything');
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('npm run check-records')]);
  });
});

it('a transcript whose frozen data were changed is vouched for by nobody', async () => {
  const cohort = await aCohort(app, { names: ['Amina Warsame'] });
  const { home, students } = cohort;
  const id = `t-${students[0]!.id}`;
  const code = 'K7QF-2MXN-8RTD';
  const snapshot = '{"student":{"name":"Amina Warsame"}}';
  await app.context.db.connection.collection('transcripts').insertOne({
    _id: id,
    schoolId: home.school.id,
    serial: 1,
    number: 'RB-2026-000001',
    code,
    studentId: students[0]!.id,
    studentName: 'Amina Warsame',
    termId: home.termId,
    termName: 'Fall',
    jobId: null,
    state: 'issued',
    snapshot,
    snapshotHash: hashOf(JSON.parse(snapshot)),
    factsHash: null,
    template: 'standard',
    pageSize: 'letter',
    pdf: { key: storageKey(students[0]!.id, 'a'.repeat(64)), bytes: 1, sha256: 'a'.repeat(64) },
    issuedAt: app.context.clock.now(),
    issuedBy: 'x',
    issuedName: 'Ruth Abernathy',
    supersededBy: null,
    revokedAt: null,
    reason: null,
  } as never);
  await appendAudit(
    home.scope,
    app.context.clock,
    { personId: 'x', via: 'script' },
    'transcript.issue',
    { kind: 'transcript', id },
    { number: 'RB-2026-000001', sha256: 'a'.repeat(64), snapshotHash: hashOf(JSON.parse(snapshot)) },
  );
  const registrar = await cohort.as('registrar');
  const looks = async () => [
    (await app.visitor().get(`/verify/${code}`)).status,
    (await registrar.get(`/transcripts/${id}`)).status,
  ];
  expect(await looks()).toEqual([200, 200]);
  await tamper('transcripts', id, { $set: { snapshot: snapshot.replace('Amina', 'Omar') } });
  expect(await looks()).toEqual([500, 500]);
});

it('no transcript is issued from a result that was changed', async () => {
  const { panel, registrar, slotId } = await aPublishedPanel();
  expect((await publishSlot(registrar, slotId)).status).toBe(200);
  const { home, people } = panel;
  const transcripts = app.context.db.connection.collection('transcripts');
  const issue = async () => {
    const order = { studentIds: [people.student.id, people.otherStudent.id] };
    const { jobId } = (await registrar.post(`/terms/${home.termId}/transcripts`, order)).json<{
      jobId: string;
    }>();
    return jobDone(registrar, jobId);
  };
  const before = await transcripts.countDocuments({ studentId: people.student.id });
  await tamper('results', slotId, { $set: { publishedBy: 'somebody-else' } });
  expect(await issue()).toMatchObject({
    state: 'done',
    problems: [expect.objectContaining({ subject: people.student.displayName })],
  });
  expect(await transcripts.countDocuments({ studentId: people.student.id })).toBe(before);
  expect(await transcripts.countDocuments({ studentId: people.otherStudent.id, state: 'issued' })).toBe(1);
  await tamper('results', slotId, { $set: { publishedBy: people.registrar.id } });
  expect((await issue()).problems).toEqual([]);
  expect(await transcripts.countDocuments({ studentId: people.student.id, state: 'issued' })).toBe(1);
});
