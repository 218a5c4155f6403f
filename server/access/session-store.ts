/**
 * Where sessions lie: connect-mongo's store, with two habits of its own. The sessions of requests of the same
 * moment are read together, and a session that is used lives on by a write of its end alone, at most every
 * ten minutes. Personal data: ids only.
 */
import MongoStore from 'connect-mongo';
import session, { type SessionData } from 'express-session';
import type { RequestHandler } from 'express';
import { sharedCollection, type Database, type SharedScope } from '../db/database.js';
import { readBatched } from '../db/batch/batched-queries.js';

const renewedAfter = 10 * 60;

type Kept = SessionData & { lastModified?: Date };
const sessions = 'sessions';
interface Stored {
  session: SessionData;
  expires?: Date;
  lastModified?: Date;
}
type Told = (error?: unknown) => void;

/** connect-mongo writes it. Indexes: the end of a session, and the guests of a seat, who are out when its pass ends. */
export const { declaration: sessionsDeclaration } = sharedCollection(
  sessions,
  {},
  {
    indexes: [
      { keys: { expires: 1 }, expireAfterSeconds: 0 },
      { keys: { 'session.guest.seatIds': 1 }, sparse: true },
    ],
  },
);

/** Which of these sessions are there still. */
export async function listLiveSessions(
  { connection }: Database,
  ids: readonly string[],
): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const found = await connection
    .collection<{ _id: string }>(sessions)
    .find({ _id: { $in: ids } }, { projection: { _id: 1 } })
    .toArray();
  return new Set(found.map(({ _id }) => _id));
}

const ofPerson = (personId: string) => ({
  $or: [{ 'session.personId': personId }, { 'session.guest.personId': personId }],
});
export const countSessionsOf = ({ db, session: inside }: SharedScope, personId: string): Promise<number> =>
  db.connection.collection(sessions).countDocuments(ofPerson(personId), inside ? { session: inside } : {});
/** Signed in, or come in by a pass. Number of sessions ended. */
export const removeSessionsOf = async (
  { db, session: inside }: SharedScope,
  personId: string,
): Promise<number> =>
  (await db.connection.collection(sessions).deleteMany(ofPerson(personId), inside ? { session: inside } : {}))
    .deletedCount;

/**
 * It has no `touch` for express-session, which would send every answer in two pieces in order to call it
 * before the second one; `keepAlive` does that.
 */
export class SessionStore extends session.Store {
  private readonly kept: MongoStore;
  private readonly db: Database;

  constructor(db: Database) {
    super();
    this.db = db;
    this.kept = MongoStore.create({
      client: db.connection.getClient(),
      dbName: db.name,
      collectionName: sessions,
      touchAfter: renewedAfter,
      stringify: false,
      // Its index is in our declaration.
      autoRemove: 'disabled',
    });
    // It connects at once; when the program ends before that is done, nobody needs to hear of it. Whoever uses it does.
    this.kept.collectionP.catch(() => undefined);
  }

  override get(sid: string, told: (error: unknown, found?: SessionData | null) => void): void {
    this.read(sid).then(
      (found) => told(null, found),
      (error: unknown) => told(error),
    );
  }

  private async read(sid: string): Promise<Kept | null> {
    const stored = (await readBatched(this.db.connection, sessions, {}, sid)) as Stored | null;
    if (!stored || (stored.expires && stored.expires <= new Date())) return null;
    const { session: data, lastModified } = stored;
    return { ...data, ...(lastModified ? { lastModified } : {}) };
  }

  override set(sid: string, data: SessionData, told?: Told): void {
    this.kept.set(sid, data, told);
  }

  override destroy(sid: string, told?: Told): void {
    this.kept.destroy(sid, told);
  }

  /** Comes after the session is read: one that was used lives on. */
  readonly keepAlive: RequestHandler = (request, _response, next) => {
    const { lastModified } = (request.session ?? {}) as Partial<Kept>;
    if (!lastModified || Date.now() - lastModified.getTime() < renewedAfter * 1000) {
      next();
      return;
    }
    request.session.touch();
    this.kept.touch(request.sessionID, request.session, (error) => next(error ?? undefined));
  };
}
