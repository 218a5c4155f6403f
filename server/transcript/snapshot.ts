/**
 * What a transcript says, frozen at the moment of issue: every fact as a copy, nothing that could change
 * afterwards. The page is made from this alone, so the same snapshot gives the same page in five years. Dates
 * are ISO 8601 text; `canonicalJson` of the whole is what is stored and hashed.
 */
export interface TranscriptSnapshot {
  format: 1;
  /** Gap-free within the school, e.g. `RB-2026-000123`. */
  number: string;
  /** What a stranger types to verify, e.g. `K7QF-2MXN-8RTD`. */
  code: string;
  verifyUrl: string;
  /** BCP 47 tag of the language the page is set in. */
  language: string;
  school: { name: string; address: string; motto: string; accent: string | null; timeZone: string };
  student: {
    id: string;
    name: string;
    /** Left out where the record has one form alone: the name in other letters, printed beside it. */
    nameInOtherScript?: string;
    /** BCP 47 tag, where the records say it and Chinese characters are drawn by it; else left out. */
    language?: string;
    /** The school's own; null where it gave none. */
    studentNumber?: string | null;
    /** In documents from before the two were told apart: what is printed as the number. */
    sourcedId?: string | null;
    grade: string | null;
    advisory: string | null;
    advisors: string[];
  };
  term: { id: string; name: string; startsOn: string; endsOn: string };
  issued: { at: string; by: string };
  /** What the student set out to do, in their own words. */
  intent: { title: string; statement: string } | null;
  /**
   * Every term with a result, and the transcript's own, in order; in documents from before charts cut their
   * axis, the last six.
   */
  terms: { id: string; name: string }[];
  rubrics: TranscriptRubric[];
  exhibitions: TranscriptExhibition[];
  internships: TranscriptInternship[];
  narratives: TranscriptNarrative[];
}

export interface TranscriptLevel {
  id: string;
  name: string;
  /** A place between two described levels. */
  between: boolean;
  /** What the rubric says of the level, whatever the row; null in documents from before rubrics said it. */
  describes: string | null;
}

export interface TranscriptRubric {
  slug: string;
  hash: string;
  title: string;
  credit: string | null;
  /** Low to high. */
  levels: TranscriptLevel[];
  goals: TranscriptGoal[];
}

export interface TranscriptGoal {
  id: string;
  name: string;
  description: string | null;
  /** What the rubric says of the level reached. */
  meaning: string | null;
  /**
   * Where a level between two others was reached, which says nothing of its own: what the rubric says of its neighbors.
   */
  neighbors?: { lower: string | null; upper: string | null };
  /** Every published outcome up to this term, oldest first. A criterion that was not observed has no entry. */
  history: TranscriptStep[];
}

export interface TranscriptStep {
  termId: string;
  levelId: string;
  on: string;
  attempt: number;
  /** False where another attempt at the same thing counts; left out where this one does. */
  counts?: false;
}

export interface TranscriptExhibition {
  title: string;
  format: 'panel' | 'gallery';
  startsAt: string;
  place: string;
  /** Left out where it is the transcript's own, and in documents from before it was printed. */
  termName?: string;
  attempt: number;
  /**
   * Left out where there was no other: when the student presented this as well. The one shown is the one that counts.
   */
  otherAttempts?: { attempt: number; on: string }[];
  /**
   * Left out where the student presented alone: how many presented together, and which criteria were scored
   * once for all of them.
   */
  together?: { students: number; criteria: string[] };
  /** Left out where the school says neither. */
  met?: { outcome: 'met' | 'not-yet'; missed: string[] };
  portfolio: string | null;
  /** `name` is null where the school shows voices by role only. */
  panel: { name: string | null; role: string }[];
  /** At the stand of a gallery: how many visitors left a score or words. */
  visitors?: number;
  outcomes: { criterion: string; level: string | null }[];
}

export interface TranscriptInternship {
  organisation: string;
  mentorName: string;
  interest: string;
  startsOn: string;
  endsOn: string | null;
  hours: number | null;
  summary: string;
}

interface TranscriptNarrative {
  voice: 'advisor' | 'student';
  authorName: string;
  markdown: string;
  signedAt: string;
  version: number;
}

/** What is printed as the student number; null leaves the line out. */
export const studentNumberOf = ({ student }: Pick<TranscriptSnapshot, 'student'>): string | null =>
  (student.studentNumber === undefined ? student.sourcedId : student.studentNumber) ?? null;

/** The outcomes that count, oldest first. */
export const countingSteps = (goal: TranscriptGoal): TranscriptStep[] =>
  goal.history.filter((step) => step.counts !== false);

/** The level a goal stands at: the latest outcome that counts, or null when it was never observed. */
export function levelReached(rubric: TranscriptRubric, goal: TranscriptGoal): TranscriptLevel | null {
  const latest = countingSteps(goal).at(-1);
  return rubric.levels.find((level) => level.id === latest?.levelId) ?? null;
}
