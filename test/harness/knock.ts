/** Sends what a row of the permission matrix stands for, as one persona. */
import { personas, type Made, type Persona, type Row, type Verdict } from '../access/permission-rows/row.js';
import type { World } from './builders/world.js';
import type { Reply, SendOptions } from './client.js';

export const verdictFor = (row: Row, persona: Persona): Verdict => row.expect[persona] ?? row.otherwise;

/** Those whom the row lets in, in the order of `personas`. */
export const letIn = (row: Row): Persona[] => personas.filter((persona) => verdictFor(row, persona) === 'ok');

export const methodOf = (row: Row): string => row.route.split(' ')[0]!;

/**
 * The row's path with ids in it: what was made for this knock first, then the world's things, else the words
 * themselves.
 */
export function addressOf(row: Row, world: World, made: Made = {}): string {
  const ids: Record<string, string> = { ...world.ids, ...made.ids };
  return row.route.split(' ')[1]!.replace(/:(\w+)/g, (_all, name: string) => {
    const named = row.of?.[name] ?? name;
    return encodeURIComponent(name === 'slug' ? named : (ids[named] ?? named));
  });
}

/** Makes what a row needs for the next persona. Reading uses nothing up, so what is only read is made once. */
export function makerFor(row: Row, world: World): (persona: Persona) => Promise<Made | undefined> {
  let kept: Made | undefined;
  return async (persona) => {
    if (methodOf(row) === 'GET' && kept) return kept;
    kept = await row.anew?.(world, persona);
    return kept;
  };
}

const bodyOf = (row: Row, made: Made = {}): unknown =>
  methodOf(row) === 'GET' ? undefined : (made.body ?? row.body ?? {});

export async function knock(
  world: World,
  row: Row,
  persona: Persona,
  made: Made | undefined,
  { body = bodyOf(row, made), ...options }: SendOptions & { body?: unknown } = {},
): Promise<Reply> {
  const client = await world.client(persona);
  const reply = await client.send(methodOf(row), addressOf(row, world, made), body, options);
  if (row.endsSession) world.forget(persona);
  return reply;
}
