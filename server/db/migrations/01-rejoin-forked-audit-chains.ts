/**
 * Installations without unique indexes could write several audit entries with one number. The chain that the
 * last entry proves stays as it is, to the byte; entries beside it are appended behind it under new numbers,
 * with everything that they say, and an entry of its own names them. As they were, they are kept in
 * `auditforks`. A chain that does not hold is not made to hold.
 */
import type mongoose from 'mongoose';
import { hashOf } from '../../canonical.js';
import { newId } from '../../ids.js';
import type { Db, Migration, MigrationContext } from '../migration.js';

interface Entry {
  _id: string;
  schoolId: string;
  number: number;
  at: Date;
  actorId: string;
  via: string;
  act: string;
  subject: { kind: string; id: string };
  detail: Record<string, unknown>;
  previousHash: string;
  hash: string;
}

type Link = Pick<Entry, '_id' | 'number' | 'hash' | 'previousHash' | 'at'>;

const entriesOf = (db: Db) => db.collection<Entry>('auditentries');

export const rejoinForkedAuditChains: Migration = {
  name: '01-rejoin-forked-audit-chains',
  async run(context) {
    for (const schoolId of await forkedSchools(context.db)) {
      await context.stillOurs();
      const beside = await entriesBeside(context.db, schoolId);
      context.say('database.migration.audit-forks', { school: schoolId, count: beside.length });
      if (!context.dryRun) await rejoin(context, schoolId, beside);
    }
  },
};

async function forkedSchools(db: Db): Promise<string[]> {
  const forks = await entriesOf(db)
    .aggregate<{ _id: string }>(
      [
        { $group: { _id: { schoolId: '$schoolId', number: '$number' }, count: { $sum: 1 } } },
        { $match: { count: { $gt: 1 } } },
        { $group: { _id: '$_id.schoolId' } },
        { $sort: { _id: 1 } },
      ],
      { allowDiskUse: true },
    )
    .toArray();
  return forks.map(({ _id }) => _id);
}

/**
 * Walks from the last entry back to the first; what was not met lies beside the chain. In the order in which
 * they were written.
 */
async function entriesBeside(db: Db, schoolId: string): Promise<Link[]> {
  const links = await entriesOf(db)
    .find({ schoolId }, { projection: { number: 1, hash: 1, previousHash: 1, at: 1 } })
    .toArray();
  const byNumber = groupByNumber(links);
  const beside: Link[] = [];
  let wanted: string | null = null;
  for (const number of [...byNumber.keys()].sort((a, b) => b - a)) {
    const candidates = byNumber.get(number)!.sort(earlierFirst);
    // Where the chain is broken, the earliest goes on; the check of the records tells of the break.
    const chosen = candidates.find(({ hash }) => hash === wanted) ?? candidates[0]!;
    beside.push(...candidates.filter((each) => each !== chosen));
    wanted = chosen.previousHash;
  }
  return beside.sort((a, b) => a.number - b.number || earlierFirst(a, b));
}

function groupByNumber(links: readonly Link[]): Map<number, Link[]> {
  const groups = new Map<number, Link[]>();
  for (const link of links) {
    const group = groups.get(link.number);
    if (group) group.push(link);
    else groups.set(link.number, [link]);
  }
  return groups;
}

const earlierFirst = (a: Link, b: Link): number =>
  a.at.getTime() - b.at.getTime() || (a._id < b._id ? -1 : 1);

/** In one transaction: killed in the middle, nothing has happened. */
const rejoin = ({ db, clock, transaction }: MigrationContext, schoolId: string, beside: readonly Link[]) =>
  transaction(async (session: mongoose.mongo.ClientSession) => {
    const entries = entriesOf(db);
    const ids = beside.map(({ _id }) => _id);
    const originals = await entries.find({ _id: { $in: ids } }, { session }).toArray();
    const ordered = ids.map((id) => originals.find(({ _id }) => _id === id)!);
    await entries.deleteMany({ _id: { $in: ids } }, { session });
    await db.collection<Entry>('auditforks').insertMany(originals, { session });
    let last = (await entries.find({ schoolId }, { session }).sort({ number: -1 }).limit(1).next())!;
    const append = (entry: Omit<Entry, 'number' | 'previousHash' | 'hash'>): Entry => {
      const { _id, schoolId: owner, at, actorId, via, act, subject, detail } = entry;
      const content = {
        ...{ number: last.number + 1, at, actorId, via, act, subject, detail },
        previousHash: last.hash,
      };
      last = { _id, schoolId: owner, ...content, hash: hashOf(content) };
      return last;
    };
    const appended = ordered.map(append);
    appended.push(
      append({
        _id: newId(),
        schoolId,
        at: clock.now(),
        actorId: 'migration',
        via: 'script',
        act: 'audit.rejoin',
        subject: { kind: 'school', id: schoolId },
        detail: { entries: ordered.map(({ _id: id, number, hash }) => ({ id, number, hash })) },
      }),
    );
    await entries.insertMany(appended, { session });
  });
