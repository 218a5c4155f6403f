/**
 * Refuses changes that another web site makes a browser send (CSRF). Every current browser says with each request where it comes
 * from (Sec-Fetch-Site, else Origin); programs send neither and carry no cookie by accident.
 */
import type { RequestHandler } from 'express';
import { Forbidden } from '../errors.js';

/** @param publicUrl the address that people use, e.g. `https://vitrine.school.example` */
export function sameOrigin(publicUrl: string | null): RequestHandler {
  const publicHost = publicUrl ? new URL(publicUrl).host : null;
  return (request, _response, next) => {
    if (['GET', 'HEAD', 'OPTIONS'].includes(request.method)) return next();
    const site = request.headers['sec-fetch-site'];
    if (site === 'same-origin' || site === 'none') return next();
    const origin = request.headers.origin;
    if (site === undefined && origin === undefined) return next();
    if (site === undefined && origin !== undefined && URL.canParse(origin)) {
      const host = new URL(origin).host;
      if (host === request.headers.host || host === publicHost) return next();
    }
    next(new Forbidden('common.problem.other-site'));
  };
}
