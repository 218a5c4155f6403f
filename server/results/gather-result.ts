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
import { listDecisions } from './decision-records.js';
import type { Decision } from './decision.js';
import { findResult } from './result-records.js';
import { awaitedSeats, type FrozenSheet, type Result } from './result.js';
import { findReveal } from './reveal-records.js';
import { isRevealed, type Reveal } from './reveal.js';
import { listRevisions } from './revision-records.js';
import type { Revision } from './revision.js';

export interface SlotPanel extends PanelFacts {
  slot: Slot;
  exhibition: Exhibition;
  rubric: Rubric;
  student: Person;
  seats: Seat[];
  /** What is frozen already, or null. */
  result: Result | null;
  submitted: number;
  awaited: number;
  opened: Reveal['opened'];
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
  const [rubric, states, reveal] = await Promise.all([
    rubrics.byHash((result ?? exhibition).rubric.hash),
    listSheetStates(scope, seatIds),
    findReveal(scope, slotId),
  ]);
  const opened = reveal?.opened ?? null;
  const submitted = seats.filter((seat) => states.get(seat.id) === 'submitted').length;
  const awaited = awaitedSeats(seats, states).length;
  const [published, closed] = [result !== null, exhibition.phase === 'closed'];
  return {
    slot,
    exhibition,
    rubric,
    student,
    seats,
    states,
    result,
    submitted,
    awaited,
    opened,
    published,
    closed,
    revealed: isRevealed({ submitted, awaited, opened: opened !== null, closed, published }),
  };
}

export interface Talk {
  revisions: Revision[];
  decisions: Decision[];
}

/** What was said after the reveal: as published, else as it stands now. */
export async function gatherTalk(scope: SchoolScope, panel: SlotPanel): Promise<Talk> {
  const { result, slot } = panel;
  if (result) return { revisions: result.revisions ?? [], decisions: result.decisions ?? [] };
  const [revisions, decisions] = await Promise.all([
    listRevisions(scope, slot.id),
    listDecisions(scope, slot.id),
  ]);
  return { revisions, decisions };
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
        ...(sheet.anew?.length ? { anew: sheet.anew } : {}),
        hash: sheet.hash,
      },
    ];
  });
}
