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

/**
 * The link of an exhibition that takes sign-ups, and somebody who has signed up by it, with what the office
 * has read of it.
 */
const toDecide = async (world: Parameters<Anew>[0]) => {
  const { ids } = await presentationIn(world, 'open');
  const office = await world.client('registrar');
  const link = await office.post(`/exhibitions/${ids.exhibition}/sign-up-link`);
  const signUpLink = link.json<{ signUpUrl: string }>().signUpUrl.split('/').at(-1)!;
  const said = { name: 'Ada Guest', when: 'always' };
  const made = (await world.app.visitor().post(`/sign-up/${signUpLink}`, said)).json<{ changeUrl: string }>();
  const listed = await office.get(`/exhibitions/${ids.exhibition}/sign-ups`);
  const [signUp] = listed.json<{ signUps: { id: string; changedAt: string }[] }>().signUps;
  const ownSignUpLink = made.changeUrl.split('/').at(-1)!;
  return {
    ids: { ...ids, signUpLink, ownSignUpLink, signUp: signUp!.id },
    body: { seen: signUp!.changedAt },
  };
};

/** The same, declined. */
const declined = async (world: Parameters<Anew>[0]) => {
  const made = await toDecide(world);
  const path = `/exhibitions/${made.ids.exhibition}/sign-ups/${made.ids.signUp}/decline`;
  await (await world.client('registrar')).post(path, made.body);
  return made;
};

/** The same, accepted and withdrawn by its guest. */
const withdrawn: Anew = async (world) => {
  const { ids, body } = await toDecide(world);
  const office = await world.client('registrar');
  const path = `/exhibitions/${ids.exhibition}/sign-ups`;
  await office.post(`${path}/${ids.signUp}/accept`, body);
  await world.app.visitor().post(`/my-sign-up/${ids.ownSignUpLink}/withdraw`);
  const [signUp] = (await office.get(path)).json<{ signUps: { id: string }[] }>().signUps;
  return { ids: { ...ids, signUp: signUp!.id } };
};

const signedUp: Anew = async (world) => ({ ids: (await toDecide(world)).ids });

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
  // Whoever has the link, signed in or not.
  ...['GET', 'POST'].map((method) => ({
    route: `${method} /sign-up/:secret`,
    of: { secret: 'signUpLink' },
    ...{ expect: {}, otherwise: 'ok' as const, anew: signedUp },
    ...(method === 'GET' ? {} : { body: { name: 'Ben Guest', when: 'always' } }),
  })),
  ...['GET', 'PUT', 'POST'].map((method) => ({
    route: `${method} /my-sign-up/:secret`,
    of: { secret: 'ownSignUpLink' },
    ...{ expect: {}, otherwise: 'ok' as const, anew: signedUp },
    ...(method === 'GET' ? {} : { body: { when: 'always' } }),
  })),
  {
    route: 'POST /my-sign-up/:secret/withdraw',
    of: { secret: 'ownSignUpLink' },
    ...{ expect: {}, otherwise: 'ok', anew: signedUp },
  },
  { route: 'GET /exhibitions/:id/sign-ups', of: { id: 'exhibition' }, expect: ownActors, otherwise: 'no' },
  ...['sign-up-link', 'sign-up-link/end'].map((path) => ({
    route: `POST /exhibitions/:id/${path}`,
    ...{ of: { id: 'exhibition' }, expect: ownActors, otherwise: 'no' as const, anew: signedUp },
  })),
  ...['accept', 'decline', 'reconsider'].map((verb) => ({
    route: `POST /exhibitions/:id/sign-ups/:signUpId/${verb}`,
    of: { id: 'exhibition', signUpId: 'signUp' },
    ...{ expect: ownActors, otherwise: 'no' as const, anew: verb === 'reconsider' ? declined : toDecide },
  })),
  {
    route: 'POST /exhibitions/:id/sign-ups/:signUpId/dismiss',
    of: { id: 'exhibition', signUpId: 'signUp' },
    ...{ expect: ownActors, otherwise: 'no', anew: withdrawn },
  },
  ...['decline', 'reconsider'].map((verb) => ({
    route: `POST /exhibitions/:id/sign-ups/${verb}`,
    ...{ of: { id: 'exhibition' }, expect: ownActors, otherwise: 'no' as const },
    anew: async (world: Parameters<Anew>[0]) => {
      const { ids, body } = await (verb === 'reconsider' ? declined : toDecide)(world);
      return { ids, body: { chosen: [`${ids.signUp}@${body.seen}`] } };
    },
  })),
  { route: 'GET /exhibitions/:id/schedule', of: { id: 'exhibition' }, expect: ownPlanners, otherwise: 'no' },
  ...['PUT', 'POST'].map((method) => ({
    route: `${method} /exhibitions/:id/schedule`,
    ...{ of: { id: 'exhibition' }, expect: ownActors, otherwise: 'no' as const },
    anew: inPhase('draft', () => settings),
  })),
  {
    route: 'POST /exhibitions/:id/schedule/people',
    ...{ of: { id: 'exhibition' }, expect: ownPlanners, otherwise: 'no', body: { findStudents: 'a' } },
  },
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
