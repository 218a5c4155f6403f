/**
 * Whether a form is sent by the person who opened it. In another tab somebody else may have signed in since,
 * or the same person may have switched to another of their schools; a record that was merged means the person
 * who stays.
 */
import type { Who } from '../access/allow.js';
import type { Context } from '../context.js';
import { Conflict } from '../errors.js';
import type { OpenedForm } from '../forms/opened-form.js';
import type { FoundVisitor } from './call.js';
import type { VisitSources } from './find-visit.js';

const otherWriter = 'other-writer';
const otherSchool = 'other-school';
export const isOtherWriter = ({ code }: { code: string }): boolean =>
  code === otherWriter || code === otherSchool;

/** The same account opened the form in another of its schools. */
export class OtherSchool extends Conflict {
  /**
   * @param membership where the form was opened; null where that school is closed
   * @param next where somebody goes on who switches back
   * @param isKept what was typed is found there
   */
  constructor(
    message: string,
    params: Record<string, string>,
    readonly membership: { personId: string; name: string } | null,
    readonly next: string,
    readonly isKept = false,
  ) {
    super(message, params, otherSchool, { membership });
  }

  /** The same problem, once what was typed is kept. @param next address of the page */
  kept(next: string): OtherSchool {
    return new OtherSchool(
      this.messageKey,
      this.params as Record<string, string>,
      this.membership,
      next,
      true,
    );
  }
}

/** The form with the person whom its mark means by now. Asks only where that is not whoever sends it. */
export async function withCurrentWriter<F extends OpenedForm | null>(
  { db }: Pick<Context, 'db'>,
  { currentIds }: Pick<VisitSources, 'currentIds'>,
  { actor }: Pick<FoundVisitor, 'actor'>,
  opened: F,
): Promise<F> {
  const { personId, schoolId } = opened?.writer ?? {};
  if (!opened?.writer || !personId || !schoolId || personId === actor?.personId) return opened;
  const current = (await currentIds({ db, schoolId }, [personId])).get(personId);
  return current === undefined ? opened : { ...opened, writer: { ...opened.writer, personId: current } };
}

/** Null when the form is sent by its writer, or nobody asks who that is. @param opened with its current writer */
export function writerProblem(
  who: Who,
  { actor, school, network, elsewhere = [] }: FoundVisitor,
  opened: OpenedForm | null,
): Conflict | null {
  const id = opened?.writer?.personId;
  if (who === 'anyone' || !actor || !opened || !id || id === actor.personId) return null;
  if (!actor.elsewhere?.some(({ personId }) => personId === id))
    return new Conflict('forms.problem.other-writer', {}, otherWriter);
  const here = school?.name ?? network ?? '';
  const there = elsewhere.find(({ personId }) => personId === id);
  return there
    ? new OtherSchool('forms.problem.other-school', { here, there: there.name }, there, opened.page)
    : new OtherSchool('forms.problem.closed-school', { here }, null, opened.page);
}
