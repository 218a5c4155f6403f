/**
 * How the merge reads and writes any collection by its name: it is the one feature that changes fields of all of them.
 */
import type { SchoolScope } from '../db/database.js';

export type StoredRecord = Record<string, unknown> & { _id: string };
export const collectionOf = (scope: SchoolScope, name: string) =>
  scope.db.connection.collection<StoredRecord>(name);
/** Options of a question, so that it is part of the transaction. */
export const inSession = ({ session }: SchoolScope) => (session ? { session } : {});
