/**
 * The notes that say how far a sample school has been loaded; each is named by the school's slug, which no
 * school of somebody's own can have then. Personal data: none.
 */
import { sharedCollection, type Database } from '../db/database.js';
import type { School } from './school.js';

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
export const removeSampleLoad = (db: Database, id: string) => loads.in(db).remove({ id });

/** Made-up people, whose papers nobody outside relies on. */
export const isSampleSchool = async (db: Database, { slug }: Pick<School, 'slug'>): Promise<boolean> =>
  (await findSampleLoad(db, slug)) !== null;
