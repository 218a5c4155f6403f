import type { Rows } from './row.js';

const planners = { advisor: 'ok', otherAdvisor: 'ok', registrar: 'ok', admin: 'ok' } as const;
const strangers = { strangeRegistrar: 'gone', strangeAdmin: 'gone', visitor: 'in' } as const;

/** Everybody has a calendar of their own; an address is for people with an account, and knows only its secret. */
export const calendarRows: Rows = [
  { route: 'GET /calendar', expect: { visitor: 'in', network: 'no' }, otherwise: 'ok' },
  { route: 'GET /calendar/mine.ics', expect: { visitor: 'in', network: 'no' }, otherwise: 'ok' },
  { route: 'POST /calendar/feed', expect: { visitor: 'in', network: 'no', guest: 'no' }, otherwise: 'ok' },
  {
    route: 'POST /calendar/feed/stop',
    anew: async (world, persona) => {
      const made = await (await world.client(persona)).post('/calendar/feed');
      if (made.status !== 201) throw new Error(`no feed: ${made.status} ${made.text}`);
      return {};
    },
    expect: { visitor: 'in', network: 'no', guest: 'no' },
    otherwise: 'ok',
  },
  { route: 'GET /calendar/feeds/:secret', of: { secret: 'feed' }, expect: {}, otherwise: 'ok' },
  {
    route: 'GET /exhibitions/:id/calendar.ics',
    of: { id: 'exhibition' },
    expect: { ...planners, ...strangers },
    otherwise: 'no',
  },
];
