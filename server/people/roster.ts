/**
 * What a roster says, whatever file it came in: people with their relations, advisories, terms, and the rows
 * that cannot be used.
 */
import type { Role } from '../access/actor.js';
import type { MessageParams } from '../errors.js';
import type { ReadColumns } from './csv-columns.js';
import type { ReadGrade } from './grade.js';
import type { RosterQuestion } from './roster-questions.js';

/** Where in the upload something stands. Row 1 is the heading, as in a spreadsheet. */
export interface RosterPlace {
  file: string;
  row: number;
}

export interface RowProblem extends RosterPlace {
  /** Heading of the column, or '' for the whole row. */
  field: string;
  /** Message key. */
  message: string;
  params?: MessageParams;
}

/** A person of the file. Null says that the file does not tell: what is known already stays. */
export interface RosterPerson {
  place: RosterPlace;
  /** By which the file knows them. */
  sourcedId: string | null;
  /** What the file gives as the school's own number of a student. */
  studentNumber: string | null;
  givenName: string;
  familyName: string;
  displayName: string | null;
  /** The name in official papers, where the file tells it beside another one. */
  legalName: string | null;
  /** `givenName` and `familyName` are those that they go by, which the file has in columns of its own. */
  chosen: boolean;
  email: string | null;
  roles: Role[];
  /** The file says nothing of the role: it counts for somebody new, and adds none to somebody known. */
  roleAssumed?: true;
  grade: string | null;
  /** Name of the advisory that a student sits in. */
  advisory: string | null;
  /** Who the guardians are, as `id:…`, `email:…` or the key of a mention. */
  guardians: string[] | null;
  /** Whom the file names beside them and not as guardians: who is one already stays one. */
  agents?: string[];
  organisation: string | null;
  locale: string | null;
  /** Null: the file does not tell. Whoever is new is here then, and whoever is known stays what they are. */
  presence: RosterPresence | null;
  /**
   * Only named in somebody else's row as their guardian: of a person who is known already it says no more than that.
   */
  mention?: true;
  /** How students' rows name a mention. */
  key?: string;
}

export type RosterPresence = 'here' | 'left' | 'graduated';

export interface RosterAdvisory {
  place: RosterPlace;
  name: string;
  /** Who leads it, as `id:…` or `email:…`; empty says nothing. */
  advisors: string[];
  /** Who leads it by name alone; left out where nobody is named so. */
  advisorNames?: string[];
  /** The file has no name for it but that of who leads it. */
  isNamedByAdvisor?: boolean;
}

interface RosterTerm {
  name: string;
  startsOn: string;
  endsOn: string;
}

export interface Roster {
  format: 'csv' | 'oneroster';
  /** False when the text was no UTF-8 and had to be read as Windows-1252. */
  utf8: boolean;
  people: RosterPerson[];
  advisories: RosterAdvisory[];
  terms: RosterTerm[];
  problems: RowProblem[];
  /** Who stands in rows that cannot be used: they are in the file all the same. */
  unusable: Pick<RosterPerson, 'sourcedId' | 'email' | 'givenName' | 'familyName'>[];
  /** What somebody has to say before rows, or the whole file, can be used. */
  questions: RosterQuestion[];
  /** Of a plain CSV: which headings were understood. */
  columns: ReadColumns | null;
  /** Grades in words and what they were taken for. */
  grades: readonly ReadGrade[];
  /** Of an archive of several schools: at which other one people are, by their number. */
  otherSchools: ReadonlyMap<string, string>;
}

/**
 * The names of a row that has the legal ones and may have preferred ones: the preferred are shown, the legal
 * are kept beside them.
 * @param preferred empty where the file says nothing
 */
export function chosenNames(
  legal: { givenName: string; middleName?: string; familyName: string },
  preferred: { givenName: string; familyName: string },
): Pick<RosterPerson, 'givenName' | 'familyName' | 'legalName' | 'chosen'> {
  const { givenName, middleName = '', familyName } = legal;
  const chosen = preferred.givenName !== '' || preferred.familyName !== '';
  if (!chosen) return { givenName, familyName, legalName: null, chosen };
  return {
    givenName: preferred.givenName || givenName,
    familyName: preferred.familyName || familyName,
    legalName: [givenName, middleName, familyName].filter(Boolean).join(' '),
    chosen,
  };
}

export const idKey = (sourcedId: string): string => `id:${sourcedId}`;
export const numberKey = (studentNumber: string): string => `number:${studentNumber}`;
export const emailKey = (email: string): string => `email:${email.toLowerCase()}`;

const roleWords = new Map<string, Role>(
  Object.entries({
    student: 'student',
    learner: 'student',
    pupil: 'student',
    advisor: 'advisor',
    adviser: 'advisor',
    teacher: 'advisor',
    panelist: 'panelist',
    panellist: 'panelist',
    mentor: 'panelist',
    staff: 'panelist',
    aide: 'panelist',
    counselor: 'panelist',
    counsellor: 'panelist',
    proctor: 'panelist',
    guest: 'guest',
    guardian: 'guardian',
    parent: 'guardian',
    family: 'guardian',
    relative: 'guardian',
    registrar: 'registrar',
    admin: 'admin',
    administrator: 'admin',
    siteadministrator: 'admin',
    systemadministrator: 'admin',
    principal: 'admin',
  } as const),
);

/**
 * The role that a word of a roster means here, or null; `Parent 2` is a parent. Roles of whole districts mean
 * nothing in one school.
 */
export function roleOf(word: string): Role | null {
  const letters = word.toLowerCase().replace(/[^\p{L}\p{M}\p{N}]/gu, '');
  return roleWords.get(letters.replace(/\p{Nd}{1,3}$/u, '')) ?? null;
}

/** Names a row of a file: two people of one row (a student and a guardian) have different keys. */
export const rowKeyOf = ({
  place,
  sourcedId,
  key,
}: Pick<RosterPerson, 'place' | 'sourcedId' | 'key'>): string =>
  [place.file, place.row, key ?? (sourcedId ? idKey(sourcedId) : '')].join(' ');
