/**
 * Where every result of an exhibition stands, read for all of them at once: of sheets their levels alone, of
 * results what a line says. Whoever owes a sheet on a panel is told nothing of what that panel says.
 */
import type { Actor } from '../access/actor.js';
import { runsSchool } from '../access/actor.js';
import type { SchoolScope } from '../db/database.js';
import type { Bar } from '../exhibitions/bar/bar.js';
import type { Exhibition } from '../exhibitions/exhibition.js';
import { membersOf, presentationIdOf } from '../exhibitions/groups/group.js';
import { listAllSlotsOfExhibition } from '../exhibitions/slots/slot-records.js';
import { endOf, type Slot } from '../exhibitions/slots/slot.js';
import { listSeatsOfExhibition } from '../exhibitions/seats/seat-records.js';
import { awaitedSeats, isCounted, unadmittedSeats } from '../exhibitions/counting/counted-seats.js';
import { isOwnSeat, type Seat } from '../exhibitions/seats/seat.js';
import { listPeopleByIds } from '../people/people-records.js';
import { byId, isAdvisorOf, type Person } from '../people/person.js';
import type { Rubric } from '../rubrics/rubric.js';
import { findSchool } from '../school/school-records.js';
import { minVoicesOf } from '../school/school.js';
import { readRowId } from '../scores/group-rows.js';
import { listWaitingLateOfExhibition } from '../scores/late-sheet-records.js';
import {
  listBegunSeatIds,
  listLevelsOfExhibition,
  listSheetStates,
  type SheetLevels,
} from '../scores/score-sheet-records.js';
import { listLateVisitsOfExhibition } from '../visits/late-visit-records.js';
import { takesVisits } from '../visits/visit.js';
import { listVisitScores } from '../visits/visit-records.js';
import { proposeAttainment } from './attainment.js';
import { listDecisionsOfSlots } from './decision-records.js';
import { openRows } from './open-rows.js';
import { publishWarnings } from './publish-warnings.js';
import { listResultLinesOfExhibition, type ResultLine } from './result-records.js';
import { listRevisionsOfSlots } from './revision-records.js';
import { revisedSheets, type VoiceRows } from './revision.js';
import { seatsMissingElsewhere } from './unequal-members.js';
import { tallySheets } from './tally.js';
import { bySlot } from '../exhibitions/seats/seat-facts.js';

/** In the order in which they want somebody's attention. */
export const resultStates = [
  'disputed',
  'questions',
  'ready',
  'own-sheet',
  'waiting',
  'no-sheets',
  'published',
  'absent',
] as const;
export type ResultState = (typeof resultStates)[number];

/** One result in the list. */
export interface DayResult {
  slot: Slot;
  student: Person;
  state: ResultState;
  submitted: number;
  /** Sheets that are missing. */
  awaited: number;
  /** Sheets handed in late on which the office has not decided; none of `awaited`. */
  late: number;
  /** Rows that are left to talk about. */
  open: number;
  /** What is asked about first when it is published. */
  warnings: number;
  result: ResultLine | null;
}

/** Which results of the exhibition this person may read: the office all, an advisor those of their students. */
export const readsResult = (actor: Actor, student: Person): boolean =>
  actor.seatIds === null && !student.sealedAt && (runsSchool(actor) || isAdvisorOf(actor, student));

/** All that the reader may read, disputes first, each state by time. */
export async function gatherDayResults(
  scope: SchoolScope,
  actor: Actor,
  exhibition: Exhibition,
  rubric: Rubric,
  now: Date,
): Promise<DayResult[]> {
  const gallery = exhibition.format === 'gallery';
  const [slots, seats, lines, school] = await Promise.all([
    listAllSlotsOfExhibition(scope, exhibition.id),
    listSeatsOfExhibition(scope, exhibition.id),
    listResultLinesOfExhibition(scope, exhibition.id),
    findSchool(scope, scope.schoolId),
  ]);
  const published = byId(lines);
  const open = slots.filter(({ id }) => !published.has(id));
  const openIds = [...new Set(open.map(presentationIdOf))];
  const own = seats.filter((seat) => isOwnSeat(actor, seat)).map(({ id }) => id);
  const [people, ownStates, begun, late, sheets, revisions, decisions, scores, arrived] = await Promise.all([
    listPeopleByIds(scope, [...new Set(slots.map(({ studentId }) => studentId))]).then(byId),
    listSheetStates(scope, own),
    openIds.length > 0 ? listBegunSeatIds(scope, exhibition.id) : new Set<string>(),
    openIds.length > 0 ? listWaitingLateOfExhibition(scope, exhibition.id) : new Map<string, Date>(),
    openIds.length > 0 ? listLevelsOfExhibition(scope, exhibition.id, openIds) : [],
    openIds.length > 0 ? listRevisionsOfSlots(scope, openIds) : [],
    openIds.length > 0 ? listDecisionsOfSlots(scope, openIds) : [],
    gallery && openIds.length > 0 ? listVisitScores(scope, openIds) : [],
    gallery ? listLateVisitsOfExhibition(scope, exhibition.id) : [],
  ]);
  const presentations = byId(slots);
  const [seatsOf, sheetsOf, revisionsOf, decisionsOf, scoresOf, arrivedOf] = [
    bySlot(seats),
    bySlot(sheets),
    bySlot(revisions),
    bySlot(decisions),
    bySlot(scores),
    bySlot(arrived),
  ];
  const closed = exhibition.phase === 'closed';
  const owed = new Set(own.filter((id) => ownStates.get(id) !== 'submitted'));
  const bar = exhibition.bar ?? null;
  const facts = { ...{ rubric, bar, minVoices: minVoicesOf(school), closed, now }, begun, late, owed };
  const zone = school?.timeZone ?? 'UTC';
  // Of groups of which one member is published and another is not: few, so each is asked about by itself.
  const elsewhere = new Map<string, Seat[]>();
  for (const [id, of] of publishedMembers(slots, published, new Set(openIds))) {
    const states = new Map(sheetsOf(id).map((sheet) => [sheet.id, 'submitted'] as const));
    elsewhere.set(id, await seatsMissingElsewhere(scope, seatsOf(id), states, of));
  }
  const found = slots.flatMap((slot): DayResult[] => {
    const student = people.get(slot.studentId);
    if (!student || !readsResult(actor, student)) return [];
    const panelId = presentationIdOf(slot);
    const presentation = presentations.get(panelId) ?? slot;
    const panel = {
      slot,
      ...{ presentation, seats: seatsOf(panelId), sheets: sheetsOf(panelId) },
      visits: takesVisits(exhibition, slot, false, zone, now) ? null : scoresOf(slot.id),
      lateVisits: arrivedOf(slot.id).length,
      ...{ revisions: revisionsOf(panelId), decisions: decisionsOf(panelId) },
      elsewhere: elsewhere.get(panelId) ?? [],
    };
    const line = published.get(slot.id) ?? null;
    // While the day is open what was published is told to nobody who still scores.
    const result = line && !closed && panel.seats.some(({ id }) => owed.has(id)) ? null : line;
    return [{ slot, student, result, ...standOf(panel, result, facts) }];
  });
  const rank = (state: ResultState) => resultStates.indexOf(state);
  return found.sort(
    (a, b) =>
      rank(a.state) - rank(b.state) ||
      a.slot.startsAt.getTime() - b.slot.startsAt.getTime() ||
      a.slot.room.localeCompare(b.slot.room) ||
      (a.slot.id < b.slot.id ? -1 : 1),
  );
}

/** Slots of published members by the presentation of which another member is not. */
function publishedMembers(
  slots: readonly Slot[],
  published: ReadonlyMap<string, unknown>,
  openIds: ReadonlySet<string>,
): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const slot of slots) {
    const id = presentationIdOf(slot);
    if (published.has(slot.id) && openIds.has(id)) found.set(id, [...(found.get(id) ?? []), slot.id]);
  }
  return found;
}

interface DayPanel {
  slot: Slot;
  presentation: Slot;
  seats: Seat[];
  sheets: SheetLevels[];
  /** Null while visitors may still come. */
  visits: VoiceRows[] | null;
  /** Visits that arrived late, on which the office has not decided. */
  lateVisits: number;
  revisions: Awaited<ReturnType<typeof listRevisionsOfSlots>>;
  /** Whose sheet the published result of another member does without. */
  elsewhere: Seat[];
  decisions: Awaited<ReturnType<typeof listDecisionsOfSlots>>;
}

interface DayFacts {
  rubric: Rubric;
  bar: Bar | null;
  minVoices: number;
  closed: boolean;
  now: Date;
  /** Seats on whose sheet something is written that is not submitted. */
  begun: ReadonlySet<string>;
  /** When a sheet was handed in late that waits for the office, by its seat. */
  late: ReadonlyMap<string, Date>;
  /** Seats of the reader whose sheet is not submitted. */
  owed: ReadonlySet<string>;
}

function standOf(
  { slot, presentation, seats, sheets, visits, lateVisits, revisions, decisions, elsewhere }: DayPanel,
  result: ResultLine | null,
  { rubric, bar, minVoices, closed, now, begun, late: handedIn, owed }: DayFacts,
): Pick<DayResult, 'state' | 'submitted' | 'awaited' | 'late' | 'open' | 'warnings'> {
  const states = new Map<string, 'draft' | 'submitted'>(
    seats.flatMap(({ id }) => (begun.has(id) ? [[id, 'draft'] as const] : [])),
  );
  for (const { id } of sheets) states.set(id, 'submitted');
  const counting = new Set(seats.filter(isCounted).map(({ id }) => id));
  const counted = sheets.filter(({ id }) => counting.has(id));
  const submitted = counted.length + (visits?.length ?? 0);
  const isOver = endOf(presentation) <= now;
  const waitedFor = result ? [] : awaitedSeats(seats, states, isOver);
  const missing = waitedFor.filter(({ id }) => !handedIn.has(id));
  const waitsForOffice = waitedFor.flatMap(({ id, name }) => {
    const at = handedIn.get(id);
    return at ? [{ name, at }] : [];
  });
  const [awaited, late] = [missing.length, waitsForOffice.length];
  const none = { submitted, awaited, late, open: 0, warnings: 0 };
  if (result) return { ...none, state: 'published' };
  const isAbsent = membersOf(presentation).some((one) => one.slotId === slot.id && one.absent);
  if (isAbsent) return { ...none, awaited: 0, late: 0, state: 'absent' };
  if (seats.some(({ id }) => owed.has(id))) return { ...none, state: 'own-sheet' };
  if (visits === null || isWaiting({ submitted, awaited, late, closed, isOver }))
    return { ...none, state: 'waiting' };
  if (submitted === 0) return { ...none, state: 'no-sheets' };
  const about = <R extends { criterionId: string }>(said: readonly R[]): R[] =>
    said.flatMap((one) => {
      const { criterionId, about: member } = readRowId(one.criterionId);
      return member === null || member === slot.id ? [{ ...one, criterionId }] : [];
    });
  const voices = [
    ...counted.map(({ id, rows }) => ({
      seatId: id,
      responses: Object.fromEntries(about(rows).map(({ criterionId, ...row }) => [criterionId, row])),
    })),
    ...visits,
  ];
  const tally = tallySheets(rubric, revisedSheets(voices, about(revisions)));
  const decided = about(decisions);
  const open = openRows(tally, decided).length;
  const warnings = publishWarnings(rubric, tally, {
    ...{ decisions: decided, minVoices },
    missing: missing.map(({ name }) => name),
    late: waitsForOffice,
    lateVisits,
    unadmitted: unadmittedSeats(seats, states).map(({ name }) => name),
    elsewhere: elsewhere.map(({ name }) => name),
  }).length;
  const proposal = bar && proposeAttainment(rubric, bar, tally.criteria, decided);
  return {
    ...{ submitted, awaited, late, open, warnings },
    state: stateBy({ open, warnings, isUnsaid: proposal !== null && proposal.outcome === null }),
  };
}

/**
 * While a presentation lasts its sheets are waited for; afterwards those that are missing are asked about.
 * Where nothing but a sheet that was handed in late is there, its result waits for the office.
 */
export const isWaiting = (of: {
  submitted: number;
  awaited: number;
  late: number;
  closed: boolean;
  isOver: boolean;
}): boolean =>
  (of.late > 0 && of.submitted === 0) ||
  (of.awaited + of.late > 0 && !of.closed && (!of.isOver || of.submitted === 0));

/** @param of.isUnsaid there is a bar, and nothing is proposed: whoever publishes has to say the outcome */
export function stateBy(of: { open: number; warnings: number; isUnsaid: boolean }): ResultState {
  if (of.open > 0) return 'disputed';
  return of.warnings > 0 || of.isUnsaid ? 'questions' : 'ready';
}
