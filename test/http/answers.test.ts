/** What is sent is what /openapi.json promises: the status, every field, and from acts no field more. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RouteEntry } from '../../server/http/route.js';
import { permissionRows } from '../access/permission-rows/all.js';
import { buildWorld, type World } from '../harness/builders/world.js';
import type { Reply } from '../harness/client.js';
import { knock, letIn } from '../harness/knock.js';
import { entryOf, shapeOf } from '../harness/router.js';
import { startApp, withPublicAddress, type TestApp } from '../harness/start-app.js';

let app: TestApp;
let world: World;
beforeAll(async () => {
  app = await startApp({ ...withPublicAddress, jobs: false });
  world = await buildWorld(app);
}, 120_000);
afterAll(() => app.close());

function keepsItsWord(entry: RouteEntry, reply: Reply): void {
  const status = entry.options.status ?? 200;
  // A roster is a job: nobody works on it here, so it is answered before it is done.
  const promisedStatus = entry.path === '/people/import' && reply.status === 202 ? 202 : status;
  expect({ status: reply.status, text: reply.status < 300 ? '' : reply.text }).toEqual({
    status: promisedStatus,
    text: '',
  });
  const sent = reply.json<object>();
  const { error } = entry.options.answer!.safeParse(sent);
  expect(error?.issues ?? []).toEqual([]);
  const promised = shapeOf(entry.options.answer);
  if (entry.method !== 'get' && Object.keys(promised).length > 0)
    expect(Object.keys(sent).filter((field) => !(field in promised))).toEqual([]);
}

describe('what is sent', () => {
  const answered = permissionRows.filter(
    (row) => entryOf(row.route).options.answer !== undefined && letIn(row).length > 0,
  );
  it.each(answered.map((row) => [row.route, row] as const))(
    '%s sends what it promises',
    async (_name, row) => {
      const persona = letIn(row)[0]!;
      const made = await row.anew?.(world, persona);
      keepsItsWord(entryOf(row.route), await knock(world, row, persona, made));
    },
  );
});
