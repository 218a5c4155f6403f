/** What a result page says about the other attempts of its student. Reads only. */
import { hasRole, runsSchool, type Actor } from '../access/actor.js';
import { listExhibitionsByIds } from '../exhibition/exhibition-records.js';
import { mayManageExhibitions, type Exhibition } from '../exhibition/exhibition.js';
import type { Slot } from '../exhibition/slot.js';
import type { SchoolScope } from '../database.js';
import { isAdvisorOf, isGuardianOf, isOwn } from '../people/person.js';
import { byId } from '../people/person.js';
import { findSchool } from '../school/school-records.js';
import { listAttemptChoices } from './attempt-choice-records.js';
import { choiceStateOf, firstExhibitionOf, mayChooseAttempt, type Standing } from './attempts.js';
import type { SlotPanel } from './gather-result.js';
import { gatherStandings } from './gather-standings.js';
import { listAttemptSlots, listPlaces } from './plan-attempt.js';
import { listGrowthOfStudent, type GrowthResult } from './result-records.js';

export interface AttemptsFacts {
  slots: { slot: Slot; exhibition: Exhibition; result: GrowthResult | null; standing: Standing | null }[];
  mayChoose: boolean;
  /** What whoever chooses has seen; null for those who may not. */
  state: string | null;
  /** Where the next attempt can be; null where nobody waits for one or the reader does not plan. */
  places: Exhibition[] | null;
}

/** Whoever may read the student's other results; a panelist alone heard this attempt and no other. */
const readsAttempts = (actor: Actor, { student }: SlotPanel): boolean =>
  actor.seatIds === null &&
  (runsSchool(actor) || isAdvisorOf(actor, student) || isOwn(actor, student) || isGuardianOf(actor, student));

/** Null for those to whom the other attempts are not shown. */
export async function gatherAttempts(
  scope: SchoolScope,
  actor: Actor,
  panel: SlotPanel,
): Promise<AttemptsFacts | null> {
  if (!readsAttempts(actor, panel)) return null;
  const mayChoose = mayChooseAttempt(actor, panel.student);
  // Read before what is shown: a choice made in between is shown and is not in the state.
  const choices = mayChoose && panel.result ? await listAttemptChoices(scope, [panel.student.id]) : [];
  const [slots, results, school] = await Promise.all([
    listAttemptSlots(scope, panel.slot),
    listGrowthOfStudent(scope, panel.student.id),
    findSchool(scope, scope.schoolId),
  ]);
  const [standings, exhibitions] = await Promise.all([
    gatherStandings(scope, school, results),
    listExhibitionsByIds(scope, [...new Set(slots.map((slot) => slot.exhibitionId))]).then(byId),
  ]);
  const published = byId(results);
  const waits =
    panel.result?.attainment?.outcome === 'not-yet' &&
    slots.at(-1)?.id === panel.slot.id &&
    mayManageExhibitions(actor);
  return {
    slots: slots.flatMap((slot) => {
      const exhibition = exhibitions.get(slot.exhibitionId);
      // A draft is a plan of the staff's, not yet an appointment of the student's.
      if (!exhibition || (exhibition.phase === 'draft' && hasRole(actor, 'student', 'guardian'))) return [];
      const [result, standing] = [published.get(slot.id) ?? null, standings.get(slot.id) ?? null];
      return [{ slot, exhibition, result, standing }];
    }),
    mayChoose,
    state: mayChoose && panel.result ? choiceStateOf(results, choices, firstExhibitionOf(panel.slot)) : null,
    places: waits ? await listPlaces(scope, panel.exhibition) : null,
  };
}
