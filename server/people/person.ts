/** People of a school: students, staff, guardians, mentors and guests; advisories; who may see whom. */
import { hasRole, runsSchool, type Actor, type Role } from '../access/actor.js';
import { Conflict, Forbidden } from '../errors.js';
import type { Attendance } from './attendance.js';

/** Letters of a student number. */
export const MAX_STUDENT_NUMBER = 40;

export interface Person {
  id: string;
  schoolId: string;
  /**
   * By which imports know this person again; unique within the school. It may be an id that no person has ever seen.
   */
  sourcedId: string | null;
  /** Students: the number that the school itself gave and that people write on papers. Left out and null: not told. */
  studentNumber?: string | null;
  givenName: string;
  familyName: string;
  /** The name as the person writes it, in their script and order. */
  displayName: string;
  /**
   * For the office alone: the whole name in official papers. Left out and null: not told, or no other than
   * the one that is shown.
   */
  legalName?: string | null;
  /** The name that they go by, where it is another than in official papers; it is the one that is shown. */
  chosenName?: string | null;
  sortName: string;
  email: string | null;
  roles: Role[];
  /** Students: `9` … `12`, `K`, or what the school calls it. */
  grade: string | null;
  advisoryId: string | null;
  /** Students: ids of their guardians. */
  guardianIds: string[];
  /**
   * Who was their guardian and is no more because somebody said so: no file makes them one again by itself.
   * Left out: nobody.
   */
  endedGuardianIds?: string[];
  /**
   * Students: what staff must know about custody, e.g. who may not pick them up. Left out while nothing was written.
   */
  custodyNote?: string | null;
  /** Mentors and guests: where they come from. */
  organisation: string | null;
  locale: string | null;
  active: boolean;
  /** Of those who are not here any more: how they left. Left out and null: not told. */
  leftAs?: 'left' | 'graduated' | null;
  /**
   * Students who were handed over to another school, where the network seals the record: since when nobody
   * here reads it.
   */
  sealedAt?: Date | null;
  /**
   * The same, whether it is sealed or not: where they went, and the handover by its id. Of those who are back
   * it says nothing.
   */
  movedTo?: { school: string; at: Date; handoverId: string } | null;
  /** Languages, access and hours; left out while the school was told nothing. */
  attendance?: Attendance | null;
  /** Since then nothing is left of them but the id, so that what they took part in still holds. */
  erasedAt?: Date | null;
  createdAt: Date;
}

export interface Advisory {
  id: string;
  schoolId: string;
  slug: string;
  name: string;
  advisorIds: string[];
}

/** What the rules below need to know of a student. */
export type StudentFacts = Pick<Person, 'id' | 'advisoryId' | 'guardianIds'>;

/** Themselves, and not somebody who came in by a pass made out to them. */
export const isOwn = (actor: Actor, student: Pick<Person, 'id'>): boolean =>
  actor.seatIds === null && actor.personId === student.id;
export const isAdvisorOf = (actor: Actor, student: StudentFacts): boolean =>
  hasRole(actor, 'advisor') && student.advisoryId !== null && actor.advisoryIds.includes(student.advisoryId);
export const isGuardianOf = (actor: Actor, student: StudentFacts): boolean =>
  hasRole(actor, 'guardian') && student.guardianIds.includes(actor.personId);

/** A student's page: themselves, their advisor, their family, registrar and admin. */
export const mayReadStudent = (actor: Actor, student: StudentFacts): boolean =>
  runsSchool(actor) || isOwn(actor, student) || isAdvisorOf(actor, student) || isGuardianOf(actor, student);

/** How somebody signs in: the office, and a student's advisor. */
export const mayRunSignIn = (actor: Actor, person: Person): boolean =>
  runsSchool(actor) || (person.roles.includes('student') && isAdvisorOf(actor, person));

/** Letters for an advisory: the office, and whoever leads it. */
export const mayLeadAdvisory = (actor: Actor, { id }: Pick<Advisory, 'id'>): boolean =>
  runsSchool(actor) || (hasRole(actor, 'advisor') && actor.advisoryIds.includes(id));

/** What is written about custody: the office and the student's own advisors, never the family. */
export const mayReadCustodyNote = (actor: Actor, student: StudentFacts): boolean =>
  runsSchool(actor) || isAdvisorOf(actor, student);

/** The list of students: staff who run the school see all, advisors their advisories. */
export const mayListAllStudents = (actor: Actor): boolean => runsSchool(actor);

/**
 * Who makes, changes and lets in administrators: administrators. A registrar runs the records and does not
 * choose who governs. A token can do less than its owner, and must not make somebody who can do more.
 */
export const mayChangeAdministrators = (actor: Pick<Actor, 'roles' | 'via'>): boolean =>
  actor.roles.includes('admin') && actor.via !== 'token';

/** Whose role lets them be named as somebody's guardian, in a form as in a file. */
export const mayBeGuardian = ({ roles }: Pick<Person, 'roles'>): boolean => roles.includes('guardian');

/** An administrator who is nobody's family so far: only an administrator makes them a guardian. */
export const governsAlone = ({ roles }: Pick<Person, 'roles'>): boolean =>
  roles.includes('admin') && !roles.includes('guardian');

/** @throws Forbidden with the reason when the student was handed over and the record is sealed from this school */
export function checkNotSealed(person: Pick<Person, 'sealedAt' | 'movedTo'> | null): void {
  if (!person?.sealedAt) return;
  const { school } = person.movedTo ?? {};
  throw school
    ? new Forbidden('people.problem.sealed-at', { school })
    : new Forbidden('people.problem.sealed');
}

/** @throws Conflict: nothing new is recorded about somebody who is erased, also where what was issued stays */
export function checkNotErased(person: Pick<Person, 'erasedAt'>): void {
  if (person.erasedAt) throw new Conflict('people.problem.erased', {}, 'erased');
}

/** Turns a rule's no into Forbidden. */
export function requirePermission(allowed: boolean, messageKey?: string): void {
  if (!allowed) throw new Forbidden(messageKey);
}

/** Was a student here and has left: documents can still be issued about them. */
export const isFormerStudent = ({ roles, active, erasedAt, sealedAt }: Person): boolean =>
  roles.includes('student') && !active && !erasedAt && !sealedAt;

/** `familyName, givenName`, lower case without accents, for sorting. */
export function sortNameOf(givenName: string, familyName: string): string {
  return `${familyName} ${givenName}`.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trim();
}

/** Given and family name as they are written one after the other. */
export const nameOf = (person: Pick<Person, 'givenName' | 'familyName'>): string =>
  `${person.givenName} ${person.familyName}`.trim();

export const byId = <T extends { id: string }>(list: readonly T[]): Map<string, T> =>
  new Map(list.map((each) => [each.id, each]));

/**
 * Up to two letters for the round mark beside a name, in any script; what follows the comma of `Habte,
 * PharmD` is a title.
 */
export function initialsOf(name: string): string {
  const letters = wordsOfName(name).flatMap((word) => /[\p{L}\p{N}]/u.exec(word)?.[0] ?? []);
  return [letters[0], letters.length > 1 ? letters.at(-1) : undefined].join('').toLocaleUpperCase();
}

/** The words of a name without what follows its comma. */
export function wordsOfName(name: string): string[] {
  const [before = '', ...titles] = name.split(',');
  const named = before.trim().includes(' ') ? before : [before, ...titles].join(' ');
  return named.trim().split(/\s+/);
}
