/** Brings together what a slot's result is made of: the slot, its panel, the sealed sheets. Reads only. */
import type { SchoolScope } from '../database.js';
import { getExhibition } from '../exhibition/exhibition-records.js';
import type { Exhibition } from '../exhibition/exhibition.js';
import { getSlot } from '../exhibition/slot-records.js';
import type { Slot } from '../exhibition/slot.js';
import { listSeatsOfSlot } from '../panel/seat-records.js';
import type { Seat } from '../panel/seat.js';
import { getPerson } from '../people/people-records.js';
import type { Person } from '../people/person.js';
import type { Rubric } from '../rubrics/rubric.js';
import type { RubricLibrary } from '../rubrics/rubric-library.js';
import { responseTo } from '../scores/score-sheet.js';
import { listSheetStates, listSubmittedSheets } from '../scores/score-sheet-records.js';
import type { PanelFacts } from '../scores/seal.js';
import { findResult } from './result-records.js';
import type { FrozenSheet, Result } from './result.js';

export interface SlotPanel extends PanelFacts {
  slot: Slot;
  exhibition: Exhibition;
  rubric: Rubric;
  student: Person;
  seats: Seat[];
  /** What is frozen already, or null. */
  result: Result | null;
}

/** @throws NotFound for a slot of another school */
export async function gatherPanel(
  scope: SchoolScope,
  rubrics: RubricLibrary,
  slotId: string,
): Promise<SlotPanel> {
  const slot = await getSlot(scope, slotId);
  const [exhibition, student, seats, result] = await Promise.all([
    getExhibition(scope, slot.exhibitionId),
    getPerson(scope, slot.studentId),
    listSeatsOfSlot(scope, slotId),
    findResult(scope, slotId),
  ]);
  const seatIds = seats.map((seat) => seat.id);
  const [rubric, states] = await Promise.all([
    rubrics.byHash((result ?? exhibition).rubric.hash),
    listSheetStates(scope, seatIds),
  ]);
  return {
    slot,
    exhibition,
    rubric,
    student,
    seats,
    states,
    result,
    published: result !== null,
    closed: exhibition.phase === 'closed',
  };
}

/** The sealed sheets of a panel in the order of its seats. Ask `sightOf` before showing them to anybody. */
export async function gatherSheets(scope: SchoolScope, panel: SlotPanel): Promise<FrozenSheet[]> {
  const sheets = await listSubmittedSheets(scope, panel.slot.id);
  return panel.seats.flatMap((seat) => {
    const sheet = sheets.find((one) => one.id === seat.id);
    if (!sheet?.submittedAt || sheet.hash === null) return [];
    return [
      {
        seatId: seat.id,
        panelistId: sheet.panelistId,
        panelistName: sheet.panelistName,
        role: sheet.role,
        chair: seat.chair,
        responses: Object.fromEntries(Object.keys(sheet.responses).map((id) => [id, responseTo(sheet, id)])),
        overallComment: sheet.overallComment,
        submittedAt: sheet.submittedAt,
        hash: sheet.hash,
      },
    ];
  });
}
