/** The learning plan of a term, thin: what the student sets out to do, and the goals that it is broken into. */
export interface LearningPlan {
  id: string;
  schoolId: string;
  studentId: string;
  termId: string;
  /** What I set out to do. */
  aim: string;
  goals: string[];
  revision: number;
  changedAt: Date;
  changedBy: string;
}

export const MAX_GOALS = 12;

/** One goal a line, as it is typed on the page; empty lines say nothing. */
export const goalsOf = (lines: string): string[] =>
  lines
    .split('\n')
    .map((line) => line.replace(/^[-*•]\s+/, '').trim())
    .filter((line) => line !== '');
