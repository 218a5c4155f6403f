/**
 * What is erased of a person among the works: their own in every version, with the bytes, and what they wrote
 * to the office.
 */
import { erasing, rewriting, type ErasePart } from '../person-traces.js';
import { removeArtifactsOf, removeArtifactVersionsOf, saveRequestNoteErased } from './artifact-records.js';
import { dropFiles } from './remove-work.js';
import { removeStorageUseOf } from './storage-use-records.js';

export const erasePersonFromWorks: readonly ErasePart[] = [
  erasing(
    'work-version',
    removeArtifactVersionsOf,
    ({ id }) => [{ kind: 'work', id }],
    (inside, versions, { id, at }) => dropFiles(inside, { studentId: id }, versions, at),
  ),
  erasing('work', removeArtifactsOf),
  erasing(null, removeStorageUseOf),
  rewriting(null, saveRequestNoteErased, (artifact) => ({
    ...artifact,
    ...(artifact.removalRequest ? { removalRequest: { ...artifact.removalRequest, note: '' } } : {}),
  })),
];
