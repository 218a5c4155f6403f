import { aPortfolio } from '../../harness/builders/portfolio.js';
import { anArtifact, dotPng, uploadForm } from '../../harness/builders/artifacts.js';
import type { World } from '../../harness/builders/world.js';
import { aRow, withoutBody } from './anew.js';
import { ownRunners, runners } from './groups.js';
import type { Anew, Rows, Verdict } from './row.js';

/** The student themselves and their advisor. */
const makers: Record<string, Verdict> = {
  visitor: 'in',
  student: 'ok',
  advisor: 'ok',
  strangeRegistrar: 'no',
  strangeAdmin: 'no',
};
/** The student alone: the words of a portfolio are theirs. */
const studentAlone: Record<string, Verdict> = { ...makers, advisor: 'no' };
const advisorAlone: Record<string, Verdict> = { ...makers, student: 'no' };
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

/** The student's draft with one picture and a pin in it. */
async function draft({ app, home, people }: World) {
  const { artifact, version } = await anArtifact(app, home, { studentId: people.student.id });
  const place = { kind: 'region' as const, x: 0, y: 0, width: 1, height: 1 };
  const pin = { id: 'a-pin-that-is', criterionId: aRow, artifactVersionId: version.id, place, note: '' };
  const portfolio = await aPortfolio(app, home, {
    ...{ studentId: people.student.id, rubric: 'exhibition' },
    ...{ artifactIds: [artifact.id], pins: [[pin]] },
  });
  const ids = { portfolio: portfolio.id, entry: portfolio.entries[0]!.id, pin: pin.id };
  return { artifact, portfolio, ids };
}

const begun: Anew = async (world) => {
  const { ids, portfolio } = await draft(world);
  return { ids, body: { title: 'Wood', revision: portfolio.revision } };
};

/** Words that the advisor suggests for the draft. */
const suggested: Anew = async (world) => {
  const { ids } = await draft(world);
  const advisor = await world.client('advisor');
  const sent = { field: 'title', text: 'Other words' };
  const reply = await advisor.post(`/portfolios/${ids.portfolio}/suggestions`, sent);
  const { suggestions } = reply.json<{ suggestions: { id: string }[] }>();
  return { ids: { ...ids, suggestion: suggestions[0]!.id }, body: {} };
};

/** A newer version hangs there than the one that the pin was set on. */
const outdated: Anew = async (world) => {
  const { ids, artifact } = await draft(world);
  const student = await world.client('student');
  const form = uploadForm([{ name: 'chair.png', bytes: dotPng }]);
  const newer = await student.send('POST', `/artifacts/${artifact.id}/versions`, form);
  if (newer.status !== 201) throw new Error(`no newer version: ${newer.status} ${newer.text}`);
  return { ids };
};

/** A work that nobody was shown. */
const unshown: Anew = async ({ app, home, people }) => {
  const { artifact } = await anArtifact(app, home, { studentId: people.student.id });
  return { ids: { work: artifact.id }, body: { reason: 'mistake' } };
};
/** The same, with a request to remove it. */
const asked: Anew = async (world) => {
  const { ids } = await unshown(world, 'student');
  const student = await world.client('student');
  await student.post(`/artifacts/${ids!['work']}/ask-removal`, { reason: 'privacy' });
  return { ids: ids!, body: {} };
};

export const artifactRows: Rows = [
  { route: 'GET /students/:id/artifacts', of: { id: 'student' }, expect: readers, otherwise: 'no' },
  { route: 'GET /students/:id/artifacts/new', of: { id: 'student' }, expect: makers, otherwise: 'no' },
  {
    route: 'POST /students/:id/artifacts',
    of: { id: 'student' },
    expect: makers,
    otherwise: 'no',
    body: { title: 'A table', text: 'Of two sheets' },
  },
  { route: 'GET /artifacts/:id', of: { id: 'artifact' }, expect: shown, otherwise: 'no' },
  ...['PUT', 'POST'].map((method) => ({
    route: `${method} /artifacts/:id`,
    of: { id: 'artifact' },
    expect: makers,
    otherwise: 'no' as const,
    body: { title: 'A chair' },
  })),
  {
    route: 'POST /artifacts/:id/versions',
    of: { id: 'artifact' },
    expect: makers,
    otherwise: 'no',
    body: { text: 'Of one sheet, sanded' },
  },
  {
    route: 'GET /artifacts/:id/remove',
    of: { id: 'artifact' },
    expect: { ...readers, guardian: 'ok' },
    otherwise: 'no',
  },
  {
    route: 'POST /artifacts/:id/withdraw',
    of: { id: 'work' },
    expect: makers,
    otherwise: 'no',
    anew: unshown,
  },
  {
    route: 'POST /artifacts/:id/ask-removal',
    of: { id: 'artifact' },
    expect: { ...makers, guardian: 'ok' },
    otherwise: 'no',
    body: { reason: 'privacy', note: 'Our door number is in it' },
  },
  {
    route: 'POST /artifacts/:id/take-down',
    of: { id: 'work' },
    expect: ownRunners,
    otherwise: 'no',
    anew: unshown,
  },
  {
    route: 'POST /artifacts/:id/keep',
    of: { id: 'work' },
    expect: ownRunners,
    otherwise: 'no',
    anew: asked,
  },
  { route: 'GET /removal-requests', expect: runners, otherwise: 'no' },
  { route: 'GET /artifacts/:id/file', of: { id: 'picture' }, expect: shown, otherwise: 'no' },
];

export const portfolioRows: Rows = [
  {
    route: 'GET /students/:id/portfolios',
    of: { id: 'student' },
    expect: { ...readers, guardian: 'ok' },
    otherwise: 'no',
  },
  {
    route: 'POST /students/:id/portfolios',
    of: { id: 'student' },
    expect: makers,
    otherwise: 'no',
    body: { title: 'Metal' },
  },
  { route: 'GET /portfolios/:id', of: { id: 'portfolio' }, expect: readers, otherwise: 'no' },
  ...['PUT', 'POST'].map((method) => ({
    route: `${method} /portfolios/:id`,
    of: { id: 'portfolio' },
    expect: studentAlone,
    otherwise: 'no' as const,
    anew: begun,
  })),
  {
    route: 'GET /portfolios/:id/entries/:entry/pins',
    of: { id: 'portfolio', entry: 'entry' },
    expect: studentAlone,
    otherwise: 'no',
  },
  {
    route: 'POST /portfolios/:id/entries/:entry/pins',
    of: { id: 'portfolio', entry: 'entry' },
    expect: studentAlone,
    otherwise: 'no',
    anew: async (world) => ({
      ids: (await draft(world)).ids,
      body: { criterionId: aRow, x: '0', y: '0', width: '100', height: '100' },
    }),
  },
  {
    route: 'POST /portfolios/:id/entries/:entry/pins/:pin/remove',
    of: { id: 'portfolio', entry: 'entry', pin: 'pin' },
    expect: studentAlone,
    otherwise: 'no',
    anew: withoutBody(begun),
  },
  ...['keep', 'move'].map((verb) => ({
    route: `POST /portfolios/:id/entries/:entry/pins/:pin/${verb}`,
    of: { id: 'portfolio', entry: 'entry', pin: 'pin' },
    expect: studentAlone,
    otherwise: 'no' as const,
    anew: outdated,
  })),
  { route: 'GET /portfolios/:id/submit', of: { id: 'portfolio' }, expect: makers, otherwise: 'no' },
  {
    route: 'POST /portfolios/:id/submit',
    of: { id: 'portfolio' },
    expect: studentAlone,
    otherwise: 'no',
    anew: async (world) => {
      const { ids, portfolio } = await draft(world);
      return { ids, body: { revision: portfolio.revision } };
    },
  },
  { route: 'GET /portfolios/:id/works', of: { id: 'portfolio' }, expect: studentAlone, otherwise: 'no' },
  {
    route: 'POST /portfolios/:id/works',
    of: { id: 'portfolio' },
    expect: studentAlone,
    otherwise: 'no',
    anew: async (world) => {
      const { artifact } = await anArtifact(world.app, world.home, { studentId: world.people.student.id });
      return { ids: (await draft(world)).ids, body: { add: [artifact.id] } };
    },
  },
  {
    route: 'POST /portfolios/:id/suggestions',
    of: { id: 'portfolio' },
    expect: advisorAlone,
    otherwise: 'no',
    body: { field: 'title', text: 'Other words' },
  },
  ...(['accept', 'decline', 'withdraw'] as const).map((verb) => ({
    route: `POST /portfolios/:id/suggestions/:suggestion/${verb}`,
    of: { id: 'portfolio', suggestion: 'suggestion' },
    expect: verb === 'withdraw' ? advisorAlone : studentAlone,
    otherwise: 'no' as const,
    anew: suggested,
  })),
  { route: 'POST /artifacts/:id/seen', of: { id: 'artifact' }, expect: studentAlone, otherwise: 'no' },
  { route: 'POST /portfolios/:id/seen', of: { id: 'portfolio' }, expect: studentAlone, otherwise: 'no' },
  {
    route: 'GET /portfolios/:id/snapshots/:number',
    of: { id: 'portfolio', number: '1' },
    expect: shown,
    otherwise: 'no',
  },
];
