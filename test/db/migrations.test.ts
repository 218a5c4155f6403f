/** The migrations of the product, each on data as an installation without unique indexes has left it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import mongoose from 'mongoose';
import { auditKeysOf, isEntryGenuine, isHeadGenuine } from '../../server/audit/audit-entry.js';
import { hashOf } from '../../server/canonical.js';
import { collections } from '../../server/collections.js';
import { openDatabase, previewDatabase, type OpenOptions } from '../../server/db/database.js';
import { migrations } from '../../server/db/migrations/list.js';
import { testDatabaseUri } from '../harness/services.js';
import { testClock } from '../harness/test-clock.js';

const at = (minute: number): Date => new Date(Date.UTC(2024, 4, 1, 9, minute));

interface Entry {
  _id: string;
  schoolId: string;
  number: number;
  at: Date;
  previousHash: string;
  hash: string;
  [field: string]: unknown;
}

function anEntry(
  schoolId: string,
  id: string,
  previous: Entry | null,
  minute: number,
  what: object = {},
): Entry {
  const content = {
    ...{ number: (previous?.number ?? 0) + 1, at: at(minute), actorId: 'p1', via: 'session' },
    ...{ act: 'portfolio.submit', subject: { kind: 'portfolio', id }, detail: {} },
    ...what,
    previousHash: previous?.hash ?? '0'.repeat(64),
  };
  return { _id: id, schoolId, ...content, hash: hashOf(content) };
}

/** Contiguous numbers, each with the hash of the one before and its own. */
function expectWhole(chain: Entry[]): void {
  let [number, previousHash] = [1, '0'.repeat(64)];
  for (const { _id, hash, ...entry } of chain) {
    const content = { ...entry, schoolId: undefined };
    expect([_id, content.number, content.previousHash, hashOf(content)]).toEqual([
      _id,
      number,
      previousHash,
      hash,
    ]);
    previousHash = hash;
    number += 1;
  }
}

let connection: mongoose.Connection;
const uri = () => testDatabaseUri('old');
const said: string[] = [];
const auditKey = Buffer.alloc(32, 7);
const options: OpenOptions = {
  ...{ collections, migrations, clock: testClock, keyFor: () => auditKey },
  say: (key, params = {}) => void said.push([key, ...Object.values(params)].join(' ')),
};
const chainOf = async (schoolId: string): Promise<Entry[]> =>
  await connection.collection<Entry>('auditentries').find({ schoolId }).sort({ number: 1 }).toArray();
const closing = { act: 'exhibition.close', subject: { kind: 'exhibition', id: 'e1' } };
const whole = ['w1', 'w2'].reduce<Entry[]>(
  (chain, id, place) => [...chain, anEntry('whole', id, chain.at(-1) ?? null, place, closing)],
  [],
);
const a1 = anEntry('forked', 'a1', null, 1);
const a2 = anEntry('forked', 'a2', a1, 2);
const b2 = anEntry('forked', 'b2', a1, 3);
const c2 = anEntry('forked', 'c2', a1, 3);
const b3 = anEntry('forked', 'b3', b2, 4);
const a3 = anEntry('forked', 'a3', a2, 5);
const b4 = anEntry('forked', 'b4', b3, 6);
const job = (id: string, key: string, state: string, minute: number) => ({
  ...{ _id: id, schoolId: 'forked', kind: 'transcripts', key, payload: { term: 't' }, state, attempts: 0 },
  ...{ progress: { done: 0, total: 0 }, problems: [], createdAt: at(minute), createdBy: 'p1' },
});

const aPerson = (_id: string, roles: string[], createdAt: Date, more: object = {}) => ({
  ...{ _id, schoolId: 'past', displayName: `Name of ${_id}`, sortName: _id, roles, guardianIds: [] },
  ...{ active: true, createdAt, ...more },
});

beforeAll(async () => {
  connection = await mongoose.createConnection(uri()).asPromise();
  const fill = (name: string, documents: object[]) => connection.collection(name).insertMany(documents);
  await connection.collection('accounts').createIndex({ personId: 1 }, { unique: true });
  const account = (id: string, owner: object) => ({ _id: id, email: `${id}@old.example`, ...owner });
  await fill('accounts', [
    account('ada', { personId: 'p1', schoolId: 's1', networkId: null, name: null, passwordHash: 'h' }),
    account('ben', { personId: 'p2', schoolId: 's2' }),
    account('net', { personId: 'p3', schoolId: null, networkId: 'n1', name: 'Nia' }),
  ]);
  const token = (id: string, accountId: string) => ({
    _id: id,
    accountId,
    hash: id,
    name: id,
    createdAt: at(1),
  });
  await fill('apitokens', [token('t1', 'ada'), token('t2', 'net'), token('t3', 'gone')]);
  await fill('auditentries', [...whole, b4, a1, a2, b2, c2, b3, a3]);
  await fill('jobs', [
    job('j2', 'k', 'waiting', 2),
    job('j1', 'k', 'waiting', 1),
    job('j3', 'k', 'done', 3),
    job('j4', 'other', 'waiting', 4),
  ]);
  await fill('schools', [
    {
      ...{ _id: 'past', slug: 'past', name: 'Past', timeZone: 'UTC', locale: 'en', policies: {} },
      ...{ currentTermId: 't2', createdAt: at(0) },
    },
  ]);
  await fill('terms', [
    { _id: 't1', schoolId: 'past', slug: 't1', name: 'One', startsOn: '2023-09-01', endsOn: '2024-05-31' },
    { _id: 't2', schoolId: 'past', slug: 't2', name: 'Two', startsOn: '2024-09-01', endsOn: '2025-05-31' },
  ]);
  await fill('exhibitions', [
    { _id: 'e1', schoolId: 'whole', slug: 'e1', phase: 'closed', startsAt: at(0) },
    { _id: 'e2', schoolId: 'past', slug: 'e2', phase: 'closed', startsAt: at(0) },
    { _id: 'e3', schoolId: 'past', slug: 'e3', phase: 'scoring', startsAt: at(0) },
  ]);
  const slot = (_id: string, exhibitionId: string, minute: number) => ({
    ...{ _id, schoolId: 'past', exhibitionId, studentId: _id, attempt: 1, startsAt: at(minute), minutes: 20 },
  });
  await fill('slots', [slot('s1', 'e2', 5), slot('s2', 'e2', 30), slot('s3', 'e3', 50)]);
  await fill('advisories', [
    { _id: 'cedar', schoolId: 'past', slug: 'cedar', name: 'Cedar', advisorIds: ['ad'] },
  ]);
  await fill('people', [
    aPerson('ad', ['advisor'], at(0)),
    aPerson('gone', ['student'], at(0), { active: false, grade: '12' }),
    aPerson('here', ['student'], at(0), { grade: '12', advisoryId: 'cedar' }),
    aPerson('late', ['student'], new Date(Date.UTC(2024, 9, 1)), { grade: '9' }),
    aPerson('judge', ['panelist'], at(0), { attendance: { conflictIds: ['here', 'gone', 'late'] } }),
  ]);
  // Two whom an acceptance made, one of whom has said since when they come; one who was a guest before, and
  // is asked to everything.
  const attendance = { hours: [], conflictIds: [] };
  await fill('people', [
    aPerson('made', ['guest'], at(10), { attendance }),
    aPerson('said', ['guest'], at(10), { attendance }),
    aPerson('before', ['guest'], at(0), { attendance }),
    aPerson('knows', ['guest'], at(10), { attendance: { ...attendance, comesTo: ['e2'] } }),
  ]);
  const signUp = (_id: string, exhibitionId: string, state: string, personId: string | null = null) => ({
    ...{ _id, schoolId: 'past', exhibitionId, state, personId, name: _id, secretHash: _id },
    ...{ createdAt: at(5), changedAt: at(5) },
  });
  await fill('signups', [
    ...['waiting', 'withdrawn', 'declined'].map((state) => signUp(`${state}-closed`, 'e2', state)),
    ...['waiting', 'withdrawn', 'declined'].map((state) => signUp(`${state}-open`, 'e3', state)),
    ...['made', 'said', 'before', 'knows'].map((id) => signUp(`of-${id}`, 'e2', 'accepted', id)),
    signUp('of-made-too', 'e3', 'accepted', 'made'),
  ]);
  let accepting: Entry | null = null;
  for (const [id, more] of [
    ...['of-made', 'of-said', 'of-before', 'of-knows'].map(
      (each) => [each, { act: 'sign-up.accept', subject: { kind: 'sign-up', id: each } }] as const,
    ),
    [
      'said',
      { act: 'people.availability', subject: { kind: 'person', id: 'said' }, actorId: 'said' },
    ] as const,
  ]) {
    accepting = anEntry('past', `entry-${id}`, accepting, 10, more);
    await fill('auditentries', [accepting]);
  }
  const seat = (_id: string, slotId: string, rest: object) => ({
    ...{ _id, schoolId: 'past', exhibitionId: 'e3', slotId, personId: 'judge', createdAt: at(0), ...rest },
  });
  await fill('seats', [
    seat('alone', 's1', { studentId: 'here', conflictAcceptedAt: at(1) }),
    seat('group', 's2', {
      ...{ studentId: 'group', members: [{ studentId: 'gone' }, { studentId: 'late' }] },
      conflictAcceptedAt: at(1),
    }),
    seat('never', 's3', { studentId: 'here' }),
  ]);
  const student = {
    name: 'Old Name',
    sourcedId: '7',
    grade: '11',
    advisory: 'Birch',
    advisors: ['Ad Visor'],
  };
  await fill('transcripts', [
    {
      ...{
        _id: 'tr',
        schoolId: 'past',
        serial: 1,
        number: 'P-1',
        code: 'C',
        studentId: 'gone',
        termId: 't1',
      },
      ...{ studentName: 'Old Name', termName: 'One', state: 'issued', template: 'standard', pageSize: 'a4' },
      ...{ issuedBy: 'r', issuedName: 'R', snapshot: JSON.stringify({ student }) },
    },
  ]);
});
afterAll(() => connection.close());

describe('a database without unique indexes', () => {
  it('is described by a dry run, which changes nothing', async () => {
    const before = (await connection.db!.command({ dbHash: 1 }))['md5'] as string;
    await previewDatabase(uri(), options);
    expect((await connection.db!.command({ dbHash: 1 }))['md5']).toBe(before);
    expect(said.filter((line) => line.includes('migration'))).toEqual([
      'database.migration.pending 01-rejoin-forked-audit-chains',
      'database.migration.audit-forks forked 3',
      'database.migration.pending 02-one-job-per-key',
      'database.migration.jobs forked j1 2',
      'database.migration.pending 03-record-enrollments',
      'database.migration.enrollments past t1 2',
      'database.migration.pending 04-memberships',
      'database.migration.memberships 3',
      'database.migration.pending 05-seal-unkeyed-chains',
      'database.migration.audit-seal forked 4',
      'database.migration.audit-seal past 5',
      'database.migration.audit-seal whole 2',
      'database.migration.pending 09-when-exhibitions-closed',
      'database.migration.exhibitions-closed 2',
      'database.migration.pending 10-name-accepted-conflicts',
      'database.migration.accepted-conflicts 2',
      'database.migration.pending 11-sign-ups-of-closed-exhibitions',
      'database.migration.sign-ups-closed 3',
      'database.migration.guests-come-to 1',
    ]);
  });

  it('is repaired at the next start: one chain, in which no entry is lost and none of the proven ones changes', async () => {
    await (await openDatabase(uri(), options)).close();
    const chain = (await chainOf('forked')).filter(({ act }) => act !== 'audit.seal');
    expectWhole(chain);
    expect(chain.slice(0, 4)).toEqual([a1, b2, b3, b4]);
    expect(chain.slice(4, 7).map(({ _id, subject, at: when }) => [_id, subject, when])).toEqual(
      [a2, c2, a3].map(({ _id, subject, at: when }) => [_id, subject, when]),
    );
    expect(chain.slice(7)).toEqual([
      expect.objectContaining({
        act: 'audit.rejoin',
        detail: { entries: [a2, c2, a3].map(({ _id: id, number, hash }) => ({ id, number, hash })) },
      }),
    ]);
    const kept = await connection.collection('auditforks').find({}).sort({ _id: 1 }).toArray();
    expect(kept).toEqual([a2, a3, c2]);
    expect((await chainOf('whole')).slice(0, 2)).toEqual(whole);
  });

  it('is sealed once: a signed entry and a signed head say where the entries without a key ended', async () => {
    await connection.collection('migrations').deleteOne({ _id: '05-seal-unkeyed-chains' as never });
    await (await openDatabase(uri(), options)).close();
    const keys = auditKeysOf([auditKey]);
    for (const schoolId of ['forked', 'whole']) {
      const chain = await chainOf(schoolId);
      expect(chain.filter(({ act }) => act === 'audit.seal').length).toBe(1);
      const [before, { _id, ...seal }] = chain.slice(-2) as [Entry, Entry];
      const detail = { number: before.number, hash: before.hash };
      expect(seal).toMatchObject({ act: 'audit.seal', previousHash: before.hash, detail });
      expect(isEntryGenuine(keys, { id: _id, ...seal } as never)).toBe(true);
      expect(isEntryGenuine(keys, { id: _id, ...seal, detail: {} } as never)).toBe(false);
      const head = await connection.collection('auditheads').findOne({ _id: schoolId as never });
      expect(head).toMatchObject({ number: seal.number, hash: seal.hash });
      expect(isHeadGenuine(keys, head as never)).toBe(true);
    }
  });

  it('keeps every job; the oldest has the key, and no copy does its work once more', async () => {
    const jobs = await connection.collection('jobs').find({}).sort({ _id: 1 }).toArray();
    expect(jobs.map(({ _id, key, state }) => [_id, key, state])).toEqual([
      ['j1', 'k', 'waiting'],
      ['j2', 'k (copy j2)', 'failed'],
      ['j3', 'k (copy j3)', 'done'],
      ['j4', 'other', 'waiting'],
    ]);
  });

  it('keeps the school of every account as its membership, and binds its tokens to it', async () => {
    const accounts = await connection.collection('accounts').find({}).sort({ _id: 1 }).toArray();
    const membership = (personId: string, schoolId: string | null, networkId: string | null) => ({
      ...{ personId, schoolId, networkId },
      lastUsedAt: null,
    });
    expect(accounts).toEqual([
      {
        ...{ _id: 'ada', email: 'ada@old.example', name: null, passwordHash: 'h', offers: [] },
        memberships: [membership('p1', 's1', null)],
      },
      {
        ...{ _id: 'ben', email: 'ben@old.example', offers: [] },
        memberships: [membership('p2', 's2', null)],
      },
      {
        ...{ _id: 'net', email: 'net@old.example', name: 'Nia', offers: [] },
        memberships: [membership('p3', null, 'n1')],
      },
    ]);
    const tokens = await connection.collection('apitokens').find({}).sort({ _id: 1 }).toArray();
    expect(tokens.map(({ _id, personId }) => [_id, personId])).toEqual([
      ['t1', 'p1'],
      ['t2', 'p3'],
      ['t3', undefined],
    ]);
    const indexes = await connection.collection('accounts').indexes();
    expect(indexes.map(({ key }) => Object.keys(key as object)[0])).not.toContain('personId');
  });

  it('writes down when exhibitions were closed and when their last presentation ended', async () => {
    const found = await connection.collection('exhibitions').find({}).sort({ slug: 1 }).toArray();
    expect(found.map(({ slug, closedAt, lastEndsAt }) => [slug, closedAt, lastEndsAt])).toEqual([
      ['e1', at(1), null],
      ['e2', null, at(50)],
      ['e3', undefined, undefined],
    ]);
  });

  it('names the conflicts that were accepted with a seat', async () => {
    const seats = await connection.collection('seats').find({}).sort({ slotId: 1 }).toArray();
    expect(seats.map(({ acceptedConflicts }) => acceptedConflicts)).toEqual([
      ['here'],
      ['gone', 'late'],
      undefined,
    ]);
  });

  it('deletes sign-ups of closed exhibitions that nobody accepted, and no others', async () => {
    const found = await connection.collection('signups').find({}).sort({ _id: 1 }).toArray();
    expect(found.map(({ _id }) => String(_id))).toEqual([
      ...['declined-open', 'of-before', 'of-knows', 'of-made', 'of-made-too', 'of-said'],
      ...['waiting-open', 'withdrawn-open'],
    ]);
  });

  it('fills in what guests come to, of those alone whom an acceptance made', async () => {
    const guests = await connection.collection('people').find({ roles: 'guest' }).sort({ _id: 1 }).toArray();
    const comesTo = guests.map(({ _id, attendance }) => [String(_id), attendance?.comesTo?.sort()]);
    expect(comesTo).toEqual([
      ['before', undefined],
      ['knows', ['e2']],
      ['made', ['e2', 'e3']],
      ['said', undefined],
    ]);
  });

  it('records who was in a term that is over, from what was issued, else as they are now and marked so', async () => {
    const recorded = await connection.collection('enrollments').find({}).sort({ studentId: 1 }).toArray();
    expect(recorded).toEqual([
      expect.objectContaining({
        ...{ studentId: 'gone', termId: 't1', studentName: 'Old Name', grade: '11', assumed: false },
        ...{ advisory: { id: null, name: 'Birch' }, advisors: [{ id: null, name: 'Ad Visor' }] },
      }),
      expect.objectContaining({
        ...{ studentId: 'here', termId: 't1', grade: '12', assumed: true },
        ...{ advisory: { id: 'cedar', name: 'Cedar' }, advisors: [{ id: 'ad', name: 'Name of ad' }] },
      }),
    ]);
    expect(await connection.collection('enrolledterms').countDocuments()).toBe(1);
  });
});
