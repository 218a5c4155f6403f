/**
 * Every record field that names a stored file, in one place: a file is removed only when none of them has its
 * key. A test fails when a collection gets a field of this kind that is missing here.
 */
import { listNamedWorkKeys } from '../artifacts/artifact-records.js';
import type { SharedScope } from '../db/database.js';
import { listNamedPartKeys } from '../handover/earlier-part-records.js';
import { listNamedTranscriptKeys } from '../transcript/transcript-records.js';

/** The field, by collection, and the question which of these keys it has. */
export const namingFields: readonly {
  collection: string;
  field: string;
  named(scope: SharedScope, keys: readonly string[]): Promise<(string | undefined)[]>;
}[] = [
  { collection: 'artifactversions', field: 'file.key', named: listNamedWorkKeys },
  { collection: 'earlierparts', field: 'file.key', named: listNamedPartKeys },
  { collection: 'transcripts', field: 'pdf.key', named: listNamedTranscriptKeys },
];

/** Fields that hold a key and keep no file: what waits to be removed. */
export const keysWithoutFile = [{ collection: 'fileremovals', field: 'key' }] as const;

/** Of these keys those that any record names. */
export async function findNamedKeys(
  scope: SharedScope,
  keys: readonly string[],
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const { named } of namingFields)
    for (const key of await named(scope, keys)) if (key !== undefined) found.add(key);
  return found;
}
