/**
 * Makes a term the current one. The one before is over: what people were in it is recorded first, so that
 * nothing of it changes later.
 */
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, type SchoolScope } from '../db/database.js';
import { NotFound } from '../errors.js';
import { holdTerm } from './hold-term.js';
import type { Term } from './school.js';
import { findSchool, saveSchoolChange } from './school-records.js';

/** What is not done of a term; it stays in the lists of what is to do until it is. */
export interface OpenWork {
  /** Exhibitions that are not closed. */
  exhibitions: number;
  /** Students without a narrative signed by their advisor. */
  narratives: number;
  /** Students without a transcript. */
  transcripts: number;
}

export interface ChooseTermNeeds {
  countOpenWork(scope: SchoolScope, termId: string): Promise<OpenWork>;
  /** Records everybody's enrollment in a term; may be called again. */
  keepTerm(scope: SchoolScope, clock: Clock, termId: string): Promise<void>;
}

export async function chooseTerm(
  { clock, keepTerm }: Pick<ChooseTermNeeds, 'keepTerm'> & { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  term: Pick<Term, 'id'>,
): Promise<void> {
  const before = (await findSchool(scope, scope.schoolId))?.currentTermId ?? null;
  if (before === term.id) return;
  if (before !== null) await keepTerm(scope, clock, before);
  await inTransaction(scope, async (inside) => {
    if (!(await holdTerm(inside, term.id, scope.schoolId))) throw new NotFound();
    await saveSchoolChange(inside, { currentTermId: term.id });
    await appendAudit(inside, clock, actor, 'school.term-current', { kind: 'term', id: term.id });
  });
}
