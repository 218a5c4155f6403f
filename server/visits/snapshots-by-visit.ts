/** Answers the portfolio room: which of these snapshots are shown at a stand that this person visits? */
import type { Actor } from '../access/actor.js';
import type { SchoolScope } from '../database.js';
import { listSlotsOfStudents } from '../exhibition/slot-records.js';
import { isOwnVisit } from './visit.js';
import { listVisitsOfPersonAt } from './visit-records.js';

export async function snapshotsByVisit(
  scope: SchoolScope,
  actor: Actor,
  snapshots: readonly { id: string; studentId: string }[],
): Promise<string[]> {
  const asked = new Set(snapshots.map(({ id }) => id));
  const students = [...new Set(snapshots.map(({ studentId }) => studentId))];
  const slots = (await listSlotsOfStudents(scope, students)).filter(
    ({ snapshotId }) => snapshotId !== null && asked.has(snapshotId),
  );
  if (slots.length === 0) return [];
  const visits = await listVisitsOfPersonAt(
    scope,
    actor.personId,
    slots.map(({ id }) => id),
  );
  const visited = new Set(visits.filter((visit) => isOwnVisit(actor, visit)).map(({ slotId }) => slotId));
  return slots.flatMap(({ id, snapshotId }) => (snapshotId && visited.has(id) ? [snapshotId] : []));
}
