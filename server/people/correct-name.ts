/** Corrects a person's name, or takes on the one they chose. What is frozen stays; the correction says what new documents print. */
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, type SchoolScope } from '../database.js';
import { Conflict, Forbidden, InvalidInput } from '../errors.js';
import { newId } from '../ids.js';
import { noteEnrollments } from './keep-enrollments.js';
import type { NameCorrection, PersonNames } from './name-correction.js';
import { saveNameCorrection } from './name-correction-records.js';
import { getPerson, savePersonChange } from './people-records.js';
import { mayChangeAdministrators, sortNameOf } from './person.js';

/**
 * @param input.decided runs in the same transaction, for whoever holds the documents
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
    decisions: NameCorrection['decisions'];
    shown: NonNullable<NameCorrection['shown']>;
    decided(inside: SchoolScope): Promise<unknown>;
  },
): Promise<void> {
  await inTransaction(scope, async (inside) => {
    const person = await getPerson(inside, input.personId);
    if (person.erasedAt) throw new Conflict('people.problem.erased');
    if (person.roles.includes('admin') && !mayChangeAdministrators(actor))
      throw new Forbidden('access.problem.admins-only');
    const { givenName, familyName, displayName } = person;
    const from = { givenName, familyName, displayName };
    if (JSON.stringify(from) === JSON.stringify(input.to))
      throw new InvalidInput([{ field: 'displayName', message: 'people.name.problem.same' }]);
    const change = { ...input.to, sortName: sortNameOf(input.to.givenName, input.to.familyName) };
    await noteEnrollments(inside, clock, [{ before: person, after: { ...person, ...change } }]);
    await savePersonChange(inside, person.id, change);
    const { reason, decisions, shown, to } = input;
    await saveNameCorrection(inside, {
      ...{ id: newId(), schoolId: scope.schoolId, personId: person.id, from, to },
      ...{ at: clock.now(), by: actor.personId, reason, decisions, shown },
    });
    await input.decided(inside);
    const count = (wanted: string) => decisions.filter(({ decision }) => decision === wanted).length;
    await appendAudit(
      inside,
      clock,
      actor,
      'people.name-correct',
      { kind: 'person', id: person.id },
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
  });
}
