/**
 * An address is no identity: a child and a guardian share one, and so do brothers, sisters and parents. Decides who of a roster has an
 * address that several rows, or a row and somebody of the school, have. The others come in without it, and their rows are told; where it
 * is not clear whether two are one, somebody is asked and the row waits. Pure.
 */
import { namesAgree } from './name-key.js';
import type { Person } from './person.js';
import { rowKeyOf, type RosterPerson, type RowProblem } from './roster.js';
import type { RosterAnswers, RosterQuestion } from './roster-questions.js';

export interface AddressNeeds {
  people: readonly Person[];
  /** Whose account has an address, by the address. */
  accounts: ReadonlyMap<string, string>;
  answers: RosterAnswers;
  /** Who a row is by its number, or by what somebody said. */
  knownBy(row: RosterPerson): Person | undefined;
}

export interface DecidedAddresses {
  /** Rows that can be used, without the addresses that are somebody else's. */
  rows: RosterPerson[];
  /** Who a row is because of its address and its name, by the key of the row. */
  adopted: ReadonlyMap<string, Person>;
  problems: RowProblem[];
  questions: RosterQuestion[];
}

const isStudent = ({ roles }: Pick<Person, 'roles'>): boolean => roles.includes('student');
const nameOf = ({ givenName, familyName }: Pick<RosterPerson, 'givenName' | 'familyName'>): string =>
  `${givenName} ${familyName}`.trim();

export function decideAddresses(given: readonly RosterPerson[], needs: AddressNeeds): DecidedAddresses {
  const groups = new Map<string, RosterPerson[]>();
  for (const row of given) {
    if (!row.email) continue;
    const same = groups.get(row.email);
    if (same) same.push(row);
    else groups.set(row.email, [row]);
  }
  const byId = new Map(needs.people.map((person) => [person.id, person]));
  const holders = new Map(
    needs.people.flatMap((person) => (person.email && !person.erasedAt ? [[person.email, person]] : [])),
  );
  const decided = {
    adopted: new Map<string, Person>(),
    problems: [] as RowProblem[],
    questions: [] as RosterQuestion[],
  };
  const without = new Set<RosterPerson>();
  const waiting = new Set<RosterPerson>();
  for (const [email, rows] of groups) {
    const holder = byId.get(needs.accounts.get(email) ?? '') ?? holders.get(email);
    const owner = holder
      ? ownerAmong(rows, holder, needs)
      : (rows.find((row) => !isStudent(row)) ?? rows[0]!);
    if (holder && owner) decided.adopted.set(rowKeyOf(owner), holder);
    for (const row of rows) {
      if (row === owner || (owner && isRepeated(row, owner))) continue;
      const answer = holder && !owner ? answerOf(row, holder, needs, decided) : 'two';
      if (answer === 'same') decided.adopted.set(rowKeyOf(row), holder!);
      else {
        (answer === 'two' ? without : waiting).add(row);
        const other = owner ? nameOf(owner) : (holder?.displayName ?? '');
        decided.problems.push({
          ...row.place,
          field: row.mention ? 'guardian email' : 'email',
          message: `people.import.row.${answer === 'two' ? 'email-shared' : 'email-asked'}`,
          params: { value: email, who: nameOf(row), other },
        });
      }
    }
  }
  const rows = given
    .filter((row) => !waiting.has(row))
    .map((row) => (without.has(row) ? { ...row, email: null } : row));
  return { ...decided, rows };
}

/** The row that is the person who has the address: by its number, or by its name and nothing that speaks against it. */
function ownerAmong(
  rows: readonly RosterPerson[],
  holder: Person,
  { knownBy }: AddressNeeds,
): RosterPerson | undefined {
  return (
    rows.find((row) => knownBy(row)?.id === holder.id) ??
    rows.find(
      (row) => !knownBy(row) && isSameKind(row, holder) && hasName(row, holder) && !isOther(row, holder),
    )
  );
}

const isSameKind = (row: RosterPerson, person: Person): boolean =>
  row.roleAssumed === true || isStudent(row) === isStudent(person);
const hasName = (row: RosterPerson, person: Person): boolean =>
  (row.mention === true && nameOf(row) === row.email) ||
  [nameOf(person), person.displayName, person.legalName, person.chosenName].some(
    (name) => name && [nameOf(row), row.legalName].some((own) => own && namesAgree(own, name)),
  );
/** Both have numbers, and not the same. */
const isOther = (row: RosterPerson, person: Person): boolean =>
  row.sourcedId !== null && person.sourcedId !== null && row.sourcedId !== person.sourcedId;

/** The same row once more: that is told as such. */
const isRepeated = (row: RosterPerson, owner: RosterPerson): boolean =>
  !row.mention &&
  !owner.mention &&
  isStudent(row) === isStudent(owner) &&
  (row.sourcedId === null || owner.sourcedId === null || row.sourcedId === owner.sourcedId) &&
  namesAgree(nameOf(row), nameOf(owner));

/** Where either the name or the number says something else than the address does, somebody has to say who it is. */
function answerOf(
  row: RosterPerson,
  holder: Person,
  { answers, knownBy }: AddressNeeds,
  { questions }: Pick<DecidedAddresses, 'questions'>,
): 'same' | 'two' | 'asked' {
  if (knownBy(row) || !isSameKind(row, holder)) return 'two';
  if (!hasName(row, holder) && isOther(row, holder)) return 'two';
  const key = `address ${rowKeyOf(row)}`;
  questions.push({
    ...{
      kind: 'address',
      key,
      params: { value: row.email ?? '', who: nameOf(row), other: holder.displayName },
    },
    options: [{ value: 'same' }, { value: 'two' }],
  });
  const answer = answers.get(key);
  return answer === 'same' || answer === 'two' ? answer : 'asked';
}
