/**
 * Who of the school rows are that have neither a number nor an address. A name is no identity: whoever has
 * left may have a namesake, and a year later everybody is a grade further. Where the name alone would decide,
 * somebody is asked and the row waits. Pure.
 */
import { plainBlanks } from '../clean-text.js';
import { gradeOf, mayFollow } from './grade.js';
import { nameOf, type Advisory, type Person } from './person.js';
import { rowKeyOf, type RosterPerson } from './roster.js';
import { answerTo, type RosterAnswers, type RosterQuestion } from './roster-questions.js';

export interface NameNeeds {
  people: readonly Person[];
  advisories: readonly Advisory[];
  answers: RosterAnswers;
  /** Ids of those who are another row of the file. */
  taken: ReadonlySet<string>;
}

export interface DecidedNames {
  /** Who a row is, by its key: null for somebody new. Rows that wait are missing. */
  known: ReadonlyMap<string, Person | null>;
  questions: RosterQuestion[];
  /** Ids of those who may be a row that waits. */
  askedAbout: ReadonlySet<string>;
}

/** Earlier imports kept blanks of every kind and marks that nobody sees: the name is the same without them. */
const nameKey = (name: string): string => plainBlanks(name.normalize('NFC')).trim();
const kindOf = (row: RosterPerson): string => `${nameKey(nameOf(row))} (${row.roles[0] ?? ''})`;

/** Rows that say the same of everything are one person twice. */
export const contentKeyOf = (row: RosterPerson): string =>
  `name:${JSON.stringify([kindOf(row), row.grade, row.advisory, row.organisation, row.guardians])}`;

/** @param rows those of which nothing but a name says who they are */
export function decideNames(rows: readonly RosterPerson[], needs: NameNeeds): DecidedNames {
  const byName = new Map<string, Person[]>();
  const wanted = new Set(rows.map((row) => nameKey(nameOf(row))));
  for (const person of needs.people) {
    if (needs.taken.has(person.id) || person.erasedAt) continue;
    for (const name of new Set([nameOf(person), person.legalName ?? nameOf(person)].map(nameKey)))
      if (wanted.has(name)) byName.set(name, [...(byName.get(name) ?? []), person]);
  }
  const advisories = new Map(needs.advisories.map(({ id, name }) => [id, name]));
  const known = new Map<string, Person | null>();
  const questions: RosterQuestion[] = [];
  const askedAbout = new Set<string>();
  for (const namesakes of groupsOf(rows)) {
    const bearers = bearersOf(namesakes[0]!, byName);
    const found = onlyOne(namesakes, bearers) ?? eachItsOwn(namesakes, bearers, advisories);
    for (const row of namesakes) {
      const key = rowKeyOf(row);
      const person = bearers.length === 0 ? null : found?.get(row);
      if (person !== undefined) {
        known.set(key, person);
        continue;
      }
      const question = questionOf(row, bearers);
      questions.push(question);
      const said = answerOf(question, bearers, needs.answers);
      if (said !== undefined) known.set(key, said);
      else for (const { id } of bearers) askedAbout.add(id);
    }
  }
  return { known, questions, askedAbout };
}

/** Rows of one name and role; a row that only repeats another one is left to be told. */
function groupsOf(rows: readonly RosterPerson[]): RosterPerson[][] {
  const groups = new Map<string, Map<string, RosterPerson>>();
  for (const row of rows) {
    const group = groups.get(kindOf(row)) ?? new Map<string, RosterPerson>();
    groups.set(kindOf(row), group);
    if (!group.has(contentKeyOf(row))) group.set(contentKeyOf(row), row);
  }
  return [...groups.values()].map((group) => [...group.values()]);
}

/** Without a word for the role it may be anybody, save a guardian: children are called like their parents. */
function bearersOf(row: RosterPerson, byName: ReadonlyMap<string, readonly Person[]>): readonly Person[] {
  const called = byName.get(nameKey(nameOf(row))) ?? [];
  const alike = called.filter((each) => row.roles.some((role) => each.roles.includes(role)));
  return row.roleAssumed && alike.length === 0
    ? called.filter((each) => !each.roles.includes('guardian'))
    : alike;
}

/**
 * One row and one person, who is here and may have the grade: the next one, too, because files come once a
 * year. Those who have left do not matter where the row cannot be theirs.
 */
function onlyOne(
  rows: readonly RosterPerson[],
  bearers: readonly Person[],
): ReadonlyMap<RosterPerson, Person> | undefined {
  const row = rows[0]!;
  const meant = bearers.length > 1 ? bearers.filter(({ active }) => active) : bearers;
  const [person] = meant;
  if (rows.length > 1 || meant.length > 1 || !person || !mayBe(row, person)) return undefined;
  const others = bearers.filter((each) => each !== person);
  if (!mayHaveGrade(row, person) || others.some((each) => mayReturn(row, each))) return undefined;
  return new Map([[row, person]]);
}

function mayHaveGrade(row: RosterPerson, person: Person): boolean {
  const grade = gradeOf(person.grade);
  return row.grade === null || grade === null || mayFollow(row.grade, grade);
}

/**
 * Of whoever has left: what a sealed record says decides nothing here, and whoever has graduated does not
 * come back to a grade.
 */
const mayReturn = (row: RosterPerson, person: Person): boolean =>
  Boolean(person.sealedAt) ||
  row.presence === 'left' ||
  row.presence === 'graduated' ||
  (person.leftAs !== 'graduated' && mayHaveGrade(row, person));

/** The role is the same, and of whoever has left only a file that says so speaks. */
const mayBe = ({ roles, presence }: RosterPerson, person: Person): boolean =>
  roles.some((role) => person.roles.includes(role)) &&
  (person.active || presence === 'left' || presence === 'graduated');

/**
 * Of several who have the name each is another row, by the grade, or by grade and advisory, and nobody who is
 * here is left over: a year later the younger one would else be taken for the older.
 */
function eachItsOwn(
  rows: readonly RosterPerson[],
  bearers: readonly Person[],
  advisories: ReadonlyMap<string, string>,
): ReadonlyMap<RosterPerson, Person> | undefined {
  const isOfGrade = (row: RosterPerson, person: Person): boolean =>
    mayBe(row, person) && (row.grade === null || gradeOf(person.grade) === row.grade);
  const isOfClass = (row: RosterPerson, person: Person): boolean =>
    isOfGrade(row, person) &&
    (advisories.get(person.advisoryId ?? '') ?? null) === row.advisory &&
    (person.organisation ?? null) === row.organisation;
  for (const fits of [isOfGrade, isOfClass]) {
    const pairs = rows.map((row) => [row, bearers.filter((person) => fits(row, person))] as const);
    const found = new Set(pairs.flatMap(([, fitting]) => (fitting.length === 1 ? fitting : [])));
    const isEverybody = bearers.every((person) => !person.active || found.has(person));
    if (found.size === rows.length && isEverybody)
      return new Map(pairs.map(([row, fitting]) => [row, fitting[0]!]));
  }
  return undefined;
}

/** Those who are here first, then by grade: the same at every showing. */
const inOrder = (a: Person, b: Person): number =>
  Number(b.active) - Number(a.active) ||
  (a.grade ?? '').localeCompare(b.grade ?? '', 'en', { numeric: true }) ||
  (a.id < b.id ? -1 : 1);

/** People of one name that can be chosen from. */
const MAX_BEARERS = 20;

function questionOf(row: RosterPerson, bearers: readonly Person[]): RosterQuestion {
  const people = [...bearers]
    .sort(inOrder)
    .slice(0, MAX_BEARERS)
    .map(({ id, displayName, grade, active, leftAs, sealedAt }) => ({
      // What a sealed record says is not read here.
      ...{ id, name: displayName, grade: sealedAt ? null : grade },
      left: active ? null : (leftAs ?? ('left' as const)),
    }));
  const isOne = bearers.length === 1;
  return {
    kind: 'name',
    key: `name ${rowKeyOf(row)}`,
    params: { who: nameOf(row), row: row.place.row, grade: row.grade ?? '' },
    options: [...people.map((person) => ({ value: isOne ? 'same' : person.id, person })), { value: 'two' }],
  };
}

function answerOf(
  { kind, key, options }: RosterQuestion,
  bearers: readonly Person[],
  answers: RosterAnswers,
): Person | null | undefined {
  const said = answerTo(answers, kind, key);
  if (said === 'two') return null;
  const chosen = options.find(({ value }) => value === said)?.person;
  return bearers.find(({ id }) => id === chosen?.id);
}
