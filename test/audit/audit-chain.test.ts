/** The chain of a school has every entry once and no gap, whoever writes at the same moment and whoever is killed. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { appendAudit, appendAudits, findBrokenEntry } from '../../server/audit/append-audit.js';
import { listEntriesFrom } from '../../server/audit/audit-records.js';
import { inTransaction, type SchoolScope } from '../../server/db/database.js';
import { temporaryFolder, testDatabaseUri } from '../harness/services.js';
import { startApp, testPassword, type TestApp } from '../harness/start-app.js';
import { buildOnce, serverSecret, startServer } from '../harness/start-server.js';
import { visitorOf } from '../harness/client.js';

const environment = { SECRET_KEY: serverSecret };
const folder = temporaryFolder();
let app: TestApp;
let second: TestApp;
beforeAll(async () => {
  buildOnce();
  app = await startApp({ environment, dataDir: path.join(folder, 'first') });
  second = await startApp({
    databaseUri: testDatabaseUri(),
    environment,
    dataDir: path.join(folder, 'second'),
  });
}, 120_000);
afterAll(async () => {
  await second.close();
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

const actor = { personId: 'somebody', via: 'script' as const };
const collection = (name: string) => app.context.db.connection.collection(name);
const on = (instance: TestApp, { schoolId }: SchoolScope): SchoolScope => ({
  db: instance.context.db,
  schoolId,
});

async function chainOf(scope: SchoolScope) {
  expect(await findBrokenEntry(scope)).toBeNull();
  const entries = await listEntriesFrom(scope, 1, 5000);
  expect(entries.map(({ number }) => number)).toEqual(entries.map((_entry, at) => at + 1));
  expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
  expect(await collection('auditpending').countDocuments({ schoolId: scope.schoolId })).toBe(0);
  return entries;
}

/** Numbers that look random and are the same on every run. */
function* shuffled(seed: number): Generator<number> {
  for (let state = seed; ;) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield state / 2_147_483_648;
  }
}

describe('many writers at once on two instances', () => {
  it.each([1, 2, 3])('leave each entry once, in the order of each writer (run %i)', async (seed) => {
    const { scope } = await app.aSchool();
    const random = shuffled(seed);
    const draw = (most: number) => 1 + Math.floor(random.next().value! * most);
    const writers = Array.from({ length: 8 }, (_none, at) => ({
      scope: on(at % 2 === 0 ? app : second, scope),
      name: `writer-${at}`,
      batches: Array.from({ length: draw(8) }, () => ({ size: draw(4), fails: draw(5) === 1 })),
    }));
    const expected = new Map<string, number[]>();
    await Promise.all(
      writers.map(async (writer) => {
        const written: number[] = [];
        let next = 0;
        for (const { size, fails } of writer.batches) {
          const acts = Array.from({ length: size }, () => ({
            subject: { kind: 'test', id: writer.name },
            detail: { step: (next += 1) },
          }));
          const work = inTransaction(writer.scope, async (inside) => {
            await appendAudits(inside, app.context.clock, actor, 'test.write', acts);
            if (fails) throw new Error('taken back');
          });
          if (fails) await expect(work).rejects.toThrow('taken back');
          else written.push(...acts.map(({ detail }) => detail.step));
          await work.catch(() => undefined);
        }
        expected.set(writer.name, written);
      }),
    );
    const entries = (await chainOf(scope)).filter(({ act }) => act === 'test.write');
    for (const [name, steps] of expected)
      expect(
        entries.filter(({ subject }) => subject.id === name).map(({ detail }) => detail['step']),
      ).toEqual(steps);
  });
});

describe('somebody who can write to the database', () => {
  it('cannot have an entry chained that this installation did not sign', async () => {
    const { scope } = await app.aSchool();
    await appendAudit(scope, app.context.clock, actor, 'test.genuine', { kind: 'test', id: 'x' });
    const before = await chainOf(scope);
    const forged = {
      ...{
        _id: 'forged',
        schoolId: scope.schoolId,
        at: new Date(0),
        order: '0',
        actorId: 'x',
        via: 'session',
      },
      ...{ act: 'transcript.issue', subject: { kind: 'transcript', id: 'x' }, detail: {} },
      ...{ keyId: app.context.audit.keys.current.id, signature: '0'.repeat(64) },
    };
    await collection('auditpending').insertOne(forged as never);
    await appendAudit(scope, app.context.clock, actor, 'test.genuine', { kind: 'test', id: 'y' });
    const after = await listEntriesFrom(scope, 1, 100);
    expect(after.map(({ act }) => act)).toEqual([...before.map(({ act }) => act), 'test.genuine']);
    await collection('auditpending').deleteOne({ _id: 'forged' as never });
  });

  it('is noticed after recomputing the hashes, because the key is not in the database', async () => {
    const { scope } = await app.aSchool();
    await appendAudit(scope, app.context.clock, actor, 'test.genuine', { kind: 'test', id: 'x' });
    await chainOf(scope);
    await collection('auditentries').updateOne(
      { schoolId: scope.schoolId, number: 1 },
      { $unset: { keyId: '' } },
    );
    expect(await findBrokenEntry(scope)).toBe(1);
  });
});

describe('a process that is killed', () => {
  it('between chaining and tidying up leaves nothing twice', async () => {
    const { scope } = await app.aSchool();
    await chainOf(scope);
    // Read inside the transaction: after it the entry is chained and tidied up at any moment.
    const waiting = await inTransaction(scope, async (inside) => {
      await appendAudit(inside, app.context.clock, actor, 'test.first', { kind: 'test', id: 'x' });
      const { schoolId } = scope;
      return collection('auditpending').find({ schoolId }, { session: inside.session! }).toArray();
    });
    expect(waiting).toHaveLength(1);
    const before = await chainOf(scope);
    await collection('auditpending').insertMany(waiting);
    await appendAudit(scope, app.context.clock, actor, 'test.second', { kind: 'test', id: 'x' });
    const after = await chainOf(scope);
    expect(after.map(({ act }) => act)).toEqual([...before.map(({ act }) => act), 'test.second']);
  });

  it('with -9 in the middle of the work loses no entry of what it has acknowledged', async () => {
    const home = await app.aSchool();
    await home.person({ name: 'Rita', roles: ['registrar'], email: 'rita@killed.example' });
    const server = await startServer(path.join(folder, 'killed'), {
      ...{ MONGODB_URI: testDatabaseUri(), MONGOD_BINARY: '', SAMPLE_SCHOOL: '' },
      ...environment,
    });
    const rita = visitorOf(server.url);
    await rita.post('/sign-in', { email: 'rita@killed.example', password: testPassword });
    const acknowledged: string[] = [];
    const writing = Array.from({ length: 4 }, async (_none, writer) => {
      for (let number = 0; number < 500; number += 1) {
        const reply = await rita.post('/people', { givenName: `P${writer}-${number}`, roles: ['student'] });
        acknowledged.push(reply.json<{ person: { id: string } }>().person.id);
        if (acknowledged.length === 25) await server.kill();
      }
    });
    await Promise.allSettled(writing);
    expect(acknowledged.length).toBeGreaterThanOrEqual(25);
    const added = (await chainOf(home.scope)).filter(({ act }) => act === 'people.add');
    const named = added.map(({ subject }) => subject.id);
    expect(new Set(named).size).toBe(named.length);
    expect(acknowledged.filter((id) => !named.includes(id))).toEqual([]);
    const people = await collection('people').find({ schoolId: home.scope.schoolId }).toArray();
    const known = new Set(people.map(({ _id }) => String(_id)));
    expect(named.filter((id) => !known.has(id))).toEqual([]);
  }, 60_000);
});
