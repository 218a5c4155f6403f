/**
 * Asked at every start, so it knows nothing of pictures, sounds and prose: those are fetched only when there
 * is something to load.
 */
import { countAccounts } from '../access/account-records.js';
import type { Context } from '../context.js';
import { findSampleLoad } from '../school/sample-load-records.js';
import { countSchools } from '../school/school-records.js';

const noteId = 'riverbend';

/** Whether a start should load it: an embedded database that holds nothing yet, or a load that was broken off. */
export async function sampleSchoolWanted({ config, db }: Context): Promise<boolean> {
  if (!config.sampleSchool || config.database.kind !== 'embedded') return false;
  if ((await findSampleLoad(db, noteId))?.state === 'loading') return true;
  return (await countSchools(db)) === 0 && (await countAccounts(db)) === 0;
}
