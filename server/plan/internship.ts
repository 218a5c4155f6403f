/**
 * An internship (LTI): where a student learns out of school, with whom, and for how long. Student and advisor keep it.
 */
import type { Actor } from '../access/actor.js';
import { isAdvisorOf, isOwn, mayReadStudent, type StudentFacts } from '../people/person.js';

export interface Internship {
  id: string;
  schoolId: string;
  studentId: string;
  termId: string;
  organisation: string;
  mentorName: string;
  /** The interest that it follows. */
  interest: string;
  /** Days, `YYYY-MM-DD`; the end is empty while it goes on. */
  startsOn: string;
  endsOn: string | null;
  summary: string;
  hours: number;
  /** Counts every change; a change names the one that it was made from. */
  revision: number;
}

export const MAX_INTERNSHIP_HOURS = 2000;

/** Who may read the student reads the plan and the internships; the student and the advisor write them. */
export const mayReadPlan = mayReadStudent;
export const mayWritePlan = (actor: Actor, student: StudentFacts): boolean =>
  isOwn(actor, student) || isAdvisorOf(actor, student);
