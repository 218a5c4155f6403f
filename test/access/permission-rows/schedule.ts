import { ownPlanners } from './groups.js';
import type { Rows } from './row.js';

const settings = {
  ...{ rooms: 'Room 1', days: '2026-11-24 09:00-12:00', slotMinutes: 50, advisor: 'must' },
};

/** Acts knock at the exhibition that is closed: whoever is let in is told so, and nothing changes for the next persona. */
export const scheduleRows: Rows = [
  { route: 'GET /exhibitions/:id/schedule', of: { id: 'exhibition' }, expect: ownPlanners, otherwise: 'no' },
  ...['PUT', 'POST'].map((method) => ({
    route: `${method} /exhibitions/:id/schedule`,
    ...{ of: { id: 'closedExhibition' }, expect: ownPlanners, otherwise: 'no' as const, body: settings },
  })),
  {
    route: 'POST /exhibitions/:id/schedule/proposals',
    ...{ of: { id: 'closedExhibition' }, expect: ownPlanners, otherwise: 'no' },
  },
  {
    route: 'GET /exhibitions/:id/schedule/proposals/:proposalId',
    of: { id: 'exhibition', proposalId: 'proposal' },
    ...{ expect: ownPlanners, otherwise: 'no' },
  },
  {
    route: 'POST /exhibitions/:id/schedule/proposals/:proposalId/adopt',
    of: { id: 'closedExhibition', proposalId: 'closedProposal' },
    ...{ expect: ownPlanners, otherwise: 'no' },
  },
];
