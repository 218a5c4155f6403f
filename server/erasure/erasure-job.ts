/**
 * What the background worker does for an erasure: every part in its order, then the bytes. A worker that
 * takes it over begins with the first part again and finds nothing left in those that were done.
 */
import { setTimeout as rest } from 'node:timers/promises';
import type { Actor } from '../access/actor.js';
import { removeFilesOfOwner, type FileRemovalNeeds } from '../artifacts/remove-files.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction } from '../db/database.js';
import type { JobHandler } from '../jobs/run-jobs.js';
import { erasedPersonOf, mergedIdsOf } from './describe-person.js';
import { partsAtOnce, partsInBackground } from './erase-person-parts.js';
import { getErasure, saveErasureDone } from './erasure-records.js';
import { findNamedKeys } from './named-files.js';
import { countTraces } from './preview-erasure.js';
import { runPart } from './run-parts.js';

/** Milliseconds before trying again to remove bytes; after that the regular sweep goes on trying. */
const pauses = [0, 300, 1500];

export function erasureJobHandler(
  needs: Omit<FileRemovalNeeds, 'findNamedKeys'> & { clock: Clock },
): JobHandler {
  const { clock } = needs;
  // What came in between the request and the end of a session is found, too.
  const parts = [...partsAtOnce, ...partsInBackground];
  return async (job, { scope, signal, progress, problem }) => {
    const { erasureId, ...actor } = job.payload as { erasureId: string } & Pick<Actor, 'personId' | 'via'>;
    const erasure = await getErasure(scope, erasureId);
    const total = parts.length + 1;
    if (erasure.traces) {
      const person = await erasedPersonOf(scope, erasure, erasure.traces);
      for (const [at, part] of parts.entries()) {
        await runPart(clock, scope, actor, erasure, part, person, signal);
        if (signal.aborted) return null;
        await progress(at + 1, total);
      }
      const kept = await countTraces(scope, parts, person, ['kept']);
      await inTransaction(scope, async (inside) => {
        const done = await saveErasureDone(inside, erasureId, kept, clock.now());
        if (!done) return;
        const { ground, counts } = done;
        const subject = { kind: 'person', id: erasure.personId };
        await appendAudit(inside, clock, actor, 'people.erased', subject, { erasureId, ground, counts });
      });
    }
    const owners = await mergedIdsOf(scope, erasure.personId);
    let left = 0;
    for (const pause of pauses) {
      await rest(pause);
      left = 0;
      for (const owner of owners) left += await removeFilesOfOwner({ ...needs, findNamedKeys }, owner);
      if (left === 0 || signal.aborted) break;
    }
    if (left > 0 && !signal.aborted) await problem('', 'erasure.problem.files-waiting');
    await progress(total, total);
    return { href: `/erasures/${erasureId}` };
  };
}
