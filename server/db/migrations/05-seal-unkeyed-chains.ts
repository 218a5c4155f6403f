/**
 * Entries of the audit chain have a key since then; older ones have a plain hash, which anybody can compute.
 * Behind the last of them an entry with a key says where they ended: from here on nobody changes them without
 * the key. A chain that does not hold stays as it is.
 */
import { auditKeysOf, chainEntry, signHead, type AuditEntry } from '../../audit/audit-entry.js';
import { newId } from '../../ids.js';
import type { Db, Migration } from '../migration.js';

type Stored = Omit<AuditEntry, 'id'> & { _id: string };

const entriesOf = (db: Db) => db.collection<Stored>('auditentries');

export const sealUnkeyedChains: Migration = {
  name: '05-seal-unkeyed-chains',
  async run({ db, clock, keyFor, dryRun, say, stillOurs, transaction }) {
    const keys = auditKeysOf([keyFor('audit')]);
    for (const schoolId of await schoolsOf(db)) {
      await stillOurs();
      const [last] = await entriesOf(db).find({ schoolId }).sort({ number: -1 }).limit(1).toArray();
      if (!last || last.keyId) continue;
      say('database.migration.audit-seal', { school: schoolId, count: last.number });
      if (dryRun) continue;
      const { number, hash } = last;
      const facts = {
        ...{ id: newId(), schoolId, at: clock.now(), order: '', actorId: 'migration', via: 'script' },
        ...{ act: 'audit.seal', subject: { kind: 'school', id: schoolId }, detail: { number, hash } },
        ...{ keyId: '', signature: '' },
      };
      const seal = chainEntry(keys, facts, last);
      const head = signHead(keys, seal);
      await transaction(async (session) => {
        await entriesOf(db).insertOne(stored(seal), { session });
        await db
          .collection<{ _id: string }>('auditheads')
          .replaceOne({ _id: schoolId }, stored(head), { session, upsert: true });
      });
    }
  },
};

function stored<T extends { id: string }>({ id, ...fields }: T): Omit<T, 'id'> & { _id: string } {
  return { _id: id, ...fields };
}

/** In steps along the index, whatever the number of entries. */
async function schoolsOf(db: Db): Promise<string[]> {
  const found: string[] = [];
  for (let after = ''; ;) {
    const next = await entriesOf(db)
      .find({ schoolId: { $gt: after } }, { projection: { schoolId: 1 } })
      .sort({ schoolId: 1, number: -1 })
      .limit(1)
      .next();
    if (!next) return found;
    found.push((after = next.schoolId));
  }
}
