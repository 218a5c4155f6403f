/**
 * Score sheets. Personal data: what named panelists think of named students; the most confidential records of
 * the house. Whoever reads several sheets at once must have asked `seal.ts` first whether the reader may see
 * them.
 */
import { schoolCollection, type SchoolScope } from '../db/database.js';
import type { SheetRestart, Seat } from '../exhibitions/seats/seat.js';
import { MAX_JOURNAL, type JournalEntry, type ScoreSheet, type SheetConflict } from './score-sheet.js';
import { madeLinkOf, tracesIn } from '../person-traces.js';

/** For the record files of this feature alone. */
export const sheets = schoolCollection<ScoreSheet>(
  'scoresheets',
  {
    slotId: { type: String, required: true, immutable: true },
    exhibitionId: { type: String, required: true, immutable: true },
    studentId: { type: String, required: true, immutable: true },
    panelistId: { type: String, required: true, immutable: true },
    panelistName: { type: String, required: true, immutable: true },
    role: { type: String, required: true, immutable: true },
    rubric: { type: Object, required: true, immutable: true },
    responses: { type: Object, required: true },
    overallComment: { type: String, default: '' },
    revision: { type: Number, required: true },
    journal: { type: [Object], required: true },
    conflicts: { type: [Object], default: undefined },
    anew: { type: [Object], default: undefined },
    members: { type: [Object], default: undefined },
    late: { type: Object, default: undefined },
    state: { type: String, required: true },
    sealedAs: { type: Object, default: undefined },
    submittedAt: { type: Date, default: null },
    passwordLink: { type: Object, default: undefined },
    hash: { type: String, default: null },
    unnamedHash: String,
  },
  {
    indexes: [
      // In this order check-records walks over all of them.
      { keys: { schoolId: 1, _id: 1 } },
      // The few without a name, in the same order.
      {
        keys: { schoolId: 1, _id: 1, unnamedHash: 1 },
        partialFilterExpression: { unnamedHash: { $exists: true } },
      },
      { keys: { schoolId: 1, slotId: 1, state: 1 } },
      { keys: { schoolId: 1, exhibitionId: 1, state: 1 } },
      { keys: { schoolId: 1, panelistId: 1 } },
      // The few that were handed in after closing and wait for the office.
      {
        keys: { schoolId: 1, 'late.state': 1, 'late.at': 1 },
        partialFilterExpression: { 'late.state': 'waiting' },
      },
    ],
  },
);
export const scoreSheetsDeclaration = sheets.declaration;

/** Everything about a new sheet that its seat and exhibition know. */
export type SheetBirth = Pick<
  ScoreSheet,
  'slotId' | 'exhibitionId' | 'studentId' | 'panelistId' | 'panelistName' | 'role' | 'rubric'
>;

export const findSheet = (scope: SchoolScope, seatId: string) => sheets.in(scope).findOne({ id: seatId });

const withoutHistory = [
  ...['schoolId', 'slotId', 'exhibitionId', 'studentId', 'panelistId', 'panelistName', 'role', 'rubric'],
  ...[
    'responses',
    'overallComment',
    'revision',
    'anew',
    'members',
    'passwordLink',
    'sealedAs',
    'state',
    'submittedAt',
    'hash',
    'unnamedHash',
  ],
] as const;

/** Sealed sheets of a slot, without their journals, in the order in which they were submitted. */
export async function listSubmittedSheets(
  scope: SchoolScope,
  slotId: string,
): Promise<Omit<ScoreSheet, 'journal'>[]> {
  return sheets
    .in(scope)
    .find({ slotId, state: 'submitted' }, { sort: { submittedAt: 1, id: 1 }, fields: withoutHistory });
}

/** Seats on whose sheet something is written that is not submitted. */
export const listBegunSeatIds = async (scope: SchoolScope, exhibitionId: string): Promise<Set<string>> =>
  new Set(
    (await sheets.in(scope).find({ exhibitionId, state: 'draft' }, { fields: ['id'] })).map(({ id }) => id),
  );

/** The levels of a sealed sheet and nothing else of it. */
export interface SheetLevels {
  /** Of its seat. */
  id: string;
  slotId: string;
  rows: { criterionId: string; levelId?: string | null; notObserved?: boolean }[];
}

/**
 * Of these presentations, whose exhibition is that: what the tallies of a whole day are made from. No word of
 * a comment is read out.
 */
export async function listLevelsOfExhibition(
  scope: SchoolScope,
  exhibitionId: string,
  slotIds: readonly string[],
): Promise<SheetLevels[]> {
  const row = {
    criterionId: '$$row.k',
    levelId: '$$row.v.levelId',
    notObserved: '$$row.v.notObserved',
  };
  const rows = { $map: { input: { $objectToArray: '$responses' }, as: 'row', in: row } };
  const found = await sheets
    .in(scope)
    .aggregate<Omit<SheetLevels, 'id'> & { _id: string }>([
      { $match: { exhibitionId, state: 'submitted' } },
      { $project: { slotId: 1, rows } },
    ]);
  const wanted = new Set(slotIds);
  return found.filter(({ slotId }) => wanted.has(slotId)).map(({ _id: id, ...sheet }) => ({ id, ...sheet }));
}

/** Sealed ones in the order of their ids, those after `after`: for whoever walks over all of them. */
export const listSealedAfter = (scope: SchoolScope, after: string, limit: number) =>
  sheets
    .in(scope)
    .find({ state: 'submitted', id: { $gt: after } }, { sort: { id: 1 }, limit, fields: withoutHistory });

/** How far the sheets of these seats are, those without any change left out; says nothing of what stands in them. */
export async function listSheetStates(
  scope: SchoolScope,
  seatIds: readonly string[],
): Promise<Map<string, ScoreSheet['state']>> {
  const found = await sheets.in(scope).find({ id: { $in: seatIds } }, { fields: ['state'] });
  return new Map(found.map((sheet) => [sheet.id, sheet.state]));
}

export async function countSheetsOfExhibition(
  scope: SchoolScope,
  exhibitionId: string,
): Promise<{ draft: number; submitted: number }> {
  const [draft, submitted] = await Promise.all([
    sheets.in(scope).count({ exhibitionId, state: 'draft' }),
    sheets.in(scope).count({ exhibitionId, state: 'submitted' }),
  ]);
  return { draft, submitted };
}

/** What an operation writes beside its journal entry. */
export interface SheetWrite {
  entry: JournalEntry;
  /** By path; `undefined` takes the field away. */
  fields: Record<string, unknown>;
  /** Left out: the open conflicts stay as they are. */
  conflicts?: SheetConflict[];
}

/** `any`: whatever stands there. Else exactly this revision, which the write was decided on. */
export type Expected = 'any' | { revision: number; withoutConflicts?: boolean };

/** A sheet that began anew since its seat was read belongs to another phone. */
const notAnewSince = ({ anew = [] }: Pick<Seat, 'anew'>): Record<string, unknown> => ({
  [`anew.${anew.length}`]: { $exists: false },
});

function filterOf(expected: Expected): Record<string, unknown> {
  if (expected === 'any') return { revision: { $not: { $gte: MAX_JOURNAL } } };
  return {
    revision: expected.revision,
    ...(expected.withoutConflicts ? { 'conflicts.0': { $exists: false } } : {}),
  };
}

/**
 * One operation, one write: the replay check, the change, the conflicts, the revision and the journal entry
 * are a single atomic update; those of one moment go out in one command, and each of them counts or not by
 * itself. The sheet after it, of its journal the last entry alone. Null when nothing was written (there is no
 * sheet yet, the operation was taken before, the sheet is sealed, at another revision or has begun anew, or
 * its journal is full), or when others have written since: the journal tells which.
 */
export async function appendOperation(
  scope: SchoolScope,
  seat: Pick<Seat, 'id' | 'anew'>,
  { entry, fields, conflicts }: SheetWrite,
  expected: Expected = 'any',
): Promise<ScoreSheet | null> {
  const named = Object.entries({ ...fields, ...(conflicts ? { conflicts } : {}) });
  const set = named.filter(([, value]) => value !== undefined);
  const away = named.filter(([, value]) => value === undefined).map(([path]) => [path, '']);
  return sheets.in(scope).updateBatched({
    id: seat.id,
    filter: {
      state: 'draft',
      ...notAnewSince(seat),
      'journal.operationId': { $ne: entry.operationId },
      ...filterOf(expected),
    },
    update: {
      ...(set.length > 0 ? { $set: Object.fromEntries(set) } : {}),
      ...(away.length > 0 ? { $unset: Object.fromEntries(away) as object } : {}),
      $inc: { revision: 1 },
      $push: { journal: entry },
    },
    lastOf: ['journal'],
    isLast: ({ journal }) => journal.at(-1)?.operationId === entry.operationId,
  });
}

/** The sheet of a seat comes into being with its first change; `begin-sheet.ts` sees to it that there is none yet. */
export async function appendFirstOperation(
  scope: SchoolScope,
  seatId: string,
  birth: SheetBirth,
  { entry, fields }: SheetWrite,
): Promise<ScoreSheet> {
  const untouched = {
    ...('overallComment' in fields ? {} : { overallComment: '' }),
    ...(Object.keys(fields).some((path) => path.startsWith('responses.')) ? {} : { responses: {} }),
  };
  const born = { ...birth, ...untouched, state: 'draft' as const, submittedAt: null, hash: null };
  const set = Object.keys(fields).length > 0 ? { $set: fields } : {};
  const update = { ...set, $inc: { revision: 1 }, $push: { journal: entry }, $setOnInsert: born };
  return (await sheets.in(scope).findOneAndUpdate({ id: seatId }, update, { upsert: true }))!;
}

/** Empties a draft for another phone of its guest; the journal keeps what stood there. Null when there is no draft. */
export const saveRestart = (scope: SchoolScope, seat: Pick<Seat, 'id' | 'personId'>, anew: SheetRestart) =>
  sheets.in(scope).findOneAndUpdate(
    { id: seat.id, state: 'draft' },
    {
      $set: { responses: {}, overallComment: '', conflicts: [] },
      $inc: { revision: 1 },
      $push: {
        anew,
        journal: {
          operationId: `anew-${anew.at.getTime()}`,
          at: anew.at,
          by: seat.personId,
          change: { kind: 'set-overall', comment: '' },
          outcome: 'anew',
        },
      },
    },
  );

/** Seals a draft at exactly this revision; null when it changed or was sealed in the meantime. */
export const saveSeal = (
  scope: SchoolScope,
  sheet: ScoreSheet,
  members: ScoreSheet['members'],
  submittedAt: Date,
  hash: string,
  mark: Pick<ScoreSheet, 'passwordLink'> = {},
) =>
  sheets
    .in(scope)
    .findOneAndUpdate(
      { id: sheet.id, state: 'draft', revision: sheet.revision },
      { $set: { state: 'submitted', submittedAt, hash, ...(members ? { members } : {}), ...mark } },
    );

/** Whole sheets at once, for loaders. */
export const saveSheets = (scope: SchoolScope, list: ScoreSheet[]) => sheets.in(scope).insertMany(list);

/** Which of these are there. */
export const listSealedIds = async (scope: SchoolScope, ids: readonly string[]): Promise<string[]> =>
  (await sheets.in(scope).find({ state: 'submitted', id: { $in: ids } }, { fields: ['id'] })).map(
    ({ id }) => id,
  );

/** Submitted sheets of this person: a voice about others. */
export const listSealedIdsOf = async (scope: SchoolScope, panelistId: string): Promise<string[]> =>
  (await sheets.in(scope).find({ panelistId, state: 'submitted' }, { fields: ['id'] })).map(({ id }) => id);

const unnamed = { unnamedHash: { $exists: true } };
/** Those from which the name of an erased person was taken out, in the order of their ids. */
export const listUnnamedSheetsAfter = (scope: SchoolScope, after: string, limit: number) =>
  sheets.in(scope).find({ id: { $gt: after }, ...unnamed }, { sort: { id: 1 }, limit });
/** Which of these they are. */
export const listUnnamedSheetIds = async (scope: SchoolScope, ids: readonly string[]): Promise<string[]> =>
  (await sheets.in(scope).find({ id: { $in: ids }, ...unnamed }, { fields: ['id'] })).map(({ id }) => id);

export const removeDraftsOf = tracesIn(sheets, ({ id }) => ({ panelistId: id, state: 'draft' }));
/** About presentations that they gave alone. */
export const removeSheetsAbout = tracesIn(sheets, ({ presented, keepIssued }) => ({
  slotId: { $in: presented.filter(({ together }) => !together).map(({ slotId }) => slotId) },
  ...(keepIssued ? { state: 'draft' } : {}),
}));
export const countKeptSheetsAbout = tracesIn(sheets, ({ presented, keepIssued }) =>
  keepIssued
    ? { slotId: { $in: presented.map(({ presentationId }) => presentationId) }, state: 'submitted' }
    : null,
);
export const saveGroupSheetsWithout = tracesIn(sheets, ({ presented, keepIssued }) => ({
  slotId: { $in: presented.flatMap((each) => (each.together ? [each.presentationId] : [])) },
  ...(keepIssued ? { state: 'draft' } : {}),
}));
export const saveSheetsUnnamed = tracesIn(sheets, ({ id, mark }) => ({
  panelistId: id,
  state: 'submitted',
  panelistName: { $ne: mark },
}));
export const saveSheetMakerUnnamed = tracesIn(sheets, madeLinkOf);
