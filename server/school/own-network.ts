/** The network that somebody looks after, and its schools; other networks and their schools do not exist for them. */
import { Forbidden, NotFound } from '../errors.js';
import type { Call } from '../http/route.js';
import type { Network, School } from './school.js';
import { findNetwork, findSchool } from './school-records.js';

type Asking = Pick<Call, 'context' | 'actor'>;

/** @throws Forbidden for everybody but the staff of a network */
export function ownNetworkId({ actor }: Pick<Call, 'actor'>): string {
  if (!actor.networkId) throw new Forbidden();
  return actor.networkId;
}

/** @throws Forbidden for everybody but the staff of a network */
export async function ownNetwork(call: Asking): Promise<Network> {
  const network = await findNetwork(call.context.db, ownNetworkId(call));
  if (!network) throw new NotFound();
  return network;
}

/** @throws NotFound when the school is not of this network */
export async function ownSchool(call: Asking, id: string): Promise<School> {
  const school = await findSchool(call.context.db, id);
  if (!school || school.networkId !== ownNetworkId(call)) throw new NotFound();
  return school;
}
