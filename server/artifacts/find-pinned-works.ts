/** The works behind pins, each in exactly the version that was pinned. Ask who may see the pins before. */
import type { SchoolScope } from '../db/database.js';
import { listArtifactsByIds, listVersionsByIds } from './artifact-records.js';
import { workOfVersion, type Pin, type PinnedWork } from './pin.js';

/**
 * By version id.
 * @param isShown whether the works of this student may be shown; the others are left out
 */
export async function findPinnedWorks(
  scope: SchoolScope,
  pins: readonly Pick<Pin, 'artifactVersionId'>[],
  isShown: (studentId: string) => boolean,
): Promise<Map<string, PinnedWork>> {
  const ids = [...new Set(pins.map(({ artifactVersionId }) => artifactVersionId))];
  if (ids.length === 0) return new Map();
  const versions = await listVersionsByIds(scope, ids);
  const artifacts = await listArtifactsByIds(scope, [
    ...new Set(versions.map(({ artifactId }) => artifactId)),
  ]);
  const shown = artifacts.filter(({ studentId }) => isShown(studentId));
  const known = new Map(shown.map((artifact) => [artifact.id, artifact]));
  return new Map(
    versions.flatMap((version) => {
      const artifact = known.get(version.artifactId);
      return artifact ? [[version.id, workOfVersion(artifact, version)] as const] : [];
    }),
  );
}
