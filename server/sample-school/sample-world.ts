/**
 * What every step of the load shares: the school, its people by their keys in the content, and how to act as
 * one of them.
 */
import type { Actor } from '../access/actor.js';
import type { Clock } from '../clock.js';
import type { Context } from '../context.js';
import { inTransaction, type SchoolScope } from '../db/database.js';
import { withIds } from '../ids.js';
import type { Advisory, Person } from '../people/person.js';
import type { Calendar } from './calendar.js';
import type { SampleMoment, SampleStudent } from './read-content.js';
import { seededIds } from './seeded.js';

export interface SampleWorld {
  context: Context;
  scope: SchoolScope;
  calendar: Calendar;
  termIds: Record<SampleMoment, string>;
  students: SampleStudent[];
  /** `student mekdes-tadesse`, `staff marisol`, `by name Hollis Varga`. */
  people: Map<string, Person>;
  /** By slug. */
  advisories: Map<string, Advisory>;
}

export function personOf(world: SampleWorld, key: string): Person {
  const person = world.people.get(key);
  if (!person) throw new Error(`The sample school has no ${key}`);
  return person;
}

export const studentOf = (world: SampleWorld, student: SampleStudent) =>
  personOf(world, `student ${student.key}`);

export function actorOf(world: SampleWorld, person: Person): Actor {
  const led = [...world.advisories.values()].filter(({ advisorIds }) => advisorIds.includes(person.id));
  return {
    personId: person.id,
    schoolId: person.schoolId,
    networkId: null,
    name: person.displayName,
    roles: person.roles,
    advisoryIds: led.map(({ id }) => id),
    childIds: [],
    seatIds: null,
    via: 'script',
  };
}

export const registrarOf = (world: SampleWorld): Actor => actorOf(world, personOf(world, 'staff beatrice'));

export function advisorOf(world: SampleWorld, student: SampleStudent): Person {
  const id = world.advisories.get(student.advisory)?.advisorIds[0];
  return [...world.people.values()].find((person) => person.id === id)!;
}

export const clockAt = (moment: Date): Clock => ({ now: () => moment });

/** Runs an act whose new ids all follow from this word. */
export const named = <T>(word: string, work: () => Promise<T>): Promise<T> => withIds(seededIds(word), work);

/** Does `work` for each, at most `width` at a time. */
export async function each<T>(
  list: readonly T[],
  width: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const queue = [...list];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
}

/** Acts that follow each other, twenty to a transaction: one wait for the journal instead of twenty. */
export async function inBatches<T>(
  world: SampleWorld,
  list: readonly T[],
  work: (inside: SampleWorld, item: T) => Promise<unknown>,
): Promise<void> {
  for (let from = 0; from < list.length; from += 20) {
    await inTransaction(world.scope, async (scope) => {
      for (const item of list.slice(from, from + 20)) await work({ ...world, scope }, item);
    });
  }
}
