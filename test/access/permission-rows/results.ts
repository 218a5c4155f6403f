import { ownPlanners, ownRunners, strangers } from './groups.js';
import type { Rows } from './row.js';

export const resultRows: Rows = [
  {
    route: 'GET /slots/:id/result',
    of: { id: 'slot' },
    expect: {
      student: 'ok',
      guardian: 'ok',
      advisor: 'ok',
      panelist: 'ok',
      guest: 'ok',
      registrar: 'ok',
      admin: 'ok',
      ...strangers,
    },
    otherwise: 'no',
  },
  {
    // Nothing is published here, and the panelist's and the guest's own sheets are not in.
    route: 'GET /slots/:id/result/evidence/:criterion',
    of: { id: 'slot', criterion: 'commitment-to-personal-vision' },
    expect: { advisor: 'ok', registrar: 'ok', admin: 'ok', ...strangers },
    otherwise: 'no',
  },
  {
    // On this slot the panelist's and the guest's own sheets are not in.
    route: 'GET /slots/:id/reveal',
    of: { id: 'slot' },
    expect: { advisor: 'ok', registrar: 'ok', admin: 'ok', ...strangers },
    otherwise: 'no',
  },
  {
    route: 'POST /slots/:id/reveal',
    of: { id: 'slot' },
    expect: ownRunners,
    otherwise: 'no',
  },
  {
    route: 'POST /seats/:id/sheet/revisions',
    of: { id: 'seat' },
    body: { id: 'revision-1', criterionId: 'a-row', levelId: 'meeting', reason: 'Heard again' },
    expect: { panelist: 'ok', ...strangers },
    otherwise: 'no',
  },
  {
    route: 'POST /slots/:id/decisions',
    of: { id: 'slot' },
    body: { criterionId: 'a-row', kind: 'moderation', levelId: 'meeting', reason: 'Settled' },
    expect: ownRunners,
    otherwise: 'no',
  },
  {
    // The last attempt there is lies before this day, so whoever is let in is told so.
    route: 'POST /slots/:id/next-attempt',
    of: { id: 'slot' },
    body: { startsAt: '2001-01-01T09:00', room: 'Room 1' },
    expect: ownPlanners,
    otherwise: 'no',
  },
  {
    route: 'POST /slots/:id/counts',
    of: { id: 'slot' },
    body: { reason: 'Both were good' },
    expect: { advisor: 'ok', registrar: 'ok', admin: 'ok', ...strangers },
    otherwise: 'no',
  },
  {
    route: 'POST /slots/:id/result/publish',
    of: { id: 'slot' },
    expect: { advisor: 'ok', registrar: 'ok', admin: 'ok', ...strangers },
    otherwise: 'no',
  },
];
