/**
 * What is erased of a person on score sheets: drafts, and what panels wrote about them. Sheets that they
 * submitted are a voice about others: these stay without the name, and so do the sheets of a group without
 * the rows about them.
 */
import {
  erasing,
  keeping,
  rewriting,
  withoutMaker,
  type ErasedPerson,
  type ErasePart,
} from '../person-traces.js';
import { readRowId } from './group-rows.js';
import {
  sheetHash,
  type SheetChange,
  type JournalEntry,
  type LateHandIn,
  type ScoreSheet,
} from './score-sheet.js';
import {
  countKeptSheetsAbout,
  removeDraftsOf,
  removeSheetsAbout,
  saveGroupSheetsWithout,
  saveSheetMakerUnnamed,
  saveSheetsUnnamed,
} from './score-sheet-records.js';

const isSealed = (sheet: ScoreSheet): boolean => sheet.state === 'submitted' && sheet.submittedAt !== null;

const sealedAs = (sheet: ScoreSheet): ScoreSheet =>
  isSealed(sheet) ? { ...sheet, unnamedHash: sheetHash(sheet, sheet.submittedAt!) } : sheet;

const records = (sheet: ScoreSheet) =>
  sheet.unnamedHash ? [{ kind: 'unnamed score sheet' as const, id: sheet.id, hash: sheet.unnamedHash }] : [];

/**
 * `declined` counts entries of the journal, so it falls with those that go. The note may say something about anybody.
 */
const lateWithout = (
  late: LateHandIn,
  journal: readonly JournalEntry[],
  goes: (change: SheetChange) => boolean,
): LateHandIn => ({
  ...late,
  note: '',
  ...(late.declined === undefined
    ? {}
    : { declined: journal.slice(0, late.declined).filter(({ change }) => !goes(change)).length }),
});

/** A group's sheet without the rows about this member; null when there is none. */
function withoutRows(sheet: ScoreSheet, { presented }: ErasedPerson): ScoreSheet | null {
  const slotIds = presented.map(({ slotId }) => slotId);
  const isTheirs = (rowId: string): boolean => slotIds.includes(readRowId(rowId).about ?? '');
  const changesTheirs = (change: SheetChange): boolean =>
    'criterionId' in change && isTheirs(change.criterionId);
  const found =
    Boolean(sheet.late?.note) ||
    Object.keys(sheet.responses).some(isTheirs) ||
    sheet.journal.some(({ change }) => changesTheirs(change));
  if (!found) return null;
  return sealedAs({
    ...sheet,
    responses: Object.fromEntries(Object.entries(sheet.responses).filter(([rowId]) => !isTheirs(rowId))),
    journal: sheet.journal.filter(({ change }) => !changesTheirs(change)),
    ...(sheet.late ? { late: lateWithout(sheet.late, sheet.journal, changesTheirs) } : {}),
    ...(sheet.conflicts ? { conflicts: sheet.conflicts.filter(({ change }) => !changesTheirs(change)) } : {}),
  });
}

/** With the request itself, as their seats: nobody goes on with what they have not submitted. */
export const eraseDraftsAtOnce: readonly ErasePart[] = [erasing('sheet-draft', removeDraftsOf)];

export const erasePersonFromSheets: readonly ErasePart[] = [
  erasing('sheet-about', removeSheetsAbout, ({ id, state }) =>
    state === 'submitted'
      ? [
          { kind: 'score sheet', id },
          { kind: 'unnamed score sheet', id },
        ]
      : [],
  ),
  keeping('sheet-about', countKeptSheetsAbout),
  rewriting('sheet-group', saveGroupSheetsWithout, withoutRows, { records }),
  rewriting(
    'sheet',
    saveSheetsUnnamed,
    (sheet, { mark }) =>
      sealedAs({
        ...sheet,
        panelistName: mark,
        ...(sheet.late ? { late: { ...sheet.late, note: '' } } : {}),
      }),
    {
      records,
    },
  ),
  rewriting(null, saveSheetMakerUnnamed, (sheet, person) => sealedAs(withoutMaker(sheet, person)), {
    records,
  }),
];
