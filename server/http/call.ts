/** Builds the `Call` of one request: who, which school, which words. */
import type { Request, Response } from 'express';
import type { Actor } from '../access/actor.js';
import type { Context } from '../context.js';
import type { MessageParams } from '../errors.js';
import { Forbidden, SignInNeeded } from '../errors.js';
import { openReadBatch } from '../db/batch/read-batch.js';
import type { Call } from './route.js';

/** What a page needs to know of the actor's school. */
export interface SchoolFacts {
  id: string;
  slug: string;
  name: string;
  timeZone: string;
  locale: string;
  accent: string | null;
  closedAt?: Date | null;
}

export interface FoundVisitor {
  actor: Actor | null;
  school: SchoolFacts | null;
  locale: string;
  /** The name of the network that the actor looks after. */
  network?: string | null;
  /** Other schools of the account, to switch to; named so that each can be told from the others and from this one. */
  elsewhere?: { personId: string; name: string }[];
}

/** What `identify` found out about the request, kept on the response. */
export function visitOf(response: Response): FoundVisitor {
  return (response.locals.visit as FoundVisitor | undefined) ?? { actor: null, school: null, locale: 'en' };
}

/** Programs say `Accept: application/json`, send JSON, or come with a token; everybody else gets pages. */
export function wantsJson(request: Request): boolean {
  const accept = request.headers.accept ?? '*/*';
  if (accept.includes('text/html')) return false;
  if (accept.includes('json') || accept.includes('text/event-stream')) return true;
  return Boolean(request.is('application/json')) || request.headers.authorization !== undefined;
}

export function makeCall(
  request: Request,
  response: Response,
  context: Context,
): Call<unknown, unknown, unknown> {
  const { actor, school, locale } = visitOf(response);
  const reads = openReadBatch(context.db.connection);
  return {
    params: {},
    query: {},
    body: undefined,
    get actor() {
      if (!actor) throw new SignInNeeded();
      return actor;
    },
    maybeActor: actor,
    get scope() {
      if (!actor) throw new SignInNeeded();
      if (actor.schoolId === null) throw new Forbidden('common.problem.no-school');
      return { db: context.db, schoolId: actor.schoolId, reads };
    },
    context,
    locale,
    timeZone: school?.timeZone ?? 'UTC',
    wantsJson: wantsJson(request),
    request,
    response,
    t: (key: string, params?: MessageParams) => context.texts.t(locale, key, params),
  };
}
