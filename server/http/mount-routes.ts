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
import { limitAttempts } from '../access/limit-attempts.js';
import { checkGate } from '../access/allow.js';
import { expectedSchoolOf, resolveActor, type ActorSources } from '../access/session.js';
import type { Context } from '../context.js';
import type { Database } from '../database.js';
import { AppError, Conflict, InvalidInput, NotFound, TooLarge } from '../errors.js';
import { loggablePath } from '../log.js';
import { writeAgain, writeAnswer, writeError } from './answer.js';
import { makeCall, visitOf, wantsJson, type SchoolFacts, type Visit } from './call.js';
import { readInput } from './read-input.js';
import type { RoomRoutes, RouteEntry } from './route.js';

export interface VisitSources extends ActorSources {
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
  const [actor, ahead] = await Promise.all([
    resolveActor(request, context.db, context.clock, sources),
    expected ? sources.school(context.db, expected) : null,
  ]);
  const schoolId = actor?.schoolId;
  const school = schoolId
    ? schoolId === expected
      ? ahead
      : await sources.school(context.db, schoolId)
    : null;
  const locale = school?.locale ?? (request.acceptsLanguages(...context.texts.locales) || 'en');
  const visit = { actor, school, locale };
  response.locals.visit = visit;
  response.set({ Vary: 'Accept, Cookie', 'Cache-Control': 'private, no-store' });
  return visit;
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
  for (const entry of rooms.flatMap(({ entries }) => entries)) {
    const word = firstWord(entry.path);
    if (/[:*{]/.test(word)) throw new Error(`${entry.path}: an address begins with a word of its own`);
    const router = routers.get(word) ?? express.Router();
    routers.set(word, router);
    mountEntry(router, context, entry, sources);
  }
  app.use((request, response, next) => {
    const router = routers.get(firstWord(request.path));
    if (router) router(request, response, next);
    else next();
  });
}

function mountEntry(router: Router, context: Context, entry: RouteEntry, sources: VisitSources): void {
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
      if (options.limit) await checkLimit(context, request, options.limit);
      call.params = options.params ? readParams(options.params, request.params) : request.params;
      call.query = options.query ? readInput(options.query, request.query) : request.query;
      if (options.before) await options.before(call as never);
      if (options.files && request.is('multipart/form-data'))
        await run(options.files(call as never), request, response);
      else await readBody(request, response);
      if (performance.now() - began > freshMilliseconds) delete call.ahead;
      call.body = request.body;
      if (options.body) call.body = readInput(options.body, request.body);
      writeAnswer(request, response, context, await entry.handle(call as never));
    } catch (error) {
      const problem = asAppError(error);
      if (
        options.again &&
        problem &&
        !wantsJson(request) &&
        (problem instanceof InvalidInput || problem instanceof Conflict || problem instanceof TooLarge)
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

const bodyLimit = '2mb';
/** Half a surrogate pair can neither be stored nor hashed; it becomes the replacement character, as in every other encoding. */
const wellFormed = (_key: string, value: unknown): unknown =>
  typeof value === 'string' ? Buffer.from(value, 'utf8').toString('utf8') : value;
const parsers: RequestHandler[] = [
  express.json({ limit: bodyLimit, reviver: wellFormed }),
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

async function checkLimit(
  context: Context,
  request: Request,
  limit: { name: string; attempts: number; seconds: number },
): Promise<void> {
  const { name: what, attempts: most, seconds } = limit;
  await limitAttempts(context.db, { what, whom: request.ip ?? '', most, seconds }, context.clock.now());
}

/** How busboy, below multer, names a multipart body that is cut off or is none. */
const brokenForm =
  /^(Unexpected end of (form|file)|Malformed (part header|content type)|Multipart: Boundary)/;

/** What express, its parsers and multer throw, in our words; null for a fault of ours. */
function asAppError(error: unknown): AppError | null {
  if (error instanceof AppError) return error;
  if (error instanceof multer.MulterError) {
    if (error.code === 'LIMIT_FILE_SIZE') return new TooLarge('common.problem.file-too-large');
    return new InvalidInput([{ field: error.field ?? '', message: 'common.problem.unexpected-file' }]);
  }
  if (error instanceof Error && brokenForm.test(error.message))
    return new AppError(400, 'bad-request', 'common.problem.bad-request');
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
    if (!problem) {
      context.log.error(
        { err: error, path: loggablePath(request.originalUrl), method: request.method },
        'fault',
      );
    }
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
