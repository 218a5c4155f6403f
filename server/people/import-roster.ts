/**
 * Brings a roster into the school in portions, each whole or not at all: good rows come in, bad ones are
 * named, and bringing in the same file again changes nothing, so that an import that was broken off goes on
 * where it was. A preview does everything except writing people. People with an e-mail get an account without
 * a password. Nothing is ever deleted by a roster: who has left becomes inactive.
 */
import { setTimeout as rest } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, type SchoolScope } from '../db/database.js';
import { newId } from '../ids.js';
import { checkLeaving } from './absent-people.js';
import { decidePairs } from './decide-pair.js';
import { noteAdvisory } from './keep-enrollments.js';
import { findMoved, type MovedMatch } from './find-moved.js';
import { keepPlan } from './keep-plan.js';
import { findAdvisory, listPeopleByIds, saveAdvisory, saveAdvisoryChange } from './people-records.js';
import type { Advisory, Person } from './person.js';
import { planRoster, type ChangedPerson, type RosterChangesPlan, type TermChanges } from './plan-roster.js';
import type { Roster } from './roster.js';
import type { RosterAnswers } from './roster-questions.js';
import { newChange, type DuplicateAnswers } from './roster-import.js';
import {
  countRosterChanges,
  findRosterImport,
  listChangesOfRows,
  listRowsTold,
  saveChangeRefused,
  saveRosterChanges,
} from './roster-import-records.js';
import { rowAsTold } from './row-on-top.js';
import { exchangesOf, portionsOf, writePortion, type Importer, type WriteNeeds } from './write-roster.js';

export interface ImportNeeds extends WriteNeeds {
  /** Terms are written by the school's own action. */
  upsertTerms(scope: SchoolScope, terms: TermChanges): Promise<void>;
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
  /** To what an import asks instead of guessing. */
  said?: RosterAnswers;
  /** How many leave by one answer for all, as somebody has confirmed it. */
  leaving?: number | null;
  /** Keys of rows whose students may have moved here: their school is asked for a handover. */
  ask: readonly string[];
  /** Stops after the portion at hand. */
  signal: AbortSignal;
  progress(done: number, total: number): Promise<unknown>;
}

/** From so many people on, an import leaves others a third of the time. */
const LONG = 500;

export async function importRoster(
  needs: ImportNeeds,
  scope: SchoolScope,
  actor: Importer,
  order: ImportOrder,
): Promise<void> {
  const { endTies, answers: duplicates, said: answers = new Map() } = order;
  const plan = await planRoster(needs.clock, scope, actor, order.roster, { endTies, duplicates, answers });
  // What was found out the first time is what is told, also when the import is continued by another worker.
  const goesOn = (await findRosterImport(scope, order.importId)) !== null;
  if (!goesOn && !order.dryRun) checkLeaving(plan.manyAbsent, { answers, leaving: order.leaving ?? null });
  if (!goesOn) await keepPlan(needs, scope, actor, order, plan);
  if (order.dryRun) return order.progress(plan.changed.length, plan.changed.length).then(() => undefined);
  const changed = goesOn ? await rowsAsTold(scope, order.importId, plan.changed) : plan.changed;
  const { done } = await countRosterChanges(scope, order.importId);
  const total = done + changed.length;
  let written = done;
  const write = async (people: readonly ChangedPerson[], portions = portionsOf(people)) => {
    for (const portion of portions) {
      if (order.signal.aborted) return;
      const started = performance.now();
      await writePortion(needs, scope, actor, order.importId, portion);
      written += portion.length;
      await order.progress(written, total);
      if (people.length > LONG) await rest((performance.now() - started) / 2);
    }
  };
  // Students name their guardians and advisories: those come in before them.
  const { exchanges, others } = exchangesOf(changed);
  await write(others.filter(({ after }) => !after.roles.includes('student')));
  if (order.signal.aborted) return;
  await writeAdvisories(needs.clock, scope, order.importId, plan);
  await write(changed, exchanges);
  if (order.signal.aborted) return;
  await write(others.filter(({ after }) => after.roles.includes('student')));
  if (order.signal.aborted) return;
  await askForMoved(needs, scope, actor, order);
  await decidePairs(needs, scope, actor, plan.distinct);
  await finish(needs, scope, actor, order, plan);
}

/** Of an import that goes on: the rows that are left, with the changes that were told. */
async function rowsAsTold(
  scope: SchoolScope,
  importId: string,
  changed: readonly ChangedPerson[],
): Promise<ChangedPerson[]> {
  const told = new Map((await listRowsTold(scope, importId)).map((each) => [each.rowKey, each]));
  const left: ChangedPerson[] = [];
  for (const each of changed) {
    const row = rowAsTold(told.get(each.rowKey), each);
    if (row && 'message' in row) await saveChangeRefused(scope, importId, each.rowKey, { field: '', ...row });
    else if (row) left.push(row);
  }
  return left;
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

/** Advisors whom the office has changed since the file was compared stay, and that is told. */
const writeAdvisories = (
  clock: Clock,
  scope: SchoolScope,
  importId: string,
  { advisories }: RosterChangesPlan,
): Promise<void> =>
  inTransaction(scope, async (inside) => {
    for (const advisory of advisories.created) await saveAdvisory(inside, advisory);
    const made = (await findRosterImport(inside, importId))!;
    const led = new Map(made.led?.map(({ id, advisorIds }) => [id, advisorIds]));
    const refused: Advisory[] = [];
    for (const { before, advisorIds } of advisories.updated) {
      const { id } = before;
      const now = await findAdvisory(inside, id);
      if (now && isDeepStrictEqual(now.advisorIds, led.get(id)))
        await noteAdvisory(inside, clock, id, () => saveAdvisoryChange(inside, id, { advisorIds }));
      else refused.push(before);
    }
    await saveRosterChanges(
      inside,
      refused.map(({ name: value }) => ({
        ...{ id: newId(), number: 0 },
        ...newChange(
          { ...made, importId },
          {
            ...{ kind: 'problem', field: 'advisor' },
            ...{ message: 'people.import.row.advisory-meanwhile', params: { value } },
          },
        ),
      })),
    );
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
    await needs.upsertTerms(inside, terms);
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
