/**
 * Score sheets that were handed in after closing. Personal data: as in `score-sheet-records.ts`, and what the
 * panelist wrote to the office.
 */
import type { SchoolScope } from '../db/database.js';
import { sheets, type SheetWrite } from './score-sheet-records.js';
import type { JournalEntry, LateHandIn, ScoreSheet } from './score-sheet.js';

/** Handed in after closing, with changes that change nothing yet, or decided on. */
export const saveLate = (
  scope: SchoolScope,
  id: string,
  late: LateHandIn,
  entries: readonly JournalEntry[] = [],
) =>
  sheets.in(scope).updateOne(
    { id, state: 'draft' },
    {
      $set: { late },
      ...(entries.length > 0
        ? { $inc: { revision: entries.length }, $push: { journal: { $each: entries } } }
        : {}),
    },
  );

/** What was handed in late counts from here on. Null when the sheet changed in the meantime. */
export async function saveAdmittedLate(
  scope: SchoolScope,
  { id, revision }: Pick<ScoreSheet, 'id' | 'revision'>,
  { entries, fields, late }: { entries: JournalEntry[]; fields: SheetWrite['fields']; late: LateHandIn },
): Promise<ScoreSheet | null> {
  const set = Object.entries(fields).filter(([, value]) => value !== undefined);
  const away = Object.entries(fields).flatMap(([path, value]) => (value === undefined ? [[path, '']] : []));
  return sheets.in(scope).findOneAndUpdate(
    { id, state: 'draft', revision },
    {
      $set: { ...Object.fromEntries(set), late },
      ...(away.length > 0 ? { $unset: Object.fromEntries(away) as object } : {}),
      $inc: { revision: entries.length },
      $push: { journal: { $each: entries } },
    },
  );
}

/** One that was submitted after all, because its exhibition took scores again, waits for nobody. */
const waiting = { state: 'draft' as const, 'late.state': 'waiting' };

/** Sheets that wait for the office, the oldest first. @param slotId of one presentation alone */
export const listLateSheets = (scope: SchoolScope, page: number, perPage: number, slotId?: string) =>
  sheets
    .in(scope)
    .page({ ...waiting, ...(slotId ? { slotId } : {}) }, { sort: { 'late.at': 1 }, page, perPage });
export const countLateSheets = (scope: SchoolScope) => sheets.in(scope).count(waiting);

const whenHandedIn = (found: readonly Pick<ScoreSheet, 'id' | 'late'>[]): Map<string, Date> =>
  new Map(found.flatMap(({ id, late }) => (late ? [[id, late.at] as const] : [])));

/** When the sheets of these seats were handed in late, of those on which the office has not decided. */
export const listWaitingLate = async (
  scope: SchoolScope,
  seatIds: readonly string[],
): Promise<Map<string, Date>> =>
  seatIds.length === 0
    ? new Map()
    : whenHandedIn(await sheets.in(scope).find({ id: { $in: seatIds }, ...waiting }, { fields: ['late'] }));

/** The same for a whole exhibition, by seat. */
export const listWaitingLateOfExhibition = async (
  scope: SchoolScope,
  exhibitionId: string,
): Promise<Map<string, Date>> =>
  whenHandedIn(await sheets.in(scope).find({ exhibitionId, ...waiting }, { fields: ['late'] }));
