/** Every address of this feature, in the order in which they are matched. */
import type { FeatureRoutes } from '../http/route.js';
import type { ArtifactPorts } from './artifact-ports.js';
import { makeArtifactRoutes } from './artifact-routes.js';
import { makeRemovalRoutes, type RemovalPorts } from './removal-routes.js';

export const allArtifactsRoutes = (ports: ArtifactPorts & RemovalPorts): readonly FeatureRoutes[] => [
  makeArtifactRoutes(ports),
  makeRemovalRoutes(ports),
];
