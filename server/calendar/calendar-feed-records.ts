/**
 * Addresses under which people subscribe to their own calendar. Personal data: whose it is; the secret only as a hash.
 */
import { schoolCollection, type Database, type SchoolScope } from '../db/database.js';
import { tracesIn } from '../person-traces.js';

export interface CalendarFeed {
  id: string;
  schoolId: string;
  personId: string;
  secretHash: string;
  createdAt: Date;
  /** When a program last asked, to the hour. */
  usedAt: Date | null;
}

const feeds = schoolCollection<CalendarFeed>(
  'calendarfeeds',
  {
    personId: { type: String, required: true, immutable: true },
    secretHash: { type: String, required: true },
    createdAt: { type: Date, required: true },
    usedAt: { type: Date, default: null },
  },
  {
    indexes: [
      { keys: { schoolId: 1, personId: 1 }, unique: true },
      { keys: { secretHash: 1 }, unique: true },
    ],
  },
);
export const calendarFeedsDeclaration = feeds.declaration;

export const findFeedOf = (scope: SchoolScope, personId: string) => feeds.in(scope).findOne({ personId });
/** Asked before any school is known: the hash is the only thing that is. */
export const findFeedBySecret = (db: Database, secretHash: string) =>
  feeds.acrossSchools(db).findOne({ secretHash });

export const saveFeed = (scope: SchoolScope, feed: CalendarFeed) => feeds.in(scope).insert(feed);
/** The old address is nobody's from now on. */
export const saveFeedRenewed = (scope: SchoolScope, id: string, secretHash: string, createdAt: Date) =>
  feeds.in(scope).findOneAndUpdate({ id }, { $set: { secretHash, createdAt, usedAt: null } });
export const saveFeedUsed = (scope: SchoolScope, id: string, usedAt: Date) =>
  feeds.in(scope).updateOne({ id }, { $set: { usedAt } });
/** Number of addresses taken away: 0 when there was none. */
export const removeFeed = (scope: SchoolScope, personId: string) => feeds.in(scope).remove({ personId });

export const removeFeedsOf = tracesIn(feeds, ({ id }) => ({ personId: id }));
