import { strangers } from './groups.js';
import type { Rows } from './row.js';

/** `seat` is the panelist's: a sheet is open to the one who holds its seat, whatever anybody else may do in the school. */
const holder = { panelist: 'ok', ...strangers } as const;

export const scoreRows: Rows = [
  { route: 'GET /sw.js', expect: {}, otherwise: 'ok' },
  { route: 'GET /manifest.webmanifest', expect: {}, otherwise: 'ok' },
  { route: 'GET /seats/:id/sheet', of: { id: 'seat' }, expect: holder, otherwise: 'no' },
  { route: 'GET /seats/:id/sheet/review', of: { id: 'seat' }, expect: holder, otherwise: 'no' },
  {
    route: 'GET /seats/:id/sheet/pins/:criterion',
    of: { id: 'seat', criterion: 'commitment-to-personal-vision' },
    expect: holder,
    otherwise: 'no',
  },
  {
    route: 'POST /seats/:id/sheet/pins',
    of: { id: 'seat' },
    body: { criterionId: 'commitment-to-personal-vision' },
    expect: holder,
    otherwise: 'no',
  },
  {
    route: 'POST /seats/:id/sheet/pins/:pin/remove',
    of: { id: 'seat', pin: 'a-pin-that-was' },
    body: { criterionId: 'commitment-to-personal-vision' },
    expect: holder,
    otherwise: 'no',
  },
  { route: 'POST /seats/:id/sheet/operations', of: { id: 'seat' }, expect: holder, otherwise: 'no' },
  { route: 'POST /seats/:id/sheet/submit', of: { id: 'seat' }, expect: holder, otherwise: 'no' },
];
