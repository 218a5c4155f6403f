/**
 * The event streams that are open on this instance. A stream was allowed when it was opened; it ends when
 * that is no longer so: at sign-out, here or everywhere, after a change of password, when an account or a
 * person is deactivated, at the latest end of a session, and when a token is revoked or expires. Asked for
 * all streams together, so that it costs three questions however many listen. Caps them: a page that opens
 * one after another takes no memory from others.
 */
import type { Request } from 'express';
import type { Clock } from '../clock.js';
import type { Config } from '../config.js';
import type { Database } from '../db/database.js';
import { TooMany } from '../errors.js';
import { listAccountEnds } from './account-records.js';
import { listTokensGood } from './token-records.js';
import { hashSecret } from './secrets.js';
import { bearerOf } from './session.js';
import { listLiveSessions } from './session-store.js';
import { subnetOf } from './subnet.js';

export const MAX_STREAMS_PER_SESSION = 8;
/** A school behind one address, everybody with the board open. */
const MAX_STREAMS_PER_SUBNET = 3000;
const MAX_STREAMS = 6000;

const lookMilliseconds = 3000;
const retrySeconds = 30;

interface OpenStream {
  sessionId: string | null;
  /** Of a program: by its hash. */
  token: string | null;
  accountId: string | null;
  /** When the session signed in, milliseconds since 1970. */
  since: number;
  /** The account's `sessionEpoch` when the session signed in. */
  epoch: number;
  subnet: string;
  end(): void;
}

class OpenStreams {
  private readonly streams = new Set<OpenStream>();
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly sessionMilliseconds: number,
  ) {}

  /** @throws TooMany */
  add(stream: OpenStream): () => void {
    const all = [...this.streams];
    const ofSession = all.filter(
      ({ sessionId, token }) => sessionId === stream.sessionId && token === stream.token,
    ).length;
    const ofSubnet = all.filter(({ subnet }) => subnet === stream.subnet).length;
    if (
      all.length >= MAX_STREAMS ||
      ofSession >= MAX_STREAMS_PER_SESSION ||
      ofSubnet >= MAX_STREAMS_PER_SUBNET
    )
      throw new TooMany(retrySeconds);
    this.streams.add(stream);
    this.timer ??= setInterval(() => void this.look().catch(() => undefined), lookMilliseconds).unref();
    return () => {
      this.streams.delete(stream);
      if (this.streams.size > 0 || !this.timer) return;
      clearInterval(this.timer);
      this.timer = null;
    };
  }

  endSession(sessionId: string): void {
    for (const stream of [...this.streams]) if (stream.sessionId === sessionId) stream.end();
  }

  /** Ends what another instance, or somebody else's act, has ended. A database that does not answer ends nothing. */
  private async look(): Promise<void> {
    const streams = [...this.streams];
    const idsOf = (of: (stream: OpenStream) => string | null) => [
      ...new Set(streams.map(of).filter((id) => id !== null)),
    ];
    const now = this.clock.now();
    const [sessions, tokens, accounts] = await Promise.all([
      listLiveSessions(
        this.db,
        idsOf(({ sessionId }) => sessionId),
      ),
      listTokensGood(
        this.db,
        idsOf(({ token }) => token),
        now,
      ),
      listAccountEnds(
        this.db,
        idsOf(({ accountId }) => accountId),
      ),
    ]);
    for (const stream of streams) {
      const account = stream.accountId === null ? null : accounts.get(stream.accountId);
      const signedOut =
        (stream.sessionId !== null && !sessions.has(stream.sessionId)) ||
        (stream.token !== null && !tokens.has(stream.token)) ||
        now.getTime() - stream.since >= this.sessionMilliseconds;
      const ended =
        account === undefined ||
        (account !== null &&
          (account.disabledAt !== null ||
            stream.since < (account.sessionsFrom?.getTime() ?? 0) ||
            stream.epoch !== account.sessionEpoch));
      if (signedOut || ended) stream.end();
    }
  }
}

const byDatabase = new WeakMap<Database, OpenStreams>();

export interface StreamNeeds {
  db: Database;
  clock: Clock;
  config: Pick<Config, 'sessionMilliseconds'>;
}

/**
 * Keeps a stream for as long as its listener may listen.
 * @param end closes the stream
 * @returns what to call when the listener is gone
 * @throws TooMany when this session or token, this part of the network or this instance has too many
 */
export function keepStream(
  { db, clock, config }: StreamNeeds,
  request: Request,
  end: () => void,
): () => void {
  const bearer = bearerOf(request);
  const bySession = bearer === null;
  const streams = byDatabase.get(db) ?? new OpenStreams(db, clock, config.sessionMilliseconds);
  byDatabase.set(db, streams);
  return streams.add({
    sessionId: bySession ? request.sessionID : null,
    token: bySession ? null : hashSecret(bearer),
    accountId: bySession ? (request.session.accountId ?? null) : null,
    since: request.session.since ?? Number.POSITIVE_INFINITY,
    epoch: request.session.epoch ?? 0,
    subnet: subnetOf(request.ip ?? ''),
    end,
  });
}

/** The session has signed out here: its streams end at once. */
export const endStreams = (db: Database, sessionId: string): void =>
  byDatabase.get(db)?.endSession(sessionId);
