/**
 * Closing an exhibition deletes the sign-ups that nobody accepted: those of exhibitions closed earlier go
 * now. And a guest whom an acceptance made comes to nothing but what they signed up for, which was not always
 * written down. Of people whom the school knew before, nothing is filled in: guests who are asked to
 * everything stay so, and so does whoever has said since when they come to anything.
 */
import type { Db, Migration } from '../migration.js';
import { inPortions } from './in-portions.js';

interface SignUp {
  _id: string;
  schoolId: string;
  exhibitionId: string;
  personId: string;
}
interface Person {
  _id: string;
  schoolId: string;
  createdAt: Date;
}
interface Entry {
  at: Date;
  actorId: string;
  subject: { kind: string; id: string };
}

/** A guest is made in the transaction of the acceptance, and MongoDB ends transactions after a minute. */
const TRANSACTION = 60_000;
const notAccepted = ['waiting', 'withdrawn', 'declined'];

export const signUpsOfClosedExhibitions: Migration = {
  name: '11-sign-ups-of-closed-exhibitions',
  async run({ db, dryRun, say, stillOurs }) {
    const signUps = db.collection<SignUp>('signups');
    const closed = { phase: 'closed' };
    let count = 0;
    await inPortions({ db, stillOurs }, { collection: 'exhibitions', wanted: closed }, async (found) => {
      const left = { exhibitionId: { $in: found.map(({ _id }) => _id) }, state: { $in: notAccepted } };
      count += dryRun ? await signUps.countDocuments(left) : (await signUps.deleteMany(left)).deletedCount;
    });
    if (count > 0) say('database.migration.sign-ups-closed', { count });

    const people = db.collection<Person>('people');
    const wanted = { roles: ['guest'], 'attendance.comesTo': null, attendance: { $type: 'object' } };
    let guests = 0;
    await inPortions<Person>({ db, stillOurs }, { collection: 'people', wanted }, async (found) => {
      const theirs = await signUps
        .find({ personId: { $in: found.map(({ _id }) => _id) }, state: 'accepted' } as never)
        .toArray();
      for (const person of found) {
        const own = theirs.filter(({ personId }) => personId === person._id);
        if (own.length === 0 || !(await isMadeByAcceptance(db, person, own))) continue;
        const comesTo = [...new Set(own.map(({ exhibitionId }) => exhibitionId))];
        guests += 1;
        if (!dryRun)
          await people.updateOne({ _id: person._id, ...wanted }, { $set: { 'attendance.comesTo': comesTo } });
      }
    });
    if (guests > 0) say('database.migration.guests-come-to', { count: guests });
  },
};

/**
 * Whether the record came into being as one of these sign-ups was accepted, and its person has not said
 * anything of themselves since.
 */
async function isMadeByAcceptance(db: Db, person: Person, own: readonly SignUp[]): Promise<boolean> {
  const { _id, schoolId, createdAt } = person;
  const entries = db.collection<Entry>('auditentries');
  const accepted = await entries.findOne({
    ...{ schoolId, 'subject.kind': 'sign-up', 'subject.id': { $in: own.map((each) => each._id) } },
    ...{ act: 'sign-up.accept', at: { $gte: createdAt, $lte: new Date(createdAt.getTime() + TRANSACTION) } },
  } as never);
  if (!accepted) return false;
  // On the page of the school's own people they speak of everything that is planned; a record merged into
  // theirs may have done so.
  const said = { act: 'people.availability', actorId: _id, via: 'session' };
  const about = { schoolId, 'subject.kind': 'person', 'subject.id': _id };
  return (await entries.findOne({ ...about, $or: [said, { act: 'people.merge' }] } as never)) === null;
}
