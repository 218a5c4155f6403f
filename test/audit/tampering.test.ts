/**
 * Each way of changing the record past the program, by one plain write to the database, is found; untouched,
 * nothing is.
 */
/* eslint-disable @typescript-eslint/no-unused-vars -- fields are taken out of a document by naming them */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { appendAudit } from '../../server/audit/append-audit.js';
import { listAnchors } from '../../server/audit/audit-anchors.js';
import { erased, frozen } from '../../server/audit/frozen-record.js';
import { hashOf } from '../../server/canonical.js';
import { checkSchool, type RecordProblem } from '../../server/cli/check-school.js';
import { frozenOfVersion, type ArtifactVersion } from '../../server/artifacts/artifact.js';
import { frozenOfVisit, type Visit } from '../../server/visits/visit.js';
import { sheetHash } from '../../server/scores/score-sheet.js';
import { findSheet } from '../../server/scores/score-sheet-records.js';
import { aPanel, fillSheet, type TestPanel } from '../harness/builders/scores.js';
import { temporaryFolder } from '../harness/services.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { decideOn, publishSlot } from '../harness/builders/publishing.js';

let app: TestApp;
const folder = temporaryFolder();
beforeAll(async () => {
  app = await startApp({ dataDir: path.join(folder, 'data') });
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

const collection = (name: string) => app.context.db.connection.collection(name);
const set = (name: string, id: string, fields: object) =>
  collection(name).updateOne({ _id: id as never }, { $set: fields });
const gone = (name: string, id: string) => collection(name).deleteOne({ _id: id as never });
const actor = { personId: 'somebody', via: 'script' as const };
const code = (serial: number) => `K7QF-2MXN-8R${'23456789'[Math.floor(serial / 8)]}${'23456789'[serial % 8]}`;

interface Stage {
  panel: TestPanel;
  schoolId: string;
  sheetId: string;
  transcriptId: string;
  revokedId: string;
  versionId: string;
  visitId: string;
}

let serial = 0;
/** A school with one of every kind, anchored. */
async function aStage(): Promise<Stage> {
  const panel = await aPanel(app, { roles: ['teacher'] });
  const { scope } = panel.home;
  const { schoolId } = scope;
  const clock = app.context.clock;
  const now = clock.now();
  const registrar = await panel.as('registrar');
  const sheetId = panel.seats[0]!.id;
  await fillSheet(await panel.as('panelist-0'), sheetId, ['meeting'], { comment: 'Well argued' });
  const chair = await panel.as('panelist-0');
  const row = (await chair.get(`/seats/${sheetId}/sheet`)).json<{ criteria: { id: string }[] }>()
    .criteria[0]!;
  await decideOn(chair, panel.slotId, {
    ...{ criterionId: row.id, kind: 'consensus', levelId: 'extending', reason: 'We talked' },
  });
  expect((await publishSlot(registrar, panel.slotId)).status).toBe(200);
  const { student } = panel.people;

  const versionId = `version-${schoolId}`;
  const version = {
    ...{
      id: versionId,
      schoolId,
      artifactId: `work-${schoolId}`,
      studentId: student.id,
      number: 1,
      kind: 'text',
    },
    ...{
      file: null,
      url: null,
      text: 'A river',
      sha256: createHash('sha256').update('A river').digest('hex'),
    },
    ...{ createdAt: now, createdBy: student.id },
  } as ArtifactVersion;
  const { id: _version, ...storedVersion } = version;
  await collection('artifactversions').insertOne({ _id: versionId as never, ...storedVersion });
  await appendAudit(
    scope,
    clock,
    actor,
    'artifacts.add',
    { kind: 'artifact', id: version.artifactId },
    {
      ...frozen('work', versionId, frozenOfVersion(version)),
    },
  );

  const visitId = `visit-${schoolId}`;
  const visit = {
    ...{
      id: visitId,
      schoolId,
      exhibitionId: panel.exhibitionId,
      slotId: panel.slotId,
      studentId: student.id,
    },
    ...{ personId: 'guest', name: 'Guest', role: 'guest', rubric: { slug: 'x', hash: 'x' }, feedback: [] },
    ...{ feedbackAt: null, score: { marks: {}, comment: 'Good' }, scoreAt: now, leftAt: now, journal: [] },
    ...{ revision: 1, hidden: null, openedAt: now, until: now },
  } as unknown as Visit;
  const { id: _visit, ...storedVisit } = visit;
  await collection('visits').insertOne({ _id: visitId as never, ...storedVisit });
  await appendAudit(
    scope,
    clock,
    actor,
    'visit.leave',
    { kind: 'visit', id: visitId },
    {
      ...frozen('visit', visitId, frozenOfVisit(visit)),
    },
  );

  const content = { title: 'Rivers', entries: [] };
  const portfolioId = `portfolio-${schoolId}`;
  await collection('portfoliosnapshots').insertOne({
    ...{ _id: `snapshot-${schoolId}` as never, schoolId, portfolioId, studentId: student.id },
    ...{
      termId: panel.home.termId,
      number: 1,
      hash: hashOf(content),
      content,
      submittedAt: now,
      submittedBy: 'x',
    },
  });
  await appendAudit(
    scope,
    clock,
    actor,
    'portfolio.submit',
    { kind: 'portfolio', id: portfolioId },
    {
      ...{ number: 1, hash: hashOf(content) },
    },
  );

  const issue = async (id: string, termId: string) => {
    serial += 1;
    const number = `RB-2026-${String(serial).padStart(6, '0')}`;
    const snapshot = JSON.stringify({
      ...{
        code: code(serial),
        number,
        student: { id: student.id, name: 'Itzel Núñez' },
        term: { name: 'Fall' },
      },
    });
    const snapshotHash = createHash('sha256').update(snapshot).digest('hex');
    await collection('transcripts').insertOne({
      ...{ _id: id as never, schoolId, serial, number, code: code(serial), studentId: student.id },
      ...{ studentName: 'Itzel Núñez', termId, termName: 'Fall', jobId: null, state: 'issued', snapshot },
      ...{
        snapshotHash,
        factsHash: null,
        template: 'standard',
        pageSize: 'letter',
        issuedAt: now,
        issuedBy: 'x',
      },
      ...{ pdf: { key: `${student.id}/${'a'.repeat(64)}`, bytes: 1, sha256: 'a'.repeat(64) } },
      ...{ issuedName: 'Ruth', supersededBy: null, revokedAt: null, reason: null },
    });
    await appendAudit(
      scope,
      clock,
      actor,
      'transcript.issue',
      { kind: 'transcript', id },
      {
        ...{ number, sha256: 'a'.repeat(64), snapshotHash },
      },
    );
  };
  const [transcriptId, revokedId] = [`transcript-${schoolId}`, `revoked-${schoolId}`];
  await issue(transcriptId, panel.home.termId);
  await issue(revokedId, 'another-term');
  const revoked = await registrar.post(`/transcripts/${revokedId}/revoke`, { reason: 'A mistake' });
  expect(revoked.status).toBe(200);
  await app.context.audit.settle(schoolId);
  await app.context.anchors.flush();
  return { panel, schoolId, sheetId, transcriptId, revokedId, versionId, visitId };
}

async function check({ schoolId }: Pick<Stage, 'schoolId'>): Promise<RecordProblem[]> {
  const anchors = await listAnchors(app.context.anchorFiles, schoolId);
  const needs = { storage: app.context.storage, files: false, anchors };
  return (await checkSchool(needs, { db: app.context.db, schoolId })).problems;
}

const entry = (stage: Stage, act: string) => ({ schoolId: stage.schoolId, act });
const told = 'the audit chain names it, and it is gone';
const other = 'its hash is not the one in the audit chain';
const changed = 'it no longer is what its hash was made from';

/** The write, and what must be found: the kind, and a part of the words. */
const table: [name: string, tamper: (stage: Stage) => Promise<unknown>, kind: string, words: string][] = [
  [
    'the last entry of the chain deleted',
    async (stage) => {
      const last = await collection('auditentries').findOne(
        { schoolId: stage.schoolId },
        { sort: { number: -1 } },
      );
      return gone('auditentries', String(last!._id));
    },
    'audit entry',
    'the chain ends here',
  ],
  [
    'the tail deleted and the head set back to what it was then',
    async (stage) => {
      const [last, before] = await collection('auditentries')
        .find({ schoolId: stage.schoolId })
        .sort({ number: -1 })
        .limit(2)
        .toArray();
      await gone('auditentries', String(last!._id));
      return set('auditheads', stage.schoolId, { number: before!['number'], hash: before!['hash'] });
    },
    'audit entry',
    'when it was anchored',
  ],
  [
    'the whole chain deleted',
    (stage) => collection('auditentries').deleteMany({ schoolId: stage.schoolId }),
    'audit entry',
    'the chain is empty',
  ],
  [
    'the whole chain and its head deleted',
    async (stage) => {
      await collection('auditheads').deleteOne({ _id: stage.schoolId as never });
      return collection('auditentries').deleteMany({ schoolId: stage.schoolId });
    },
    'audit entry',
    'when it was anchored',
  ],
  [
    'the head deleted',
    (stage) => collection('auditheads').deleteOne({ _id: stage.schoolId as never }),
    'audit entry',
    'where the chain ends is missing',
  ],
  [
    'an entry in the middle deleted',
    (stage) => collection('auditentries').deleteOne(entry(stage, 'results.publish')),
    'audit entry',
    'is missing before it',
  ],
  [
    'an entry changed',
    (stage) =>
      collection('auditentries').updateOne(entry(stage, 'results.publish'), { $set: { actorId: 'nobody' } }),
    'audit entry',
    'does not hold',
  ],
  [
    'the chain rewritten and rehashed without a key',
    async (stage) => {
      let previousHash = '0'.repeat(64);
      for (const { _id, keyId: _keyId, hash: _hash, schoolId: _school, ...content } of await collection(
        'auditentries',
      )
        .find({ schoolId: stage.schoolId })
        .sort({ number: 1 })
        .toArray()) {
        const next = { ...content, actorId: 'nobody', previousHash };
        const hash = hashOf(next);
        await collection('auditentries').updateOne(
          { _id },
          { $set: { actorId: 'nobody', previousHash, hash }, $unset: { keyId: '' } },
        );
        previousHash = hash;
      }
    },
    'audit entry',
    'another one than when it was anchored',
  ],
  [
    'an entry made up at the end',
    (stage) =>
      collection('auditentries').insertOne({
        ...{
          _id: `forged-${stage.schoolId}` as never,
          schoolId: stage.schoolId,
          number: 9999,
          at: new Date(0),
          actorId: 'x',
          via: 'script',
        },
        ...{
          act: 'test.forged',
          subject: { kind: 'x', id: 'x' },
          detail: {},
          previousHash: '0',
          hash: '0',
          keyId: 'x',
        },
      }),
    'audit entry',
    'missing before it',
  ],
  [
    'an entry that waits made up',
    (stage) =>
      collection('auditpending').insertOne({
        ...{
          _id: `waits-${stage.schoolId}` as never,
          schoolId: stage.schoolId,
          at: new Date(0),
          order: '0',
          actorId: 'x',
          via: 'script',
        },
        ...{ act: 'test.forged', subject: { kind: 'x', id: 'x' }, detail: {}, keyId: 'x', signature: 'x' },
      }),
    'audit entry',
    'nobody signed it',
  ],
  [
    'a submitted snapshot deleted',
    (stage) => gone('portfoliosnapshots', `snapshot-${stage.schoolId}`),
    'portfolio',
    told,
  ],
  [
    'a submitted snapshot rewritten with its own hash',
    (stage) =>
      set('portfoliosnapshots', `snapshot-${stage.schoolId}`, {
        content: { title: 'Lakes' },
        hash: hashOf({ title: 'Lakes' }),
      }),
    'portfolio',
    other,
  ],
  ["a work's version deleted", (stage) => gone('artifactversions', stage.versionId), 'work', told],
  [
    "a work's version rewritten with its own hash",
    (stage) =>
      set('artifactversions', stage.versionId, {
        text: 'A lake',
        sha256: createHash('sha256').update('A lake').digest('hex'),
      }),
    'work',
    other,
  ],
  ['a visit deleted', (stage) => gone('visits', stage.visitId), 'visit', told],
  [
    'a visit changed',
    (stage) => set('visits', stage.visitId, { score: { marks: {}, comment: 'Bad' } }),
    'visit',
    other,
  ],
  ['a score sheet deleted', (stage) => gone('scoresheets', stage.sheetId), 'score sheet', told],
  [
    'a score sheet changed',
    (stage) => set('scoresheets', stage.sheetId, { overallComment: 'Never said' }),
    'score sheet',
    changed,
  ],
  [
    'a score sheet rewritten with its own hash',
    async (stage) => {
      const sheet = (await findSheet(stage.panel.home.scope, stage.sheetId))!;
      const forged = { ...sheet, overallComment: 'Never said' };
      return set('scoresheets', stage.sheetId, {
        overallComment: 'Never said',
        hash: sheetHash(forged, sheet.submittedAt!),
      });
    },
    'score sheet',
    other,
  ],
  [
    'a decision of the panel deleted',
    (stage) => collection('paneldecisions').deleteMany({ schoolId: stage.schoolId }),
    'decision',
    told,
  ],
  [
    'a decision of the panel changed',
    (stage) =>
      collection('paneldecisions').updateMany(
        { schoolId: stage.schoolId },
        { $set: { levelId: 'beginning' } },
      ),
    'decision',
    other,
  ],
  ['a published result deleted', (stage) => gone('results', stage.panel.slotId), 'result', told],
  [
    'a published result changed',
    (stage) => set('results', stage.panel.slotId, { voices: 'named', publishedBy: 'x' }),
    'result',
    changed,
  ],
  [
    'a record added that nobody has made',
    async (stage) => {
      const made = await collection('artifactversions').findOne({ _id: stage.versionId as never });
      return collection('artifactversions').insertOne({
        ...made,
        _id: `added-${stage.schoolId}` as never,
        number: 2,
      });
    },
    'work',
    'has no entry of it',
  ],
  [
    'a revoked transcript set back to issued',
    (stage) => set('transcripts', stage.revokedId, { state: 'issued', revokedAt: null, reason: null }),
    'transcript',
    'the audit chain says "revoked"',
  ],
  [
    "a transcript's name changed",
    (stage) => set('transcripts', stage.transcriptId, { studentName: 'Omar' }),
    'transcript',
    'its name is not the one that was printed',
  ],
  [
    "a transcript's number changed",
    (stage) => set('transcripts', stage.transcriptId, { number: `X-${stage.schoolId}` }),
    'transcript',
    'its number is not the one',
  ],
  ['a transcript deleted', (stage) => gone('transcripts', stage.transcriptId), 'transcript', told],
];

it('nothing is found where nothing was touched', async () => {
  const stage = await aStage();
  expect(await check(stage)).toEqual([]);
});

describe('is found:', () => {
  it.each(table)('%s', async (_name, tamper, kind, words) => {
    const stage = await aStage();
    await tamper(stage);
    const found = await check(stage);
    expect(found).toContainEqual(expect.objectContaining({ kind, problem: expect.stringContaining(words) }));
    await collection('auditpending').deleteMany({ schoolId: stage.schoolId });
  });
});

it('what was removed lawfully is not missed', async () => {
  const stage = await aStage();
  await gone('artifactversions', stage.versionId);
  await appendAudit(
    stage.panel.home.scope,
    app.context.clock,
    actor,
    'artifacts.erase',
    { kind: 'artifact', id: 'x' },
    erased([{ kind: 'work', id: stage.versionId }]),
  );
  expect(await check(stage)).toEqual([]);
});

it('the public page says what the chain says, whatever was written to the database', async () => {
  const stage = await aStage();
  await set('transcripts', stage.revokedId, {
    state: 'issued',
    revokedAt: null,
    reason: null,
    studentName: 'Omar',
  });
  const { code: typed } = (await collection('transcripts').findOne({ _id: stage.revokedId as never }))!;
  const view = (await app.visitor().get(`/verify/${String(typed)}`)).json<{
    state: string;
    student: string;
  }>();
  expect([view.state, view.student]).toEqual(['revoked', 'Itzel Núñez']);
});
