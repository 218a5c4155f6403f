/** Brings together what a slot's result is made of: the slot, its panel, the sealed sheets. Reads only. */
import type { Actor } from '../access/actor.js';
import { findPinnedWorks } from '../artifacts/find-pinned-works.js';
import type { SchoolScope } from '../db/database.js';
import { Conflict } from '../errors.js';
import { getExhibition } from '../exhibitions/exhibition-records.js';
import type { Exhibition } from '../exhibitions/exhibition.js';
import { memberSlotsOf } from '../exhibitions/groups/group.js';
import { findPresenters } from '../exhibitions/slots/name-presenters.js';
import { findPanelEnd } from '../exhibitions/portfolios/panel-access.js';
import { getSlot } from '../exhibitions/slots/slot-records.js';
import type { Slot } from '../exhibitions/slots/slot.js';
import { endOf } from '../exhibitions/slots/slot.js';
import {
  awaitedSeats,
  isCounted,
  notCountedBecause,
  unadmittedSeats,
} from '../exhibitions/counting/counted-seats.js';
import { listSeatsOfSlot } from '../exhibitions/seats/seat-records.js';
import { listSetAsides } from '../exhibitions/counting/set-aside-records.js';
import type { Seat } from '../exhibitions/seats/seat.js';
import { findSchool } from '../school/school-records.js';
import { countLateVisits } from '../visits/late-visit-records.js';
import { takesVisits } from '../visits/visit.js';
import { listAllVisitsOfSlot, listHiddenVisitIds } from '../visits/visit-records.js';
import { frozenNames, type FrozenNames } from '../people/frozen-names.js';
import { listNameCorrectionsShowing } from '../people/name-correction-records.js';
import { getPerson } from '../people/people-records.js';
import { checkNotSealed, mayReadStudent, type Person } from '../people/person.js';
import type { Rubric } from '../rubrics/rubric.js';
import type { RubricLibrary } from '../rubrics/rubric-library.js';
import { answersAbout, readRowId } from '../scores/group-rows.js';
import { responseTo, type ScoreSheet } from '../scores/score-sheet.js';
import { listWaitingLate } from '../scores/late-sheet-records.js';
import { listSheetStates, listSubmittedSheets } from '../scores/score-sheet-records.js';
import { readsAsPanel, type PanelFacts } from '../scores/seal.js';
import { listDecisions } from './decision-records.js';
import type { Decision } from './decision.js';
import { seatsMissingElsewhere } from './unequal-members.js';
import { findResult, listPublishedSlotIds } from './result-records.js';
import type { FrozenSheet, FrozenVisit, Result } from './result.js';
import { sheetOfVisit, wordsOfVisit } from './visit-voices.js';
import { findReveal } from './reveal-records.js';
import { isRevealed, type Reveal } from './reveal.js';
import { listRevisions } from './revision-records.js';
import type { Revision } from './revision.js';

export interface SlotPanel extends PanelFacts {
  /** Of the one whom the result is about. */
  slot: Slot;
  /** The presentation at which the panel sits: of a group its first member's slot, else the same. */
  presentation: Slot;
  /** Everybody of a group, in order; empty where somebody presented alone. */
  members: { slotId: string; student: Person; absent: boolean; published: boolean }[];
  /** The group has one panel, so with the first result what is said about all of it stands. */
  groupFixed: boolean;
  exhibition: Exhibition;
  rubric: Rubric;
  student: Person;
  seats: Seat[];
  /** What is frozen already, or null. */
  result: Result | null;
  /** Sheets that are in and count. */
  submitted: number;
  /** Seats whose sheet is waited for. */
  awaitedSeats: Seat[];
  awaited: number;
  /** Those of them whose sheet was handed in after closing or publishing, and when; the office has not decided. */
  lateSeats: { seat: Seat; at: Date }[];
  /** At a stand that is over: visits that arrived late, on which the office has not decided. */
  lateVisits: number;
  /** Guests whose sheet counts once they are admitted. */
  unadmittedSeats: Seat[];
  /** Before publishing, of a group: whose sheet is missing in the result of a member who is published. */
  missingElsewhere: Seat[];
  opened: Reveal['opened'];
  /** The chair let the panel see what the rule makes of its voices. */
  tallyShown: boolean;
  /** A stand that visitors may still come to: their scores are seen by nobody until it is over. */
  takesVisits: boolean;
}

/**
 * @param now decides whether a stand is over
 * @param known the slot, where the caller has just read it
 * @throws NotFound for a slot of another school
 */
export async function gatherPanel(
  scope: SchoolScope,
  rubrics: RubricLibrary,
  slotId: string,
  now: Date,
  known?: Slot,
): Promise<SlotPanel> {
  const slot = known ?? (await getSlot(scope, slotId));
  const presentation = slot.partOf ? await getSlot(scope, slot.partOf) : slot;
  const [exhibition, student, seats, result, publishedIds, people] = await Promise.all([
    getExhibition(scope, slot.exhibitionId),
    getPerson(scope, slot.studentId),
    listSeatsOfSlot(scope, presentation.id),
    findResult(scope, slotId),
    presentation.group ? listPublishedSlotIds(scope, memberSlotsOf(presentation)) : null,
    presentation.group ? findPresenters(scope, [presentation]) : null,
  ]);
  checkNotSealed(student);
  const seatIds = seats.map((seat) => seat.id);
  const isGallery = exhibition.format === 'gallery';
  const [rubric, states, late, lateVisits, reveal, school, panelEndedAt] = await Promise.all([
    rubrics.byHash((result ?? exhibition).rubric.hash),
    listSheetStates(scope, seatIds),
    listWaitingLate(scope, seatIds),
    isGallery ? countLateVisits(scope, slotId) : 0,
    findReveal(scope, presentation.id),
    isGallery ? findSchool(scope, scope.schoolId) : null,
    findPanelEnd(scope, presentation, exhibition, now),
  ]);
  const opened = reveal?.opened ?? null;
  const submitted = seats.filter((seat) => isCounted(seat) && states.get(seat.id) === 'submitted').length;
  const waitedFor = awaitedSeats(seats, states, endOf(presentation) <= now);
  const [published, closed] = [result !== null, exhibition.phase === 'closed'];
  const members = (presentation.group?.members ?? []).flatMap(({ slotId: id, studentId, absent }) => {
    const person = people?.get(studentId);
    return person ? [{ slotId: id, student: person, absent, published: publishedIds?.has(id) ?? false }] : [];
  });
  const groupFixed = publishedIds !== null && publishedIds.size > 0;
  return {
    slot,
    presentation,
    members,
    groupFixed,
    exhibition,
    rubric,
    student,
    seats,
    states,
    result,
    submitted,
    awaitedSeats: waitedFor,
    awaited: waitedFor.length,
    lateSeats: waitedFor.flatMap((seat) => {
      const at = late.get(seat.id);
      return at ? [{ seat, at }] : [];
    }),
    lateVisits,
    unadmittedSeats: unadmittedSeats(seats, states),
    missingElsewhere: published ? [] : await seatsMissingElsewhere(scope, seats, states, publishedIds ?? []),
    opened,
    tallyShown: Boolean(reveal?.tallyShown),
    published,
    closed,
    panelEndedAt,
    takesVisits: takesVisits(exhibition, slot, published, school?.timeZone ?? 'UTC', now),
    revealed: isRevealed({
      submitted,
      awaited: waitedFor.length,
      opened: opened !== null,
      closed,
      published: published || groupFixed,
    }),
  };
}

/** @throws Conflict: nothing new is recorded about somebody who is erased */
export function refuseErasedStudent({ student }: Pick<SlotPanel, 'student'>): void {
  if (student.erasedAt) throw new Conflict('results.problem.erased', {}, 'erased');
}

export interface Talk {
  revisions: Revision[];
  decisions: Decision[];
}

/** What was said after the reveal: as published, else as it stands now. */
export async function gatherTalk(scope: SchoolScope, panel: SlotPanel): Promise<Talk> {
  const { result, presentation } = panel;
  if (result) return { revisions: result.revisions ?? [], decisions: result.decisions ?? [] };
  const [revisions, decisions] = await Promise.all([
    listRevisions(scope, presentation.id),
    listDecisions(scope, presentation.id),
  ]);
  return { revisions: aboutOne(panel, revisions), decisions: aboutOne(panel, decisions) };
}

/**
 * Of what was said about a group's sheets: what is about the group and about this member, under the rubric's
 * own criteria.
 */
function aboutOne<R extends { criterionId: string }>({ presentation, slot }: SlotPanel, said: R[]): R[] {
  if (!presentation.group) return said;
  return said.flatMap((one) => {
    const { criterionId, about } = readRowId(one.criterionId);
    return about === null || about === slot.id ? [{ ...one, criterionId }] : [];
  });
}

/** Of somebody who did not come nothing is published. */
export const isAbsent = ({ members, slot }: Pick<SlotPanel, 'members' | 'slot'>): boolean =>
  Boolean(slot.absent) || members.some((member) => member.slotId === slot.id && member.absent);

/**
 * The versions of works that these sheets point into. A panel may prove a row of a group in anybody's work:
 * the panel sees it, and else whoever may read the student whose it is; to the family of another member it is
 * a stranger's. What is sealed from this school nobody sees.
 */
export function gatherWorks(
  scope: SchoolScope,
  actor: Actor,
  panel: Pick<SlotPanel, 'student' | 'members' | 'seats' | 'panelEndedAt'>,
  sheets: readonly Pick<FrozenSheet, 'responses'>[],
) {
  const pins = sheets.flatMap(({ responses }) =>
    Object.values(responses).flatMap((response) => Object.values(response.pins ?? {})),
  );
  const { student, members } = panel;
  const onPanel = readsAsPanel(actor, panel);
  const others = members.filter(
    (member) => member.student.sealedAt || (!onPanel && !mayReadStudent(actor, member.student)),
  );
  const hidden = new Set(others.map((member) => member.student.id));
  hidden.delete(student.id);
  return findPinnedWorks(scope, pins, (studentId) => !hidden.has(studentId));
}

/**
 * The voices, those that count nowhere among them (`countedSheets`): the sealed sheets of a panel in the
 * order of its seats, then, once a stand is over, the scores of its visitors. Ask `sightOf` before showing
 * them to anybody.
 */
export async function gatherSheets(scope: SchoolScope, panel: SlotPanel): Promise<FrozenSheet[]> {
  const [sheets, visits] = await Promise.all([
    listSubmittedSheets(scope, panel.presentation.id),
    visitsWhenOver(scope, panel),
  ]);
  return [...sheetsOfPanel(panel, sheets), ...visits.flatMap((visit) => sheetOfVisit(visit) ?? [])];
}

/** A sheet as it is shown to panel and staff: with why it was set aside. */
export type ShownSheet = FrozenSheet & { setAsideReason?: string };

export async function withSetAsideReasons(
  scope: SchoolScope,
  { presentation }: Pick<SlotPanel, 'presentation'>,
  sheets: FrozenSheet[],
): Promise<ShownSheet[]> {
  if (!sheets.some(({ notCounted }) => notCounted?.why === 'set-aside')) return sheets;
  const reasons = new Map(
    (await listSetAsides(scope, presentation.id)).map((act) => [act.seatId, act.reason]),
  );
  return sheets.map((sheet) => {
    const reason = sheet.notCounted ? reasons.get(sheet.seatId) : undefined;
    return reason === undefined ? sheet : { ...sheet, setAsideReason: reason };
  });
}

/** What visitors wrote, for the result; scores are in `gatherSheets`. */
export async function gatherVisits(scope: SchoolScope, panel: SlotPanel): Promise<FrozenVisit[]> {
  return (await visitsWhenOver(scope, panel)).flatMap((visit) => wordsOfVisit(visit) ?? []);
}

/** Which names a published result shows: what is sealed, or as the registrar has decided after a name was corrected. */
export const gatherNames = async (scope: SchoolScope, { result }: SlotPanel): Promise<FrozenNames> =>
  frozenNames(result ? await listNameCorrectionsShowing(scope, [result.id]) : [], result?.id ?? '');

/** What was said, by the names that are shown. */
export const underNames = (
  { name }: FrozenNames,
  { sheets, talk, visits }: { sheets: FrozenSheet[]; talk: Talk; visits: FrozenVisit[] },
) => ({
  sheets: sheets.map((one) => ({ ...one, panelistName: name(one.panelistId, one.panelistName) })),
  talk: {
    ...talk,
    decisions: talk.decisions.map((one) => ({
      ...one,
      decidedByName: name(one.decidedBy, one.decidedByName),
    })),
  },
  visits: visits.map((one) => ({ ...one, name: name(one.personId, one.name) })),
});

/**
 * Ids of visits whose words are set aside from what student and family read, as it stands today: also after publishing.
 */
export const listHiddenVisits = async (scope: SchoolScope, { exhibition, slot }: SlotPanel) =>
  exhibition.format === 'gallery' ? listHiddenVisitIds(scope, slot.id) : [];

const visitsWhenOver = async (scope: SchoolScope, { exhibition, slot, takesVisits: open }: SlotPanel) =>
  exhibition.format === 'gallery' && !open ? listAllVisitsOfSlot(scope, slot.id) : [];

function notCountedPart(seat: Seat): Pick<FrozenSheet, 'notCounted'> {
  const why = notCountedBecause(seat);
  if (why !== 'set-aside') return why ? { notCounted: { why } } : {};
  return { notCounted: { why, at: seat.setAsideAt! } };
}

function responsesAbout({ presentation, slot }: SlotPanel, sheet: Pick<ScoreSheet, 'responses'>) {
  const whole = Object.fromEntries(Object.keys(sheet.responses).map((id) => [id, responseTo(sheet, id)]));
  return presentation.group ? answersAbout(whole, slot.id) : whole;
}

function sheetsOfPanel(
  panel: SlotPanel,
  sheets: Awaited<ReturnType<typeof listSubmittedSheets>>,
): FrozenSheet[] {
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
        responses: responsesAbout(panel, sheet),
        overallComment: sheet.overallComment,
        submittedAt: sheet.submittedAt,
        ...(sheet.passwordLink ? { passwordLink: sheet.passwordLink } : {}),
        ...(sheet.anew?.length ? { anew: sheet.anew } : {}),
        ...notCountedPart(seat),
        hash: sheet.hash,
      },
    ];
  });
}
