/**
 * Values of a roster that are probably mistyped: somebody looks at them before the import, and nothing is
 * refused because of them. A value is odd beside what the file and the school have otherwise, so a short file
 * on its own has none. Pure.
 */
import type { Person } from './person.js';

export const oddValues = ['grade', 'number-form', 'number-damaged', 'email'] as const;
export type OddValue = (typeof oddValues)[number];

type Facts = Pick<Person, 'id' | 'roles' | 'grade' | 'studentNumber' | 'email'>;

/** With fewer values nothing is usual. */
const MIN_COMPARED = 8;
/** A grade that so many students have is no slip of the keyboard. */
const USUAL_GRADE = 3;
/** The share of the numbers that have one form before another form is odd. */
const USUAL_FORM = 0.8;

/**
 * @param after everybody as they would be after the import
 * @returns what is odd about a person, for those of whom something is
 */
export function oddValueFinder(after: readonly Facts[]): (person: Facts) => OddValue[] {
  const students = after.filter(({ roles }) => roles.includes('student'));
  const isOddGrade = gradeTest(students.flatMap(({ grade }) => grade ?? []));
  const isOddNumber = formTest(students.flatMap(({ studentNumber }) => studentNumber ?? []));
  return ({ roles, grade, studentNumber, email }) => {
    const found: OddValue[] = [];
    if (roles.includes('student')) {
      if (grade && isOddGrade(grade)) found.push('grade');
      if (studentNumber && isDamagedNumber(studentNumber)) found.push('number-damaged');
      else if (studentNumber && isOddNumber(studentNumber)) found.push('number-form');
    }
    if (email && isPlaceholder(email)) found.push('email');
    return found;
  };
}

/** The grade as a number, kindergarten below the first; null for what a school calls otherwise. */
const levelOf = (grade: string): number | null =>
  grade === 'K' ? 0 : /^\d+$/.test(grade) ? Number(grade) : null;

function gradeTest(grades: readonly string[]): (grade: string) => boolean {
  const counts = countEach(grades);
  const usual = [...counts].filter(([, count]) => count >= USUAL_GRADE).map(([grade]) => grade);
  const levels = usual.flatMap((grade) => levelOf(grade) ?? []);
  if (grades.length < MIN_COMPARED || usual.length === 0) return () => false;
  return (grade) => {
    if ((counts.get(grade) ?? 0) >= USUAL_GRADE) return false;
    const level = levelOf(grade);
    if (level === null || levels.length === 0) return true;
    return level < Math.min(...levels) || level > Math.max(...levels);
  };
}

/** `2026-0417` → `9-9`: of which kinds of characters, wherever it is as long as most also how many. */
const formOf = (number: string, exact: boolean): string => {
  const kinds = number.replace(/\p{L}/gu, 'A').replace(/\d/g, '9');
  return exact ? kinds : kinds.replace(/(.)\1+/g, '$1');
};

function formTest(numbers: readonly string[]): (number: string) => boolean {
  if (numbers.length < MIN_COMPARED) return () => false;
  const usual = [false, true].flatMap((exact) => {
    const [form, count] = mostFrequent(numbers.map((number) => formOf(number, exact)));
    return count >= numbers.length * USUAL_FORM ? [{ form, exact }] : [];
  });
  return (number) => usual.some(({ form, exact }) => formOf(number, exact) !== form);
}

/** What a spreadsheet makes of a long number, or writes where a formula has failed. */
const isDamagedNumber = (number: string): boolean =>
  /^[\d.,]+e[+-]?\d+$/i.test(number) ||
  /^\d+[.,]0+$/.test(number) ||
  /^#[A-Z/0!?]+$/i.test(number) ||
  isNone(number);

const noneWords = /^(?:[-–—.?/]+|x+|no|non|none|nil|null|nan|n\/?a|unknown|tbd|missing|no[ _-]?e?-?mail)$/i;
/** A word with which somebody says that there is nothing. */
const isNone = (text: string): boolean => noneWords.test(text.trim());

/** The same in the place of a name; some of the words above are names of people. */
export const isNoName = (text: string): boolean => /^(?:[-–—.?/]+|none|n\/a)$/i.test(text.trim());

/** An address that somebody typed because the field wanted one. */
function isPlaceholder(email: string): boolean {
  const [local = '', domain = ''] = email.split('@');
  return (
    isNone(local) ||
    /^(?:test|noreply|no-reply|nobody)$/i.test(local) ||
    /^(?:none|no-?e?mail|null|nowhere|invalid)\./i.test(domain)
  );
}

function countEach(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

const mostFrequent = (values: readonly string[]): [string, number] =>
  [...countEach(values)].reduce((most, each) => (each[1] > most[1] ? each : most), ['', 0]);
