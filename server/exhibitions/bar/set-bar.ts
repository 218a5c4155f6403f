/** Says which level the rows of an exhibition have to reach, or that none has to. */
import type { Actor } from '../../access/actor.js';
import { appendAudit } from '../../audit/append-audit.js';
import type { Clock } from '../../clock.js';
import { inTransaction, type SchoolScope } from '../../db/database.js';
import { Conflict } from '../../errors.js';
import { requirePermission } from '../../people/person.js';
import type { RubricLibrary } from '../../rubrics/rubric-library.js';
import { mayChangeBar, readBar, type Bar } from './bar.js';
import { mayManageExhibitions, type Exhibition } from '../exhibition.js';
import { getExhibition, saveExhibitionChange } from '../exhibition-records.js';
import { checkPlanner } from '../planners/planners.js';
import { refuseUnseen, seenOf } from '../refuse-stale.js';

/** What somebody has seen of the bar: it is said in the words of one rubric. */
export const seenOfBar = ({ bar, rubric }: Exhibition): string => seenOf([bar ?? null, rubric.hash]);

/**
 * @param bar null for none
 * @param seen `seenOfBar`, as its sender has seen it
 * @throws StateMissing; Conflict `stale` when somebody has changed it since
 * @throws InvalidInput for a level or row of another rubric
 * @throws Conflict once scoring has started
 */
export async function setBar(
  needs: { clock: Clock; rubrics: RubricLibrary },
  scope: SchoolScope,
  actor: Actor,
  id: string,
  bar: Bar | null,
  seen: string | undefined,
): Promise<Exhibition> {
  requirePermission(mayManageExhibitions(actor));
  return inTransaction(scope, async (inside) => {
    const before = await getExhibition(inside, id);
    checkPlanner(actor, before);
    if (!mayChangeBar(before.phase)) throw new Conflict('exhibition.problem.bar-fixed');
    await refuseUnseen(inside, { seen, now: seenOfBar(before), field: 'seen' }, [
      { kind: 'exhibition', id, isAbout: (act) => /^exhibition\.(bar|change)$/.test(act) },
    ]);
    const kept = bar && readBar(await needs.rubrics.byHash(before.rubric.hash), bar);
    const after = await saveExhibitionChange(inside, id, before.phase, { bar: kept });
    if (!after) throw new Conflict('common.problem.stale');
    const subject = { kind: 'exhibition', id };
    await appendAudit(inside, needs.clock, actor, 'exhibition.bar', subject, { bar: kept });
    return after;
  });
}
