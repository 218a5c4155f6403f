/**
 * Records that never change are named in the audit chain with their hash, by the entry of the action that froze them: in `detail.records`.
 * A record that the law or its owner wants gone is named by the entry of that action in `detail.erased`; check-records then neither
 * misses it nor asks for its hash. Whoever removes a frozen record writes such an entry in the same transaction.
 */
import { hashOf } from '../canonical.js';

export const frozenKinds = [
  'score sheet',
  'result',
  'portfolio',
  // A submitted portfolio since works in it were taken down.
  'shortened portfolio',
  'narrative',
  'transcript',
  'work',
  'visit',
  'decision',
  'revision',
  'reveal',
  'attempt choice',
  'timetable',
  // A copy of what an earlier school had made.
  'earlier record',
  'rubric',
] as const;
export type FrozenKind = (typeof frozenKinds)[number];

export interface FrozenRecord {
  kind: FrozenKind;
  id: string;
  hash: string;
}

/** For `detail` of an entry. @param content what may never change of the record, its id aside */
export const frozen = (kind: FrozenKind, id: string, content: unknown): { records: FrozenRecord[] } => ({
  records: [{ kind, id, hash: hashOf({ kind, id, content }) }],
});

/** For `detail` of the entry of a lawful removal, e.g. `people.erase`: what was removed, by kind and id. */
export const erased = (list: readonly Pick<FrozenRecord, 'kind' | 'id'>[]) => ({
  erased: list.map(({ kind, id }) => ({ kind, id })),
});
