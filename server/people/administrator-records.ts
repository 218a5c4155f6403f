/** One document per school that everybody writes who takes an administrator away, so that two at once see each other. Personal data: none. */
import { schoolCollection, type SchoolScope } from '../database.js';

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
