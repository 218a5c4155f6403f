/**
 * Rows whose id or student number is that of somebody with quite another name: some systems give a number
 * again. Whether it is a new name or somebody new is asked, and the row waits. Pure.
 */
import { haveWordInCommon } from './name-key.js';
import { nameOf, type Person } from './person.js';
import { idKey, rowKeyOf, type RosterPerson, type RowProblem } from './roster.js';
import { answerTo, type RosterAnswers, type RosterQuestion } from './roster-questions.js';

export interface IdNeeds {
  answers: RosterAnswers;
  /** Who a row is by its number. */
  knownBy(row: RosterPerson): Person | undefined;
  /** Whether somebody has said who the row is. */
  isSaid(row: RosterPerson): boolean;
}

export interface DecidedIds {
  /** Rows that can be used; somebody new is without the number, which stays whose it is. */
  rows: RosterPerson[];
  problems: RowProblem[];
  questions: RosterQuestion[];
  askedAbout: ReadonlySet<string>;
}

export function decideIds(given: readonly RosterPerson[], { answers, knownBy, isSaid }: IdNeeds): DecidedIds {
  const problems: RowProblem[] = [];
  const questions: RosterQuestion[] = [];
  const askedAbout = new Set<string>();
  /** Rows with somebody else's number, and those whom a row means by number and name. */
  const others = new Map<RosterPerson, Person>();
  const found = new Set<string>();
  for (const row of given) {
    const holder = row.mention || isSaid(row) ? undefined : knownBy(row);
    if (holder && hasNameOf(row, holder)) found.add(holder.id);
    else if (holder) others.set(row, holder);
  }
  const rows = given.flatMap((row) => {
    const holder = others.get(row);
    if (!holder) return [row];
    const value = row.sourcedId ?? row.studentNumber ?? '';
    const field = row.sourcedId ? 'id' : 'student number';
    if (found.has(holder.id)) {
      problems.push({ ...row.place, field, message: 'people.import.row.twice', params: { value } });
      return [];
    }
    const params = { who: nameOf(row), row: row.place.row, other: holder.displayName, value };
    const key = `id ${rowKeyOf(row)}`;
    questions.push({ kind: 'id', key, params, options: [{ value: 'same' }, { value: 'two' }] });
    const said = answerTo(answers, 'id', key);
    if (said === 'same') return [row];
    const isNew = said === 'two';
    problems.push({
      ...{ ...row.place, field, message: `people.import.row.${isNew ? 'id-of-other' : 'id-asked'}`, params },
    });
    if (!isNew) {
      askedAbout.add(holder.id);
      return [];
    }
    // Other rows of the file that name the number mean this one.
    const named = row.key ?? (row.sourcedId ? idKey(row.sourcedId) : undefined);
    return [{ ...row, sourcedId: null, studentNumber: null, ...(named ? { key: named } : {}) }];
  });
  return { rows, problems, questions, askedAbout };
}

const hasNameOf = (row: RosterPerson, person: Person): boolean => {
  if (nameOf(row) === nameOf(person)) return true;
  const own = [nameOf(row), row.displayName, row.legalName];
  const theirs = [nameOf(person), person.displayName, person.legalName, person.chosenName];
  return own.some((one) => theirs.some((other) => Boolean(one && other && haveWordInCommon(one, other))));
};
