/** Mounts the features' routes in Express: gate first, then input, then the handler, then the answer. */
import express, {
  type Express,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
  type Router,
} from 'express';
import { callerOf } from '../access/device.js';
import { guardAttempts, limitAttempts, sourcesOf } from '../access/limit-attempts.js';
import { checkGate } from '../access/allow.js';
import { checkScope, scopeNeeded } from '../access/token-scopes.js';
import { cleanInput, cleanLine } from '../clean-text.js';
import type { Context } from '../context.js';
import { NotFound, TooLarge, type AppError } from '../errors.js';
import { writeAnswer } from './answer.js';
import { asAppError, fault } from './answer-errors.js';
import { answerRefused, showRefused } from './answer-refused.js';
import { makeCall } from './call.js';
import { appliedBody } from './applied-body.js';
import { checkStillOpen, findVisit, type VisitSources } from './find-visit.js';
import { addressNow } from './moved-address.js';
import { readInput, readWithRules } from './read-input.js';
import { refusedOf } from './refused-form.js';
import type { Call, FeatureRoutes, RouteEntry } from './route.js';
import { run } from './run-handler.js';
import { checkWriter, endSavedDraft } from './saved-form.js';
import { isSentForm, takeOpened } from './sent-form.js';

export function mountRoutes(
  app: Express,
  context: Context,
  features: readonly FeatureRoutes[],
  sources: VisitSources,
): void {
  const router = express.Router();
  const entries = features.flatMap((feature) => feature.entries);
  for (const entry of entries) mountEntry(router, context, entry, entries, sources);
  app.use(router);
}

function mountEntry(
  router: Router,
  context: Context,
  entry: RouteEntry,
  entries: readonly RouteEntry[],
  sources: VisitSources,
): void {
  const { options } = entry;
  router[entry.method](entry.path, async (request: Request, response: Response, next: NextFunction) => {
    const visit = await findVisit(context, sources, request, response);
    const call = makeCall(request, response, context);
    try {
      checkGate(options.who, call.maybeActor);
      checkStillOpen(request, visit);
      checkScope(scopeNeeded(entry.feature, entry.method, options.token), call.maybeActor);
      const params = cleanInput(request.params);
      call.params = options.params ? readParams(options.params, params) : params;
      const query = cleanInput(withoutBlanks(request.query));
      call.query = options.query ? readInput(options.query, query) : query;
      const { before } = options;
      if (before) await withinLimit(call, options.limit, () => before(call as never));
      if (options.files && request.is('multipart/form-data'))
        await run(options.files(call as never), request, response);
      else await readBody(request, response, call.maybeActor !== null);
      cleanBody(request);
      takeOpened(request, response, context);
      await checkWriter(context, sources, options.who, response);
      call.body = request.body;
      const given = await appliedBody(entry, entries, call, request);
      const answer = await withinLimit(call, options.limit, async () => {
        call.body = await readBodyOf(options, given, call);
        return entry.handle(call as never);
      });
      await endSavedDraft(request, response, context, answer);
      const refused = refusedOf(response);
      if (refused && answer.kind !== 'page') throw refused.problem;
      if (refused && answer.kind === 'page') {
        if (!(await showRefused(request, response, context, refused, answer))) throw refused.problem;
        return;
      }
      await writeAnswer(request, response, context, answer);
    } catch (error) {
      const problem = asAppError(error);
      const isMissing = problem instanceof NotFound && !refusedOf(response);
      const now = isMissing ? await addressNow(context, sources, request, visit) : null;
      if (now) {
        response.redirect(301, now);
        return;
      }
      const { again } = options;
      const refusal = {
        ...{ request, response, context, sources, who: options.who, problem: problem ?? fault() },
        again: again && problem ? () => callAgain(again, call, request, problem) : null,
        showPage: (address: string) => showPage(router, address, request, response, next),
      };
      if (!response.headersSent && (await answerRefused(refusal))) return;
      throw error;
    }
  });
}

/** The page that a route shows for what it refuses. */
async function callAgain(
  again: NonNullable<RouteEntry['options']['again']>,
  call: Call<unknown, unknown, unknown>,
  request: Request,
  problem: AppError,
) {
  call.body = request.body;
  return again(call, problem);
}

/** Answers the request as one for this page; what goes wrong there goes the usual way. */
async function showPage(
  dispatch: RequestHandler,
  address: string,
  request: Request,
  response: Response,
  next: NextFunction,
): Promise<void> {
  Object.assign(request, { method: 'GET', url: address, originalUrl: address });
  await dispatch(request, response, next);
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

const MAX_BODY = 2 * 1024 * 1024;
/** A form that filters sends its empty fields, too: they are as good as left out. */
const withoutBlanks = (query: Request['query']): Request['query'] =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''));

const json = express.json({ limit: MAX_BODY });
const form = (limit: number | string) => express.urlencoded({ limit, extended: true, parameterLimit: 5000 });
const usualForm = form(MAX_BODY);
/** What somebody typed that is too large is read all the same, so that it can be shown again. */
const largeForm = form('8mb');

/** @throws TooLarge with the body at the request where it was read all the same */
async function readBody(request: Request, response: Response, isSignedIn: boolean): Promise<void> {
  await run(json, request, response);
  const isLarge = Number(request.headers['content-length'] ?? 0) > MAX_BODY;
  if (!isLarge || !isSignedIn || !isSentForm(request)) return run(usualForm, request, response);
  await run(largeForm, request, response);
  cleanBody(request);
  throw new TooLarge('common.problem.body-too-large');
}

/** Counted once everything has arrived: a request that is never finished counts for nobody. */
async function withinLimit<T>(
  { context, request, response, maybeActor: visitor }: Call<unknown, unknown, unknown>,
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
