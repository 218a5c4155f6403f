/** Two records that cannot belong to one person are not merged, and the office is told why and what to do. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { newJob } from '../../server/jobs/job.js';
import { saveJob } from '../../server/jobs/job-records.js';
import { getPerson, savePersonChange } from '../../server/people/people-records.js';
import { saveGuardianAdded } from '../../server/people/family-records.js';
import type { Person } from '../../server/people/person.js';
import { saveSeat } from '../../server/exhibitions/seats/seat-records.js';
import { changePlan } from '../../server/plan/change-plan.js';
import { aPresentation } from '../harness/builders/presentation.js';
import { aRehearsal } from '../harness/builders/rehearsals.js';
import { aPanel, type TestPanel } from '../harness/builders/scores.js';
import { actorOf } from '../harness/builders/transcript.js';
import { aVisit } from '../harness/builders/visits.js';
import { issuedTranscript } from '../harness/builders/world-papers.js';
import type { Client } from '../harness/client.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let app: TestApp;
let panel: TestPanel;
let registrar: Client;
let admin: Client;
beforeAll(async () => {
  app = await startApp({ jobs: false });
  panel = await aPanel(app);
  registrar = await panel.as('registrar');
  admin = await panel.as('admin');
}, 120_000);
afterAll(() => app.close());

type Pair = readonly [Person, Person];
const pairOf = async (role: 'student' | 'guardian' | 'guest'): Promise<Pair> => {
  const one = () => panel.home.person({ name: 'Twice There', roles: [role] });
  return [await one(), await one()];
};
const merge = ([into, from]: Pair, body: object = {}, client = registrar) =>
  client.post(`/people/${into.id}/merge/${from.id}`, { reason: 'Entered twice', ...body });
const student = () => pairOf('student');
const presents = (one: Person) =>
  aPresentation(app, panel.home, one, panel.people.otherAdvisor, 'scoring', 'panel');
async function alsoPresents(one: Person, presentation: { ids: { exhibition: string } }, attempt: number) {
  await app.context.db.connection.collection('slots').insertOne({
    ...{ _id: randomUUID() as never, schoolId: panel.home.school.id, studentId: one.id, attempt },
    ...{ exhibitionId: presentation.ids.exhibition, termId: panel.home.termId, partOf: null, group: null },
    ...{ startsAt: app.context.clock.now(), minutes: 50, room: 'B', createdAt: app.context.clock.now() },
  });
}
const seatOf = (one: Person, slot: { exhibition: string; slot: string }, presenter: Person) =>
  saveSeat(panel.home.scope, {
    ...{ id: randomUUID(), schoolId: panel.home.school.id, slotId: slot.slot, exhibitionId: slot.exhibition },
    ...{ studentId: presenter.id, personId: one.id, name: one.displayName, role: 'peer', chair: false },
    ...{ pass: null, createdAt: app.context.clock.now(), createdBy: 'test' },
  });
const { clock } = { clock: () => app.context.clock };

const impossible: Record<string, () => Promise<Pair>> = {
  kinds: async () => [
    await panel.home.person({ name: 'Roe', roles: ['student'] }),
    await panel.home.person({ name: 'Roe', roles: ['guardian'] }),
  ],
  guardian: async () => {
    const [one, other] = await pairOf('guardian');
    await saveGuardianAdded(panel.home.scope, one.id, other.id);
    return [one, other];
  },
  'same-slot': async () => {
    const [one, other] = await student();
    const { ids } = await presents(one);
    await app.context.db.connection.collection('slots').insertOne({
      ...{ _id: randomUUID() as never, schoolId: panel.home.school.id, studentId: other.id, attempt: 1 },
      ...{ exhibitionId: ids.exhibition, termId: panel.home.termId, partOf: ids.slot, group: null },
      ...{ startsAt: clock().now(), minutes: 50, room: 'B', createdAt: clock().now() },
    });
    return [one, other];
  },
  'same-exhibition': async () => {
    const [one, other] = await student();
    await alsoPresents(other, await presents(one), 1);
    return [one, other];
  },
  'same-panel': async () => {
    const [one, other] = await pairOf('guest');
    const at = { exhibition: panel.exhibitionId, slot: panel.slotId };
    for (const each of [one, other]) await seatOf(each, at, panel.people.student);
    return [one, other];
  },
  'own-panel': async () => {
    const [one, other] = await student();
    const { ids } = await presents(one);
    await seatOf(other, ids, one);
    return [one, other];
  },
  'same-stand': async () => {
    const pair = await pairOf('guest');
    const { ids } = await presents(panel.people.otherStudent);
    for (const each of pair) await aVisit(app, panel.home, ids, panel.people.otherStudent, each);
    return pair;
  },
  'own-stand': async () => {
    const [one, other] = await student();
    const { ids } = await presents(one);
    await aVisit(app, panel.home, ids, one, other);
    return [other, one];
  },
  rehearsal: async () => {
    const [one, other] = await student();
    await aRehearsal(app, panel.home, one, other);
    return [one, other];
  },
  transcript: async () => {
    const pair = await student();
    for (const each of pair)
      await issuedTranscript(app, panel.home, { student: each, registrar: panel.people.registrar });
    return pair;
  },
  plans: async () => {
    const pair = await student();
    for (const [at, each] of pair.entries())
      await changePlan(app.context, panel.home.scope, actorOf(each), each, {
        ...{ termId: panel.home.termId, aim: `${at}`.repeat(1500), goals: [], revision: 0 },
      });
    return pair;
  },
  job: async () => {
    const pair = await student();
    const asked = { kind: 'transcripts', key: randomUUID(), payload: { studentIds: [pair[1].id] }, total: 1 };
    await saveJob(
      panel.home.scope,
      newJob(panel.home.scope, clock(), actorOf(panel.people.registrar), asked),
    );
    return pair;
  },
};

describe('two who cannot be one', () => {
  it.each(Object.keys(impossible))('%s', async (kind) => {
    const pair = await impossible[kind]!();
    const shown = (await registrar.get(`/people/${pair[0].id}/merge/${pair[1].id}`)).json<{
      obstacles: { kind: string; reason: string; todo: string }[];
    }>();
    expect(shown.obstacles.map((each) => each.kind)).toContain(kind);
    for (const { reason, todo } of shown.obstacles) expect([reason, todo]).not.toContain('');
    const reply = await merge(pair);
    expect([reply.status, reply.json<{ error: { code: string } }>().error.code]).toEqual([
      409,
      'cannot-merge',
    ]);
    for (const { id } of pair) expect(await getPerson(panel.home.scope, id)).toBeTruthy();
    const text = (await registrar.get(`/people/${pair[0].id}/merge/${pair[1].id}`, { as: 'page' })).text;
    expect(text).not.toContain('name="reason"');
  });

  it('second attempts at one exhibition are no obstacle', async () => {
    const [one, other] = await student();
    await alsoPresents(other, await presents(one), 2);
    expect((await merge([one, other])).status).toBe(200);
  });

  it('nobody is merged with themselves, nobody, somebody erased, or somebody of another school', async () => {
    const [one, gone] = await student();
    await savePersonChange(panel.home.scope, gone.id, { erasedAt: clock().now() });
    const away = await (await app.aSchool()).person({ name: 'Twice There', roles: ['student'] });
    expect((await merge([one, gone])).status).toBe(409);
    for (const other of [one, away, { ...one, id: 'nobody' }])
      expect((await merge([one, other])).status).toBe(404);
    expect((await merge([away, one])).status).toBe(404);
  });
});

describe('whose records are merged by whom', () => {
  it.each(['advisor', 'registrar', 'admin'] as const)('a registrar does not merge an %s', async (role) => {
    const pair: Pair = [
      await panel.home.person({ name: 'Staff Twice', roles: ['panelist'] }),
      await panel.home.person({ name: 'Staff Twice', roles: [role] }),
    ];
    for (const two of [pair, [pair[1], pair[0]] as const]) expect((await merge(two)).status).toBe(403);
    expect((await getPerson(panel.home.scope, pair[0].id)).roles).toEqual(['panelist']);
    expect((await merge(pair, {}, admin)).status).toBe(200);
    expect((await getPerson(panel.home.scope, pair[0].id)).roles.sort()).toEqual(['panelist', role].sort());
  });

  it('the last administrator is not merged away', async () => {
    const { home } = panel;
    const one = await home.person({ name: 'Pat Doyle', roles: ['guardian'] });
    // Into a record without a sign-in the account comes along, so an administrator who can sign in is left.
    expect((await merge([one, panel.people.admin], {}, admin)).status).toBe(200);
    expect((await admin.get('/duplicates')).status).toBe(200);
  });
});
