/** The note that says how far the sample school has been loaded, and the way back when a load was broken off. */
import { sharedCollection, type Database } from '../../database.js';

export interface SampleLoad {
  id: string;
  state: 'loading' | 'done';
  /** Of the process that loads. */
  pid: number;
  startedAt: Date;
}

const loads = sharedCollection<SampleLoad>(
  'sampleloads',
  { state: { type: String, required: true }, pid: Number, startedAt: Date },
  { indexes: [] },
);
export const sampleLoadsDeclaration = loads.declaration;

export const findSampleLoad = (db: Database, id: string) => loads.in(db).findOne({ id });
export const saveSampleLoad = (db: Database, load: SampleLoad) => loads.in(db).insert(load);
export const saveSampleLoadDone = (db: Database, id: string) =>
  loads.in(db).updateOne({ id }, { $set: { state: 'done' } });

/** Takes away everything of a half-loaded sample school, the note last: broken off here, too, it begins again. */
export async function removeSample(
  db: Database,
  slug: string,
  networkSlug: string,
  noteId: string,
): Promise<void> {
  const own = db.connection.db!;
  const school = await own.collection('schools').findOne({ slug });
  const network = await own.collection('networks').findOne({ slug: networkSlug });
  if (school) {
    for (const { name } of await own.listCollections({}, { nameOnly: true }).toArray()) {
      await own.collection(name).deleteMany({ schoolId: school._id });
    }
    await own.collection('accounts').deleteMany({ 'memberships.schoolId': school._id });
    await own.collection('schools').deleteOne({ _id: school._id });
  }
  if (network) {
    await own.collection('accounts').deleteMany({ 'memberships.networkId': network._id });
    await own.collection('networks').deleteOne({ _id: network._id });
  }
  await loads.in(db).remove({ id: noteId });
}
