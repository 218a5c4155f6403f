/** Every address of this feature, in the order in which they are matched. */
import type { FeatureRoutes } from '../http/route.js';
import { makeAccessRoutes } from './access-routes.js';
import { makeAccountRoutes } from './account-routes.js';
import { makeAddressRoutes } from './address-routes.js';
import { makeMembershipRoutes } from './membership-routes.js';
import { passwordLinkRoutes } from './password-link-routes.js';
import { resetRoutes } from './reset-routes.js';

export const allAccessRoutes = (
  ports: Parameters<typeof makeMembershipRoutes>[0] & Parameters<typeof makeAddressRoutes>[0],
): readonly FeatureRoutes[] => [
  makeAccessRoutes(ports),
  resetRoutes,
  makeAccountRoutes(ports),
  makeAddressRoutes(ports),
  makeMembershipRoutes(ports),
  passwordLinkRoutes,
];
