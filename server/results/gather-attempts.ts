/** What a result page says about the other attempts of its student. Reads only. */
import { hasRole, runsSchool, type Actor } from '../access/actor.js';
import { listExhibitionsByIds } from '../exhibitions/exhibition-records.js';
import { mayManageExhibitions, type Exhibition } from '../exhibitions/exhibition.js';
import { presentationIdOf } from '../exhibitions/groups/group.js';
import { mayActFor } from '../exhibitions/planners/planners.js';
import { mayRemoveSlot, type Slot } from '../exhibitions/slots/slot.js';
import { listSeatsOfSlot } from '../exhibitions/seats/seat-records.js';
import { listSheetStates } from '../scores/score-sheet-records.js';
import type { SchoolScope } from '../db/database.js';
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
  /** A later attempt that is still planned although this one is met; null to those who do not plan it. */
  unneeded: { slot: Slot; exhibition: Exhibition; mayRemove: boolean } | null;
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
  const isMet = panel.result?.attainment?.outcome === 'met';
  const later = slots.find((slot) => slot.attempt > panel.slot.attempt && !published.has(slot.id));
  const itsDay = later && exhibitions.get(later.exhibitionId);
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
    unneeded: isMet && later && itsDay ? await unneededAttempt(scope, actor, panel, later, itsDay) : null,
    places: waits ? await listPlaces(scope, panel.exhibition) : null,
  };
}

async function unneededAttempt(
  scope: SchoolScope,
  actor: Actor,
  { student }: SlotPanel,
  slot: Slot,
  exhibition: Exhibition,
): Promise<AttemptsFacts['unneeded']> {
  if (!mayManageExhibitions(actor) || !mayActFor(actor, exhibition, [student])) return null;
  const seats = await listSeatsOfSlot(scope, presentationIdOf(slot));
  const sheets = await listSheetStates(
    scope,
    seats.map(({ id }) => id),
  );
  // With a group everybody else's presentation would go as well, and what was scored stays.
  const isOfGroup = Boolean(slot.group ?? slot.partOf);
  return { slot, exhibition, mayRemove: !isOfGroup && mayRemoveSlot(exhibition.phase, sheets.size) };
}
