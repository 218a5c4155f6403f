/**
 * What makes the score sheet an installable page that opens without a network. Nothing personal is in either answer.
 */
import { NotFound } from '../errors.js';
import { raw, type FeatureRoutes } from '../http/route.js';

export function addOfflineRoutes(routes: FeatureRoutes): void {
  routes.get(
    '/sw.js',
    {
      summary: 'The service worker of the score sheet',
      who: 'anyone',
      answerType: 'text/javascript',
    },
    async ({ context }) => {
      const script = context.assets.find('sw.js');
      if (!script) throw new NotFound();
      // Asked for anew at every visit, so that a new version is never held back by a cache.
      const headers = { 'Service-Worker-Allowed': '/', 'Cache-Control': 'no-cache', ETag: script.etag };
      return raw('text/javascript; charset=utf-8', script.body, { headers });
    },
  );

  routes.get(
    '/manifest.webmanifest',
    {
      summary: 'Name and picture of this place on a home screen',
      who: 'anyone',
      answerType: 'application/manifest+json',
    },
    async (call) => {
      const { assets } = call.context;
      const icon = { src: assets.url('favicon.svg'), sizes: 'any', type: 'image/svg+xml', purpose: 'any' };
      const pictures = [192, 512].map((size) => ({
        src: assets.url(`icon-${size}.png`),
        sizes: `${size}x${size}`,
        type: 'image/png',
      }));
      const manifest = {
        id: '/',
        name: call.t('common.product'),
        short_name: call.t('common.product'),
        start_url: '/',
        scope: '/',
        display: 'standalone',
        icons: [
          icon,
          ...pictures.map((picture) => ({ ...picture, purpose: 'any' })),
          ...pictures.map((picture) => ({ ...picture, purpose: 'maskable' })),
        ],
      };
      return raw('application/manifest+json', JSON.stringify(manifest), {
        headers: { 'Cache-Control': 'no-cache' },
      });
    },
  );
}
