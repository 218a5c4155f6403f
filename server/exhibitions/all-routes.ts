/** Every address of this feature, in the order in which they are matched. */
import type { FeatureRoutes } from '../http/route.js';
import type { ExhibitionPorts } from './exhibition-ports.js';
import { barRoutes } from './bar/bar-routes.js';
import { makeLiveRoutes, type ListenerPorts } from './board/live-routes.js';
import { makeTimetableRoutes } from './board/timetable-routes.js';
import { makeCheckInRoutes } from './check-in/check-in-routes.js';
import { makeClockRoutes } from './clock/clock-routes.js';
import { makeCountingRoutes } from './counting/counting-routes.js';
import { makeExhibitionRoutes } from './exhibition-routes.js';
import { makeGroupRoutes } from './groups/group-routes.js';
import { makePassRoutes } from './passes/pass-routes.js';
import { makeRoomRoutes } from './passes/room-routes.js';
import { findPeopleRoutes } from './planners/find-people-routes.js';
import { plannerRoutes } from './planners/planner-routes.js';
import { makeLatePortfolioRoutes } from './portfolios/late-portfolio-routes.js';
import { makePanelRoutes } from './seats/panel-routes.js';
import { makeMoveRoutes } from './slots/move-routes.js';
import { makeSlotRoutes } from './slots/slot-routes.js';
import { standPriorityRoutes } from './slots/stand-priority-routes.js';

export const allExhibitionsRoutes = (
  ports: ExhibitionPorts,
  listeners: ListenerPorts,
): readonly FeatureRoutes[] => [
  makeExhibitionRoutes(ports),
  barRoutes,
  plannerRoutes,
  findPeopleRoutes,
  makeLiveRoutes(ports, listeners),
  makeSlotRoutes(ports),
  makeGroupRoutes(ports),
  makeTimetableRoutes(ports),
  standPriorityRoutes,
  makeMoveRoutes(ports),
  makeLatePortfolioRoutes(ports),
  makePanelRoutes(ports),
  makeCheckInRoutes(ports),
  makePassRoutes(ports),
  makeRoomRoutes(ports),
  makeCountingRoutes(ports),
  makeClockRoutes(ports),
];
