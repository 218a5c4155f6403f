/**
 * An address is no identity: a child and a guardian share one, and so do brothers, sisters and parents.
 * Decides who of a roster has an address that several rows, or a row and somebody of the school, have. The
 * others come in without it, and their rows are told; where it is not clear whether two are one, somebody is
 * asked and the row waits. Pure.
 */
import { isSameName, namesAgree } from './name-key.js';
import type { Person } from './person.js';
import { rowKeyOf, type RosterPerson, type RowProblem } from './roster.js';
import { answerTo, type RosterAnswers, type RosterQuestion } from './roster-questions.js';

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
  /** Ids of those who may be a row that waits for an answer. */
  askedAbout: ReadonlySet<string>;
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
    askedAbout: new Set<string>(),
  };
  const without = new Set<RosterPerson>();
  const waiting = new Set<RosterPerson>();
  /** Rows of those who are known, by their id: whose row has another address gives up theirs. */
  const rowOf = new Map(
    given.flatMap((row) => {
      const known = row.email ? needs.knownBy(row) : undefined;
      return known ? [[known.id, row] as const] : [];
    }),
  );
  /** Who takes the address that somebody gives up, and the row of whoever gives it up. */
  const taken: { taker: RosterPerson; giver: RosterPerson }[] = [];
  for (const [email, rows] of groups) {
    const held = byId.get(needs.accounts.get(email) ?? '') ?? holders.get(email);
    const other = rowOf.get(held?.id ?? '');
    const holder = other && other.email !== email ? undefined : held;
    const owner = holder
      ? ownerAmong(rows, holder, needs)
      : (rows.find((row) => !isStudent(row)) ?? rows[0]!);
    if (holder && owner) decided.adopted.set(rowKeyOf(owner), holder);
    if (!holder && other && owner) taken.push({ taker: owner, giver: other });
    for (const row of rows) {
      if (row === owner || (owner && isRepeated(row, owner))) continue;
      const answer = holder && !owner ? answerOf(row, holder, needs, decided) : 'two';
      if (answer === 'same') decided.adopted.set(rowKeyOf(row), holder!);
      else {
        (answer === 'two' ? without : waiting).add(row);
        if (answer === 'asked') decided.askedAbout.add(holder!.id);
        const whose = owner ? nameOf(owner) : (holder?.displayName ?? '');
        decided.problems.push(shared(row, answer === 'two' ? 'email-shared' : 'email-asked', whose));
      }
    }
  }
  // Whoever does not get another address keeps the one they have.
  for (let before = -1; before !== without.size;) {
    before = without.size;
    for (const { taker, giver } of taken) {
      if (without.has(taker) || !(without.has(giver) || waiting.has(giver))) continue;
      without.add(taker);
      decided.problems.push(shared(taker, 'email-shared', nameOf(giver)));
    }
  }
  const rows = given
    .filter((row) => !waiting.has(row))
    .map((row) => (without.has(row) ? { ...row, email: null } : row));
  return { ...decided, rows };
}

const shared = (row: RosterPerson, what: 'email-shared' | 'email-asked', other: string): RowProblem => ({
  ...row.place,
  field: row.mention ? 'guardian email' : 'email',
  message: `people.import.row.${what}`,
  params: { value: row.email ?? '', who: nameOf(row), other },
});

/** The row that is the person who has the address: by its number, or by its name and nothing that speaks against it. */
function ownerAmong(
  rows: readonly RosterPerson[],
  holder: Person,
  { knownBy }: AddressNeeds,
): RosterPerson | undefined {
  const fits = (row: RosterPerson): boolean =>
    !knownBy(row) && isSameKind(row, holder) && hasName(row, holder) && !isOther(row, holder);
  return (
    rows.find((row) => knownBy(row)?.id === holder.id) ??
    rows.find((row) => !row.roleAssumed && fits(row)) ??
    // Without a word for the role it may be the child of a guardian, who is called like them.
    rows.find((row) => fits(row) && (isStudent(holder) || !holder.roles.includes('guardian')))
  );
}

const isSameKind = (row: RosterPerson, person: Person): boolean =>
  row.roleAssumed === true || isStudent(row) === isStudent(person);
const hasName = (row: RosterPerson, person: Person): boolean =>
  (row.mention === true && nameOf(row) === row.email) ||
  [nameOf(person), person.displayName, person.legalName, person.chosenName].some(
    (name) => name && [nameOf(row), row.legalName].some((own) => own && isTheirs(row, own, name)),
  );
/** Of two names that are not the same a mention says only whose guardian somebody is: nothing is written over. */
const isTheirs = (row: RosterPerson, own: string, name: string): boolean =>
  row.mention ? namesAgree(own, name) : isSameName(own, name);
/** Both have numbers, and not the same. */
const isOther = (row: RosterPerson, person: Person): boolean =>
  row.sourcedId !== null && person.sourcedId !== null && row.sourcedId !== person.sourcedId;

/** The same row once more: that is told as such. */
const isRepeated = (row: RosterPerson, owner: RosterPerson): boolean =>
  !row.mention &&
  !owner.mention &&
  isStudent(row) === isStudent(owner) &&
  (row.sourcedId === null || owner.sourcedId === null || row.sourcedId === owner.sourcedId) &&
  isSameName(nameOf(row), nameOf(owner));

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
  const answer = answerTo(answers, 'address', key);
  return answer === 'same' || answer === 'two' ? answer : 'asked';
}
