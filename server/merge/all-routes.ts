/** Every address of this feature, in the order in which they are matched. */
import type { FeatureRoutes } from '../http/route.js';
import { duplicateRoutes } from './duplicate-routes.js';
import { mergeRoutes } from './merge-routes.js';

export const allMergeRoutes: readonly FeatureRoutes[] = [mergeRoutes, duplicateRoutes];
