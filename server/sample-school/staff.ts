/**
 * The grown-ups of the sample school. Its accounts: one per role, each with a first page on which there is
 * something to do.
 */
import type { Role } from '../access/actor.js';

/** Stands in the README; only where nobody but this machine reaches the server, see sample-passwords.ts. */
export const password = 'vitrine';
export const domain = 'riverbend.example';
/** Who signs in, as `<role>@riverbend.example`, in the order in which one would look round. */
export const sampleAccountRoles = [
  'student',
  'advisor',
  'panelist',
  'guardian',
  'registrar',
  'admin',
  'network',
] as const;

export interface StaffMember {
  key: string;
  given: string;
  family: string;
  roles: Role[];
  /** Leads this advisory. */
  advisory?: string;
  /** Signs in as `<account>@riverbend.example`. */
  account?: string;
}

export const sampleAdvisories = [
  { slug: 'heron', name: 'Heron' },
  { slug: 'alder', name: 'Alder' },
  { slug: 'kestrel', name: 'Kestrel' },
  { slug: 'otter', name: 'Otter' },
] as const;

export const staff: readonly StaffMember[] = [
  {
    key: 'marisol',
    given: 'Marisol',
    family: 'Etxeberria-Quiroga',
    roles: ['advisor'],
    advisory: 'heron',
    account: 'advisor',
  },
  { key: 'desmond', given: 'Desmond', family: 'Achebe-Whitlock', roles: ['advisor'], advisory: 'alder' },
  { key: 'ingrid', given: 'Ingrid', family: 'Søndergaard-Liu', roles: ['advisor'], advisory: 'kestrel' },
  { key: 'tomasz', given: 'Tomasz', family: 'Wiśniewski', roles: ['advisor'], advisory: 'otter' },
  { key: 'rosalie', given: 'Rosalie', family: 'Achterberg', roles: ['panelist'], account: 'panelist' },
  { key: 'hana', given: 'Hana', family: 'Kobayashi', roles: ['panelist'] },
  { key: 'thabo', given: 'Thabo', family: 'Mokoena-Reilly', roles: ['panelist'] },
  { key: 'inés', given: 'Inés', family: 'Cardozo', roles: ['panelist'] },
  { key: 'gregor', given: 'Gregor', family: 'Malinowski', roles: ['panelist'] },
  { key: 'farida', given: 'Farida', family: 'Rahimi', roles: ['panelist'] },
  { key: 'walter', given: 'Walter', family: 'Ochoa', roles: ['panelist'] },
  { key: 'celestine', given: 'Célestine', family: 'Abara', roles: ['panelist'] },
  {
    key: 'beatrice',
    given: 'Beatrice',
    family: 'Oyelaran-Whitcombe',
    roles: ['registrar'],
    account: 'registrar',
  },
  { key: 'leopold', given: 'Leopold', family: 'Nakashima', roles: ['admin'], account: 'admin' },
];

/** Networks have staff who belong to no school. */
export const networkMember = { name: 'Philippa Adeyemi-Strand', account: 'network' };

/** Students and guardians who can sign in. */
export const studentAccount = 'mekdes-tadesse';
export const guardianAccount = 'Citlali Xicoténcatl Rojas';

export const guestName = 'Honora Fitzgibbon-Sato';
