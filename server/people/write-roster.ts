/**
 * Writes portions of a roster, each whole or not at all. A new name is a correction of the old one; of
 * somebody whom frozen documents name it waits until the office has decided about each document, and
 * everything else of the row comes in. Only what the file changes is written, and onto the person as they are
 * at that moment: what the office has changed since the file was compared stays.
 */
import type { Actor } from '../access/actor.js';
import { openAccounts } from '../access/join-school.js';
import { moveAddresses, type MoveAddressNeeds } from '../access/move-address.js';
import { appendAudits } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { isDuplicate, type SchoolScope } from '../db/database.js';
import { Forbidden, InvalidInput } from '../errors.js';
import { advisoryLock, namesLock, sharedBy, withLocks, type Lock } from '../db/record-locks.js';
import { keepAdministrator, leaveAdministrators } from './administrators.js';
import type { EndFamilySeats } from './change-family.js';
import { noteRename } from './correct-name.js';
import { noteEnrollments } from './keep-enrollments.js';
import { isNameField, isRenamed, namesOf } from './name-correction.js';
import {
  findAdvisory,
  listAdministrators,
  listPeopleByIds,
  savePeople,
  savePeopleChanges,
} from './people-records.js';
import { byId, type Person } from './person.js';
import type { ChangedPerson } from './plan-roster.js';
import { saveChangeRefused, saveChangesDone, saveNameWaits } from './roster-import-records.js';
import { personChangeOf, rowOnTopOf } from './row-on-top.js';

export interface WriteNeeds extends MoveAddressNeeds {
  clock: Clock;
  endFamilySeats: EndFamilySeats;
  /** Whether a frozen document has a name of this person; documents come downstream. */
  isNamed(scope: SchoolScope, person: Person): Promise<boolean>;
}

export type Importer = Pick<Actor, 'personId' | 'name' | 'via' | 'roles'>;

/** People in one transaction: a moment's work, far below the minute that MongoDB allows. */
const PORTION = 100;

export const isRenaming = ({ before, after }: Pick<ChangedPerson, 'before' | 'after'>): boolean =>
  before !== null && isRenamed(before, after);

/**
 * Whoever gets another name comes alone, after the others: documents that have the old one are looked for,
 * and none is issued meanwhile.
 */
export function portionsOf(people: readonly ChangedPerson[]): ChangedPerson[][] {
  const renamed = people.filter(isRenaming);
  const others = renamed.length > 0 ? people.filter((each) => !isRenaming(each)) : people;
  const portions: ChangedPerson[][] = [];
  for (let at = 0; at < others.length; at += PORTION) portions.push(others.slice(at, at + PORTION));
  return [...portions, ...renamed.map((each) => [each])];
}

/**
 * People who take an address that another one of them gives up come in together: one after the other, the
 * address would still be taken. Each list is one transaction; in `others` is everybody else.
 */
export function exchangesOf(people: readonly ChangedPerson[]): {
  exchanges: ChangedPerson[][];
  others: ChangedPerson[];
} {
  const givesUp = new Map(
    people.flatMap((each) => {
      const email = each.before?.email;
      return email && email !== each.after.email ? [[email, each] as const] : [];
    }),
  );
  const groups = new Map<ChangedPerson, ChangedPerson[]>();
  for (const each of people) {
    const giver = each.before?.email === each.after.email ? undefined : givesUp.get(each.after.email ?? '');
    if (!giver || giver === each) continue;
    const together = [...new Set([each, giver].flatMap((one) => groups.get(one) ?? [one]))];
    for (const one of together) groups.set(one, together);
  }
  return {
    exchanges: [...new Set(groups.values())],
    others: people.filter((each) => !groups.has(each)),
  };
}

/** All of them, or, where somebody has added one of them meanwhile, each one that can still come in. */
export async function writePortion(
  needs: WriteNeeds,
  scope: SchoolScope,
  actor: Importer,
  importId: string,
  people: readonly ChangedPerson[],
): Promise<void> {
  try {
    await withLocks(scope, locksFor(importId, people), (holding) =>
      keepAdministrator(holding, (kept) =>
        leaveAdministrators(kept, actor, (inside) => writePeople(needs, inside, actor, importId, people)),
      ),
    );
  } catch (error) {
    const refused = refusalOf(error);
    if (!isDuplicate(error) && !refused) throw error;
    if (people.length > 1) {
      for (const person of people) await writePortion(needs, scope, actor, importId, [person]);
      return;
    }
    const problem = refused ?? { field: 'email', message: 'people.import.row.taken-meanwhile' };
    await saveChangeRefused(scope, importId, people[0]!.rowKey, problem);
  }
}

const placedIn = (people: readonly ChangedPerson[]): string[] => [
  ...new Set(
    people.flatMap(({ before, after, changes }) =>
      after.advisoryId && (before === null || changes.some(({ field }) => field === 'advisoryId'))
        ? [after.advisoryId]
        : [],
    ),
  ),
];

/** An advisory in which the file places somebody is not deleted meanwhile. */
const locksFor = (importId: string, people: readonly ChangedPerson[]): Lock[] => [
  ...(people.some(isRenaming) ? [namesLock] : []),
  ...placedIn(people).map((id) => sharedBy(advisoryLock(id), importId)),
];

/** @throws InvalidInput where an advisory was deleted since the file was compared */
async function checkAdvisories(inside: SchoolScope, people: readonly ChangedPerson[]): Promise<void> {
  for (const id of placedIn(people))
    if (!(await findAdvisory(inside, id)))
      throw new InvalidInput([{ field: 'advisory', message: 'people.import.row.advisory-gone' }]);
}

function refusalOf(error: unknown): { field: string; message: string } | null {
  if (error instanceof Forbidden) return { field: 'role', message: error.messageKey };
  return error instanceof InvalidInput ? (error.fields[0] ?? null) : null;
}

async function writePeople(
  needs: WriteNeeds,
  scope: SchoolScope,
  actor: Importer,
  importId: string,
  planned: readonly ChangedPerson[],
): Promise<void> {
  const { clock } = needs;
  await checkAdvisories(scope, planned);
  const people: ChangedPerson[] = [];
  for (const each of await onTopOfNow(scope, importId, planned))
    people.push(await withNameDecided(needs, scope, actor, importId, each));
  await noteEnrollments(scope, clock, people);
  const fresh = people.filter(({ before }) => before === null);
  const changed = people.filter(({ before, changes }) => before !== null && changes.length > 0);
  await savePeople(
    scope,
    fresh.map(({ after }) => after),
  );
  await savePeopleChanges(
    scope,
    changed.map(({ after, changes }) => ({ id: after.id, change: personChangeOf(after, changes) })),
  );
  for (const { before, after } of changed)
    for (const id of before!.guardianIds.filter((each) => !after.guardianIds.includes(each)))
      await needs.endFamilySeats(scope, clock, actor, after.id, id);
  const withoutAccount: Person[] = fresh.filter(({ after }) => after.email).map(({ after }) => after);
  const moved = changed.filter(({ before, after }) => after.email && before!.email !== after.email);
  const tell = moved.length > 0 ? (await listAdministrators(scope)).map(({ id }) => id) : [];
  const without = await moveAddresses(
    needs,
    scope,
    moved.map(({ before, after }) => ({ person: before!, email: after.email!, by: actor, tell })),
  );
  withoutAccount.push(...moved.flatMap(({ after }) => (without.has(after.id) ? [after] : [])));
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

/** The rows on top of the people as they are now; those that cannot be are refused. */
async function onTopOfNow(
  inside: SchoolScope,
  importId: string,
  planned: readonly ChangedPerson[],
): Promise<ChangedPerson[]> {
  const ids = planned.flatMap(({ before }) => before?.id ?? []);
  const people = byId(ids.length > 0 ? await listPeopleByIds(inside, ids) : []);
  const result: ChangedPerson[] = [];
  for (const each of planned) {
    const row = each.before === null ? each : rowOnTopOf(people.get(each.before.id), each.before, each);
    if (!('message' in row)) result.push(row);
    else await saveChangeRefused(inside, importId, each.rowKey, { field: '', ...row });
  }
  return result;
}

/**
 * The person as they are written: with the new name and the correction of the old one, or with the old name
 * while the new one waits.
 */
async function withNameDecided(
  { clock, isNamed }: WriteNeeds,
  inside: SchoolScope,
  actor: Importer,
  importId: string,
  person: ChangedPerson,
): Promise<ChangedPerson> {
  const { before, after } = person;
  if (before === null || !isRenaming(person)) return person;
  if (!(await isNamed(inside, before))) {
    await noteRename({ clock }, inside, actor, { before, after, naming: { decisions: [], shown: [] } });
    return person;
  }
  await saveNameWaits(inside, importId, person.rowKey, { personId: before.id, ...namesOf(after) });
  return {
    ...person,
    after: { ...after, ...namesOf(before), sortName: before.sortName },
    changes: person.changes.filter(({ field }) => !isNameField(field)),
  };
}
