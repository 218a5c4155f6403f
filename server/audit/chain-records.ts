/**
 * The append-only record of what was done: one hash chain per school, each entry holds the hash of the one
 * before. Entries wait in `auditpending` for their place; those in the chain are never updated or removed.
 * Personal data: ids of people, never names or texts.
 */
import { schoolCollection, sharedCollection, type Database, type SchoolScope } from '../db/database.js';
import type { AuditEntry, AuditFacts, ChainHead, PendingEntry } from './audit-entry.js';

const fixed = { required: true, immutable: true } as const;
const facts = {
  at: { type: Date, ...fixed },
  actorId: { type: String, ...fixed },
  via: { type: String, ...fixed },
  act: { type: String, ...fixed },
  subject: { type: Object, ...fixed },
  detail: { type: Object, ...fixed },
};

const entries = schoolCollection<AuditEntry>(
  'auditentries',
  {
    ...facts,
    number: { type: Number, ...fixed },
    keyId: { type: String, immutable: true },
    previousHash: { type: String, ...fixed },
    hash: { type: String, ...fixed },
  },
  {
    indexes: [
      { keys: { schoolId: 1, number: -1 }, unique: true },
      { keys: { schoolId: 1, 'subject.kind': 1, 'subject.id': 1, number: -1 } },
      // Which entry froze a record, and which one names it as removed.
      { keys: { schoolId: 1, 'detail.records.id': 1 } },
      { keys: { schoolId: 1, 'detail.erased.id': 1 } },
    ],
  },
);

const pending = schoolCollection<PendingEntry>(
  'auditpending',
  {
    ...facts,
    order: { type: String, ...fixed },
    keyId: { type: String, ...fixed },
    signature: { type: String, ...fixed },
  },
  { indexes: [{ keys: { schoolId: 1, at: 1, order: 1 } }] },
);

const heads = sharedCollection<ChainHead>(
  'auditheads',
  {
    schoolId: { type: String, ...fixed },
    number: { type: Number, required: true },
    hash: { type: String, required: true },
    keyId: { type: String, required: true },
    signature: { type: String, required: true },
    /** When it was last said outside of the database where the chain ends. */
    anchoredAt: Date,
  },
  { indexes: [] },
);

export const auditEntriesDeclaration = entries.declaration;
export const auditPendingDeclaration = pending.declaration;
export const auditHeadsDeclaration = heads.declaration;

export const findLastEntry = (scope: SchoolScope) => entries.in(scope).findOne({}, { sort: { number: -1 } });
export const listChainFrom = (scope: SchoolScope, number: number, limit: number) =>
  entries.in(scope).find({ number: { $gte: number } }, { sort: { number: 1 }, limit });
/** Which of these entries are in the chain. */
export const listChainedIds = async (scope: SchoolScope, ids: readonly string[]): Promise<Set<string>> =>
  new Set((await entries.in(scope).find({ id: { $in: ids } }, { fields: ['id'] })).map(({ id }) => id));
/** In their order; stops at the first that has another's number. */
export const saveEntries = (scope: SchoolScope, list: AuditEntry[]) => entries.in(scope).insertMany(list);

/** Entries of these acts on these subjects, in order. */
export const listEntriesOn = (scope: SchoolScope, kind: string, ids: readonly string[]) =>
  entries.in(scope).find({ 'subject.kind': kind, 'subject.id': { $in: ids } }, { sort: { number: 1 } });
/** The last entries on this subject, the latest first; those that wait for their place are the latest of all. */
export async function listLatestEntriesOn(
  scope: SchoolScope,
  kind: string,
  id: string,
  limit: number,
): Promise<Pick<AuditFacts, 'at' | 'actorId' | 'act' | 'detail'>[]> {
  const on = { 'subject.kind': kind, 'subject.id': id };
  const [waiting, chained] = await Promise.all([
    pending.in(scope).find(on, { sort: { at: -1, order: -1 }, limit }),
    entries.in(scope).find(on, { sort: { number: -1 }, limit }),
  ]);
  return [...waiting, ...chained].slice(0, limit);
}
/** Entries that froze one of these records, in order. */
export const listEntriesFreezing = (scope: SchoolScope, ids: readonly string[]) =>
  entries.in(scope).find({ 'detail.records.id': { $in: ids } }, { sort: { number: 1 } });
/** Entries that name one of these records as removed. */
export const listEntriesErasing = (scope: SchoolScope, ids: readonly string[]) =>
  entries.in(scope).find({ 'detail.erased.id': { $in: ids } });

export const savePending = (scope: SchoolScope, list: PendingEntry[]) => pending.in(scope).insertMany(list);
/** The oldest first. */
export const listPending = (scope: SchoolScope, limit: number) =>
  pending.in(scope).find({}, { sort: { at: 1, order: 1 }, limit });
export const removePending = (scope: SchoolScope, ids: readonly string[]) =>
  pending.in(scope).remove({ id: { $in: ids } });
/** Schools whose entries wait for their place. */
export const listSchoolsWithPending = async (db: Database): Promise<string[]> =>
  (await pending.acrossSchools(db).aggregate<{ _id: string }>([{ $group: { _id: '$schoolId' } }])).map(
    ({ _id }) => _id,
  );

export const findHead = (scope: SchoolScope) => heads.in(scope).findOne({ id: scope.schoolId });
/** Only ever further on: of two at once the shorter one is ignored. */
export const saveHead = async (scope: SchoolScope, { id, ...head }: ChainHead): Promise<void> => {
  await heads.in(scope).updateOne({ id, number: { $lt: head.number } }, { $set: head }, { upsert: true });
};
/** Takes the turn to anchor this school's chain; false when somebody has taken it since `before`. */
export const saveAnchorTurn = async (
  db: Database,
  schoolId: string,
  now: Date,
  before: Date,
): Promise<boolean> =>
  (await heads
    .in(db)
    .updateOne(
      { id: schoolId, $or: [{ anchoredAt: null }, { anchoredAt: { $lte: before } }] },
      { $set: { anchoredAt: now } },
    )) > 0;
