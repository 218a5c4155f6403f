/** Breaks in long computations, in which other requests have their turn. */
import { nextTurn } from '../next-turn.js';

/** Milliseconds of work between two breaks. */
const WORK = 6;

/** @returns a function to await now and then; it makes a break when one is due */
export function makeBreaks(): () => Promise<void> | void {
  let since = performance.now();
  return () => {
    if (performance.now() - since < WORK) return;
    return nextTurn().then(() => {
      since = performance.now();
    });
  };
}
