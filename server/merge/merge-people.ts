/**
 * Merges two records of one person: everything of one becomes the other's, in one transaction that holds the
 * locks of all actions that could come in between. What is frozen keeps its hash and its old id; the old id
 * leads to the person who stays. It cannot be undone.
 */
import { mergeAccounts, type AccountsMerged } from '../access/merge-accounts.js';
import type { Actor } from '../access/actor.js';
import { runsSchool } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import { frozen } from '../audit/frozen-record.js';
import type { Clock } from '../clock.js';
import { isDuplicate, type SchoolScope } from '../db/database.js';
import { Conflict, Forbidden, InvalidInput, type FieldProblem } from '../errors.js';
import { keepAdministrator } from '../people/administrators.js';
import { isAdvisoryHeld } from '../people/check-person.js';
import { noteRename } from '../people/correct-name.js';
import { foldPerson, noteFolding } from '../people/fold-person.js';
import { frozenOfMerge, type MergedPerson } from '../people/merged-person.js';
import { isRenamed, waysOf } from '../people/name-correction.js';
import { listAdministrators } from '../people/people-records.js';
import { mayChangeAdministrators, requirePermission, type Person } from '../people/person.js';
import {
  attemptsLock,
  mergeLock,
  namesLock,
  panelLock,
  takeLocks,
  timetableLock,
  withLocks,
  worksLock,
} from '../db/record-locks.js';
import { findSchool } from '../school/school-records.js';
import { goneParts } from './join.js';
import { saveJoined } from './join-records.js';
import { followMerge, type LateNeeds } from './late-records.js';
import { isStaff, mergedChange, numbersDiffer, type Choices, type MergeSide } from './merge-fields.js';
import { planMerge, type MergePlan } from './plan-merge.js';
import { saveProposalsMoved, saveReferencesMoved } from './reference-records.js';
import { listOpenPresentations } from './side-records.js';

export interface MergeOrder {
  /** The record that stays, and the one that goes. */
  into: string;
  from: string;
  fields: Choices;
  /** Whose sign-in is kept, where both have one. */
  account?: MergeSide | undefined;
  /** The two have different student numbers or ids in the roster, and are one person all the same. */
  confirmNumbers: boolean;
  reason: string;
}

/** Records of those who act for the school are merged by administrators. @throws Forbidden */
export function permitMerge(actor: Actor, ...people: readonly Pick<Person, 'roles'>[]): void {
  requirePermission(runsSchool(actor));
  if (!mayChangeAdministrators(actor) && people.some(isStaff))
    throw new Forbidden('merge.problem.staff-by-administrators');
}

/** @throws InvalidInput with every field that is not decided; Conflict with what speaks against the merge */
function checkDecided({ into, from, conflicts, obstacles, accounts }: MergePlan, order: MergeOrder): void {
  const [obstacle] = obstacles;
  if (obstacle) throw new Conflict(`merge.obstacle.${obstacle.kind}`, obstacle.params, 'cannot-merge');
  const open = conflicts.filter((field) => order.fields[field] === undefined);
  const problems: FieldProblem[] = open.map((field) => ({ field, message: 'merge.problem.choose' }));
  if (accounts.needsChoice && !order.account)
    problems.push({ field: 'account', message: 'merge.problem.choose-account' });
  if (numbersDiffer(into, from) && !order.confirmNumbers)
    problems.push({ field: 'confirmNumbers', message: 'merge.problem.confirm-numbers' });
  if (problems.length > 0) throw new InvalidInput(problems);
}

/**
 * @throws NotFound, Forbidden; InvalidInput for what is not decided; Conflict `cannot-merge` for two that cannot be one
 * @returns the record of the merge
 */
export async function mergePeople(
  needs: LateNeeds,
  scope: SchoolScope,
  actor: Actor,
  order: MergeOrder,
): Promise<MergedPerson> {
  const { into: intoId, from: fromId } = order;
  const locks = [
    mergeLock,
    timetableLock,
    ...[intoId, fromId].flatMap((id) => [worksLock(id), attemptsLock(id)]),
  ];
  const record = await withLocks(scope, locks, (holding) =>
    keepAdministrator(holding, (inside) => mergeInside(needs, inside, actor, order)),
  ).catch((error: unknown) => {
    // Both have something of which there can be one, and no rule knew of it.
    if (isDuplicate(error)) throw new Conflict('merge.problem.duplicate', {}, 'cannot-merge');
    throw error;
  });
  await followMerge(needs, scope, record);
  return record;
}

async function mergeInside(
  { clock }: LateNeeds,
  inside: SchoolScope,
  actor: Actor,
  order: MergeOrder,
): Promise<MergedPerson> {
  const plan = await planMerge(inside, order.into, order.from);
  const { into, from, sides } = plan;
  permitMerge(actor, into, from);
  checkDecided(plan, order);
  await takeLocks(inside, (await listOpenPresentations(inside, sides)).map(panelLock));
  const { change, fields } = mergedChange(into, from, order.fields);
  // An advisory that is gone by now takes nobody: whoever stays is in none.
  if (change.advisoryId && !(await isAdvisoryHeld(inside, change.advisoryId, into.id)))
    change.advisoryId = null;
  await noteFolding(inside, clock, into, change);
  const accounts = await mergeAccounts(
    inside,
    clock,
    actor,
    { into: into.id, from: from.id },
    order.account,
    {
      personName: change.displayName ?? into.displayName,
      tell: (await listAdministrators(inside)).map(({ id }) => id),
    },
  );
  const ids = [into.id, from.id] as const;
  const school = await findSchool(inside, inside.schoolId);
  const terms = { currentTermId: school?.currentTermId ?? null, isLate: false };
  const { joined, removedParts } = await saveJoined(inside, ids, terms);
  const moved = await saveReferencesMoved(inside, from.id, into.id);
  await saveProposalsMoved(inside, from.id, into.id);
  const record: MergedPerson = {
    ...{ id: from.id, schoolId: inside.schoolId, into: into.id, at: clock.now(), by: actor.personId },
    ...{ byName: actor.name, reason: order.reason, fields, moved, joined },
    sourcedId: numberThatGoes(into, from, change.sourcedId),
    names: [...new Set([into, from].flatMap(knownAs))],
  };
  await foldPerson(inside, from, into, change, record);
  const after = { ...into, ...change };
  if (isRenamed(into, after)) {
    await takeLocks(inside, [namesLock]);
    // Documents that have the other name stay as they are; new ones print the one that was chosen.
    const naming = { decisions: [], shown: [] };
    await noteRename({ clock }, inside, actor, { before: into, after, naming });
  }
  await writeEntry(inside, clock, actor, record, { ...accounts, ...goneParts(removedParts) }, change.roles);
  return record;
}

/** Every way to write their name, and their address. */
const knownAs = (person: Person): string[] =>
  [...waysOf(person), person.legalName, person.chosenName, person.email].flatMap((each) => each || []);

/** Of two ids in the roster the one that is not kept: the school's roster may still have it. */
const numberThatGoes = (into: Person, from: Person, chosen: string | null | undefined): string | null => {
  const kept = chosen ?? into.sourcedId;
  return [into.sourcedId, from.sourcedId].find((number) => number && number !== kept) ?? null;
};

const writeEntry = (
  inside: SchoolScope,
  clock: Clock,
  actor: Actor,
  record: MergedPerson,
  more: AccountsMerged & ReturnType<typeof goneParts>,
  roles: Person['roles'] | undefined,
): Promise<void> =>
  appendAudit(
    inside,
    clock,
    actor,
    'people.merge',
    { kind: 'person', id: record.into },
    {
      ...{ mergedId: record.id, fields: record.fields, moved: record.moved, ...more },
      // Roles say what somebody may do; of every other field the name is enough.
      ...(roles ? { roles } : {}),
      ...frozen('merge', record.id, frozenOfMerge(record)),
    },
  );
