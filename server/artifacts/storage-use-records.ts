/** How many bytes of files a student or a school has, counted as they come in. Personal data: none. */
import { isDuplicate, schoolCollection, type SchoolScope } from '../db/database.js';
import { tracesIn } from '../person-traces.js';

interface StorageUse {
  /** Of the student, or of the school itself. */
  id: string;
  schoolId: string;
  bytes: number;
}

const uses = schoolCollection<StorageUse>(
  'storageuses',
  { bytes: { type: Number, required: true } },
  { indexes: [{ keys: { schoolId: 1 } }] },
);
export const storageUsesDeclaration = uses.declaration;

/** Null until it was first counted. */
export async function findStorageUse(scope: SchoolScope, id: string): Promise<number | null> {
  return (await uses.in(scope).findOne({ id }))?.bytes ?? null;
}

/** The first count; when somebody else was faster, theirs stays. */
export async function saveStorageCounted(scope: SchoolScope, id: string, bytes: number): Promise<void> {
  try {
    await uses.in(scope).insert({ id, schoolId: scope.schoolId, bytes });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
}

/** Takes so many bytes where at most `most` are then used, in one step: two at once cannot both take the last ones. */
export async function saveStorageTaken(
  scope: SchoolScope,
  id: string,
  bytes: number,
  most: number,
): Promise<boolean> {
  return (await uses.in(scope).updateOne({ id, bytes: { $lte: most - bytes } }, { $inc: { bytes } })) > 0;
}

/** Gives bytes back: nothing came of them, or the file was removed. */
export const saveStorageGivenBack = (scope: SchoolScope, id: string, bytes: number) =>
  uses.in(scope).updateOne({ id }, { $inc: { bytes: -bytes } });

export const removeStorageUseOf = tracesIn(uses, ({ id, keepIssued }) => (keepIssued ? null : { id }));
