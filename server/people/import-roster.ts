/**
 * Brings a roster into the school in one transaction: good rows come in, bad ones are named, and bringing in the same
 * file again changes nothing. A dry run does everything except writing. People with an e-mail get an account without a
 * password; a one-time link lets them choose one. Nothing is ever deleted by a roster: who has left becomes inactive.
 */
import { listAccountsByEmails, saveAccounts, saveAccountEmail } from '../access/account-records.js';
import type { Actor } from '../access/actor.js';
import { newAccountOf } from '../access/sign-in.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../database.js';
import { newId } from '../ids.js';
import { slugOf, type Term } from '../school/school.js';
import { listTerms } from '../school/school-records.js';
import { keepAdministrator } from './administrators.js';
import { newPersonOf } from './add-person.js';
import { advisorySlug, guardiansAfter, matchRoster, type PlannedPerson } from './compare-roster.js';
import {
  listAdvisories,
  listAllPeople,
  saveAdvisory,
  saveAdvisoryChange,
  savePeople,
  savePersonChange,
} from './people-records.js';
import { mayChangeAdministrators, sortNameOf, type Advisory, type Person } from './person.js';
import { emailKey, idKey, type Roster, type RowProblem } from './roster.js';

export interface Difference {
  kind: 'created' | 'updated';
  name: string;
  roles: Person['roles'];
  /** For an update: which fields, from what to what, readable. */
  changes: { field: string; from: string; to: string }[];
}

export interface ImportOutcome {
  created: number;
  updated: number;
  unchanged: number;
  advisories: { created: number; updated: number };
  terms: { created: number; updated: number };
  errors: RowProblem[];
  differences: Difference[];
  /** Who is new; in a dry run nobody. */
  added: { id: string; name: string }[];
}

/** Terms that a roster brings in or moves; the school's own act writes them. */
export interface TermChanges {
  created: Term[];
  updated: Pick<Term, 'id' | 'startsOn' | 'endsOn'>[];
}

export interface ImportNeeds {
  clock: Clock;
  keepTerms(scope: SchoolScope, terms: TermChanges): Promise<void>;
}

/** @param options `dryRun`: find out everything, write nothing */
export async function importRoster(
  needs: ImportNeeds,
  scope: SchoolScope,
  actor: Actor,
  roster: Roster,
  options: { dryRun: boolean },
): Promise<ImportOutcome> {
  return keepAdministrator(
    scope,
    async (inside) => {
      // One after the other: a transaction answers one question at a time.
      const people = await listAllPeople(inside);
      const known = await listAdvisories(inside);
      const emails = roster.people.flatMap((row) => (row.email ? [row.email] : []));
      const accounts = new Map(
        (await listAccountsByEmails(inside, emails)).map((each) => [each.email, each.personId]),
      );
      const plan = matchRoster(roster, {
        people,
        advisories: known,
        accounts,
        mayChangeAdministrators: mayChangeAdministrators(actor),
      });
      const draft = draftPeople(needs.clock, inside.schoolId, plan.people, people);
      const advisories = draftAdvisories(inside.schoolId, roster, known, draft.idOf, plan.problems);
      for (const each of draft.people) each.setAdvisory(advisories.idOf);
      const terms = await draftTerms(inside, roster);
      const outcome: ImportOutcome = {
        ...summary(draft.people, advisories.nameOf),
        advisories: { created: advisories.created.length, updated: advisories.updated.length },
        terms: { created: terms.created.length, updated: terms.updated.length },
        errors: plan.problems,
        added: options.dryRun
          ? []
          : draft.people.flatMap(({ before, after }) =>
              before ? [] : [{ id: after.id, name: after.displayName }],
            ),
      };
      const changes =
        outcome.created + outcome.updated + advisories.created.length + advisories.updated.length;
      if (options.dryRun || changes + terms.created.length + terms.updated.length === 0) return outcome;
      for (const advisory of advisories.created) await saveAdvisory(inside, advisory);
      for (const { id, advisorIds } of advisories.updated)
        await saveAdvisoryChange(inside, id, { advisorIds });
      await writePeople(needs.clock, inside, draft.people);
      await needs.keepTerms(inside, terms);
      await appendAudit(
        inside,
        needs.clock,
        actor,
        'people.import',
        { kind: 'school', id: inside.schoolId },
        {
          format: roster.format,
          created: outcome.created,
          updated: outcome.updated,
          errors: outcome.errors.length,
        },
      );
      return outcome;
    },
    '',
  );
}

interface Draft {
  before: Person | null;
  after: Person;
  setAdvisory(idOf: (name: string) => string | undefined): void;
}

function draftPeople(
  clock: Clock,
  schoolId: string,
  planned: readonly PlannedPerson[],
  people: readonly Person[],
) {
  const ids = new Map<string, string>();
  const note = (person: Pick<Person, 'id' | 'sourcedId' | 'email'>): void => {
    if (person.sourcedId) ids.set(idKey(person.sourcedId), person.id);
    if (person.email) ids.set(emailKey(person.email), person.id);
  };
  people.forEach(note);
  const drafts = planned.map((each) => {
    const base =
      each.known ??
      newPersonOf(clock, schoolId, {
        givenName: each.row.givenName,
        familyName: each.row.familyName,
        roles: [],
      });
    const after: Person = { ...base, ...each.facts };
    after.sortName = sortNameOf(after.givenName, after.familyName);
    note(after);
    return { each, after };
  });
  const fromRoster = new Set(people.filter((person) => person.sourcedId).map((person) => person.id));
  const result: Draft[] = drafts.map(({ each, after }) => {
    if (each.guardians) {
      const named = [...new Set(each.guardians.flatMap((key) => ids.get(key) ?? []))];
      after.guardianIds = guardiansAfter(each.known, named, fromRoster);
    }
    return {
      before: each.known,
      after,
      setAdvisory(idOf) {
        if (each.advisory) after.advisoryId = idOf(each.advisory) ?? after.advisoryId;
      },
    };
  });
  return { people: result, idOf: (key: string) => ids.get(key) };
}

function draftAdvisories(
  schoolId: string,
  roster: Roster,
  known: readonly Advisory[],
  idOf: (key: string) => string | undefined,
  problems: RowProblem[],
) {
  const bySlug = new Map(known.map((advisory) => [advisory.slug, advisory]));
  const created: Advisory[] = [];
  const updated: Advisory[] = [];
  for (const { place, name, advisors } of roster.advisories) {
    const advisorIds: string[] = [];
    for (const key of advisors) {
      const id = idOf(key);
      if (id) advisorIds.push(id);
      else
        problems.push({
          ...place,
          field: 'advisor',
          message: 'people.import.row.advisor',
          params: { value: key.replace(/^\w+:/, '') },
        });
    }
    const slug = advisorySlug(name);
    const existing = bySlug.get(slug);
    if (!existing) {
      const advisory = { id: newId(), schoolId, slug, name, advisorIds: [...new Set(advisorIds)] };
      created.push(advisory);
      bySlug.set(slug, advisory);
    } else if (
      advisorIds.length > 0 &&
      [...new Set(advisorIds)].sort().join() !== [...existing.advisorIds].sort().join()
    ) {
      // Two classes of one name are one advisory.
      if (created.includes(existing))
        existing.advisorIds = [...new Set([...existing.advisorIds, ...advisorIds])];
      else updated.push({ ...existing, advisorIds: [...new Set(advisorIds)] });
    }
  }
  const names = new Map([...bySlug.values()].map((advisory) => [advisory.id, advisory.name]));
  return {
    created,
    updated,
    idOf: (name: string) => bySlug.get(advisorySlug(name))?.id,
    nameOf: (id: string | null) => (id ? (names.get(id) ?? '') : ''),
  };
}

const comparedFields = [
  'givenName',
  'familyName',
  'displayName',
  'email',
  'roles',
  'grade',
  'advisoryId',
  'guardianIds',
  'organisation',
  'locale',
  'sourcedId',
  'active',
] as const;

function changesOf({ before, after }: Draft, nameOf: (id: string | null) => string): Difference['changes'] {
  if (!before) return [];
  const readable = (person: Person, field: (typeof comparedFields)[number]): string => {
    const value = person[field] ?? null;
    if (field === 'advisoryId') return nameOf(person.advisoryId);
    if (field === 'guardianIds') return String(person.guardianIds.length);
    return Array.isArray(value) ? value.join(', ') : String(value ?? '');
  };
  return comparedFields
    .filter((field) => JSON.stringify(before[field] ?? null) !== JSON.stringify(after[field] ?? null))
    .map((field) => ({ field, from: readable(before, field), to: readable(after, field) }));
}

function summary(drafts: readonly Draft[], nameOf: (id: string | null) => string) {
  const differences: Difference[] = [];
  let unchanged = 0;
  for (const draft of drafts) {
    const changes = changesOf(draft, nameOf);
    const kind = draft.before ? 'updated' : 'created';
    if (draft.before && changes.length === 0) unchanged += 1;
    else differences.push({ kind, name: draft.after.displayName, roles: draft.after.roles, changes });
  }
  const count = (kind: Difference['kind']): number => differences.filter((each) => each.kind === kind).length;
  return { created: count('created'), updated: count('updated'), unchanged, differences };
}

async function writePeople(clock: Clock, scope: SchoolScope, drafts: readonly Draft[]): Promise<void> {
  const fresh = drafts.filter(({ before }) => before === null).map(({ after }) => after);
  await savePeople(scope, fresh);
  const changed = drafts.filter((draft) => draft.before !== null && changesOf(draft, () => '').length > 0);
  for (const { after } of changed) {
    const fields = [...comparedFields, 'sortName'] as const;
    await savePersonChange(scope, after.id, Object.fromEntries(fields.map((field) => [field, after[field]])));
  }
  const newAddress = changed.filter(({ before, after }) => after.email && before!.email !== after.email);
  const withoutAccount: Person[] = fresh.filter((person) => person.email);
  for (const { after } of newAddress) {
    if ((await saveAccountEmail(scope, after.id, after.email!)) === 0) withoutAccount.push(after);
  }
  await saveAccounts(
    scope,
    withoutAccount.map((person) =>
      newAccountOf(clock, { email: person.email!, personId: person.id, schoolId: scope.schoolId }),
    ),
  );
}

async function draftTerms(scope: SchoolScope, roster: Roster): Promise<TermChanges> {
  const known = new Map((await listTerms(scope)).map((term) => [term.slug, term]));
  const wanted = new Map(roster.terms.map((term) => [slugOf(term.name, 'term'), term]));
  const created = [...wanted]
    .filter(([slug]) => !known.has(slug))
    .map(([slug, term]) => ({ id: newId(), schoolId: scope.schoolId, slug, ...term }));
  const updated = [...wanted].flatMap(([slug, { startsOn, endsOn }]) => {
    const term = known.get(slug);
    return term && (term.startsOn !== startsOn || term.endsOn !== endsOn)
      ? [{ id: term.id, startsOn, endsOn }]
      : [];
  });
  return { created, updated };
}
