/**
 * Answers what earlier features ask about stands: how many came, what becomes of the sign when a stand's time
 * changes, and which frozen portfolios are shown to a visitor.
 */
import type { Actor } from '../access/actor.js';
import type { SchoolScope } from '../db/database.js';
import type { ExhibitionPorts } from '../exhibitions/exhibition-ports.js';
import { listShowingsOnSlots } from '../exhibitions/portfolios/shown-snapshots.js';
import type { SnapshotOwner } from '../portfolio/snapshot-access.js';
import { findSchool } from '../school/school-records.js';
import { removeStandPass, saveStandPassExpiry } from './stand-pass-records.js';
import { standPasses } from './stand-landing.js';
import { endOfStand, isOwnVisit } from './visit.js';
import { countVisits, findLastVisitOf, listVisitsOfPersonAt, saveVisitsUntil } from './visit-records.js';

type StandPorts = Pick<
  ExhibitionPorts,
  'countVisits' | 'lastRoleOf' | 'standMoved' | 'standRemoved' | 'standPasses'
>;

export const standPorts: StandPorts = {
  standPasses,
  countVisits,
  lastRoleOf: async (scope, personId) => (await findLastVisitOf(scope, personId))?.role ?? null,
  async standMoved(scope, slot) {
    const school = await findSchool(scope, scope.schoolId);
    const until = endOfStand(slot, school?.timeZone ?? 'UTC');
    await saveStandPassExpiry(scope, slot.id, until);
    await saveVisitsUntil(scope, slot.id, until);
  },
  standRemoved: async (scope, slotId) => {
    await removeStandPass(scope, slotId);
  },
};

/** At the stands that this person visits. */
export const listVisitShowings = (
  scope: SchoolScope,
  actor: Actor,
  snapshots: readonly SnapshotOwner[],
  now: Date,
) =>
  listShowingsOnSlots(scope, snapshots, now, async (slots) => {
    const ids = slots.map(({ id }) => id);
    const visits = await listVisitsOfPersonAt(scope, actor.personId, ids);
    const visited = new Set(visits.filter((visit) => isOwnVisit(actor, visit)).map(({ slotId }) => slotId));
    return ({ id }) => visited.has(id);
  });
