/** Puts the rooms' routes into express: gate first, then input, then the handler, then the answer. */
import express, {
  type Express,
  type Request,
  type RequestHandler,
  type Response,
  type Router,
} from 'express';
import { callerOf } from '../access/device.js';
import { guardAttempts, limitAttempts, sourcesOf } from '../access/limit-attempts.js';
import { checkGate } from '../access/allow.js';
import { checkScope, scopeNeeded } from '../access/token-scopes.js';
import { expectedSchoolOf } from '../access/session.js';
import { cleanInput, cleanLine } from '../clean-text.js';
import type { Context } from '../context.js';
import { Conflict, InvalidInput, NotFound, TooLarge, TooMany } from '../errors.js';
import { writeAgain, writeAnswer } from './answer.js';
import { asAppError } from './answer-errors.js';
import { makeCall, wantsJson } from './call.js';
import { appliedBody } from './applied-body.js';
import { checkStillOpen, findVisit, type VisitSources } from './find-visit.js';
import { addressNow } from './moved-address.js';
import { readInput, readWithRules } from './read-input.js';
import type { Call, RoomRoutes, RouteEntry } from './route.js';

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
      const answer = await withinLimit(call, options.limit, async () => {
        call.body = await readBodyOf(options, given, call);
        return entry.handle(call as never);
      });
      writeAnswer(request, response, context, answer);
    } catch (error) {
      const problem = asAppError(error);
      const now = problem instanceof NotFound ? await addressNow(context, sources, request, visit) : null;
      if (now) {
        response.redirect(301, now);
        return;
      }
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

/** What the handler gets: what was sent, as far as the route reads it. */
async function readBodyOf(
  { body, rules }: RouteEntry['options'],
  given: unknown,
  call: Call<unknown, unknown, unknown>,
): Promise<unknown> {
  if (!body) return call.body;
  if (!rules) return readInput(body, given);
  return readWithRules(body, given, (field) => rules(field, call));
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
