/**
 * Records that never change are named in the audit chain with their hash, by the entry of the action that
 * froze them: in `detail.records`. A record that the law or its owner wants gone is named by the entry of
 * that action in `detail.erased`; check-records then neither misses it nor asks for its hash. Whoever removes
 * a frozen record writes such an entry in the same transaction.
 */
import { hashOf } from '../canonical.js';

export const frozenKinds = [
  'score sheet',
  'result',
  'portfolio',
  // A submitted portfolio since works in it were taken down.
  'shortened portfolio',
  // The same record since the name of an erased person was taken out of it.
  'unnamed score sheet',
  'unnamed result',
  'unnamed narrative',
  'narrative',
  'transcript',
  'work',
  'visit',
  'decision',
  'revision',
  'reveal',
  // A sheet was set aside, or counts again.
  'set-aside',
  'attempt choice',
  'timetable',
  // A copy of what an earlier school had made.
  'earlier record',
  'rubric',
  'merge',
] as const;
export type FrozenKind = (typeof frozenKinds)[number];

export interface FrozenRecord {
  kind: FrozenKind;
  id: string;
  hash: string;
}

/**
 * The ids under which a record was frozen, kept where duplicate people were merged since: the record's own
 * fields name the person who stayed, so that every question finds it, and its hash is that of these.
 */
interface SealedIds {
  studentId?: string;
  personId?: string;
  panelistId?: string;
  /** Of a signed version whose narrative has become part of another: of that one, and its number there. */
  narrativeId?: string;
  number?: number;
}
const sealedFields = ['studentId', 'personId', 'panelistId', 'narrativeId', 'number'] as const;

export interface Resealed {
  sealedAs?: SealedIds;
}

/** The record as it was frozen: what its hash is made from. Of `sealedAs` nothing but ids counts, whatever is in it. */
export const asSealed = <T extends Resealed>({ sealedAs = {}, ...record }: T): Omit<T, 'sealedAs'> => ({
  ...record,
  ...Object.fromEntries(
    sealedFields.filter((field) => sealedAs[field] !== undefined).map((field) => [field, sealedAs[field]]),
  ),
});

/** For `detail` of an entry. @param content what may never change of the record, its id aside */
export const frozen = (kind: FrozenKind, id: string, content: unknown): { records: FrozenRecord[] } => ({
  records: [{ kind, id, hash: hashOf({ kind, id, content }) }],
});

/** For `detail` of the entry of a lawful removal, e.g. `people.erase`: what was removed, by kind and id. */
export const erased = (list: readonly Pick<FrozenRecord, 'kind' | 'id'>[]) => ({
  erased: list.map(({ kind, id }) => ({ kind, id })),
});
