/** Style sheet, fonts and scripts of the pages, with content hashes in their names and cached for ever. */
import type { RequestHandler } from 'express';
import type { Assets } from '../rendering/assets.js';

export function serveAssets(assets: Assets): RequestHandler {
  return (request, response, next) => {
    const asset = assets.find(request.path.slice(1));
    if (!asset || (request.method !== 'GET' && request.method !== 'HEAD')) return next();
    response.set({
      'Content-Type': asset.type,
      'Cache-Control': asset.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
      ETag: asset.etag,
      Vary: 'Accept-Encoding',
      'X-Content-Type-Options': 'nosniff',
    });
    if (request.fresh) {
      response.status(304).end();
      return;
    }
    const zipped = asset.gzip && request.acceptsEncodings('gzip') ? asset.gzip : null;
    if (zipped) response.set('Content-Encoding', 'gzip');
    response.end(zipped ?? asset.body);
  };
}
