/**
 * Previews and outcomes of roster imports. Personal data: names and what changed of people; removed by itself
 * after a week.
 */
import { schoolCollection, type AnyFilter, type SchoolScope } from '../db/database.js';
import type { NameWaits, RosterChange, RosterImport } from './roster-import.js';
import { fieldIsName, numbersOf, tracesIn, type ErasedPerson } from '../person-traces.js';

const imports = schoolCollection<RosterImport>(
  'rosterimports',
  {
    personId: { type: String, required: true, immutable: true },
    fileName: { type: String, default: '' },
    uploadId: { type: String, required: true, immutable: true },
    dryRun: { type: Boolean, required: true, immutable: true },
    utf8: { type: Boolean, required: true },
    unchanged: { type: Number, required: true },
    leftOut: Number,
    withoutAdvisory: Number,
    manyAbsent: Number,
    leaving: Number,
    elsewhere: { type: [Object], default: undefined },
    unnamed: { type: [Object], default: undefined },
    duplicates: { type: [Object], default: undefined },
    moved: { type: [Object], default: undefined },
    questions: { type: [Object], default: undefined },
    totals: { type: Object, default: undefined },
    columns: { type: Object, default: null },
    grades: { type: [Object], default: undefined },
    said: { type: [String], default: undefined },
    advisories: { type: Object, required: true },
    led: { type: [Object], default: undefined },
    terms: { type: Object, required: true },
    expiresAt: { type: Date, required: true },
  },
  { indexes: [{ keys: { expiresAt: 1 }, expireAfterSeconds: 0 }] },
);
export const rosterImportsDeclaration = imports.declaration;

const changes = schoolCollection<RosterChange>(
  'rosterchanges',
  {
    importId: { type: String, required: true, immutable: true },
    number: { type: Number, required: true, immutable: true },
    rowKey: { type: String, default: '' },
    kind: { type: String, required: true },
    name: { type: String, default: '' },
    roles: [String],
    changes: [Object],
    odd: { type: [String], default: undefined },
    file: { type: String, default: '' },
    row: { type: Number, required: true },
    field: { type: String, default: '' },
    message: { type: String, default: '' },
    params: { type: Object, default: {} },
    nameWaits: { type: Object, default: undefined },
    personId: String,
    done: { type: Boolean, required: true },
    expiresAt: { type: Date, required: true },
  },
  {
    indexes: [
      { keys: { schoolId: 1, importId: 1, kind: 1, number: 1 } },
      { keys: { schoolId: 1, importId: 1, rowKey: 1 } },
      // Few rows of many are odd, or have a name that waits: those alone are read.
      {
        keys: { schoolId: 1, importId: 1, number: 1 },
        partialFilterExpression: { odd: { $exists: true } },
      },
      {
        keys: { schoolId: 1, importId: 1, 'nameWaits.personId': 1, number: 1 },
        partialFilterExpression: { nameWaits: { $exists: true } },
      },
      { keys: { expiresAt: 1 }, expireAfterSeconds: 0 },
    ],
  },
);
export const rosterChangesDeclaration = changes.declaration;

export const findRosterImport = (scope: SchoolScope, id: string) => imports.in(scope).findOne({ id });
export const saveRosterImport = (scope: SchoolScope, made: RosterImport) => imports.in(scope).insert(made);

export const saveRosterChanges = (scope: SchoolScope, list: RosterChange[]) =>
  changes.in(scope).insertMany(list);
export const removeRosterChanges = (scope: SchoolScope, importId: string) =>
  changes.in(scope).remove({ importId });

/** Writes down who came in by which rows. */
export const saveChangesDone = (
  scope: SchoolScope,
  importId: string,
  done: readonly { rowKey: string; personId: string }[],
) =>
  changes.in(scope).updateEach(
    done.map(({ rowKey, personId }) => ({
      filter: { importId, rowKey, kind: { $ne: 'problem' } },
      update: { $set: { personId, done: true } },
    })),
  );

export const saveNameWaits = (scope: SchoolScope, importId: string, rowKey: string, nameWaits: NameWaits) =>
  changes.in(scope).updateOne({ importId, rowKey, kind: { $ne: 'problem' } }, { $set: { nameWaits } });
/**
 * Rows whose new name waited when they were read or brought in, in the order of the file, those after
 * `number` (0 begins).
 */
export const listNamesWaiting = (scope: SchoolScope, importId: string, number: number, limit: number) =>
  changes
    .in(scope)
    .find(
      { importId, kind: 'updated', number: { $gt: number }, nameWaits: { $exists: true } },
      { sort: { number: 1 }, limit },
    );

/** What was found out about each row that could be used: for an import that goes on. */
export const listRowsTold = (
  scope: SchoolScope,
  importId: string,
): Promise<Pick<RosterChange, 'id' | 'rowKey' | 'kind' | 'changes' | 'done'>[]> =>
  changes
    .in(scope)
    .find({ importId, rowKey: { $ne: '' } }, { fields: ['rowKey', 'kind', 'changes', 'done'] });

/** Who came in by these rows. */
export const listChangesOfRows = (scope: SchoolScope, importId: string, rowKeys: readonly string[]) =>
  changes.in(scope).find({ importId, rowKey: { $in: rowKeys }, kind: 'created', done: true });

/** A row that could be used when the file was read cannot be any more. */
export const saveChangeRefused = (
  scope: SchoolScope,
  importId: string,
  rowKey: string,
  problem: Pick<RosterChange, 'field' | 'message'> & Partial<Pick<RosterChange, 'params'>>,
) =>
  changes
    .in(scope)
    .updateOne({ importId, rowKey, kind: { $ne: 'problem' } }, { $set: { ...problem, kind: 'problem' } });

/** @param kinds which ones; in the order of the file */
export const listRosterChanges = (
  scope: SchoolScope,
  importId: string,
  kinds: readonly RosterChange['kind'][],
  page: number,
  perPage: number,
) => changes.in(scope).page({ importId, kind: { $in: kinds } }, { sort: { number: 1 }, page, perPage });

/** Rows with values that are probably mistyped, in the order of the file. */
export const listOddRows = (scope: SchoolScope, importId: string, limit: number) =>
  changes
    .in(scope)
    .page(
      { importId, kind: { $in: ['created', 'updated'] }, odd: { $exists: true } },
      { sort: { number: 1 }, page: 1, perPage: limit },
    );

export interface ChangeCounts {
  created: number;
  updated: number;
  problems: number;
  /** Of the new and changed ones, how many are in. */
  done: number;
}

export async function countRosterChanges(scope: SchoolScope, importId: string): Promise<ChangeCounts> {
  const rows = await changes
    .in(scope)
    .aggregate<{ _id: { kind: string; done: boolean }; count: number }>([
      { $match: { importId } },
      { $group: { _id: { kind: '$kind', done: '$done' }, count: { $sum: 1 } } },
    ]);
  const sum = (fits: (each: { kind: string; done: boolean }) => boolean): number =>
    rows.filter(({ _id }) => fits(_id)).reduce((total, { count }) => total + count, 0);
  return {
    created: sum(({ kind }) => kind === 'created'),
    updated: sum(({ kind }) => kind === 'updated'),
    problems: sum(({ kind }) => kind === 'problem'),
    done: sum(({ kind, done }) => kind !== 'problem' && done),
  };
}

const fieldIsTheirs = (field: string, person: ErasedPerson): AnyFilter[] => [
  fieldIsName(field, person),
  { [field]: { $in: numbersOf(person) } },
];
/** Lines about this person; a line with a problem may say anything. */
export const saveRosterChangesUnnamed = tracesIn(changes, (person) => ({
  $or: [
    { personId: { $in: person.ids } },
    { 'nameWaits.personId': { $in: person.ids } },
    ...['name', 'changes.from', 'changes.to'].flatMap((field) => fieldIsTheirs(field, person)),
    { kind: 'problem' },
  ],
}));
/** All of them: there are few, they name people in several lists, and a week later they are gone. */
export const saveImportUnnamed = tracesIn(imports, () => ({}));
