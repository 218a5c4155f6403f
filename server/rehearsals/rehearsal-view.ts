/** What templates and JSON may see of rehearsals. Sheets of others pass `readableSheets` first. */
import { z } from 'zod';
import type { Actor } from '../access/actor.js';
import { pinAnswer, pinViews } from '../artifacts/show-place.js';
import { listOf } from '../http/read-input.js';
import { describedLevelIds, isRequired, type Rubric } from '../rubrics/rubric.js';
import { isAnswered, responseTo } from '../scores/score-sheet.js';
import type { WorkView } from '../scores/work.js';
import {
  presentsRehearsal,
  readableSheets,
  seatIn,
  submittedSheets,
  type Rehearsal,
  type RehearsalSeat,
} from './rehearsal.js';

const state = z.enum(['not-started', 'draft', 'submitted']);
const head = {
  id: z.string(),
  title: z.string(),
  rehearsal: z.literal(true).describe('It never counts.'),
  student: z.object({ id: z.string(), name: z.string() }),
  rubric: z.object({ slug: z.string(), hash: z.string(), title: z.string() }),
  minutes: z.number(),
  createdAt: z.string(),
  advisorsRead: z.boolean().describe("The student's advisors can read the comments, never a level."),
};

export const rehearsalsAnswer = listOf(
  z.object({
    id: z.string(),
    title: z.string(),
    studentName: z.string(),
    mine: z.boolean(),
    sheet: state.nullable(),
    sheetsIn: z.number().nullable(),
    seats: z.number(),
    createdAt: z.string(),
  }),
);

export const rehearsalAnswer = z.object({
  ...head,
  commentsOnly: z
    .boolean()
    .describe('Read by an advisor: rows without a comment are left out, and every level is null.'),
  endedAt: z
    .string()
    .nullable()
    .describe('Since when somebody who listened reads their own sheet alone, without the work.'),
  seats: z.array(z.object({ name: z.string(), role: z.string(), sheet: state.nullable() })),
  sheets: z
    .array(
      z.object({
        name: z.string(),
        role: z.string(),
        submittedAt: z.string(),
        overallComment: z.string(),
        rows: z.array(
          z.object({
            id: z.string(),
            name: z.string(),
            level: z.string().nullable(),
            notObserved: z.boolean(),
            comment: z.string(),
          }),
        ),
      }),
    )
    .describe(
      'For the student, and without levels for their advisors, each sheet as soon as it is in; for a peer once their own is in.',
    ),
});

export const rehearsalSheetAnswer = z.object({
  ...head,
  state,
  workEndedAt: z.string().nullable().describe('When access to the work ended.'),
  savedAt: z.string().nullable(),
  criteria: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      suggested: z.array(pinAnswer).describe('Places in the work that the student has pinned to the row.'),
      response: z.object({ levelId: z.string().nullable(), notObserved: z.boolean(), comment: z.string() }),
      levels: z.array(z.object({ id: z.string(), name: z.string() })),
    }),
  ),
  overallComment: z.string(),
});

export const sheetStateOf = (seat: RehearsalSeat): z.output<typeof state> =>
  seat.submittedAt ? 'submitted' : seat.savedAt ? 'draft' : 'not-started';

export const headView = (rehearsal: Rehearsal, rubric: Rubric) => ({
  id: rehearsal.id,
  title: rehearsal.title,
  rehearsal: true as const,
  student: { id: rehearsal.studentId, name: rehearsal.studentName },
  rubric: { ...rehearsal.rubric, title: rubric.title },
  minutes: rehearsal.minutes,
  createdAt: rehearsal.createdAt.toISOString(),
  advisorsRead: rehearsal.advisorsRead === true,
});

/**
 * @param read.commentsOnly for an advisor of the student who was not asked to listen
 * @param read.endedAt since when somebody who listened reads their own sheet alone
 */
export function rehearsalView(
  rehearsal: Rehearsal,
  rubric: Rubric,
  actor: Actor,
  { commentsOnly = false, endedAt = null }: { commentsOnly?: boolean; endedAt?: Date | null } = {},
) {
  const presents = presentsRehearsal(actor, rehearsal);
  const own = seatIn(actor, rehearsal);
  return {
    ...headView(rehearsal, rubric),
    commentsOnly,
    endedAt: endedAt?.toISOString() ?? null,
    seats: rehearsal.seats.map((seat) => ({
      name: seat.name,
      role: seat.role,
      // Whose sheet is in is told to who presents; a peer knows of their own.
      sheet: presents || seat === own ? sheetStateOf(seat) : null,
    })),
    sheets: commentsOnly
      ? submittedSheets(rehearsal).map((seat) => commentsOf(rubric, seat))
      : readableSheets(actor, rehearsal, endedAt !== null).map((seat) => sheetOf(rubric, seat)),
  };
}

/** The words of a sheet. A note under a level is words as well, but its level is left out. */
function commentsOf(rubric: Rubric, seat: RehearsalSeat) {
  return {
    ...sheetOf(rubric, seat),
    rows: rubric.criteria.flatMap((row) => {
      const { comment, notes } = responseTo(seat, row.id);
      const words = [...rubric.levels.map((level) => notes[level.id] ?? ''), comment].filter(Boolean);
      if (words.length === 0) return [];
      return [{ id: row.id, name: row.name, level: null, notObserved: false, comment: words.join('\n') }];
    }),
  };
}

function sheetOf(rubric: Rubric, seat: RehearsalSeat) {
  return {
    name: seat.name,
    role: seat.role,
    submittedAt: seat.submittedAt!.toISOString(),
    overallComment: seat.overallComment,
    rows: rubric.criteria.map((row) => {
      const { levelId, notObserved, comment, notes } = responseTo(seat, row.id);
      const said = rubric.levels
        .filter((level) => notes[level.id])
        .map((level) => `${level.name}: ${notes[level.id]}`);
      return {
        id: row.id,
        name: row.name,
        level: rubric.levels.find((level) => level.id === levelId)?.name ?? null,
        notObserved,
        comment: [...said, comment].filter(Boolean).join('\n'),
      };
    }),
  };
}

/**
 * The rows in the shape of the score sheet, so that it is the same screen: with the places that the student
 * has pinned, too.
 * @param work that lies before the peers
 */
export function rowsView(rubric: Rubric, seat: RehearsalSeat, work: WorkView | null) {
  const described = describedLevelIds(rubric);
  const pieces = work?.pieces ?? [];
  const works = new Map(pieces.map((piece) => [piece.artifactVersionId, piece]));
  const pinned = pinViews(
    pieces.flatMap(({ pins }) => pins),
    works,
  );
  return rubric.criteria.map((row, at) => {
    const response = responseTo(seat, row.id);
    return {
      id: row.id,
      number: at + 1,
      name: row.name,
      description: row.description ?? null,
      part: row.part ?? ('both' as const),
      unit: row.unit ?? ('individual' as const),
      holistic: row.holistic ?? false,
      required: isRequired(row),
      answered: isAnswered(response),
      response,
      conflicts: [],
      ...{ about: null, opens: false },
      // A rehearsal asks for words, not for proofs: peers see the student's pins and set none.
      ...{ mayPin: false, asksForPin: false, pins: [] },
      suggested: pinned.flatMap((pin) =>
        pin.criterionId === row.id ? [{ ...pin, taken: false, data: '' }] : [],
      ),
      levels: rubric.levels.map((level, step) => ({
        id: level.id,
        name: level.name,
        between: level.between ?? false,
        freeText: level.freeText ?? false,
        note: response.notes[level.id] ?? '',
        descriptor: described.includes(level.id) ? (row.descriptors[level.id] ?? null) : null,
        step: step + 1,
        chosen: level.id === response.levelId,
      })),
    };
  });
}
