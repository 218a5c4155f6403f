/**
 * Leads addresses with the id of somebody who was merged into another to that person. Asked only where a page
 * was not found.
 */
import type { Request } from 'express';
import type { Context } from '../context.js';
import type { FoundVisitor } from './call.js';
import type { VisitSources } from './find-visit.js';

/**
 * Where a page is found whose address has the id of somebody who was merged into another; null when there is
 * nobody like that.
 */
export async function addressNow(
  { db }: Context,
  sources: VisitSources,
  request: Request,
  { actor }: FoundVisitor,
): Promise<string | null> {
  const schoolId = actor?.schoolId;
  const given = Object.values(request.params as Record<string, string>);
  if (!schoolId || given.length === 0 || (request.method !== 'GET' && request.method !== 'HEAD')) return null;
  const ids = await sources.currentIds({ db, schoolId }, given);
  if (ids.size === 0) return null;
  const [path = '', query] = request.originalUrl.split('?', 2);
  const parts = path.split('/').map((part) => {
    const id = ids.get(decodeURIComponent(part));
    return id === undefined ? part : encodeURIComponent(id);
  });
  return parts.join('/') + (query === undefined ? '' : `?${query}`);
}
