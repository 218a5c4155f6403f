/**
 * Who is calling: a session cookie (people), a bearer token (programs) or a guest's session from a door pass.
 * Sessions live in MongoDB, so any instance can answer. Personal data: ids only.
 */
import type { Request, RequestHandler } from 'express';
import session from 'express-session';
import type { Clock } from '../clock.js';
import type { Config } from '../config.js';
import type { Database, SchoolScope, SharedScope } from '../db/database.js';
import { findAccount, saveMembershipUsed, type Account } from './account-records.js';
import { findTokenByHash, saveTokenUsed } from './token-records.js';
import type { Actor, Role } from './actor.js';
import { markAt } from './password-link.js';
import { hashSecret } from './secrets.js';
import { SessionStore } from './session-store.js';
import type { MessageParams } from '../errors.js';

/** Facts about a person that access must not look up itself; app.ts passes them in from the features. */
export interface ActorSources {
  person(
    scope: SchoolScope,
    personId: string,
  ): Promise<{ name: string; roles: Role[]; advisoryIds: string[]; childIds: string[] } | null>;
  /** Which of these seats still have a valid pass and were begun by nobody else's phone. */
  liveSeats(scope: SchoolScope, personId: string, seatIds: string[], hand: string): Promise<string[]>;
  /** Which of these visits to stands are still of today. */
  liveVisits(scope: SchoolScope, personId: string, visitIds: string[]): Promise<string[]>;
}

interface GuestTicket {
  personId: string;
  schoolId: string;
  seatIds: string[];
  /** `handOf` the phone that came in. */
  hand: string;
  visitIds?: string[];
}

declare module 'express-session' {
  interface SessionData {
    accountId?: string;
    /** The membership in which the account is used, so that these can be asked for together with it. */
    personId?: string;
    schoolId?: string | null;
    /** When the account signed in, milliseconds since 1970. */
    since?: number;
    /** The account's `sessionEpoch` at that moment. */
    epoch?: number;
    guest?: GuestTicket;
    notice?: { key: string; params: MessageParams };
    /**
     * Forms that were saved, each by its address and its key: the next page tells the device, which keeps no
     * copy of them any more.
     */
    savedForms?: string[];
  }
}

const twelveHours = 12 * 60 * 60 * 1000;

/**
 * `__Host-`: browsers take it over https only, from this host alone and for no part of it. Over http there is
 * no such cookie.
 */
const sessionCookieName = (config: Pick<Config, 'publicUrl'>): string =>
  usesHttps(config) ? '__Host-vitrine' : 'vitrine';
export const usesHttps = ({ publicUrl }: Pick<Config, 'publicUrl'>): boolean =>
  publicUrl?.startsWith('https:') ?? false;

/** Finds the session of a request, and keeps one that is used alive. */
export function sessions(config: Config, db: Database): RequestHandler[] {
  const store = new SessionStore(db);
  const find = session({
    name: sessionCookieName(config),
    secret: config.keyFor('session').toString('hex'),
    resave: false,
    saveUninitialized: false,
    rolling: true,
    cookie: {
      httpOnly: true,
      sameSite: 'lax',
      secure: usesHttps(config),
      maxAge: twelveHours,
    },
    store,
  });
  return [find, store.keepAlive];
}

/** A new session for an account in one of its memberships; the old session id stops working (no fixation). */
export async function signInAccount(
  request: Request,
  db: Database,
  account: Pick<Account, 'id' | 'personId' | 'schoolId' | 'sessionEpoch' | 'memberships'>,
  now: Date,
): Promise<void> {
  // What was used last only matters where there is a choice.
  if (account.memberships.length > 1) await saveMembershipUsed(db, account.id, account.personId, now);
  await regenerate(request);
  request.session.accountId = account.id;
  request.session.personId = account.personId;
  request.session.schoolId = account.schoolId;
  request.session.since = now.getTime();
  request.session.epoch = account.sessionEpoch ?? 0;
  await save(request);
}

/** A guest's session for one more seat or visit; an earlier guest session of the same person keeps what it opened. */
export async function signInGuest(
  request: Request,
  guest: { personId: string; schoolId: string; hand: string } & ({ seatId: string } | { visitId: string }),
): Promise<void> {
  const before = request.session.guest;
  const kept = before?.personId === guest.personId && before.schoolId === guest.schoolId ? before : null;
  const [seats, visits] = 'seatId' in guest ? [[guest.seatId], []] : [[], [guest.visitId]];
  await regenerate(request);
  request.session.guest = {
    personId: guest.personId,
    schoolId: guest.schoolId,
    hand: guest.hand,
    seatIds: [...new Set([...(kept?.seatIds ?? []), ...seats])],
    visitIds: [...new Set([...(kept?.visitIds ?? []), ...visits])],
  };
  await save(request);
}

/** Whoever is signed in as a person whose record became part of another's stays signed in, as that one. */
export async function moveSessions({ db }: SharedScope, from: string, into: string): Promise<void> {
  const sessions = db.connection.collection('sessions');
  for (const field of ['session.personId', 'session.guest.personId'])
    await sessions.updateMany({ [field]: from }, { $set: { [field]: into } });
}

/** Whoever came in by an earlier pass of this seat is out: a new pass must not let them in again. */
export async function endGuestSessions({ db, session }: SharedScope, seatId: string): Promise<void> {
  await db.connection
    .collection('sessions')
    .updateMany(
      { 'session.guest.seatIds': seatId },
      { $pull: { 'session.guest.seatIds': seatId } } as never,
      session ? { session } : {},
    );
}

export async function signOut(request: Request): Promise<void> {
  await new Promise<void>((resolve, reject) =>
    request.session.destroy((error) => (error ? reject(error) : resolve())),
  );
}

/** Whose school this caller probably belongs to, before anything was asked; not to be trusted. */
export const expectedSchoolOf = ({ session }: Request): string | null =>
  session?.schoolId ?? session?.guest?.schoolId ?? null;

/** The token of a program; null where none was sent. */
export const bearerOf = ({ headers }: Pick<Request, 'headers'>): string | null =>
  /^Bearer ([\w-]+)$/.exec(headers.authorization ?? '')?.[1] ?? null;

/**
 * Null when nobody is signed in, or when the account, person, token or pass is no longer good.
 * @param sessionMilliseconds how long a sign-in lasts at most
 */
export async function resolveActor(
  request: Request,
  db: Database,
  clock: Clock,
  sources: ActorSources,
  sessionMilliseconds: number,
): Promise<Actor | null> {
  const bearer = bearerOf(request);
  if (bearer !== null) return actorOfToken(bearer, db, clock, sources);
  const { accountId, since = 0, epoch = 0 } = request.session;
  const now = clock.now();
  if (accountId) {
    // Used again and again, a session would never end by itself.
    if (now.getTime() - since >= sessionMilliseconds) return null;
    return actorOfAccount(accountId, { via: 'session', since, epoch, now }, db, sources, request.session);
  }
  if (request.session.guest) return actorOfGuest(request.session.guest, db, sources);
  return null;
}

/**
 * Who the caller is by now, in the middle of an answer that goes on: the session is read again. Null when it has ended.
 */
export async function resolveActorAgain(
  request: Request,
  db: Database,
  clock: Clock,
  sources: ActorSources,
  sessionMilliseconds: number,
): Promise<Actor | null> {
  if (bearerOf(request) !== null) return resolveActor(request, db, clock, sources, sessionMilliseconds);
  const found = await new Promise<session.SessionData | null>((resolve, reject) =>
    request.sessionStore.get(request.sessionID, (error: unknown, data) =>
      error ? reject(error instanceof Error ? error : new Error(String(error))) : resolve(data ?? null),
    ),
  );
  if (!found) return null;
  const again = { headers: request.headers, session: found } as unknown as Request;
  return resolveActor(again, db, clock, sources, sessionMilliseconds);
}

async function actorOfToken(
  bearer: string,
  db: Database,
  clock: Clock,
  sources: ActorSources,
): Promise<Actor | null> {
  const token = await findTokenByHash(db, hashSecret(bearer));
  if (!token || token.revokedAt || token.expiresAt <= clock.now()) return null;
  const unusedFor = clock.now().getTime() - (token.lastUsedAt?.getTime() ?? 0);
  if (unusedFor > 60_000) await saveTokenUsed(db, token.id, clock.now());
  const { personId } = token;
  const entry = { via: 'token', now: clock.now() } as const;
  const actor = await actorOfAccount(token.accountId, entry, db, sources, { personId });
  return actor && { ...actor, scopes: token.scopes ?? null };
}

async function actorOfAccount(
  accountId: string,
  entry: { via: 'token'; now: Date } | { via: 'session'; since: number; epoch: number; now: Date },
  db: Database,
  sources: ActorSources,
  expected: { personId?: string; schoolId?: string | null } = {},
): Promise<Actor | null> {
  const { personId, schoolId } = expected;
  const [account, ahead] = await Promise.all([
    findAccount(db, accountId, personId),
    personId && schoolId ? sources.person({ db, schoolId }, personId) : null,
  ]);
  if (!account || account.disabledAt) return null;
  if (entry.via === 'session') {
    if (entry.epoch !== (account.sessionEpoch ?? 0)) return null;
    if (account.sessionsFrom && entry.since < account.sessionsFrom.getTime()) return null;
  }
  const passwordLink = markAt(account.lastLink, entry.now);
  const base = {
    ...{ personId: account.personId, networkId: account.networkId, seatIds: null, via: entry.via },
    ...(account.memberships.length > 1
      ? { elsewhere: account.memberships.filter((each) => each.personId !== account.personId) }
      : {}),
    ...(account.offers.length > 0 ? { offers: account.offers.length } : {}),
    ...(passwordLink ? { passwordLink } : {}),
  };
  if (account.schoolId === null) {
    if (account.networkId === null) return null;
    return {
      ...base,
      schoolId: null,
      name: account.name ?? account.email,
      roles: ['network'],
      advisoryIds: [],
      childIds: [],
    };
  }
  const isExpected = account.personId === personId && account.schoolId === schoolId;
  const person = isExpected
    ? ahead
    : await sources.person({ db, schoolId: account.schoolId }, account.personId);
  return person ? { ...base, schoolId: account.schoolId, ...person } : null;
}

async function actorOfGuest(guest: GuestTicket, db: Database, sources: ActorSources): Promise<Actor | null> {
  const scope = { db, schoolId: guest.schoolId };
  const [person, seatIds, visitIds] = await Promise.all([
    sources.person(scope, guest.personId),
    sources.liveSeats(scope, guest.personId, guest.seatIds, guest.hand),
    guest.visitIds?.length ? sources.liveVisits(scope, guest.personId, guest.visitIds) : [],
  ]);
  if (!person || seatIds.length + visitIds.length === 0) return null;
  return {
    personId: guest.personId,
    schoolId: guest.schoolId,
    networkId: null,
    name: person.name,
    roles: ['guest'],
    advisoryIds: [],
    childIds: [],
    seatIds,
    deviceKey: guest.hand,
    visitIds,
    via: 'pass',
  };
}

const regenerate = (request: Request): Promise<void> =>
  new Promise((resolve, reject) =>
    request.session.regenerate((error) => (error ? reject(error) : resolve())),
  );
const save = (request: Request): Promise<void> =>
  new Promise((resolve, reject) => request.session.save((error) => (error ? reject(error) : resolve())));
