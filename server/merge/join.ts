/** How two plans, enrollments or narratives of one term become one. Pure. */
import { erased } from '../audit/frozen-record.js';
import type { Enrollment } from '../people/enrollment.js';
import type { Narrative } from '../narratives/narrative.js';
import { MAX_GOALS, type LearningPlan } from '../plan/learning-plan.js';

/** As the form takes it. */
const MAX_AIM = 2000;

const joinedText = (a: string, b: string): string =>
  [...new Set([a.trim(), b.trim()])].filter((text) => text !== '').join('\n\n');

type PlanWords = Pick<LearningPlan, 'aim' | 'goals'>;
export const joinedPlan = (into: PlanWords, from: PlanWords): PlanWords => ({
  aim: joinedText(into.aim, from.aim),
  goals: [...new Set([...into.goals, ...from.goals])],
});
/** Whether both fit into one. */
export const plansFit = (into: PlanWords, from: PlanWords): boolean => {
  const { aim, goals } = joinedPlan(into, from);
  return aim.length <= MAX_AIM && goals.length <= MAX_GOALS;
};

type EnrollmentFact = Pick<Enrollment, 'termId' | 'assumed' | 'status'>;
/** What was recorded at the time counts more than what was assumed, and being enrolled more than having left. */
export function keptEnrollment<E extends EnrollmentFact>(into: E, from: E, currentTermId: string | null): E {
  if (into.termId === currentTermId) return into;
  if (into.assumed !== from.assumed) return into.assumed ? from : into;
  if (into.status !== from.status && from.status === 'enrolled') return from;
  return into;
}

export type StoredNarrative = Omit<Narrative, 'id'> & { _id: string };
type Signed = StoredNarrative & { lastSignedAt: Date | null };

/**
 * `base` stays, and the signed versions of `other` follow its own: so the one that was signed last is the
 * newest. A draft is the next version; two drafts are one, the words of both in it.
 */
export function joinedNarrative(
  into: Signed,
  from: Signed,
): { base: StoredNarrative; other: StoredNarrative; change: Partial<Narrative> } {
  const signedAt = (one: Signed): number => one.lastSignedAt?.getTime() ?? 0;
  const isLast = signedAt(into) > signedAt(from);
  const [base, other] = isLast && from.latestVersion > 0 ? [from, into] : [into, from];
  const drafts = [into, from].filter(({ state, markdown }) => state === 'draft' && markdown.trim() !== '');
  const [first] = drafts;
  const source = first ?? (isLast ? into : from);
  const markdown =
    drafts.length === 2 ? joinedText(drafts[0]!.markdown, drafts[1]!.markdown) : source.markdown;
  const isSigned = drafts.length === 0 && base.latestVersion + other.latestVersion > 0;
  return {
    base,
    other,
    change: {
      ...{ markdown, state: isSigned ? 'signed' : 'draft' },
      ...{ authorId: source.authorId, authorName: source.authorName },
      revision: base.revision + other.revision + 1,
      latestVersion: base.latestVersion + other.latestVersion,
      savedAt: new Date(Math.max(base.savedAt.getTime(), other.savedAt.getTime())),
    },
  };
}

/** For the audit entry: second copies of one record of an earlier school are gone, and nobody misses them. */
export const goneParts = (ids: readonly string[]): Partial<ReturnType<typeof erased>> =>
  ids.length > 0 ? erased(ids.map((id) => ({ kind: 'earlier record', id }))) : {};
