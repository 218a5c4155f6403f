/**
 * Two records of one person become one, and nothing that was scored, sealed, signed, submitted or published is lost.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sweepLateRecords } from '../../server/merge/late-records.js';
import { listParts, savePart } from '../../server/handover/earlier-part-records.js';
import { frozenOfPart, hashOfPart } from '../../server/handover/earlier-record.js';
import { appendAudit } from '../../server/audit/append-audit.js';
import { frozen } from '../../server/audit/frozen-record.js';
import { checkSchool } from '../../server/cli/check-school.js';
import { beginNarrative, signNarrative } from '../../server/narratives/write-narrative.js';
import { getPerson } from '../../server/people/people-records.js';
import { listSealedAfter } from '../../server/scores/score-sheet-records.js';
import { aMove, anOffer } from '../harness/builders/handover.js';
import { actorOf, jobDone } from '../harness/builders/transcript.js';
import { issuedTranscript } from '../harness/builders/world-papers.js';
import { twins, type Twins } from '../harness/builders/twins.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { publishSlot } from '../harness/builders/publishing.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const check = async ({ home }: Twins) =>
  (await checkSchool({ storage: app.context.storage, files: true }, home.scope)).problems;

/** Lists of a student, and how many each has. */
const lists = ['artifacts', 'portfolios', 'narratives', 'internships', 'transcripts'] as const;
async function totals({ registrar }: Twins, id: string): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const list of lists) {
    const reply = await registrar.get(`/students/${id}/${list}`);
    if (reply.status === 200) found[list] = reply.json<{ total: number }>().total;
  }
  return found;
}
const countAll = async ({ home }: Twins): Promise<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const name of [
    'scoresheets',
    'results',
    'slots',
    'seats',
    'artifacts',
    'artifactversions',
    'portfolios',
  ].concat(['portfoliosnapshots', 'narrativeversions', 'internships', 'visits', 'rehearsals', 'transcripts']))
    counts[name] = await app.context.db.connection
      .collection(name)
      .countDocuments({ schoolId: home.school.id });
  return counts;
};

describe('two records of Maria', () => {
  let world: Twins;
  let before: { counts: Record<string, number>; lists: Record<string, number>[]; result: unknown };
  const order = {
    grade: 'from',
    name: 'into',
    sourcedId: 'into',
    confirmNumbers: true,
    reason: 'Entered twice',
  };

  beforeAll(async () => {
    world = await twins(app);
    const registrar = world.panel.people.registrar;
    await issuedTranscript(app, world.home, { student: world.maria, registrar });
    const { maria, other } = world;
    before = {
      counts: await countAll(world),
      lists: [await totals(world, maria.id), await totals(world, other.id)],
      result: (await world.registrar.get(`/slots/${world.published.ids.slot}/result`)).json(),
    };
  }, 60_000);

  it('are sound before', async () => {
    expect(await check(world)).toEqual([]);
  });

  it('are shown side by side with what conflicts and what would move, and nothing changes', async () => {
    const { registrar, maria, other } = world;
    const reply = await registrar.get(`/people/${maria.id}/merge/${other.id}`);
    expect(reply.status).toBe(200);
    const plan = reply.json<{
      into: { line: string };
      fields: { field: string; conflict: boolean }[];
      moved: { kind: string; from: number }[];
      obstacles: unknown[];
      numbersDiffer: boolean;
      joinedNarratives: number;
    }>();
    expect(plan.obstacles).toEqual([]);
    // The school gave no number, and an id of the roster is not called one.
    expect(plan.into.line).toContain('Roster id S-1');
    expect(plan.into.line).not.toContain('No.');
    expect(plan.fields.filter(({ conflict }) => conflict).map(({ field }) => field)).toEqual([
      'name',
      'sourcedId',
      'grade',
    ]);
    expect(plan).toMatchObject({ numbersDiffer: true, joinedNarratives: 2 });
    expect(Object.fromEntries(plan.moved.map(({ kind, from }) => [kind, from]))).toEqual({
      ...{
        enrollments: 1,
        plans: 1,
        internships: 1,
        works: 2,
        portfolios: 1,
        snapshots: 1,
        visits: 1,
        results: 1,
      },
      ...{ slots: 2, narratives: 2, 'signed-narratives': 2, rehearsals: 1 },
    });
    expect(await countAll(world)).toEqual(before.counts);
  });

  it('asks about every field that is not decided, and changes nothing', async () => {
    const { registrar, maria, other } = world;
    const reply = await registrar.post(`/people/${maria.id}/merge/${other.id}`, { reason: 'Twice' });
    expect(reply.status).toBe(422);
    const { error } = reply.json<{ error: { fields: { field: string }[] } }>();
    expect(error.fields.map(({ field }) => field)).toEqual(['name', 'sourcedId', 'grade', 'confirmNumbers']);
    expect(await getPerson(world.home.scope, other.id)).toBeTruthy();
  });

  it('become one: every list has what both had', async () => {
    const { registrar, maria, other, home } = world;
    const reply = await registrar.post(`/people/${maria.id}/merge/${other.id}`, order);
    expect([reply.status, reply.text]).toEqual([200, expect.any(String)]);
    const after = await totals(world, maria.id);
    const [own, others] = before.lists as [Record<string, number>, Record<string, number>];
    const sum = Object.fromEntries(Object.keys(own).map((key) => [key, own[key]! + (others[key] ?? 0)]));
    // Of each term and voice there is one narrative; the versions of both are in it.
    expect(after).toEqual({ ...sum, narratives: 2 });
    expect(await countAll(world)).toEqual(before.counts);
    const shown = await registrar.get(`/slots/${world.published.ids.slot}/result`);
    const result = shown.json<{ student: { id: string } }>();
    expect({ ...result, student: null }).toEqual({ ...(before.result as object), student: null });
    expect(result.student.id).toBe(maria.id);
    const person = await getPerson(home.scope, maria.id);
    expect(person).toMatchObject({ grade: '11', sourcedId: 'S-1', displayName: 'Maria Garcia' });
    expect(person.guardianIds).toHaveLength(2);
  });

  it('holds everything that is sealed, with its files', async () => {
    expect(await check(world)).toEqual([]);
    const sheets = await listSealedAfter(world.home.scope, '', 100);
    const moved = sheets.filter(({ sealedAs }) => sealedAs);
    expect(moved.map(({ studentId, sealedAs }) => [studentId, sealedAs])).toEqual([
      [world.maria.id, { studentId: world.other.id }],
    ]);
  });

  it('leads from every old address to the one that stays', async () => {
    const { registrar, maria, other } = world;
    for (const path of [
      '/people/ID',
      '/students/ID',
      '/students/ID/artifacts?page=1',
      '/people/ID/guardians',
    ]) {
      const reply = await registrar.get(path.replace('ID', other.id));
      expect([path, reply.status, reply.headers.get('location')]).toEqual([
        path,
        301,
        path.replace('ID', maria.id),
      ]);
    }
    expect((await registrar.get('/students/nobody-there')).status).toBe(404);
    expect((await registrar.get(`/people/${maria.id}/merges`)).json()).toMatchObject({
      items: [{ id: other.id, into: maria.id, reason: 'Entered twice' }],
    });
  });

  it('goes on where somebody was scoring: the draft is submitted and published as hers', async () => {
    const { registrar, open, maria, home } = world;
    const scorer = await app.as(world.panelist.email!);
    const submitted = await scorer.post(`/seats/${open.ids.seat}/sheet/submit`, { early: true });
    expect([submitted.status, submitted.text]).toEqual([200, expect.any(String)]);
    await app.context.db.connection
      .collection('exhibitions')
      .updateOne({ _id: open.ids.exhibition as never }, { $set: { phase: 'closed' } });
    const reply = await publishSlot(registrar, open.ids.slot);
    expect(reply.status).toBe(200);
    const stored = await app.context.db.connection
      .collection('results')
      .find({ schoolId: home.school.id, studentId: maria.id })
      .toArray();
    expect(stored).toHaveLength(3);
    expect(await check(world)).toEqual([]);
  });

  it('prints the exhibitions of both on her next transcript', async () => {
    const { panel, home } = world;
    const student = await getPerson(home.scope, world.maria.id);
    const { id } = await issuedTranscript(app, home, { student, registrar: panel.people.registrar });
    const stored = await app.context.db.connection.collection('transcripts').findOne({ _id: id as never });
    const { exhibitions } = JSON.parse(String(stored?.['snapshot'])) as { exhibitions: unknown[] };
    expect(exhibitions).toHaveLength(3);
    expect(await check(world)).toEqual([]);
  });

  it('has what came later for the old id, joined where there can be one; a failure keeps nothing else back', async () => {
    const { maria, other, home, registrar } = world;
    const { scope } = home;
    const { db, clock } = app.context;
    const plans = db.connection.collection<{ _id: string; aim: string }>('learningplans');
    const plan = await plans.findOne({ schoolId: scope.schoolId, studentId: maria.id });
    await plans.insertOne({ ...plan!, _id: randomUUID(), studentId: other.id, aim: 'Late aim' } as never);
    const warnings: unknown[] = [];
    const log = { info: () => undefined, warn: (...said: unknown[]) => void warnings.push(said) };
    expect(await sweepLateRecords({ db, clock, log })).toBe(0);
    expect((await plans.findOne({ _id: plan!._id }))?.aim).toBe(`${plan!.aim}\n\nLate aim`);
    expect(await plans.countDocuments({ studentId: other.id })).toBe(0);
    // Of the two signed narratives of one term only the record of the merge could say which was which.
    const narratives = db.connection.collection<{ _id: string }>('narratives');
    const narrative = await narratives.findOne({ schoolId: scope.schoolId, studentId: maria.id });
    const late = randomUUID();
    await narratives.insertOne({ ...narrative!, _id: late, studentId: other.id } as never);
    const person = { name: 'Uma Lee', roles: ['guardian' as const] };
    const [one, two] = [await home.person(person), await home.person(person)];
    const merged = await registrar.post(`/people/${one.id}/merge/${two.id}`, { reason: 'Twice' });
    expect([merged.status, merged.text]).toEqual([200, expect.any(String)]);
    const works = db.connection.collection<{ _id: string }>('internships');
    const work = await works.findOne({ schoolId: scope.schoolId, studentId: maria.id });
    const written: string[] = [];
    const write = async (studentId: string) => {
      written.push(randomUUID());
      await works.insertOne({ ...work!, _id: written.at(-1)!, studentId } as never);
    };
    const owners = async () =>
      (await works.find({ _id: { $in: written } }).toArray()).map((each) => (each as never)['studentId']);
    await write(two.id);
    await write(other.id);
    expect(await sweepLateRecords({ db, clock, log })).toBe(2);
    expect((await owners()).sort()).toEqual([one.id, maria.id].sort());
    const kept = await narratives.findOne({ _id: late });
    expect(kept).toMatchObject({ studentId: other.id });
    // Said once, when the second merge looked; and as long as it is there, whatever else comes is moved, also
    // after days.
    const days = { now: () => new Date(clock.now().getTime() + 72 * 3_600_000) };
    await write(other.id);
    expect(await sweepLateRecords({ db, clock: days, log })).toBe(1);
    expect(await owners()).not.toContain(other.id);
    expect(warnings).toEqual([]);
    await narratives.deleteOne({ _id: late });
    await sweepLateRecords({ db, clock: days, log });
    await write(other.id);
    expect(await sweepLateRecords({ db, clock: days, log })).toBe(0);
    await works.deleteMany({ _id: { $in: written } });
    expect(await check(world)).toEqual([]);
  });

  it('is tried again after days where it could not be moved, and one of two narratives may be signed late', async () => {
    const { home, registrar, panel } = world;
    const { db, clock } = app.context;
    const log = { info: () => undefined, warn: () => undefined };
    const person = { name: 'Kim Late', roles: ['student' as const], advisoryId: world.maria.advisoryId };
    const [into, from] = [await home.person(person), await home.person(person)];
    const merged = await registrar.post(`/people/${into.id}/merge/${from.id}`, { reason: 'Twice' });
    expect([merged.status, merged.text]).toEqual([200, expect.any(String)]);
    const actor = actorOf(panel.people.advisor, { advisoryIds: [world.maria.advisoryId!] });
    const begin = (student: typeof into, markdown: string) =>
      beginNarrative({ clock }, home.scope, actor, {
        ...{ student, termId: home.termId, voice: 'advisor', markdown },
      });
    const draft = await begin(into, 'A draft.');
    const signed = await begin(from, 'Signed late.');
    await signNarrative({ clock }, home.scope, actor, { student: from, narrativeId: signed.id });
    expect(await sweepLateRecords({ db, clock, log })).toBeGreaterThan(0);
    const narratives = db.connection.collection<{ _id: string }>('narratives');
    expect(await narratives.findOne({ _id: signed.id })).toMatchObject({
      ...{ studentId: into.id, latestVersion: 1, state: 'draft', markdown: 'A draft.' },
    });
    expect(await narratives.findOne({ _id: draft.id })).toBeNull();
    expect(await check(world)).toEqual([]);
    // Both at one stand, where one can be: nothing moves, until one of them is gone.
    const visits = db.connection.collection<{ _id: string; personId: string }>('visits');
    const visit = await visits.findOne({ schoolId: home.school.id } as never);
    const ids = [randomUUID(), randomUUID()] as const;
    for (const [at, { id }] of [into, from].entries())
      await visits.insertOne({
        ...{ ...visit!, _id: ids[at]!, slotId: 'one-stand', personId: id, leftAt: null },
      });
    expect(await sweepLateRecords({ db, clock, log })).toBe(0);
    await visits.deleteOne({ _id: ids[0] });
    const days = { now: () => new Date(clock.now().getTime() + 72 * 3_600_000) };
    expect(await sweepLateRecords({ db, clock: days, log })).toBe(1);
    expect((await visits.findOne({ _id: ids[1] }))?.personId).toBe(into.id);
    await visits.deleteOne({ _id: ids[1] });
  });

  it('is noticed when a database moves a sealed sheet to somebody without a merge', async () => {
    const sheets = app.context.db.connection.collection('scoresheets');
    const sheet = await sheets.findOne({ schoolId: world.home.school.id, state: 'submitted' });
    const strange = world.panel.people.otherStudent.id;
    await sheets.updateOne(
      { _id: sheet!._id },
      { $set: { studentId: strange, sealedAs: { studentId: sheet!['studentId'] as string } } },
    );
    expect(await check(world)).toContainEqual(
      expect.objectContaining({ kind: 'score sheet', id: sheet!._id }),
    );
    await sheets.updateOne(
      { _id: sheet!._id },
      { $set: { studentId: sheet!['studentId'] }, $unset: { sealedAs: '' } },
    );
  });
});

it('two who both brought along a record of an earlier school have it once, and nobody misses the other copy', async () => {
  const move = await aMove(app);
  const { scope } = move.south;
  const id = await anOffer(move);
  const accepted = await move.office.south.post(`/handovers/${id}/accept`, {});
  const { studentId, jobId } = accepted.json<{ studentId: string; jobId: string }>();
  await jobDone(move.office.south, jobId);
  const again = await move.south.person({ name: move.student.displayName, roles: ['student'] });
  const parts = await listParts(scope, studentId);
  expect(parts.length).toBeGreaterThan(1);
  const actor = { personId: studentId, via: 'script' } as const;
  for (const part of parts) {
    const unsealed = { ...part, id: randomUUID(), studentId: again.id };
    const copy = { ...unsealed, hash: hashOfPart(unsealed) } as typeof part;
    const detail = frozen('earlier record', copy.id, frozenOfPart(copy));
    await savePart(scope, copy);
    await appendAudit(scope, app.context.clock, actor, 'handover.copy', { kind: 'handover', id }, detail);
  }
  const order = { name: 'into', grade: 'into', confirmNumbers: true, reason: 'Moved twice' };
  const merged = await move.office.south.post(`/people/${studentId}/merge/${again.id}`, order);
  expect([merged.status, merged.text]).toEqual([200, expect.any(String)]);
  expect(await listParts(scope, studentId)).toEqual(parts);
  expect(await listParts(scope, again.id)).toEqual([]);
  expect((await checkSchool({ storage: app.context.storage, files: true }, scope)).problems).toEqual([]);
});
