/**
 * The record that a student brings along from the school before: frozen parts, each a copy of what that
 * school had submitted, published, signed, issued or written down as plan and internship. A part never
 * changes; only what is taken down for a lawful reason loses its content.
 */
import { asSealed, type Resealed } from '../audit/frozen-record.js';
import { hashOf } from '../canonical.js';
import type { Actor } from '../access/actor.js';
import { mayReadArtifact, type Medium, type StoredWork, type TakenDown } from '../artifacts/artifact.js';
import { mayReadStudent, type StudentFacts } from '../people/person.js';
import type { SnapshotContent } from '../portfolio/portfolio.js';
import type { RubricRef } from '../rubrics/rubric.js';

interface EarlierProfile {
  school: string;
  displayName: string;
  sourcedId: string | null;
  terms: {
    name: string;
    startsOn: string;
    endsOn: string;
    grade: string | null;
    advisory: string | null;
    advisors: string[];
    status: string;
  }[];
  /** What it was issued; whether one still is valid is asked at `/verify`. */
  transcripts: { number: string; code: string; term: string; issuedAt: string; snapshotHash: string }[];
}

interface EarlierPortfolio extends SnapshotContent {
  /** Of what was submitted. */
  snapshotHash: string;
  number: number;
}

/** One version of a work. */
export interface EarlierWork {
  artifactId: string;
  number: number;
  title: string;
  caption: string;
  altText: string;
  medium: Medium;
  sha256: string;
  url: string | null;
  text: string | null;
  /** A submitted portfolio shows it, so the family has seen it. */
  shown: boolean;
  /** When its content was taken away (ISO 8601); its hash stays. */
  takenDown?: string;
}

interface EarlierResult {
  exhibition: string;
  attempt: number;
  rubric: RubricRef;
  rubricTitle: string;
  outcome: string | null;
  /** To the student, with "not yet". */
  words: string;
  rows: {
    criterionId: string;
    name: string;
    levelId: string | null;
    level: string | null;
    descriptor: string | null;
    comments: { role: string; text: string }[];
  }[];
  overall: { role: string; text: string }[];
  /** Of the published result. */
  resultHash: string;
}

interface EarlierNarrative {
  voice: 'advisor' | 'student';
  number: number;
  signedName: string;
  markdown: string;
  /** Of what was signed. */
  narrativeHash: string;
}

/** Of one term, as it was when the student left. */
interface EarlierPlan {
  aim: string;
  goals: string[];
  /** A student who comes back and leaves again may have changed it. */
  planId: string;
  revision: number;
}

interface EarlierInternship {
  organisation: string;
  mentorName: string;
  interest: string;
  /** Days, `YYYY-MM-DD`; the end is null where it went on. */
  startsOn: string;
  endsOn: string | null;
  summary: string;
  hours: number;
  internshipId: string;
  revision: number;
}

interface Contents {
  profile: EarlierProfile;
  portfolio: EarlierPortfolio;
  work: EarlierWork;
  result: EarlierResult;
  narrative: EarlierNarrative;
  plan: EarlierPlan;
  internship: EarlierInternship;
}
export type PartKind = keyof Contents;

interface PartOf<K extends PartKind> extends Resealed {
  id: string;
  schoolId: string;
  handoverId: string;
  /** In this school. */
  studentId: string;
  kind: K;
  /** Of the record that it is a copy of; of the profile the handover's. */
  sourceId: string;
  fromSchoolId: string;
  title: string;
  term: string;
  /** When it was submitted, brought in, published or signed. */
  at: Date;
  content: Contents[K];
  file: StoredWork | null;
  copiedAt: Date;
  takenDown?: TakenDown;
  hash: string;
}
export type EarlierPart = { [K in PartKind]: PartOf<K> }[PartKind];
export type EarlierWorkPart = PartOf<'work'>;
/** What is gathered of a part before it has its place. */
export type NewPart = {
  [K in PartKind]: Pick<PartOf<K>, 'kind' | 'sourceId' | 'title' | 'term' | 'at' | 'content'>;
}[PartKind] & {
  file?: StoredWork | null;
  /** Where it was made, when that is not the school that hands over: the student had brought it along. */
  fromSchoolId?: string;
  takenDown?: TakenDown;
};

/** What never changes of it; goes into the audit chain by its hash. */
export const frozenOfPart = (part: Omit<EarlierPart, 'hash'>) => {
  const { handoverId, studentId, kind, sourceId, fromSchoolId, title, term, at, content, file } =
    asSealed(part);
  return { handoverId, studentId, kind, sourceId, fromSchoolId, title, term, at, content, file };
};
export const hashOfPart = (part: Omit<EarlierPart, 'hash'>): string => hashOf(frozenOfPart(part));
export const partHolds = (part: EarlierPart): boolean => hashOfPart(part) === part.hash;

/**
 * Whoever reads the student's whole record here; a work that was never shown is not for the family, as in every school.
 */
export const mayReadPart = (
  actor: Actor,
  student: StudentFacts,
  part: { kind: PartKind; content?: unknown },
): boolean =>
  actor.seatIds === null &&
  mayReadStudent(actor, student) &&
  (part.kind !== 'work' || (part.content as EarlierWork).shown || mayReadArtifact(actor, student));
