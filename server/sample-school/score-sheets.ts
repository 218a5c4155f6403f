/**
 * Score sheets as panelists would have filled them in: near each other, sometimes far apart, some rows not observed.
 */
import type { Pin } from '../artifacts/pin.js';
import type { Exhibition } from '../exhibitions/exhibition.js';
import type { Seat } from '../exhibitions/seats/seat.js';
import type { FrozenEntry } from '../portfolio/portfolio.js';
import type { GroupMember } from '../exhibitions/groups/group.js';
import { readRowId } from '../scores/group-rows.js';
import type { Rubric } from '../rubrics/rubric.js';
import {
  sheetHash,
  type SheetChange,
  type JournalEntry,
  type ScoreResponse,
  type ScoreSheet,
} from '../scores/score-sheet.js';
import { lastWord, remark } from './comments.js';
import type { SampleStudent } from './read-content.js';
import { panelistPins } from './sample-pins.js';
import { between, seededChance, seededIds, whole } from './seeded.js';

export interface SheetOrder {
  exhibition: Exhibition;
  rubric: Rubric;
  seat: Seat;
  student: SampleStudent;
  /** 0 to 1: where along the levels the work stands. */
  stand: number;
  /** When the first mark was made. */
  at: Date;
  /** A draft stops half-way. */
  state: 'draft' | 'submitted';
  /** Remarks that others of this panel have made already. */
  said: Set<string>;
  /** The frozen works before the panel. */
  works?: readonly FrozenEntry[];
  /** Of a group, by whose rows `rubric` asks. */
  members?: GroupMember[];
  /** Instead of the words about the learning goals. */
  words?: { row(criterionId: string, stand: number): string; last(): string };
}

export function makeSheet({
  exhibition,
  rubric,
  seat,
  student,
  stand,
  at,
  state,
  said,
  works = [],
  members,
  words,
}: SheetOrder): ScoreSheet {
  const chance = seededChance(`sheet ${seat.id}`);
  const lean = between(seededChance(`leaning of ${seat.personId}`), -0.09, 0.09);
  const contrary = chance() < 0.16 ? (chance() < 0.5 ? 0.3 : -0.3) : 0;
  const operationIds = seededIds(`operations ${seat.id}`);
  const responses: Record<string, Partial<ScoreResponse>> = {};
  const journal: JournalEntry[] = [];
  let clock = at.getTime();
  const note = (change: SheetChange) => {
    clock += whole(chance, 15, 90) * 1000;
    journal.push({ operationId: operationIds(), at: new Date(clock), by: seat.personId, change });
  };

  const rows =
    state === 'draft' ? rubric.criteria.slice(0, Math.ceil(rubric.criteria.length / 2)) : rubric.criteria;
  for (const { id: criterionId } of rows) {
    if (chance() < (seat.role === 'peer' || seat.role === 'guest' ? 0.1 : 0.03)) {
      responses[criterionId] = { levelId: null, notObserved: true };
      note({ kind: 'not-observed', criterionId, notObserved: true });
      continue;
    }
    const own =
      stand +
      lean +
      contrary * chance() +
      between(seededChance(`${student.key} ${criterionId}`), -0.13, 0.13);
    const where = Math.min(1, Math.max(0, own + between(chance, -0.08, 0.08)));
    const levelId = rubric.levels[Math.round(where * (rubric.levels.length - 1))]!.id;
    responses[criterionId] = { levelId, notObserved: false };
    note({ kind: 'set-level', criterionId, levelId });
    const pins = panelistPins(seat.id, criterionId, works);
    if (pins.length > 0) {
      responses[criterionId] = { ...responses[criterionId], pins: byId(pins) };
      for (const { criterionId: row, ...pin } of pins) note({ kind: 'add-pin', criterionId: row, pin });
    }
    if (chance() < (seat.role === 'advisor' ? 0.75 : 0.42)) {
      const comment = fresh(
        said,
        student.hooks,
        () =>
          words?.row(readRowId(criterionId).criterionId, where) ??
          remark(chance, criterionId, where, student.hooks),
      );
      if (!comment) continue;
      responses[criterionId] = { ...responses[criterionId], comment };
      note({ kind: 'set-comment', criterionId, comment });
    }
  }
  const wanted = state === 'submitted' && chance() < 0.85;
  const overallComment = wanted
    ? fresh(said, student.hooks, () => words?.last() ?? lastWord(chance, seat.role, student.hooks))
    : '';
  if (overallComment) note({ kind: 'set-overall', comment: overallComment });

  const sheet: ScoreSheet = {
    id: seat.id,
    schoolId: seat.schoolId,
    slotId: seat.slotId,
    exhibitionId: seat.exhibitionId,
    studentId: seat.studentId,
    panelistId: seat.personId,
    panelistName: seat.name,
    role: seat.role,
    rubric: exhibition.rubric,
    responses,
    overallComment,
    revision: journal.length,
    journal,
    ...(members ? { members } : {}),
    state,
    submittedAt: null,
    hash: null,
  };
  if (state === 'draft') return sheet;
  const submittedAt = new Date(clock + 45_000);
  return { ...sheet, submittedAt, hash: sheetHash(sheet, submittedAt) };
}

const byId = (pins: Pin[]): Record<string, Pin> => Object.fromEntries(pins.map((pin) => [pin.id, pin]));

/**
 * Nobody on one panel says what another has said, not even of another part of the work; empty when all has been said.
 */
export function fresh(said: Set<string>, hooks: readonly string[], find: () => string): string {
  for (let attempt = 0; attempt < 6; attempt += 1) {
    const words = find();
    const sentence = hooks.reduce(
      (text, hook) => text.replaceAll(hook.toLowerCase(), '…'),
      words.toLowerCase(),
    );
    if (!words || said.has(sentence)) continue;
    said.add(sentence);
    return words;
  }
  return '';
}
