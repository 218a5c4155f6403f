/** What visitors of a stand left, as voices of its result: scores beside the sheets of a panel, words beside both. */
import { hashOf } from '../canonical.js';
import { isScored, type Visit } from '../visits/visit.js';
import type { FrozenSheet, FrozenVisit } from './result.js';

type LeftVisit = Omit<Visit, 'journal'>;

const who = ({ id, personId, name, role }: LeftVisit) => ({
  seatId: id,
  panelistId: personId,
  panelistName: name,
  role,
});

/** Null where no row was scored. The visit's id stands where a sheet has its seat's. */
export function sheetOfVisit(visit: LeftVisit): FrozenSheet | null {
  if (!visit.scoreAt || !isScored(visit.score)) return null;
  const content = {
    ...who(visit),
    chair: false,
    visit: true as const,
    responses: Object.fromEntries(
      Object.entries(visit.score.marks).map(([row, mark]) => [row, { ...mark, comment: '', notes: {} }]),
    ),
    overallComment: visit.score.comment,
    submittedAt: visit.scoreAt,
  };
  return { ...content, hash: hashOf({ ...content, slotId: visit.slotId, rubric: visit.rubric }) };
}

/** Null where no words were left. */
export function wordsOfVisit(visit: LeftVisit): FrozenVisit | null {
  if (!visit.feedbackAt || visit.feedback.length === 0) return null;
  const { seatId, panelistId, panelistName, role } = who(visit);
  return {
    visitId: seatId,
    personId: panelistId,
    name: panelistName,
    role,
    feedback: visit.feedback,
    leftAt: visit.feedbackAt,
  };
}
