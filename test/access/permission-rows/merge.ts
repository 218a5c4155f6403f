import type { World } from '../../harness/builders/world.js';
import { ownRunners, runners } from './groups.js';
import type { Rows } from './row.js';

/** Two records of one student, new for each who merges them. */
const twins = async ({ home }: World) => {
  const one = await home.person({ name: 'Twin Record', roles: ['student'] });
  const other = await home.person({ name: 'Twin Record', roles: ['student'] });
  return { ids: { twin: one.id, otherTwin: other.id }, body: {} };
};
const pair = { id: 'twin', otherId: 'otherTwin' };

export const mergeRows: Rows = [
  { route: 'GET /duplicates', expect: runners, otherwise: 'no' },
  {
    route: 'POST /duplicates/distinct',
    expect: ownRunners,
    otherwise: 'no',
    anew: async (world) => {
      const { ids } = await twins(world);
      return { body: { first: ids.twin, second: ids.otherTwin } };
    },
  },
  { route: 'GET /people/:id/merge', of: { id: 'person' }, expect: ownRunners, otherwise: 'no' },
  { route: 'GET /people/:id/merge/:otherId', of: pair, expect: ownRunners, otherwise: 'no', anew: twins },
  {
    route: 'POST /people/:id/merge/:otherId',
    of: pair,
    expect: ownRunners,
    otherwise: 'no',
    anew: async (world) => ({ ...(await twins(world)), body: { reason: 'Entered twice' } }),
  },
  { route: 'GET /people/:id/merges', of: { id: 'person' }, expect: ownRunners, otherwise: 'no' },
];
