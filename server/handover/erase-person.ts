/**
 * What is erased of a person in moves between schools: what they brought along from earlier schools, and
 * their name in the move itself. A copy that went to another school is that school's.
 */
import { noteFilesToRemove } from '../artifacts/remove-files.js';
import {
  erasing,
  keeping,
  rewriting,
  textWithoutNames,
  type ErasedPerson,
  type ErasePart,
} from '../person-traces.js';
import { countKeptParts, removePartsOf } from './earlier-part-records.js';
import type { Handover } from './handover.js';
import { countCopiesElsewhere, saveHandoverUnnamed } from './handover-records.js';

/**
 * The other school keeps the name under which it has the student, where they have come to it. The reason is
 * read by both.
 */
function withoutStudent(handover: Handover, person: ErasedPerson): Handover {
  const { mark } = person;
  const { asked, state, studentName, newStudentName = studentName } = handover;
  const after = { ...handover, reason: textWithoutNames(handover.reason, person) };
  if (handover.studentId !== person.id)
    return { ...after, newStudentName: mark, ...(asked ? { asked: { ...asked, name: mark } } : {}) };
  const isThere = state === 'accepted' || state === 'copied';
  return {
    ...{ ...after, studentName: mark, studentNumber: null },
    newStudentName: isThere ? newStudentName : mark,
  };
}

export const erasePersonFromHandovers: readonly ErasePart[] = [
  erasing(
    'earlier-record',
    removePartsOf,
    ({ id }) => [{ kind: 'earlier record', id }],
    (inside, parts, { at }) =>
      noteFilesToRemove(
        inside,
        parts.flatMap(({ file }) => file?.key ?? []),
        at,
      ),
  ),
  keeping('earlier-record', countKeptParts),
  rewriting('handover', saveHandoverUnnamed, withoutStudent),
  keeping('handover-copy', countCopiesElsewhere),
];
