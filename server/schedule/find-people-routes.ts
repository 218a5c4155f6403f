/**
 * Finding people for a timetable without script: the form as it was typed comes back with whoever was
 * searched for. Keeps nothing.
 */
import { z } from 'zod';
import { findPeople } from '../exhibitions/planners/find-people.js';
import { idParams, optionalLine, several } from '../http/read-input.js';
import { routes, type FeatureRoutes } from '../http/route.js';
import { schedulePage } from './schedule-pages.js';
import { schedulePageAnswer } from './schedule-view.js';
import type { ExhibitionPorts } from '../exhibitions/exhibition-ports.js';

export function makeFindPeopleRoutes(ports: Pick<ExhibitionPorts, 'listSheetStates'>): FeatureRoutes {
  const router = routes('schedule');
  router.post(
    '/exhibitions/:id/schedule/people',
    {
      summary:
        'The form of the timetable with people who were searched for; programs ask `/exhibitions/:id/people`',
      who: ['advisor', 'registrar', 'admin'],
      params: idParams,
      body: z.object({
        seen: z.string().max(200).optional(),
        findStudents: optionalLine(60),
        findPanelists: optionalLine(60),
        studentIds: several(z.string().max(64)),
        panelistIds: several(z.string().max(64)),
      }),
      answer: schedulePageAnswer,
    },
    async (call) => {
      const { scope, body, params, request } = call;
      const [students, panelists] = await Promise.all([
        findPeople(scope, body.findStudents, { students: true }),
        findPeople(scope, body.findPanelists),
      ]);
      const { studentIds, panelistIds, seen } = body;
      const searched = {
        values: request.body as unknown,
        seen,
        studentIds,
        panelistIds,
        students,
        panelists,
      };
      return schedulePage(call, ports, params.id, searched);
    },
  );
  return router;
}
