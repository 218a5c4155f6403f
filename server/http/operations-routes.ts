/** For those who run the installation: is the process alive, can it serve, what can be called. */
import { z } from 'zod';
import type { Context } from '../context.js';
import { MIN_FREE_FOR_UPLOADS } from '../disk-space.js';
import { productVersion } from '../project-root.js';
import { describeApi } from './openapi.js';
import { raw, routes, type FeatureRoutes } from './route.js';

const healthAnswer = z.object({ status: z.literal('ok') });
const readyAnswer = z.object({
  status: z.enum(['ready', 'not-ready']),
  parts: z.record(z.string(), z.boolean()),
});
/** The document describes itself by its outline only. */
const apiAnswer = z.looseObject({
  openapi: z.string(),
  info: z.looseObject({ title: z.string(), version: z.string() }),
  paths: z.record(z.string(), z.looseObject({})),
});

/** @param features every feature of the app, this one too; asked for when somebody first reads /openapi.json */
export function makeOperationsRoutes(features: () => readonly FeatureRoutes[]): FeatureRoutes {
  const router = routes('operations');

  router.get('/healthz', { summary: 'The process answers', who: 'anyone', answer: healthAnswer }, async () =>
    raw('application/json', JSON.stringify({ status: 'ok' })),
  );

  router.get(
    '/readyz',
    {
      summary: 'Database and storage answer and have room, every index is there; 503 names what is not so',
      who: 'anyone',
      answer: readyAnswer,
    },
    async ({ context }) => {
      const asked = {
        database: answers(() => context.db.connection.db!.command({ ping: 1 })),
        indexes: answers(async () => {
          if (!(await context.db.hasIndexes())) throw new Error('a declared index is missing');
        }),
        storage: answers(() => context.storage.stat(`readiness/${'0'.repeat(64)}`)),
        // False while files are refused with 507.
        space: hasSpace(context),
      };
      const answered = Object.entries(asked).map(async ([part, answer]) => [part, await answer] as const);
      const parts: Record<string, boolean> = Object.fromEntries(await Promise.all(answered));
      const ready = Object.values(parts).every(Boolean);
      return raw('application/json', JSON.stringify({ status: ready ? 'ready' : 'not-ready', parts }), {
        status: ready ? 200 : 503,
      });
    },
  );

  let document: string | null = null;
  router.get(
    '/openapi.json',
    { summary: 'This description of every address', who: 'anyone', answer: apiAnswer },
    async () => {
      document ??= JSON.stringify(describeApi(features(), productVersion));
      return raw('application/json', document, { headers: { 'Cache-Control': 'no-cache' } });
    },
  );

  return router;
}

/** A disk that cannot be asked is no proof of being full. */
const hasSpace = async (context: Pick<Context, 'freeBytes'>): Promise<boolean> =>
  (await context.freeBytes().catch(() => Infinity)) >= MIN_FREE_FOR_UPLOADS;

/** Missing is an answer; silence and failure are not. */
async function answers(ask: () => Promise<unknown>): Promise<boolean> {
  const silence = new Promise<false>((resolve) => setTimeout(() => resolve(false), 3000).unref());
  const asked = ask().then(
    () => true,
    (error: unknown) => error instanceof Error && error.name === 'FileMissing',
  );
  return Promise.race([asked, silence]);
}
