/**
 * Changes the words on a work's label. Somebody else than the student does so under their own name, on
 * record, and the student is told.
 */
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import { fieldsChanged } from '../audit/fields-changed.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import { NotFound } from '../errors.js';
import { worksLock, withLocks } from '../db/record-locks.js';
import type { WorkWords } from './add-artifact.js';
import type { Artifact } from './artifact.js';
import { unseenChangeBy } from './unseen-change.js';
import { findArtifact, saveArtifactWords } from './artifact-records.js';

/** @throws NotFound */
export async function changeLabel(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
  { id, studentId }: Pick<Artifact, 'id' | 'studentId'>,
  words: WorkWords,
): Promise<Artifact> {
  return withLocks(scope, [worksLock(studentId)], async (inside) => {
    const before = await findArtifact(inside, id);
    if (!before) throw new NotFound();
    const fields = fieldsChanged(before, words);
    if (fields.length === 0) return before;
    const unseen = unseenChangeBy(actor, studentId, clock.now());
    const after = await saveArtifactWords(inside, id, { ...words, wordsBy: actor.personId }, unseen);
    if (!after) throw new NotFound();
    if (unseen)
      await appendAudit(inside, clock, actor, 'artifacts.relabel', { kind: 'artifact', id }, { fields });
    return after;
  });
}
