/** Every address of this feature, in the order in which they are matched. */
import type { FeatureRoutes } from '../http/route.js';
import type { VisitPorts } from './visit-pages.js';
import { lateVisitRoutes } from './late-visit-routes.js';
import { reviewRoutes } from './review-routes.js';
import { standRoutes } from './stand-routes.js';
import { stopRoutes } from './stop-routes.js';
import { makeVisitRoutes } from './visit-routes.js';

export const allVisitsRoutes = (ports: VisitPorts): readonly FeatureRoutes[] => [
  standRoutes,
  reviewRoutes,
  lateVisitRoutes,
  stopRoutes,
  makeVisitRoutes(ports),
];
