/**
 * Proposed timetables. Personal data: who would present and sit where; what people need is named in reasons
 * and broken rules.
 */
import { isDuplicate, schoolCollection, type SchoolScope } from '../db/database.js';
import type { TimetableProposal } from './proposal.js';
import { tracesIn } from '../person-traces.js';

const proposals = schoolCollection<TimetableProposal>(
  'scheduleproposals',
  {
    exhibitionId: { type: String, required: true, immutable: true },
    seed: { type: Number, required: true, immutable: true },
    state: { type: String, required: true },
    slots: [Object],
    cost: Object,
    bound: Number,
    proven: { type: Boolean, required: true },
    reasons: [Object],
    broken: [Object],
    seconds: { type: Number, required: true },
    createdAt: { type: Date, required: true, immutable: true },
    adoptedAt: Date,
  },
  {
    indexes: [
      { keys: { schoolId: 1, exhibitionId: 1, createdAt: -1 } },
      { keys: { schoolId: 1, state: 1, _id: 1 } },
    ],
  },
);
export const scheduleProposalsDeclaration = proposals.declaration;

export const findProposal = (scope: SchoolScope, exhibitionId: string, id: string) =>
  proposals.in(scope).findOne({ id, exhibitionId });
export const countProposals = (scope: SchoolScope, exhibitionId: string) =>
  proposals.in(scope).count({ exhibitionId });
/** Newest first. */
export const listProposals = (scope: SchoolScope, exhibitionId: string, limit: number) =>
  proposals.in(scope).find({ exhibitionId }, { sort: { createdAt: -1 }, limit });

/** A job that was begun again has found the same, which stays. */
export async function saveProposal(scope: SchoolScope, proposal: TimetableProposal): Promise<void> {
  try {
    await proposals.in(scope).insert(proposal);
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
}
/** Null when it was adopted before, or can never be. */
export const saveProposalAdopted = (scope: SchoolScope, id: string, at: Date) =>
  proposals.in(scope).findOneAndUpdate({ id, state: 'ready' }, { $set: { state: 'adopted', adoptedAt: at } });

/** In the order of their ids, those after `after`: for whoever walks over all of them. */
export const listAdoptedAfter = (scope: SchoolScope, after: string, limit: number) =>
  proposals.in(scope).find({ state: 'adopted', id: { $gt: after } }, { sort: { id: 1 }, limit });
/** Which of these are there. */
export const listAdoptedIds = async (scope: SchoolScope, ids: readonly string[]): Promise<string[]> =>
  (await proposals.in(scope).find({ state: 'adopted', id: { $in: ids } }, { fields: ['id'] })).map(
    ({ id }) => id,
  );

/** What is named in reasons and broken rules is no part of what was adopted. */
export const saveProposalsUnnamed = tracesIn(proposals, () => ({
  $or: [{ 'reasons.0': { $exists: true } }, { 'broken.0': { $exists: true } }],
}));
