/** Chance that is the same for the same seed (mulberry32), so that a proposal can be made again. */
export interface RandomSource {
  /** 0 ≤ x < 1 */
  next(): number;
  /** A whole number below `limit`. */
  below(limit: number): number;
}

export function randomFrom(seed: number): RandomSource {
  let state = seed >>> 0;
  const multiply = Math.imul;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = multiply(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + multiply(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return { next, below: (limit) => (next() * limit) | 0 };
}
