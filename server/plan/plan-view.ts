/** What pages and programs see of a learning plan and of an internship. */
import { z } from 'zod';
import type { Internship } from './internship.js';
import type { LearningPlan } from './learning-plan.js';

export const planAnswer = z.object({
  termId: z.string(),
  aim: z.string(),
  goals: z.array(z.string()),
  revision: z.number(),
  changedAt: z.string(),
});

export const planView = ({
  termId,
  aim,
  goals,
  revision,
  changedAt,
}: LearningPlan): z.output<typeof planAnswer> => ({
  termId,
  aim,
  goals,
  revision,
  changedAt: changedAt.toISOString(),
});

export const internshipAnswer = z.object({
  id: z.string(),
  studentId: z.string(),
  termId: z.string(),
  organisation: z.string(),
  mentorName: z.string(),
  interest: z.string(),
  startsOn: z.string(),
  endsOn: z.string().nullable(),
  summary: z.string(),
  hours: z.number(),
  revision: z.number(),
});

export function internshipView(internship: Internship): z.output<typeof internshipAnswer> {
  const { id, studentId, termId, organisation, mentorName, interest } = internship;
  const { startsOn, endsOn, summary, hours, revision } = internship;
  return {
    ...{ id, studentId, termId, organisation, mentorName, interest },
    ...{ startsOn, endsOn, summary, hours, revision },
  };
}
