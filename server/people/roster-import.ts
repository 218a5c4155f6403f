/** An import of a roster and its preview: what a file would change, row by row, and what of it is in. */
import type { Role } from '../access/actor.js';
import type { ReadColumns } from './csv-columns.js';
import type { ReadGrade } from './grade.js';
import type { MovedMatch } from './find-moved.js';
import type { DuplicateReason } from './likely-duplicates.js';
import type { MessageParams } from '../errors.js';
import type { OddValue } from './odd-values.js';
import type { PersonNames } from './name-correction.js';
import type { Advisory } from './person.js';
import type { QuestionKind, RosterQuestion } from './roster-questions.js';

interface Counts {
  created: number;
  updated: number;
}

/** Somebody of the file who is new here and whose address has an account at another school. */
export interface Elsewhere {
  name: string;
  student: boolean;
}

/** A guardian whom the file does not name any more. */
export interface Tie {
  /** `tieKey`. */
  key: string;
  student: string;
  guardian: string;
}

/**
 * A student of the file who is new here, while another school of the network has one with this number, id or address.
 */
export interface Moved {
  rowKey: string;
  name: string;
  by: MovedMatch['by'];
}

/** One of two who look like one person. */
export interface DuplicateSide {
  name: string;
  grade: string | null;
  /** Where in the file; null for somebody who is not in it. */
  row: number | null;
  /** Has left the school. */
  left: boolean;
}

/** Somebody new of the file who may be somebody else of the file or of the school. */
export interface Duplicate {
  /** Names the pair; the same for the same file. */
  key: string;
  first: DuplicateSide;
  second: DuplicateSide;
  /** What fits beside the name. */
  reasons: DuplicateReason[];
}

/** What somebody said of such pairs, by their keys; of the others nothing. */
export interface DuplicateAnswers {
  same: readonly string[];
  two: readonly string[];
}

/** How many there are of each kind of question and of each list, also where fewer are listed. */
export type ListTotals = Partial<
  Record<QuestionKind | 'duplicates' | 'unnamed' | 'moved' | 'elsewhere', number>
>;

/** One for each background job; kept for a while after it has ended. */
export interface RosterImport {
  /** The id of its job. */
  id: string;
  schoolId: string;
  personId: string;
  fileName: string;
  /** Where the file is kept, for an import after the preview. */
  uploadId: string;
  /** A preview: nothing is written. */
  dryRun: boolean;
  utf8: boolean;
  unchanged: number;
  /** Rows that bring nothing in because of a problem; left out by imports from before they were counted. */
  leftOut?: number;
  /** Students of the file in no advisory; left out by imports from before they were counted. */
  withoutAdvisory?: number;
  /** With the names of new ones: a mistyped name makes an advisory. Left out by imports from before they were told. */
  advisories: Counts & { names?: string[] };
  /** Who led the advisories that get other advisors; left out by imports from before that was looked at again. */
  led?: Pick<Advisory, 'id' | 'advisorIds'>[];
  terms: Counts;
  /** Left out by imports from before accounts could belong to several schools. */
  elsewhere?: Elsewhere[];
  /** Left out by imports from before somebody was asked. */
  unnamed?: Tie[];
  duplicates?: Duplicate[];
  /** Left out by imports from before there were handovers. */
  moved?: Moved[];
  /** Left out by imports from before anything else was asked. */
  questions?: RosterQuestion[];
  /** Left out by imports from before more were counted than listed. */
  totals?: ListTotals;
  /** Which headings of a CSV were understood. */
  columns?: ReadColumns | null;
  /** Left out by imports from before it was told. */
  grades?: readonly ReadGrade[];
  /**
   * How many leave by one answer for all, where they are many beside the file, and how many were confirmed;
   * left out by imports from before.
   */
  manyAbsent?: number | null;
  leaving?: number | null;
  /** What was chosen in the form of the preview, as it was sent. */
  said?: string[];
  expiresAt: Date;
}

export interface FieldChange {
  field: string;
  from: string;
  to: string;
}

export type NameWaits = { personId: string } & PersonNames;

/** A row that makes or changes a person, or that cannot be used. */
export interface RosterChange {
  id: string;
  schoolId: string;
  importId: string;
  /** In the order of the file; problems come first. */
  number: number;
  /** The same row of the same file again has the same key. */
  rowKey: string;
  kind: 'created' | 'updated' | 'problem';
  name: string;
  roles: Role[];
  /** Which fields, from what to what, readable; of somebody new all that is written, from nothing. */
  changes: FieldChange[];
  /** Values that are probably mistyped; left out where none is. */
  odd?: OddValue[];
  /** Where in the file; for a problem also a message key. */
  file: string;
  row: number;
  field: string;
  message: string;
  params: MessageParams;
  /** The new name of somebody whom frozen documents name: it waits for decisions, and the rest of the row does not. */
  nameWaits?: NameWaits;
  /** Who it is; of somebody new once they are in. */
  personId: string | null;
  done: boolean;
  expiresAt: Date;
}

type NewChange = Omit<RosterChange, 'id' | 'number'>;

/** A line of an import: what is not said of it is empty. @param of the import */
export const newChange = (
  { schoolId, importId, expiresAt }: Pick<RosterChange, 'schoolId' | 'importId' | 'expiresAt'>,
  line: Pick<RosterChange, 'kind'> & Partial<NewChange>,
): NewChange => ({
  ...{ schoolId, importId, expiresAt, rowKey: '', name: '', roles: [], changes: [] },
  ...{ file: '', row: 0, field: '', message: '', params: {}, personId: null, done: false },
  ...line,
});

/** Milliseconds for which a preview and its file are kept, and for which the outcome of an import can be read. */
export const KEPT_PREVIEW = 60 * 60 * 1000;
export const KEPT_OUTCOME = 7 * 24 * 60 * 60 * 1000;
