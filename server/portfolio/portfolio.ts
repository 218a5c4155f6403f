/**
 * A portfolio: chosen works in an order, each with what the student says about it and which criteria it proves. It is a
 * draft that changes; submitting freezes a snapshot by hash, and a snapshot never changes.
 */
import { hashOf } from '../canonical.js';
import { runsSchool, type Actor } from '../access/actor.js';
import type { Medium, VersionKind } from '../artifacts/artifact.js';
import type { Pin } from '../artifacts/pin.js';
import type { PortfolioSubmitters } from '../school/school.js';
import type { Suggestion } from './suggestion.js';
import { isAdvisorOf, isGuardianOf, isOwn, type StudentFacts } from '../people/person.js';

/** Which version of which rubric the criteria belong to. */
export interface PinnedRubricRef {
  slug: string;
  hash: string;
}

/** A student's own pin, as the draft has it. */
export interface EntryPin extends Pin {
  /**
   * Somebody has decided that it stays on its version: id of the version that was the newest then. A newer
   * one is asked about again.
   */
  keptFor?: string;
}

export interface PortfolioEntry {
  id: string;
  artifactId: string;
  reflection: string;
  criterionIds: string[];
  /** Places that prove a criterion; left out where there are none. */
  pins?: EntryPin[] | undefined;
}

export interface Portfolio {
  id: string;
  schoolId: string;
  studentId: string;
  termId: string;
  title: string;
  /** What the student set out to do. */
  statement: string;
  entries: PortfolioEntry[];
  rubric: PinnedRubricRef | null;
  /** `submitted` while nothing has changed since the newest snapshot. */
  state: 'draft' | 'submitted';
  /** Counts every change; a change names the revision that it was made from. */
  revision: number;
  /** Number of the newest snapshot; 0 before the first. */
  latestSnapshot: number;
  createdAt: Date;
  changedAt: Date;
  /** Words that the advisor suggests; left out where there are none. */
  suggestions?: Suggestion[];
  /** What somebody else has submitted and the student has not seen yet. */
  unseenSubmission?: { number: number; by: string; at: Date } | null;
}

/** One version of a work, as it was when the portfolio was submitted. */
export interface FrozenVersion {
  artifactVersionId: string;
  versionNumber: number;
  kind: VersionKind;
  sha256: string;
  file: { name: string; type: string; bytes: number; damaged?: boolean } | null;
  url: string | null;
  text: string | null;
  /** Id of whoever brought it in; left out where that was the student. */
  by?: string;
  /** On exactly this version; left out where there are none, as in snapshots from before there were any. */
  pins?: Pin[];
  /** When the content was taken away from here (ISO 8601); its hash stays. */
  takenDown?: string;
}

/** A work as it was when the portfolio was submitted: its newest version then, and what the student says about it. */
export interface FrozenEntry extends FrozenVersion {
  artifactId: string;
  title: string;
  caption: string;
  altText: string;
  /** Id of whoever wrote these words; left out where that was the student. */
  labelBy?: string;
  medium: Medium;
  reflection: string;
  criterionIds: string[];
  /** Earlier versions, to which pins stay tied; left out where there are none. */
  earlier?: FrozenVersion[];
}

/** Every version of a work that a snapshot shows, the newest first, each as an entry with its own pins. */
export const versionsShown = ({ earlier = [], ...newest }: FrozenEntry): FrozenEntry[] => {
  const { artifactId, title, caption, altText, medium } = newest;
  const work = { artifactId, title, caption, altText, medium, reflection: '', criterionIds: [] };
  return [newest, ...earlier.map((version) => ({ ...work, ...version }))];
};

export interface SnapshotContent {
  title: string;
  statement: string;
  rubric: PinnedRubricRef | null;
  /** Names of all criteria that the rubric had. */
  criteria: { id: string; name: string }[];
  entries: FrozenEntry[];
  /**
   * Who submitted it, where that was not the student, whose words these are; who it was is in the snapshot's record.
   */
  submittedAs?: 'advisor';
}

export interface PortfolioSnapshot {
  id: string;
  schoolId: string;
  portfolioId: string;
  studentId: string;
  termId: string;
  /** 1 is the first. */
  number: number;
  /** SHA-256 of the canonical JSON of `content`. */
  hash: string;
  content: SnapshotContent;
  submittedAt: Date;
  submittedBy: string;
  /**
   * Hash of `content` since works in it were taken down; the audit chain has it, too. `hash` stays that of
   * what was submitted.
   */
  takenDownHash?: string;
}

/** Whether a snapshot still is what was submitted. */
export const isUnchangedSnapshot = (
  snapshot: Pick<PortfolioSnapshot, 'content' | 'hash' | 'takenDownHash'>,
): boolean => hashOf(snapshot.content) === (snapshot.takenDownHash ?? snapshot.hash);

export const MAX_ENTRIES = 100;

/** The words, the choice and the order are the student's: nobody else changes them. */
export const mayEditPortfolio = (actor: Actor, student: StudentFacts): boolean => isOwn(actor, student);
/** The advisor suggests words, and begins a portfolio that has none yet. */
export const mayAdvisePortfolio = (actor: Actor, student: StudentFacts): boolean =>
  isAdvisorOf(actor, student);
export const mayBeginPortfolio = (actor: Actor, student: StudentFacts): boolean =>
  isOwn(actor, student) || isAdvisorOf(actor, student);
/** The student submits; where the school allows it, the advisor does so for them. */
export const maySubmitPortfolio = (
  actor: Actor,
  student: StudentFacts,
  submitters: PortfolioSubmitters,
): boolean => isOwn(actor, student) || (submitters === 'student-and-advisor' && isAdvisorOf(actor, student));
/** The draft is not for the family: they see what was submitted. */
export const mayReadPortfolio = (actor: Actor, student: StudentFacts): boolean =>
  runsSchool(actor) || isOwn(actor, student) || isAdvisorOf(actor, student);
/** What was submitted; a panel sees it by its seats, which is asked of the panel's room. */
export const mayReadSnapshots = (actor: Actor, student: StudentFacts): boolean =>
  mayReadPortfolio(actor, student) || isGuardianOf(actor, student);

export type EntryMove = 'up' | 'down' | 'remove';

/** The list with one entry moved by one place or taken out; unchanged where it cannot move. */
export function moved<E extends { id: string }>(
  entries: readonly E[],
  entryId: string,
  move: EntryMove,
): E[] {
  const at = entries.findIndex(({ id }) => id === entryId);
  const entry = entries[at];
  if (!entry) return [...entries];
  const rest = entries.filter(({ id }) => id !== entryId);
  if (move === 'remove') return rest;
  const to = Math.max(0, Math.min(rest.length, at + (move === 'up' ? -1 : 1)));
  return rest.toSpliced(to, 0, entry);
}
