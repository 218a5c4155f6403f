/**
 * Merges at the same moment, and a merge while somebody scores or brings in work, on two instances: nothing
 * is lost and nothing is double.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listHistoryOf } from '../../server/audit/audit-records.js';
import { checkSchool } from '../../server/cli/check-school.js';
import { moveLateRecords } from '../../server/merge/late-records.js';
import { listNameCorrectionsOf } from '../../server/people/name-correction-records.js';
import { findPerson, getPerson, saveAdvisory } from '../../server/people/people-records.js';
import { anArtifact } from '../harness/builders/artifacts.js';
import { twins, type Twins } from '../harness/builders/twins.js';
import { testDatabaseUri } from '../harness/services.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let app: TestApp;
let second: TestApp;
let world: Twins;
beforeAll(async () => {
  app = await startApp();
  second = await startApp({ databaseUri: testDatabaseUri() });
  world = await twins(app);
}, 120_000);
afterAll(async () => {
  await second.close();
  await app.close();
});

const order = { name: 'into', sourcedId: 'into', grade: 'into', confirmNumbers: true, reason: 'Twice' };
const problems = async () =>
  (await checkSchool({ storage: app.context.storage, files: true }, world.home.scope)).problems;
const office = (instance: TestApp) => instance.as(world.panel.people.registrar.email!);

describe('at the same moment', () => {
  it('a sheet is submitted and a work is brought in while its student is merged', async () => {
    const { maria, other, open, panelist, home } = world;
    const [registrar, scorer] = [await office(app), await second.as(panelist.email!)];
    const [merged, submitted] = await Promise.all([
      registrar.post(`/people/${maria.id}/merge/${other.id}`, order),
      scorer.post(`/seats/${open.ids.seat}/sheet/submit`, { early: true }),
      anArtifact(second, home, { studentId: other.id, title: 'Late chair' }),
    ]);
    expect([merged.status, submitted.status]).toEqual([200, 200]);
    // What was written under the old id a moment later is found by the sweep.
    await anArtifact(second, home, { studentId: other.id, title: 'Later chair' });
    expect(await moveLateRecords(app.context, home.scope)).toBeGreaterThan(0);
    const { db } = app.context;
    for (const name of ['scoresheets', 'artifacts', 'artifactversions', 'slots', 'seats'])
      expect([name, await db.connection.collection(name).countDocuments({ studentId: other.id })]).toEqual([
        name,
        0,
      ]);
    const works = await registrar.get(`/students/${maria.id}/artifacts`);
    expect(works.json<{ items: { title: string }[] }>().items.map(({ title }) => title)).toEqual(
      expect.arrayContaining(['Late chair', 'Later chair']),
    );
    expect(await problems()).toEqual([]);
  });

  it('two merge the same two, each the other way round: one of them happens', async () => {
    const { home } = world;
    const one = await home.person({ name: 'Uma Lee', roles: ['student'] });
    const other = await home.person({ name: 'Uma Lee', roles: ['student'] });
    const replies = await Promise.all([
      (await office(app)).post(`/people/${one.id}/merge/${other.id}`, { reason: 'Twice' }),
      (await office(second)).post(`/people/${other.id}/merge/${one.id}`, { reason: 'Twice' }),
    ]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 404]);
    const left = [await findPerson(home.scope, one.id), await findPerson(home.scope, other.id)];
    expect(left.filter(Boolean)).toHaveLength(1);
  });

  it('of three records two are merged into one each, and the oldest address still leads to her', async () => {
    const { home, registrar } = world;
    const [a, b, c] = await Promise.all(
      [1, 2, 3].map(() => home.person({ name: 'Kit Moss', roles: ['student'] })),
    );
    expect((await registrar.post(`/people/${b!.id}/merge/${a!.id}`, { reason: 'Twice' })).status).toBe(200);
    expect((await registrar.post(`/people/${c!.id}/merge/${b!.id}`, { reason: 'Twice' })).status).toBe(200);
    expect((await registrar.get(`/people/${a!.id}`)).headers.get('location')).toBe(`/people/${c!.id}`);
    expect(await problems()).toEqual([]);
  });
});

describe('an advisory', () => {
  const anAdvisory = async (name: string) => {
    const reply = await (await office(app)).post('/advisories', { name, advisorIds: [] });
    return reply.json<{ id: string }>().id;
  };

  it('that is deleted while two people become one: nobody is in an advisory that is gone', async () => {
    const { home } = world;
    for (let round = 0; round < 4; round += 1) {
      const advisoryId = await anAdvisory(`Round ${round}`);
      const into = await home.person({ name: 'Ned Roe', roles: ['student'] });
      // Who has left keeps no advisory from being deleted; the one who stays is here.
      const from = await home.person({ name: 'Ned Roe', roles: ['student'], advisoryId });
      expect((await (await office(app)).post(`/people/${from.id}/deactivate`)).status).toBe(200);
      const [merged, removed] = await Promise.all([
        (await office(app)).post(`/people/${into.id}/merge/${from.id}`, { reason: 'Twice', active: 'into' }),
        (await office(second)).post(`/advisories/${advisoryId}/remove`),
      ]);
      expect([merged.status, merged.text]).toEqual([200, expect.any(String)]);
      expect([200, 409]).toContain(removed.status);
      const isThere = removed.status === 409;
      expect((await getPerson(home.scope, into.id)).advisoryId ?? null).toBe(isThere ? advisoryId : null);
    }
  });

  it('that is gone already takes nobody with a merge', async () => {
    const { home } = world;
    const into = await home.person({ name: 'Una Roe', roles: ['student'] });
    const from = await home.person({ name: 'Una Roe', roles: ['student'], advisoryId: 'gone-long-ago' });
    const merged = await (await office(app)).post(`/people/${into.id}/merge/${from.id}`, { reason: 'Twice' });
    expect([merged.status, merged.text]).toEqual([200, expect.any(String)]);
    expect((await getPerson(home.scope, into.id)).advisoryId ?? null).toBeNull();
  });

  it('that takes in another while it is deleted: everybody is in one that exists', async () => {
    const { home } = world;
    for (let round = 0; round < 4; round += 1) {
      const [from, to] = [await anAdvisory(`From ${round}`), await anAdvisory(`To ${round}`)];
      const student = await home.person({ name: `Ola ${round}`, roles: ['student'], advisoryId: from });
      const [moved, removed] = await Promise.all([
        (await office(app)).post(`/advisories/${from}/move`, { to }),
        (await office(second)).post(`/advisories/${to}/remove`),
      ]);
      expect([
        [200, 409],
        [422, 200],
      ]).toContainEqual([moved.status, removed.status]);
      const { advisoryId } = await getPerson(home.scope, student.id);
      expect(advisoryId).toBe(moved.status === 200 ? to : from);
    }
  });

  it('that two put into each other at the same moment: both acts count, one after the other', async () => {
    const { home } = world;
    const [one, other] = [await anAdvisory('One'), await anAdvisory('Other')];
    const pupils = await Promise.all(
      [one, other].map((advisoryId) => home.person({ name: 'Pia Lund', roles: ['student'], advisoryId })),
    );
    const replies = await Promise.all([
      (await office(app)).post(`/advisories/${one}/move`, { to: other }),
      (await office(second)).post(`/advisories/${other}/move`, { to: one }),
    ]);
    expect(replies.map(({ status }) => status)).toEqual([200, 200]);
    const now = await Promise.all(pupils.map(({ id }) => getPerson(home.scope, id)));
    expect(new Set(now.map(({ advisoryId }) => advisoryId)).size).toBe(1);
  });
});

describe('staff', () => {
  it('lead, plan and sit as one, and the trail names both records and no words', async () => {
    const { home, panel, admin } = world;
    const { advisor } = panel.people;
    const again = await home.person({ name: 'A. Okafor', roles: ['advisor'] });
    await saveAdvisory(home.scope, {
      ...{ id: 'second-advisory', schoolId: home.school.id, slug: 'second', name: 'Birch' },
      advisorIds: [again.id],
    });
    const reply = await admin.post(`/people/${again.id}/merge/${advisor.id}`, {
      ...{ name: 'from', reason: 'A secret reason' },
    });
    expect([reply.status, reply.text]).toEqual([200, expect.any(String)]);
    expect((await getPerson(home.scope, again.id)).displayName).toBe('Amara Okafor');
    // The other name is a correction, as on the person's page.
    const corrections = await listNameCorrectionsOf(home.scope, again.id);
    const names = corrections.map(({ from, to }) => [from.displayName, to.displayName]);
    expect(names).toEqual([['A. Okafor', 'Amara Okafor']]);
    const client = await app.as(advisor.email!);
    const { items } = (await client.get('/students')).json<{ items: { id: string }[] }>();
    expect(items.map(({ id }) => id)).toContain(world.maria.id);
    const [entry] = (await listHistoryOf(home.scope, 'person', again.id)).filter(
      ({ act }) => act === 'people.merge',
    );
    expect(entry?.detail).toMatchObject({
      mergedId: advisor.id,
      fields: expect.arrayContaining(['displayName']),
    });
    expect(JSON.stringify(entry)).not.toMatch(/Okafor|secret/);
    expect(await problems()).toEqual([]);
  });
});
