/** A migration of twenty steps; run as a program, it takes long enough to be killed in the middle. */
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '../../server/db/database.js';
import type { Migration } from '../../server/db/migration.js';

export const slowMigration = (milliseconds: number): Migration => ({
  name: '01-slow',
  async run({ db, stillOurs }) {
    for (let step = 1; step <= 20; step += 1) {
      await stillOurs();
      await db.collection<{ _id: number }>('steps').updateOne({ _id: step }, { $set: {} }, { upsert: true });
      if (milliseconds > 0) {
        process.stdout.write(`step ${step}\n`);
        await sleep(milliseconds);
      }
    }
  },
});

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const migrations = [slowMigration(200)];
  const clock = { now: () => new Date(0) };
  await openDatabase(process.argv[2]!, { collections: [], clock, migrations, leaseMilliseconds: 1000 });
}
