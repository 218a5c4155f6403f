/** Every address of this feature, in the order in which they are matched. */
import type { FeatureRoutes } from '../http/route.js';
import { homeRoutes } from './home-routes.js';
import { studentRoutes } from './student-routes.js';

export const allHomeRoutes: readonly FeatureRoutes[] = [homeRoutes, studentRoutes];
