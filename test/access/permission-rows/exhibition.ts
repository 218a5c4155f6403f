import { ownPlanners, planners, strangers } from './groups.js';
import type { Rows } from './row.js';

const everySchool = { ...planners, strangeRegistrar: 'ok', strangeAdmin: 'ok', visitor: 'in' } as const;
const settings = { termId: 'unknown', title: 'Spring', rubric: 'exhibition', startsAt: '2026-11-24T09:00' };
const place = { startsAt: '2026-11-24T09:00', minutes: 50, room: 'Room 1' };

/** Acts knock at the exhibition that is closed: whoever is let in is told so, and nothing changes for the next persona. */
export const exhibitionRows: Rows = [
  { route: 'GET /exhibitions', expect: { visitor: 'in', guest: 'no', network: 'no' }, otherwise: 'ok' },
  { route: 'GET /exhibitions/new', expect: everySchool, otherwise: 'no' },
  { route: 'POST /exhibitions', expect: everySchool, otherwise: 'no' },
  {
    route: 'GET /exhibitions/:id',
    of: { id: 'exhibition' },
    expect: { ...strangers, guest: 'no', network: 'no' },
    otherwise: 'ok',
  },
  {
    // A guest hears of the day on which they sit.
    route: 'GET /exhibitions/:id/events',
    of: { id: 'exhibition' },
    expect: { ...strangers, network: 'no' },
    otherwise: 'ok',
  },
  { route: 'GET /exhibitions/:id/timetable', of: { id: 'exhibition' }, expect: ownPlanners, otherwise: 'no' },
  { route: 'GET /exhibitions/:id/edit', of: { id: 'exhibition' }, expect: ownPlanners, otherwise: 'no' },
  {
    route: 'PUT /exhibitions/:id',
    of: { id: 'closedExhibition' },
    expect: ownPlanners,
    otherwise: 'no',
    body: settings,
  },
  {
    route: 'POST /exhibitions/:id',
    of: { id: 'closedExhibition' },
    expect: ownPlanners,
    otherwise: 'no',
    body: settings,
  },
  { route: 'GET /exhibitions/:id/bar', of: { id: 'closedExhibition' }, expect: ownPlanners, otherwise: 'no' },
  ...['PUT', 'POST'].map((method) => ({
    route: `${method} /exhibitions/:id/bar`,
    of: { id: 'closedExhibition' },
    expect: ownPlanners,
    otherwise: 'no' as const,
    body: { levelId: 'meeting' },
  })),
  ...['open', 'score', 'close', 'withdraw', 'pause', 'reopen'].map((verb) => ({
    route: `POST /exhibitions/:id/${verb}`,
    of: { id: 'closedExhibition' },
    expect: ownPlanners,
    otherwise: 'no' as const,
  })),
  {
    route: 'POST /exhibitions/:id/slots',
    of: { id: 'closedExhibition' },
    expect: ownPlanners,
    otherwise: 'no',
    body: { ...place, studentId: 'unknown' },
  },
  {
    route: 'POST /exhibitions/:id/rooms/:room/late',
    of: { id: 'closedExhibition', room: 'closed' },
    expect: ownPlanners,
    otherwise: 'no',
    body: { minutes: 5 },
  },
  { route: 'PUT /slots/:id', of: { id: 'closedSlot' }, expect: ownPlanners, otherwise: 'no', body: place },
  { route: 'POST /slots/:id', of: { id: 'closedSlot' }, expect: ownPlanners, otherwise: 'no', body: place },
  {
    route: 'POST /slots/:id/move-check',
    of: { id: 'closedSlot' },
    expect: ownPlanners,
    otherwise: 'no',
    body: place,
  },
  { route: 'POST /slots/:id/remove', of: { id: 'closedSlot' }, expect: ownPlanners, otherwise: 'no' },
];
