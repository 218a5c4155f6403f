/**
 * An account belonged to one person of one school, or to one network. It now holds memberships, one for each
 * place where its owner has a part, and a token is bound to one of them.
 */
import type { Db, Migration } from '../migration.js';

const gone = new Set(['IndexNotFound', 'NamespaceNotFound']);

/** The old index allows one account without `personId`, so it goes first. */
async function dropOldIndex(db: Db): Promise<void> {
  await db
    .collection('accounts')
    .dropIndex('personId_1')
    .catch((error: unknown) => {
      if (!gone.has(String((error as { codeName?: unknown }).codeName))) throw error;
    });
}

export const memberships: Migration = {
  name: '04-memberships',
  async run({ db, dryRun, say, stillOurs }) {
    const accounts = db.collection('accounts');
    const old = { memberships: { $exists: false }, personId: { $exists: true } };
    const count = await accounts.countDocuments(old);
    if (count === 0) return;
    say('database.migration.memberships', { count });
    if (dryRun) return;
    await dropOldIndex(db);
    await stillOurs();
    await accounts.updateMany(old, [
      {
        $set: {
          memberships: [
            {
              personId: '$personId',
              schoolId: { $ifNull: ['$schoolId', null] },
              networkId: { $ifNull: ['$networkId', null] },
              lastUsedAt: null,
            },
          ],
          offers: [],
        },
      },
      { $unset: ['personId', 'schoolId', 'networkId'] },
    ]);
    await stillOurs();
    await db
      .collection('apitokens')
      .aggregate([
        { $match: { personId: { $exists: false } } },
        { $lookup: { from: 'accounts', localField: 'accountId', foreignField: '_id', as: 'account' } },
        { $project: { personId: { $first: { $first: '$account.memberships.personId' } } } },
        { $match: { personId: { $type: 'string' } } },
        { $merge: { into: 'apitokens', on: '_id', whenMatched: 'merge', whenNotMatched: 'discard' } },
      ])
      .toArray();
  },
};
