/** Every address of this feature, in the order in which they are matched. */
import type { FeatureRoutes } from '../http/route.js';
import { makeJobListRoutes, jobRoutes } from './job-routes.js';

export const allJobsRoutes = (ports: Parameters<typeof makeJobListRoutes>[0]): readonly FeatureRoutes[] => [
  makeJobListRoutes(ports),
  jobRoutes,
];
