/**
 * Brings a roster into the school in portions, each whole or not at all: good rows come in, bad ones are named, and bringing in the same
 * file again changes nothing, so that an import that was broken off goes on where it was. A preview does everything except writing people.
 * People with an e-mail get an account without a password. Nothing is ever deleted by a roster: who has left becomes inactive.
 */
import { setTimeout as rest } from 'node:timers/promises';
import { saveAccountEmail } from '../access/account-records.js';
import type { Actor } from '../access/actor.js';
import { openAccounts } from '../access/join-school.js';
import { appendAudit, appendAudits } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, isDuplicate, type SchoolScope } from '../database.js';
import { InvalidInput } from '../errors.js';
import { newId } from '../ids.js';
import { keepAdministrator } from './administrators.js';
import type { EndFamilySeats } from './change-family.js';
import { decidePairs } from './decide-pair.js';
import { noteAdvisory, noteEnrollments } from './keep-enrollments.js';
import { comparedFields } from './draft-roster.js';
import { findMoved, type MovedMatch } from './find-moved.js';
import {
  listPeopleByIds,
  savePeople,
  savePeopleChanges,
  saveAdvisory,
  saveAdvisoryChange,
} from './people-records.js';
import type { Person } from './person.js';
import { planRoster, type ChangedPerson, type RosterChangesPlan, type TermChanges } from './plan-roster.js';
import type { Roster } from './roster.js';
import { KEPT_OUTCOME, KEPT_PREVIEW, type DuplicateAnswers, type RosterChange } from './roster-import.js';
import {
  countRosterChanges,
  findRosterImport,
  listChangesOfRows,
  removeRosterChanges,
  saveChangeRefused,
  saveChangesDone,
  saveRosterChanges,
  saveRosterImport,
} from './roster-import-records.js';

export interface ImportNeeds {
  clock: Clock;
  /** Terms are written by the school's own action. */
  keepTerms(scope: SchoolScope, terms: TermChanges): Promise<void>;
  endFamilySeats: EndFamilySeats;
  /** Asks the schools of students who seem to have moved here; handovers come downstream. */
  askForHandovers(
    scope: SchoolScope,
    actor: Importer,
    asks: readonly (MovedMatch & { person: Person })[],
  ): Promise<void>;
}

export interface ImportOrder {
  importId: string;
  uploadId: string;
  fileName: string;
  roster: Roster;
  dryRun: boolean;
  /** Ties to guardians whom the file does not name any more, of which somebody has confirmed that they end. */
  endTies: readonly string[];
  /** Of people who look like somebody else: which of them are, and which are two. */
  answers: DuplicateAnswers;
  /** Keys of rows whose students may have moved here: their school is asked for a handover. */
  ask: readonly string[];
  /** Stops after the portion at hand. */
  signal: AbortSignal;
  progress(done: number, total: number): Promise<unknown>;
}

type Importer = Pick<Actor, 'personId' | 'via' | 'roles'>;

/** People in one transaction: a moment's work, far below the minute that MongoDB allows. */
const PORTION = 100;
/** Rows of a preview that are written at once. */
const PREVIEW_PORTION = 100;
/** From so many portions on, an import leaves others a third of the time. */
const LONG = 5;

export async function importRoster(
  needs: ImportNeeds,
  scope: SchoolScope,
  actor: Importer,
  order: ImportOrder,
): Promise<void> {
  const plan = await planRoster(needs.clock, scope, actor, order.roster, order.endTies, order.answers);
  // What was found out the first time is what is told, also when the import is continued by another worker.
  if (!(await findRosterImport(scope, order.importId)))
    await keepPlan(needs.clock, scope, actor, order, plan);
  if (order.dryRun) return order.progress(plan.changed.length, plan.changed.length).then(() => undefined);
  const { done } = await countRosterChanges(scope, order.importId);
  const total = done + plan.changed.length;
  let written = done;
  const write = async (people: readonly ChangedPerson[]) => {
    for (let at = 0; at < people.length && !order.signal.aborted; at += PORTION) {
      const started = performance.now();
      await writePortion(needs, scope, actor, order.importId, people.slice(at, at + PORTION));
      written += Math.min(PORTION, people.length - at);
      await order.progress(written, total);
      if (people.length > LONG * PORTION) await rest((performance.now() - started) / 2);
    }
  };
  // Students name their guardians and advisories: those come in before them.
  await write(plan.changed.filter(({ after }) => !after.roles.includes('student')));
  if (order.signal.aborted) return;
  await writeAdvisories(needs.clock, scope, plan);
  await write(plan.changed.filter(({ after }) => after.roles.includes('student')));
  if (order.signal.aborted) return;
  await askForMoved(needs, scope, actor, order);
  await decidePairs(needs, scope, actor, plan.distinct);
  await finish(needs, scope, actor, order, plan);
}

/** Whoever was chosen comes in like everybody else; the other school decides whether it is the same student. */
async function askForMoved(
  needs: ImportNeeds,
  scope: SchoolScope,
  actor: Importer,
  { importId, ask }: ImportOrder,
): Promise<void> {
  if (ask.length === 0) return;
  const rows = await listChangesOfRows(scope, importId, ask);
  const people = await listPeopleByIds(
    scope,
    rows.flatMap(({ personId }) => personId ?? []),
  );
  const moved = await findMoved(scope, people);
  const asks = people.flatMap((person) => {
    const match = moved.get(person.id);
    return match ? [{ ...match, person }] : [];
  });
  await needs.askForHandovers(scope, actor, asks);
}

async function keepPlan(
  clock: Clock,
  scope: SchoolScope,
  actor: Importer,
  order: ImportOrder,
  plan: RosterChangesPlan,
): Promise<void> {
  const { importId, dryRun } = order;
  const kept = dryRun ? KEPT_PREVIEW : KEPT_OUTCOME;
  const expiresAt = new Date(clock.now().getTime() + kept);
  const common = { schoolId: scope.schoolId, importId, personId: null, done: false, expiresAt };
  const nobody = { rowKey: '', name: '', roles: [], changes: [] };
  const nowhere = { file: '', row: 0, field: '', message: '', params: {} };
  const rows: Omit<RosterChange, 'id' | 'number'>[] = [
    ...plan.problems.map(({ params = {}, ...problem }) => ({
      ...{ ...common, ...nobody, ...problem, params, kind: 'problem' as const },
    })),
    ...plan.changed.map(({ rowKey, before, after, changes }) => ({
      ...{ ...common, ...nowhere, rowKey, name: after.displayName, roles: after.roles, changes },
      kind: before ? ('updated' as const) : ('created' as const),
    })),
  ];
  // A worker that died over this began the list already.
  await removeRosterChanges(scope, importId);
  for (let at = 0; at < rows.length; at += PREVIEW_PORTION) {
    const portion = rows.slice(at, at + PREVIEW_PORTION);
    const numbered = portion.map((row, index) => ({ ...row, id: newId(), number: at + index + 1 }));
    await saveRosterChanges(scope, numbered);
  }
  await saveRosterImport(scope, {
    ...{ id: importId, schoolId: scope.schoolId, personId: actor.personId, dryRun, expiresAt },
    ...{ fileName: order.fileName, uploadId: order.uploadId, utf8: order.roster.utf8 },
    unchanged: plan.unchanged,
    unnamed: plan.unnamed,
    duplicates: plan.duplicates.map(({ key, first, second, reasons }) => ({ key, first, second, reasons })),
    ...{ elsewhere: plan.elsewhere, moved: plan.moved },
    advisories: { created: plan.advisories.created.length, updated: plan.advisories.updated.length },
    terms: { created: plan.terms.created.length, updated: plan.terms.updated.length },
  });
}

/** All of them, or, where somebody has added one of them meanwhile, each one that can still come in. */
async function writePortion(
  needs: ImportNeeds,
  scope: SchoolScope,
  actor: Importer,
  importId: string,
  people: readonly ChangedPerson[],
): Promise<void> {
  try {
    await keepAdministrator(scope, (inside) => writePeople(needs, inside, actor, importId, people));
  } catch (error) {
    const refused = error instanceof InvalidInput ? error.fields[0] : null;
    if (!isDuplicate(error) && !refused) throw error;
    if (people.length > 1) {
      for (const person of people) await writePortion(needs, scope, actor, importId, [person]);
      return;
    }
    const problem = refused ?? { field: 'email', message: 'people.import.row.taken-meanwhile' };
    await saveChangeRefused(scope, importId, people[0]!.rowKey, problem);
  }
}

async function writePeople(
  needs: ImportNeeds,
  scope: SchoolScope,
  actor: Importer,
  importId: string,
  people: readonly ChangedPerson[],
): Promise<void> {
  const { clock } = needs;
  await noteEnrollments(scope, clock, people);
  const fresh = people.filter(({ before }) => before === null);
  const changed = people.filter(({ before }) => before !== null);
  await savePeople(
    scope,
    fresh.map(({ after }) => after),
  );
  const fields = [...comparedFields, 'sortName'] as const;
  await savePeopleChanges(
    scope,
    changed.map(({ after }) => ({
      id: after.id,
      change: Object.fromEntries(fields.map((field) => [field, after[field]])),
    })),
  );
  for (const { before, after } of changed)
    for (const id of before!.guardianIds.filter((each) => !after.guardianIds.includes(each)))
      await needs.endFamilySeats(scope, clock, actor, after.id, id);
  const withoutAccount: Person[] = fresh.filter(({ after }) => after.email).map(({ after }) => after);
  for (const { before, after } of changed) {
    if (!after.email || before!.email === after.email) continue;
    if ((await saveAccountEmail(scope, after.id, after.email)) === 0) withoutAccount.push(after);
  }
  await openAccounts(
    scope,
    clock,
    withoutAccount.map((person) => ({ email: person.email!, personId: person.id, schoolId: scope.schoolId })),
  );
  const actOf = ({ after, changes }: ChangedPerson) => ({
    subject: { kind: 'person', id: after.id },
    detail: {
      import: importId,
      ...(changes.length > 0 ? { fields: changes.map(({ field }) => field) } : {}),
      ...(changes.length === 0 || changes.some(({ field }) => field === 'roles')
        ? { roles: after.roles }
        : {}),
    },
  });
  if (fresh.length > 0) await appendAudits(scope, clock, actor, 'people.add', fresh.map(actOf));
  if (changed.length > 0) await appendAudits(scope, clock, actor, 'people.change', changed.map(actOf));
  await saveChangesDone(
    scope,
    importId,
    people.map(({ rowKey, after }) => ({ rowKey, personId: after.id })),
  );
}

const writeAdvisories = (
  clock: Clock,
  scope: SchoolScope,
  { advisories }: RosterChangesPlan,
): Promise<void> =>
  inTransaction(scope, async (inside) => {
    for (const advisory of advisories.created) await saveAdvisory(inside, advisory);
    for (const { id, advisorIds } of advisories.updated)
      await noteAdvisory(inside, clock, id, () => saveAdvisoryChange(inside, id, { advisorIds }));
  });

async function finish(
  needs: ImportNeeds,
  scope: SchoolScope,
  actor: Importer,
  order: ImportOrder,
  plan: RosterChangesPlan,
): Promise<void> {
  const { created, updated, problems, done } = await countRosterChanges(scope, order.importId);
  const { advisories, terms } = plan;
  const besides = [advisories, terms].some((each) => each.created.length + each.updated.length > 0);
  if (done === 0 && !besides) return;
  await inTransaction(scope, async (inside) => {
    await needs.keepTerms(inside, terms);
    const detail = {
      format: order.roster.format,
      created,
      updated,
      errors: problems,
      import: order.importId,
    };
    const school = { kind: 'school', id: scope.schoolId };
    await appendAudit(inside, needs.clock, actor, 'people.import', school, detail);
  });
}
