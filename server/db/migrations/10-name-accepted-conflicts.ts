/**
 * That a panelist was seated in spite of a conflict of interest was one moment, which covered whatever was
 * recorded later. Now it names what was accepted. Seats from before get the conflicts with their presenters
 * that are known today, so that nobody is asked again about those in the middle of a day.
 */
import type { Migration } from '../migration.js';
import { inPortions } from './in-portions.js';

interface Seat {
  _id: string;
  schoolId: string;
  personId: string;
  studentId: string;
  members?: { studentId: string }[];
  conflictAcceptedAt?: Date;
  acceptedConflicts?: string[];
}
interface Person {
  _id: string;
  schoolId: string;
  attendance?: { conflictIds?: string[] };
}

export const nameAcceptedConflicts: Migration = {
  name: '10-name-accepted-conflicts',
  async run({ db, dryRun, say, stillOurs }) {
    const seats = db.collection<Seat>('seats');
    const wanted = { conflictAcceptedAt: { $type: 'date' as const }, acceptedConflicts: { $exists: false } };
    const count = await seats.countDocuments(wanted);
    if (count === 0) return;
    say('database.migration.accepted-conflicts', { count });
    if (dryRun) return;
    await inPortions<Seat>({ db, stillOurs }, { collection: 'seats', wanted }, async (found) => {
      const people = await db
        .collection<Person>('people')
        .find({ _id: { $in: found.map(({ personId }) => personId) } })
        .toArray();
      const known = new Map(people.map(({ _id, attendance }) => [_id, attendance?.conflictIds ?? []]));
      for (const { _id, personId, studentId, members } of found) {
        const presenters = [studentId, ...(members ?? []).map((member) => member.studentId)];
        const acceptedConflicts = (known.get(personId) ?? []).filter((id) => presenters.includes(id));
        await seats.updateOne({ _id, ...wanted }, { $set: { acceptedConflicts } });
      }
    });
  },
};
