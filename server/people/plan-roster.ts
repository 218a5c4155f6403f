/** Finds out what a roster would change in the school as it is now. Reads in portions, writes nothing. */
import { listAccountsByEmails } from '../access/account-records.js';
import type { Actor } from '../access/actor.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import { newId } from '../ids.js';
import { finderByName, freeSlugOf, ownNameKey } from '../school/own-names.js';
import type { Term } from '../school/school.js';
import { listTerms } from '../school/school-records.js';
import { absentQuestion, findAbsent, leaverOf, manyAbsent } from './absent-people.js';
import { makeBreaks } from './breaks.js';
import { matchRoster } from './compare-roster.js';
import { draftAdvisories, type ChangedAdvisory } from './draft-advisories.js';
import { rosterChanges, draftPeople, type RosterDraft } from './draft-roster.js';
import { endedTies, tieKey } from './ended-ties.js';
import { keepSignInAddresses } from './kept-addresses.js';
import { distinctIds, findDuplicates, sameRows, type FoundPair } from './find-duplicates.js';
import { findCurrentIds, listDistinctPairs, listMergedByNumbers, pairIdOf } from './merged-people-records.js';
import { listAdvisories, listPeopleAfter } from './people-records.js';
import { mayChangeAdministrators, type Advisory, type Person } from './person.js';
import { findMoved, otherSchools } from './find-moved.js';
import type { DuplicateAnswers, Elsewhere, FieldChange, ListTotals, Moved, Tie } from './roster-import.js';
import { answerTo, firstOfEach, type RosterAnswers, type RosterQuestion } from './roster-questions.js';
import { countLeftOut, countWithoutAdvisory, newFacts, oddFinder, staffFinder } from './preview-facts.js';
import type { OddValue } from './odd-values.js';
import type { Roster, RosterPlace, RowProblem } from './roster.js';

export interface ChangedPerson extends Pick<RosterDraft, 'rowKey' | 'before' | 'after'> {
  /** Left out for people who are not in the file. */
  place?: RosterPlace;
  /** Empty for somebody new. */
  changes: FieldChange[];
}

/** Terms that a roster brings in or moves. */
export interface TermChanges {
  created: Term[];
  updated: Pick<Term, 'id' | 'startsOn' | 'endsOn'>[];
}

export interface RosterChangesPlan {
  changed: ChangedPerson[];
  unchanged: number;
  advisories: { created: Advisory[]; updated: ChangedAdvisory[] };
  terms: TermChanges;
  problems: RowProblem[];
  /** Who is new here and has an account at another school: they may have moved. */
  elsewhere: Elsewhere[];
  /** Guardians whom the file does not name any more. */
  unnamed: Tie[];
  /** Students who are new here and may be those of another school of the network. */
  moved: Moved[];
  /** Who is new here and looks like somebody else. */
  duplicates: FoundPair[];
  /** Ids of those who were found to be two. */
  distinct: (readonly [string, string])[];
  questions: RosterQuestion[];
  /** How many of each kind of question and of each list there are, also where fewer are listed. */
  totals: ListTotals;
  /** `manyAbsent`: how many leave by one answer for all. */
  manyAbsent: number | null;
  /** Rows that bring nothing in because of a problem. */
  leftOut: number;
  /** Students of the file who are in no advisory after it. */
  withoutAdvisory: number;
  /** All that is written of somebody new. */
  factsOf(after: Person): FieldChange[];
  /** What is odd about values that are written; `changes` is null for somebody new. */
  oddOf(after: Person, changes: readonly FieldChange[] | null): OddValue[];
}

/** Documents that are read at once: others have their turn in between. */
const READ_AT_ONCE = 250;
/** Ties, pairs and names that are listed at once. */
const MAX_LISTED = 200;
const nobodySaid: DuplicateAnswers = { same: [], two: [] };

export interface PlanAnswers {
  /** Ties to guardians whom the file does not name any more, of which somebody has confirmed that they end. */
  endTies?: readonly string[];
  duplicates?: DuplicateAnswers;
  answers?: RosterAnswers;
}

export async function planRoster(
  clock: Clock,
  scope: SchoolScope,
  actor: Pick<Actor, 'roles' | 'via'>,
  roster: Roster,
  { endTies = [], duplicates = nobodySaid, answers = new Map() }: PlanAnswers = {},
): Promise<RosterChangesPlan> {
  const people = await everybody(scope);
  const known = await listAdvisories(scope);
  const { owners: accounts, elsewhere } = await accountsOf(scope, roster);
  const numbers = roster.people.flatMap(({ sourcedId }) => sourcedId ?? []);
  const merged = await numbersOfMerged(scope, numbers);
  const distinct = await listDistinctPairs(scope);
  // A program answers nothing about who may read about a child.
  const asks = actor.via === 'session';
  const match = async (same: ReadonlyMap<string, string | null>) => {
    const plan = await matchRoster(roster, {
      ...{ people, advisories: known, accounts, merged, same, answers },
      mayChangeAdministrators: mayChangeAdministrators(actor),
    });
    const ends = new Set(endTies);
    const draft = await draftPeople(
      ...([clock, scope.schoolId, plan.people, people, ends, merged, plan.aliases] as const),
      (key) => asks && answerTo(answers, 'tie', key) === 'restore',
    );
    const pairs = findDuplicates(people, draft.people, (a, b) => distinct.has(pairIdOf(a, b)));
    return { plan, draft, pairs };
  };
  const first = await match(new Map());
  const same = sameRows(first.pairs, duplicates);
  const { plan, draft, pairs } = same.size > 0 ? await match(same) : first;
  const kept = { elsewhere, byToken: actor.via === 'token' };
  plan.problems.push(...(await keepSignInAddresses(scope, draft.people, kept)));
  const names = new Map(people.map((person) => [person.id, person.displayName]));
  const ties = endedTies(draft.people, (id) => names.get(id) ?? '');
  plan.problems.push(...ties.problems);
  const advisories = draftAdvisories(
    ...([scope.schoolId, roster, known, draft.idOf, plan.problems] as const),
    staffFinder([...people, ...draft.people.map(({ after }) => after)], known),
  );
  const changed: ChangedPerson[] = [];
  const unnamed: Tie[] = [];
  const pause = makeBreaks();
  for (const each of draft.people) {
    await pause();
    each.setAdvisory(advisories.idOf);
    const { rowKey, place, before, after } = each;
    if (!before) names.set(after.id, after.displayName);
    for (const id of each.unnamed)
      unnamed.push({ key: tieKey(after.id, id), student: after.displayName, guardian: names.get(id) ?? '' });
    const changes = rosterChanges(each, advisories.nameOf);
    if (!before || changes.length > 0) changed.push({ rowKey, place, before, after, changes });
  }
  const inFile = changed.length;
  const fresh = changed.filter(({ before }) => !before);
  const absent = findAbsent(
    roster,
    people,
    new Set([...draft.people.map(({ before }) => before?.id), ...plan.askedAbout]),
    new Set(draft.people.map(({ rowKey }) => rowKey)),
  );
  changed.push(...absent.flatMap((each) => leaverOf(each, answers, advisories.nameOf) ?? []));
  const moved = await findMoved(
    scope,
    fresh.map(({ after }) => after),
  );
  const open = pairs.filter(({ key }) => !duplicates.two.includes(key));
  const found = fresh.flatMap(({ rowKey, after }) => {
    const match = moved.get(after.id);
    return match ? [{ rowKey, name: after.displayName, by: match.by }] : [];
  });
  const strangers = changed
    .filter(({ before, after }) => !before && after.email !== null && elsewhere.has(after.email))
    .map(({ after }) => ({ name: after.displayName, student: after.roles.includes('student') }));
  const { asked, totals } = firstOfEach([
    ...roster.questions,
    ...plan.questions,
    ...(asks ? ties.questions : []),
    ...absent.map(absentQuestion),
  ]);
  return {
    duplicates: open.slice(0, MAX_LISTED),
    distinct: distinctIds(pairs, duplicates),
    unnamed: unnamed.slice(0, MAX_LISTED),
    moved: found.slice(0, MAX_LISTED),
    totals: {
      ...totals,
      ...{ duplicates: open.length, unnamed: unnamed.length },
      ...{ moved: found.length, elsewhere: strangers.length },
    },
    changed,
    unchanged: draft.people.length - inFile,
    advisories,
    terms: await draftTerms(scope, roster),
    problems: plan.problems,
    questions: asked,
    manyAbsent: manyAbsent(absent.length, draft.people.filter(({ before }) => before).length),
    elsewhere: strangers.slice(0, MAX_LISTED),
    withoutAdvisory: countWithoutAdvisory(draft.people.map(({ after }) => after)),
    leftOut: countLeftOut(plan.problems, [...draft.people, ...roster.advisories]),
    factsOf: (after) =>
      newFacts(after, { advisoryName: advisories.nameOf, personName: (id) => names.get(id) ?? '' }),
    oddOf: oddFinder(
      people,
      draft.people.map(({ after }) => after),
    ),
  };
}

/** Whom the student numbers of merged records mean now. */
async function numbersOfMerged(scope: SchoolScope, numbers: readonly string[]): Promise<Map<string, string>> {
  const found: Awaited<ReturnType<typeof listMergedByNumbers>> = [];
  for (let at = 0; at < numbers.length; at += READ_AT_ONCE)
    found.push(...(await listMergedByNumbers(scope, numbers.slice(at, at + READ_AT_ONCE))));
  const now = await findCurrentIds(
    scope,
    found.map(({ id }) => id),
  );
  return new Map(
    found.flatMap(({ id, sourcedId }) =>
      sourcedId && now.has(id) ? [[sourcedId, now.get(id)!] as const] : [],
    ),
  );
}

async function everybody(scope: SchoolScope): Promise<Person[]> {
  const people: Person[] = [];
  for (let after = ''; ; after = people.at(-1)!.id) {
    const portion = await listPeopleAfter(scope, after, READ_AT_ONCE);
    people.push(...portion);
    if (portion.length < READ_AT_ONCE) return people;
  }
}

async function accountsOf(
  scope: SchoolScope,
  roster: Roster,
): Promise<{ owners: Map<string, string>; elsewhere: Set<string> }> {
  const emails = roster.people.flatMap((row) => (row.email ? [row.email] : []));
  const owners = new Map<string, string>();
  const elsewhere = new Set<string>();
  // What schools of no common network know is told to neither: their accounts are offered a membership all the same.
  const network = new Set(await otherSchools(scope));
  for (let at = 0; at < emails.length; at += READ_AT_ONCE) {
    const found = await listAccountsByEmails(scope, emails.slice(at, at + READ_AT_ONCE));
    // Whoever has an account elsewhere alone is offered a membership.
    for (const { email, memberships, offers } of found) {
      const here = [...memberships, ...offers].find(({ schoolId }) => schoolId === scope.schoolId);
      if (here) owners.set(email, here.personId);
      else if (memberships.some(({ schoolId }) => schoolId && network.has(schoolId))) elsewhere.add(email);
    }
  }
  return { owners, elsewhere };
}

async function draftTerms(scope: SchoolScope, roster: Roster): Promise<TermChanges> {
  const known = await listTerms(scope);
  const find = finderByName(
    known,
    roster.terms.map(({ name }) => name),
  );
  const slugs = new Set(known.map(({ slug }) => slug));
  const created: Term[] = [];
  const updated: TermChanges['updated'] = [];
  // Of two with one name the last counts.
  for (const term of new Map(roster.terms.map((each) => [ownNameKey(each.name), each])).values()) {
    const { startsOn, endsOn } = term;
    const same = find(term.name);
    if (!same) {
      const slug = freeSlugOf(term.name, 'term', slugs);
      slugs.add(slug);
      created.push({ id: newId(), schoolId: scope.schoolId, slug, ...term });
    } else if (same.startsOn !== startsOn || same.endsOn !== endsOn)
      updated.push({ id: same.id, startsOn, endsOn });
  }
  return { created, updated };
}
