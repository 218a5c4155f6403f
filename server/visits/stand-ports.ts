/**
 * Answers what exhibitions ask about stands: how many came, and what becomes of the sign when a stand's time changes.
 */
import type { ExhibitionPorts } from '../exhibitions/exhibition-ports.js';
import { findSchool } from '../school/school-records.js';
import { removeStandPass, saveStandPassExpiry } from './stand-pass-records.js';
import { standPasses } from './stand-landing.js';
import { endOfStand } from './visit.js';
import { countVisits, findLastVisitOf, saveVisitsUntil } from './visit-records.js';

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
