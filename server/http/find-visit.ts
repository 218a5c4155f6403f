/** Who is calling, at which school, in which language: found once per request. */
import type { Request, RequestHandler, Response } from 'express';
import { readsClosedSchool, type Actor } from '../access/actor.js';
import type { PlacesOf } from '../access/membership.js';
import { expectedSchoolOf, resolveActor, type ActorSources } from '../access/session.js';
import type { Context } from '../context.js';
import type { Database, SchoolScope } from '../db/database.js';
import { Forbidden } from '../errors.js';
import type { SchoolFacts, FoundVisitor } from './call.js';

export interface VisitSources extends ActorSources {
  /** Names of the other schools of the account. */
  places: PlacesOf;
  school(db: Database, schoolId: string): Promise<SchoolFacts | null>;
  /** Of these ids those that mean somebody else now, because duplicates were merged: whom. */
  currentIds(scope: SchoolScope, ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/** Finds out who is calling, once per request. */
export async function findVisit(
  context: Context,
  sources: VisitSources,
  request: Request,
  response: Response,
): Promise<FoundVisitor> {
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
  const { network, elsewhere } = actor
    ? await placesAround(context, sources, actor, school)
    : { network: null, elsewhere: [] };
  const locale = school?.locale ?? (request.acceptsLanguages(...context.texts.locales) || 'en');
  const visit = { actor, school, locale, network, elsewhere };
  response.locals.visit = visit;
  response.set({ Vary: 'Accept, Cookie', 'Cache-Control': 'private, no-store' });
  return visit;
}

/** The network that somebody looks after, and the other places of their account that are open. */
async function placesAround(
  { db }: Context,
  sources: VisitSources,
  { personId, schoolId, networkId, elsewhere: parts = [] }: Actor,
  school: SchoolFacts | null,
): Promise<Required<Pick<FoundVisitor, 'network' | 'elsewhere'>>> {
  const own = schoolId === null && networkId !== null ? [{ personId, schoolId, networkId }] : [];
  if (own.length + parts.length === 0) return { network: null, elsewhere: [] };
  const places = await sources.places(db, [...own, ...parts]);
  const network = own.length > 0 ? (places.get(personId)?.name ?? null) : null;
  const open = parts.flatMap((part) => {
    const place = places.get(part.personId);
    return place && !place.closed ? [{ personId: part.personId, place }] : [];
  });
  const names = [school?.name ?? network, ...open.map(({ place }) => place.name)];
  const isShared = (name: string) => names.filter((other) => other === name).length > 1;
  return {
    network,
    elsewhere: open.map(({ personId: id, place: { name, about } }) => ({
      personId: id,
      name: about && isShared(name) ? `${name} (${about})` : name,
    })),
  };
}

/** Addresses of one's own account: what is written there is not the school's. */
const ownAddresses = /^\/(account|memberships|join|sign-in|sign-out|password-links)(\/|$)/;

/** @throws Forbidden when somebody would write in a closed school */
export function checkStillOpen(request: Request, { actor, school }: FoundVisitor): void {
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
