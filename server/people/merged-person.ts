/**
 * A record of a person that proved to be a duplicate: from then on its id means the person who stayed.
 * Records that were frozen under it keep it (`sealedAs`), addresses with it lead to the other one. Written
 * once and never changed; a merge is not undone.
 */
export interface MergedPerson {
  /** Of the record that is gone. */
  id: string;
  schoolId: string;
  /** Of the person who stayed; merged later themselves, they have such a record, too. */
  into: string;
  at: Date;
  by: string;
  byName: string;
  reason: string;
  /** Names of the fields that were taken over from the record that is gone. */
  fields: string[];
  /** How many records of each kind now belong to the person who stayed. */
  moved: Record<string, number>;
  /** Other records that became part of one of the person who stayed: their ids, old and new. */
  joined: Joined[];
  /** Student number of the record that is gone: a roster that still has it means the person who stayed. */
  sourcedId: string | null;
  /**
   * Names and addresses of the two as they were before, so that an erasure finds them in other records; it
   * empties the list. Outside of what is frozen; left out by merges from before it was kept.
   */
  names?: string[];
  /**
   * Something that was written for the old id could not be moved so far. Outside of what is frozen; left out
   * while there is nothing.
   */
  unmoved?: true;
}

/**
 * A narrative that has become part of another: its signed versions follow those of the other, `offset` added
 * to their numbers.
 */
export interface Joined {
  from: string;
  to: string;
  offset: number;
}

/** What never changes of it; goes into the audit chain by its hash. */
export const frozenOfMerge = ({
  into,
  at,
  by,
  byName,
  reason,
  fields,
  moved,
  joined,
  sourcedId,
}: MergedPerson) => ({
  ...{ into, at, by, byName, reason, fields, moved, joined, sourcedId },
});

/** Whoever an id means now. @param merged by their id */
export function currentIdOf(id: string, merged: ReadonlyMap<string, Pick<MergedPerson, 'into'>>): string {
  const seen = new Set<string>();
  let current = id;
  for (let next = merged.get(current); next && !seen.has(current); next = merged.get(current)) {
    seen.add(current);
    current = next.into;
  }
  return current;
}
