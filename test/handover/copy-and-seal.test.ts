/** Copying that is broken off or done twice, answers at the same moment, sealing, and schools that hand over nobody. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkSchool } from '../../server/cli/check-school.js';
import { saveSlotSnapshot } from '../../server/exhibitions/slots/slot-records.js';
import { listParts } from '../../server/handover/earlier-part-records.js';
import { gatherRecord } from '../../server/handover/gather-record.js';
import { findHandover, listOpenHandoversOf } from '../../server/handover/handover-records.js';
import { planMerge } from '../../server/merge/plan-merge.js';
import { matchRoster } from '../../server/people/compare-roster.js';
import { sealStudent } from '../../server/people/hand-over-student.js';
import { findPerson, listAllPeople, savePersonChange } from '../../server/people/people-records.js';
import { listNewestSnapshots } from '../../server/portfolio/portfolio-records.js';
import { saveSchoolChange } from '../../server/school/school-records.js';
import { aMove, anOffer, copyRecord, type TestMove } from '../harness/builders/handover.js';
import { aPresentation } from '../harness/builders/presentation.js';
import { issuedTranscript } from '../harness/builders/world-papers.js';
import type { Client } from '../harness/client.js';
import { testDatabaseUri } from '../harness/services.js';
import { startApp, type TestApp, type TestSchool } from '../harness/start-app.js';

let app: TestApp;
let other: TestApp;
beforeAll(async () => {
  app = await startApp({ purpose: 'copying', jobs: false });
  // A second instance beside it.
  other = await startApp({ databaseUri: testDatabaseUri('copying'), jobs: false });
});
afterAll(async () => {
  await other.close();
  await app.close();
});

const holds = async ({ scope }: TestSchool) =>
  (await checkSchool({ storage: app.context.storage, files: true }, scope)).problems;
const accept = (client: Client, id: string) => client.post(`/handovers/${id}/accept`);

const copy = (move: TestMove, jobId: string, most = Infinity) => copyRecord(app, move, jobId, { most });

async function accepted(move: TestMove): Promise<{ id: string; jobId: string; studentId: string }> {
  const id = await anOffer(move);
  const answer = await accept(move.office.south, id);
  expect(answer.status).toBe(202);
  return { id, ...answer.json<{ jobId: string; studentId: string }>() };
}

const completed = async ({ scope, school }: TestSchool): Promise<number> => {
  await app.context.audit.settle(school.id);
  const entries = app.context.db.connection.collection('auditentries');
  return entries.countDocuments({ schoolId: scope.schoolId, act: 'handover.complete' });
};

describe('copying the record', () => {
  it('goes on where it was broken off, and makes one copy when two workers copy at once', async () => {
    const move = await aMove(app);
    const { id, jobId, studentId } = await accepted(move);
    await copy(move, jobId, 2);
    const begun = await listParts(move.south.scope, studentId);
    expect(begun).toHaveLength(2);
    expect((await findHandover(move.south.scope, id))!.state).toBe('accepted');
    await Promise.all([copy(move, jobId), copy(move, jobId)]);
    const parts = await listParts(move.south.scope, studentId);
    const sources = await gatherRecord(
      app.context.rubrics,
      move.north.scope,
      (await findHandover(move.south.scope, id))!,
    );
    expect(parts.map(({ kind, sourceId }) => `${kind} ${sourceId}`).sort()).toEqual(
      sources.map(({ kind, sourceId }) => `${kind} ${sourceId}`).sort(),
    );
    expect(parts).toEqual(expect.arrayContaining(begun));
    expect((await findHandover(move.south.scope, id))!.state).toBe('copied');
    expect([await completed(move.north), await completed(move.south)]).toEqual([1, 1]);
    expect([await holds(move.north), await holds(move.south)]).toEqual([[], []]);
  });
});

describe('a student whose record is still being copied', () => {
  it('is neither merged nor moved on before the copy is whole', async () => {
    const move = await aMove(app);
    const { id, jobId, studentId } = await accepted(move);
    const { scope } = move.south;
    expect((await listOpenHandoversOf(scope, studentId)).map((each) => each.id)).toEqual([id]);
    const double = await move.south.person({ name: move.student.displayName, roles: ['student'] });
    const obstacles = async () =>
      (await planMerge(scope, double.id, studentId)).obstacles.map(({ kind }) => kind);
    expect(await obstacles()).toContain('handover');
    const onward = { schoolId: move.north.school.id, reason: '' };
    expect((await move.office.south.post(`/people/${studentId}/handover`, onward)).status).toBe(409);
    await copy(move, jobId);
    expect(await obstacles()).not.toContain('handover');
  });
});

describe('whoever was erased', () => {
  it('is no candidate for a student who arrives, and is not taken as one', async () => {
    const move = await aMove(app);
    const { south, student, office } = move;
    const gone = await south.person({ name: student.displayName, roles: ['student'] });
    const id = await anOffer(move);
    const candidates = async () =>
      (await office.south.get(`/handovers/${id}`))
        .json<{ candidates: { value: string }[] }>()
        .candidates.map(({ value }) => value);
    expect(await candidates()).toContain(gone.id);
    await savePersonChange(south.scope, gone.id, { erasedAt: app.context.clock.now() });
    expect(await candidates()).not.toContain(gone.id);
    const refused = await office.south.post(`/handovers/${id}/accept`, { personId: gone.id });
    expect(refused.status).toBe(422);
  });
});

describe('a student who moves on', () => {
  it('takes along what the first school made, and a take-down there reaches it in the third', async () => {
    const move = await aMove(app);
    const { jobId, studentId } = await accepted(move);
    await copy(move, jobId);
    const third = await app.aSchool({ name: 'Third', networkId: move.networkId });
    await third.person({ name: 'Tia', roles: ['registrar'], email: 'tia@third.example' });
    const tia = await app.as('tia@third.example');
    const start = await move.office.south.post(`/people/${studentId}/handover`, {
      schoolId: third.school.id,
    });
    const next = (await accept(tia, start.json<{ id: string }>().id)).json<{
      jobId: string;
      studentId: string;
    }>();
    await copy({ ...move, south: third }, next.jobId);
    const page = (await tia.get(`/students/${next.studentId}`)).json<{
      earlier: { school: string; groups: { kind: string; items: { href: string }[] }[] }[];
    }>();
    expect(page.earlier.map(({ school, groups }) => [school, groups.length])).toEqual([
      [move.south.school.name, 0],
      [expect.stringMatching(/^North/), 4],
    ]);
    const files = async () =>
      Promise.all(
        page.earlier[1]!.groups.find(({ kind }) => kind === 'work')!.items.map(
          async ({ href }) => (await tia.get(`${href}/file`)).status,
        ),
      );
    expect((await files()).sort()).toEqual([200, 404]);
    const down = await move.office.north.post(`/artifacts/${move.works.shown}/take-down`, {
      reason: 'privacy',
    });
    expect(down.status).toBe(200);
    expect(await files()).toEqual([404, 404]);
    expect([await holds(move.north), await holds(move.south), await holds(third)]).toEqual([[], [], []]);
  });
});

describe('answers at the same moment', () => {
  it('accept a student once, on two instances', async () => {
    const move = await aMove(app);
    const id = await anOffer(move);
    const there = await other.as(move.mail.south);
    const answers = await Promise.all([accept(move.office.south, id), accept(there, id), accept(there, id)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409]);
    const named = (await listAllPeople(move.south.scope)).filter(
      ({ displayName }) => displayName === move.student.displayName,
    );
    expect(named).toHaveLength(1);
  });

  it('either accept or take back, never both', async () => {
    const move = await aMove(app);
    const id = await anOffer(move);
    const [yes, back] = await Promise.all([
      accept(await other.as(move.mail.south), id),
      move.office.north.post(`/handovers/${id}/take-back`),
    ]);
    expect([
      [202, 409],
      [409, 200],
    ]).toContainEqual([yes.status, back.status]);
    const { state } = (await findHandover(move.north.scope, id))!;
    expect(state).toBe(yes.status === 202 ? 'accepted' : 'taken-back');
    const { active } = (await findPerson(move.north.scope, move.student.id))!;
    expect(active).toBe(yes.status !== 202);
  });

  it('offer a student to one school', async () => {
    const move = await aMove(app);
    const second = await app.aSchool({ networkId: move.networkId });
    const offer = (client: Client, schoolId: string) =>
      client.post(`/people/${move.student.id}/handover`, { schoolId, reason: '' });
    const answers = await Promise.all([
      offer(move.office.north, move.south.school.id),
      offer(move.office.north, second.school.id),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
  });
});

/** A presentation that the student's advisor scores, with what was submitted before the panel. */
async function aScoredSlot({ north, cohort, student }: TestMove): Promise<{ slot: string; seat: string }> {
  const { ids } = await aPresentation(app, north, student, cohort.advisor, 'scoring');
  const [snapshot] = await listNewestSnapshots(north.scope, [student.id], north.termId);
  await saveSlotSnapshot(north.scope, ids.slot, snapshot!.id);
  return ids;
}

describe('a network that seals', () => {
  it('leaves the old school what verification needs, and refuses every page of the student with the reason', async () => {
    const move = await aMove(app);
    const { student, cohort, north } = move;
    const transcript = await issuedTranscript(app, north, { student, registrar: cohort.registrar });
    const network = await app.as(move.mail.network);
    expect((await network.put('/network/policies', { handoverRule: 'sealed' })).status).toBe(200);
    const scored = await aScoredSlot(move);
    const page = (await move.office.north.get(`/students/${student.id}`)).json<{
      narratives: { items: { href: string }[] };
      portfolios: { items: { href: string }[] };
    }>();
    const paths = [
      ...[`/students/${student.id}`, `/people/${student.id}`, `/people/${student.id}/guardians`],
      ...[`/people/${student.id}/enrollments`, `/people/${student.id}/names`],
      ...[`/artifacts/${move.works.shown}`, `/artifacts/${move.works.shown}/file`],
      ...[
        `/students/${student.id}/artifacts`,
        `/students/${student.id}/plan`,
        `/students/${student.id}/narratives`,
      ],
      ...[`/transcripts/${transcript.id}`, `/transcripts/${transcript.id}.pdf`],
      ...page.narratives.items.map(({ href }) => href),
      ...page.portfolios.items.map(({ href }) => href),
      ...[`/slots/${scored.slot}`, `/slots/${scored.slot}/result`],
    ];
    const ownSheet = `/seats/${scored.seat}/sheet`;
    const advisor = await cohort.as('advisor');
    const { id, jobId, studentId } = await accepted(move);
    const statusOf = async (client: Client, path: string) => [path, (await client.get(path)).status];
    // Until everything is copied the old school keeps it.
    expect(await statusOf(move.office.north, paths[0]!)).toEqual([paths[0], 200]);
    const workOn = async (path: string) => (await advisor.get(path)).json<{ work: unknown }>().work;
    expect(await workOn(ownSheet)).not.toBeNull();
    await copy(move, jobId);
    // What the panelist has written stays theirs; the work is gone.
    expect(await workOn(ownSheet)).toBeNull();
    expect((await advisor.get(`${ownSheet}/review`)).text).not.toContain('I measured twice');
    for (const path of paths) {
      const refused = await move.office.north.get(path);
      expect([path, refused.status, refused.text]).toEqual([
        path,
        403,
        expect.stringContaining(`to ${move.south.school.name}, and your network seals the record`),
      ]);
    }
    const guardian = await cohort.as('guardian');
    expect(await statusOf(guardian, paths[0]!)).toEqual([paths[0], 403]);
    const words = { givenName: 'X', familyName: 'Y', roles: ['student'] };
    expect((await move.office.north.put(`/people/${student.id}`, words)).status).toBe(403);
    expect((await move.office.north.post(`/people/${student.id}/reactivate`)).status).toBe(403);
    const verified = (await app.visitor().get(`/verify/${transcript.code}`)).json<{
      state: string;
      number: string;
    }>();
    expect(verified.state).toBe('issued');
    const list = (await move.office.north.get('/transcripts')).json<{ items: { number: string }[] }>();
    expect(list.items.map(({ number }) => number)).toContain(verified.number);
    expect(
      (await move.office.north.get(`/handovers/${id}`)).json<{ handover: object }>().handover,
    ).toMatchObject({
      sealed: true,
      state: 'copied',
    });
    expect((await move.office.south.get(`/students/${studentId}`)).status).toBe(200);
    expect([await holds(move.north), await holds(move.south)]).toEqual([[], []]);
    const offices = [move.office.north, await cohort.as('advisor'), await app.as(move.mail.south)];
    for (const client of offices)
      expect((await client.put('/network/policies', { handoverRule: 'keeps-reading' })).status).toBe(403);
    // Who comes back is who they were, and the school reads its own record again.
    const back = await move.office.south.post(`/people/${studentId}/handover`, { schoolId: north.school.id });
    const returning = back.json<{ id: string }>().id;
    const shown = (await move.office.north.get(`/handovers/${returning}`)).json<{
      candidates: { value: string }[];
    }>();
    expect(shown.candidates.map(({ value }) => value)).toContain(student.id);
    expect((await accept(move.office.north, returning)).status).toBe(422);
    const again = await move.office.north.post(`/handovers/${returning}/accept`, { personId: student.id });
    expect(again.status).toBe(202);
    await copy({ ...move, south: north }, again.json<{ jobId: string }>().jobId);
    expect(await statusOf(move.office.north, paths[0]!)).toEqual([paths[0], 200]);
    const brought = await listParts(north.scope, student.id);
    expect(brought.map(({ kind, fromSchoolId }) => [kind, fromSchoolId])).toEqual([
      ['profile', move.south.school.id],
    ]);
    expect((await move.office.south.get(`/students/${studentId}`)).status).toBe(403);
    expect((await app.as(student.email!)).cookies.size).toBeGreaterThan(0);
  });
});

describe('a roster of the old school', () => {
  it('changes nothing of a student who is sealed', async () => {
    const known = { ...(await app.aSchool()) };
    const kid = await known.person({ name: 'Kim Kid', roles: ['student'], sourcedId: 'K1' });
    await sealStudent(known.scope, app.context.clock.now(), kid.id);
    const row = {
      ...{
        place: { file: 'a.csv', row: 2 },
        sourcedId: 'K1',
        studentNumber: null,
        givenName: 'Kim',
        familyName: 'New',
      },
      ...{
        displayName: null,
        legalName: null,
        chosen: false,
        email: null,
        roles: ['student' as const],
        grade: '12',
        advisory: null,
      },
      ...{ guardians: null, organisation: null, locale: null, presence: 'here' as const },
    };
    const roster = {
      format: 'csv' as const,
      utf8: true,
      people: [row],
      advisories: [],
      terms: [],
      problems: [],
      ...{ unusable: [], questions: [], columns: null, grades: [], otherSchools: new Map() },
    };
    const plan = await matchRoster(roster, {
      ...{ people: await listAllPeople(known.scope), advisories: [], accounts: new Map() },
      mayChangeAdministrators: true,
    });
    expect(plan.people).toEqual([]);
    expect(plan.problems).toMatchObject([{ row: 2, message: 'people.import.row.handed-over' }]);
  });
});

describe('a school without an open network', () => {
  it('hands over nobody, and a closed school takes nobody', async () => {
    const alone = await app.aSchool();
    await alone.person({ name: 'Rita', roles: ['registrar'], email: 'rita@alone.example' });
    const kid = await alone.person({ name: 'Kim Kid', roles: ['student'] });
    const rita = await app.as('rita@alone.example');
    const move = await aMove(app);
    const offer = { schoolId: move.south.school.id, reason: '' };
    expect((await rita.get(`/people/${kid.id}/handover`)).status).toBe(409);
    expect((await rita.post(`/people/${kid.id}/handover`, offer)).status).toBe(409);
    expect((await rita.get(`/people/${kid.id}`, { as: 'page' })).text).not.toContain('/handover');
    const start = `/people/${move.student.id}/handover`;
    const others: [string, string][] = [
      ['another network’s school', alone.school.id],
      ['the school itself', move.north.school.id],
      ['nobody', 'nothing'],
    ];
    for (const [what, schoolId] of others)
      expect([what, (await move.office.north.post(start, { schoolId })).status]).toEqual([what, 422]);
    const schools = async () =>
      (await move.office.north.get(start)).json<{ schools: { id: string }[] }>().schools.map(({ id }) => id);
    expect(await schools()).toEqual([move.south.school.id]);
    await saveSchoolChange(move.south.scope, { closedAt: app.context.clock.now() });
    expect(await schools()).toEqual([]);
    expect((await move.office.north.post(start, offer)).status).toBe(422);
  });

  it('that closes after an offer still hands over what it has offered', async () => {
    const move = await aMove(app);
    const id = await anOffer(move);
    await saveSchoolChange(move.north.scope, { closedAt: app.context.clock.now() });
    const answer = await accept(move.office.south, id);
    expect(answer.status).toBe(202);
    await copy(move, answer.json<{ jobId: string }>().jobId);
    expect((await findHandover(move.south.scope, id))!.state).toBe('copied');
  });
});
