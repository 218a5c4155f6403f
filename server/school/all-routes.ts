/** Every address of this feature, in the order in which they are matched. */
import type { FeatureRoutes } from '../http/route.js';
import { makeCurrentTermRoutes } from './current-term-routes.js';
import { networkPolicyRoutes } from './network-policy-routes.js';
import { makeNetworkRoutes } from './network-routes.js';
import { networkStaffRoutes } from './network-staff-routes.js';
import { makeOpeningRoutes } from './opening-routes.js';
import { makeSchoolRoutes } from './school-routes.js';
import { makeTermRemovalRoutes } from './term-removal-routes.js';

type SchoolRoutePorts = Parameters<typeof makeSchoolRoutes>[0] &
  Parameters<typeof makeCurrentTermRoutes>[0] &
  Parameters<typeof makeTermRemovalRoutes>[0] &
  Parameters<typeof makeOpeningRoutes>[0] &
  Parameters<typeof makeNetworkRoutes>[0];

export const allSchoolRoutes = (ports: SchoolRoutePorts): readonly FeatureRoutes[] => [
  makeSchoolRoutes(ports),
  makeCurrentTermRoutes(ports),
  makeTermRemovalRoutes(ports),
  makeOpeningRoutes(ports),
  makeNetworkRoutes(ports),
  networkStaffRoutes,
  networkPolicyRoutes,
];
