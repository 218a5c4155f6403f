/**
 * The pass of a stand for its day: it stands there as a sign. Whoever scans it says their name once and
 * leaves a visit; on the same phone the next stand asks nothing. Its faces are hashed like those of every
 * pass.
 */
import type { Pass } from '../exhibitions/passes/pass.js';

export interface StandPass {
  id: string;
  schoolId: string;
  exhibitionId: string;
  slotId: string;
  pass: Pass;
  createdAt: Date;
  createdBy: string;
}

/** Visits that one device opens without an account: more stands than anybody walks past in ten minutes. */
export const visitsPerDevice = { most: 20, seconds: 600 } as const;
/** New visitors by one sign in an hour; more come in more slowly, and none of them is refused. */
export const visitorsPerHour = 120;
