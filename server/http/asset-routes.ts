/** Style sheets, fonts and scripts of the pages, with content hashes in their names and cached for ever. */
import type { RequestHandler } from 'express';
import type { Assets } from '../rendering/assets.js';

export function serveAssets(assets: Assets): RequestHandler {
  return async (request, response, next) => {
    const asset = assets.find(request.path.slice(1));
    if (!asset || (request.method !== 'GET' && request.method !== 'HEAD')) {
      next();
      return;
    }
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
    const encoding = asset.compressed && request.acceptsEncodings('br', 'gzip');
    if (!asset.compressed || (encoding !== 'br' && encoding !== 'gzip')) {
      response.set('Content-Length', String(asset.body.length)).end(asset.body);
      return;
    }
    const body = await asset.compressed[encoding]();
    response.set({ 'Content-Encoding': encoding, 'Content-Length': String(body.length) }).end(body);
  };
}
