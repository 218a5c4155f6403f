/** The student's work beside the score sheet: the frozen portfolio snapshot, each piece with what the student says about it. */

export interface WorkPiece {
  title: string;
  caption: string;
  altText: string;
  medium: string;
  reflection: string;
  /** Where the piece itself is; null for a text, which stands in `text`. */
  href: string | null;
  /** An image to show here, or null. */
  picture: string | null;
  /** Audio or video to play here, or null. */
  media: 'audio' | 'video' | null;
  text: string | null;
  /** Names of the criteria that the student proves with it. */
  criteria: string[];
}

export interface WorkView {
  title: string;
  statement: string;
  submittedAt: string;
  pieces: WorkPiece[];
}
