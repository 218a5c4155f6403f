/**
 * Largest matching of things to places that hold several each, by augmenting paths (Kuhn), and who is too
 * many where it does not work out.
 */

export interface Matching {
  size: number;
  /** Those who cannot all be served, with everybody whose place they would need; empty when all are served. */
  tooMany: number[];
  /** The places that those could have. */
  theirPlaces: number[];
}

/**
 * @param options the places that each thing may have
 * @param capacity how many each place holds
 */
export function matching(options: readonly (readonly number[])[], capacity: readonly number[]): Matching {
  const held: number[][] = capacity.map(() => []);
  const tooMany = new Set<number>();
  const theirPlaces = new Set<number>();
  let size = 0;
  options.forEach((_places, thing) => {
    const seen = new Set<number>();
    const asked = new Set<number>();
    const seat = (each: number): boolean => {
      asked.add(each);
      for (const place of options[each]!) {
        if (seen.has(place)) continue;
        seen.add(place);
        const here = held[place]!;
        if (here.length < capacity[place]!) {
          here.push(each);
          return true;
        }
        for (let at = 0; at < here.length; at += 1) {
          if (asked.has(here[at]!)) continue;
          if (seat(here[at]!)) {
            here[at] = each;
            return true;
          }
        }
      }
      return false;
    };
    if (seat(thing)) size += 1;
    else if (tooMany.size === 0) {
      // By König and Hall: those asked on the way have no more places than these.
      for (const each of asked) tooMany.add(each);
      for (const place of seen) theirPlaces.add(place);
    }
  });
  // Whoever has no place but these competes for them, too.
  if (theirPlaces.size > 0)
    options.forEach((places, thing) => {
      if (places.every((place) => theirPlaces.has(place))) tooMany.add(thing);
    });
  return { size, tooMany: [...tooMany].sort((a, b) => a - b), theirPlaces: [...theirPlaces] };
}
