/** Every address of this feature, in the order in which they are matched. */
import type { FeatureRoutes } from '../http/route.js';
import { activityRoutes } from './activity-routes.js';
import { makeAdvisoryRoutes } from './advisory-routes.js';
import { makeEnrollmentRoutes } from './enrollment-routes.js';
import { makeFamilyRoutes } from './family-routes.js';
import { makeHoursRoutes } from './hours-routes.js';
import { importRoutes } from './import-routes.js';
import { lettersRoutes } from './letters-routes.js';
import { peopleRoutes } from './people-routes.js';
import { makePersonRoutes } from './person-routes.js';
import { makeSignInRoutes } from './sign-in-routes.js';

type PeopleRoutePorts = Parameters<typeof makeEnrollmentRoutes>[0] &
  Parameters<typeof makeHoursRoutes>[0] &
  Parameters<typeof makeSignInRoutes>[0] &
  Parameters<typeof makePersonRoutes>[0] &
  Parameters<typeof makeFamilyRoutes>[0] &
  Parameters<typeof makeAdvisoryRoutes>[0];

export const allPeopleRoutes = (ports: PeopleRoutePorts): readonly FeatureRoutes[] => [
  makeEnrollmentRoutes(ports),
  importRoutes,
  makeHoursRoutes(ports),
  peopleRoutes,
  activityRoutes,
  makeSignInRoutes(ports),
  lettersRoutes,
  makePersonRoutes(ports),
  makeFamilyRoutes(ports),
  makeAdvisoryRoutes(ports),
];
