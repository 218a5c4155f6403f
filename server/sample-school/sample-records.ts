/** The way back when the loading of the sample school was broken off. */
import type { Database } from '../db/database.js';
import { removeSampleLoad } from '../school/sample-load-records.js';

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
  await removeSampleLoad(db, noteId);
}
