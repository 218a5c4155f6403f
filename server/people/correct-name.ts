/**
 * Corrects a person's name, or takes on the one they chose. What is frozen stays; the correction says what
 * new documents print.
 */
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import { Conflict, Forbidden, InvalidInput } from '../errors.js';
import { newId } from '../ids.js';
import { noteEnrollments } from './keep-enrollments.js';
import {
  isRenamed,
  namesOf,
  type DecidedNaming,
  type NameCorrection,
  type PersonNames,
} from './name-correction.js';
import { namesLock, withLocks } from '../db/record-locks.js';
import { saveNameCorrection } from './name-correction-records.js';
import { getPerson, savePersonChange } from './people-records.js';
import { mayChangeAdministrators, sortNameOf, type Person } from './person.js';

/**
 * @param input.decide finds the documents and says what happens to each, in the same transaction: none can be
 *   issued in between
 * @throws InvalidInput when the name is the one they have
 */
export async function correctName(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  actor: Pick<Actor, 'personId' | 'via' | 'roles'>,
  input: {
    personId: string;
    to: PersonNames;
    reason: string;
    decide(inside: SchoolScope, person: Person): Promise<DecidedNaming>;
  },
): Promise<void> {
  await withLocks(scope, [namesLock], async (inside) => {
    const person = await getPerson(inside, input.personId);
    if (person.erasedAt) throw new Conflict('people.problem.erased');
    if (person.roles.includes('admin') && !mayChangeAdministrators(actor))
      throw new Forbidden('access.problem.admins-only');
    const from = namesOf(person);
    if (!isRenamed(from, input.to))
      throw new InvalidInput([{ field: 'displayName', message: 'people.name.problem.same' }]);
    const decided = await input.decide(inside, person);
    const change = {
      ...{ ...input.to, sortName: sortNameOf(input.to.givenName, input.to.familyName) },
      // The chosen name is the one that is shown: left as it was, the office would go on reading the former one.
      ...(person.chosenName ? { chosenName: input.to.displayName } : {}),
    };
    await noteEnrollments(inside, clock, [{ before: person, after: { ...person, ...change } }]);
    await savePersonChange(inside, person.id, change);
    await noteCorrection(inside, clock, actor, {
      ...{ id: newId(), schoolId: scope.schoolId, personId: person.id, from, to: input.to },
      ...{ at: clock.now(), by: actor.personId, reason: input.reason, ...decided },
    });
  });
}

/**
 * A plain rename is a correction as well: new documents name the person by it, and frozen ones stay as they
 * are. Inside the transaction of the change, which holds `namesLock`.
 * @param input.naming what is decided about every document that has the earlier name
 */
export async function noteRename(
  { clock }: { clock: Clock },
  inside: SchoolScope,
  actor: Pick<Actor, 'personId' | 'via'>,
  { before, after, naming }: { before: Person; after: Person; naming: DecidedNaming },
): Promise<void> {
  const correction = {
    ...{ id: newId(), schoolId: inside.schoolId, personId: before.id },
    ...{ from: namesOf(before), to: namesOf(after) },
    ...{ at: clock.now(), by: actor.personId, reason: '' },
  };
  if (naming.decisions.length + naming.shown.length > 0)
    return noteCorrection(inside, clock, actor, { ...correction, ...naming });
  // The entry of the change is enough where nothing was decided.
  await saveNameCorrection(inside, { ...correction, decisions: [] });
}

/**
 * Keeps the correction, and in the audit trail how many documents were decided about. Inside the transaction
 * of the change.
 */
async function noteCorrection(
  inside: SchoolScope,
  clock: Clock,
  actor: Pick<Actor, 'personId' | 'via'>,
  correction: NameCorrection & DecidedNaming,
): Promise<void> {
  await saveNameCorrection(inside, correction);
  const { decisions, shown, personId } = correction;
  const count = (wanted: string) => decisions.filter(({ decision }) => decision === wanted).length;
  await appendAudit(
    inside,
    clock,
    actor,
    'people.name-correct',
    { kind: 'person', id: personId },
    {
      reissue: count('reissue'),
      leave: count('leave'),
      ...(shown.length > 0
        ? {
            shown: shown.filter(({ decision }) => decision === 'show').length,
            asSealed: shown.filter(({ decision }) => decision === 'leave').length,
          }
        : {}),
    },
  );
}
