/**
 * Refuses changes that another web site makes a browser send (CSRF). Every current browser says with each
 * request where it comes from (Sec-Fetch-Site, else Origin); programs send neither and carry no cookie by
 * accident.
 */
import type { Request, RequestHandler } from 'express';
import { Forbidden } from '../errors.js';

/** @param publicUrl the address that people use, e.g. `https://vitrine.school.example` */
export function sameOrigin(publicUrl: string | null): RequestHandler {
  const publicHost = publicUrl ? new URL(publicUrl).host : null;
  return (request, _response, next) => {
    if (['GET', 'HEAD', 'OPTIONS'].includes(request.method)) {
      next();
      return;
    }
    const site = request.headers['sec-fetch-site'];
    if (site === 'same-origin' || site === 'none') {
      next();
      return;
    }
    const origin = request.headers.origin;
    if (site === undefined && origin === undefined) {
      next();
      return;
    }
    if (site === undefined && origin !== undefined && URL.canParse(origin)) {
      const host = new URL(origin).host;
      if (host === request.headers.host || host === publicHost) {
        next();
        return;
      }
    }
    next(new Forbidden('common.problem.other-site'));
  };
}

/**
 * The page that led to this one, as a path of this site; null where nobody can tell, or where it is this very address.
 */
export function pageBefore(request: Request): string | null {
  const from = request.get('referer');
  if (!from || !URL.canParse(from)) return null;
  const { host, pathname, search } = new URL(from);
  const path = `${pathname}${search}`;
  // Two slashes would lead to another site.
  const isOther = path !== '/' && path !== request.originalUrl && !/^\/[/\\]/.test(path);
  return host === request.headers.host && isOther ? path : null;
}
