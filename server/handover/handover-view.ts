/**
 * What the two offices see of a handover. A school that has asked sees nothing of the other one until that one offers.
 */
import { z } from 'zod';
import { actsOn, handoverStates, studentNameFor, type Handover, type HandoverSide } from './handover.js';

export const handoverAnswer = z.object({
  id: z.string(),
  side: z.enum(['from', 'to']),
  state: z.enum(handoverStates),
  student: z.object({
    /** Null where this school has no such person (yet). */
    id: z.string().nullable(),
    name: z.string(),
  }),
  /** Null for a school that has asked and was not answered. */
  otherSchool: z.string().nullable(),
  reason: z.string(),
  sealed: z.boolean(),
  createdAt: z.string(),
  answeredAt: z.string().nullable(),
  copiedAt: z.string().nullable(),
  acts: z.array(z.enum(['offer', 'accept', 'decline', 'take-back', 'copy'])),
});
export type HandoverView = z.output<typeof handoverAnswer>;

export function handoverView(handover: Handover, side: HandoverSide): HandoverView {
  const { id, state, sealed, createdAt, offeredAt, answeredAt, copiedAt } = handover;
  const unanswered = side === 'to' && offeredAt === null;
  return {
    ...{ id, side, state, sealed },
    student: {
      id: side === 'from' ? handover.studentId : handover.newStudentId,
      name: studentNameFor(side, handover),
    },
    otherSchool: unanswered ? null : side === 'from' ? handover.toSchoolName : handover.fromSchoolName,
    reason: handover.reason,
    createdAt: (offeredAt ?? createdAt).toISOString(),
    answeredAt: answeredAt?.toISOString() ?? null,
    copiedAt: copiedAt?.toISOString() ?? null,
    acts: [...actsOn(handover, side)],
  };
}
