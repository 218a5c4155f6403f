/**
 * Chance and ids that are the same on every run: everything about the sample school follows from the words it
 * is asked with.
 */
import { createHash } from 'node:crypto';

/** A number from 0 up to, not including, 1. */
export type SeededChance = () => number;

/** mulberry32, begun from the hash of a word. */
export function seededChance(word: string): SeededChance {
  let state = createHash('sha256').update(word).digest().readUInt32LE(0);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export const between = (chance: SeededChance, low: number, high: number): number =>
  low + chance() * (high - low);
export const whole = (chance: SeededChance, low: number, high: number): number =>
  Math.floor(between(chance, low, high + 1));

export function pick<T>(chance: SeededChance, list: readonly T[]): T {
  const found = list[Math.floor(chance() * list.length)];
  if (found === undefined) throw new Error('Nothing to pick from');
  return found;
}

/** A new order of the same things. */
export function shuffled<T>(chance: SeededChance, list: readonly T[]): T[] {
  return list
    .map((value) => ({ value, place: chance() }))
    .sort((a, b) => a.place - b.place)
    .map(({ value }) => value);
}

/** A UUID (version 5 in form) that always belongs to this word. */
export function idOf(word: string): string {
  const bytes = createHash('sha256').update(`riverbend ${word}`).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** One id after another, all of them following from the word. */
export function seededIds(word: string): () => string {
  let count = 0;
  return () => idOf(`${word} ${(count += 1)}`);
}
