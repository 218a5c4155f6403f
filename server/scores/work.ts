/**
 * The student's work beside the score sheet: the frozen portfolio snapshot, each piece with what the student
 * says about it.
 */

import type { Pin, PinnedWork } from '../artifacts/pin.js';

export interface WorkPiece extends PinnedWork {
  caption: string;
  medium: string;
  reflection: string;
  /** Where the piece itself is; null for a text. */
  href: string | null;
  /** An image to show here, or null. */
  picture: string | null;
  /** Audio or video to play here, or null. */
  media: 'audio' | 'video' | null;
  /** Names of the criteria that the student proves with it. */
  criteria: string[];
  /** The student's own, set before the portfolio was submitted. */
  pins: Pin[];
  /** A version before the one that is shown, to which the student's pins stay tied. */
  isEarlier: boolean;
}

export interface WorkView {
  title: string;
  statement: string;
  submittedAt: string;
  /** Of a group everybody's, in the order of `parts`. */
  pieces: WorkPiece[];
  /** Of a group the work of each member who has submitted any; else empty. */
  parts: (Omit<WorkView, 'parts'> & { studentName: string })[];
}
