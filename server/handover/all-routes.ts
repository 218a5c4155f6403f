/** Every address of this feature, in the order in which they are matched. */
import type { FeatureRoutes } from '../http/route.js';
import type { FileRemovalPorts } from '../artifacts/remove-files.js';
import type { FamilyPorts } from '../people/change-family.js';
import { makeEarlierRoutes } from './earlier-routes.js';
import { makeHandoverRoutes } from './handover-routes.js';
import { startHandoverRoutes } from './start-routes.js';

export const allHandoverRoutes = (ports: FamilyPorts & FileRemovalPorts): readonly FeatureRoutes[] => [
  startHandoverRoutes,
  makeHandoverRoutes(ports),
  makeEarlierRoutes(ports),
];
