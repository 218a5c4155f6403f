/** What is erased of a person in timetables: their name where a proposal says why something cannot be. */
import { rewriting, withoutNames, type ErasePart } from '../person-traces.js';
import { saveProposalsUnnamed } from './proposal-records.js';

export const erasePersonFromTimetables: readonly ErasePart[] = [
  rewriting(null, saveProposalsUnnamed, (proposal, person) => {
    const found = withoutNames({ reasons: proposal.reasons, broken: proposal.broken }, person);
    return found && { ...proposal, ...found };
  }),
];
