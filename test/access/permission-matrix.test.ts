/**
 * Every persona knocks at every route. The list of routes comes from the router itself, so a route without a row fails here,
 * and so does a row without a route.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rooms } from '../../server/app.js';
import type { Client, Reply } from '../harness/client.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { buildWorld, type World } from '../harness/builders/world.js';
import { permissionRows } from './permission-rows/all.js';
import { personas, type Persona, type Row, type Verdict } from './permission-rows/row.js';

const routeNames = rooms.flatMap(({ entries }) =>
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
      app = await startApp();
      world = await buildWorld(app);
    }, 120_000);
    afterAll(() => app.close());

    // Reading first: what is written later must not disturb it.
    const inOrder = [...permissionRows].sort(
      (a, b) => Number(!a.route.startsWith('GET')) - Number(!b.route.startsWith('GET')),
    );
    it.each(inOrder.map((row) => [row.route, row] as const))('%s', async (_name, row) => {
      const expected: Partial<Record<Persona, Verdict>> = {};
      const actual: Partial<Record<Persona, Verdict | string>> = {};
      // Those who are refused knock first, so that an act that succeeds cannot turn a refusal into something else.
      const weight = (persona: Persona) => Number((row.expect[persona] ?? row.otherwise) === 'ok');
      for (const persona of [...personas].sort((a, b) => weight(a) - weight(b))) {
        expected[persona] = row.expect[persona] ?? row.otherwise;
        actual[persona] = verdictOf(await knock(row, await world.client(persona), world));
      }
      expect(actual).toEqual(expected);
    });
  });
});

async function knock(row: Row, client: Client, world: World): Promise<Reply> {
  const [method = '', pattern = ''] = row.route.split(' ');
  const path = pattern.replace(/:(\w+)/g, (_all, name: string) => {
    const named = row.of?.[name] ?? name;
    return encodeURIComponent(name === 'slug' ? named : (world.ids[named] ?? named));
  });
  return client.send(method, path, method === 'GET' ? undefined : (row.body ?? {}));
}

function verdictOf({ status, text }: Reply): Verdict | string {
  if (status === 401) return 'in';
  if (status === 403) return 'no';
  if (status === 404) return 'gone';
  if (status < 400 || status === 409 || status === 413 || status === 415 || status === 422) return 'ok';
  return `${status} ${text.slice(0, 200)}`;
}
