/**
 * One document per school that everybody writes who takes an administrator away, so that two at once see each
 * other; and who administrators are. Personal data: none of its own.
 */
import { schoolCollection, type SchoolScope } from '../db/database.js';
import { people } from './people-records.js';
import type { Person } from './person.js';

interface AdministratorLock {
  id: string;
  schoolId: string;
  turns: number;
}

const locks = schoolCollection<AdministratorLock>(
  'administratorlocks',
  { turns: { type: Number, required: true } },
  { indexes: [{ keys: { schoolId: 1 }, unique: true }] },
);
export const administratorLocksDeclaration = locks.declaration;

/** Inside a transaction: the other transaction that does this at the same moment starts again. */
export const saveAdministratorTurn = (scope: SchoolScope) =>
  locks
    .in(scope)
    .findOneAndUpdate({ id: `${scope.schoolId}-administrators` }, { $inc: { turns: 1 } }, { upsert: true });

/** Who they are and what they may do, those who have left among them. */
export const listAdministratorFacts = (scope: SchoolScope) =>
  people
    .in(scope)
    .find({ roles: 'admin' }, { sort: { id: 1 }, fields: ['id', 'roles', 'active', 'email'] }) as Promise<
    Pick<Person, 'id' | 'roles' | 'active' | 'email'>[]
  >;
