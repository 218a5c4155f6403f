/**
 * Finds how long works are: pages of a PDF, seconds of a recording. Looked for when somebody points into the
 * work; a place beyond the end can then be refused, and the page can say where the end is.
 */
import { FileMissing, StorageFailure } from '../../storage/storage.js';
import type { SchoolScope } from '../db/database.js';
import { hasExtent, type ExtentReader } from '../rendering/file-extent.js';
import type { ArtifactVersion } from './artifact.js';
import { listVersionsByIds } from './artifact-records.js';
import type { PinnedWork } from './pin.js';
import { placeKindOf, type Extent } from './place.js';

export interface ExtentNeeds {
  extents: Pick<ExtentReader, 'read'>;
}

/**
 * Null where nothing is known at the moment: its storage does not answer, or the file took too long. Then any
 * place is taken. A file that was read and whose pages or seconds cannot be counted is another matter: nobody
 * can say that a place is in it (`placeKindOf`).
 */
async function findExtent(
  { extents }: ExtentNeeds,
  { file, takenDown }: Pick<ArtifactVersion, 'file' | 'takenDown'>,
): Promise<Extent | null> {
  if (!file || takenDown || !hasExtent(file.type)) return null;
  try {
    return await extents.read(file);
  } catch (error) {
    if (error instanceof StorageFailure || error instanceof FileMissing) return null;
    throw error;
  }
}

const needsExtent = (work: PinnedWork): boolean =>
  ['page', 'time'].includes(placeKindOf(work.shown)) && !work.extent;

/** The same works, each with its length as far as it has one. */
export async function withExtents<W extends PinnedWork>(
  needs: ExtentNeeds,
  scope: SchoolScope,
  works: readonly W[],
): Promise<W[]> {
  const ids = works.filter(needsExtent).map(({ artifactVersionId }) => artifactVersionId);
  if (ids.length === 0) return [...works];
  const found = new Map<string, Extent>();
  for (const version of await listVersionsByIds(scope, ids)) {
    const extent = await findExtent(needs, version);
    if (extent) found.set(version.id, extent);
  }
  return works.map((work) => {
    const extent = found.get(work.artifactVersionId);
    return extent ? { ...work, extent } : work;
  });
}
