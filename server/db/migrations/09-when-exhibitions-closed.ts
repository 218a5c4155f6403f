/**
 * A panel's access ends some days after its exhibition closed. Exhibitions closed before that was written
 * down get the moment from the audit chain, and the end of their last presentation from their slots.
 */
import type { Db, Migration } from '../migration.js';
import { inPortions } from './in-portions.js';

interface Closed {
  _id: string;
  schoolId: string;
  phase: string;
  closedAt?: Date | null;
  lastEndsAt?: Date | null;
}
interface Entry {
  _id: string;
  schoolId: string;
  act: string;
  at: Date;
  number: number;
  subject: { kind: string; id: string };
}
interface Slot {
  _id: string;
  schoolId: string;
  exhibitionId: string;
  startsAt: Date;
  minutes: number;
}

export const whenExhibitionsClosed: Migration = {
  name: '09-when-exhibitions-closed',
  async run({ db, dryRun, say, stillOurs }) {
    const exhibitions = db.collection<Closed>('exhibitions');
    const wanted = { phase: 'closed', closedAt: null };
    const count = await exhibitions.countDocuments(wanted);
    if (count === 0) return;
    say('database.migration.exhibitions-closed', { count });
    if (dryRun) return;
    await inPortions<Closed>({ db, stillOurs }, { collection: 'exhibitions', wanted }, async (found) => {
      for (const exhibition of found) {
        const [closedAt, lastEndsAt] = await Promise.all([
          closedOf(db, exhibition),
          lastEndOf(db, exhibition),
        ]);
        if (closedAt ?? lastEndsAt)
          await exhibitions.updateOne({ _id: exhibition._id, ...wanted }, { $set: { closedAt, lastEndsAt } });
      }
    });
  },
};

async function closedOf(db: Db, { _id, schoolId }: Closed): Promise<Date | null> {
  const [last] = await db
    .collection<Entry>('auditentries')
    .find({ schoolId, 'subject.kind': 'exhibition', 'subject.id': _id, act: 'exhibition.close' })
    .sort({ number: -1 })
    .limit(1)
    .toArray();
  return last?.at ?? null;
}

async function lastEndOf(db: Db, { _id, schoolId }: Closed): Promise<Date | null> {
  const [last] = await db
    .collection<Slot>('slots')
    .find({ schoolId, exhibitionId: _id })
    .sort({ startsAt: -1 })
    .limit(1)
    .toArray();
  return last ? new Date(last.startsAt.getTime() + last.minutes * 60_000) : null;
}
