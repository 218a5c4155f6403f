/** Every address of this feature, in the order in which they are matched. */
import type { FeatureRoutes } from '../http/route.js';
import type { ExhibitionPorts } from '../exhibitions/exhibition-ports.js';
import { availabilityRoutes } from './availability-routes.js';
import { makeFindPeopleRoutes } from './find-people-routes.js';
import { makeScheduleRoutes } from './schedule-routes.js';
import { settleRoutes } from './settle-routes.js';
import { signUpRoutes } from './sign-up-routes.js';
import { signUpsRoutes } from './sign-ups-routes.js';

export const allScheduleRoutes = (ports: ExhibitionPorts): readonly FeatureRoutes[] => [
  makeScheduleRoutes(ports),
  makeFindPeopleRoutes(ports),
  availabilityRoutes,
  settleRoutes,
  signUpRoutes,
  signUpsRoutes,
];
