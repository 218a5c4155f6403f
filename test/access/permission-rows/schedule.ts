import { aProposal } from '../../harness/builders/proposal.js';
import { inPhase, presentationIn } from './anew.js';
import { ownActors, ownPlanners, ownRunners, runners } from './groups.js';
import type { Anew, Rows } from './row.js';
import { exhibitionDay } from '../../harness/builders/exhibition.js';

const settings = {
  ...{ rooms: 'Room 1', days: `${exhibitionDay} 09:00-12:00`, slotMinutes: 50, advisor: 'must' },
};

const proposed: Anew = async (world) => {
  const { ids } = await presentationIn(world, 'open');
  const proposal = await aProposal(world.home.scope, ids, world.people.student.id);
  return { ids: { ...ids, proposal } };
};

export const scheduleRows: Rows = [
  // Their own; a guest by a pass has nothing to sign up for.
  ...['GET', 'PUT', 'POST'].map((method) => ({
    route: `${method} /availability`,
    expect: { visitor: 'in', network: 'no', guest: 'no' } as const,
    otherwise: 'ok' as const,
    ...(method === 'GET' ? {} : { body: { when: 'always' } }),
  })),
  { route: 'GET /availability/conflicts', expect: runners, otherwise: 'no' },
  {
    route: 'POST /availability/conflicts/:id',
    of: { id: 'student' },
    ...{ expect: ownRunners, otherwise: 'no' },
    body: { words: '' },
  },
  { route: 'GET /exhibitions/:id/schedule', of: { id: 'exhibition' }, expect: ownPlanners, otherwise: 'no' },
  ...['PUT', 'POST'].map((method) => ({
    route: `${method} /exhibitions/:id/schedule`,
    ...{ of: { id: 'exhibition' }, expect: ownActors, otherwise: 'no' as const },
    anew: inPhase('draft', () => settings),
  })),
  {
    route: 'POST /exhibitions/:id/schedule/proposals',
    ...{ of: { id: 'exhibition' }, expect: ownActors, otherwise: 'no' },
    anew: proposed,
  },
  {
    route: 'GET /exhibitions/:id/schedule/proposals/:proposalId',
    of: { id: 'exhibition', proposalId: 'proposal' },
    ...{ expect: ownPlanners, otherwise: 'no' },
  },
  {
    route: 'POST /exhibitions/:id/schedule/proposals/:proposalId/adopt',
    of: { id: 'exhibition', proposalId: 'proposal' },
    ...{ expect: ownActors, otherwise: 'no' },
    anew: proposed,
  },
];
