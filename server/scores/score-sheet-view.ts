/** What the owner of a seat sees of their own sheet. Nothing of anybody else's sheet ever passes through here. */
import { markView } from '../access/password-link.js';
import type { Exhibition } from '../exhibitions/exhibition.js';
import { isScoring } from '../exhibitions/exhibition.js';
import { hasBegun, type Slot } from '../exhibitions/slots/slot.js';
import { restartViews, isAboutErased, type Seat } from '../exhibitions/seats/seat.js';
import { membersOf, presenterLine } from '../exhibitions/groups/group.js';
import { describedLevelIds, isRequired, type Criterion, type Rubric } from '../rubrics/rubric.js';
import { directionOf } from '../rendering/texts.js';
import { isGroupRow, rowLabel, type SheetRow, type SheetRubric } from './group-rows.js';
import { isAnswered, missingCriteria, responseTo, type ScoreSheet } from './score-sheet.js';
import { NOT_OBSERVED_CHOICE, valueAt, valueOf } from './score-fields.js';
import { sheetEvidenceOn } from './evidence-view.js';
import { openConflicts } from './merge-operation.js';
import type { WorkView } from './work.js';

export interface SheetFacts {
  seat: Seat;
  slot: Slot;
  exhibition: Exhibition;
  /** Whoever is planned to present, by id. */
  students: ReadonlyMap<string, { displayName: string }>;
  rubric: SheetRubric;
  sheet: ScoreSheet | null;
  /** The result is published, or of a group somebody's: then the sheet is handed in to the office. */
  published: boolean;
  work: WorkView | null;
  /** When access to the work ended, which is then left out. */
  workEndedAt: Date | null;
  returnCode: string | null;
  now: Date;
}

/** Levels between two full ones are shown slimmer; `step` colours them in one hue, 1 for the lowest. */
function levelsOf(rubric: Rubric, row: Criterion, chosen: string | null, notes: Record<string, string>) {
  const described = describedLevelIds(rubric);
  return rubric.levels.map((level, at) => ({
    id: level.id,
    name: level.name,
    between: level.between ?? false,
    freeText: level.freeText ?? false,
    note: notes[level.id] ?? '',
    descriptor: described.includes(level.id) ? (row.descriptors[level.id] ?? null) : null,
    /** What a level between two others lies between; it has no words of its own. */
    neighbors: level.between
      ? { lower: rubric.levels[at - 1]?.name ?? '', upper: rubric.levels[at + 1]?.name ?? '' }
      : null,
    step: at + 1,
    chosen: level.id === chosen,
  }));
}

function criterionView(
  rubric: Rubric,
  row: SheetRow,
  at: number,
  sheet: ScoreSheet | null,
  work: WorkView | null,
  about: AboutStudent | null,
  isOfGroup: boolean,
) {
  const isForGroup = isOfGroup && isGroupRow(row);
  const response = responseTo(sheet, row.id);
  const levels = levelsOf(rubric, row, response.levelId, response.notes);
  return {
    id: row.id,
    number: at + 1,
    name: row.name,
    label: rowLabel(row, about?.name),
    about,
    description: row.description ?? null,
    part: row.part ?? 'both',
    unit: row.unit ?? 'individual',
    holistic: row.holistic ?? false,
    required: isRequired(row),
    answered: isAnswered(response),
    response,
    chosenName: levels.find((level) => level.chosen)?.name ?? null,
    notes: levels.filter((level) => level.note !== '').map(({ name, note }) => ({ name, note })),
    levels,
    ...sheetEvidenceOn(row, sheet, work),
    isForGroup,
  };
}

/** A member of the group that a row is about. */
interface AboutStudent {
  id: string;
  name: string;
}

const aboutStudents = (slot: Slot, students: SheetFacts['students']): Map<string, AboutStudent> =>
  new Map(
    membersOf(slot)
      .filter(({ absent }) => !absent)
      .map(({ slotId, studentId }) => [
        slotId,
        { id: studentId, name: students.get(studentId)?.displayName ?? '' },
      ]),
  );

/** Where a group's sheet turns from the group to its first member, and from one member to the next. */
const withHeads = <R extends { about: AboutStudent | null }>(rows: R[], isGroup: boolean) =>
  rows.map((row, at) => ({
    ...row,
    opens: isGroup && (at === 0 || row.about?.id !== rows[at - 1]!.about?.id),
  }));

/** How much is done, and when the server last took a change. */
function progressOf(rubric: Rubric, sheet: ScoreSheet | null) {
  return {
    done: rubric.criteria.filter((row) => isAnswered(responseTo(sheet, row.id))).length,
    total: rubric.criteria.length,
    missing: missingCriteria(rubric, sheet),
  };
}

/** Two answers to one field: `mine` is what the operation said, `theirs` what stands. */
function conflictViews(sheet: ScoreSheet | null) {
  return openConflicts(sheet).map(({ operationId, field, change, device }) => ({
    operationId,
    field,
    mine: valueOf(change),
    theirs: valueAt(sheet, field),
    device,
  }));
}

/** For the page: the conflicts of one row (or of the words under all rows), with words in place of ids. */
export function conflictChoices(view: SheetView, criterionId: string | null) {
  const levels = view.criteria.find(({ id }) => id === criterionId)?.levels ?? [];
  return view.conflicts
    .filter(({ field }) => (field.split('.')[1] ?? null) === criterionId)
    .map((conflict) => {
      const isLevel = conflict.field.startsWith('level.');
      const worded = (value: string) => ({
        notObserved: value === NOT_OBSERVED_CHOICE,
        words: isLevel ? (levels.find(({ id }) => id === value)?.name ?? '') : value,
      });
      const { operationId, field, mine, theirs } = conflict;
      return {
        operationId,
        field,
        isLevel,
        choices: [
          { keep: 'mine', ...worded(mine) },
          { keep: 'theirs', ...worded(theirs) },
        ],
      };
    });
}

const savedAtOf = (sheet: ScoreSheet | null): string | null =>
  sheet?.journal.at(-1)?.at.toISOString() ?? null;

export function sheetView(facts: SheetFacts) {
  const { seat, slot, exhibition, students, rubric, sheet, work, returnCode } = facts;
  const aboutOf = aboutStudents(slot, students);
  const state = sheet?.state ?? 'draft';
  const conflicts = conflictViews(sheet);
  const isOpen = state === 'draft' && !isAboutErased(seat) && !slot.absent;
  return {
    seat: { id: seat.id, name: seat.name, role: seat.role, chair: seat.chair },
    student: { id: slot.studentId, name: presenterLine(slot, students) },
    group: slot.group ? { title: slot.group.title, members: [...aboutOf.values()] } : null,
    exhibition: { id: exhibition.id, title: exhibition.title, phase: exhibition.phase },
    slot: {
      id: slot.id,
      startsAt: slot.startsAt.toISOString(),
      minutes: slot.minutes,
      room: slot.room,
      attempt: slot.attempt,
    },
    begun: hasBegun(slot, facts.now),
    absent: slot.absent ?? false,
    rubric: {
      ...exhibition.rubric,
      title: rubric.title,
      language: rubric.language,
      direction: directionOf(rubric.language),
    },
    state,
    takesScores: isOpen && isScoring(exhibition) && !facts.published,
    takesLate: isOpen && (exhibition.phase === 'closed' || facts.published),
    closedBecause: facts.published ? ('published' as const) : exhibition.phase,
    late: sheet?.late
      ? { at: sheet.late.at.toISOString(), note: sheet.late.note, state: sheet.late.state }
      : null,
    revision: sheet?.revision ?? 0,
    savedAt: savedAtOf(sheet),
    submittedAt: sheet?.submittedAt?.toISOString() ?? null,
    passwordLink: markView(sheet?.passwordLink),
    hash: sheet?.hash ?? null,
    progress: progressOf(rubric, sheet),
    conflicts,
    criteria: withHeads(
      rubric.criteria.map((row, at) =>
        criterionView(
          rubric,
          row,
          at,
          sheet,
          work,
          (row.about && aboutOf.get(row.about)) || null,
          Boolean(slot.group),
        ),
      ),
      Boolean(slot.group),
    ),
    overallComment: sheet?.overallComment ?? '',
    anew: restartViews(sheet?.anew),
    returnCode: state === 'draft' ? returnCode : null,
    work,
    workEndedAt: facts.workEndedAt?.toISOString() ?? null,
  };
}

export type SheetView = ReturnType<typeof sheetView>;

/** What a program needs back after its operations. */
export function appliedView(rubric: Rubric, applied: string[], sheet: ScoreSheet | null) {
  return {
    applied,
    revision: sheet?.revision ?? 0,
    savedAt: savedAtOf(sheet),
    state: sheet?.state ?? 'draft',
    progress: progressOf(rubric, sheet),
    conflicts: conflictViews(sheet),
    sheet: {
      responses: Object.fromEntries(rubric.criteria.map((row) => [row.id, responseTo(sheet, row.id)])),
      overallComment: sheet?.overallComment ?? '',
    },
  };
}
