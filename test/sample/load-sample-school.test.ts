/** The sample school on a real database: complete, everybody can sign in, and the same whenever it is loaded. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { loadSampleSchool, type LoadedSample } from '../../server/sample-school/load-sample-school.js';
import { sampleSchoolWanted } from '../../server/sample-school/sample-wanted.js';
import { checkSchool } from '../../server/cli/check-school.js';
import { findBrokenEntry } from '../../server/audit/append-audit.js';
import { findSchoolBySlug } from '../../server/school/school-records.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { visitorOf } from '../harness/client.js';
import { at, schoolDayFromNow } from '../harness/test-clock.js';

const clock = { now: () => at('11:00', schoolDayFromNow(0)) };

/** Everything that the seed decides: ids and words, without what is secret by nature or dated by the seat's use. */
async function fingerprint({ context }: TestApp): Promise<string> {
  const hash = createHash('sha256');
  for (const name of [
    'people',
    'artifacts',
    'artifactversions',
    'portfolios',
    'portfoliosnapshots',
    'narratives',
    'narrativeversions',
    'slots',
    'scoresheets',
    'results',
    'internships',
    'learningplans',
  ]) {
    const found = await context.db.connection
      .db!.collection<{ _id: string }>(name)
      .find({})
      .sort({ _id: 1 })
      .toArray();
    if (found.length === 0) throw new Error(`nothing in ${name}`);
    hash.update(`${name} ${found.length} ${JSON.stringify(found)}\n`);
  }
  return hash.digest('hex');
}

let app: TestApp;
let loaded: LoadedSample;

beforeAll(async () => {
  app = await startApp({ purpose: 'sample', clock, jobs: false });
  loaded = await loadSampleSchool(app.context, { transcripts: false });
}, 280_000);
afterAll(() => app.close());

describe('the loaded sample school', () => {
  it('is never wanted where MONGODB_URI is set', async () => {
    expect(await sampleSchoolWanted(app.context)).toBe(false);
  });

  it('has an account for every role that opens a first page', async () => {
    expect(loaded.accounts.map(({ role }) => role)).toEqual([
      'student',
      'advisor',
      'panelist',
      'guardian',
      'registrar',
      'admin',
      'network',
    ]);
    for (const { email } of loaded.accounts) {
      const client = visitorOf(app.url);
      expect({
        email,
        status: (await client.post('/sign-in', { email, password: 'vitrine' })).status,
      }).toEqual({ email, status: 200 });
      expect({ email, status: (await client.get('/')).status }).toEqual({ email, status: 200 });
    }
  });

  it('is full: works, sealed sheets, published results, signed narratives, an unbroken audit chain', async () => {
    const db = app.context.db.connection.db!;
    const count = (name: string, filter = {}) => db.collection(name).countDocuments(filter);
    expect(await count('people', { roles: 'student' })).toBe(60);
    expect(await count('artifacts')).toBeGreaterThan(220);
    expect(await count('results')).toBeGreaterThanOrEqual(120);
    expect(await count('scoresheets', { state: 'submitted' })).toBeGreaterThan(450);
    expect(await count('scoresheets', { state: 'draft' })).toBeGreaterThan(1);
    expect(await count('narratives', { state: 'signed' })).toBe(240);
    expect(loaded.guestPass).toMatch(/^\/pass\//);
    const school = (await findSchoolBySlug(app.context.db, 'riverbend'))!;
    const scope = { db: app.context.db, schoolId: school.id };
    expect(await findBrokenEntry(scope)).toBeNull();
    expect((await checkSchool({ storage: app.context.storage, files: false }, scope)).problems).toEqual([]);
  });

  it('has nobody in two places at once: students, panels and the families of those who present', async () => {
    const db = app.context.db.connection.db!;
    const all = <T extends object>(name: string) => db.collection<T>(name).find({}).toArray();
    const [slots, seats, people] = await Promise.all([
      all<{ _id: string; studentId: string; startsAt: Date; minutes: number; room: string }>('slots'),
      all<{ slotId: string; personId: string; name: string }>('seats'),
      all<{ _id: string; displayName: string; guardianIds: string[] }>('people'),
    ]);
    const named = new Map(people.map((person) => [person._id, person]));
    const stays = new Map<string, { from: number; until: number; room: string }[]>();
    for (const slot of slots) {
      const from = slot.startsAt.getTime();
      const stay = { from, until: from + slot.minutes * 60_000, room: slot.room };
      const panel = seats.filter(({ slotId }) => slotId === slot._id).map(({ personId }) => personId);
      const family = named.get(slot.studentId)?.guardianIds ?? [];
      for (const id of new Set([slot.studentId, ...panel, ...family]))
        stays.set(id, [...(stays.get(id) ?? []), stay]);
    }
    const twice = [...stays].flatMap(([id, list]) => {
      const inOrder = list.sort((a, b) => a.from - b.from);
      return inOrder
        .slice(1)
        .flatMap((stay, at) =>
          stay.from < inOrder[at]!.until
            ? [`${named.get(id)?.displayName}: ${inOrder[at]!.room} and ${stay.room}`]
            : [],
        );
    });
    expect(slots.length).toBeGreaterThan(140);
    expect(stays.size).toBeGreaterThan(150);
    expect(twice).toEqual([]);
  });

  it('is loaded once', async () => {
    const before = await fingerprint(app);
    expect((await loadSampleSchool(app.context)).fresh).toBe(false);
    expect(await fingerprint(app)).toBe(before);
  });

  it('is the same after a load that was broken off, begun again', async () => {
    const before = await fingerprint(app);
    const db = app.context.db.connection.db!;
    await db
      .collection<{ _id: string }>('sampleloads')
      .updateOne({ _id: 'riverbend' }, { $set: { state: 'loading' } });
    await db.collection('narratives').deleteMany({});
    expect((await loadSampleSchool(app.context, { transcripts: false })).fresh).toBe(true);
    expect(await fingerprint(app)).toBe(before);
  }, 280_000);
});
