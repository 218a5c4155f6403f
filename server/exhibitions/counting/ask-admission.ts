/**
 * Whether a guest who comes by the sign of a room is to be admitted before they count: as the school decides,
 * and once per exhibition.
 */
import type { SchoolScope } from '../../db/database.js';
import { findSchool } from '../../school/school-records.js';
import { guestRuleOf } from '../../school/school.js';
import { askedAgain, awaitsAdmission, isCounted, type Admission } from './counted-seats.js';
import type { Seat } from '../seats/seat.js';
import { listSeatsOfPersonAt } from '../seats/seat-records.js';

/**
 * Null where nobody needs to admit them.
 * @param isKnown who has come in before: admitted once, or let in by a pass of their own, they are not asked
 *   about again
 */
export async function admissionFor(
  inside: SchoolScope,
  exhibitionId: string,
  personId: string,
  isKnown: boolean,
  now: Date,
): Promise<Admission | null> {
  if (guestRuleOf(await findSchool(inside, inside.schoolId)) === 'at-once') return null;
  if (isKnown) {
    const seats = await listSeatsOfPersonAt(inside, exhibitionId, personId);
    const counted = seats.find((seat) => (seat.pass !== null || seat.hands !== undefined) && isCounted(seat));
    if (counted && !isAskedSince(seats, counted)) return counted.admission ?? null;
  }
  return askedAgain(now);
}

/** Another phone came in under their name since: what counted before says nothing about whoever goes on now. */
const isAskedSince = (seats: readonly Seat[], { admission, createdAt }: Seat): boolean =>
  seats.some(
    (seat) => awaitsAdmission(seat) && seat.admission!.askedAt > (admission?.admittedAt ?? createdAt),
  );
