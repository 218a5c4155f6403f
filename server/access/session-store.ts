/**
 * Where sessions lie: connect-mongo's store, with two habits of its own. The sessions of requests of the same moment are read together,
 * and a session that is used lives on by a write of its end alone, at most every ten minutes. Personal data: ids only.
 */
import MongoStore from 'connect-mongo';
import session, { type SessionData } from 'express-session';
import type { RequestHandler } from 'express';
import type { Database } from '../database.js';
import { gatherReads } from '../gather-reads.js';

const renewedAfter = 10 * 60;

type Kept = SessionData & { lastModified?: Date };
type Told = (error?: unknown) => void;

/**
 * It has no `touch` for express-session, which would send every answer in two pieces in order to call it before the second one;
 * `keepAlive` does that.
 */
export class SessionStore extends session.Store {
  private readonly kept: MongoStore;
  private readonly read = gatherReads<Kept>(async (ids) => {
    const sessions = await this.kept.collectionP;
    const living = { $or: [{ expires: { $exists: false } }, { expires: { $gt: new Date() } }] };
    const found = await sessions.find({ _id: { $in: ids }, ...living }).toArray();
    return found.map(({ _id, session: data, lastModified }) => ({
      id: _id,
      found: { ...(data as SessionData), ...(lastModified ? { lastModified } : {}) },
    }));
  });

  constructor(db: Database) {
    super();
    this.kept = MongoStore.create({
      client: db.connection.getClient() as never,
      dbName: db.name,
      collectionName: 'sessions',
      touchAfter: renewedAfter,
      stringify: false,
    });
    // It makes its index at once; when the program ends before that is done, nobody needs to hear of it. Whoever uses it does.
    this.kept.collectionP.catch(() => undefined);
  }

  override get(sid: string, told: (error: unknown, found?: SessionData | null) => void): void {
    this.read(sid).then(
      (found) => told(null, found),
      (error: unknown) => told(error),
    );
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
    if (!lastModified || Date.now() - lastModified.getTime() < renewedAfter * 1000) return next();
    request.session.touch();
    this.kept.touch(request.sessionID, request.session, (error) => next(error ?? undefined));
  };
}
