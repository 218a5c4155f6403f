/**
 * Who is asking. An actor is made from a session, an API token or a door pass for each request and never stored.
 * `schoolId` is null only for network staff, who belong to no single school.
 */
import type { SchoolScope } from '../db/database.js';
import type { PasswordLinkMark } from './password-link.js';

export const roleNames = [
  'student',
  'advisor',
  'panelist',
  'guest',
  'guardian',
  'registrar',
  'admin',
  'network',
] as const;
export type Role = (typeof roleNames)[number];

export interface Actor {
  personId: string;
  schoolId: string | null;
  networkId: string | null;
  name: string;
  roles: Role[];
  /** Advisories this person leads. */
  advisoryIds: string[];
  /** Students whose guardian this person is. */
  childIds: string[];
  /** For a guest by door pass: the only seats they may use. Null for everybody else. */
  seatIds: string[] | null;
  /** For a guest by door pass: by what their phone is known again, hashed. */
  deviceKey?: string;
  /** For such a guest: the visits to stands that they opened. */
  visitIds?: string[];
  via: 'session' | 'token' | 'pass' | 'script';
  /** For a token: what it may do; null for those from before there were scopes. */
  scopes?: readonly string[] | null;
  /** The account's password was chosen by a link within a day: what it signs carries this mark. */
  passwordLink?: PasswordLinkMark | null;
  /** Other schools and networks in which the same account has a part; left out when there is none. */
  elsewhere?: { personId: string; schoolId: string | null; networkId: string | null }[];
  /** How many schools offer the account a membership; left out when none does. */
  offers?: number;
}

export function hasRole(actor: Actor, ...roles: Role[]): boolean {
  return actor.roles.some((role) => roles.includes(role));
}

/** Registrar and school admin: those who run the school's records. */
export function runsSchool(actor: Actor): boolean {
  return hasRole(actor, 'registrar', 'admin');
}

/** The actor of a command-line tool that works for a whole school. */
export function scriptActor(scope: SchoolScope, name: string): Actor {
  return {
    personId: 'script',
    schoolId: scope.schoolId,
    networkId: null,
    name,
    roles: ['registrar'],
    advisoryIds: [],
    childIds: [],
    seatIds: null,
    via: 'script',
  };
}

/** Who still comes into a closed school, to read: its administrators, by themselves. */
export const readsClosedSchool = (actor: Pick<Actor, 'roles' | 'seatIds'>): boolean =>
  actor.seatIds === null && actor.roles.includes('admin');
