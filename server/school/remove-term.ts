/** Deletes a term that was made by mistake. Refuses one that is current, or that anything names. */
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import { Conflict } from '../errors.js';
import { termLock, withLocks } from '../db/record-locks.js';
import { findSchool, getTerm, removeTermRecord } from './school-records.js';

/** What may name a term, in the order in which it is told. */
export const termUses = [
  'exhibitions',
  'portfolios',
  'narratives',
  'plans',
  'internships',
  'results',
  'transcripts',
  'enrollments',
] as const;
export type TermUse = (typeof termUses)[number];

export interface RemoveTermPorts {
  /** How many of each kind name the term; features that keep them come later. */
  countTermUses(scope: SchoolScope, termId: string): Promise<Record<TermUse, number>>;
  /** What nobody recorded and only assumed goes with the term. */
  forgetTerm(scope: SchoolScope, termId: string): Promise<unknown>;
}

/**
 * @param usesText `2 exhibitions, 5 narratives`, in the reader's language
 * @throws NotFound; Conflict `term-current` or `term-used` with what names it
 */
export const removeTerm = (
  { clock, ...ports }: RemoveTermPorts & { clock: Clock },
  scope: SchoolScope,
  actor: Pick<Actor, 'personId' | 'via'>,
  id: string,
  usesText: (uses: readonly { use: TermUse; count: number }[]) => string,
): Promise<void> =>
  withLocks(scope, [termLock(id)], async (inside) => {
    const term = await getTerm(inside, id);
    if ((await findSchool(inside, scope.schoolId))?.currentTermId === term.id)
      throw new Conflict('school.problem.term-current', {}, 'term-current');
    const counts = await ports.countTermUses(inside, term.id);
    const uses = termUses.map((use) => ({ use, count: counts[use] })).filter(({ count }) => count > 0);
    if (uses.length > 0)
      throw new Conflict('school.problem.term-used', { uses: usesText(uses) }, 'term-used');
    await ports.forgetTerm(inside, term.id);
    await removeTermRecord(inside, term.id);
    await appendAudit(inside, clock, actor, 'school.term-remove', { kind: 'term', id: term.id });
  });
