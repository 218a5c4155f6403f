/**
 * Every migration, in the order in which they are made. A new one goes to the end; none is renamed, moved or removed.
 */
import type { Migration } from '../migration.js';
import { rejoinForkedAuditChains } from './01-rejoin-forked-audit-chains.js';
import { oneJobPerKey } from './02-one-job-per-key.js';
import { recordEnrollments } from './03-record-enrollments.js';
import { memberships } from './04-memberships.js';
import { sealUnkeyedChains } from './05-seal-unkeyed-chains.js';
import { whenExhibitionsClosed } from './09-when-exhibitions-closed.js';
import { nameAcceptedConflicts } from './10-name-accepted-conflicts.js';
import { signUpsOfClosedExhibitions } from './11-sign-ups-of-closed-exhibitions.js';

export const migrations: readonly Migration[] = [
  rejoinForkedAuditChains,
  oneJobPerKey,
  recordEnrollments,
  memberships,
  sealUnkeyedChains,
  whenExhibitionsClosed,
  nameAcceptedConflicts,
  signUpsOfClosedExhibitions,
];
