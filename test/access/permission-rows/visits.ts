import { issueStandPasses } from '../../../server/visits/issue-stand-pass.js';
import { lateWith } from '../../../server/visits/late-visit.js';
import { saveLateVisit } from '../../../server/visits/late-visit-records.js';
import { getVisit, saveHidden } from '../../../server/visits/visit-records.js';
import { aVisit } from '../../harness/builders/visits.js';
import type { World } from '../../harness/builders/world.js';
import { presentationIn, registrarOf } from './anew.js';
import { ownActors, ownPlanners, ownRunners, runners, strangers } from './groups.js';
import type { Anew, Rows } from './row.js';

const signed: Anew = async (world) => {
  const { clock, config } = world.app.context;
  const { scope, school } = world.home;
  const { ids } = await presentationIn(world, 'scoring', 'gallery');
  const needs = { clock, passKey: config.keyFor('pass'), timeZone: school.timeZone };
  await issueStandPasses(needs, scope, registrarOf(world), ids.exhibition, 'all');
  return { ids: { stand: ids.slot } };
};

/** Words that somebody new left at the student's stand. */
async function left({ app, home, people, ids }: World): Promise<{ ids: { visit: string } }> {
  const visitor = await home.person({ name: 'Somebody', roles: ['guest'] });
  const at = { exhibition: ids['gallery']!, slot: ids['stand']! };
  return { ids: { visit: await aVisit(app, home, at, people.student, visitor) } };
}

const hidden: Anew = async (world) => {
  const made = await left(world);
  const hiding = { at: world.app.context.clock.now(), by: 'test', byName: 'Test', reason: 'Rude' };
  await saveHidden(world.home.scope, made.ids.visit, hiding);
  return made;
};

const arrivedLate: Anew = async (world) => {
  const made = await left(world);
  const at = world.app.context.clock.now();
  const visit = await getVisit(world.home.scope, made.ids.visit);
  const sent = { feedback: [{ prompt: 'A question I have', words: 'How long?' }] };
  await saveLateVisit(world.home.scope, visit, lateWith(null, 'late-sending', sent, at));
  return { ...made, body: { decision: 'admit', arrivedAt: at.toISOString() } };
};

/** Another gallery: one that is stopped turns the visitors of later rows away. */
const presenting: Anew = async (world) => {
  const { ids } = await presentationIn(world, 'scoring', 'gallery');
  return { ids: { gallery: ids.exhibition } };
};

/** Approving is of what was read: the comment is named with its state. */
const waiting: Anew = async (world) => {
  const { ids } = await left(world);
  return { ids, body: { ids: [`${ids.visit}:0`] } };
};

export const visitRows: Rows = [
  { route: 'GET /exhibitions/:id/stands', of: { id: 'gallery' }, expect: ownPlanners, otherwise: 'no' },
  {
    route: 'POST /exhibitions/:id/stands/signs',
    of: { id: 'gallery' },
    expect: ownActors,
    otherwise: 'no',
    body: { all: 'yes' },
  },
  { route: 'POST /slots/:id/stand-pass', of: { id: 'stand' }, expect: ownActors, otherwise: 'no' },
  {
    route: 'POST /slots/:id/stand-pass/revoke',
    of: { id: 'stand' },
    expect: ownActors,
    otherwise: 'no',
    anew: signed,
  },
  { route: 'GET /exhibitions/:id/comments', of: { id: 'gallery' }, expect: ownActors, otherwise: 'no' },
  {
    route: 'POST /exhibitions/:id/comments/approve',
    of: { id: 'gallery' },
    expect: ownActors,
    otherwise: 'no',
    anew: waiting,
  },
  {
    route: 'POST /exhibitions/:id/comments/hide',
    of: { id: 'gallery' },
    expect: ownActors,
    otherwise: 'no',
    anew: left,
    body: { matching: 'yes', state: 'all', reason: 'Rude' },
  },
  {
    route: 'POST /exhibitions/:id/stands/reopen',
    of: { id: 'gallery' },
    expect: ownActors,
    otherwise: 'no',
  },
  {
    route: 'POST /exhibitions/:id/stands/stop',
    of: { id: 'gallery' },
    expect: ownPlanners,
    otherwise: 'no',
    anew: presenting,
  },
  {
    route: 'POST /exhibitions/:id/stands/priority',
    of: { id: 'exhibition' },
    expect: ownActors,
    otherwise: 'no',
    anew: async (world) => {
      const made = await presentationIn(world, 'scoring', 'gallery');
      return { ids: { ...made.ids }, body: { slotId: made.ids.slot, prioritized: 'yes' } };
    },
  },
  { route: 'GET /visits', expect: { visitor: 'in', network: 'no' }, otherwise: 'ok' },
  // Only whose visit it is, whatever office they hold.
  {
    route: 'GET /visits/:id',
    of: { id: 'visit' },
    expect: { ...strangers, otherStudent: 'ok' },
    otherwise: 'no',
  },
  {
    route: 'POST /visits/:id',
    of: { id: 'visit' },
    expect: { ...strangers, otherStudent: 'ok' },
    otherwise: 'no',
    body: { once: 'a-sending', 'feedback.0': 'The colours, still.' },
  },
  { route: 'GET /late-visits', expect: runners, otherwise: 'no' },
  {
    route: 'POST /visits/:id/late/decide',
    of: { id: 'visit' },
    expect: ownRunners,
    otherwise: 'no',
    anew: arrivedLate,
  },
  {
    route: 'GET /slots/:id/visits',
    of: { id: 'stand' },
    expect: { ...ownPlanners, student: 'ok', guardian: 'ok' },
    otherwise: 'no',
  },
  {
    route: 'POST /visits/:id/hide',
    of: { id: 'visit' },
    expect: ownActors,
    otherwise: 'no',
    anew: left,
    body: { reason: 'Rude' },
  },
  {
    route: 'POST /visits/:id/show',
    of: { id: 'visit' },
    expect: ownActors,
    otherwise: 'no',
    anew: hidden,
  },
];
