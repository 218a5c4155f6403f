/** What is erased of a person on panels: seats without a submitted sheet; elsewhere their name and the pass that opened the seat. */
import { erasing, rewriting, type ErasePart } from '../person-traces.js';
import { withErased } from '../exhibition/group.js';
import {
  removeSeatsOf,
  savePassRenewerUnnamed,
  saveSeatMemberErased,
  saveSeatPresenterErased,
  saveSeatsUnnamed,
} from './seat-records.js';

/**
 * With the request itself: nobody begins or goes on with a sheet about them, and where they sit without a submitted sheet there is no
 * seat any more. Each seat is written, so that whoever begins on it at this moment comes before, or is refused.
 */
export const eraseSeatsAtOnce: readonly ErasePart[] = [
  rewriting(null, saveSeatPresenterErased, (seat, { at }) => ({ ...seat, presenterErasedAt: at })),
  rewriting(null, saveSeatMemberErased, (seat, { ids }) =>
    seat.members ? { ...seat, members: withErased(seat.members, ids) } : null,
  ),
  erasing('seat', removeSeatsOf),
];

export const erasePersonFromPanels: readonly ErasePart[] = [
  rewriting('seat', saveSeatsUnnamed, (seat, { mark }) => ({
    ...seat,
    name: mark,
    pass: null,
    takenBy: null,
  })),
  rewriting(null, savePassRenewerUnnamed, (seat, { mark }) =>
    seat.pass?.renewedBy
      ? { ...seat, pass: { ...seat.pass, renewedBy: { ...seat.pass.renewedBy, name: mark } } }
      : null,
  ),
];
