/** Every address of this feature, in the order in which they are matched. */
import type { FeatureRoutes } from '../http/route.js';
import { beginRoutes } from './begin-routes.js';
import { narrativeRoutes } from './narrative-routes.js';

export const allNarrativesRoutes: readonly FeatureRoutes[] = [narrativeRoutes, beginRoutes];
