/** What is erased of a person on panels: seats without a submitted sheet; elsewhere their name and the pass that opened the seat. */
import { erasing, rewriting, type ErasePart } from '../person-traces.js';
import { removeSeatsOf, savePassRenewerUnnamed, saveSeatsUnnamed } from './seat-records.js';

export const erasePersonFromPanels: readonly ErasePart[] = [
  erasing('seat', removeSeatsOf),
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
