/** For those who run the installation: is the process alive, can it serve, what can be called. */
import type { Express } from 'express';
import { z } from 'zod';
import { describeApi } from './openapi.js';
import { raw, routes, type RoomRoutes } from './route.js';

export const operationsRoutes = routes('operations');

const healthAnswer = z.object({ status: z.literal('ok') });

operationsRoutes.get(
  '/healthz',
  { summary: 'The process answers', who: 'anyone', answer: healthAnswer },
  async () => raw('application/json', JSON.stringify({ status: 'ok' })),
);

operationsRoutes.get(
  '/readyz',
  {
    summary: 'Database and storage answer; 503 names the one that does not',
    who: 'anyone',
    answer: z.object({ status: z.enum(['ready', 'not-ready']), parts: z.record(z.string(), z.boolean()) }),
  },
  async ({ context }) => {
    const parts = {
      database: await answers(() => context.db.connection.db!.command({ ping: 1 })),
      storage: await answers(() => context.storage.stat(`readiness/${'0'.repeat(64)}`)),
    };
    const ready = Object.values(parts).every(Boolean);
    return raw('application/json', JSON.stringify({ status: ready ? 'ready' : 'not-ready', parts }), {
      status: ready ? 200 : 503,
    });
  },
);

/** Missing is an answer; silence and failure are not. */
async function answers(ask: () => Promise<unknown>): Promise<boolean> {
  const silence = new Promise<false>((resolve) => setTimeout(() => resolve(false), 3000).unref());
  const asked = ask().then(
    () => true,
    (error: unknown) => error instanceof Error && error.name === 'FileMissing',
  );
  return Promise.race([asked, silence]);
}

/** /openapi.json needs all rooms, so app.ts hands them in. */
export function publishApi(app: Express, rooms: readonly RoomRoutes[]): void {
  let document: string | null = null;
  app.get('/openapi.json', (_request, response) => {
    document ??= JSON.stringify(describeApi(rooms, '0.1.0'));
    response.set('Cache-Control', 'no-cache').type('json').send(document);
  });
}
