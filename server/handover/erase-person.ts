/**
 * What is erased of a person in moves between schools: what they brought along from earlier schools, and their name in the move itself.
 * A copy that went to another school is that school's.
 */
import type { SchoolScope } from '../database.js';
import { erasing, keeping, rewriting, textWithoutNames, type ErasePart } from '../person-traces.js';
import { countKeptParts, removePartsOf } from './earlier-part-records.js';
import { countCopiesElsewhere, saveHandoverUnnamed } from './handover-records.js';

/** Files are removed by the works, which come earlier. `erase-person-parts.ts` hands it in. */
export interface HandoverErasureNeeds {
  noteFilesToRemove(inside: SchoolScope, keys: readonly string[], at: Date): Promise<void>;
}

export const erasePersonFromHandovers = (needs: HandoverErasureNeeds): readonly ErasePart[] => [
  erasing(
    'earlier-record',
    removePartsOf,
    ({ id }) => [{ kind: 'earlier record', id }],
    (inside, parts, { at }) =>
      needs.noteFilesToRemove(
        inside,
        parts.flatMap(({ file }) => file?.key ?? []),
        at,
      ),
  ),
  keeping('earlier-record', countKeptParts),
  rewriting('handover', saveHandoverUnnamed, (handover, person) => ({
    ...handover,
    ...{ studentName: person.mark, studentNumber: null },
    reason: textWithoutNames(handover.reason, person),
    ...(handover.asked ? { asked: { ...handover.asked, name: person.mark } } : {}),
  })),
  keeping('handover-copy', countCopiesElsewhere),
];
