/**
 * What is erased of a person in timetables: their name where a proposal says why something cannot be, and
 * what they signed up with by a link.
 */
import { erasing, rewriting, withoutNames, type ErasePart } from '../person-traces.js';
import { saveProposalsUnnamed } from './proposal-records.js';
import { removeSignUpsOf, saveSignUpWordsUnnamed } from './sign-up-records.js';

export const erasePersonFromTimetables: readonly ErasePart[] = [
  rewriting(null, saveProposalsUnnamed, (proposal, person) => {
    const found = withoutNames({ reasons: proposal.reasons, broken: proposal.broken }, person);
    return found && { ...proposal, ...found };
  }),
  erasing('sign-up', removeSignUpsOf),
  rewriting(null, saveSignUpWordsUnnamed, (signUp, person) => {
    const found = withoutNames({ conflictWords: signUp.conflictWords }, person);
    return found && { ...signUp, ...found };
  }),
];
