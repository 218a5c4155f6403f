/** Puts the rooms' routes into express: gate first, then input, then the handler, then the answer. */
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
  type Router,
} from 'express';
import multer from 'multer';
import { callerOf } from '../access/device.js';
import { guardAttempts, limitAttempts, sourcesOf } from '../access/limit-attempts.js';
import { readsClosedSchool, type Actor } from '../access/actor.js';
import { checkGate } from '../access/allow.js';
import type { PlacesOf } from '../access/membership.js';
import { checkScope, scopeNeeded } from '../access/token-scopes.js';
import { expectedSchoolOf, resolveActor, type ActorSources } from '../access/session.js';
import { cleanInput, cleanLine, TooDeep } from '../clean-text.js';
import type { Context } from '../context.js';
import type { Database } from '../database.js';
import { isDatabaseOutage } from '../db/outage.js';
import { isDiskFull } from '../disk-space.js';
import {
  AppError,
  Conflict,
  Forbidden,
  InvalidInput,
  NotFound,
  TooLarge,
  TooMany,
  Unavailable,
} from '../errors.js';
import { StorageFailure } from '../../storage/storage.js';
import { loggablePath } from '../log.js';
import { writeAgain, writeAnswer, writeError } from './answer.js';
import { makeCall, visitOf, wantsJson, type SchoolFacts, type Visit } from './call.js';
import { appliedBody } from './applied-body.js';
import { readInput } from './read-input.js';
import type { Call, RoomRoutes, RouteEntry } from './route.js';

export interface VisitSources extends ActorSources {
  /** Names of the other schools of the account. */
  places: PlacesOf;
  school(db: Database, schoolId: string): Promise<SchoolFacts | null>;
}

/** Finds out who is calling, once per request. */
async function findVisit(
  context: Context,
  sources: VisitSources,
  request: Request,
  response: Response,
): Promise<Visit> {
  const expected = expectedSchoolOf(request);
  const [found, ahead] = await Promise.all([
    resolveActor(request, context.db, context.clock, sources, context.config.sessionMilliseconds),
    expected ? sources.school(context.db, expected) : null,
  ]);
  const schoolId = found?.schoolId;
  const school = schoolId
    ? schoolId === expected
      ? ahead
      : await sources.school(context.db, schoolId)
    : null;
  // A closed school lets nobody in but its administrators, who read; its records stay.
  const closed = Boolean(school?.closedAt);
  const actor = closed && !(found && readsClosedSchool(found)) ? null : found;
  const elsewhere = actor?.elsewhere?.length ? await elsewhereOf(context, sources, actor.elsewhere) : [];
  const locale = school?.locale ?? (request.acceptsLanguages(...context.texts.locales) || 'en');
  const visit = { actor, school, locale, elsewhere };
  response.locals.visit = visit;
  response.set({ Vary: 'Accept, Cookie', 'Cache-Control': 'private, no-store' });
  return visit;
}

/** The other places of the account that are open, by name. */
async function elsewhereOf(
  { db }: Context,
  sources: VisitSources,
  parts: NonNullable<Actor['elsewhere']>,
): Promise<NonNullable<Visit['elsewhere']>> {
  const places = await sources.places(db, parts);
  return parts.flatMap(({ personId }) => {
    const place = places.get(personId);
    return place && !place.closed ? [{ personId, name: place.name }] : [];
  });
}

/** Addresses of one's own account: what is written there is not the school's. */
const ownAddresses = /^\/(account|memberships|join|sign-in|sign-out|password-links)(\/|$)/;

/** @throws Forbidden when somebody would write in a closed school */
function checkStillOpen(request: Request, { actor, school }: Visit): void {
  if (!actor || !school?.closedAt || request.method === 'GET' || request.method === 'HEAD') return;
  if (!ownAddresses.test(request.path)) throw new Forbidden('common.problem.school-closed');
}

/** For addresses that no route answers. */
export function identify(context: Context, sources: VisitSources): RequestHandler {
  return async (request, response, next) => {
    await findVisit(context, sources, request, response);
    next();
  };
}

const firstWord = (path: string): string => path.split('/', 2)[1]!.toLowerCase();

/** By the first word of their addresses, so that a request is compared with those of its own word and not with all of the house. */
export function mountRoutes(
  app: Express,
  context: Context,
  rooms: readonly RoomRoutes[],
  sources: VisitSources,
): void {
  const routers = new Map<string, Router>();
  const entries = rooms.flatMap((room) => room.entries);
  for (const entry of entries) {
    const word = firstWord(entry.path);
    if (/[:*{]/.test(word)) throw new Error(`${entry.path}: an address begins with a word of its own`);
    const router = routers.get(word) ?? express.Router();
    routers.set(word, router);
    mountEntry(router, context, entry, entries, sources);
  }
  app.use((request, response, next) => {
    const router = routers.get(firstWord(request.path));
    if (router) router(request, response, next);
    else next();
  });
}

function mountEntry(
  router: Router,
  context: Context,
  entry: RouteEntry,
  entries: readonly RouteEntry[],
  sources: VisitSources,
): void {
  const { options } = entry;
  router[entry.method](entry.path, async (request: Request, response: Response) => {
    const began = performance.now();
    const [visit, ahead] = await Promise.all([
      findVisit(context, sources, request, response),
      readAhead(context, options, request),
    ]);
    const call = makeCall(request, response, context);
    if (ahead && ahead.schoolId === visit.actor?.schoolId) call.ahead = ahead.found;
    try {
      checkGate(options.who, call.visitor);
      checkStillOpen(request, visit);
      checkScope(scopeNeeded(entry.room, entry.method, options.token), call.visitor);
      const params = cleanInput(request.params);
      call.params = options.params ? readParams(options.params, params) : params;
      const query = cleanInput(request.query);
      call.query = options.query ? readInput(options.query, query) : query;
      const { before } = options;
      if (before) await withinLimit(call, options.limit, () => before(call as never));
      if (options.files && request.is('multipart/form-data'))
        await run(options.files(call as never), request, response);
      else await readBody(request, response);
      cleanBody(request);
      if (performance.now() - began > freshMilliseconds) delete call.ahead;
      call.body = request.body;
      const given = await appliedBody(entry, entries, call, request);
      const answer = await withinLimit(call, options.limit, () => {
        call.body = options.body ? readInput(options.body, given) : request.body;
        return entry.handle(call as never);
      });
      writeAnswer(request, response, context, answer);
    } catch (error) {
      const problem = asAppError(error);
      if (
        options.again &&
        problem &&
        !wantsJson(request) &&
        (problem instanceof InvalidInput ||
          problem instanceof Conflict ||
          problem instanceof TooLarge ||
          problem instanceof TooMany)
      ) {
        call.body = request.body;
        const form = await options.again(call as never, problem);
        writeAgain(request, response, context, problem, form);
        return;
      }
      throw error;
    }
  });
}

/** What was read ahead is read again when the body came late: the world may have moved meanwhile. */
const freshMilliseconds = 250;

/** What a handler will need, asked for together with who is calling; null where no school is expected, or nothing was found out. */
async function readAhead(
  { db }: Context,
  { ahead }: RouteEntry['options'],
  request: Request,
): Promise<{ schoolId: string; found: unknown } | null> {
  const schoolId = ahead ? expectedSchoolOf(request) : null;
  if (!ahead || !schoolId) return null;
  const found = await ahead({ db, schoolId }, request.params as Record<string, string>).catch(
    () => undefined,
  );
  return { schoolId, found };
}

/** A malformed id in the address is an address that does not exist. */
function readParams(schema: NonNullable<RouteEntry['options']['params']>, params: unknown): unknown {
  const result = schema.safeParse(params);
  if (!result.success) throw new NotFound();
  return result.data;
}

/** What came in is cleaned here, once, for every route: fields of any form of body, and the names of files. */
function cleanBody(request: Request): void {
  request.body = cleanInput(request.body);
  const several = Array.isArray(request.files) ? request.files : Object.values(request.files ?? {}).flat();
  for (const file of [...(request.file ? [request.file] : []), ...several])
    file.originalname = cleanLine(file.originalname ?? '');
}

const bodyLimit = '2mb';
const parsers: RequestHandler[] = [
  express.json({ limit: bodyLimit }),
  express.urlencoded({ limit: bodyLimit, extended: true, parameterLimit: 5000 }),
];

async function readBody(request: Request, response: Response): Promise<void> {
  for (const parser of parsers) await run(parser, request, response);
}

/** One middleware as a promise. */
function run(handler: RequestHandler, request: Request, response: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    void handler(request, response, (error?: unknown) => {
      if (error instanceof Error) reject(error);
      else if (error) reject(new Error(String(error)));
      else resolve();
    });
  });
}

/** Counted once everything has arrived: a request that is never finished counts for nobody. */
async function withinLimit<T>(
  { context, request, response, visitor }: Call<unknown, unknown, unknown>,
  limit: RouteEntry['options']['limit'],
  work: () => Promise<T>,
): Promise<T> {
  if (!limit) return work();
  const { name: what, seconds } = limit;
  const needs = { db: context.db, now: context.clock.now() };
  const caller = callerOf(request, response, context.config.keyFor('device'));
  if ('times' in limit) {
    await limitAttempts(
      needs.db,
      { what, whom: visitor?.personId ?? caller.subnet, most: limit.times, seconds },
      needs.now,
    );
    return work();
  }
  const { failures } = limit;
  const sources = visitor
    ? [
        {
          whom: visitor.personId,
          slowFrom: failures - Math.min(6, Math.floor(failures / 2)),
          refuseFrom: failures,
        },
      ]
    : sourcesOf(caller, '', failures);
  const lane = visitor?.personId ?? caller.subnet;
  return guardAttempts(needs, { what, seconds, sources, lane, caller: caller.nextDevice }, work);
}

/** How busboy, below multer, names a multipart body that is cut off or is none. */
const brokenForm =
  /^(Unexpected end of (form|file)|Malformed (part header|content type)|Multipart: Boundary)/;

/** After which time somebody who met an outage should try again. */
const retrySeconds = 5;

/** A disk or a bucket that does not answer, also as the reason of another error; a file that is missing is none. */
const isStorageOutage = (error: unknown): boolean =>
  error instanceof Error && (error instanceof StorageFailure || isStorageOutage(error.cause));

/** What express, its parsers and multer throw, in our words; null for a fault of ours. */
function asAppError(error: unknown): AppError | null {
  if (error instanceof AppError) return error;
  if (isDiskFull(error))
    return new AppError(507, 'disk-full', 'common.problem.disk-full', {}, { cause: error });
  if (error instanceof multer.MulterError) {
    if (error.code === 'LIMIT_FILE_SIZE') return new TooLarge('common.problem.file-too-large');
    return new InvalidInput([{ field: error.field ?? '', message: 'common.problem.unexpected-file' }]);
  }
  if (error instanceof TooDeep || (error instanceof Error && brokenForm.test(error.message)))
    return new AppError(400, 'bad-request', 'common.problem.bad-request');
  if (isDatabaseOutage(error) || isStorageOutage(error))
    return new Unavailable(retrySeconds, { cause: error });
  const status = (error as { status?: unknown } | null)?.status;
  if (status === 413) return new TooLarge('common.problem.body-too-large');
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new AppError(status, 'bad-request', 'common.problem.bad-request');
  }
  return null;
}

/** Last in the chain: nothing matched. */
export const nothingHere: RequestHandler = (_request, _response, next) => next(new NotFound());

export function answerErrors(context: Context): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  return (error: unknown, request, response, _next) => {
    const problem = asAppError(error);
    const about = { path: loggablePath(request.originalUrl), method: request.method };
    if (!problem) context.log.error({ err: error, ...about }, 'fault');
    // Many meet the same outage: its reason is enough.
    else if (problem instanceof Unavailable)
      context.log.error({ reason: String(problem.cause), ...about }, 'database or storage does not answer');
    try {
      writeError(request, response, context, problem ?? new AppError(500, 'fault', 'common.problem.fault'));
    } catch (fault) {
      context.log.error({ err: fault }, 'the error page itself failed');
      if (!response.headersSent)
        response
          .status(500)
          .type('text')
          .send(context.texts.t(visitOf(response).locale, 'common.problem.fault'));
    }
  };
}
