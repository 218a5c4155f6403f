/** How the check of the records sees a record that never changes, and walks over those of one kind. */
import type { FrozenKind, Resealed } from '../audit/frozen-record.js';
import type { SchoolScope } from '../db/database.js';

/** A record as the check sees it. */
export interface FrozenProblem {
  id: string;
  /** As the entry calls it; of a narrative or portfolio its number besides. */
  name: string;
  hash: string;
  /** Whether it still is what its own hash was made from. */
  holds: boolean;
  /** When it was frozen. */
  at: Date | null;
  /** What it was frozen with that is different now, because duplicates were merged: field by field. */
  resealed?: { field: string; sealed: unknown; now: unknown }[];
  /** The bytes that it names. */
  file?: { key: string; bytes: number; sha256: string } | null;
}

export interface FrozenWalk {
  kind: FrozenKind;
  /** Kind of the entry's subject, where the entry itself has the hash instead of `detail.records`. */
  subject?: string;
  /** In the order of their ids. */
  list(scope: SchoolScope, after: string, limit: number): Promise<FrozenProblem[]>;
  /** Which of these names are there. */
  there(scope: SchoolScope, names: readonly string[]): Promise<string[]>;
}

/** For a record that was frozen under other ids. */
export const resealedOf = (record: Resealed): Pick<FrozenProblem, 'resealed'> =>
  record.sealedAs
    ? {
        resealed: Object.entries<unknown>({ ...record.sealedAs }).map(([field, sealed]) => ({
          ...{ field, sealed },
          now: (record as unknown as Record<string, unknown>)[field],
        })),
      }
    : {};
