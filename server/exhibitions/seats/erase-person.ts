/**
 * What is erased of a person on panels: seats without a submitted sheet; elsewhere their name and the pass
 * that opened the seat.
 */
import { frozen } from '../../audit/frozen-record.js';
import {
  erasing,
  nameFor,
  rewriting,
  textWithoutNames,
  type ErasedPerson,
  type ErasePart,
} from '../../person-traces.js';
import { withErased } from '../groups/group.js';
import {
  removeSeatsOf,
  saveAdmitterUnnamed,
  savePassRenewerUnnamed,
  saveSeatMemberErased,
  saveSeatPresenterErased,
  saveSeatsUnnamed,
} from './seat-records.js';
import { removeSetAsidesAbout, saveSetAsidesUnnamed } from '../counting/set-aside-records.js';
import { frozenOfSetAside, type SetAside } from '../counting/set-aside.js';

/**
 * With the request itself: nobody begins or goes on with a sheet about them, and where they sit without a
 * submitted sheet there is no seat any more. Each seat is written, so that whoever begins on it at this
 * moment comes before, or is refused.
 */
export const eraseSeatsAtOnce: readonly ErasePart[] = [
  rewriting(null, saveSeatPresenterErased, (seat, { at }) => ({ ...seat, presenterErasedAt: at })),
  rewriting(null, saveSeatMemberErased, (seat, { ids }) =>
    seat.members ? { ...seat, members: withErased(seat.members, ids) } : null,
  ),
  erasing('seat', removeSeatsOf),
];

/** A reason may name anybody; what is said about the sheet stays. */
function setAsideWithoutName(act: SetAside, person: ErasedPerson): SetAside | null {
  const byName = nameFor(person, act.by, act.byName);
  const reason = textWithoutNames(act.reason, person);
  return byName === act.byName && reason === act.reason ? null : { ...act, byName, reason };
}

export const erasePersonFromPanels: readonly ErasePart[] = [
  erasing('set-aside', removeSetAsidesAbout, ({ id }) => [{ kind: 'set-aside', id }]),
  rewriting('set-aside', saveSetAsidesUnnamed, setAsideWithoutName, {
    records: (act) => frozen('set-aside', act.id, frozenOfSetAside(act)).records,
  }),
  rewriting(null, saveAdmitterUnnamed, (seat, { mark }) =>
    seat.admission ? { ...seat, admission: { ...seat.admission, byName: mark } } : null,
  ),
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
