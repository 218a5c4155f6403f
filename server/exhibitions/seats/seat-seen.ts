/**
 * What somebody has seen of a seat before they empty it: who sits there as what, on which phone, and whether
 * they have come. Pure.
 */
import { seenOf } from '../refuse-stale.js';
import type { Seat } from './seat.js';

export const seenOfSeat = ({ personId, role, chair, pass, admission, hands, ...rest }: Seat): string =>
  seenOf([
    ...[personId, role, chair, hands ?? null],
    ...[pass?.createdAt ?? null, pass?.revokedAt ?? null, pass?.usedAt ?? null],
    ...[admission?.askedAt ?? null, admission?.admittedAt ?? null],
    ...[rest.arrivedAt ?? null, rest.notHereAt ?? null],
  ]);
