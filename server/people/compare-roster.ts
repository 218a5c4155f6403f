/** Compares a roster with what the school knows already: pure, so that the dry run and the import cannot differ. */
import { plainBlanks } from '../clean-text.js';
import { makeBreaks } from './breaks.js';
import { decideIds } from './decide-ids.js';
import { contentKeyOf, decideNames } from './decide-names.js';
import { nameOf, type Advisory, type Person } from './person.js';
import { withKnownGuardians } from './roster-guardians.js';
import {
  emailKey,
  idKey,
  numberKey,
  rowKeyOf,
  type Roster,
  type RosterPerson,
  type RowProblem,
} from './roster.js';
import type { RosterAnswers, RosterQuestion } from './roster-questions.js';
import { factsOf, type PersonFacts } from './row-facts.js';
import { numberedAs, relative, withKnownId } from './row-identity.js';
import { decideAddresses } from './shared-addresses.js';

export interface KnownSchool {
  people: readonly Person[];
  advisories: readonly Advisory[];
  /** Addresses with an account in this school, and whose it is; accounts elsewhere are offered a membership. */
  accounts: ReadonlyMap<string, string>;
  /** Whether the person who imports may make administrators and change what is known of them. */
  mayChangeAdministrators: boolean;
  /** Whom the student numbers of merged records mean, by number. */
  merged?: ReadonlyMap<string, string>;
  /**
   * What somebody said of rows that look like somebody else, by the row's key: who it is, or null where
   * another row says it.
   */
  same?: ReadonlyMap<string, string | null>;
  /** What somebody has answered to what an import asks. */
  answers?: RosterAnswers;
}

/** What a person shall be after the import; relations as keys, because some of them do not exist yet. */
export interface PlannedPerson {
  row: RosterPerson;
  /** Null for a person to create. */
  known: Person | null;
  /** Fields that change, with guardians and advisory left out. */
  facts: Partial<PersonFacts>;
  advisory: string | null;
  guardians: string[] | null;
}

export interface RosterPlan {
  people: PlannedPerson[];
  problems: RowProblem[];
  questions: RosterQuestion[];
  /** Ids of those who may be a row that waits for an answer. */
  askedAbout: ReadonlySet<string>;
  /** People of the school whom the file names more than once, by the further key. */
  aliases: ReadonlyMap<string, string>;
}

/**
 * Who is who: matches rows to people by number, then by address and name together, then (rows with neither)
 * by name and role. Guardians who are only named come last: without an address they are the student's
 * guardian of that name.
 */
export async function matchRoster(roster: Roster, school: KnownSchool): Promise<RosterPlan> {
  const pause = makeBreaks();
  const problems = [...roster.problems];
  const questions: RosterQuestion[] = [];
  const answers: RosterAnswers = school.answers ?? new Map();
  const bySourcedId = byWritten(school.people, ({ sourcedId }) => sourcedId);
  const byNumber = byWritten(school.people, ({ studentNumber }) => studentNumber);
  const byId = new Map(school.people.map((each) => [each.id, each]));
  const numbers = new Set(roster.people.flatMap(({ sourcedId }) => sourcedId ?? []));
  /** What the file says of the student number of whoever has an id. */
  const numberAfter = new Map(
    roster.people.flatMap(({ sourcedId, studentNumber }) =>
      sourcedId && studentNumber ? [[sourcedId, studentNumber] as const] : [],
    ),
  );
  const wrong = ({ place }: RosterPerson, field: string, message: string, value: string): void =>
    void problems.push({
      ...place,
      field,
      message: `people.import.row.${message}`,
      params: { value: value.slice(0, 80) },
    });
  // The number of a record that was merged means the person who stayed, whose own number stays theirs.
  const mergedInto = (row: RosterPerson): Person | undefined =>
    byId.get(school.merged?.get(row.sourcedId ?? '') ?? '');
  const said = (row: RosterPerson): string | null | undefined => school.same?.get(rowKeyOf(row));
  const knownBy = (row: RosterPerson): Person | undefined =>
    mergedInto(row) ??
    byId.get(said(row) ?? '') ??
    (row.sourcedId ? bySourcedId.get(row.sourcedId) : undefined) ??
    numberedAs(row, byNumber);
  const usable = roster.people.filter((row) => {
    if (said(row) === null) return false;
    const merged = mergedInto(row);
    // Before the rows are compared: it is the old number that is to be taken out, wherever its row is in the file.
    if (!merged?.sourcedId || !numbers.has(merged.sourcedId)) return true;
    wrong(row, 'id', 'merged', row.sourcedId ?? '');
    return false;
  });
  const ids = decideIds(usable, { answers, knownBy, isSaid: (row) => said(row) !== undefined });
  const { rows, adopted, ...addresses } = decideAddresses(ids.rows, { ...school, answers, knownBy });
  const isNamedOnly = (row: RosterPerson): boolean =>
    !row.mention && !row.sourcedId && !row.email && !knownBy(row) && !adopted.has(rowKeyOf(row));
  const names = decideNames(rows.filter(isNamedOnly), {
    ...{ people: school.people, advisories: school.advisories, answers },
    taken: new Set(rows.flatMap((row) => (knownBy(row) ?? adopted.get(rowKeyOf(row)))?.id ?? [])),
  });
  for (const decided of [ids, addresses, names]) questions.push(...decided.questions);
  for (const decided of [ids, addresses]) problems.push(...decided.problems);
  const seen = new Set<string>();
  const taken = new Set<string>();
  const people: PlannedPerson[] = [];
  /** Guardians whom known students have already, by the key with which the file names a guardian of theirs. */
  const familyOf = new Map<string, Set<string>>();
  /** Of these, those whose tie to the student somebody has ended: also with another address they are who they were. */
  const ended = new Set<string>();
  const aliases = new Map<string, string>();
  /** Administrators whom only an administrator makes somebody's family, by the key. */
  const governors = new Map<string, string>();
  for (const given of [...rows.filter(({ mention }) => !mention), ...rows.filter(({ mention }) => mention)]) {
    await pause();
    // The family of a row that does not come in does not come in either.
    if (given.mention && !familyOf.has(given.key!)) continue;
    const merged = mergedInto(given);
    const row = merged ? { ...given, sourcedId: merged.sourcedId } : withKnownId(given, byNumber, knownBy);
    const keys = keysOf(row);
    const twice = keys.find((key) => seen.has(key));
    if (twice) {
      wrong(
        row,
        columnOfKey[twice.split(':', 1)[0]!] ?? '',
        'twice',
        twice.startsWith('name:') ? nameOf(row) : twice.replace(/^\w+:/, ''),
      );
      continue;
    }
    if (isNamedOnly(given) && !names.known.has(rowKeyOf(given))) {
      wrong(row, 'name', 'name-asked', nameOf(row));
      for (const key of keys) seen.add(key);
      continue;
    }
    const known =
      knownBy(given) ??
      adopted.get(rowKeyOf(given)) ??
      names.known.get(rowKeyOf(given)) ??
      relative(row, familyOf, ended, byId);
    if (known && taken.has(known.id)) {
      if (row.mention) aliases.set(row.key!, known.id);
      else wrong(row, '', 'twice', nameOf(row));
      continue;
    }
    const numbered = row.studentNumber ? byNumber.get(row.studentNumber) : undefined;
    // Two numbers that a file exchanges are both in it, each with another one than before.
    const gives =
      numbered && (numberAfter.get(numbered.sourcedId ?? '') ?? row.studentNumber) !== row.studentNumber;
    if (numbered && numbered !== known && !gives) {
      wrong(row, 'student number', 'number-taken', row.studentNumber!);
      continue;
    }
    if (known?.sealedAt) {
      wrong(row, '', 'handed-over', nameOf(row));
      continue;
    }
    const planned: PlannedPerson = {
      row,
      known: known ?? null,
      facts: factsOf(row, known ?? null),
      advisory: row.advisory,
      guardians: row.guardians,
    };
    if (!school.mayChangeAdministrators && changesAdministrator(planned)) {
      // Who is only named as a guardian is told of beside the student.
      if (row.mention) governors.set(row.key!, known?.displayName ?? nameOf(row));
      else wrong(row, 'role', 'admins-only', nameOf(row));
      continue;
    }
    if (row.roles.includes('admin') && !known?.roles.includes('admin')) {
      const key = `administrator ${rowKeyOf(row)}`;
      questions.push({
        kind: 'administrator',
        key,
        params: { who: nameOf(row) },
        options: [{ value: 'yes' }],
      });
      if (answers.get(key) !== 'yes') {
        wrong(row, 'role', 'administrator-asked', nameOf(row));
        continue;
      }
    }
    for (const key of keys) seen.add(key);
    if (known) taken.add(known.id);
    for (const id of known?.endedGuardianIds ?? []) ended.add(id);
    for (const key of row.guardians ?? [])
      familyOf.set(
        key,
        new Set([
          ...(familyOf.get(key) ?? []),
          ...(known?.guardianIds ?? []),
          ...(known?.endedGuardianIds ?? []),
        ]),
      );
    people.push(planned);
  }
  const askedAbout = new Set([ids, addresses, names].flatMap((decided) => [...decided.askedAbout]));
  const plan = { people, problems, questions, aliases, askedAbout };
  return withKnownGuardians(plan, school, governors);
}

/**
 * By a number as a file's cell is read, too: earlier imports kept blanks of every kind. Whoever has exactly
 * this one comes first.
 */
function byWritten(
  people: readonly Person[],
  numberOf: (person: Person) => string | null | undefined,
): Map<string, Person> {
  const numbered = people.flatMap((person) => {
    const number = numberOf(person);
    return number ? [[number, person] as const] : [];
  });
  return new Map([
    ...numbered.map(([number, person]) => [plainBlanks(number).trim(), person] as const),
    ...numbered,
  ]);
}

/**
 * Whether the row makes somebody an administrator, or changes an administrator: an address or a status from a
 * file would take the role away from them, and a role would let them read what they may not.
 */
function changesAdministrator({ row, known, facts, advisory, guardians }: PlannedPerson): boolean {
  if (!known?.roles.includes('admin')) return row.roles.includes('admin');
  const { roles = known.roles, ...others } = facts;
  const differs = Object.keys(others).length > 0 || roles.length > known.roles.length;
  return differs || advisory !== null || (guardians ?? []).length > 0;
}

/** Where in the file it stands what names somebody twice. */
const columnOfKey: Record<string, string> = { email: 'email', id: 'id', number: 'student number' };

function keysOf(row: RosterPerson): string[] {
  const keys = [
    row.sourcedId ? idKey(row.sourcedId) : null,
    row.studentNumber ? numberKey(row.studentNumber) : null,
    row.email ? emailKey(row.email) : null,
    row.mention ? row.key! : null,
  ].filter((key) => key !== null);
  // Without number and address two rows of one name are two people, unless they say the same of everything.
  return keys.length > 0 ? keys : [contentKeyOf(row)];
}
