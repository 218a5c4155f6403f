/**
 * Every persona knocks at every route. The list of routes comes from the router itself, so a route without a
 * row fails here, and so does a row without a route. Whoever is let in really does what the route is for.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { features } from '../../server/app.js';
import type { Reply } from '../harness/client.js';
import { startApp, withPublicAddress, type TestApp } from '../harness/start-app.js';
import { buildWorld, type World } from '../harness/builders/world.js';
import { knock, letIn, makerFor, verdictFor } from '../harness/knock.js';
import { permissionRows } from './permission-rows/all.js';
import { personas, type Persona, type Verdict } from './permission-rows/row.js';

const routeNames = features.flatMap(({ entries }) =>
  entries.map(({ method, path }) => `${method.toUpperCase()} ${path}`),
);

describe('the permission matrix', () => {
  it('has exactly one row for every route of the router', () => {
    const rowNames = permissionRows.map((row) => row.route);
    expect(rowNames.filter((name, index) => rowNames.indexOf(name) !== index)).toEqual([]);
    expect({
      withoutRow: routeNames.filter((name) => !rowNames.includes(name)),
      withoutRoute: rowNames.filter((name) => !routeNames.includes(name)),
    }).toEqual({
      withoutRow: [],
      withoutRoute: [],
    });
  });

  describe('over real HTTP', () => {
    let app: TestApp;
    let world: World;
    beforeAll(async () => {
      // What is asked for as a background job is written down and left: the matrix proves who may ask.
      app = await startApp({ ...withPublicAddress, jobs: false });
      world = await buildWorld(app);
    }, 120_000);
    afterAll(() => app.close());

    it.each(permissionRows.map((row) => [row.route, row] as const))(
      '%s',
      async (_name, row) => {
        const expected: Partial<Record<Persona, Verdict>> = {};
        const actual: Partial<Record<Persona, string>> = {};
        const welcome = letIn(row);
        const make = makerFor(row, world);
        let made = await make(welcome[0] ?? personas[0]);
        const knockAs = async (persona: Persona) => {
          expected[persona] = verdictFor(row, persona);
          actual[persona] = verdictOf(await knock(world, row, persona, made));
        };
        // Those who are refused knock first: they must neither get in nor spoil what then succeeds.
        for (const persona of personas) if (!welcome.includes(persona)) await knockAs(persona);
        for (const [at, persona] of welcome.entries()) {
          if (at > 0) made = await make(persona);
          await knockAs(persona);
        }
        expect(actual).toEqual(expected);
      },
      60_000,
    );
  });
});

function verdictOf({ status, text }: Reply): string {
  if (status === 401) return 'in';
  if (status === 403) return 'no';
  if (status === 404) return 'gone';
  if (status < 400) return 'ok';
  return `${status} ${text.slice(0, 200)}`;
}
