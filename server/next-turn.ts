/**
 * One process answers everybody: whoever has worked long, or made much of an answer, waits here once, so that
 * other requests have their turn before it goes on.
 */
export { setImmediate as nextTurn } from 'node:timers/promises';
