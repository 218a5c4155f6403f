/** What is erased of a person in rehearsals: their own, and what they said at those of others. */
import { erasing, rewriting, type ErasePart } from '../person-traces.js';
import { removeRehearsalsOf, saveListenerRemoved } from './rehearsal-records.js';

export const erasePersonFromRehearsals: readonly ErasePart[] = [
  erasing('rehearsal', removeRehearsalsOf),
  rewriting(
    'rehearsal-sheet',
    saveListenerRemoved,
    (rehearsal, { id }) => ({
      ...rehearsal,
      seats: rehearsal.seats.filter(({ personId }) => personId !== id),
    }),
    { outcome: 'erased' },
  ),
];
