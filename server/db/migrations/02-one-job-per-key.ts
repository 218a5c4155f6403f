/**
 * Installations without unique indexes could write several jobs with one key. The oldest keeps it; each other
 * gets a key of its own, and one that has not ended ends as failed, because the oldest does its work.
 */
import type { Migration } from '../migration.js';

interface Job {
  _id: string;
  schoolId: string;
  kind: string;
  key: string;
  state: string;
  createdAt: Date;
}

export const oneJobPerKey: Migration = {
  name: '02-one-job-per-key',
  async run({ db, clock, dryRun, say, stillOurs }) {
    const jobs = db.collection<Job>('jobs');
    const shared = await jobs
      .aggregate<{ _id: Pick<Job, 'schoolId' | 'kind' | 'key'> }>(
        [
          { $group: { _id: { schoolId: '$schoolId', kind: '$kind', key: '$key' }, count: { $sum: 1 } } },
          { $match: { count: { $gt: 1 } } },
        ],
        { allowDiskUse: true },
      )
      .toArray();
    for (const { _id: wanted } of shared) {
      await stillOurs();
      const [oldest, ...others] = await jobs
        .find({ ...wanted })
        .sort({ createdAt: 1, _id: 1 })
        .toArray();
      say('database.migration.jobs', { school: wanted.schoolId, kept: oldest!._id, count: others.length });
      if (dryRun) continue;
      const ends = { state: 'failed', lease: null, finishedAt: clock.now() };
      await jobs.bulkWrite(
        others.map(({ _id, key, state }) => ({
          updateOne: {
            filter: { _id },
            update: {
              $set: {
                key: `${key} (copy ${_id})`,
                ...(state === 'waiting' || state === 'running' ? ends : {}),
              },
            },
          },
        })),
      );
    }
  },
};
