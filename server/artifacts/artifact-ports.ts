/** What this feature must ask of those that come later; app.ts hands it in. */
import type { Actor } from '../access/actor.js';
import type { SchoolScope } from '../db/database.js';
import type { Artifact } from './artifact.js';

export interface ArtifactPorts {
  /**
   * Numbers of the versions that somebody may see because a portfolio shown to them pins them; when that
   * ended for others.
   */
  versionsShownTo(
    scope: SchoolScope,
    actor: Actor,
    artifact: Artifact,
    now: Date,
  ): Promise<{ numbers: readonly number[]; endedAt: Date | null }>;
}
