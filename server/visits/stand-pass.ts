/**
 * The pass of a stand for its day: it stands there as a sign. Whoever scans it says their name once and leaves a visit; on the
 * same phone the next stand asks nothing. Its faces are hashed like those of every pass.
 */
import type { Pass } from '../panel/pass.js';

export interface StandPass {
  id: string;
  schoolId: string;
  exhibitionId: string;
  slotId: string;
  pass: Pass;
  createdAt: Date;
  createdBy: string;
}

/** New visitors by one sign in an hour: more is somebody playing with it. */
export const visitorsPerHour = 120;
