/** Every address of this feature, in the order in which they are matched. */
import type { FeatureRoutes } from '../http/route.js';
import type { ExhibitionPorts } from '../exhibitions/exhibition-ports.js';
import { makeAttemptRoutes } from './attempt-routes.js';
import { correctionRoutes } from './correction-routes.js';
import { dayResultsRoutes } from './day-results-routes.js';
import { evidenceRoutes } from './evidence-routes.js';
import { resultRoutes } from './result-routes.js';
import { revealRoutes } from './reveal-routes.js';

export const allResultsRoutes = (ports: ExhibitionPorts): readonly FeatureRoutes[] => [
  revealRoutes,
  resultRoutes,
  correctionRoutes,
  dayResultsRoutes,
  makeAttemptRoutes(ports),
  evidenceRoutes,
];
