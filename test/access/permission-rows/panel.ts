import { ownPlanners } from './groups.js';
import type { Rows } from './row.js';

/** Another advisor lets guests in, but makes no pass of somebody else's. */
const ofTheirGuest = { ...ownPlanners, otherAdvisor: 'no' } as const;
const noPass = { code: 'x'.repeat(32) };

export const panelRows: Rows = [
  {
    route: 'GET /slots/:id',
    of: { id: 'slot' },
    expect: { ...ownPlanners, student: 'ok', guardian: 'ok', panelist: 'ok' },
    otherwise: 'no',
  },
  {
    route: 'POST /slots/:id/seats',
    of: { id: 'closedSlot' },
    expect: ownPlanners,
    otherwise: 'no',
    body: { name: 'Somebody', role: 'guest' },
  },
  {
    route: 'POST /exhibitions/:id/judges',
    of: { id: 'closedExhibition' },
    expect: ownPlanners,
    otherwise: 'no',
    body: { name: 'Somebody' },
  },
  { route: 'POST /seats/:id/pass', of: { id: 'closedSeat' }, expect: ofTheirGuest, otherwise: 'no' },
  { route: 'POST /seats/:id/pass/revoke', of: { id: 'closedSeat' }, expect: ofTheirGuest, otherwise: 'no' },
  { route: 'POST /seats/:id/remove', of: { id: 'closedSeat' }, expect: ownPlanners, otherwise: 'no' },
  { route: 'GET /seats', expect: { visitor: 'in', network: 'no' }, otherwise: 'ok' },
  {
    route: 'GET /exhibitions/:id/rooms',
    of: { id: 'exhibition' },
    expect: ownPlanners,
    otherwise: 'no',
  },
  {
    route: 'POST /exhibitions/:id/rooms/:room/pass',
    of: { id: 'closedExhibition', room: 'closed' },
    expect: ownPlanners,
    otherwise: 'no',
  },
  {
    route: 'POST /exhibitions/:id/signs',
    of: { id: 'closedExhibition' },
    expect: ownPlanners,
    otherwise: 'no',
  },
  {
    route: 'POST /exhibitions/:id/rooms/:room/pass/revoke',
    of: { id: 'closedExhibition', room: 'closed' },
    expect: ownPlanners,
    otherwise: 'no',
  },
  // Only a guest who came by a room's pass goes on to the next; the guest of this world has another's seat in the address.
  { route: 'POST /seats/:id/next', of: { id: 'seat' }, expect: { visitor: 'in' }, otherwise: 'no' },
  {
    route: 'GET /slots/:id/clock',
    of: { id: 'slot' },
    expect: { ...ownPlanners, student: 'ok', guardian: 'ok', panelist: 'ok', guest: 'ok' },
    otherwise: 'no',
  },
  { route: 'POST /slots/:id/clock', of: { id: 'closedSlot' }, expect: ownPlanners, otherwise: 'no' },
  { route: 'GET /pass', expect: {}, otherwise: 'ok' },
  { route: 'POST /pass', expect: {}, otherwise: 'ok' },
  { route: 'GET /pass/:code', of: noPass, expect: {}, otherwise: 'gone' },
  { route: 'POST /pass/:code', of: noPass, expect: {}, otherwise: 'gone' },
];
