import type { Rows, Verdict } from './row.js';

/** The student themselves and their advisor. */
const makers: Record<string, Verdict> = {
  visitor: 'in',
  student: 'ok',
  advisor: 'ok',
  strangeRegistrar: 'no',
  strangeAdmin: 'no',
};
/** Those who also read what was never shown. */
const readers: Record<string, Verdict> = {
  ...makers,
  registrar: 'ok',
  admin: 'ok',
  strangeRegistrar: 'gone',
  strangeAdmin: 'gone',
};
/** The work was submitted, and the panel has it before them. */
const shown: Record<string, Verdict> = { ...readers, guardian: 'ok', panelist: 'ok', guest: 'ok' };

export const artifactRows: Rows = [
  { route: 'GET /students/:id/artifacts', of: { id: 'student' }, expect: readers, otherwise: 'no' },
  { route: 'GET /students/:id/artifacts/new', of: { id: 'student' }, expect: makers, otherwise: 'no' },
  { route: 'POST /students/:id/artifacts', of: { id: 'student' }, expect: makers, otherwise: 'no' },
  { route: 'GET /artifacts/:id', of: { id: 'artifact' }, expect: shown, otherwise: 'no' },
  { route: 'PUT /artifacts/:id', of: { id: 'artifact' }, expect: makers, otherwise: 'no' },
  { route: 'POST /artifacts/:id', of: { id: 'artifact' }, expect: makers, otherwise: 'no' },
  { route: 'POST /artifacts/:id/versions', of: { id: 'artifact' }, expect: makers, otherwise: 'no' },
  // The matrix's work is a text and has no file: who is let in gets a 404 as well. test/artifacts proves the rest.
  {
    route: 'GET /artifacts/:id/file',
    of: { id: 'artifact' },
    expect: Object.fromEntries(
      Object.entries(shown).map(([who, what]) => [who, what === 'ok' ? 'gone' : what]),
    ),
    otherwise: 'no',
  },
];

export const portfolioRows: Rows = [
  {
    route: 'GET /students/:id/portfolios',
    of: { id: 'student' },
    expect: { ...readers, guardian: 'ok' },
    otherwise: 'no',
  },
  { route: 'POST /students/:id/portfolios', of: { id: 'student' }, expect: makers, otherwise: 'no' },
  { route: 'GET /portfolios/:id', of: { id: 'portfolio' }, expect: readers, otherwise: 'no' },
  {
    route: 'PUT /portfolios/:id',
    of: { id: 'portfolio' },
    expect: makers,
    otherwise: 'no',
    body: { title: 'Wood', revision: 1 },
  },
  {
    route: 'POST /portfolios/:id',
    of: { id: 'portfolio' },
    expect: makers,
    otherwise: 'no',
    body: { title: 'Wood', revision: 1 },
  },
  {
    route: 'GET /portfolios/:id/entries/:entry/pins',
    of: { id: 'portfolio', entry: 'entry' },
    expect: makers,
    otherwise: 'no',
  },
  {
    route: 'POST /portfolios/:id/entries/:entry/pins',
    of: { id: 'portfolio', entry: 'entry' },
    expect: makers,
    otherwise: 'no',
    body: { criterionId: 'a-row' },
  },
  {
    route: 'POST /portfolios/:id/entries/:entry/pins/:pin/remove',
    of: { id: 'portfolio', entry: 'entry', pin: 'a-pin-that-was' },
    expect: makers,
    otherwise: 'no',
  },
  {
    // There is none to keep.
    route: 'POST /portfolios/:id/entries/:entry/pins/:pin/keep',
    of: { id: 'portfolio', entry: 'entry', pin: 'a-pin-that-was' },
    expect: { ...makers, student: 'gone', advisor: 'gone' },
    otherwise: 'no',
  },
  { route: 'GET /portfolios/:id/submit', of: { id: 'portfolio' }, expect: makers, otherwise: 'no' },
  {
    route: 'POST /portfolios/:id/submit',
    of: { id: 'portfolio' },
    expect: makers,
    otherwise: 'no',
    body: { revision: 1 },
  },
  {
    route: 'GET /portfolios/:id/snapshots/:number',
    of: { id: 'portfolio', number: '1' },
    expect: shown,
    otherwise: 'no',
  },
];
